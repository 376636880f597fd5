// @ts-check
// The page: what a person does becomes a move of the game, and after each move everything is shown again.
"use strict";

class Page {
  /** @param {HTMLElement} article one attack, with its board in it */
  constructor(article) {
    const board = find(article, "board").textContent ?? "";
    this.article = article;
    this.fingerprint = article.dataset.fingerprint ?? "";
    this.game = new Game(JSON.parse(board));
    this.words = new Words(this.game);
    this.letters = new Letters(this.words);
    this.diagram = new Diagram(find(article, "diagram"), this.words, this.letters, (letter) => this.act(letter));
    this.panel = new Panel(find(article, "letter-panel"), article.id, this.words, {
      say: (place, option) => this.say(place, option),
      beHonest: (places) => this.move("An honest letter now.", () => this.game.beHonestAt(places)),
    });
    this.reasons = new Reasons(this.words, (...numbers) => this.showLetter(numbers));
    this.round = 0;
    /** @type {Letter | undefined} */
    this.selected = undefined;
    this.wanted = this.concerned();
    this._offer();
    new ResizeObserver(() => this._showWhetherCut()).observe(find(article, "diagram"));
    this.show();
  }

  /** Whose reasoning is shown: before whom a condition fails, and somebody who decides otherwise. */
  concerned() {
    const { board } = this.game;
    const failing = board.conditions.flatMap((condition) => this.game.failure(condition) ?? []);
    const deciders = Object.keys(board.decisions).map(Number);
    const shown = [...new Set(failing)].slice(0, 2);
    const first = shown[0] ?? deciders[0];
    const differs = (/** @type {number} */ one) => this.words.decision(one) !== this.words.decision(first);
    const other = deciders.find((one) => !board.generals[one].commands && differs(one));
    return [first, shown[1] ?? other ?? -1];
  }

  _offer() {
    const honest = this.words.onlyLapses ? "Nothing is left out now." : "Nobody lies now.";
    /** @type {[string, () => void][]} */
    const tools = [
      ["undo", () => this.move("Undone.", () => this.game.undo())],
      ["redo", () => this.move("Done again.", () => this.game.redo())],
      ["reset", () => this.move("This is the attack again.", () => this.game.reset())],
      ["honest", () => this.move(honest, () => this.game.beHonest())],
      ["previous", () => this.step(-1)],
      ["next", () => this.step(1)],
    ];
    for (const [name, act] of tools) {
      const tool = find(this.article, name);
      tool.addEventListener("click", () => tool.getAttribute("aria-disabled") !== "true" && act());
    }
    this._offerStarts();
    this._offerLetters();
    this._offerGenerals();
  }

  _offerStarts() {
    const within = find(this.article, "starts");
    for (const start of this.game.board.starts) {
      const legend = this.words.beginning(start.general);
      const name = `start-${start.general}`;
      const called = { legend, name, group: `${this.article.id}-${name}` };
      const offered = choices(this.words, called, start.options, (option) => {
        this.move(`${legend} ${this.words.value(option.says ?? NOTHING)}.`, () => this.game.choose(option.set));
      });
      within.append(offered);
    }
  }

  _offerLetters() {
    const within = find(this.article, "senders");
    this.game.board.generals.forEach(({ fault }, sender) => {
      if (!fault) return;
      const rounds = Array.from({ length: this.game.board.rounds }, (_, i) => this._letters(sender, i + 1));
      const title = element("h4", {}, `General ${sender}, ${fault}`);
      within.append(
        element("div", { className: "sender" }, title, ...rounds.filter((row) => row.childElementCount > 1)),
      );
    });
  }

  /**
   * @param {number} sender
   * @param {number} round
   */
  _letters(sender, round) {
    const row = element("div", { className: "row" }, element("span", { className: "when" }, `Round ${round}`));
    for (const letter of this.letters.from(sender).filter((one) => one.round === round)) {
      const chip = button(`to ${letter.receiver}`, () => this.act(letter), "chip-letter");
      chip.dataset.letter = [letter.round, letter.sender, letter.receiver].join();
      row.append(chip);
    }
    return row;
  }

  _offerGenerals() {
    this.article.querySelectorAll(".reasons select").forEach((select, i) => {
      const picked = /** @type {HTMLSelectElement} */ (select);
      const deciders = Object.keys(this.game.board.decisions).map(Number);
      picked.append(...deciders.map((one) => element("option", { value: String(one) }, `general ${one}`)));
      if (i) picked.prepend(element("option", { value: "-1" }, "nobody else"));
      picked.value = String(this.wanted[i]);
      picked.addEventListener("change", () => {
        this.wanted[i] = Number(picked.value);
        this.show();
      });
    });
  }

  /**
   * Somebody wants to change a letter: if it says one thing, say the next; else show all that it says.
   * @param {Letter} letter
   */
  act(letter) {
    if (letter.places.length > 1) {
      this.select(letter);
      return;
    }
    const [place] = letter.places;
    this.selected = letter;
    this._next(place, this.game.optionNow(place));
  }

  /**
   * Say the next thing that can be said.
   * @param {Place} place
   * @param {number} now
   */
  _next(place, now) {
    for (let by = 1; by < place.options.length; by++) {
      const option = place.options[(now + by) % place.options.length];
      const before = this.game.word(place.said);
      const outcome = this.words.outcome();
      if (this.game.say(place, option) && this.game.word(place.said) !== before) {
        this.announce(`${this.words.letter([place])}. ${this.words.consequences(outcome)}`);
        return;
      }
    }
    this.announce(this._impossible(place));
  }

