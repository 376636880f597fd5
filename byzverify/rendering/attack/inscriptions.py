"""All texts in a diagram: headlines, names, decisions, what lies say, and a description of the whole picture.

This module knows logs and words. It must not know positions or styles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from byzverify.attacks.outcomes import faulty
from byzverify.attacks.run_log import LoggedMessage, RunLog
from byzverify.errors import counted
from byzverify.language.conditions import COMMANDER
from byzverify.language.faults import lies, only_lapses
from byzverify.language.messages import General
from byzverify.language.records import Record
from byzverify.language.values import ABSENT
from byzverify.rendering.attack.letters import DrawnLetter
from byzverify.rendering.attack.phrasing import sentence
from byzverify.rendering.verdict.asked import describe
from byzverify.scenario.wording import decided, fault, spoken
from byzverify.simulation.judging import Replay, holds_before

LONGEST, LONGEST_ABBREVIATED = 28, 64
"""A decision with more characters than the first is abbreviated; an abbreviated one is cut off at the second."""

MOST_DESCRIBED = 12
"""How many letters with lies the description of the picture contains."""


def abbreviations(names: Collection[str]) -> dict[str, str]:
    """A short form of each name: its initial and the number at its end; or all whole names, if these are not unique."""
    short = {name: name[:1] + "".join(re.findall(r"\d+$", name[1:])) for name in names}
    return short if len(set(short.values())) == len(names) else {name: name for name in names}


def broken_by(replay: Replay) -> dict[General, list[str]]:
    """The loyal generals whose decisions make conditions fail, each with the names of these conditions.

    For a condition about one general's decision, all generals for whom it fails. For a condition about several, the
    first generals for whom it fails together.
    """
    found: dict[General, list[str]] = {}
    for judgement in replay.violated:
        condition, run = judgement.condition, replay.run
        who = judgement.witnesses or ()
        if condition.witnesses == 1:
            deciders = [one for one in run.loyal if one in run.protocol.problem.deciders(run.protocol.n)]
            who = tuple(one for one in deciders if not holds_before(run, condition, (one,)))
        for general in who:
            found.setdefault(general, []).append(condition.name)
    return found


def _words(told: LoggedMessage) -> set[str]:
    """The names of all orders that are said; for a message of several fields, only those of lies, if it has any."""
    said, honest = told.said, told.honest
    if not isinstance(said, Record):
        return {said.name}
    parts = {
        name: (said.part(name).name, honest.part(name).name if isinstance(honest, Record) else "")
        for name in said.parts
    }
    return {word for word, other in parts.values() if word != other} or {word for word, _ in parts.values()}


class Inscriptions:
    """The texts in the diagram of one log. short: the abbreviation of each word, and of saying nothing."""

    def __init__(self, log: RunLog) -> None:
        self._account = log
        self._run = log.run
        self._breaks = broken_by(log.replay)
        self.short = abbreviations([word.name for word in self._run.protocol.words]) | {ABSENT.name: "–"}

    def headline(self) -> str:
        """What was attacked, and by whom."""
        return f"{describe(self._run.protocol)}: {faulty(self._run)}"

    def failing(self) -> list[str]:
        """The conditions that fail, a line each."""
        broken = [judgement.condition for judgement in self._account.replay.violated]
        return [f"{condition.name} FAILS: {condition.statement}" for condition in broken]

    def title(self) -> str:
        """The title of the picture, in one line."""
        broken = [judgement.condition.name for judgement in self._account.replay.violated]
        return self.headline() + "".join(f"; {name} FAILS" for name in broken)

    def description(self, letters: Collection[DrawnLetter]) -> Iterator[str]:
        """The description of the picture, in sentences."""
        yield "Generals are lines, rounds are columns from left to right, letters are arrows."
        told = [letter for letter in letters if letter.has_lies]
        for letter in told[:MOST_DESCRIBED]:
            yield sentence(letter, self._run.faults, "; ").replace("round", "Round", 1) + "."
        if len(told) > MOST_DESCRIBED:
            yield f"There are lies in {len(told) - MOST_DESCRIBED} more letters."
        for general in self._run.loyal:
            yield f"{self.outcome(general)}."

    def name(self, general: General) -> str:
        """What a general is, besides his number; empty for most."""
        commander = general == COMMANDER and self._run.protocol.problem.has_commander
        faults = [fault(mode) for one, mode in self._run.faults.items() if one == general]
        return ", ".join(["commander"] * commander + faults)

    def start(self, general: General) -> str:
        """What a general starts with; empty if he starts with nothing."""
        if general not in self._run.orders:
            return ""
        return f"{'feigns' if lies(self._run.faults.get(general)) else 'starts with'} {self._run.orders[general]}"

    def decision(self, general: General) -> str:
        """What a general decides, abbreviated if necessary."""
        decision = decided(self._run.decisions[general])
        if len(decision) <= LONGEST:
            return decision
        brief = re.sub(r"\w+", lambda word: self.short.get(word[0], word[0]), decision)
        return brief if len(brief) <= LONGEST_ABBREVIATED else brief[: LONGEST_ABBREVIATED - 1] + "…"

    def breaks(self, general: General) -> str:
        """Which conditions fail because of a general's decision; empty if none do."""
        return f"breaks {', '.join(self._breaks[general])}" if general in self._breaks else ""

    def outcome(self, general: General) -> str:
        """What a general decides, in full, and which conditions that breaks."""
        parts = [f"General {general} decides {decided(self._run.decisions[general])}", self.breaks(general)]
        return " and ".join(filter(None, parts))

    def tag(self, letter: DrawnLetter) -> str:
        """What a letter says, abbreviated; only the lies, if it has any."""
        told = [one for one in letter.told if one.is_lie] or letter.told
        said = {word for one in told for word in _words(one)}
        return " ".join(short for name, short in self.short.items() if name in said)

    def key(self, left_out: int) -> list[str]:
        """The meaning of the abbreviations, and how many letters are not drawn."""
        words = [f"{self.short[word.name]} = {spoken(word)}" for word in (*self._run.protocol.words, ABSENT)]
        together = (word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)
        missing = [f"{counted(left_out, 'letter')} that are no lies are not drawn."] if left_out else []
        wrong = "lapse" if only_lapses(self._run.faults.values()) else "lie"
        return [f"On a {wrong} stands what it says: {', '.join(together)}.", *missing]

    def letter(self, letter: DrawnLetter) -> str:
        """Everything that a letter says."""
        return sentence(letter, self._run.faults)
