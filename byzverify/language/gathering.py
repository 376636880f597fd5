"""Gathering: who told whom what, as a tree of paths that grows by one level a round and is resolved from its leaves up.

The tree of *exponential information gathering* (EIG): Pease, Shostak & Lamport 1980; Bar-Noy, Dolev, Dwork & Strong
1987, who speak of resolving it; Lynch, "Distributed Algorithms", 1996, section 6.2. A *path* (0, 2, 5) stands for what
general 5 says that general 2 told him that general 0 said; of one length there are exponentially many. What a tree
means is said here, by plain loops; the checker, which knows that a rule applied at one path is the same rule at all
others, may come to the same by a shorter way (`engines/finite/resolving.py`). This module knows messages and values.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import permutations
from math import perm
from typing import TYPE_CHECKING

from byzverify.errors import RuleBroken
from byzverify.language.messages import Chain, Dispatch, General, Inbox, Label, Message, broadcast, bundle
from byzverify.language.outgoing import Listed, Outgoing, Prepared
from byzverify.language.records import Form
from byzverify.language.values import RETREAT, Order

if TYPE_CHECKING:
    from byzverify.language.protocol import Protocol

Path = tuple[General, ...]

Rule = Callable[[Order, Sequence[Order]], Order]
"""What a general makes of what he was told along a path and of the values of the paths that prolong it by a general."""


class Tree:
    """What one general hears along each path of different generals.

    roots: with whom paths begin. own: what this general passes on along the path of nobody, if he is a root. missing:
    what is read where nothing comes. closed: whether he counts himself among those who relay, and tells everyone
    everything, as in EIG; else no path of his has himself in it, and what came along a path is not told to those on it,
    as in OM. bundled: whether all that a general relays in one round is one message to each receiver, with a field for
    each path; then a message with other fields is none, and everything in it is missing.
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
        """Add what this round brought: the paths that are longer by one."""
        self.levels.append(inbox)

    def told(self, path: Path) -> Order:
        """What came along `path`."""
        if not path and self.own is not None:
            return self.own
        inbox = self.levels[len(path) - 1]
        if not self.bundled:
            return inbox._read(path[-1], path, self.missing)
        form = self.form(path[-1], len(path))
        return Message(inbox, path[-1], form).get(path, self.missing) if path in form.fields else self.missing

    def relays(self) -> Relays | Dispatch:
        """What to send next: all that came in the last round, each order along the path that is longer by oneself."""
        return bundle(Relays(self)) if self.bundled else Relays(self)

    def form(self, sender: General, length: int) -> Form:
        """The form of the message in which `sender` relays all that he does along paths of this length."""
        if (sender, length) not in self._forms:
            paths = ((*path, sender) for path in self._relayed_by(sender, length - 1))
            self._forms[sender, length] = Form((), frozenset(paths))
        return self._forms[sender, length]

    def resolved(self, rule: Rule, path: Path) -> Order:
        """The value of `path`: at a leaf what was told along it, elsewhere what `rule` makes of that and the values of
        the paths that prolong it.
        """
        if not 0 < len(path) <= len(self.levels):
            raise RuleBroken(f"resolves a path of {len(path)} generals in a tree of {len(self.levels)} levels")
        return self.levels[-1].resolved(self, rule, path)

    def by_recursion(self, rule: Rule, path: Path) -> Order:
        """What `resolved` means."""
        if len(path) == len(self.levels):
            return self.told(path)
        return rule(self.told(path), [self.by_recursion(rule, (*path, j)) for j in self.after(path)])

    def after(self, path: Path) -> list[General]:
        """Who can prolong a path."""
        return self.protocol.others(*path) if self.closed else self.protocol.others(self.me, *path)

    def how_many_after(self, length: int) -> int:
        """How many generals can prolong a path of this length; negative where there is no such path."""
        return self.protocol.n - length - (not self.closed)

    def is_regular(self, path: Path, me: General, generals: Collection[General]) -> bool:
        """Whether it is as this file says, general `me`'s own among these generals, and `path` one that it has.

        A program can put together others, and ask them for paths that they have not. A bundled tree is not regular:
        that it may be resolved by a shorter way is not shown.
        """
        if type(self) is not Tree or self.bundled or self.me != me or self.protocol.n != len(generals):
            return False
        on_path = set(path) if self.closed else {me, *path}
        return len(on_path) == len(path) + (not self.closed) and set(self.after(path)) == set(generals) - on_path

    def paths(self, length: int, *without: General) -> Iterator[Path]:
        """The paths of this length that one can relay, with nobody of these on them."""
        if length or self.own is not None:
            yield from self._relayed_by(self.me, length, *without)

    def _relayed_by(self, relay: General, length: int, *without: General) -> Iterator[Path]:
        """The paths of this length that a general can relay, with nobody of these on them; a root that of nobody."""
        if not length:
            yield from [()] if relay in self.roots else []
        else:
            excluded = {relay, *without}
            for root in self.roots:
                if root not in excluded:
                    onwards = permutations(self.protocol.others(root, *excluded), length - 1)
                    yield from ((root, *path) for path in onwards)

    def samples(self, length: int) -> Iterator[Path]:
        """Some paths of this length, with every general at every place where he can be."""
        for root in self.roots:
            others = self.protocol.others(root)
            for start in range(len(others)):
                yield (root, *(others[start:] + others[:start])[: length - 1])

    def as_it_is(self) -> Tree:
        """The tree as it is now, whatever becomes of this one."""
        kept = copy.copy(self)
        kept.levels = [*self.levels]
        return kept

    def how_many_paths(self) -> int:
        """How many paths there are that one can relay next."""
        length = len(self.levels)
        if not length:
            return int(self.own is not None and self.me in self.roots)
        return sum(root != self.me for root in self.roots) * perm(self.protocol.n - 2, length - 1)


class Relayed(Outgoing):
    """Everything that a general relays in one round. What is not asked for is not made; what is made later is what the
    tree says now, whatever the program makes of it meanwhile.
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
        """Whether something is relayed under this label."""
        if not isinstance(label, tuple) or len(label) != self._length or label[-1] != self._me:
            return False
        if self._length == 1:
            return self._number == 1
        generals = self._tree.protocol.generals
        return label[0] in self._tree.roots and len(set(label)) == self._length and all(g in generals for g in label)

    def _relayed(self, label: Path) -> list[Dispatch]:
        path = label[:-1]
        return [broadcast(self._tree.told(path), label, without=() if self._tree.closed else path)]

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
        told, me = self._tree.told, self._me
        without = () if self._tree.closed else (receiver,)
        return {(*path, me): told(path) for path in self._tree.paths(self._length - 1, *without)}

    def listed(self) -> Listed:
        """All of it."""
        return Listed((label, self._relayed(label)) for label in self)


class Relays(Prepared):
    """Everything that a general relays in one round, as what he hands to the network."""

    def __init__(self, tree: Tree) -> None:
        self._relayed = Relayed(tree)

    def listed(self) -> Listed:
        return self._relayed.listed()

    def deferred(self, me: General, protocol: object) -> Outgoing | None:
        """What is relayed, if the tree is of the plain kind, and this general's own."""
        tree = self._relayed.trees[0]
        return self._relayed if type(tree) is Tree and tree.me is me and tree.protocol is protocol else None
