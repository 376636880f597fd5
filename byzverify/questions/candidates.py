"""The search through all values of a sketch's holes at one size.

One choice is checked. The attack that refutes it is played against all the others, and those that it breaks are
dropped. So each choice ends with a proof of its own, with an attack that the simulator has replayed on it, or as
unknown: nothing is concluded from one choice for another without a replay. This module decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from math import prod

from byzverify.attacks.attack import Attack
from byzverify.attacks.transfer import transferred
from byzverify.catalogue import library
from byzverify.crosscheck.examining import Effort
from byzverify.errors import Interrupted, ProtocolError, Stopped, UsageError, counted
from byzverify.language.faults import Budget
from byzverify.language.holes import Filling, Fillings, Offers, holes_of
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT, Limit
from byzverify.questions.completion import SketchVerdict, Values
from byzverify.questions.pipeline import check
from byzverify.questions.question import Progress
from byzverify.questions.verdict import Refuted, Unknown
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Silent
from byzverify.workers.background import Died, in_a_process

MOST_CANDIDATES = 10_000
"""The most choices of values for all holes together."""

EFFORT = Effort(refutations=False)
"""The effort for each check: proofs are compared in full, and attacks are replayed in this process only."""


def with_values(sketch: Protocol, values: Fillings) -> Protocol:
    """The sketch with these values in its holes. Raises as `library.build` does."""
    return library.build(type(sketch), {**library.parameters_of(sketch), **values})


def _offered(sketch: Protocol) -> dict[str, Sequence[Filling]]:
    """The choices for each hole, from runs without faults in which each open hole has its first choice.

    If that leaves a hole unmet, values of the others are tried, until all are met. Raises what a run raises.
    """
    found: dict[str, Sequence[Filling]] = {}
    names = holes_of(sketch)
    grown = True
    while grown and set(found) != set(names) and _how_many(found) <= MOST_CANDIDATES:
        grown = False
        for values in _candidates(found):
            with Offers(opened=True, choices=found) as heard:
                run(with_values(sketch, dict(zip(found, values, strict=True))), {}, {}, Silent(), everyone=True)
            if set(heard.choices) > set(found):
                found, grown = heard.choices, True
                break
    return {name: found[name] for name in names if name in found}


def _candidates(choices: Mapping[str, Sequence[Filling]]) -> Iterator[Values]:
    return product(*choices.values())


def _how_many(choices: Mapping[str, Sequence[Filling]]) -> int:
    return prod(map(len, choices.values()))


class Deciding:
    """The search through all values at one size. Learns the choices when it is made.

    Raises UsageError if there are too many, ProtocolError if no hole is asked for.
    """

    def __init__(self, sketch: Protocol, faults: Budget, limit: Limit, progress: Progress) -> None:
        self._sketch = sketch
        self._faults = faults
        self._limit = limit
        self._progress = progress
        self.choices = self._known_choices()
        self.interrupted = False
        self._proved: list[Values] = []
        self._broken: dict[Values, Attack] = {}
        self._unknown: dict[Values, str] = {}
        self._checks = self._replays = 0

    def _known_choices(self) -> dict[str, Sequence[Filling]]:
        try:
            found: dict[str, Sequence[Filling]] = in_a_process(lambda: _offered(self._sketch), NO_LIMIT)
        except Died as died:
            raise Stopped(f"the run that shows the choices {died}") from None
        title, number = type(self._sketch).__name__, _how_many(found)
        if not found:
            raise ProtocolError(f"{title} asks for no hole at this size: a value would change nothing")
        if number > MOST_CANDIDATES:
            each = " * ".join(str(len(some)) for some in found.values())
            raise UsageError(
                f"the holes of {title} have {each} = {number:,} choices in all, and at most {MOST_CANDIDATES:,} are "
                "tried: offer fewer"
            )
        return found

    def verdict(self) -> SketchVerdict:
        """What is known of each choice. Raises what `check` raises, with the choice."""
        everything = list(_candidates(self.choices))
        remaining = list(everything)
        with Offers(choices=self.choices):
            while remaining:
                try:
                    self._limit.check()
                    chosen = remaining.pop(len(remaining) // 2)  # attacks on a choice in the middle break more others
                    self._say(chosen, len(remaining) + 1, len(everything))
                    remaining = self._without_broken(remaining, self._decided(chosen))
                except Stopped as stop:
                    self.interrupted = isinstance(stop, Interrupted)
                    self._unknown |= dict.fromkeys(remaining, str(stop))
                    break
        proved = {*self._proved}
        return SketchVerdict(
            self._sketch,
            self._faults,
            self.choices,
            tuple(name for name in holes_of(self._sketch) if name not in self.choices),
            tuple(one for one in everything if one in proved),
            {one: self._broken[one] for one in everything if one in self._broken},
            {one: self._unknown[one] for one in everything if one in self._unknown},
            self._checks,
            self._replays,
        )

    def _say(self, chosen: Values, left: int, number: int) -> None:
        self._progress(
            f"n={self._sketch.n}: {left} of {counted(number, 'choice')} left; checking {self._named(chosen)}"
        )

    def _instance(self, values: Values) -> Protocol:
        return with_values(self._sketch, dict(zip(self.choices, values, strict=True)))

    def _decided(self, values: Values) -> Attack | None:
        """Check one choice. Returns the attack that refutes it, if there is one."""
        self._checks += 1
        with self._naming(values):
            found = check(self._instance(values), self._faults, timeout=self._limit.seconds(), effort=EFFORT)
        if isinstance(found, Refuted):
            self._broken[values] = found.attack
            return found.attack
        if isinstance(found, Unknown):
            self._unknown[values] = found.reason
            if found.exit_code == Interrupted.exit_code:
                raise Interrupted
        else:
            self._proved.append(values)
        return None

    def _without_broken(self, remaining: list[Values], attack: Attack | None) -> list[Values]:
        """The choices that an attack does not break. Raises Stopped at the limit, with nothing dropped after it."""
        for values in list(remaining) if attack is not None else ():
            self._limit.check()
            self._replays += 1
            with self._naming(values):
                instance = self._instance(values)
                with instance.leaving_nothing():
                    broken = None if attack is None else transferred(attack, instance, self._limit)
            if broken is not None:
                self._broken[values] = broken
                remaining.remove(values)
        return remaining

    def _named(self, values: Values) -> str:
        return ", ".join(f"{name}={value}" for name, value in zip(self.choices, values, strict=True))

    @contextmanager
    def _naming(self, values: Values) -> Iterator[None]:
        """Name the choice in an error that ends the search."""
        try:
            yield
        except (ProtocolError, UsageError) as error:
            raise type(error)(f"with {self._named(values)}: {error}") from None
