"""A protocol: its parameters, what it claims, and the program of one loyal general.

    class FirstWord(Protocol):
        def general(self, me, order):
            inbox = yield broadcast(order) if me == COMMANDER else None
            return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)

`yield` ends a round: it hands over what this general sends and gives back what reached him. `return` decides. A
program cannot ask who is loyal, here or anywhere: no method of a protocol is ever given the traitors.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Generator, Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar, Self, dataclass_transform

from byzverify.errors import ProtocolError, UsageError
from byzverify.language.conditions import BYZANTINE_GENERALS, COMMANDER, Problem
from byzverify.language.messages import General, Inbox, Outbox
from byzverify.language.values import Order, domain

Program = Generator[Outbox, Inbox, Order]
"""The program of one general: yields what he sends in a round, receives his inbox, returns his decision."""


MOST = 1000
"""How many generals, and how many different orders, there can be. Every general is executed: more is of no use."""

KINDS = {"int": "a whole number", "bool": "True or False", "float": "a number", "str": "a text"}
"""The types that a parameter may have, and what they are called in messages."""


def parameters(protocol: Protocol | type[Protocol]) -> list[Field[Any]]:
    """The parameters of a protocol."""
    return [found for found in fields(protocol) if found.init]


def kind_of(parameter: Field[Any]) -> str:
    """The name of a parameter's type. Raises ProtocolError for a type that parameters cannot have."""
    kind = parameter.type if isinstance(parameter.type, str) else parameter.type.__name__
    if kind not in KINDS:
        raise ProtocolError(f"the parameter {parameter.name} is annotated {kind}; write one of {', '.join(KINDS)}")
    return kind


@dataclass_transform(kw_only_default=True, frozen_default=True)
@dataclass(frozen=True, kw_only=True)
class Protocol:
    """The base of every protocol. A subclass becomes a frozen dataclass: its annotations are its parameters.

    n: how many generals there are. values: how many different orders, 2 or more. Raises UsageError for parameters
    that make no sense; a model adds its own with `require` in `__post_init__`.
    """

    n: int
    values: int = 2
    _copy: object = field(default=None, init=False, repr=False)  # each general's copy is unlike all others

    problem: ClassVar[Problem] = BYZANTINE_GENERALS
    claim: ClassVar[str] = ""
    """What the authors published, with the source, in one line."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        dataclass(frozen=True, kw_only=True)(cls)

    def __post_init__(self) -> None:
        if not isinstance(self.problem, Problem):
            raise ProtocolError(f"{type(self).__name__}.problem must be BYZANTINE_GENERALS or CONSENSUS")
        for parameter in parameters(self):
            value = getattr(self, parameter.name)
            kind = kind_of(parameter)
            self.require(type(value).__name__ == kind, f"{parameter.name} must be {KINDS[kind]}, not {value!r}")
        self.require(1 <= self.n <= MOST, f"there must be 1 to {MOST} generals, not n={self.n}")
        self.require(2 <= self.values <= MOST, f"there must be 2 to {MOST} values to agree on, not {self.values}")

    def general(self, me: General, order: Any) -> Program:
        """The program of loyal general number `me`; `order` is what he starts with, None if nothing."""
        raise NotImplementedError

    def tolerates(self, t: int) -> bool:
        """Whether the protocol's authors claim that its conditions hold for every choice of at most `t` traitors."""
        return False

    def interchangeable(self) -> Sequence[Collection[General]]:
        """Groups of generals that the program treats alike; the checker checks that it does, for each instance."""
        return [self.problem.deciders(self.n)]

    @property
    def groups(self) -> list[list[General]]:
        """The declared groups. Raises ProtocolError where they overlap or name generals that do not exist."""
        try:
            groups = [sorted(group) for group in self.interchangeable()]
        except Exception as error:
            raise ProtocolError(
                f"{type(self).__name__}.interchangeable fails: {type(error).__name__}: {error}"
            ) from error
        members = [general for group in groups for general in group]
        if len(set(members)) < len(members) or not set(members) <= set(range(self.n)):
            raise ProtocolError(
                f"{type(self).__name__}.interchangeable names a general twice, or one that does not exist: {groups}"
            )
        starters = set(self.problem.starters(self.n))
        if any(starters & set(group) and set(group) - starters for group in groups):
            raise ProtocolError(f"{type(self).__name__}.interchangeable puts the commander among lieutenants: {groups}")
        return groups

    @staticmethod
    def require(holds: bool, otherwise: str) -> None:
        """Raise a UsageError that says `otherwise`, unless the parameters are as they must be."""
        if not holds:
            raise UsageError(otherwise)

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders that there are, the fallback RETREAT first."""
        return domain(self.values)

    @property
    def generals(self) -> tuple[General, ...]:
        """All generals, oneself included: ascending, but each starts his own interchangeable group with himself."""
        listed: tuple[General, ...] = self.__dict__.get("_listed", tuple(range(self.n)))
        return listed

    def others(self, *named: General) -> list[General]:
        """All generals but those named."""
        excluded = set(named)
        return [general for general in self.generals if general not in excluded]

    @property
    def lieutenants(self) -> list[General]:
        """All generals but the commander."""
        return self.others(COMMANDER)

    def seen_by(self, me: General) -> Self:
        """The protocol as general `me` sees it, on a copy of his own: `generals` lists them in his order."""
        listed = list(range(self.n))
        for group in self.groups:
            if me in group:
                start = group.index(me)
                for place, general in zip(group, group[start:] + group[:start], strict=True):
                    listed[place] = general
        return self.listing(listed)

    def listing(self, generals: Sequence[General]) -> Self:
        """The protocol on a copy that lists the generals in this order."""
        seen = copy.copy(self)
        object.__setattr__(seen, "_listed", tuple(generals))
        object.__setattr__(seen, "_copy", object())
        return seen
