"""No lemma is vacuous: its premises can hold, and values for which they hold unfold into a run that can be played."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from byzverify.engines.parameterized.lemmas import Lemma
from byzverify.language.decisions import leaves
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.logic.linear import Valuation
from byzverify.models.crusader import Crusader
from byzverify.models.gradecast import Gradecast
from byzverify.simulation.judging import judge
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import Script
from byzverify.solvers.arithmetic import Solution
from tests.gate.asking import Asked, Sizes, asked
from tests.gate.counting import Counted, CountedWithOmissions
from tests.gate.drawing import programs
from tests.gate.programs import SMALL
from tests.gate.tree import Written
from tests.gate.unfolding import Unfolding

PROGRAMS: tuple[type[Protocol], ...] = (Crusader, Gradecast, *SMALL)


def replayed(protocol: Protocol, lemma: Lemma, solution: Solution) -> Run:
    """The run that a solution means, played; everyone decides what the formulas say."""
    assert lemma.world is not None
    unfolding = Unfolding(lemma.world, solution)
    unfolded = unfolding.run
    assert unfolded.n == protocol.n
    played = run(protocol, unfolded.faults, unfolded.orders, Script(unfolded.said))
    assert not played.bent
    valuation = Valuation(lemma.world.arithmetic, solution.numbers, solution.truths)
    for one in lemma.world.setup.individuals:
        if one.fault is None:
            decision = lemma.world.runs[id(one.general)].decision
            assert meant(lemma, valuation, decision) == told(played.decisions[unfolding.number(one.general)])
    return played


def meant(lemma: Lemma, valuation: Valuation, decision: object) -> list[object]:
    """What a decision's formulas say."""
    assert lemma.world is not None
    algebra = lemma.world.algebra
    found: list[object] = []
    for _, leaf in leaves(decision):
        if isinstance(leaf, Order):
            found += [name for name, formula in algebra.bits(leaf).items() if valuation.holds(formula)]
        else:
            found.append(valuation.holds(algebra.formula(leaf)))
    return found


def told(decision: object) -> list[object]:
    """What a plain decision says."""
    return [leaf.name if isinstance(leaf, Order) else bool(leaf) for _, leaf in leaves(decision)]


def sizes_of(solution: Solution, one: Asked) -> Sizes:
    """The sizes in a solution."""
    return {name: solution.numbers.get(name, 0) for name in one.family.sizes}


def built(one: Asked, sizes: Sizes, **others: Any) -> Protocol:
    """The protocol of these sizes."""
    given: dict[str, Any] = {name: value for name, value in sizes.items() if name not in one.family.faulty}
    return one.family.kind(**given, **others)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PROGRAMS)
def test_premises_can_hold_and_mean_a_run(kind: type[Protocol]) -> None:
    one = asked(kind)
    for lemma in one.lemmas:
        solution = one.found(lemma.premises)
        assert solution is not None
        replayed(built(one, sizes_of(solution, one)), lemma, solution)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PROGRAMS)
def test_values_that_break_a_lemma_are_a_run_that_breaks_the_condition(kind: type[Protocol]) -> None:
    one, broken = asked(kind), 0
    for lemma in one.lemmas:
        for n in range(1, 6):
            given = [one.arithmetic.at_least(one.family.everyone, n), *lemma.premises, -lemma.goal]
            solution = one.found(given)
            if solution is not None:
                played = replayed(built(one, sizes_of(solution, one)), lemma, solution)
                assert lemma.condition in [found.condition for found in judge(played) if not found.holds]
                broken += 1
    assert broken


def test_gradecast_just_below_its_bound() -> None:
    one = asked(Gradecast)
    for sizes in ({"n": 3, "m": 1, "t": 1}, {"n": 6, "m": 2, "t": 2}):
        broken = [(lemma, solution) for lemma in one.lemmas if (solution := one.broken(lemma, sizes)) is not None]
        for lemma, solution in broken:
            played = replayed(built(one, sizes), lemma, solution)
            assert lemma.condition in [found.condition for found in judge(played) if not found.holds]
        assert {lemma.name for lemma, _ in broken} >= {"Closeness, commander byzantine"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Counted, CountedWithOmissions])
def test_random_programs_unfold(kind: type[Protocol]) -> None:
    tally: Counter[bool] = Counter()

    @settings(max_examples=60, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(programs())
    def unfolds(written: Written) -> None:
        one = Asked(kind, {"text": repr(written)})
        sizes = {"n": 5, "m": 1, "t": 1, **({"omission": 2} if kind is CountedWithOmissions else {})}
        for lemma in one.lemmas:
            solution = one.broken(lemma, sizes) or one.allowed(lemma, sizes)
            if solution is not None:
                played = replayed(built(one, sizes, text=repr(written)), lemma, solution)
                broken = lemma.condition in [found.condition for found in judge(played) if not found.holds]
                assert broken is (one.broken(lemma, sizes) is not None)
                tally[broken] += 1

    unfolds()
    assert min(tally[True], tally[False]) >= 20
