"""An adversary in terms of lies allows what the other one allows, and its words mean the same in both directions."""

import random
from functools import cache
from itertools import product

import pytest

from byzverify.attacks.confirmation import confirm
from byzverify.engines.finite.deciding import claimed
from byzverify.engines.finite.lies import InLies, Liars, stated_in_lies
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.scenarios import NONE, Scenario, scenarios
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.language import ABSENT, RETREAT, Protocol
from byzverify.language.faults import Budget, Fault
from byzverify.language.labels import form_of
from byzverify.language.records import Record
from byzverify.language.values import domain
from byzverify.limits import NO_LIMIT
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.models.z import Z
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import holds_before
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation
from byzverify.solvers.answers import Satisfiable, Unsatisfiable, solver
from tests.differential.fielded import Bundled, BundledEIG, BundledOM, Empty, Pair, Sometimes

BYZANTINE = Fault.BYZANTINE

QUESTIONS: list[tuple[Protocol, Budget]] = [
    (OM(n=3, m=1), {BYZANTINE: 1}),
    (OM(n=4, m=1), {BYZANTINE: 1}),
    (OM(n=4, m=1, values=3), {BYZANTINE: 2}),
    (OM(n=4, m=1), {Fault.OMISSION: 2}),
    (OM(n=4, m=1), {Fault.CRASH: 1, BYZANTINE: 1}),
    (EIG(n=3, m=1), {BYZANTINE: 1}),
    (PhaseKing(n=3, m=1), {BYZANTINE: 1}),
    (SM(n=4, m=1), {BYZANTINE: 2}),
    (Gradecast(n=3, m=1), {BYZANTINE: 1}),
    (Crusader(n=4, m=1), {BYZANTINE: 1, Fault.SYMMETRIC: 1}),
    (Z(n=5, m=1), {BYZANTINE: 1, Fault.SYMMETRIC: 1, Fault.MANIFEST: 1}),
    (HybridPhaseKing(n=4, m=1), {BYZANTINE: 1, Fault.MANIFEST: 1}),
    (OMGraph(n=5, m=1, graph="cycle:5", p=2), {BYZANTINE: 1}),
    (Pair(n=3, optional=True), {BYZANTINE: 1, Fault.SYMMETRIC: 1}),
    (Empty(n=3), {BYZANTINE: 1}),
    (Sometimes(n=3), {BYZANTINE: 1, Fault.CRASH: 1}),
    (Bundled(n=3), {Fault.SYMMETRIC: 1, Fault.OMISSION: 1}),
    (BundledOM(n=4, m=1), {BYZANTINE: 2}),
    (BundledEIG(n=3, m=1), {Fault.MANIFEST: 1, BYZANTINE: 1}),
]


@cache
def stated() -> list[tuple[Protocol, Scenario, InLies]]:
    return [
        (protocol, scenario, stated_in_lies(protocol, scenario, NO_LIMIT))
        for protocol, budget in QUESTIONS
        for scenario in scenarios(protocol, budget, NONE)
        if scenario.cases
    ]


@pytest.mark.slow
def test_whether_a_case_can_fail_does_not_depend_on_the_terms() -> None:
    answers = set()
    for protocol, scenario, in_lies in stated():
        plain = obligations(protocol, scenario, Terms())
        for case in scenario.cases:
            one, other = (
                solver("z3", these.terms).solve(these.violation(case), NO_LIMIT) for these in (plain, in_lies)
            )
            assert type(one) is type(other)
            answers.add(type(one))
    assert answers == {Satisfiable, Unsatisfiable}


@pytest.mark.slow
def test_a_case_that_fails_in_terms_of_lies_fails_in_the_simulator() -> None:
    for _, scenario, in_lies in stated():
        for case in scenario.cases:
            found = solver("z3", in_lies.terms).solve(in_lies.violation(case), NO_LIMIT)
            if isinstance(found, Satisfiable):
                confirm(claimed(in_lies, case, found))


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_any_lies_mean_the_run_that_they_are_read_back_from(seed: int) -> None:
    """Random lies are played; the lies that the simulator sees are the variables that come to the same outcome."""
    draw = random.Random(seed)
    for protocol, scenario, in_lies in stated():
        if any(mode is not BYZANTINE for mode in scenario.faults.values()):
            continue
        variables = list(in_lies.terms.names())
        true = {number for number in variables if draw.random() < 0.3}
        meant = in_lies.adversary.meaning(variables, true)
        orders = {
            general: meant.starts.get(general, protocol.orders[0]) for general in protocol.problem.starters(protocol.n)
        }
        played = run(protocol, scenario.faults, orders, Deviation(meant), everyone=True)
        assert played.bent == []
        lies = {(lie.round, lie.sender, lie.receiver, lie.label): lie.said for lie in played.lies}
        assert lies.keys() <= meant.said.keys()
        assigned = in_lies.adversary.assignment(Behaviour(dict(played.orders), lies))
        for case in scenario.cases:
            violation = in_lies.violation(case)
            holds = holds_before(played, case.condition, case.witnesses)
            under_both = [evaluate(in_lies.terms, [violation], those) for those in (true, assigned)]
            assert under_both == [[not holds], [not holds]]


def test_a_message_that_lapses_costs_one_lie_wherever_any_field_differs() -> None:
    form = form_of("x", ("a", "b"))
    algebra = SymbolicAlgebra(SimplifiedTerms(), domain(2))
    liars = Liars(algebra, Pair(n=2), {1: Fault.SYMMETRIC}, simple=False)
    honest = Record({"a": RETREAT, "b": ABSENT})
    said = liars.lapsed_message(1, 1, 0, form, honest)
    parts = [algebra.order(said.part(part.name)) for part in form.parts()]
    plain = [algebra.order(honest.part(part.name)) for part in form.parts()]
    variables = list(algebra.terms.names())
    costly = set()
    for true in product((False, True), repeat=len(variables)):
        chosen = {number for number, holds in zip(variables, true, strict=True) if holds}
        (cost,) = evaluate(algebra.terms, [liars.costs[1, 1, 0, form]], chosen)
        bits = ([bit for one in those for bit in one.bits] for those in (parts, plain))
        told, should = (evaluate(algebra.terms, some, chosen) for some in bits)
        assert cost == (told != should)
        costly.add(tuple(told) if cost else ())
    assert len(costly) == 1 + 9  # nothing, each of 3 x 3 contents but the honest one, and no lie
