// @ts-check
// How a page says things. It knows games, and makes texts of them.
"use strict";

const CAME = "it came";

class Words {
  /** @param {Game} game */
  constructor(game) {
    this.game = game;
    this.board = game.board;
    this.short = abbreviated(game.board.words);
    /** Whether nobody who fails makes anything up. */
    this.onlyLapses = game.board.generals.some(({ fault }) => fault) && !game.board.generals.some(({ lies }) => lies);
  }

  /** How many lies and lapses there are. */
  number() {
    const senders = this.game.departures();
    const lapses = senders.filter((sender) => !this.board.generals[sender].lies).length;
    const lies = senders.length - lapses;
    const ofLapses = lapses > 0 || this.onlyLapses;
    const told = [lies || !ofLapses ? several(lies, "lie") : "", ofLapses ? several(lapses, "lapse") : ""];
    return told.filter((one) => one).join(", ");
  }

  /** @param {Word | boolean} value */
  value(value) {
    if (typeof value === "boolean") return value ? "yes" : "no";
    return value === NOTHING ? "nothing" : this.board.words[value];
  }

  /** What is said, in a character or two. @param {Word} word */
  abbreviation(word) {
    return word === NOTHING ? "–" : this.short[word];
  }

  /** @param {number} general */
  title(general) {
    return `general ${general}${this.board.generals[general].commands ? ", the commander" : ""}`;
  }

  /** What stands before the order that a general starts with, or feigns to. @param {number} general */
  beginning(general) {
    const { commands, starts } = this.board.generals[general];
    return `General ${general}${commands ? ", the commander," : ""} ${starts} with`;
  }

  /** What some loyal generals decide. @param {number[]} generals */
  decisions(generals) {
    return generals.map((general) => `general ${general} decides ${this.decision(general)}`).join(", ");
  }

  /**
   * What a loyal general decides.
   * @param {string | number} general
   */
  decision(general) {
    return this._decided(this.board.decisions[general]);
  }

  /**
   * @param {Decision} decision
   * @returns {string}
   */
  _decided(decision) {
    const { game, board } = this;
    if ("expression" in decision) {
      const value = game.value(board.expressions[decision.expression]);
      return value === true ? "True" : value === false ? "False" : value === NOTHING ? "ABSENT" : this.value(value);
    }
    if ("parts" in decision) return `(${decision.parts.map((part) => this._decided(part)).join(", ")})`;
    if ("by" in decision) {
      return `{${Object.entries(decision.by)
        .map(([general, part]) => `${general}: ${this._decided(part)}`)
        .join(", ")}}`;
    }
    const held = decision.counted.filter(([, truth]) => game.value(board.expressions[truth]) === true);
    return String(held.reduce((sum, [weight]) => sum + weight, decision.constant));
  }

  /** What is said under one label, and whether it is so. @param {Place} place */
  said(place) {
    const [said, honest] = [this.game.word(place.said), this.game.word(place.honest)];
    const about = place.label ? ` about ${place.label}` : "";
    return this.value(said) + about + (said === honest ? "" : ` instead of ${this.value(honest)}`);
  }

  /** Whether what is said is a lie, and what would be none. @param {Place} place */
  truthfulness(place) {
    const [said, honest] = [this.game.word(place.said), this.game.word(place.honest)];
    if (said === honest) return "honest";
    if (honest === NOTHING) return "a lie: nothing was to be said";
    return said === NOTHING ? `left out: ${this.value(honest)}` : `a lie: not ${this.value(honest)}`;
  }

  /**
   * A whole letter in one sentence.
   * @param {Place[]} places
   */
  letter(places) {
    const [{ round, sender, receiver }] = places;
    const lies = places.filter((place) => this.game.isLie(place));
    const shown = lies.length ? lies : places;
    const most = 6;
    const more = shown.length > most ? `, and ${shown.length - most} more` : "";
    const said = shown
      .slice(0, most)
      .map((place) => this.said(place))
      .join("; ");
    const about = lies.length && lies.length < places.length ? `; the other ${places.length - lies.length} honest` : "";
    return `Round ${round}: ${this.title(sender)} tells general ${receiver} ${said}${more}${about}`;
  }

  /** Every decision and condition, to see what a move changes. */
  outcome() {
    return {
      decisions: Object.keys(this.board.decisions).map((general) => [general, this.decision(general)]),
      conditions: this.board.conditions.map((condition) => ({
        name: condition.name,
        failure: this.game.failure(condition),
      })),
    };
  }

  /**
   * What a move changed, and what holds after it.
   * @param {ReturnType<Words["outcome"]>} before
   */
  consequences(before) {
    const after = this.outcome();
    const changed = after.decisions.filter(([, decision], i) => decision !== before.decisions[i][1]);
    const decisions = changed.map(([general, decision]) => `General ${general} now decides ${decision}.`);
    const conditions = after.conditions.map(({ name, failure }, i) => {
      const now = !failure === !before.conditions[i].failure ? "still " : "now ";
      return `${name} ${now}${failure ? "fails" : "holds"}.`;
    });
    return [...(decisions.length ? decisions : ["No loyal decision changes."]), ...conditions].join(" ");
  }
}

/** @param {number} number @param {string} noun */
function several(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * A short form of each word, its initial with the number at its end; the whole words where that is not enough. That a
 * message came needs none.
 * @param {string[]} words
 */
function abbreviated(words) {
  const short = words.map((word) => word.slice(0, 1) + (/\d+$/.exec(word.slice(1))?.[0] ?? ""));
  const known = new Set(short).size === words.length ? short : words;
  return known.map((one, i) => (words[i] === CAME ? "" : one));
}
