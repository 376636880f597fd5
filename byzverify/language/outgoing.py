"""What a general sends in one round, by label, for whoever carries it: all of it at hand, or made when it is asked for.

A program yields an outbox in whatever form is easy to write (`messages.Outbox`); its seat makes an `Outgoing` of it,
and that is all that the executions see. This module knows messages. It does not know programs, the rules that an outbox
must keep, or what becomes of what is sent.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from byzverify.language.labels import Chain, Label, chains_in
from byzverify.language.messages import Dispatch, General
from byzverify.language.values import Order

if TYPE_CHECKING:
    from byzverify.language.gathering import Tree


class Outgoing(Mapping[Label, Sequence[Dispatch]]):
    """What a general sends in one round: under each label, or form, its dispatches.

    trees: those whose last level is relayed as a whole, beside what is `written`.
    """

    trees: Sequence[Tree] = ()

    @property
    @abstractmethod
    def number(self) -> int:
        """How many labels there are; `len` says the same, but has an upper limit."""

    @abstractmethod
    def written(self) -> Iterator[tuple[Label, Dispatch]]:
        """What the program itself has written, each with its label."""

    @abstractmethod
    def chains(self) -> Iterator[Chain]:
        """The labels that carry signatures."""

    @abstractmethod
    def to(self, receiver: General) -> dict[Label, Order]:
        """What is for one general, by label."""

    def said(self, label: Label, receiver: General) -> Order | None:
        """What is said to one general under a label; None if nothing is."""
        for dispatch in self.get(label, ()):
            if dispatch.reaches(receiver):
                return dispatch.value
        return None

    def remade(self, make: Callable[[Order], Order]) -> Listed:
        """The same dispatches with what `make` makes of each value, all there."""
        return Listed(
            (label, [Dispatch(make(one.value), label, one.to, one.without) for one in dispatches])
            for label, dispatches in self.items()
        )


class Listed(dict[Label, list[Dispatch]], Outgoing):
    """An outbox that is all there."""

    @property
    def number(self) -> int:
        return len(self)

    def written(self) -> Iterator[tuple[Label, Dispatch]]:
        return ((label, dispatch) for label, dispatches in self.items() for dispatch in dispatches)

    def chains(self) -> Iterator[Chain]:
        return chains_in(self)

    def to(self, receiver: General) -> dict[Label, Order]:
        return {label: order for label in self if (order := self.said(label, receiver)) is not None}


NOTHING: Outgoing = Listed()
"""What a general sends who sends nothing."""


class Prepared(Iterable[Dispatch]):
    """What a program can yield that knows by itself what is sent, and need not be sorted."""

    @abstractmethod
    def listed(self) -> Listed:
        """All that is sent."""

    def __iter__(self) -> Iterator[Dispatch]:
        return (dispatch for _, dispatch in self.listed().written())

    @abstractmethod
    def deferred(self, me: General, protocol: object) -> Outgoing | None:
        """The same for general `me` of this protocol, made when it is asked for; None if that is not possible."""
