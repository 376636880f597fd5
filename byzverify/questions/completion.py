"""What is known of the holes of a sketch: which values are proved, at one size or at several, and which sums fit.

This module computes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from byzverify.attacks.attack import Attack
from byzverify.errors import Stopped
from byzverify.language.faults import Budget
from byzverify.language.holes import Filling, Fillings
from byzverify.language.protocol import Protocol
from byzverify.questions.families import FamilyVerdict, Sizes

Values = tuple[Filling, ...]
"""A value for each hole, in the order of the holes' names in a `SketchVerdict`."""


@dataclass(frozen=True)
class SketchVerdict:
    """What is known of the values of the holes at one size.

    model: the sketch, with open holes. choices: what its programs offer for each hole that they ask for. idle: the
    holes that no program asks for. proved: the values with which `check` proves it. broken: an attack for all others
    that are known. unknown: why nothing is known of the rest. checks, replays: how many it took.
    """

    model: Protocol
    faults: Budget
    choices: Mapping[str, Sequence[Filling]]
    idle: tuple[str, ...]
    proved: tuple[Values, ...]
    broken: Mapping[Values, Attack] = field(repr=False)
    unknown: Mapping[Values, str]
    checks: int
    replays: int

    def named(self, values: Values) -> Fillings:
        """These values with the names of their holes."""
        return dict(zip(self.choices, values, strict=True))

    @property
    def possible(self) -> set[Values]:
        """The values that no attack is known to break."""
        return {*self.proved, *self.unknown}

    @property
    def sizes(self) -> Sizes:
        """The sizes that a program knows: n, and m if the protocol has it."""
        m = getattr(self.model, "m", None)
        return {"n": self.model.n} if type(m) is not int else {"n": self.model.n, "m": m}


@dataclass(frozen=True)
class HoleSum:
    """What fills a hole: a sum of sizes, such as n - m, or one value for all sizes. factors: none of them 0."""

    factors: Mapping[str, int]
    constant: Filling

    def at(self, sizes: Sizes) -> Filling:
        """The value at these sizes."""
        if not self.factors:
            return self.constant
        return int(self.constant) + sum(factor * sizes[name] for name, factor in self.factors.items())

    @property
    def weight(self) -> int:
        """How complicated the sum is: how many terms it has, and how large the numbers in it are."""
        if not self.factors:
            return 1
        numbers = [number for number in (*self.factors.values(), int(self.constant)) if number]
        return len(numbers) + sum(map(abs, numbers))

    def text(self, owner: str = "") -> str:
        """The sum as in a program. owner: what stands before the name of a size, such as `self.`."""
        if not self.factors:
            return repr(self.constant)
        terms = [(factor, f"{owner}{name}") for name, factor in self.factors.items()]
        said = [(factor, name if abs(factor) == 1 else f"{abs(factor)} * {name}") for factor, name in terms]
        if self.constant:
            said.append((int(self.constant), str(abs(int(self.constant)))))
        said.sort(key=lambda one: one[0] < 0)  # n - m, rather than -m + n
        first = f"{'-' if said[0][0] < 0 else ''}{said[0][1]}"
        return " ".join([first, *(f"{'-' if number < 0 else '+'} {term}" for number, term in said[1:])])

    def written(self, owner: str) -> str:
        """The expression that takes the place of `owner.hole(...)` in a program."""
        text = self.text(f"{owner}.")
        return text if not self.factors and not text.startswith("-") else f"({text})"

    def __str__(self) -> str:
        return self.text()


Fit = Mapping[str, HoleSum]
"""What fills each hole at every size."""


@dataclass(frozen=True)
class FilledProtocol:
    """A file in which a fit has taken the place of the holes.

    rechecked: whether `check` proves what is in the file at all sizes that were asked about. everywhere: what `prove`
    says of it. refuted: fits that `prove` refutes, with the sizes. reason: why something of this is not known.
    """

    path: Path
    fit: Fit
    rechecked: bool
    everywhere: FamilyVerdict | None = None
    refuted: tuple[tuple[Fit, Sizes], ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Completion:
    """The answer of `complete`.

    sizes: what is known at each size. fits: what fills the holes at all of them, the simplest first; at one size each
    proved choice. more: whether there are more fits. possible: whether there is a fit if what is unknown is right.
    saved: the file that was written. interrupted: whether the user has ended it.
    """

    sizes: tuple[SketchVerdict, ...]
    fits: tuple[Fit, ...]
    more: bool
    possible: bool
    seconds: float = field(compare=False)
    saved: FilledProtocol | None = None
    interrupted: bool = False

    @property
    def kind(self) -> type[Protocol]:
        """The class of the sketch."""
        return type(self.sizes[0].model)

    @property
    def verdict(self) -> Literal["found", "none", "unknown"]:
        """Whether there are values: found, none, or unknown."""
        return "found" if self.fits else "unknown" if self.possible else "none"

    @property
    def exit_code(self) -> int:
        """0 if values are found, 1 if there are none, 3 if that is not known."""
        if self.interrupted:
            return 130
        return {"found": 0, "none": 1, "unknown": Stopped.exit_code}[self.verdict]

    def undecided(self) -> Iterator[tuple[SketchVerdict, Values, str]]:
        """All choices of which nothing is known, with the reason."""
        for one in self.sizes:
            for values, reason in one.unknown.items():
                yield one, values, reason
