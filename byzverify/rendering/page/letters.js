// @ts-check
// The letters: all that one general tells another in a round; what they are, and how a person changes them.
"use strict";

/** @typedef {{round: number, sender: number, receiver: number, places: Place[], isFaulty: boolean}} Letter */

class Letters {
  /** @param {Words} words */
  constructor(words) {
    const { game } = words;
    this.words = words;
    this.game = game;
    /** @type {Map<string, Letter>} */
    this.all = new Map();
    for (const place of game.board.places) {
      const { round, sender, receiver } = place;
      const key = [round, sender, receiver].join();
      const letter = this.all.get(key) ?? { round, sender, receiver, places: [], isFaulty: place.options.length > 0 };
      letter.places.push(place);
      this.all.set(key, letter);
    }
  }

  /** @param {[number, number, number]} numbers round, sender, receiver */
  at(numbers) {
    return this.all.get(numbers.join());
  }

  /** The letters of one general, in the order of the rounds. @param {number} sender */
  from(sender) {
    return [...this.all.values()].filter((letter) => letter.sender === sender);
  }

  /**
   * What a letter is, in one word, as in byzverify/rendering/attack/letters.py.
   * @param {Letter} letter
   */
  kind({ places }) {
    const { game } = this;
    const silent = places.every((place) => game.word(place.said) === NOTHING);
    if (places.some((place) => game.isLie(place))) return silent ? "silent" : "lie";
    if (silent) return "unsent";
    return places.some((place) => game.word(place.said) !== game.word(place.said, game.sincere)) ? "misled" : "honest";
  }

  /** What a letter says, abbreviated; of one that lies, the lies. @param {Letter} letter */
  tag({ places }) {
    const lies = places.filter((place) => this.game.isLie(place));
    const said = new Set((lies.length ? lies : places).map((place) => this.game.word(place.said)));
    const words = [...this.game.board.words.keys(), NOTHING];
    return words
      .filter((word) => said.has(word))
      .map((word) => this.words.abbreviation(word))
      .filter((short) => short)
      .join(" ");
  }
}
