"""Linear integer arithmetic: sums of integer unknowns, and formulas that say that sums are 0 or more.

A *formula* is an integer, like a literal of `terms.py`: the number of a node, or minus that number for its negation;
`TRUE` is 1 and `FALSE` is -1. A node is a Boolean unknown, an `Atom`, or a conjunction. An atom says that a sum is 0 or
more, in which some parts may count only where a formula holds. Equal nodes are one node, and a formula and its negation
are one node, too. This module knows nothing of protocols, and no solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from math import gcd
from typing import NamedTuple

Formula = int
TRUE: Formula = 1
FALSE: Formula = -1


@dataclass(frozen=True)
class Linear:
    """A sum: of unknowns, by name, with the numbers that they are multiplied by (none is 0), and of a constant."""

    factors: tuple[tuple[str, int], ...] = ()
    constant: int = 0

    @classmethod
    def of(cls, factors: Mapping[str, int], constant: int = 0) -> Linear:
        """The sum with these factors, some of which may be 0."""
        return cls(tuple(sorted((name, factor) for name, factor in factors.items() if factor)), constant)

    def __add__(self, other: Linear | int) -> Linear:
        if isinstance(other, int):
            return Linear(self.factors, self.constant + other)
        if not other.factors:
            return Linear(self.factors, self.constant + other.constant)
        factors = dict(self.factors)
        for name, factor in other.factors:
            factors[name] = factors.get(name, 0) + factor
        return Linear.of(factors, self.constant + other.constant)

    def __mul__(self, factor: int) -> Linear:
        if factor == 0:
            return Linear()
        return Linear(tuple((name, factor * one) for name, one in self.factors), factor * self.constant)

    def __neg__(self) -> Linear:
        return self * -1

    def __sub__(self, other: Linear | int) -> Linear:
        return self + -other

    @property
    def is_constant(self) -> bool:
        """Whether there is no unknown in the sum."""
        return not self.factors

    def value(self, numbers: Mapping[str, int]) -> int:
        """The sum if the unknowns are these numbers."""
        return self.constant + sum(factor * numbers[name] for name, factor in self.factors)

    def renamed(self, names: Mapping[str, Linear]) -> Linear:
        """The sum with other sums in place of these unknowns."""
        total = Linear((), self.constant)
        for name, factor in self.factors:
            total += (names.get(name) or unknown(name)) * factor
        return total

    def __repr__(self) -> str:
        parts = [
            f"{'-' if factor < 0 else '+'} {name if abs(factor) == 1 else f'{abs(factor)}*{name}'}"
            for name, factor in self.factors
        ]
        if self.constant or not parts:
            parts.append(f"{'-' if self.constant < 0 else '+'} {abs(self.constant)}")
        text = " ".join(parts)
        return text[2:] if text.startswith("+ ") else f"-{text[2:]}"


def unknown(name: str) -> Linear:
    """The sum that is this unknown."""
    return Linear(((name, 1),))


def total(sums: Iterable[Linear]) -> Linear:
    """The sum of these sums."""
    return reduce(Linear.__add__, sums, Linear())


def inequality(linear: Linear) -> str:
    """That a sum is 0 or more, as a reader would write it: `n > 3*m`, `t <= m`."""
    n = dict(linear.factors).get("n", 0)
    if n == 1:
        rest = unknown("n") - linear
        return f"n > {rest - 1}" if rest.constant > 0 else f"n >= {rest}"
    left = Linear(tuple((name, -factor) for name, factor in linear.factors if factor < 0))
    return f"{left} <= {linear + left}" if left.factors else f"{linear} >= 0"


def equality(linear: Linear) -> str:
    """That a sum is 0, as a reader would write it: `t = 0`, `m = 2`."""
    left = Linear(tuple((name, factor) for name, factor in linear.factors if factor > 0))
    return f"{left} = {left - linear}"


class Atom(NamedTuple):
    """A sum is 0 or more. conditional: sums that are added where their formulas hold."""

    always: Linear
    conditional: tuple[tuple[Formula, Linear], ...] = ()


def summed(always: Linear, conditional: Iterable[tuple[Formula, Linear]] = ()) -> Atom:
    """A sum as an atom has it: each formula once, without those that are known to hold or not to hold."""
    parts: dict[Formula, Linear] = {}
    for formula, part in conditional:
        if formula == TRUE:
            always += part
        elif formula != FALSE:
            parts[formula] = parts.get(formula, Linear()) + part
    return Atom(always, tuple(sorted((one, part) for one, part in parts.items() if part != Linear())))


class Both(NamedTuple):
    """All of these formulas hold."""

    parts: tuple[Formula, ...]


class Arithmetic:
    """Formulas under construction. `nodes[i]` is node i: an atom, a conjunction, or the name of a Boolean unknown.

    A node's parts have smaller numbers than the node, so ascending numbers are a bottom-up order.
    """

    def __init__(self) -> None:
        self.nodes: list[Atom | Both | str] = ["", "true"]
        self._numbers: dict[Atom | Both | str, Formula] = {}

    def truth(self, name: str) -> Formula:
        """The Boolean unknown of this name."""
        return self._number(name)

    def at_least_0(self, always: Linear, conditional: Iterable[tuple[Formula, Linear]] = ()) -> Formula:
        """Whether the sum is 0 or more."""
        always, open_parts = summed(always, conditional)
        if not open_parts and always.is_constant:
            return TRUE if always.constant >= 0 else FALSE
        return self._atom(always, open_parts)

    def at_least(self, left: Linear, right: Linear | int) -> Formula:
        """left >= right."""
        return self.at_least_0(left - right)

    def equal(self, left: Linear, right: Linear | int) -> Formula:
        """left = right."""
        return self.all_of((self.at_least_0(left - right), self.at_least_0(-(left - right))))

    def all_of(self, formulas: Iterable[Formula]) -> Formula:
        """Whether all of the formulas hold."""
        whole = set(formulas)
        parts: set[Formula] = set()
        for formula in whole:
            node = self.nodes[formula] if formula > 1 else None
            parts.update(node.parts if isinstance(node, Both) else (formula,))
        parts.discard(TRUE)
        if FALSE in parts or any(-part in parts or -part in whole for part in (*whole, *parts)):
            return FALSE
        if len(parts) <= 1:
            return next(iter(parts), TRUE)
        return self._number(Both(tuple(sorted(parts, key=lambda part: (abs(part), part)))))

    def any_of(self, formulas: Iterable[Formula]) -> Formula:
        """Whether one of the formulas holds."""
        return -self.all_of([-formula for formula in formulas])

    def implies(self, one: Formula, other: Formula) -> Formula:
        """If one then other."""
        return self.any_of((-one, other))

    def same(self, one: Formula, other: Formula) -> Formula:
        """One if and only if other."""
        return self.all_of((self.implies(one, other), self.implies(other, one)))

    def choose(self, condition: Formula, then: Formula, otherwise: Formula) -> Formula:
        """If `condition` then `then` else `otherwise`."""
        if then == otherwise:
            return then
        return self.any_of((self.all_of((condition, then)), self.all_of((-condition, otherwise))))

    def _atom(self, always: Linear, conditional: tuple[tuple[Formula, Linear], ...]) -> Formula:
        """The node for an atom. Of an atom and its negation (s >= 0, and -s-1 >= 0), the one whose first factor is
        positive is a node. The factors are divided by what they have in common.
        """
        factors = [factor for part in (always, *(part for _, part in conditional)) for _, factor in part.factors]
        factors += [part.constant for _, part in conditional if part.constant]
        common = gcd(*factors)
        if common > 1:
            always = Linear(tuple((name, one // common) for name, one in always.factors), always.constant // common)
            conditional = tuple(
                (one, Linear(tuple((name, factor // common) for name, factor in part.factors), part.constant // common))
                for one, part in conditional
            )
        if factors[0] > 0:
            return self._number(Atom(always, conditional))
        return -self._number(Atom(-always - 1, tuple((one, -part) for one, part in conditional)))

    def _number(self, node: Atom | Both | str) -> Formula:
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return number


def parts_of(node: Atom | Both | str) -> tuple[Formula, ...]:
    """The formulas that a node is built from."""
    if isinstance(node, Both):
        return node.parts
    return tuple(formula for formula, _ in node.conditional) if isinstance(node, Atom) else ()


def below(arithmetic: Arithmetic, roots: Iterable[Formula]) -> list[int]:
    """The numbers of all nodes that the roots are built from, ascending, so that parts come before wholes."""
    found = {abs(root) for root in roots} - {1}
    pending = list(found)
    while pending:
        for part in parts_of(arithmetic.nodes[pending.pop()]):
            if abs(part) not in found and abs(part) != 1:
                found.add(abs(part))
                pending.append(abs(part))
    return sorted(found)


def unknowns(arithmetic: Arithmetic, roots: Iterable[Formula]) -> tuple[list[str], list[str]]:
    """The integer unknowns and the Boolean unknowns in formulas, by name."""
    numbers: set[str] = set()
    truths: set[str] = set()
    for number in below(arithmetic, roots):
        node = arithmetic.nodes[number]
        if isinstance(node, str):
            truths.add(node)
        elif isinstance(node, Atom):
            for part in (node.always, *(part for _, part in node.conditional)):
                numbers.update(name for name, _ in part.factors)
    return sorted(numbers), sorted(truths)


class Valuation:
    """What formulas come to if the unknowns have these values; an integer that is not named is 0, a truth false."""

    def __init__(self, arithmetic: Arithmetic, numbers: Mapping[str, int], truths: Iterable[str]) -> None:
        self._arithmetic = arithmetic
        self._numbers = _OrZero(numbers)
        self._truths = frozenset(truths)
        self._known: dict[int, bool] = {1: True}

    def number(self, linear: Linear) -> int:
        """The value of a sum."""
        return linear.value(self._numbers)

    def holds(self, formula: Formula) -> bool:
        """Whether a formula holds."""
        for number in self._unknown_below(formula):
            self._known[number] = self._node(self._arithmetic.nodes[number])
        return self._known[abs(formula)] == (formula > 0)

    def _unknown_below(self, formula: Formula) -> Iterator[int]:
        if abs(formula) not in self._known:
            yield from (number for number in below(self._arithmetic, [formula]) if number not in self._known)

    def _node(self, node: Atom | Both | str) -> bool:
        if isinstance(node, str):
            return node in self._truths
        if isinstance(node, Both):
            return all(map(self._is, node.parts))
        added = sum(self.number(part) for formula, part in node.conditional if self._is(formula))
        return self.number(node.always) + added >= 0

    def _is(self, formula: Formula) -> bool:
        return self._known[abs(formula)] == (formula > 0)


class _OrZero(dict[str, int]):
    def __missing__(self, name: str) -> int:
        return 0
