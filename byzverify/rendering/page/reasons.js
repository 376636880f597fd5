// @ts-check
// How a general came to his decision, as a tree that opens: each step, its votes, and what lies made of it.
"use strict";

/** A step in a general's reasoning. @typedef {{text: string, votes?: number[], parts: Part[]}} Step */
/** What a step rests on: an expression, and in which role. asked: the truth that a vote is counted by.
 *  @typedef {{number: number, role?: string, asked?: number}} Part */

class Reasons {
  /**
   * @param {Words} words
   * @param {(round: number, sender: number, receiver: number) => void} show what to do when somebody wants to see a letter
   */
  constructor(words, show) {
    this.words = words;
    this.game = words.game;
    this.expressions = words.board.expressions;
    this.show = show;
    /** Which branches a person has opened or closed. @type {Map<string, boolean>} */
    this.open = new Map();
  }

  /** @param {number} general @returns {HTMLElement} */
  tree(general) {
    const roots = expressionsIn(this.words.board.decisions[general]);
    const items = roots.map((number, i) =>
      this._item({ number }, `${general}/${i}`, 0, this.game.isSwayed(this.expressions[number]), true),
    );
    return element("ul", { className: "tree" }, ...items);
  }

  /**
   * @param {Part} part
   * @param {string} path
   * @param {number} depth
   * @param {boolean} tips whether lies turned it, and with it what it is a part of
   * @param {boolean} shown whether it is open before anybody opens it
   * @returns {HTMLElement}
   */
  _item(part, path, depth, tips, shown) {
    const expression = this._essence(this.expressions[part.number]);
    const step = this._step(expression);
    const line = this._line(part, expression, step, tips && (depth === 0 || step.votes !== undefined));
    const place = this._place(expression);
    const item = element("li", { className: tips ? "tipped" : "" }, ...(place ? [this._pointer(place)] : []));
    if (!step.parts.length) {
      item.append(element("div", { className: "leaf" }, ...line));
      return item;
    }
    const details = element("details", { open: this.open.get(path) ?? shown });
    const fill = () => {
      if (details.open && details.childElementCount === 1) details.append(this._list(step, expression, path, depth));
    };
    details.append(element("summary", {}, ...line));
    details.addEventListener("toggle", () => fill());
    details.firstElementChild?.addEventListener("click", () => this.open.set(path, !details.open));
    fill();
    item.append(details);
    return item;
  }

  /**
   * @param {Step} step
   * @param {Expression} expression
   * @param {string} path
   * @param {number} depth
   */
  _list(step, expression, path, depth) {
    const turned = this.game.isSwayed(expression);
    const tips = step.parts.map((part) => turned && this.game.isSwayed(this.expressions[part.asked ?? part.number]));
    const example = tips.findIndex(
      (tip, i) => tip && this._step(this._essence(this.expressions[step.parts[i].number])).parts.length > 0,
    );
    return element(
      "ul",
      {},
      ...step.parts.map((part, i) => this._item(part, `${path}/${i}`, depth + 1, tips[i], i === example && depth < 4)),
    );
  }

  /**
   * @param {Part} part
   * @param {Expression} expression
   * @param {Step} step
   * @param {boolean} compared whether to say what it would be without lies
   * @returns {(Node | string)[]}
   */
  _line(part, expression, step, compared) {
    const { game, words } = this;
    const line = [];
    if (part.role) line.push(element("span", { className: "role" }, `${part.role} `));
    line.push(element("b", { className: "value" }, words.value(game.value(expression))));
    if (!(part.role && expression.kind === "Word")) line.push(` ${step.text}`);
    if (step.votes) line.push(" ", this._pips(step.votes));
    const place = this._place(expression);
    if (place && game.isLie(place)) {
      line.push(" ", element("span", { className: "mark lie" }, words.truthfulness(place)));
    } else if (compared) {
      const honest = words.value(game.value(expression, game.sincere));
      const wrongs = words.onlyLapses ? "lapses" : "lies";
      line.push(" ", element("span", { className: "mark" }, `without ${wrongs}: ${honest}`));
    }
    return line;
  }

