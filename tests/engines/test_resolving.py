"""A tree that is resolved by the types of its paths has the value that going through all paths gives it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import byzverify
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.rules import Opaque, Rules
from byzverify.engines.finite.scenarios import Symmetry, scenarios
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.engines.finite.variables import Starts
from byzverify.errors import Breaches, RuleBroken
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    INTERACTIVE_CONSISTENCY,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    broadcast,
    count,
    ite,
    majority,
    plurality,
)
from byzverify.language.faults import budget_of
from byzverify.language.values import domain
from byzverify.limits import NO_LIMIT
from byzverify.logic.terms import SimplifiedTerms, Terms, cone
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Random
from byzverify.solvers.answers import Unsatisfiable, solver
from tests.engines.eig_written_out import EIG as EIGWrittenOut
from tests.engines.om_written_out import OM as OMWrittenOut


def majority_of_all(told: Order, values: Sequence[Order]) -> Order:
    return majority([told, *values])


RULES: dict[str, Any] = {
    "majority of all": majority_of_all,
    "majority of the others": lambda _, values: majority(values),
    "plurality, a tie falls to what was told": lambda told, values: plurality(values, told),
    "one vote is enough": lambda told, values: ite(count([told, *values], ATTACK) >= 1, ATTACK, RETREAT),
    "two thirds, or what was told": lambda told, values: ite(
        3 * count(values, ATTACK) >= 2 * len(values), ATTACK, ite(count(values, ATTACK) >= 1, told, RETREAT)
    ),
    "what was told counts twice": lambda told, values: majority([told, told, *values], default=ATTACK),
    "what was told": lambda told, _: told,
    "always the same": lambda *_: ATTACK,
    "a lonely vote, or what was told": lambda told, values: ite(count(values, ATTACK) == 1, ATTACK, told),
    "what was told, unless somebody is silent": lambda told, values: ite(count(values, ABSENT) >= 1, RETREAT, told),
    "the others' weakest": lambda _, values: ite(count(values, ATTACK) == len(values), ATTACK, ABSENT),
}


class Gossip(Protocol):
    """OM or EIG with another rule, and another word for what is missing."""

    m: int
    rule: str
    missing: str = "RETREAT"

    def general(self, me: General, order: Order) -> Program:
        missing = {"RETREAT": RETREAT, "ATTACK": ATTACK, "ABSENT": ABSENT}[self.missing]
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER], missing=missing)
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        return ite(heard.resolved(RULES[self.rule], (COMMANDER,)) == ATTACK, ATTACK, RETREAT)


class Vectors(Protocol):
    """EIG with another rule."""

    m: int
    rule: str
    missing: str = "RETREAT"
    problem = INTERACTIVE_CONSISTENCY

    def general(self, me: General, order: Order) -> Program:
        missing = {"RETREAT": RETREAT, "ATTACK": ATTACK, "ABSENT": ABSENT}[self.missing]
        heard = Tree(self, me, self.generals, order, missing=missing, closed=True)
        for _ in range(self.m + 1):
            heard.grow((yield heard.relays()))
        values = {j: heard.resolved(RULES[self.rule], (j,)) for j in self.generals}
        return {j: ite(value == ATTACK, ATTACK, RETREAT) for j, value in values.items()}


class Several(Protocol):
    """ATTACK if two trees differ: in their run, in their rule, or in the word for what is missing."""

    m: int
    runs: int = 1
    rule: str = "majority of all"
    other_rule: str = "majority of all"
    other_missing: str = "RETREAT"

    def general(self, me: General, order: Order) -> Program:
        trees = [Tree(self, me, [COMMANDER]), Tree(self, me, [COMMANDER], missing=Order(self.other_missing))]
        for part in range(self.runs):
            grown = trees[part:] if part or self.runs == 1 else trees[:1]
            for level in range(self.m + 1):
                if me == COMMANDER:
                    inbox = yield None if level else broadcast(order, (COMMANDER,), [me])
                else:
                    inbox = yield grown[0].relays() if level else None
                for tree in grown:
                    tree.grow(inbox)
        if me == COMMANDER:
            return order
        rules = [RULES[self.rule], RULES[self.other_rule]]
        one, other = [tree.resolved(rule, (COMMANDER,)) for tree, rule in zip(trees, rules, strict=True)]
        return ite(one == other, RETREAT, ATTACK)


def goals(protocol: Protocol, budget: Any, terms: Terms, folded: bool) -> list[int]:
    """The goals of all cases, with and without resolving by types."""
    symmetry = Symmetry(tuple(protocol.groups))
    found = []
    for scenario in scenarios(protocol, budget, symmetry):
        stated = obligations(protocol, replace(scenario, folded=folded), terms)
        assert (stated._resolver is not None) is folded
        found += [stated.violation(case) for case in scenario.cases]
    return found


def are_the_same(terms: Terms, one: int, other: int) -> bool:
    return one == other or isinstance(solver("z3", terms).solve(-terms.same(one, other), NO_LIMIT), Unsatisfiable)


def demand_the_same_goals(protocol: Protocol, budget: Any) -> None:
    terms = SimplifiedTerms()
    resolved, written_out = (goals(protocol, budget, terms, folded) for folded in (True, False))
    names = terms.names()
    assert not any(isinstance(names.get(number), Opaque) for number in cone(terms, resolved))
    assert len(resolved) == len(written_out)
    assert all(are_the_same(terms, *pair) for pair in zip(resolved, written_out, strict=True))


@pytest.mark.parametrize(
    "differing",
    [
        {"runs": 2},
        {"other_rule": "one vote is enough"},
        {"rule": "two thirds, or what was told", "other_rule": "majority of the others"},
        {"other_missing": "ATTACK"},
    ],
    ids=str,
)
@pytest.mark.parametrize(("n", "m", "t"), [(4, 1, 1), (4, 1, 2), (5, 2, 2)])
def test_trees_that_differ_in_one_thing_are_told_apart(differing: dict[str, Any], n: int, m: int, t: int) -> None:
    demand_the_same_goals(Several(n=n, m=m, **differing), budget_of(t))


BUDGETS = ["byzantine=1", "byzantine=2", "symmetric=1", "omission=1", "crash=1", "manifest=2", "byzantine=1,omission=1"]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([Gossip, Vectors]),
    st.integers(3, 6),
    st.integers(0, 2),
    st.sampled_from(sorted(RULES)),
    st.sampled_from(["RETREAT", "ATTACK", "ABSENT"]),
    st.sampled_from(BUDGETS),
    st.integers(2, 3),
)
def test_by_types_goals_mean_what_they_mean_path_by_path(
    kind: type[Protocol], n: int, m: int, rule: str, missing: str, faults: str, values: int
) -> None:
    modes = dict(part.split("=") for part in faults.split(","))
    budget = budget_of({mode: int(number) for mode, number in modes.items()})
    size = 5 if kind is Vectors else 6
    protocol = kind(n=min(n, size), m=min(m, n - 2), rule=rule, missing=missing, values=values)  # type: ignore[call-arg]
    demand_the_same_goals(protocol, budget)


@pytest.mark.parametrize("missing", ["RETREAT", "ABSENT"])
@pytest.mark.parametrize("rule", RULES)
def test_the_same_goals_by_every_rule(rule: str, missing: str) -> None:
    demand_the_same_goals(Gossip(n=6, m=2, rule=rule, missing=missing), budget_of(2))


@pytest.mark.parametrize(("n", "m", "t"), [(7, 2, 2), (6, 2, 2), (8, 2, 3), (10, 3, 3), (7, 3, 2), (5, 2, 1)])
def test_the_same_goals_at_larger_sizes(n: int, m: int, t: int) -> None:
    demand_the_same_goals(OM(n=n, m=m), budget_of(t))


@pytest.mark.parametrize(
    ("by_tree", "written_out", "size"),
    [
        (OM, OMWrittenOut, (3, 1)),
        (OM, OMWrittenOut, (7, 2)),
        (EIG, EIGWrittenOut, (4, 1)),
        (EIG, EIGWrittenOut, (6, 2)),
    ],
)
def test_the_models_say_and_decide_what_their_texts_without_a_tree_do(
    by_tree: type[Protocol], written_out: type[Protocol], size: tuple[int, int]
) -> None:
    n, m = size
    for seed in range(6):
        played = [
            run(model(n=n, m=m), {1, seed % n}, {0: ATTACK}, Random((RETREAT, ATTACK), seed), everyone=True)  # type: ignore[call-arg]
            for model in (by_tree, written_out)
        ]
        one, other = ({g: str(d) for g, d in each.decisions.items()} for each in played)
        assert one == other
        assert played[0].messages == played[1].messages
        assert [str(lie) for lie in played[0].lies] == [str(lie) for lie in played[1].lies]


@pytest.mark.parametrize("rule", RULES)
def test_rules_that_count_their_values_alike_are_known_as_such(rule: str) -> None:
    for terms in (Terms(), SimplifiedTerms()):
        assert Rules(SymbolicAlgebra(terms, domain(2))).meaning(RULES[rule], 3) is not None


class Ruler:
    """Rules of other forms than a function."""

    def __init__(self) -> None:
        self.asked: list[Order] = []

    def __call__(self, told: Order, values: Sequence[Order]) -> Order:
        return majority([told, *values])

    def noting(self, told: Order, values: Sequence[Order]) -> Order:
        """Keeps what it is told."""
        self.asked.append(told)
        return majority([told, *values])


class Elsewhere:
    """Hands on to a rule, as what is written in another language can."""

    __slots__ = ("rule",)

    def __init__(self, rule: Callable[..., Order]) -> None:
        self.rule = rule

    def __call__(self, *given: Any) -> Order:
        return self.rule(*given)


def of_a_variable_without_value() -> Any:
    def rule(told: Order, values: Sequence[Order]) -> Order:
        return majority([told, *values]) if values else later

    if not RULES:
        later = RETREAT
    return rule


@pytest.mark.parametrize(
    "rule",
    [
        Ruler(),
        Ruler().__call__,
        partial(RULES["majority of all"]),
        Elsewhere(RULES["what was told"]),
        of_a_variable_without_value(),
    ],
)
def test_a_rule_of_any_form_can_count_alike(rule: Any) -> None:
    assert Rules(SymbolicAlgebra(SimplifiedTerms(), domain(2))).meaning(rule, 3) is not None


def test_a_rule_that_keeps_something_in_the_object_that_it_belongs_to_is_noticed() -> None:
    with pytest.raises(RuleBroken, match=r"^keeps something in the tree's rule\.asked, which"):
        Rules(SymbolicAlgebra(SimplifiedTerms(), domain(2))).meaning(Ruler().noting, 3)


def first_twice(told: Order, values: Sequence[Order]) -> Order:
    return majority([told, values[0], *values])


def test_a_rule_that_prefers_one_of_its_values_does_not_count_alike() -> None:
    assert Rules(SymbolicAlgebra(SimplifiedTerms(), domain(2))).meaning(first_twice, 3) is None


def test_a_rule_that_catches_what_it_breaks_does_not_count_alike_and_its_trial_is_no_breach_of_the_program() -> None:
    def rule(told: Order, values: Sequence[Order]) -> Order:
        try:
            return told if told == values[0] else RETREAT
        except RuleBroken:
            return RETREAT

    with Breaches() as breaches:
        assert Rules(SymbolicAlgebra(SimplifiedTerms(), domain(2))).meaning(rule, 3) is None
    assert breaches.messages == []


def test_a_rule_that_looks_at_what_it_was_given_before_does_not_count_alike() -> None:
    rules = Rules(SymbolicAlgebra(SimplifiedTerms(), domain(2)))
    notes: list[list[Order]] = [[]]

    def rule(told: Order, values: Sequence[Order]) -> Order:
        if len(values) == 4:
            notes[0] = notes[0] or [values[-1]]
            return majority([told, *values])
        return majority([told, *notes[0], *values])

    with pytest.raises(RuleBroken, match="keeps something"):
        rules.meaning(rule, 4)
    notes = [[*notes[0]]]
    assert rules.meaning(rule, 4) is not None
    assert rules.meaning(rule, 2) is None


def test_a_rule_that_looks_at_something_else_does_not_count_alike() -> None:
    algebra = SymbolicAlgebra(SimplifiedTerms(), domain(2))
    other = algebra.variable(partial(Starts, 0), RETREAT)
    rules = Rules(algebra)
    assert rules.meaning(lambda told, values: majority([told, other, *values]), 3) is None
    assert rules.meaning(lambda told, values: ite(other == ATTACK, told, values[0]), 1) is None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("fallback", [RETREAT, ABSENT])
def test_a_meaning_put_for_a_rule_makes_the_same_of_orders(rule: str, fallback: Order) -> None:
    algebra = SymbolicAlgebra(SimplifiedTerms(), domain(3))
    told, *values = [algebra.variable(partial(Starts, place), fallback) for place in range(4)]
    for those in (values, [told, *values[1:]], [algebra.order(ATTACK), *values[1:]]):
        rules = Rules(algebra)
        meaning = rules.meaning(RULES[rule], len(those))
        assert meaning is not None
        applied, made = rules.applied(meaning, told, those), algebra.order(RULES[rule](told, those))
        assert all(are_the_same(algebra.terms, *pair) for pair in zip(applied.bits, made.bits, strict=True))


class Partial(Protocol):
    """OM(1) in which somebody's value counts twice: whose, depends on the order in which generals are listed."""

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER])
        heard.grow((yield None))
        heard.grow((yield heard.relays()))
        return heard.resolved(first_twice, (COMMANDER,))


@pytest.mark.slow
def test_a_rule_that_prefers_somebody_is_found_to_break_the_symmetry() -> None:
    verdict = byzverify.check(Partial(n=4), 1)
    assert verdict.evidence.asymmetry is not None
    assert "depends on the order" in verdict.evidence.asymmetry


@pytest.mark.parametrize(
    ("model", "n", "m"), [(OM, 31, 10), pytest.param(OM, 61, 20, marks=pytest.mark.slow), (EIG, 16, 5)]
)
def test_what_is_too_large_for_going_through_is_proved_by_types(model: type[Protocol], n: int, m: int) -> None:
    """LSP 1982, Theorem 1; Pease, Shostak & Lamport 1980."""
    assert isinstance(byzverify.check(model(n=n, m=m)), byzverify.Proved)  # type: ignore[call-arg]
