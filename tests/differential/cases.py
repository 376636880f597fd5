"""One case of the campaign: a protocol, who may fail, and everything that must agree about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import byzverify
from byzverify.crosscheck.examining import IN_A_MAP
from byzverify.errors import Vacuous
from byzverify.language.faults import budget_of
from byzverify.questions.verdict import Verdict
from tests.differential.brute import Found, explored
from tests.differential.programs import Written
from tests.differential.syntax import Node, Program

PLAYED = [("alternate", 0), ("silent", 1), ("random", 2), ("random", 3)]
"""The strategies, with a seed each, of the scripted traitors that play against what is proved."""


class Case(Node):
    """A protocol as a tree, its parameters, and how many generals may fail in each mode."""

    program: Program
    n: int
    budget: Mapping[str, int]
    values: int = 2
    graph: str = ""

    @property
    def protocol(self) -> Written:
        """The protocol."""
        return Written(n=self.n, values=self.values, graph=self.graph, text=repr(self.program))


@dataclass(frozen=True)
class Examined:
    """A case, and what has come out about it; there is no verdict where it was refused as vacuous."""

    case: Case
    verdict: Verdict | None
    found: Found

    @property
    def folded(self) -> bool:
        """Whether generals were declared to be interchangeable, and were found to be."""
        groups = self.case.program.groups != "none"
        return groups and self.verdict is not None and self.verdict.evidence.asymmetry is None

    @property
    def proved(self) -> set[str]:
        """The conditions that are proved."""
        conditions = () if self.verdict is None else self.verdict.conditions
        return {known.condition.name for known in conditions if known.verdict == "proved"}


def examined(case: Case, folder: Path) -> Examined:
    """Ask the checker, brute force and all else that must agree with them. An attack is saved in `folder`."""
    protocol = case.protocol
    verdict = asked(case)
    result = Examined(case, verdict, explored(protocol, budget_of(case.budget)))
    assert refuted(verdict) == result.found.broken
    assert refuted(asked(case, raw=True, effort=IN_A_MAP)) == result.found.broken
    if result.folded:
        apart = replace(case, program=replace(case.program, groups="none"))
        assert refuted(asked(apart, effort=IN_A_MAP)) == result.found.broken
    if isinstance(verdict, byzverify.Refuted):
        _is_confirmed(verdict, folder / "attack.json")
    for strategy, seed in PLAYED if result.proved else []:
        _does_no_harm(result, strategy, seed)
    return result


def asked(case: Case, **options: Any) -> Verdict | None:
    """What the checker says; None where it says that there is nothing to prove."""
    try:
        return byzverify.check(case.protocol, case.budget, **options)
    except Vacuous:
        return None


def refuted(verdict: Verdict | None) -> set[str]:
    """The conditions that are refuted, where all others are proved or nothing can be refuted."""
    if verdict is None:
        return set()
    assert not isinstance(verdict, byzverify.Unknown), verdict.reason
    return {known.condition.name for known in verdict.conditions if known.verdict == "refuted"}


def _is_confirmed(verdict: byzverify.Refuted, path: Path) -> None:
    """Save the attack, and load it: it must break what it says that it breaks."""
    verdict.attack.save(path)
    attack, replay = byzverify.load(path)
    assert attack.condition == verdict.attack.condition
    assert attack.condition in {judgement.condition.name for judgement in replay.violated}
    assert len(attack.traitors) <= verdict.traitors


def _does_no_harm(result: Examined, strategy: str, seed: int) -> None:
    """Let scripted traitors play against what is proved."""
    case, chance = result.case, Random(seed)
    modes = list(chain.from_iterable([mode] * most for mode, most in case.budget.items()))
    traitors = dict(zip(chance.sample(range(case.n), len(modes)), modes, strict=True))
    protocol = case.protocol
    orders = [chance.choice(protocol.orders).name for _ in protocol.problem.starters(case.n)]
    replay = byzverify.simulate(protocol, traitors, orders, strategy, seed)
    assert not {judgement.condition.name for judgement in replay.violated} & result.proved
