"""What a general sends in one round, by label, for the code that carries it: complete, or created on demand.

A program yields an outbox in whatever form is easy to write (`messages.Outbox`). The general's seat turns it into an
`Outgoing`, and the executions see nothing else. This module knows messages. It does not know programs, the rules that
an outbox must keep, or what happens to what is sent.
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
    """What a general sends in one round: the dispatches under each label or form.

    trees: the trees whose last level is relayed as a whole, in addition to what is `written`.
    """

    trees: Sequence[Tree] = ()

    @property
    @abstractmethod
    def number(self) -> int:
        """The number of labels; the same as `len`, which has an upper limit."""

    @abstractmethod
    def written(self) -> Iterator[tuple[Label, Dispatch]]:
        """The dispatches that the program itself has written, each with its label."""

    @abstractmethod
    def chains(self) -> Iterator[Chain]:
        """The labels that carry signatures."""

    @abstractmethod
    def to(self, receiver: General) -> dict[Label, Order]:
        """The orders for one general, by label."""

    def said(self, label: Label, receiver: General) -> Order | None:
        """The order sent to one general under a label; None if there is none."""
        for dispatch in self.get(label, ()):
            if dispatch.reaches(receiver):
                return dispatch.value
        return None

    def remade(self, make: Callable[[Order], Order]) -> Listed:
        """The same dispatches with `make` applied to each value, as a complete list."""
        return Listed(
            (label, [Dispatch(make(one.value), label, one.to, one.without) for one in dispatches])
            for label, dispatches in self.items()
        )


class Listed(dict[Label, list[Dispatch]], Outgoing):
    """An outbox with all its dispatches already created."""

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
"""The outbox of a general who sends nothing."""


class Prepared(Iterable[Dispatch]):
    """An outbox that a program can yield and that already knows its labels, so it need not be sorted."""

    @abstractmethod
    def listed(self) -> Listed:
        """All dispatches, created now."""

    def __iter__(self) -> Iterator[Dispatch]:
        return (dispatch for _, dispatch in self.listed().written())

    @abstractmethod
    def deferred(self, me: General, protocol: object) -> Outgoing | None:
        """The same for general `me` of this protocol, created on demand; None if that is not possible."""
