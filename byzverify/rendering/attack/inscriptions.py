"""All that is written in a diagram: headlines, names, decisions, what lies say, and the whole picture in words.

This module knows logs and words. It must not know where anything stands, or how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from byzverify.attacks.attack import Replay
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
from byzverify.simulation.judging import holds_before

LONGEST, LONGEST_ABBREVIATED = 28, 64
"""A decision of more letters is abbreviated, and cut off where that is not enough."""

MOST_DESCRIBED = 12
"""So many letters with lies are told to who does not see the picture."""


def abbreviations(names: Collection[str]) -> dict[str, str]:
    """A short form of each name: its initial with the number at its end; the whole name where that is not enough."""
    short = {name: name[:1] + "".join(re.findall(r"\d+$", name[1:])) for name in names}
    return short if len(set(short.values())) == len(names) else {name: name for name in names}


def broken_by(replay: Replay) -> dict[General, list[str]]:
    """The loyal generals by whose decisions conditions fail, each with the names of these conditions.

    Where a condition is about one general's decision, everybody of whom it does not hold; where it is about several,
    the first of whom it does not hold together.
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
    """The names of all that is said; of a message of several fields, where it differs from an honest one if it does."""
    said, honest = told.said, told.honest
    if not isinstance(said, Record):
        return {said.name}
    parts = {
        name: (said.part(name).name, honest.part(name).name if isinstance(honest, Record) else "")
        for name in said.parts
    }
    return {word for word, other in parts.values() if word != other} or {word for word, _ in parts.values()}


class Inscriptions:
    """What is written in the diagram of one log. short: what abbreviates each word, and that nothing is said."""

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
        """The whole in one line."""
        broken = [judgement.condition.name for judgement in self._account.replay.violated]
        return self.headline() + "".join(f"; {name} FAILS" for name in broken)

    def description(self, letters: Collection[DrawnLetter]) -> Iterator[str]:
        """The picture in words."""
        yield "Generals are lines, rounds are columns from left to right, letters are arrows."
        told = [letter for letter in letters if letter.has_lies]
        for letter in told[:MOST_DESCRIBED]:
            yield sentence(letter, self._run.faults, "; ").replace("round", "Round", 1) + "."
        if len(told) > MOST_DESCRIBED:
            yield f"There are lies in {len(told) - MOST_DESCRIBED} more letters."
        for general in self._run.loyal:
            yield f"{self.outcome(general)}."

    def name(self, general: General) -> str:
        """What a general is, beside his number; nothing for most."""
        commander = general == COMMANDER and self._run.protocol.problem.has_commander
        faults = [fault(mode) for one, mode in self._run.faults.items() if one == general]
        return ", ".join(["commander"] * commander + faults)

    def start(self, general: General) -> str:
        """What a general starts with, if he starts with anything."""
        if general not in self._run.orders:
            return ""
        return f"{'feigns' if lies(self._run.faults.get(general)) else 'starts with'} {self._run.orders[general]}"

    def decision(self, general: General) -> str:
        """What a general decides, as far as there is room."""
        decision = decided(self._run.decisions[general])
        if len(decision) <= LONGEST:
            return decision
        brief = re.sub(r"\w+", lambda word: self.short.get(word[0], word[0]), decision)
        return brief if len(brief) <= LONGEST_ABBREVIATED else brief[: LONGEST_ABBREVIATED - 1] + "…"

    def breaks(self, general: General) -> str:
        """Which conditions fail because of what a general decides, if any do."""
        return f"breaks {', '.join(self._breaks[general])}" if general in self._breaks else ""

    def outcome(self, general: General) -> str:
        """What a general decides, in full, and what comes of it."""
        parts = [f"General {general} decides {decided(self._run.decisions[general])}", self.breaks(general)]
        return " and ".join(filter(None, parts))

    def tag(self, letter: DrawnLetter) -> str:
        """What a letter says, abbreviated; of one that lies, the lies."""
        told = [one for one in letter.told if one.is_lie] or letter.told
        said = {word for one in told for word in _words(one)}
        return " ".join(short for name, short in self.short.items() if name in said)

    def key(self, left_out: int) -> list[str]:
        """What the abbreviations mean, and how many letters are not drawn."""
        words = [f"{self.short[word.name]} = {spoken(word)}" for word in (*self._run.protocol.words, ABSENT)]
        together = (word.replace(" ", "\N{NO-BREAK SPACE}") for word in words)
        missing = [f"{counted(left_out, 'letter')} that are no lies are not drawn."] if left_out else []
        wrong = "lapse" if only_lapses(self._run.faults.values()) else "lie"
        return [f"On a {wrong} stands what it says: {', '.join(together)}.", *missing]

    def letter(self, letter: DrawnLetter) -> str:
        """All that a letter says."""
        return sentence(letter, self._run.faults)
