"""A checker of LRAT proofs, which show without any search that a formula in DIMACS form has no model.

Each step of the proof adds a clause and names, in order, the clauses that it follows from. To check a step, assume that
all literals of the new clause are false. Each named clause must then have one literal left, which must be true, until
one clause has none left. If every step is correct and the last one adds the empty clause, the formula has no model.
Source: Cruz-Filipe, Heule, Hunt, Kaufmann and Schneider-Kamp, "Efficient certified RAT verification", CADE 2017. Of its
two kinds of steps, only RUP is accepted.

This file imports nothing from byzverify, so it shares no code with what makes the formula or the proof.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator

Clause = tuple[int, ...]

NUMBERS = rb"(?:-?[1-9][0-9]{0,17} )*"
STEP = re.compile(rb"[1-9][0-9]{0,17} (?:d " + NUMBERS + rb"|" + NUMBERS + rb"0 " + NUMBERS + rb")0")


class Rejected(Exception):
    """A formula or a proof is not valid; the message says why, in one line."""


class DimacsText:
    """A DIMACS text: comment lines, a header, and one clause on each line. Raises Rejected for anything else."""

    def __init__(self, text: bytes) -> None:
        header = re.match(rb"(?:c[^\n]*\n)*p cnf ([0-9]{1,18}) ([0-9]{1,18})\n", text)
        if header is None:
            raise Rejected("the formula has no header `p cnf VARIABLES CLAUSES`")
        self._text = text
        self._variables = int(header[1])
        lines = re.compile(rb"\n").finditer(text, header.end())
        self._starts = array("Q", [header.end(), *(line.end() for line in lines)])
        if len(self) != int(header[2]) or self._starts[-1] != len(text):
            raise Rejected(f"the formula has {len(self)} lines of clauses, and its header says {int(header[2])}")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> Clause:
        """Clause `number`, counted from 1."""
        line = self._text[self._starts[number - 1] : self._starts[number] - 1]
        if not re.fullmatch(NUMBERS + rb"0", line):
            raise Rejected(f"clause {number} of the formula is not a list of literals that ends with 0")
        clause = tuple(map(int, line.split()[:-1]))
        if any(abs(literal) > self._variables for literal in clause):
            raise Rejected(f"clause {number} of the formula has a variable above {self._variables}")
        return clause


def check(formula: DimacsText, proof: bytes, tick: Callable[[], None] = lambda: None) -> int:
    """How many clauses the proof adds, if it shows that the formula has no model. Raises Rejected if it does not.

    tick: called before each step.
    """
    known = _Known(formula)
    added = 0
    for line, step in _steps(proof):
        tick()
        if known.contradicted:
            raise Rejected(f"line {line} of the proof comes after the empty clause")
        try:
            added += known.follow(step)
        except Rejected as reason:
            raise Rejected(f"line {line} of the proof: {reason}") from None
    if not known.contradicted:
        raise Rejected("the proof ends without the empty clause")
    return added


def _steps(proof: bytes) -> Iterator[tuple[int, list[bytes]]]:
    for number, line in enumerate(proof.split(b"\n"), start=1):
        if line and not STEP.fullmatch(line):
            raise Rejected(f"line {number} of the proof is not a step of LRAT")
        if line:
            yield number, line.split()


def without_hints(proof: bytes) -> bytes:
    """The same proof in DRAT form: the clauses that it adds, one on each line. Nothing is deleted."""
    added = [line.split(b" ", 1)[1] for line in proof.split(b"\n") if line and b" d " not in line]
    return b"".join(b"0\n" if step.startswith(b"0 ") else step.split(b" 0 ", 1)[0] + b" 0\n" for step in added)


class _Known:
    """The current clauses: those of the formula and those that were added, without those that were deleted."""

    def __init__(self, formula: DimacsText) -> None:
        self._formula = formula
        self._added: dict[int, Clause] = {}
        self._deleted: set[int] = set()
        self._last = len(formula)
        self.contradicted = False

    def follow(self, step: list[bytes]) -> int:
        """Check and apply one step. Returns how many clauses it adds."""
        if step[1] == b"d":
            for number in map(int, step[2:-1]):
                self._delete(number)
            return 0
        number, *rest = map(int, step[:-1])
        end = rest.index(0)
        self._add(number, tuple(rest[:end]), rest[end + 1 :])
        return 1

    def _clause(self, number: int) -> Clause:
        if 0 < number <= len(self._formula) and number not in self._deleted:
            return self._formula[number]
        if number not in self._added:
            raise Rejected(f"there is no clause {number}")
        return self._added[number]

    def _delete(self, number: int) -> None:
        self._clause(number)
        if self._added.pop(number, None) is None:
            self._deleted.add(number)

    def _add(self, number: int, clause: Clause, hints: list[int]) -> None:
        if number <= self._last:
            raise Rejected(f"clause {number} comes after clause {self._last}")
        false = set(clause)
        for hint in hints:
            left = {literal for literal in self._clause(hint) if literal not in false}
            if not left:
                break
            if len(left) > 1:
                raise Rejected(f"clause {hint} has more than one literal left")
            false.add(-left.pop())
        else:
            raise Rejected(f"clause {number} does not follow from the clauses that it names")
        self._last = number
        self._added[number] = clause
        self.contradicted = not clause
