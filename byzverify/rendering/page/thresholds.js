// @ts-check
// How a threshold on votes comes out, as one says it: the same sentences as in byzverify/stories/phrases.py.
"use strict";

class Threshold {
  /**
   * @param {Words} words
   * @param {Counting} counting
   */
  constructor(words, { least, votes, uniform }) {
    this.words = words;
    this.expressions = words.board.expressions;
    this.least = least;
    this.uniform = uniform;
    this.ballots = votes.map(([weight, vote, named]) => ({ weight, vote, named }));
    /** The numbers of the votes, and of what they are compared with, the weightiest first. */
    this.votes = [...new Set(votes.map(([, vote]) => vote))];
    this.named = [...new Map(this.ballots.map(({ named, weight }) => [named, weight]))].sort((a, b) => b[1] - a[1]);
  }

  /** What was counted, and how much is enough. */
  text() {
    const weights = this.uniform ? this.named.map(([, weight]) => weight) : [];
    const names = this.named.map(([named]) => this.words.value(this._value(named)));
    const enough = `enough is ${this.least}`;
    if (new Set(weights).size === 1 && weights[0] === 1) {
      return `${names.join(" or ")} from ${this._total()} of ${this.votes.length}; ${enough}`;
    }
    if (weights.join() === "2,1" && this.least === this.votes.length + 1) return this._majorityBut(names);
    if (weights.join() === "1,-1") return this._lead(names);
    const worth = sum(this.ballots.map(({ weight }) => weight));
    if (names.length === 1 && this.ballots.every(({ weight }) => weight > 0)) {
      return `${names[0]} weighs ${this._total()} of ${worth}; ${enough}`;
    }
    const each = this.named.map(([, weight], i) => `${names[i]} as ${weight}`).join(", ");
    return `${weights.length ? `counting ${each}` : "by their weights"}, they come to ${this._total()}; ${enough}`;
  }

  /** @param {number} number */
  _value(number) {
    return this.words.game.value(this.expressions[number]);
  }

  /** @param {number} named how much the votes weigh that agree with it */
  _for(named) {
    const agreeing = this.ballots.filter((one) => one.named === named && this._value(one.vote) === this._value(named));
    return sum(agreeing.map(({ weight }) => weight));
  }

  _total() {
    return sum(this.named.map(([named]) => this._for(named)));
  }

  /** More than half of the votes that do not name the second. @param {string[]} names */
  _majorityBut([name, uncounted]) {
    const [[one], [other]] = this.named;
    const counted = this.votes.length - this._for(other);
    return `${name} from ${this._for(one) / 2} of ${counted} that are not ${uncounted}; enough is more than half`;
  }

  /** One count compared with another. @param {string[]} names */
  _lead([name, against]) {
    const [ahead, behind] = this.named.map(([named]) => Math.abs(this._for(named)));
    const tie = this.least ? `being ${-this.least} behind` : "a tie";
    const enough = this.least > 0 ? `enough is a lead of ${this.least}` : `${tie} is enough`;
    return `${name} ${ahead} against ${against} ${behind}; ${enough}`;
  }
}

/** How many of some truths hold, as one says it.
 *  @param {{weight: number, holds: boolean}[]} truths @param {number} least */
function counted(truths, least) {
  const shared = truths.map(({ weight }) => weight).reduce(divisor);
  const [all, held] = [truths, truths.filter(({ holds }) => holds)].map(
    (those) => sum(those.map(({ weight }) => weight)) / shared,
  );
  const needed = Math.ceil(least / shared);
  if (needed === all) return held === all ? "all of these hold" : "not all of these hold";
  if (needed === 1) return held ? "one of these holds" : "none of these holds";
  if (truths.every(({ weight }) => weight === shared)) return `${held} of ${all} hold; enough is ${needed}`;
  return `those that hold weigh ${held} of ${all}; enough is ${needed}`;
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((before, one) => before + one, 0);
}

/** The greatest common divisor. @param {number} one @param {number} other @returns {number} */
function divisor(one, other) {
  return other ? divisor(other, one % other) : one;
}
