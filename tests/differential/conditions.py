"""What the conditions of a tree come to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from byzverify.language import (
    ABSENT,
    AGREEMENT,
    COMMANDER,
    IC1,
    IC2,
    RETREAT,
    VALIDITY,
    Condition,
    Count,
    General,
    Order,
    Outcome,
    Truth,
    commander_is_loyal,
    same,
)
from tests.differential import syntax as tree
from tests.differential.places import Place, Scope, who
from tests.differential.syntax import Node, People

CONCERNS: dict[str, Callable[[Any, Collection[General]], bool]] = {
    "always": lambda protocol, loyal: True,
    "the commander is loyal": commander_is_loyal,
    "an even number is loyal": lambda protocol, loyal: len(loyal) % 2 == 0,
}

PUBLISHED = {condition.name: condition for condition in (IC1, IC2, AGREEMENT, VALIDITY)}


class Judging(Place):
    """An outcome, with the witnesses before whom a condition is to hold."""

    def __init__(self, outcome: Outcome, witnesses: tuple[General, ...]) -> None:
        self.outcome = outcome
        self.scope: Scope = {"commander": COMMANDER, **{f"w{i}": witness for i, witness in enumerate(witnesses)}}

    def people(self, people: People, scope: Scope) -> Sequence[General]:
        loyal, started = list(self.outcome.loyal), list(self.outcome.orders)
        match people:
            case "loyal":
                return loyal
            case "first loyal":
                return loyal[:1]
            case "starters":
                return started
            case "last starter":
                return started[-1:]
            case "loyal starters":
                return [general for general in started if general in loyal]
            case "second entry":
                vector = self.outcome.decisions[scope["w0"]]
                return list(vector)[1:2]
        raise TypeError(f"who are {people}?")

    def order(self, node: Node, scope: Scope) -> Order:
        decisions = self.outcome.decisions
        match node:
            case tree.Decided(general):
                decided = decisions[who(general, scope)]
                order: Order = decided[0] if isinstance(decided, tuple) else decided
                return order
            case tree.Entry(general, about):
                entry: Order = decisions[who(general, scope)].get(who(about, scope), ABSENT)
                return entry
            case tree.Started(general):
                return self.outcome.orders.get(who(general, scope), RETREAT)
        return super().order(node, scope)

    def truth(self, node: Node, scope: Scope) -> Truth:
        match node:
            case tree.Agree(one, other):
                return same(*(self.outcome.decisions[who(general, scope)] for general in (one, other)))
        return super().truth(node, scope)

    def count(self, node: Node, scope: Scope) -> Count:
        match node:
            case tree.Grade(general, weight):
                grade: Count = self.outcome.decisions[who(general, scope)][1]
                return weight * grade
        return super().count(node, scope)


def _holds(node: Node, outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    judging = Judging(outcome, witnesses)
    return judging.truth(node, judging.scope)


def conditions(nodes: Iterable[Node]) -> Iterator[Condition]:
    """The conditions that these nodes stand for."""
    for number, node in enumerate(nodes):
        match node:
            case tree.Published(name, at_least):
                yield PUBLISHED[name] if at_least else replace(PUBLISHED[name], needs_loyal=None)
            case tree.Claim(witnesses, holds, concerns):
                yield Condition(f"claim {number}", "", partial(_holds, holds), witnesses, CONCERNS[concerns])
