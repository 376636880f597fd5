// @ts-check
// A game on a board: what is chosen now, what follows from it, and the way back. It knows nothing of the page.
"use strict";

const NOTHING = -1;

class Game {
  /** @param {Board} board */
  constructor(board) {
    this.board = board;
    /** @type {Set<number>[]} */
    this.past = [];
    /** @type {Set<number>[]} */
    this.future = [];
    /** The variables that are true. @type {Set<number>} */
    this.chosen = new Set();
    this.truths = /** @type {Uint8Array} */ (new Uint8Array());
    /** What everything would come to had nobody lied. */
    this.sincere = /** @type {Uint8Array} */ (new Uint8Array());
    this._stand(new Set(board.initial));
  }

  /** @param {Set<number>} chosen the variables that are true */
  _stand(chosen) {
    this.chosen = chosen;
    this.truths = evaluate(this.board.nodes, chosen);
    this.sincere = evaluate(this.board.nodes, this._withoutLies(chosen));
  }

  /** @param {Set<number>} chosen */
  _move(chosen) {
    if (same(chosen, this.chosen)) return;
    this.past.push(this.chosen);
    this.future = [];
    this._stand(chosen);
  }

  /** @param {Literal[]} literals to make true */
  choose(literals) {
    this._move(assigned(this.chosen, literals));
  }

  /**
   * Let something else be said at a place; false where it cannot be said: signatures are missing.
   * @param {Place} place
   * @param {Option} option
   */
  say(place, option) {
    const before = { chosen: this.chosen, past: [...this.past], future: this.future };
    this.choose(option.set);
    const wanted = option.says === null ? this.word(place.honest) : option.says;
    if (this.word(place.said) === wanted) return true;
    this._stand(before.chosen);
    [this.past, this.future] = [before.past, before.future];
    return false;
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.chosen);
    this._stand(before);
  }

  redo() {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.chosen);
    this._stand(after);
  }

  reset() {
    this._move(new Set(this.board.initial));
  }

  /** Let every faulty general say what a loyal one would. */
  beHonest() {
    this._move(this._withoutLies(this.chosen));
  }

  /** @param {Place[]} places where to say what a loyal general would */
  beHonestAt(places) {
    this.choose(places.flatMap((place) => this.honestOption(place, this.truths).set));
  }

  /**
   * Round by round: what is honest in one depends on what was said before.
   * @param {Set<number>} chosen
   */
  _withoutLies(chosen) {
    for (let round = 1; round <= this.board.rounds; round++) {
      const truths = evaluate(this.board.nodes, chosen);
      const faulty = this.board.places.filter((place) => place.round === round && place.options.length);
      chosen = assigned(
        chosen,
        faulty.flatMap((place) => this.honestOption(place, truths).set),
      );
    }
    return chosen;
  }

  /**
   * @param {Place} place
   * @param {Uint8Array} truths
   */
  honestOption(place, truths) {
    const honest = this.word(place.honest, truths);
    return /** @type {Option} */ (place.options.find((option) => option.says === null || option.says === honest));
  }

  /** The option that is chosen at a place, by what is said there. @param {Place} place */
  optionNow(place) {
    const said = this.word(place.said);
    return place.options.findIndex((option) =>
      option.says === null ? said === this.word(place.honest) : option.says === said,
    );
  }

  /**
   * @param {Bits} bits
   * @param {Uint8Array} truths
   * @returns {Word}
   */
  word(bits, truths = this.truths) {
    return bits.findIndex((bit) => holds(truths, bit));
  }

  /** @param {Place} place */
  isLie(place) {
    return this.word(place.said) !== this.word(place.honest);
  }

  /** The messages that differ from what a loyal general would have said: of each, who sends it. @returns {number[]} */
  departures() {
    const wrong = this.board.places.filter((place) => this.isLie(place));
    return [...new Map(wrong.map(({ message, sender }) => [message, sender])).values()];
  }

  /**
   * What an expression comes to: a word, or a truth.
   * @param {Expression} expression
   * @param {Uint8Array} truths
   * @returns {Word | boolean}
   */
  value(expression, truths = this.truths) {
    const { value } = expression;
    return typeof value === "number" ? holds(truths, value) : this.word(value, truths);
  }

  /** Whether an expression would come to something else, had nobody lied. @param {Expression} expression */
  isSwayed(expression) {
    return this.value(expression) !== this.value(expression, this.sincere);
  }

  /** The first witnesses before whom a condition fails. @param {Condition} condition */
  failure(condition) {
    return condition.cases.find((one) => !holds(this.truths, one.holds))?.witnesses;
  }

  /** By whose decisions a condition fails: everyone before whom alone it does, or the first who break it together.
   *  @param {Condition} condition */
  broken(condition) {
    const failing = condition.cases.filter((one) => !holds(this.truths, one.holds)).map((one) => one.witnesses);
    return new Set(failing.every((witnesses) => witnesses.length === 1) ? failing.flat() : failing[0]);
  }

  /** What was changed since the attack, as text: the distances between the numbers of the changed variables. */
  written() {
    const initial = new Set(this.board.initial);
    const changed = this.board.nodes
      .map((_, number) => number)
      .filter((one) => initial.has(one) !== this.chosen.has(one));
    return changed.map((number, i) => (number - (i ? changed[i - 1] : 0)).toString(36)).join(".");
  }

  /** Go where `written` came from; false for a text that it cannot come from. @param {string} text */
  read(text) {
    if (!/^([1-9a-z][0-9a-z]{0,5}(\.[1-9a-z][0-9a-z]{0,5})*)?$/.test(text)) return false;
    const chosen = new Set(this.board.initial);
    let number = 0;
    for (const distance of text ? text.split(".") : []) {
      number += parseInt(distance, 36);
      if (number < 2 || this.board.nodes[number] !== 0) return false;
      if (!chosen.delete(number)) chosen.add(number);
    }
    this._move(chosen);
    return true;
  }
}

/**
 * @param {Set<number>} chosen
 * @param {Literal[]} literals
 */
function assigned(chosen, literals) {
  const after = new Set(chosen);
  for (const literal of literals) {
    if (literal > 0) after.add(literal);
    else after.delete(-literal);
  }
  return after;
}

/**
 * @param {Set<number>} one
 * @param {Set<number>} other
 */
function same(one, other) {
  return one.size === other.size && [...one].every((number) => other.has(number));
}