  /**
   * @param {Place} place
   * @param {Option} option
   */
  say(place, option) {
    const outcome = this.words.outcome();
    const said = this.game.say(place, option);
    this.announce(
      said ? `${this.words.letter([place])}. ${this.words.consequences(outcome)}` : this._impossible(place),
    );
  }

  /** @param {Place} place */
  _impossible({ sender, options }) {
    const makesUp = options.some(({ says }) => says !== null && says !== NOTHING);
    const why = makesUp
      ? "it takes signatures that no traitor has seen by then"
      : "he only leaves out, and there is nothing to leave out";
    return `General ${sender} cannot say anything else there: ${why}.`;
  }

  /**
   * @param {string} said
   * @param {() => void} act
   */
  move(said, act) {
    const outcome = this.words.outcome();
    act();
    this.announce(`${said} ${this.words.consequences(outcome)}`);
  }

  /** @param {string} text */
  announce(text) {
    find(this.article, "status").textContent = text;
    this.show();
    writeFragment();
  }

  /** @param {number} by */
  step(by) {
    const all = this.game.board.rounds + 1;
    this.round = (this.round + by + all) % all;
    this.show();
    this.diagram.reveal(this.round, this.game.board.rounds);
    writeFragment();
  }

  /** @param {[number, number, number]} numbers round, sender, receiver */
  showLetter(numbers) {
    const letter = this.letters.at(numbers);
    if (letter) this.select(letter);
  }

  /** @param {Letter} letter */
  select(letter) {
    this.selected = letter;
    this.show();
    find(this.article, "letter-title").focus();
  }

  show() {
    this._showOutcome();
    this.diagram.update(this.round, this.selected);
    this._showSteps();
    this._showChoices();
    this.panel.show(this.selected);
    this._showReasons();
  }

  _showOutcome() {
    const { board } = this.game;
    const verdicts = board.conditions.map((condition) => {
      const failure = this.game.failure(condition);
      const sign = element("b", {}, failure ? `✗ ${condition.name} fails` : `✓ ${condition.name} holds`);
      const before = failure ? `: ${this.words.decisions(failure)}` : "";
      return element(
        "span",
        { className: failure ? "verdict fails" : "verdict holds", title: condition.statement },
        sign,
        before,
      );
    });
    const counted = element("span", { className: "count" }, this.words.number());
    const changed = this.game.written() !== "";
    const state = element("span", { className: "state" }, changed ? "With your changes:" : "In this attack:");
    find(this.article, "saved").hidden = !changed;
    find(this.article, "verdicts").replaceChildren(state, ...verdicts, counted);
    this._enable("undo", this.game.past.length > 0);
    this._enable("redo", this.game.future.length > 0);
    this._enable("reset", changed);
    this._enable("honest", this.game.departures().length > 0);
  }

  _showWhetherCut() {
    const { scrollWidth, clientWidth } = find(this.article, "diagram");
    find(this.article, "sideways").hidden = scrollWidth <= clientWidth;
  }

  /**
   * @param {string} name
   * @param {boolean} possible
   */
  _enable(name, possible) {
    find(this.article, name).setAttribute("aria-disabled", String(!possible));
  }

  _showSteps() {
    const { rounds } = this.game.board;
    const all = rounds === 1 ? "the only round" : `all ${rounds} rounds`;
    find(this.article, "where").textContent = this.round ? `round ${this.round} of ${rounds}` : all;
  }

  _showChoices() {
    for (const start of this.game.board.starts) {
      const says = this.game.word(start.says);
      check(
        find(this.article, "starts"),
        `start-${start.general}`,
        start.options.findIndex((option) => option.says === says),
      );
    }
    for (const chip of this.article.querySelectorAll("button.chip-letter")) {
      const letter = this.letters.at(
        /** @type {[number, number, number]} */ (
          /** @type {HTMLElement} */ (chip).dataset.letter?.split(",").map(Number)
        ),
      );
      if (!letter) continue;
      chip.className = `chip-letter ${this.letters.kind(letter)}`;
      chip.classList.toggle("later", this.round > 0 && letter.round > this.round);
      chip.setAttribute(
        "aria-label",
        `to ${letter.receiver} ${this.letters.tag(letter)}. ${this.words.letter(letter.places)}`,
      );
      chip.setAttribute("aria-pressed", String(letter === this.selected));
      chip.replaceChildren(`to ${letter.receiver} `, element("b", {}, this.letters.tag(letter)));
    }
  }

  _showReasons() {
    this.article.querySelectorAll(".reason").forEach((column, i) => {
      const general = this.wanted[i];
      const shown = /** @type {HTMLElement} */ (column);
      shown.classList.toggle("empty", general < 0);
      find(shown, "reasoning").replaceChildren(
        ...(general < 0
          ? []
          : [
              element(
                "p",
                { className: "decides" },
                `General ${general} decides `,
                element("b", {}, this.words.decision(general)),
              ),
              this.reasons.tree(general),
            ]),
      );
    });
  }

  /** The page's state as text: the board's fingerprint, the round, and what was changed. */
  written() {
    return this.round || this.game.written() ? `${this.fingerprint}-${this.round}-${this.game.written()}` : "";
  }

  /** Go where a text says; false if it says nothing about this attack that makes sense. @param {string} text */
  read(text) {
    const [fingerprint, round, changed] = text.split("-");
    const fits =
      fingerprint === this.fingerprint && /^\d{1,4}$/.test(round ?? "") && Number(round) <= this.game.board.rounds;
    if (!fits || changed === undefined || !this.game.read(changed)) return false;
    this.round = Number(round);
    this.show();
    return true;
  }
}
