"""Interchangeable generals: checked, not believed.

The law of this file: a program that cannot tell the generals of a group apart treats them alike. The check has these
steps; docs/explanation/traitor-sets.md has the argument in full.

- Every general of the group rehearses his program on *names* in place of numbers (`rehearsal.py`). A name can only be
  compared for equality with another, so renaming the generals of a group renames what the program does. Each general
  lists the group beginning with himself, so what the first one does, renamed, is what the others do.
- It remains to check that the order in which the rest of the group is listed makes no difference. The program of the
  group's first general, and of every general outside the groups, is run on fresh variables with the rest listed in two
  other orders, which generate all of them. It must send and decide identical terms.
- On an incomplete graph, generals are listed by number, and only permutations that preserve the edges count. What each
  general does, renamed by such a permutation, must be what the general in his new place does.
- The conditions are checked likewise.
- In case a program can tell a name from a number after all, generals are run on numbers, too, and must do what was done
  on names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from random import Random
from time import monotonic
from typing import Any, Self

from byzverify.engines.finite.conduct import BY_NUMBERS, Cast, OnNumbers, conduct_of
from byzverify.engines.finite.names import Name, group_of
from byzverify.engines.finite.rehearsal import rehearse
from byzverify.engines.finite.rules import Rules
from byzverify.engines.finite.scenarios import NONE, Permutation, Symmetry, exchanges
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.errors import ProtocolError, RuleBroken
from byzverify.language.labels import Chain, Form, Label, Part, message_of
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.state import Snapshot
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.terms import Terms
from byzverify.workers.background import Aside, Died, can_fork

MOST_ON_NUMBERS = 100
"""The largest number of a group's generals that are run on numbers."""

LONG = 0.05
"""Seconds: if one rehearsal takes longer, a second process does the rest of the examination, with the same outcome."""


class Examination:
    """Whether the declared groups of generals are interchangeable in this instance.

    A context manager, which stops any work in progress at the end of the block. Call `begin`, then `conclude`.
    """

    def __init__(self, protocol: Protocol, limit: Limit = NO_LIMIT) -> None:
        leaders = {group[0] for group in protocol.groups if group}
        members = {general for group in protocol.groups for general in group}
        self._protocol = protocol
        self._limit = limit
        on_graph = not protocol.is_complete
        self._rehearsing = [] if on_graph else sorted(members - leaders)
        self._examined = [g for g in range(protocol.n) if on_graph or g in leaders or g not in members]
        self._aside: Aside | None = None
        self._found: str | None = None
        self._finished = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._aside is not None:
            self._aside.close()

    def begin(self) -> str | None:
        """Examine one general, and all of them if that was quick. Returns why the groups are not interchangeable, if
        that is known now.

        A large instance takes a while, and the result is needed only at the end of the check: then the examination goes
        on in another process. Raises Stopped at the limit.
        """
        start = monotonic()
        self._found = self._rehearse_one() or _tells_stand_ins(self._protocol, self._look())
        long = self._limit.left is None and monotonic() > start + LONG  # steps are only counted in one process
        if self._found is None and long and can_fork():
            self._aside = Aside(self._examine, self._limit)
        else:
            self._found = self._found or self._examine()
            self._finished = True
        return self._found

    @cached_property
    def symmetry(self) -> Symmetry:
        """The permitted exchanges, if the examination finds no fault."""
        return declared_symmetry(self._protocol, self._limit)

    def conclude(self) -> str | None:
        """Why the groups are not interchangeable, in one line; None if they are. Raises Stopped at the limit."""
        if self._aside is not None and not self._finished:
            try:
                self._found = self._aside.outcome()
            except Died:
                self._found = self._examine()
            self._finished = True
        return self._found

    def _rehearse_one(self) -> str | None:
        return rehearse(self._protocol, self._rehearsing.pop(), self._limit) if self._rehearsing else None

    def _examine(self) -> str | None:
        """Why the groups are not interchangeable, in one line; None if they are."""
        while self._rehearsing:
            told_apart = self._rehearse_one()
            if told_apart:
                return told_apart
        if self.symmetry == NONE:
            return None
        sets = self._look().hashes
        told_apart = self._compare(sets)
        late = self._look()  # again, because a program may have imported a module only now
        if told_apart is None and late.hashes and not sets:
            told_apart = self._compare(True)
            self._look()
        return told_apart or _tells_stand_ins(self._protocol, late)

    def _look(self) -> Snapshot:
        """What programs can reach now. This clears cached functions, whose keys may be stand-ins of the examination."""
        state = self._protocol.state()
        state.forget_results()
        return state

    def _compare(self, sets: bool) -> str | None:
        """What depends on the order or, if `sets`, on the hashes of generals, in one line; None if nothing does."""
        generators = self.symmetry.generators
        try:
            references = [_Reference(self._protocol, me, self._limit) for me in self._examined]
            _keep_apart(label for reference in references for label in reference.cast.labels)
            for reference in references:
                asymmetric = _depends_on_order(self._protocol, reference, generators, sets)
                asymmetric = asymmetric or _depends_on_numbers(self._protocol, reference, generators)
                if asymmetric:
                    return asymmetric
        except (ProtocolError, RuleBroken) as error:
            return str(error)
        return None


