"""Looks for a proof that a lemma of linear integer arithmetic holds, in the form that `farkas.py` checks.

CaDiCaL chooses which comparisons are true, so that all clauses of the script are satisfied. z3 says whether these
comparisons can hold together between rational numbers. If not, a few of them cannot: that is a new clause, and the
numbers by which they add up to a contradiction come from exact elimination. If they can, and an unknown is a fraction
there, CaDiCaL has to choose on which side of it the unknown is. It ends when no choice is left. This module trusts
nothing that it finds: its result is checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, gcd, lcm
from typing import TYPE_CHECKING

from byzverify.certificates.linear_statement import Statement, Sum, expressions
from byzverify.certificates.lrat import Clause
from byzverify.errors import Disagreement, Stopped

if TYPE_CHECKING:
    from byzverify.solvers.z3 import RationalInequalities


def clauses_and_numbers(script: str) -> tuple[list[Clause], list[str]]:
    """The clauses that contradict each other, and the lines of the file with their numbers.

    Raises Disagreement if the script has a model.
    """
    found = _Refutation(Statement(script))
    found.search()
    return [*found.stated.clauses, *found.added, (found.stated.goal,)], [*found.split, *found.numbers]


class _Refutation:
    def __init__(self, stated: Statement) -> None:
        from byzverify.solvers.cadical import GrowingClauses
        from byzverify.solvers.z3 import RationalInequalities

        self.stated = stated
        self.added: list[Clause] = []
        self.numbers: list[str] = []
        self.split: list[str] = []
        self._sides: list[int] = []
        self._inequalities: RationalInequalities = RationalInequalities()
        self._engine = GrowingClauses([*stated.clauses, (stated.goal,)])
        for clause in _neighbours(stated.atoms):
            self._add(clause, [1, 1])

    def search(self) -> None:
        """Add clauses until all of them contradict each other."""
        while (true := self._engine.model()) is not None:
            needed = [*_needed(self.stated, true), *(one if one in true else -one for one in self._sides)]
            for literal in needed:
                if not self._inequalities.knows(literal):
                    self._inequalities.add(literal, self.stated.inequality(literal))
            found = self._inequalities.solve(needed)
            if isinstance(found, dict):
                self._divide(found)
            else:
                false = sorted(found, key=abs)
                self._add([-literal for literal in false], factors([*map(self.stated.inequality, false)]))

    def _add(self, clause: Sequence[int], numbers: Sequence[int]) -> None:
        self._engine.add(tuple(clause))
        self.added.append(tuple(clause))
        self.numbers.append(" ".join(map(str, numbers)))

    def _divide(self, values: Mapping[str, Fraction]) -> None:
        """Let an unknown that is a fraction here be less or more."""
        for name, value in values.items():
            if value.denominator != 1 and name not in self.stated.choices:
                bound = ceil(value)
                comparison = f"(< {name} {bound})" if bound > 0 else f"(< (+ {name} {-bound}) 0)"
                self.split.append(comparison)
                self._sides.append(abs(self.stated.formula(*expressions(comparison))))
                return
        raise Disagreement(
            "a lemma was proved, and its premises hold without its goal for these values: " + str(values)
        )


def _neighbours(atoms: Mapping[int, Sum]) -> Iterator[Clause]:
    """Of two atoms that differ in the constant alone, the one with less follows the other: clauses that say so."""
    alike: dict[tuple[tuple[str, int], ...], list[tuple[int, int]]] = defaultdict(list)
    for number, atom in atoms.items():
        alike[tuple((name, factor) for name, factor in atom.items() if name)].append((atom.get("", 0), number))
    for family in alike.values():
        yield from ((-less, more) for (_, less), (_, more) in pairwise(sorted(family)))


def _needed(stated: Statement, true: frozenset[int]) -> list[int]:
    """Literals of atoms that suffice for the assertions: of a conjunction that is false, one part is enough."""
    pending, needed, atoms = [stated.goal], set[int](), []
    while pending:
        literal = pending.pop()
        if literal in needed:
            continue
        needed.add(literal)
        gate = stated.gates.get(abs(literal))
        if gate is not None and literal > 0:
            pending += gate
        elif gate is not None:
            false = [-part for part in gate if (abs(part) in true) != (part > 0)]
            pending.append(min(false, key=lambda part: (part not in needed, abs(part) in stated.gates, abs(part))))
        elif abs(literal) in stated.atoms:
            atoms.append(literal)
            for name in stated.atoms[abs(literal)]:
                if name in stated.choices:
                    condition, yes, no = stated.choices[name]
                    holds = (abs(condition) in true) == (condition > 0)
                    pending += [condition, *yes] if holds else [-condition, *no]
    return atoms


def factors(inequalities: Sequence[Sum]) -> list[int]:
    """The least whole numbers by which inequalities add up to a contradiction, if none of them can be left out.

    Then the numbers are the only solution of the equations which say that each unknown vanishes, but for a factor.
    Raises Stopped if there are other solutions.
    """
    names = sorted({name for one in inequalities for name in one if name})
    rows = [[one.get(name, 0) for one in inequalities] for name in names]
    pivots: list[int] = []
    for column in range(len(inequalities)):
        row = next((row for row in range(len(pivots), len(rows)) if rows[row][column]), None)
        if row is not None:
            _eliminate(rows, len(pivots), row, column)
            pivots.append(column)
    free, *others = set(range(len(inequalities))) - set(pivots)
    if others:
        raise Stopped("z3 names inequalities that contradict each other, and some of them are not needed for that")
    solution = {free: Fraction(1)}
    solution |= {column: Fraction(-rows[place][free], rows[place][column]) for place, column in enumerate(pivots)}
    common = lcm(*(number.denominator for number in solution.values()))
    whole = [int(solution[column] * common) for column in range(len(inequalities))]
    return [number // gcd(*whole) for number in whole]


def _eliminate(rows: list[list[int]], place: int, row: int, column: int) -> None:
    """Move a row to a place, and make the column 0 in the other rows."""
    rows[place], rows[row] = rows[row], rows[place]
    pivot = rows[place]
    for other, numbers in enumerate(rows):
        if other != place and numbers[column]:
            whole = [pivot[column] * one - numbers[column] * two for one, two in zip(numbers, pivot, strict=True)]
            common = gcd(*whole) or 1
            rows[other] = [number // common for number in whole]
