"""Whether a refuted question is one that no protocol without signatures could have answered otherwise.

This module knows the problems of the language by their objects, and covers. Of a program it asks only whether it signs.
"""

from __future__ import annotations

import shlex
import sys
from contextlib import redirect_stdout, suppress

from byzverify.engines.solvability import deciding
from byzverify.errors import ProtocolError, Stopped
from byzverify.language.conditions import COMMANDER, Problem
from byzverify.language.faults import Fault
from byzverify.language.labels import chains_in
from byzverify.language.messages import General
from byzverify.language.problems import (
    BYZANTINE_GENERALS,
    CONSENSUS,
    CRUSADER_AGREEMENT,
    GRADED_BROADCAST,
    INTERACTIVE_CONSISTENCY,
)
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.questions.verdict import Refuted
from byzverify.scenario.impossibility import ProblemName, Setting
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Strategy

NAMES: dict[Problem, ProblemName] = {
    BYZANTINE_GENERALS: "broadcast",
    CONSENSUS: "consensus",
    INTERACTIVE_CONSISTENCY: "interactive",
    CRUSADER_AGREEMENT: "crusader",
    GRADED_BROADCAST: "graded",
}
"""The problems that `solvable` knows."""

MOST_HEARD = 20_000
"""How many orders of a run are looked at to see whether a protocol signs."""


def no_protocol_can(verdict: Refuted) -> bool:
    """Whether no protocol without signatures solves the model's problem against these faults, in any number of rounds.

    False where that is not known, where signatures were used, and where not all conditions of the problem were asked:
    a protocol may keep some of them. Source: Fischer, Lynch & Merritt 1986.
    """
    setting = _setting(verdict)
    if {*verdict.question.conditions} != {*verdict.model.problem.conditions}:
        return False
    if setting is None or deciding.in_any_rounds(setting, deciding.longest(setting.problem, None)) is None:
        return False
    said = (label for content in verdict.replay.run.said.values() for label in content)
    return not any(chains_in(said)) and not _signs(verdict.model)


def _setting(verdict: Refuted) -> Setting | None:
    """What any protocol in the model's place would have to cope with; None if the problem has no name."""
    model, name = verdict.model, NAMES.get(verdict.model.problem)
    if name is None or model.n < 2:
        return None
    edges = tuple((one, two) for one in range(model.n) for two in range(one + 1, model.n) if model.linked(one, two))
    return Setting(name, model.n, edges, None if name == "consensus" else COMMANDER, None, verdict.faults)


class _Listener(Strategy):
    """Says what the program says, and notes whether anything is signed."""

    heard = False

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        self.heard = self.heard or any(chains_in(honest))
        return honest


def _signs(model: Protocol) -> bool:
    """Whether a general signs something in a run in which each does what his program says."""
    listener = _Listener()
    with suppress(Stopped, ProtocolError), redirect_stdout(sys.stderr):  # a program that prints must not spoil a result
        everyone = dict.fromkeys(range(model.n), Fault.BYZANTINE)  # a strategy hears only those who may deviate
        run(model, everyone, {}, listener, everyone=True, limit=Limit(steps=MOST_HEARD))
    return listener.heard


def command(verdict: Refuted) -> str:
    """The command that shows why no protocol can."""
    name = NAMES[verdict.model.problem]
    faults = ",".join(f"{mode.value}={number}" for mode, number in verdict.faults.items())
    only = list(verdict.faults) == [Fault.BYZANTINE]
    parts = ["byzverify solvable"]
    parts.append(f"--graph {shlex.quote(verdict.model.graph)}" if verdict.model.graph else f"-n {verdict.model.n}")
    parts.append(f"-t {verdict.faults[Fault.BYZANTINE]}" if only else f"--faults {faults}")
    return " ".join([*parts, *([] if name == "broadcast" else [f"--problem {name}"])])
