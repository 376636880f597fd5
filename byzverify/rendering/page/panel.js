// @ts-check
// The letter that is looked at: all that it says, and, of who fails, what it could say instead.
"use strict";

/** What a person can do with a letter.
 *  @typedef {{say: (place: Place, option: Option) => void, beHonest: (places: Place[]) => void}} Acts */

class Panel {
  /**
   * @param {HTMLElement} panel
   * @param {string} id what all names in it begin with
   * @param {Words} words
   * @param {Acts} acts
   */
  constructor(panel, id, words, acts) {
    this.panel = panel;
    this.id = id;
    this.words = words;
    this.acts = acts;
    /** @type {Letter | undefined} */
    this.letter = undefined;
  }

  /** @param {Letter | undefined} letter */
  show(letter) {
    this.panel.hidden = !letter;
    if (!letter) return;
    const list = find(this.panel, "letter-places");
    if (letter !== this.letter) list.replaceChildren(...this._rows(letter));
    this.letter = letter;
    const { places, sender, receiver, round, isFaulty } = letter;
    find(this.panel, "letter-title").textContent = `Round ${round}: general ${sender} to general ${receiver}`;
    places.forEach((place, i) => {
      if (isFaulty) check(list, `place-${i}`, this.words.game.optionNow(place));
      const says = find(list, `says-${i}`);
      says.textContent = isFaulty ? this.words.truthfulness(place) : this.words.said(place);
      says.classList.toggle("lie", this.words.game.isLie(place));
    });
  }

  /** @param {Letter} letter */
  _rows({ places, isFaulty }) {
    const rows = places.map((place, i) => this._row(place, i));
    return isFaulty ? [...rows, button("Be honest here", () => this.acts.beHonest(places))] : rows;
  }

  /**
   * @param {Place} place
   * @param {number} i
   */
  _row(place, i) {
    const says = element("span", { className: `says says-${i}` });
    if (!place.options.length) return element("p", { className: "place" }, says);
    const legend = place.label ? `about ${place.label}` : "he says";
    const called = { legend, name: `place-${i}`, group: `${this.id}-place-${i}` };
    const offered = choices(this.words, called, place.options, (option) => this.acts.say(place, option));
    return element("div", { className: "place" }, offered, says);
  }
}
