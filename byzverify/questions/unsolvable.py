"""Whether a refuted question is one that no protocol without signatures could have answered otherwise.

This module knows the problems of the language by their objects, and covers. It looks at no program.
"""

from __future__ import annotations

import shlex

from byzverify.engines.solvability import deciding
from byzverify.language.conditions import COMMANDER, Problem
from byzverify.language.faults import Fault
from byzverify.language.labels import chains_in
from byzverify.language.problems import (
    BYZANTINE_GENERALS,
    CONSENSUS,
    CRUSADER_AGREEMENT,
    GRADED_BROADCAST,
    INTERACTIVE_CONSISTENCY,
)
from byzverify.questions.verdict import Refuted
from byzverify.scenario.impossibility import ProblemName, Setting

NAMES: dict[Problem, ProblemName] = {
    BYZANTINE_GENERALS: "broadcast",
    CONSENSUS: "consensus",
    INTERACTIVE_CONSISTENCY: "interactive",
    CRUSADER_AGREEMENT: "crusader",
    GRADED_BROADCAST: "graded",
}
"""The problems that `solvable` knows."""


def no_protocol_can(verdict: Refuted) -> bool:
    """Whether no protocol without signatures solves the model's problem against these faults, in any number of rounds.

    False where that is not known, and where signatures were used. Source: Fischer, Lynch & Merritt 1986.
    """
    model, name = verdict.model, NAMES.get(verdict.model.problem)
    said = (label for content in verdict.replay.run.said.values() for label in content)
    if name is None or model.n < 2 or any(chains_in(said)):
        return False
    edges = tuple((one, two) for one in range(model.n) for two in range(one + 1, model.n) if model.linked(one, two))
    commander = None if name == "consensus" else COMMANDER
    setting = Setting(name, model.n, edges, commander, None, verdict.faults)
    return deciding.in_any_rounds(setting, deciding.longest(name, None)) is not None


def command(verdict: Refuted) -> str:
    """The command that shows why no protocol can."""
    name = NAMES[verdict.model.problem]
    faults = ",".join(f"{mode.value}={number}" for mode, number in verdict.faults.items())
    only = list(verdict.faults) == [Fault.BYZANTINE]
    parts = ["byzverify solvable"]
    parts.append(f"--graph {shlex.quote(verdict.model.graph)}" if verdict.model.graph else f"-n {verdict.model.n}")
    parts.append(f"-t {verdict.faults[Fault.BYZANTINE]}" if only else f"--faults {faults}")
    return " ".join([*parts, *([] if name == "broadcast" else [f"--problem {name}"])])
