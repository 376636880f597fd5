"""Chains of executions in which messages are only lost: generals crash, and nobody lies.

Every mode that lets a general fail towards some receivers and not others includes crashing, with signed messages and
without. So these chains hold for all of them. Silence is information: a view is all that a general has received, with
what he did not receive. A chain goes from an execution in which everyone has heard order 0 to one in which some general
hears of no order, and back with order 1.

This module knows crashes. The arrays have an entry for each execution (`numpy`); a view is a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, TypeAlias

from byzverify.engines.solvability.settings import Ground, TooMany
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.limits import Limit
from byzverify.scenario.impossibility import FaultyRun, RunChain

if TYPE_CHECKING:
    import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"

MOST = 1_500_000
"""The most executions that are kept."""

WIDE = 62
"""How many bits are packed into a number of an array."""


@dataclass(frozen=True)
class Crash:
    """A general crashes in this round; in it he still reaches these generals, and nobody afterwards."""

    general: General
    round: int
    reached: frozenset[General]


Crashes = tuple[Crash, ...]


def all_crashes(ground: Ground, most: int) -> Iterator[Crashes]:
    """Every way in which at most so many generals crash."""
    for number in range(min(most, ground.n - 1) + 1):
        for fallen in combinations(ground.generals, number):
            yield from product(*([*crashes_of(ground, general)] for general in fallen))


def crashes_of(ground: Ground, general: General) -> Iterator[Crash]:
    """Every way in which a general crashes."""
    receivers = ground.neighbours[general]
    for round in range(1, ground.rounds + 1):
        for number in range(len(receivers)):
            for reached in combinations(receivers, number):
                yield Crash(general, round, frozenset(reached))


def orderly_crashes(ground: Ground, most: int) -> Iterator[Crashes]:
    """Those in which by the end of each round no more generals have crashed than there were rounds, and each reaches
    receivers in the order of their numbers. They suffice for a chain where the network is complete (Lynch 1996, section
    6.7), though not for a shortest one.
    """
    for number in range(min(most, ground.rounds, ground.n - 1) + 1):
        for fallen in combinations(ground.generals, number):
            for rounds in product(range(1, ground.rounds + 1), repeat=number):
                if all(round > place for place, round in enumerate(sorted(rounds))):
                    yield from product(*(_prefixes(ground, *one) for one in zip(fallen, rounds, strict=True)))


def _prefixes(ground: Ground, general: General, round: int) -> list[Crash]:
    receivers = ground.neighbours[general]
    return [Crash(general, round, frozenset(receivers[:number])) for number in range(len(receivers))]


def number_of_all(ground: Ground, most: int) -> int:
    """How many executions `all_crashes` yields."""
    ways = [1]
    for general in ground.generals:
        mine = ground.rounds * (2 ** len(ground.neighbours[general]) - 1)
        ways = [(ways[k] if k < len(ways) else 0) + (ways[k - 1] * mine if k else 0) for k in range(len(ways) + 1)]
    return sum(ways[: min(most, ground.n - 1) + 1])


class Losses:
    """The executions of a network with crashes, and the views in them. commander: who starts with an order, if only one
    general does.
    """

    def __init__(self, ground: Ground, executions: Iterator[Crashes], commander: General | None = None) -> None:
        self.ground = ground
        self.commander = commander
        self.limit = ground.limit
        self.executions: list[Crashes] = []
        for crashes in executions:
            self.executions.append(crashes)
            if len(self.executions) > MOST:
                raise TooMany
            if len(self.executions) % 4096 == 0:
                self.limit.check()

    def _numbered(self) -> Iterator[tuple[int, Crashes]]:
        for number, crashes in enumerate(self.executions):
            if number % 4096 == 0:
                self.limit.check()
            yield number, crashes

    @cached_property
    def _crashed(self) -> Array:
        """When each general crashes, by execution; one more than the number of rounds for those who do not."""
        import numpy as np

        rounds = np.full((self.ground.n, len(self.executions)), self.ground.rounds + 1, dtype=np.int8)
        for number, crashes in self._numbered():
            for crash in crashes:
                rounds[crash.general, number] = crash.round
        return rounds

    @cached_property
    def _reached(self) -> Array:
        """Whom each general reaches in the round in which he crashes, by execution."""
        import numpy as np

        reached = np.zeros((self.ground.n, self.ground.n, len(self.executions)), dtype=bool)
        for number, crashes in self._numbered():
            for crash in crashes:
                for general in crash.reached:
                    reached[crash.general, general, number] = True
        return reached

    def _arrives(self, round: int, sender: General, receiver: General) -> Array:
        crashed = self._crashed[sender]
        arrives: Array = (crashed > round) | ((crashed == round) & self._reached[sender, receiver])
        return arrives

    def beginning(self) -> Array:
        """What each general knows before the first round, as a number, by execution."""
        import numpy as np

        begun = np.zeros((self.ground.n, len(self.executions)), dtype=np.int64)
        begun[self.commander] = 1
        return begun

    @cached_property
    def loyal(self) -> Array:
        """Who does not count as faulty, by execution."""
        loyal: Array = self._crashed > self.ground.rounds
        return loyal

    def views(self) -> tuple[Array, Array]:
        """For each general and execution the number of his view, and whether he has heard of the order."""
        import numpy as np

        shape = self.ground.n, len(self.executions)
        views = stories = self.beginning()
        tell, heard = stories > 0, np.zeros(shape, dtype=bool)
        for round in range(1, self.ground.rounds + 1):
            received, told = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
            for general in self.ground.generals:
                self.limit.check()
                parts = []
                for sender in self.ground.neighbours[general]:
                    arrives = self._arrives(round, sender, general)
                    parts.append(np.where(arrives, stories[sender] + 1, 0))
                    told[general] |= arrives & tell[sender]
                received[general] = _packed(parts, len(self.executions))
            stories, tell = _renumbered(received), told
            heard |= told
            views = _renumbered(
                np.stack([_packed([one, other], shape[1]) for one, other in zip(views, stories, strict=True)])
            )
        return views, heard

    def route(self, from_quiet: bool = False) -> tuple[list[int], list[General]] | None:
        """A shortest way from an execution with a loyal commander to a view without the order: the executions, and who
        cannot tell each from the next; the last general is the one who has heard nothing. None if there is no way.

        from_quiet: begin with the execution in which nobody crashes.
        """
        import numpy as np

        views, heard = self.views()
        deciders = [one for one in self.ground.generals if one != self.commander]
        begun = np.zeros(len(self.executions), dtype=bool)
        begun[:] = self.loyal.all(axis=0) if from_quiet else self.loyal[self.commander]
        spots = Spots(views[deciders], self.loyal[deciders])
        return spots.route(begun, ~heard[deciders], deciders, self.limit)

    def run(self, number: int, starts: Mapping[General, int]) -> FaultyRun:
        """One of the executions, in which generals start with these orders."""
        lost = {
            (round, crash.general, receiver)
            for crash in self.executions[number]
            for round in range(crash.round, self.ground.rounds + 1)
            for receiver in self.ground.neighbours[crash.general]
            if round > crash.round or receiver not in crash.reached
        }
        faulty = {crash.general: Fault.CRASH for crash in self.executions[number]}
        return FaultyRun(dict(sorted(faulty.items())), starts, {}, frozenset(lost))


class Spots:
    """Where each view occurs: pairs of an execution and a general who is loyal in it, sorted by view."""

    def __init__(self, views: Array, loyal: Array) -> None:
        import numpy as np

        self.views, self.loyal = views, loyal
        self.count = views.shape[1]
        self.general, self.execution = np.nonzero(loyal)
        labels = views[self.general, self.execution] * len(views) + self.general
        _, self.label = np.unique(labels, return_inverse=True)
        self.order = np.argsort(self.label, kind="stable")
        self.starts = np.searchsorted(self.label[self.order], np.arange(self.label.max(initial=-1) + 2))
        self.by_execution = np.argsort(self.execution, kind="stable")
        self.rows = np.searchsorted(self.execution[self.by_execution], np.arange(self.count + 1))

    def route(
        self, begun: Array, ends: Array, names: list[General], limit: Limit
    ) -> tuple[list[int], list[General]] | None:
        """Breadth first from these executions to a spot that is an end."""
        import numpy as np

        known, seen = begun.copy(), np.zeros(len(self.starts) - 1, dtype=bool)
        came = np.full(self.count, -1, dtype=np.int64)  # the spot by which an execution was reached
        through = np.full(len(seen), -1, dtype=np.int64)  # the spot at which a view was first seen
        frontier = np.nonzero(begun)[0]
        while len(frontier):
            limit.check()
            spots = _rows(self.by_execution, self.rows, frontier)
            done = spots[ends[self.general[spots], self.execution[spots]]]
            if len(done):
                return self._back(int(done[0]), came, through, names)
            labels, first = np.unique(self.label[spots], return_index=True)
            fresh = ~seen[labels]
            labels = labels[fresh]
            seen[labels], through[labels] = True, spots[first][fresh]
            following = _rows(self.order, self.starts, labels)
            reached, first = np.unique(self.execution[following], return_index=True)
            fresh = ~known[reached]
            frontier = reached[fresh]
            known[frontier], came[frontier] = True, following[first][fresh]
        return None

    def _back(self, spot: int, came: Array, through: Array, names: list[General]) -> tuple[list[int], list[General]]:
        executions, witnesses = [int(self.execution[spot])], [names[int(self.general[spot])]]
        while (arrived := int(came[executions[-1]])) >= 0:
            left = int(through[self.label[arrived]])
            witnesses.append(names[int(self.general[arrived])])
            executions.append(int(self.execution[left]))
        return executions[::-1], witnesses[::-1]


def _rows(order: Array, starts: Array, rows: Array) -> Array:
    """The entries of these rows, one row after another."""
    import numpy as np

    lengths = starts[rows + 1] - starts[rows]
    offsets = np.repeat(starts[rows] - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    found: Array = order[offsets + np.arange(lengths.sum())]
    return found


def _packed(parts: list[Array], length: int) -> Array:
    """One number for each combination of these numbers."""
    import numpy as np

    whole, bits = np.zeros(length, dtype=np.int64), 0
    for part in parts:
        width = int(part.max(initial=0)).bit_length()
        if bits + width > WIDE:
            whole = _renumbered(whole)
            bits = int(whole.max(initial=0)).bit_length()
        whole = (whole << width) | part
        bits += width
    return whole


def _renumbered(numbers: Array) -> Array:
    import numpy as np

    _, places = np.unique(numbers, return_inverse=True)
    renumbered: Array = places.reshape(numbers.shape)
    return renumbered


def there_and_back(losses: Losses, commander: General, route: tuple[list[int], list[General]]) -> RunChain:
    """The chain that a route gives: along it with the commander's order 0, and back with order 1."""
    numbers, witnesses = route
    runs = [losses.run(number, {commander: 0}) for number in numbers]
    runs += [losses.run(number, {commander: 1}) for number in reversed(numbers)]
    return RunChain(losses.ground.setting, tuple(runs), (*witnesses, *reversed(witnesses[:-1])))
