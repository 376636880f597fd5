"""Solvers, and what goes to them, against the truth table, on random terms; and what becomes of one that fails."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import combinations, product
from time import monotonic, sleep
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from pysat.solvers import Cadical195

from byzverify import signals
from byzverify.errors import Disagreement, Interrupted, OutOfTime, UsageError
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.cnf import clauses_for
from byzverify.logic.evaluation import evaluate
from byzverify.logic.opb import PseudoBoolean, constraints
from byzverify.logic.terms import Literal, SimplifiedTerms, Terms, cone
from byzverify.solvers import answers
from byzverify.solvers.answers import (
    SOLVERS,
    Found,
    Satisfiable,
    Undecided,
    Unsatisfiable,
    demand_installed,
    installed,
    solver,
    solvers_of,
)
from byzverify.solvers.cadical import Cadical
from byzverify.solvers.z3 import WAYS, Z3, _undecided
from tests.support.other_tools import missing

Nodes = list[tuple[int, list[tuple[int, bool, int]]]]

NODES = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(1, 3)), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=8,
)


def grow(terms: Terms, nodes: Nodes) -> Literal:
    """A term of random nodes, each over variables and the nodes before it."""
    literals = [terms.variable(name) for name in range(5)]
    for k, parts in nodes:
        chosen = [literals[index % len(literals)] * (1 if positive else -1) for index, positive, _ in parts]
        literals.append(terms.at_least(k, chosen, [weight for _, _, weight in parts]))
    return literals[-1]


def rows() -> list[set[int]]:
    """Every assignment of the five variables, which have the numbers 2 to 6."""
    return [{v for v, true in enumerate(row, start=2) if true} for row in product([False, True], repeat=5)]


def demand_right(terms: Terms, goal: Literal, found: Found) -> None:
    """An answer that is what the truth table says."""
    if isinstance(found, Satisfiable):
        assert found.true_variables <= found.variables
        assert evaluate(terms, [goal], found.true_variables) == [True]
    else:
        assert isinstance(found, Unsatisfiable)
        assert not any(evaluate(terms, [goal], true)[0] for true in rows())


@given(nodes=NODES, raw=st.booleans())
def test_z3_finds_an_assignment_exactly_where_the_truth_table_has_one(nodes: Nodes, raw: bool) -> None:
    terms = Terms() if raw else SimplifiedTerms()
    goal = grow(terms, nodes)
    demand_right(terms, goal, Z3(terms).solve(goal, NO_LIMIT))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*SOLVERS, "all"} - {"z3"}))
@given(data=st.data(), nodes=NODES)
@settings(max_examples=40)
def test_so_does_every_solver(name: str, data: st.DataObject, nodes: Nodes) -> None:
    if name in SOLVERS and name not in installed():
        missing(name)
    terms = Terms()
    goal = grow(terms, nodes)
    demand_right(terms, goal, solver(name, terms).solve(goal, NO_LIMIT))


@given(nodes=NODES)
def test_the_clauses_of_a_term_can_be_true_exactly_where_it_is(nodes: Nodes) -> None:
    terms = Terms()
    goal = grow(terms, nodes)
    made = clauses_for(terms, goal, NO_LIMIT)
    assert set(range(6, made.variables + 1)) <= {abs(literal) for clause in made.clauses for literal in clause}
    with Cadical195(bootstrap_with=made.clauses) as engine:
        for true in rows():
            assumed = [number if number + 1 in true else -number for number in range(1, 6)]
            assert engine.solve(assumptions=assumed) == evaluate(terms, [goal], true)[0]


@given(nodes=NODES)
def test_so_can_the_linear_constraints(nodes: Nodes) -> None:
    """Each row of the truth table gives every node a value; with these, all constraints hold but that on the goal."""
    terms = Terms()
    goal = grow(terms, nodes)
    numbers = cone(terms, [goal])
    *defining, demand = constraints(terms, goal)
    for true in rows():
        value = dict(zip(numbers, evaluate(terms, numbers, true), strict=True))

        def holds(one: PseudoBoolean, value: dict[int, bool] = value) -> bool:
            return sum(weight * value[number] for weight, number in one.weighted) >= one.bound

        assert all(holds(one) for one in defining)
        assert holds(demand) == evaluate(terms, [goal], true)[0]
        for number in numbers:  # and with the opposite for one node, some do not
            if terms.nodes[number] is not None:
                assert not all(holds(one, value | {number: not value[number]}) for one in defining)


def test_answers_that_contradict_each_other_are_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cadical, "_true_variables", lambda self, goal, variables, limit: None)
    terms = Terms()
    with pytest.raises(Disagreement, match=r"z3: satisfiable, .*cadical: unsatisfiable") as raised:
        solver("all", terms).solve(terms.variable("x"), NO_LIMIT)
    assert raised.value.exit_code == 4


def test_an_answer_of_all_is_one_that_all_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cadical, "_true_variables", lambda self, goal, variables, limit: "it is tired")
    terms = Terms()
    assert solver("all", terms).solve(terms.variable("x"), NO_LIMIT) == Undecided("cadical gave up: it is tired")


def killed(self: Cadical, goal: Literal, variables: frozenset[int], limit: Limit) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def out_of_memory(self: Cadical, goal: Literal, variables: frozenset[int], limit: Limit) -> None:
    raise MemoryError


@pytest.mark.parametrize(("work", "reason"), [(killed, "cadical died"), (out_of_memory, "cadical ran out of memory")])
def test_a_solver_that_dies_has_decided_nothing(work: Any, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cadical, "_true_variables", work)
    terms = Terms()
    found = Cadical(terms).solve(terms.variable("x"), NO_LIMIT)
    assert isinstance(found, Undecided)
    assert found.reason.startswith(reason)


def test_a_solver_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cadical, "_true_variables", lambda self, goal, variables, limit: sleep(600))
    terms = Terms()
    with pytest.raises(OutOfTime):
        Cadical(terms).solve(terms.variable("x"), Limit(monotonic() + 0.1))


@pytest.mark.parametrize(
    ("name", "there", "says"),
    [
        ("mini", [], "there are z3, cvc5"),
        ("cvc5", [], r"\[solvers\]"),
        ("exact", [], r"\[exact\]"),
        ("all", ["z3"], "only z3"),
    ],
)
def test_a_solver_that_is_not_there_is_asked_for_in_vain(
    name: str, there: list[str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "installed", lambda: there)
    with pytest.raises(UsageError, match=says):
        demand_installed(name)


def test_all_are_all_that_are_installed_and_two_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "installed", lambda: ["z3"])
    demand_installed("z3")
    assert solvers_of("z3") == ("z3",)
    monkeypatch.setattr(answers, "installed", lambda: ["z3", "cvc5"])
    demand_installed("all")
    assert solvers_of("cvc5") == ("cvc5",)
    assert solvers_of("all") == ("z3", "cvc5")


@pytest.mark.parametrize("reason", ["canceled", "timeout", "interrupted", "interrupted from keyboard"])
def test_why_z3_was_stopped_is_told_by_the_clock(reason: str) -> None:
    """z3 says no more than that it was stopped, by its time limit or by Ctrl-C."""
    with pytest.raises(Interrupted):
        _undecided(reason, NO_LIMIT)
    with pytest.raises(Interrupted):
        _undecided(reason, Limit(monotonic() + 1))
    with pytest.raises(OutOfTime):
        _undecided(reason, Limit(monotonic() + 0.05))
    assert "tired" in _undecided("tired", NO_LIMIT).reason


def test_what_z3_keeps_of_ctrl_c_to_itself_ends_all_that_would_come_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "_interrupted", False)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signals._interrupt)
    try:
        with pytest.raises(Interrupted):
            _undecided("canceled", NO_LIMIT)
        with pytest.raises(Interrupted):
            NO_LIMIT.check()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


@pytest.mark.parametrize("name", sorted(set(SOLVERS) - {"z3"}))
@given(nodes=NODES)
@settings(max_examples=20, deadline=None)
def test_where_the_system_cannot_fork_the_answer_is_the_same(name: str, nodes: Nodes) -> None:
    if name not in installed():
        missing(name)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("byzverify.workers.background.can_fork", lambda: False)
        terms = Terms()
        goal = grow(terms, nodes)
        demand_right(terms, goal, solver(name, terms).solve(goal, NO_LIMIT))


def crowded(terms: Terms, holes: int) -> Literal:
    """More pigeons than holes, at most one in each: no solver finds that out quickly by trying."""
    sits = [[terms.variable((pigeon, hole)) for hole in range(holes)] for pigeon in range(holes + 1)]
    everywhere = [terms.at_least(1, one) for one in sits]
    alone = [terms.either(-a[hole], -b[hole]) for a, b in combinations(sits, 2) for hole in range(holes)]
    return terms.at_least(len(everywhere) + len(alone), [*everywhere, *alone])


def test_z3s_ways_take_turns_until_one_has_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []

    def counted(number: int, context: z3.Context) -> z3.Solver:
        turns.append(number)
        return WAYS[number][0](context)

    monkeypatch.setattr("byzverify.solvers.z3.WAYS", [(partial(counted, number), 50) for number in (0, 1)])
    assert isinstance(Z3(terms := Terms()).solve(crowded(terms, 6), NO_LIMIT), Unsatisfiable)
    assert turns[:3] == [0, 1, 0]


class Tiring:
    """A solver that never has an answer, and gives up after so many steps. What it was told is in `told`."""

    made = 0
    told: list[tuple[str, int]]

    def __init__(self, steps: Sequence[int]) -> None:
        self.told = []
        self.turns = iter(steps)

    def add(self, goal: z3.BoolRef) -> None:
        """Does not care."""

    def set(self, name: str, value: int) -> None:
        """Notes what it may do."""
        self.told.append((name, value))

    def interrupt(self) -> None:
        """Nobody asks for it."""

    def check(self) -> z3.CheckSatResult:
        """Spends the steps of this turn."""
        self.made += next(self.turns)
        return z3.unknown

    def reason_unknown(self) -> str:
        """Says why."""
        return "tired"


@pytest.mark.parametrize("spent", [[99], [100, 99], [100, 199], [100, 200, 399], [100, 200, 400, 799]])
def test_a_way_that_gives_up_before_its_turn_is_over_ends_the_search(
    spent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    tiring = Tiring(spent)
    stops = []

    @contextmanager
    def stopping(stop: object) -> Iterator[None]:
        stops.append(stop)
        yield

    module = "byzverify.solvers.z3"
    monkeypatch.setattr(f"{module}.WAYS", [(lambda context: tiring, 100)])
    monkeypatch.setattr(f"{module}._steps", lambda context: tiring.made)
    monkeypatch.setattr(f"{module}.stopping_at_once", stopping)
    terms = Terms()
    assert Z3(terms).solve(terms.variable("x"), NO_LIMIT) == Undecided("z3 gave up: tired")
    assert tiring.told == [("rlimit", 100 * 2**turn) for turn in range(len(spent))]
    assert stops == [tiring.interrupt] * len(spent)


def test_z3_stops_at_the_limit() -> None:
    terms = Terms()
    goal = crowded(terms, 11)
    search = Z3(terms)
    search._translate(goal, NO_LIMIT)
    start = monotonic()
    with pytest.raises(OutOfTime):
        search.solve(goal, Limit(start + 0.2))
    assert monotonic() < start + 60
    assert isinstance(search.solve(crowded(terms, 2), Limit(monotonic() + 100)), Unsatisfiable)


def test_where_z3_fails_it_has_decided_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Z3, goal: Literal, limit: Limit) -> Found:
        raise z3.Z3Exception(reason)

    monkeypatch.setattr(Z3, "_answer", fails)
    terms = Terms()
    for reason in ("out of memory", "k is too large"):
        assert Z3(terms).solve(terms.variable("x"), NO_LIMIT) == Undecided(f"z3 failed: {reason}")


def test_where_another_solvers_library_fails_it_has_decided_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cadical, "_true_variables", staticmethod(int))  # which cannot be called so
    terms = Terms()
    found = Cadical(terms).solve(terms.variable("x"), NO_LIMIT)
    assert isinstance(found, Undecided)
    assert found.reason.startswith("cadical failed: TypeError: ")
