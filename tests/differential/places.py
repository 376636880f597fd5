"""What the parts of a tree come to that mean the same in a program and in a condition."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from byzverify.language import (
    ABSENT,
    ATTACK,
    RETREAT,
    Count,
    General,
    Order,
    Truth,
    all_of,
    any_of,
    count,
    how_many,
    ite,
    majority,
    plurality,
)
from tests.differential import syntax as tree
from tests.differential.syntax import For, Node, People, Person, Several

Scope = Mapping[Person, General]
"""Who each person is."""

T = TypeVar("T")

OPERATORS: dict[str, Callable[[Count, Count], Any]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def who(person: Person, scope: Scope) -> General:
    """The number of a person; a number is one already."""
    return person if isinstance(person, int) else scope[person]


class Place:
    """Where a tree is looked at: what is the same in a program and in a condition."""

    def people(self, people: People, scope: Scope) -> Sequence[General]:
        """Who these people are."""
        raise NotImplementedError

    def order(self, node: Node, scope: Scope) -> Order:
        """The order that the node stands for."""
        match node:
            case tree.Named(name):
                return {"ABSENT": ABSENT, "RETREAT": RETREAT, "ATTACK": ATTACK}.get(name) or Order(name)
            case tree.Majority(votes, default):
                return majority(self.each(votes, scope, self.order), self.order(default, scope))
            case tree.Plurality(votes, tie):
                return plurality(self.each(votes, scope, self.order), self.order(tie, scope))
            case tree.Choice(condition, then, otherwise):
                return ite(self.truth(condition, scope), self.order(then, scope), self.order(otherwise, scope))
        raise TypeError(f"{node} is no order here")

    def truth(self, node: Node, scope: Scope) -> Truth:
        """The truth that the node stands for."""
        match node:
            case tree.Same(left, right):
                return self.order(left, scope) == self.order(right, scope)
            case tree.Not(truth):
                return ~self.truth(truth, scope)
            case tree.All(truths):
                return all_of(self.each(truths, scope, self.truth))
            case tree.Some(truths):
                return any_of(self.each(truths, scope, self.truth))
            case tree.Compare(left, comparison, right):
                compared: Truth = OPERATORS[comparison](self.sum(left, scope), self.sum(right, scope))
                return compared
        raise TypeError(f"{node} is no truth here")

    def sum(self, node: tree.Sum, scope: Scope) -> Count:
        """The count that the node stands for."""
        total = how_many([])
        for part in self.each(node.counts, scope, self.count):
            total = total + part
        return total + node.number

    def count(self, node: Node, scope: Scope) -> Count:
        """One part of a sum."""
        match node:
            case tree.Tally(votes, order, weight):
                return weight * count(self.each(votes, scope, self.order), self.order(order, scope))
            case tree.HowMany(truths, weight):
                return weight * how_many(self.each(truths, scope, self.truth))
        raise TypeError(f"{node} is no count here")

    def each(self, nodes: Several, scope: Scope, one: Callable[[Node, Scope], T]) -> Iterator[T]:
        """What the nodes stand for, a `For` once for each of its people."""
        for node in nodes:
            if isinstance(node, For):
                for person in self.people(node.people, scope):
                    yield from self.each((node.what,), {**scope, node.variable: person}, one)
            else:
                yield one(node, scope)
