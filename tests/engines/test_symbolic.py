"""Symbolic orders: what their variables mean, assignment by assignment."""

from itertools import chain, combinations, product
from typing import Any

import pytest

from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.errors import RuleBroken
from byzverify.language.values import ABSENT, Order, domain
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import SimplifiedTerms, Terms

WORDS = (*domain(3), Order("MAYBE"))


def meanings(algebra: SymbolicAlgebra, order: SymbolicOrder) -> set[str]:
    """What an order can be. Whatever is assigned, no more than one of its bits is true."""
    found = set()
    variables = list(algebra.terms.names())
    for row in product([False, True], repeat=len(variables)):
        true = {number for number, value in zip(variables, row, strict=True) if value}
        bits = evaluate(algebra.terms, order.bits, true)
        assert sum(bits) <= 1
        found.add(algebra.domain[bits.index(True)].name if any(bits) else ABSENT.name)
    return found


CASES = [
    (kind, words, fallback)
    for kind in (Terms, SimplifiedTerms)
    for words in (WORDS[:2], WORDS[:3], WORDS)
    for fallback in (ABSENT, *words)
]


@pytest.mark.parametrize(("kind", "words", "fallback"), CASES)
def test_a_variable_is_any_order_of_those_it_may_be_and_no_other(
    kind: type[Terms], words: tuple[Order, ...], fallback: Order
) -> None:
    for among in chain.from_iterable(combinations(words, size) for size in range(len(words) + 1)):
        algebra = SymbolicAlgebra(kind(), words)
        order = algebra.variable(lambda word: ("x", word), fallback, among)
        assert meanings(algebra, order) == {fallback.name, *(one.name for one in among)}
        assert len(algebra.terms.names()) == len({*among} - {fallback})


@pytest.mark.parametrize(("kind", "words", "default"), CASES)
def test_a_default_stands_where_nothing_came(kind: type[Terms], words: tuple[Order, ...], default: Order) -> None:
    algebra = SymbolicAlgebra(kind(), words)
    raw = algebra.variable(lambda word: ("x", word), ABSENT)
    filled = algebra.with_default(raw, default)
    assert meanings(algebra, filled) == {default.name, *(one.name for one in words)}
    assert filled.never_absent == (default is not ABSENT)


def test_an_order_is_known_to_be_sent_where_it_cannot_be_absent() -> None:
    algebra = SymbolicAlgebra(SimplifiedTerms(), WORDS)
    assert all(algebra.order(word).never_absent is True for word in WORDS)
    assert algebra.order(ABSENT).never_absent is False
    assert algebra.variable(lambda word: ("x", word), ABSENT).never_absent is False
    assert algebra.variable(lambda word: ("x", word), WORDS[1]).never_absent is True


@pytest.mark.parametrize(("thing", "says"), [(Order("NOBODY'S"), "NOBODY'S"), ("ATTACK", "where an order is expected")])
def test_what_is_no_order_of_the_domain_is_refused(thing: Any, says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        SymbolicAlgebra(Terms(), WORDS).order(thing)
