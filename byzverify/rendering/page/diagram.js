// @ts-check
// The diagram, kept up with the game: each letter's kind and words, the decisions, and how far the rounds are shown.
"use strict";

/** A decision of more letters is abbreviated, and cut off where that is not enough: as in inscriptions.py. */
const LONGEST = 28;
const LONGEST_ABBREVIATED = 64;

class Diagram {
  /**
   * @param {Element} within
   * @param {Words} words
   * @param {Letters} letters
   * @param {(letter: Letter) => void} act what to do with a letter that somebody wants to change
   */
  constructor(within, words, letters, act) {
    this.words = words;
    this.letters = letters;
    this.svg = within.querySelector("svg");
    this.drawn = [...within.querySelectorAll("g.letter")].map((group) => ({
      group,
      letter: letters.at(numbers(group)),
    }));
    /** @type {Element[]} those that can be changed; one of them is in the order of tabs */
    this.changeable = [];
    this.svg?.setAttribute("role", "group");
    this._fit();
    for (const { group, letter } of this.drawn) {
      if (letter && letter.isFaulty) this._offer(group, letter, act);
    }
    this.changeable[0]?.setAttribute("tabindex", "0");
  }

  /** Leave the headlines out, which the page has itself, and keep texts readable on any screen. */
  _fit() {
    if (!this.svg) return;
    const { width, height } = this.svg.viewBox.baseVal;
    const headlines = [...this.svg.querySelectorAll(".headline, .failing")];
    const top = Math.max(...headlines.map((line) => numberOf(line, "y"))) + 11;
    this.svg.setAttribute("viewBox", `0 ${top} ${width} ${height - top}`);
    this.svg.removeAttribute("width");
    this.svg.removeAttribute("height");
    this.svg.style.minWidth = `${0.8 * width}px`;
    this.svg.style.maxWidth = `${1.3 * width}px`;
  }

  /**
   * Bring a round into sight where the diagram is wider than the screen, and with the last one the decisions.
   * @param {number} round
   * @param {number} rounds
   */
  reveal(round, rounds) {
    const column = this.svg?.querySelector(`.round[data-round="${round}"]`);
    const box = this.svg?.parentElement;
    if (!box) return;
    const [shown, whole] = [box.getBoundingClientRect(), column?.getBoundingClientRect()];
    if (!whole) box.scrollLeft = 0;
    else if (round === rounds) box.scrollLeft = box.scrollWidth;
    else box.scrollLeft += whole.left + whole.width / 2 - shown.left - shown.width / 2;
  }

  /**
   * @param {Element} group
   * @param {Letter} letter
   * @param {(letter: Letter) => void} act
   */
  _offer(group, letter, act) {
    this.changeable.push(group);
    group.classList.add("changeable");
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    group.addEventListener("click", () => act(letter));
    group.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      if (key === "Enter" || key === " ") act(letter);
      else if (key === "ArrowDown" || key === "ArrowUp") this._step(group, key === "ArrowDown" ? 1 : -1);
      else return;
      event.preventDefault();
    });
  }

  /**
   * @param {Element} from
   * @param {number} by
   */
  _step(from, by) {
    const seen = this.changeable.filter((group) => !group.classList.contains("later"));
    const next = seen[(seen.indexOf(from) + by + seen.length) % seen.length];
    for (const group of this.changeable) group.setAttribute("tabindex", group === next ? "0" : "-1");
    /** @type {SVGElement} */ (next).focus();
  }

  /**
   * @param {number} round the last one to show, 0 for all
   * @param {Letter | undefined} selected
   */
  update(round, selected) {
    for (const { group, letter } of this.drawn) {
      if (!letter) continue;
      group.classList.remove("honest", "misled", "lie", "silent", "unsent");
      group.classList.add(this.letters.kind(letter));
      group.classList.toggle("later", round > 0 && letter.round > round);
      group.classList.toggle("now", round > 0 && letter.round === round);
      group.classList.toggle("selected", letter === selected);
      const sentence = this.words.letter(letter.places);
      group.setAttribute("aria-label", sentence);
      const title = group.querySelector("title");
      if (title) title.textContent = sentence;
      const tag = group.querySelector(".tag text");
      if (tag) tag.textContent = this.letters.tag(letter);
    }
    this._start();
    this._decide();
  }

  _start() {
    for (const { general, says } of this.words.board.starts) {
      const text = this.svg?.querySelector(`g.general[data-general="${general}"] .start`);
      const before = text?.textContent?.replace(/ \S+$/, "");
      if (text) text.textContent = `${before} ${this.words.value(this.words.game.word(says))}`;
    }
  }

  /** @param {string} decision */
  _brief(decision) {
    if (decision.length <= LONGEST) return decision;
    const { short, board } = this.words;
    const brief = decision.replace(/\w+/g, (word) =>
      word === "ABSENT" ? "–" : (short[board.words.indexOf(word)] ?? word),
    );
    return brief.length <= LONGEST_ABBREVIATED ? brief : `${brief.slice(0, LONGEST_ABBREVIATED - 1)}…`;
  }

  _decide() {
    const { game, board } = this.words;
    /** @param {number} general */
    const broken = (general) => {
      const names = board.conditions.filter((one) => game.broken(one).has(general)).map((one) => one.name);
      return names.length ? `breaks ${names.join(", ")}` : "";
    };
    for (const group of this.svg?.querySelectorAll("g.decision") ?? []) {
      const general = numberOf(group, "data-general");
      if (!(general in board.decisions)) continue;
      group.classList.toggle("breaks", broken(general) !== "");
      const [chip, note] = group.querySelectorAll("text");
      const decides = `General ${general} decides ${this.words.decision(general)}`;
      chip.textContent = this._brief(this.words.decision(general));
      note.textContent = broken(general);
      const title = group.querySelector("title");
      if (title) title.textContent = broken(general) ? `${decides} and ${broken(general)}` : decides;
    }
  }
}

/** @param {Element} group @param {string} name */
function numberOf(group, name) {
  return Number(group.getAttribute(name));
}

/** @param {Element} group @returns {[number, number, number]} */
function numbers(group) {
  return [numberOf(group, "data-round"), numberOf(group, "data-sender"), numberOf(group, "data-receiver")];
}