  /** What came, where nothing would have had another meaning: what stands for nothing is left out, if it did not come.
   *  @param {Expression} expression @returns {Expression} */
  _essence(expression) {
    if (expression.kind !== "Choice") return expression;
    const [condition, , otherwise] = expression.parts;
    const asked = this.expressions[condition];
    const absence =
      asked.kind === "Equal" && asked.parts[0] === otherwise && this.expressions[asked.parts[1]].word === NOTHING;
    return absence && this.game.value(asked) === false ? this._essence(this.expressions[otherwise]) : expression;
  }

  /** @param {Place} place */
  _pointer({ round, sender, receiver }) {
    const label = `show the letter from general ${sender} to general ${receiver}`;
    const button = element("button", { className: "pointer", type: "button", title: label }, "✉");
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => this.show(round, sender, receiver));
    return button;
  }

  /** The votes one by one, so that a glance tells how close they are. @param {number[]} votes */
  _pips(votes) {
    const order = [...votes].sort(
      (a, b) => Number(this.game.value(this.expressions[a])) - Number(this.game.value(this.expressions[b])),
    );
    const pips = order.slice(0, 21).map((number) => {
      const vote = this.expressions[number];
      const className = this.game.isSwayed(vote) ? "pip swayed" : "pip";
      const value = this.game.value(vote);
      return element(
        "i",
        { className },
        typeof value === "boolean" ? this.words.value(value) : this.words.abbreviation(value),
      );
    });
    const shown = element("span", { className: "pips" }, ...pips, order.length > 21 ? "…" : "");
    shown.setAttribute("aria-hidden", "true");
    return shown;
  }

  /** Where it was told what an expression reads, or compares. @param {Expression} expression */
  _place(expression) {
    const read = expression.kind === "Equal" ? this.expressions[expression.parts[0]] : expression;
    return read.place == null ? undefined : this.words.board.places[read.place];
  }

  /** @param {Expression} expression @returns {Step} */
  _step(expression) {
    const parts = expression.parts;
    switch (expression.kind) {
      case "Word":
      case "Constant":
        return { text: "set by the program", parts: [] };
      case "Start":
        return { text: `is what general ${expression.general} starts with`, parts: [] };
      case "Read":
        return this._heard(expression);
      case "Majority":
      case "Plurality":
        return this._vote(expression);
      case "Choice":
        return this._choice(parts);
      case "Equal":
        return this._comparison(parts);
      case "Not":
        return this._opposite(parts);
      case "Threshold":
        return this._count(expression);
    }
  }

  /** @param {Expression} expression @returns {Step} */
  _heard(expression) {
    const { game, words } = this;
    const place = this._place(expression);
    const sender = `general ${expression.sender}`;
    if (!place) return { text: `since ${sender} never says anything there`, parts: [] };
    const silent = game.word(place.said) === NOTHING;
    const counts = game.value(expression) === NOTHING ? "" : `, which counts as ${words.value(game.value(expression))}`;
    const text = silent ? `${sender} says nothing${about(place)}${counts}` : `says ${sender}${about(place)}`;
    const own = this.expressions[place.why];
    const leads = !game.isLie(place) && own.kind !== "Word";
    return { text, parts: leads ? [{ number: place.why, role: `general ${expression.sender}'s reason:` }] : [] };
  }

  /** @param {Expression} expression @returns {Step} */
  _vote(expression) {
    const votes = expression.parts.slice(0, -1);
    const fallback = expression.parts[expression.parts.length - 1];
    /** @type {Map<Word | boolean, number>} */
    const tally = new Map();
    const majority = expression.kind === "Majority";
    for (const vote of votes) {
      const word = this.game.value(this.expressions[vote]);
      if (majority || word !== NOTHING) tally.set(word, (tally.get(word) ?? 0) + 1); // the absent have no vote in the latter
    }
    const counted = [...tally]
      .sort((a, b) => b[1] - a[1])
      .map(([word, number]) => `${this.words.value(word)} ${number}`);
    const won = this._won(majority, tally, votes.length);
    const kind = majority ? "majority" : "most";
    const numbers = [...tally.values()].sort((a, b) => b - a);
    const none = numbers.length && numbers[0] === numbers[1] ? "a tie" : `no ${kind}`;
    const cast = numbers.reduce((sum, number) => sum + number, 0);
    const shares = counted.length ? ` (${counted.join(", ")})` : "";
    const absent = cast < votes.length ? `, ${votes.length - cast} absent` : "";
    const text = `${won ? `${kind} of` : `${none} among`} ${cast} votes${shares}${absent}`;
    const parts = votes.map((number) => ({ number }));
    return {
      text: `${text}${this._about(votes)}`,
      votes,
      parts: won ? parts : [...parts, { number: fallback, role: "so, by default:" }],
    };
  }

  /**
   * @param {boolean} majority
   * @param {Map<Word | boolean, number>} tally
   * @param {number} all
   */
  _won(majority, tally, all) {
    const counts = [...tally]
      .filter(([word]) => word !== NOTHING)
      .map(([, number]) => number)
      .sort((a, b) => b - a);
    return majority ? 2 * (counts[0] ?? 0) > all : (counts[0] ?? 0) > (counts[1] ?? 0);
  }

  /** What votes are about: the first letter among them. @param {number[]} votes */
  _about(votes) {
    const read = votes.map((number) => this._place(this.expressions[number])).filter((place) => place !== undefined);
    const first = read.sort((a, b) => a.round - b.round)[0];
    return first ? about(first) : "";
  }

  /** What was asked, with what the answer rests on, and what follows. @param {number[]} parts @returns {Step} */
  _choice([condition, then, otherwise]) {
    const holds = this.game.value(this.expressions[condition]) === true;
    const asked = this._step(this.expressions[condition]);
    const next = holds ? then : otherwise;
    const follows = this.expressions[next].kind === "Word" ? [] : [{ number: next, role: "so:" }];
    return {
      text: `because ${holds ? "yes" : "no"}: ${asked.text}`,
      votes: asked.votes,
      parts: [...asked.parts, ...follows],
    };
  }

  /** @param {number[]} parts @returns {Step} */
  _opposite([truth]) {
    const step = this._step(this.expressions[truth]);
    return { ...step, text: `the opposite of: ${step.text}` };
  }

  /** @param {number[]} parts @returns {Step} */
  _comparison([one, other]) {
    const [left, right] = [this.expressions[one], this.expressions[other]];
    const wanted = this.words.value(this.game.value(right));
    const place = this._place(left);
    if (!place) {
      const text = `${this.words.value(this.game.value(left))}; is it ${wanted}?`;
      return { text, parts: right.word === undefined ? [{ number: one }, { number: other }] : [{ number: one }] };
    }
    const said = this.words.value(this.game.word(place.said));
    const text = place.label.startsWith(`${wanted}:`)
      ? `${place.label} ${this.game.word(place.said) === NOTHING ? "does not come" : "comes"} from general ${left.sender}`
      : `general ${left.sender} says ${said}${about(place)}; is it ${wanted}?`;
    const compared = right.word === undefined ? [{ number: other, role: "compared with:" }] : [];
    return { text, parts: [...this._heard(left).parts, ...compared] };
  }

  /** @param {Expression} expression @returns {Step} */
  _count({ parts, weights = [], least = 0, counting }) {
    if (counting) return this._threshold(new Threshold(this.words, counting), parts);
    const merged = [...new Set(parts)].map((number) => ({
      weight: sum(weights.filter((_, i) => parts[i] === number)),
      holds: this.game.value(this.expressions[number]) === true,
    }));
    return { text: counted(merged, least), parts: [...new Set(parts)].map((number) => ({ number })) };
  }

  /**
   * A vote is as it should be where it agrees as it should, if all are compared with the same.
   * @param {Threshold} threshold
   * @param {number[]} truths
   * @returns {Step}
   */
  _threshold(threshold, truths) {
    const [[named], ...others] = threshold.named;
    const asked = (/** @type {number} */ vote) =>
      others.length ? undefined : truths.find((truth) => this.expressions[truth].parts.includes(vote));
    const compared = this.expressions[named].word === undefined ? [{ number: named, role: "compared with:" }] : [];
    const votes = threshold.votes.map((number) => ({ number, asked: asked(number) }));
    return { text: threshold.text(), votes: threshold.votes, parts: [...votes, ...compared] };
  }
}

/** @param {Decision} decision @returns {number[]} */
function expressionsIn(decision) {
  if ("expression" in decision) return [decision.expression];
  if ("counted" in decision) return decision.counted.map(([, number]) => number);
  return ("parts" in decision ? decision.parts : Object.values(decision.by)).flatMap(expressionsIn);
}

/** @param {Place} place */
function about({ label }) {
  return label ? ` about ${label}` : "";
}
