"""Gathering: who told whom what, as a tree of paths that grows by one level a round and is resolved from its leaves up.

This is the tree of *exponential information gathering* (EIG): Pease, Shostak & Lamport 1980; Bar-Noy, Dolev, Dwork &
Strong 1987, who call the last step resolving; Lynch, "Distributed Algorithms", 1996, section 6.2. A *path* (0, 2, 5)
stands for what general 5 says that general 2 told him that general 0 said; the number of paths grows exponentially with
their length. This module defines the meaning of a tree by plain loops. The checker may compute the same result by a
shorter way, because a rule applied at one path is the same rule at all others (`engines/finite/resolving.py`). This
module knows messages and values.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import perm
from typing import TYPE_CHECKING, Any

from byzverify.errors import RuleBroken
from byzverify.language.messages import Chain, Dispatch, General, Inbox, Label, Message, broadcast, bundle
from byzverify.language.outgoing import Listed, Outgoing, Prepared
from byzverify.language.quantities import Quantity, Whole
from byzverify.language.records import Form
from byzverify.language.values import RETREAT, Order

if TYPE_CHECKING:
    from byzverify.language.protocol import Protocol

Path = tuple[General, ...]

Rule = Callable[[Order, Sequence[Order]], Order]
"""The value of a path, from what a general was told along it and the values of the paths that extend it by one."""


class Tree:
    """What one general hears along each path of different generals.

    roots: the generals with whom paths begin. own: the order that this general passes on along the empty path, if he is
    a root. missing: the order that stands for one that did not come. closed: whether a general counts himself among
    those who relay, and tells everyone everything, as in EIG; otherwise he is on none of his own paths, and does not
    tell the generals on a path what came along it, as in OM. bundled: whether everything that a general relays in a
    round is one message to each receiver, with a field for each path; a message with other fields then does not count,
    and all its orders are missing.
    """

    def __init__(
        self,
        protocol: Protocol,
        me: General,
        roots: Collection[General],
        own: Order | None = None,
        *,
        missing: Order = RETREAT,
        closed: bool = False,
        bundled: bool = False,
    ) -> None:
        self.protocol = protocol
        self.me = me
        self.roots = tuple(roots)
        self.own = own
        self.missing = missing
        self.closed = closed
        self.bundled = bundled
        self._forms: dict[tuple[General, int], Form] = {}
        self.levels: list[Inbox] = []

    def grow(self, inbox: Inbox) -> None:
        """Add what this round brought: the paths that are longer by one general."""
        self.levels.append(inbox)

    def relaying(self, rounds: Whole) -> Generator[Any, Any, None]:
        """Relay in so many rounds all that came in the round before, and add what each brings. Use it with
        `yield from`.
        """
        if isinstance(rounds, Quantity):
            yield Relaying(self, rounds)
        else:
            for _ in range(rounds):
                self.grow((yield self.relays()))

    def told(self, path: Path) -> Order:
        """What came along `path`."""
        if not path and self.own is not None:
            return self.own
        inbox = self.levels[len(path) - 1]
        if not self.bundled:
            return inbox._read(path[-1], path, self.missing)
        form = self.form(path[-1], len(path))
        return Message(inbox, path[-1], form).get(path, self.missing) if path in form.fields else self.missing

    def relayed(self, path: Path) -> Order:
        """What this general relays of what came along `path`: the same order, unless a subclass changes it."""
        return self.told(path)

    def relays(self) -> Relays | Dispatch:
        """What to send next: all that came in the last round, each order under its path extended by oneself."""
        return bundle(Relays(self)) if self.bundled else Relays(self)

    def form(self, sender: General, length: int) -> Form:
        """The form of the message in which `sender` relays everything along paths of this length."""
        if (sender, length) not in self._forms:
            paths = ((*path, sender) for path in self._relayed_by(sender, length - 1))
            self._forms[sender, length] = Form((), frozenset(paths))
        return self._forms[sender, length]

    def resolved(self, rule: Rule, path: Path) -> Order:
        """The value of `path`. At a leaf: what was told along the path. Elsewhere: the result of `rule`, given what was
        told along the path and the values of the paths that extend it.
        """
        if not 0 < len(path) <= len(self.levels):
            raise RuleBroken(f"resolves a path of {len(path)} generals in a tree of {len(self.levels)} levels")
        return self.levels[-1].resolved(self, rule, path)

    def by_recursion(self, rule: Rule, path: Path) -> Order:
        """The definition of `resolved`, as a plain recursion."""
        if len(path) == len(self.levels):
            return self.told(path)
        return rule(self.told(path), [self.by_recursion(rule, (*path, j)) for j in self.after(path)])

    def after(self, path: Path) -> list[General]:
        """The generals who can extend a path."""
        return self.protocol.others(*path) if self.closed else self.protocol.others(self.me, *path)

    def how_many_after(self, length: int) -> int:
        """How many generals can extend a path of this length; negative if there is no such path."""
        return self.protocol.n - length - (not self.closed)

    def is_regular(self, path: Path, me: General, generals: Collection[General]) -> bool:
        """Whether the tree is as this file defines it for general `me` among these generals, and contains `path`.

        A program can build other trees, and ask a tree for paths that it does not have. A bundled tree is not regular,
        because no proof shows that the shorter way of resolving it is correct.
        """
        if type(self) is not Tree or self.bundled or self.me != me or self.protocol.n != len(generals):
            return False
        on_path = set(path) if self.closed else {me, *path}
        return len(on_path) == len(path) + (not self.closed) and set(self.after(path)) == set(generals) - on_path

    def paths(self, length: int, *without: General) -> Iterator[Path]:
        """The paths of this length that this general can relay, without those that contain any of these generals."""
        if length or self.own is not None:
            yield from self._relayed_by(self.me, length, *without)

    def _relayed_by(self, relay: General, length: int, *without: General) -> Iterator[Path]:
        """The paths of this length that `relay` can relay, avoiding `without`; for a root, `()` has length 0."""
        if not length:
            yield from [()] if relay in self.roots else []
        else:
            excluded = {relay, *without}
            for root in self.roots:
                if root not in excluded:
                    onwards = permutations(self.protocol.others(root, *excluded), length - 1)
                    yield from ((root, *path) for path in onwards)

    def samples(self, length: int) -> Iterator[Path]:
        """Some paths of this length that together have every general in every position possible for him."""
        for root in self.roots:
            others = self.protocol.others(root)
            for start in range(len(others)):
                yield (root, *(others[start:] + others[:start])[: length - 1])

    def as_it_is(self) -> Tree:
        """A copy of the tree as it is now, which later changes do not affect."""
        kept = copy.copy(self)
        kept.levels = [*self.levels]
        return kept

    def how_many_paths(self) -> int:
        """How many paths this general can relay next."""
        length = len(self.levels)
        if not length:
            return int(self.own is not None and self.me in self.roots)
        return sum(root != self.me for root in self.roots) * perm(self.protocol.n - 2, length - 1)


@dataclass(frozen=True)
class Relaying:
    """What a program yields in place of rounds of relaying if it is not known how many there are."""

    tree: Tree
    rounds: Quantity


class Relayed(Outgoing):
    """Everything that a general relays in one round. Messages are created only when they are asked for, from a copy of
    the tree, so that later changes by the program do not matter.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree.as_it_is()
        self.trees = (self._tree,)
        self._me = tree.me
        self._length = len(tree.levels) + 1
        self._number = tree.how_many_paths()
        self._made: dict[Label, list[Dispatch]] = {}

    def __getitem__(self, label: Label) -> list[Dispatch]:
        made = self._made.get(label)
        if made is None:
            if not self._is_mine(label):
                raise KeyError(label)
            made = self._made[label] = self._relayed(label)
        return made

    def _is_mine(self, label: Label) -> bool:
        """Whether there is a message under this label."""
        if not isinstance(label, tuple) or len(label) != self._length or label[-1] != self._me:
            return False
        if self._length == 1:
            return self._number == 1
        generals = self._tree.protocol.generals
        return label[0] in self._tree.roots and len(set(label)) == self._length and all(g in generals for g in label)

    def _relayed(self, label: Path) -> list[Dispatch]:
        path = label[:-1]
        return [broadcast(self._tree.relayed(path), label, without=() if self._tree.closed else path)]

    def __iter__(self) -> Iterator[Label]:
        return ((*path, self._me) for path in self._tree.paths(self._length - 1))

    def __len__(self) -> int:
        return self._number

    @property
    def number(self) -> int:
        return self._number

    def written(self) -> Iterator[tuple[Label, Dispatch]]:
        return iter(())

    def chains(self) -> Iterator[Chain]:
        return iter(())

    def to(self, receiver: General) -> dict[Label, Order]:
        relayed, me = self._tree.relayed, self._me
        without = () if self._tree.closed else (receiver,)
        return {(*path, me): relayed(path) for path in self._tree.paths(self._length - 1, *without)}

    def listed(self) -> Listed:
        """All messages."""
        return Listed((label, self._relayed(label)) for label in self)


class Relays(Prepared):
    """Everything that a general relays in one round, in the form that he hands to the network."""

    def __init__(self, tree: Tree) -> None:
        self._relayed = Relayed(tree)

    def listed(self) -> Listed:
        return self._relayed.listed()

    def deferred(self, me: General, protocol: object) -> Outgoing | None:
        """The messages, created on demand, if the tree is a plain `Tree` that belongs to this general."""
        tree = self._relayed.trees[0]
        return self._relayed if type(tree) is Tree and tree.me is me and tree.protocol is protocol else None
