// @ts-check
// A person decides in place of a protocol, and sees which execution or scene that breaks. It knows what must be decided
// at the ends and what must agree between them, and nothing else about generals.
"use strict";

/** As `byzverify/rendering/impossibility/page.py` writes it. Between two acts there is one witness. Decisions are
 *  numbered along a line, from what the first act demands to what the last one demands.
 *  @typedef {{decisions: string[], apart: number, agree: string, agreement: string, obedience: string,
 *             witnesses: string[], acts: string[]}} Dilemma */

/** What is decided for each witness, -1 where nothing is yet. @typedef {number[]} Chosen */

const UNDECIDED = -1;

/**
 * Who decides what in an act, with what he must decide if the act is an end.
 * @param {Dilemma} dilemma
 * @param {number} act
 */
function concerned({ witnesses }, act) {
  return [act - 1, act].filter((witness) => witness >= 0 && witness < witnesses.length);
}

/**
 * Whether everything that matters in an act is decided.
 * @param {Dilemma} dilemma
 * @param {Chosen} chosen
 * @param {number} act
 */
function isDecided(dilemma, chosen, act) {
  return concerned(dilemma, act).every((witness) => chosen[witness] !== UNDECIDED);
}

/**
 * What is broken in an act, in words; empty if nothing is, or not yet.
 * @param {Dilemma} dilemma
 * @param {Chosen} chosen
 * @param {number} act
 */
function brokenIn(dilemma, chosen, act) {
  if (!isDecided(dilemma, chosen, act)) return "";
  const { decisions, apart, agree, agreement, obedience, witnesses, acts } = dilemma;
  const [one, other] = concerned(dilemma, act);
  const says = (/** @type {number} */ witness) => `${witnesses[witness]} decides ${decisions[chosen[witness]]}`;
  if (other !== undefined) {
    const isKept = Math.abs(chosen[one] - chosen[other]) <= apart;
    return isKept ? "" : `${agreement} is broken: ${says(one)} and ${says(other)}, but they ${agree}`;
  }
  const demanded = act === 0 ? 0 : decisions.length - 1;
  const isEnd = act === 0 || act === acts.length - 1;
  const isKept = !isEnd || chosen[one] === demanded;
  return isKept ? "" : `${obedience} is broken: ${says(one)}, but he must decide ${decisions[demanded]}`;
}

/**
 * The numbers of the acts that are broken.
 * @param {Dilemma} dilemma
 * @param {Chosen} chosen
 */
function brokenActs(dilemma, chosen) {
  return dilemma.acts.map((_, act) => act).filter((act) => brokenIn(dilemma, chosen, act) !== "");
}

/**
 * Names in a sentence: `scene 1, scene 2 and scene 3`.
 * @param {string[]} names
 */
function joined(names) {
  const last = names.at(-1) ?? "";
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last;
}

/** The page, on which every choice is shown at once. */
class DilemmaPage {
  /** @param {Dilemma} dilemma */
  constructor(dilemma) {
    this.dilemma = dilemma;
    /** @type {Chosen} */
    this.chosen = dilemma.witnesses.map(() => UNDECIDED);
    /** All complete choices that a person has tried. @type {Set<string>} */
    this.tried = new Set();
    this.choices = [...document.querySelectorAll(".bridge .choices")];
    this.choices.forEach((choices, witness) => this._listen(/** @type {HTMLFieldSetElement} */ (choices), witness));
    find(document.body, "reset").addEventListener("click", () => this._reset());
    find(document.body, "bar").hidden = false;
    this.show();
  }

  /**
   * @param {HTMLFieldSetElement} choices
   * @param {number} witness
   */
  _listen(choices, witness) {
    choices.hidden = false;
    for (const input of choices.querySelectorAll("input")) {
      input.checked = false;
      input.addEventListener("change", () => {
        this.chosen[witness] = Number(input.value);
        this.show();
      });
    }
  }

  _reset() {
    this.chosen.fill(UNDECIDED);
    for (const input of document.querySelectorAll("input")) input.checked = false;
    this.show();
  }

  show() {
    if (!this.chosen.includes(UNDECIDED)) this.tried.add(this.chosen.join());
    document.querySelectorAll(".episode").forEach((one, act) => this._showAct(/** @type {HTMLElement} */ (one), act));
    const status = find(document.body, "status");
    status.textContent = this._status();
    status.classList.toggle("broken", brokenActs(this.dilemma, this.chosen).length > 0);
  }

  /**
   * @param {HTMLElement} shown
   * @param {number} act
   */
  _showAct(shown, act) {
    const broken = brokenIn(this.dilemma, this.chosen, act);
    const decided = isDecided(this.dilemma, this.chosen, act);
    shown.classList.toggle("broken", broken !== "");
    shown.classList.toggle("kept", decided && !broken);
    const outcome = find(shown, "outcome");
    outcome.hidden = false;
    outcome.textContent = broken ? `✗ ${broken}.` : decided ? "✓ Nothing is broken here." : "Not decided yet.";
  }

  _status() {
    const { dilemma, chosen } = this;
    const broken = brokenActs(dilemma, chosen).map((act) => dilemma.acts[act]);
    const open = chosen.filter((one) => one === UNDECIDED).length;
    const where = broken.length ? `✗ Broken in ${joined(broken)}.` : "Nothing is broken so far.";
    if (open === chosen.length) return "You have decided nothing yet.";
    return open ? `${where} ${open} of ${chosen.length} still to decide.` : `${where} ${this._count()}`;
  }

  /** How many of all choices have been tried. */
  _count() {
    const every = this.dilemma.decisions.length ** this.dilemma.witnesses.length;
    const { size } = this.tried;
    if (size === every) return `You have tried all ${every} ways to decide, and each breaks something. No protocol can do it.`;
    return `You have tried ${size} of ${every} ways to decide; each breaks something.`;
  }
}

if (typeof document !== "undefined") {
  new DilemmaPage(JSON.parse(find(document.documentElement, "dilemma").textContent ?? ""));
}