def _tells_stand_ins(protocol: Protocol, state: Snapshot) -> str | None:
    """The reason in one line, if the program could tell a general's name from his number; None if it could not."""
    if state.tells_stand_ins and any(len(group) > 1 for group in protocol.groups):
        return (
            "the program tests a type or identity, or catches a TypeError; it is examined with stand-ins for "
            "the generals, which are not numbers"
        )
    return None


def declared_symmetry(protocol: Protocol, limit: Limit = NO_LIMIT) -> Symmetry:
    """The exchanges that the protocol declares: within its groups and, on a graph, those that preserve the edges.

    Raises Stopped at the limit.
    """
    if protocol.is_complete:
        return Symmetry(tuple(group for group in protocol.groups if len(group) > 1))
    from byzverify.language.topology import automorphisms

    return Symmetry((), tuple(automorphisms(protocol.network, protocol.groups, limit.check)))


def asymmetry(protocol: Protocol, limit: Limit = NO_LIMIT) -> str | None:
    """Why the declared groups of generals are not interchangeable in this instance, in one line; None if they are."""
    with Examination(protocol, limit) as examination:
        return examination.begin() or examination.conclude()


class _Reference:
    """The conduct of a general on names, with all generals listed as in a real run."""

    def __init__(self, protocol: Protocol, me: General, limit: Limit) -> None:
        self.me = me
        self.cast = Cast(protocol, me)
        self.listing = protocol.seen_by(me).generals
        self.rules = Rules(SymbolicAlgebra(Terms(limit), protocol.words))
        self.conduct = conduct_of(protocol, self.cast, self.listing, self.rules)

    def moved(self, protocol: Protocol, generators: Sequence[Permutation]) -> list[dict[General, General]]:
        """Permutations that generate all that keep him in his place; on a graph, all that preserve the edges."""
        others = [general for general in range(protocol.n) if general != self.me]
        return [dict(enumerate(one)) for one in generators] or list(exchanges(protocol.groups, [others]))


def _depends_on_numbers(protocol: Protocol, reference: _Reference, generators: Sequence[Permutation]) -> str | None:
    turned = [
        dict(zip(reference.listing, protocol.seen_by(me).generals, strict=True)) for me in _like(protocol, reference.me)
    ]
    exchanged = [{g: moved.get(g, g) for g in range(protocol.n)} for moved in reference.moved(protocol, generators)]
    for numbers in [*turned, *exchanged]:
        cast = OnNumbers(protocol, reference.cast, numbers)
        if conduct_of(protocol, cast, protocol.seen_by(cast.me).generals, reference.rules) != reference.conduct:
            return BY_NUMBERS.format(cast.me)
    return None


def _depends_on_order(
    protocol: Protocol, reference: _Reference, generators: Sequence[Permutation], sets: bool
) -> str | None:
    me, base, rules = reference.me, reference.listing, reference.rules
    for moved in reference.moved(protocol, generators):
        other = [moved.get(general, general) for general in base]
        hashes = {taken: general for general, taken in moved.items()}
        if conduct_of(protocol, Cast(protocol, me, hashes), other, rules) != reference.conduct:
            return f"what general {me} says or decides depends on the order in which he goes through the generals"
    for hashes in _hashes(protocol, me, base, sets):
        if conduct_of(protocol, Cast(protocol, me, hashes), base, rules) != reference.conduct:
            return f"what general {me} says or decides depends on the order of the generals in a set"
    return None


def _like(protocol: Protocol, me: General) -> Sequence[General]:
    """The generals who should act like this one, himself included; from a large group, a fixed random sample."""
    group = next((group for group in protocol.groups if me in group), [me]) if protocol.is_complete else [me]
    return group if len(group) <= MOST_ON_NUMBERS else Random(0).sample(group, MOST_ON_NUMBERS)


def _hashes(protocol: Protocol, me: General, base: Sequence[General], sets: bool) -> Iterator[dict[General, General]]:
    """Other hashes for the generals: the numbers reversed. If the program makes sets, also, for each general of the
    group, the hashes for which a set has the same order as that general's list.
    """
    yield dict(enumerate(reversed(range(protocol.n))))
    if protocol.is_complete and sets:
        group = next((group for group in protocol.groups if me in group), ())
        for general in group:
            yield dict(zip(base, protocol.seen_by(general).generals, strict=True))


def _keep_apart(labels: Iterable[Label]) -> None:
    """Raise RuleBroken if the same place of a label sometimes holds a general and sometimes a number of a general.

    This check would treat the two as different, but in a real run they could be equal.
    """
    tuples: dict[int, list[tuple[Any, ...]]] = {}
    forms: list[Form] = []
    numbers, taken = set(), set()
    for part in labels:
        if type(part) is Name:
            taken.add(group_of(part))
        elif isinstance(part, Form | Part):
            forms.append(message_of(part))
        elif isinstance(part, Chain):
            tuples.setdefault(len(part.signers), []).append(part.signers)
        elif isinstance(part, tuple):
            tuples.setdefault(len(part), []).append(part)
        else:
            numbers.add(part)
    for number in numbers:
        if any(number in group for group in taken):
            raise RuleBroken(
                f"a label has the number {number} where others have a general; write it as a text, as in "
                f'("extra", "{number}")'
            )
    for alike in tuples.values():
        for column in zip(*alike, strict=True):
            _keep_apart(column)
    if forms:
        _keep_apart([form.label for form in forms])
        _keep_apart([name for form in forms for name in form.fields])
