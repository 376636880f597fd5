"""A checker of proofs that a lemma of linear integer arithmetic holds, without any search and without a solver.

The lemma is an SMT-LIB script that must have no model. Its proof is in three files:

- the clauses, in DIMACS form: first those that the script says, then others, of comparisons alone, then the goal;
- for each of the others, one positive whole number for each of its literals. If all literals are false, that is as many
  inequalities between integers. Multiplied by these numbers, they add up to `0 >= 1`, or to less than that. So one of
  the literals is true, whatever the integers are (Farkas' lemma says that there are such numbers, up to rounding);
- a proof in LRAT form that all of the clauses together contradict each other.

Lines before the numbers may name further comparisons, such as `(>= x 3)`, of which the other clauses may speak: x is
an integer, so that one of `x >= 3` and `x <= 2` is true. This file imports nothing from byzverify but the reader of
scripts and the checker of LRAT, which import nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from byzverify.certificates import lrat
from byzverify.certificates.linear_statement import Statement, expressions
from byzverify.certificates.lrat import Clause, Rejected

LINE = re.compile(r"[1-9][0-9]{0,30}(?: [1-9][0-9]{0,30})*")


@dataclass(frozen=True)
class Followed:
    """How long a proof is that was followed: all clauses, those that rest on sums of inequalities, and steps."""

    clauses: int
    sums: int
    steps: int


def check(
    script: bytes, clauses: bytes, numbers: bytes, proof: bytes, tick: Callable[[], None] = lambda: None
) -> Followed:
    """Follow a proof that a script has no model. Raises Rejected if it does not show that.

    tick: called before each step.
    """
    stated = Statement(_decoded(script))
    lines = _decoded(numbers).splitlines()
    while lines and lines[0].startswith("("):
        for expression in expressions(lines.pop(0)):
            stated.formula(expression)
    formula = lrat.DimacsText(clauses)
    said = len(stated.clauses)
    if len(formula) != said + len(lines) + 1:
        raise Rejected(
            f"there are {len(formula)} clauses; the script says {said} and the goal, {len(lines)} have numbers"
        )
    for number, clause in [*enumerate(stated.clauses, start=1), (len(formula), (stated.goal,))]:
        if formula[number] != clause:
            raise Rejected(f"clause {number} is not what the script says")
    for number, line in enumerate(lines, start=said + 1):
        tick()
        try:
            _add_up(stated, formula[number], line)
        except Rejected as reason:
            raise Rejected(f"clause {number}: {reason}") from None
    return Followed(len(formula), len(lines), lrat.check(formula, proof, tick))


def _add_up(stated: Statement, clause: Clause, line: str) -> None:
    """Raise Rejected unless the negations of the literals, multiplied by these numbers, add up to a contradiction."""
    if not LINE.fullmatch(line):
        raise Rejected("its numbers are not whole numbers above 0")
    numbers = [int(number) for number in line.split()]
    if len(numbers) != len(clause):
        raise Rejected(f"it has {len(clause)} literals and {len(numbers)} numbers")
    total: dict[str, int] = {}
    for literal, number in zip(clause, numbers, strict=True):
        for name, factor in stated.inequality(-literal).items():
            total[name] = total.get(name, 0) + number * factor
    constant = total.pop("", 0)
    if any(total.values()) or constant >= 0:
        raise Rejected("its inequalities do not add up to a contradiction")


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Rejected("a file is not text") from None
