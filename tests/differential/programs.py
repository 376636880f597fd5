"""What a tree of `syntax.py` comes to: one protocol that runs any of them, by the operations of the language.

An attack file names the protocol `Written` of this file, and has the tree among its parameters, as a text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from byzverify.language import (
    COMMANDER,
    RETREAT,
    TRUE,
    Decision,
    Dispatch,
    General,
    Inbox,
    Label,
    Message,
    Order,
    Problem,
    Program,
    Protocol,
    Truth,
    broadcast,
    send,
    sign,
)
from tests.differential import syntax as tree
from tests.differential.conditions import conditions
from tests.differential.places import Place, Scope, who
from tests.differential.syntax import Node, People, Person, Several

GROUPS: dict[str, Callable[[list[General]], list[list[General]]]] = {
    "all": lambda deciders: [deciders],
    "halves": lambda deciders: [deciders[: len(deciders) // 2], deciders[len(deciders) // 2 :]],
    "all but the first": lambda deciders: [deciders[1:]],
    "none": lambda deciders: [],
}
"""Which groups of those who decide are declared to be interchangeable."""


class Seated(Place):
    """One general, with what has reached him so far."""

    def __init__(self, protocol: Protocol, me: General, order: Order | None) -> None:
        self.protocol = protocol
        self.me = me
        self.own = RETREAT if order is None else order
        self.inboxes: list[Inbox] = []
        self.scope: Scope = {"me": me, "commander": COMMANDER}

    def people(self, people: People, scope: Scope) -> Sequence[General]:
        match people:
            case "all":
                return self.protocol.generals
            case "others" | "first" | "rest":
                others = self.protocol.others(self.me)
                return {"others": others, "first": others[:1], "rest": others[1:]}[people]
            case "fellows":
                return self.protocol.others(self.me, COMMANDER)
            case "neighbours":
                return self.protocol.neighbours(self.me)
            case "strangers":  # whom nobody has named so far
                return self.protocol.others(*scope.values())
            case "me":
                return [self.me]
            case "general 1":
                return [1]
        raise TypeError(f"who are {people}?")

    def order(self, node: Node, scope: Scope) -> Order:
        match node:
            case tree.Own():
                return self.own
            case tree.Heard(round, sender, label, default):
                inbox = self.inboxes[round - 1]
                return inbox.get(who(sender, scope), _label(label, scope), self.order(default, scope))
            case tree.Field(round, sender, name, fields, optional, label, default):
                message = self._message(round, sender, fields, optional, label, scope)
                return message.get(name, self.order(default, scope))
        return super().order(node, scope)

    def _message(
        self, round: int, sender: Person, fields: Sequence[str], optional: Sequence[str], label: Label, scope: Scope
    ) -> Message:
        inbox = self.inboxes[round - 1]
        return inbox.message(who(sender, scope), _label(label, scope), fields=fields, optional=optional)

    def truth(self, node: Node, scope: Scope) -> Truth:
        match node:
            case tree.Shown(round, order, signers):
                return self.inboxes[round - 1].signed(Order(order), [who(signer, scope) for signer in signers]).came
            case tree.Came(round, sender, fields, optional, label):
                return self._message(round, sender, fields, optional, label, scope).came
        return super().truth(node, scope)

    def sent(self, nodes: Several) -> list[Dispatch]:
        """What these nodes send."""
        return [dispatch for some in self.each(nodes, self.scope, self.dispatches) for dispatch in some]

    def dispatches(self, node: Node, scope: Scope) -> list[Dispatch]:
        """What one node sends."""
        match node:
            case tree.By(general, what):
                return self.dispatches(what, scope) if self.me == general else []
            case tree.Say(order, label, to):
                return [self._say(self.order(order, scope), _label(label, scope), to, scope)]
            case tree.Tell(fields, label, to, when):
                said = {name: self.order(order, scope) for name, order in fields}
                return [self._say(said, _label(label, scope), to, scope, self.truth(when, scope))]
            case tree.Sign(order, to):
                signed = self.order(order, scope)
                return [sign(v, v == signed, **self._addressed(to, scope)) for v in self.protocol.orders]
            case tree.Endorse(round, signers, to, when):
                chain = [who(signer, scope) for signer in signers]
                came = [self.inboxes[round - 1].signed(v, chain) for v in self.protocol.orders]
                return [sign(one, self.truth(when, scope), **self._addressed(to, scope)) for one in came]
        raise TypeError(f"{node} sends nothing")

    def _say(
        self, said: Order | dict[str, Order], label: Label, to: People, scope: Scope, when: Truth = TRUE
    ) -> Dispatch:
        if to in ("all", "all but me"):
            return broadcast(said, label, without=[self.me] if to == "all but me" else (), when=when)
        return send(said, [scope[to]] if to in scope else self.people(to, scope), label, when=when)

    def _addressed(self, to: People, scope: Scope) -> dict[str, Any]:
        if to in ("all", "all but me"):
            return {"without": [self.me] if to == "all but me" else ()}
        return {"to": self.people(to, scope)}

    def decision(self, node: Node) -> Decision:
        """What the general decides."""
        match node:
            case tree.Pair(order, count):
                return self.order(order, self.scope), self.sum(count, self.scope)
            case tree.Vector(variable, people, order):
                about = self.people(people, self.scope)
                return {general: self.order(order, {**self.scope, variable: general}) for general in about}
        return self.order(node, self.scope)


def _label(label: Label, scope: Scope) -> Label:
    if isinstance(label, tuple):
        return tuple(scope[part] if isinstance(part, str) and part in scope else part for part in label)
    return label


@lru_cache(4)
def read(text: str) -> tuple[tree.Program, Problem]:
    """The tree that a text says, and the problem in it."""
    program: tree.Program = eval(text, vars(tree).copy())
    return program, Problem("written", tuple(conditions(program.conditions)), has_commander=program.has_commander)


class Written(Protocol):
    """The protocol whose tree has this text."""

    text: str

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        return read(self.text)[1]

    @property
    def rushing(self) -> bool:  # type: ignore[override]
        return read(self.text)[0].rushing

    @property
    def marks(self) -> tuple[Order, ...]:
        return tuple(Order(name) for name in read(self.text)[0].marks)

    def interchangeable(self) -> list[list[General]]:
        return GROUPS[read(self.text)[0].groups](list(self.problem.deciders(self.n)))

    def general(self, me: General, order: Order | None) -> Program:
        program, _ = read(self.text)
        seat = Seated(self, me, order)
        for nodes in program.rounds:
            inbox = yield seat.sent(nodes) or None
            seat.inboxes.append(inbox)
        return seat.decision(program.decision)
