"""An oracle: every execution of the protocol in which everyone always sends all that he has ever seen.

Nothing but definitions: a state is the state before and what has arrived since, a message is a state, a fault is what
its mode allows in each round, and a liar says any state that he could be in.

This module shares no code with the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product

from byzverify.scenario.impossibility import Setting
from tests.solvability.sightings import General, Sighting, neighbours

State = int
Changes = dict[tuple[int, General, General], "State | None"]
"""What arrives of a message, by round, sender and receiver, where it is not what a loyal general would send."""

NOTHING = None


class Histories:
    """All executions in a setting. junk: what liars may also say though it is no state; with None, also nothing."""

    def __init__(self, setting: Setting, junk: tuple[str | None, ...] = ()) -> None:
        assert setting.rounds is not None
        self.setting, self.rounds, self.junk = setting, setting.rounds, junk
        self.near = neighbours(setting.n, setting.edges)
        self.commander = setting.commander
        self._numbers: dict[object, int] = {}
        self._claims: dict[tuple[int, General], list[State | None]] = {}

    def _state(self, *what: object) -> State:
        return self._numbers.setdefault(what, len(self._numbers))

    def _starts(self, general: General) -> list[int | None]:
        return [0, 1] if self.commander in (None, general) else [None]

    def claims(self, rounds: int, general: General) -> list[State | None]:
        """All that a liar may say of himself after so many rounds."""
        if (rounds, general) not in self._claims:
            if rounds == 0:
                found = [self._state(start) for start in self._starts(general)]
            else:
                parts = [self.claims(rounds - 1, one) for one in (general, *self.near[general])]
                found = [self._state(own, told) for own, *told_ in product(*parts) for told in (tuple(told_),)]
            self._claims[rounds, general] = [*found, *(None if one is None else self._state(one) for one in self.junk)]
        return self._claims[rounds, general]

    def sightings(self) -> Iterator[Sighting]:
        """What each execution shows, for every choice of faulty generals within the budget."""
        for faulty in self._faulty():
            loyal = [one for one in range(self.setting.n) if one not in faulty]
            deciders = [one for one in loyal if one != self.commander]
            if deciders:
                yield from self._with(faulty, loyal, deciders)

    def _faulty(self) -> Iterator[dict[General, str]]:
        modes = [mode.value for mode, number in self.setting.faults.items() for _ in range(number)]
        seen = set()
        for number in range(min(len(modes), self.setting.n) + 1):
            for generals in combinations(range(self.setting.n), number):
                for chosen in product(sorted(set(modes)), repeat=number):
                    if all(chosen.count(mode) <= modes.count(mode) for mode in modes):
                        faulty = dict(zip(generals, chosen, strict=True))
                        if str(faulty) not in seen:
                            seen.add(str(faulty))
                            yield faulty

    def _with(self, faulty: dict[General, str], loyal: list[General], deciders: list[General]) -> Iterator[Sighting]:
        starts = [[0] if faulty.get(one) == "byzantine" else self._starts(one) for one in range(self.setting.n)]
        ways = [list(self._ways(one, mode, faulty)) for one, mode in faulty.items()]
        for orders in product(*starts):
            common = {orders[one] for one in (loyal if self.commander is None else [self.commander])}
            given = common.pop() if len(common) == 1 and (self.commander is None or self.commander in loyal) else None
            for changes in product(*ways):
                ends = self._run(orders, dict(chain.from_iterable(one.items() for one in changes)))
                yield Sighting({one: ends[one] for one in deciders}, given)

    def _run(self, orders: tuple[int | None, ...], changes: Changes) -> list[State]:
        states = [self._state(order) for order in orders]
        for round in range(1, self.rounds + 1):
            states = [
                self._state(states[one], tuple(changes.get((round, other, one), states[other]) for other in near))
                for one, near in enumerate(self.near)
            ]
        return states

    def _ways(self, general: General, mode: str, faulty: Mapping[General, str]) -> Iterator[Changes]:
        """What a faulty general may do, as far as it matters: nobody depends on what a byzantine general is told, nor
        on what a commander is told in the last round.
        """
        near = [one for one in self.near[general] if faulty.get(one) != "byzantine"]
        rounds = range(1, self.rounds + 1)
        letters = [(round, general, one) for round in rounds for one in near]
        letters = [letter for letter in letters if letter[0] < self.rounds or letter[2] != self.commander]
        match mode:
            case "byzantine":
                for said in product(*(self.claims(round - 1, general) for round, *_ in letters)):
                    yield dict(zip(letters, said, strict=True))
            case "omission":
                for lost in product((True, False), repeat=len(letters)):
                    yield {letter: NOTHING for letter, is_lost in zip(letters, lost, strict=True) if is_lost}
            case "crash":
                for last in rounds:
                    for reached in product((True, False), repeat=len(near)):
                        silent = {one for one, is_reached in zip(near, reached, strict=True) if not is_reached}
                        yield {
                            letter: NOTHING
                            for letter in letters
                            if letter[0] > last or (letter[0] == last and letter[2] in silent)
                        }
            case "manifest":
                for lost in product((True, False), repeat=self.rounds):
                    yield {letter: NOTHING for letter in letters if lost[letter[0] - 1]}
            case "symmetric":
                options = [["as a loyal general", NOTHING, *self.claims(round - 1, general)] for round in rounds]
                for chosen in product(*options):
                    yield {
                        letter: chosen[letter[0] - 1]  # type: ignore[misc]
                        for letter in letters
                        if chosen[letter[0] - 1] != "as a loyal general"
                    }
