"""Writes a certificate for all sizes: each lemma as a script, and a proof that it holds, which needs no solver.

The folder gets its name only when it is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from byzverify.certificates.farkas import check
from byzverify.certificates.issuing import refute_clauses
from byzverify.certificates.lemma_manifest import KINDS, Example
from byzverify.certificates.lemma_statements import LemmaStatements
from byzverify.certificates.lrat import Rejected, without_hints
from byzverify.certificates.manifest import FILE, digest
from byzverify.certificates.refuting import clauses_and_numbers
from byzverify.errors import Stopped
from byzverify.files.saving import appearing, demand_room
from byzverify.logic.cnf import Clauses
from byzverify.logic.linear import Formula
from byzverify.solvers.arithmetic import Solution, arithmetic_solver
from byzverify.workers.background import Died, in_a_process


def write(statements: LemmaStatements, folder: Path, progress: Callable[[str], None]) -> None:
    """Write the certificate.

    Raises Stopped if that takes too long or too much memory, in which case nothing is left; Disagreement if a lemma
    fails; UsageError if the disk is full or not writable.
    """
    with appearing(folder) as place:
        writer = _LemmaWriter(place, statements, progress)
        manifest = statements.manifest(writer.files, writer.example)
        (place / FILE).write_text(manifest.text(), encoding="utf-8")


class _LemmaWriter:
    def __init__(self, folder: Path, statements: LemmaStatements, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self._limit = statements.limit
        self._solver = arithmetic_solver("z3", statements.family.arithmetic)
        self._progress = progress

    def example(self, name: str, premises: Sequence[Formula]) -> Example | None:
        """Values with which the premises of a lemma hold, if z3 finds some."""
        found = self._solver.solve(premises, self._limit)
        if not isinstance(found, Solution):
            return None
        numbers = {name: number for name, number in sorted(found.numbers.items()) if number}
        return Example(numbers=numbers, truths=sorted(found.truths))

    def files(self, name: str, script: str) -> dict[str, str]:
        """Write a lemma and its proof. Returns the names of the files with their checksums."""
        smt2, cnf, farkas, drat, lrat = (self._folder / f"{name}.{kind}" for kind in KINDS)
        self._progress(f"proving {smt2.name} in steps")
        smt2.write_text(script, encoding="utf-8")
        clauses, numbers = self._proof(script)
        variables = max(abs(literal) for clause in clauses for literal in clause)
        cnf.write_text("".join(Clauses(variables, clauses).dimacs()), encoding="ascii")
        farkas.write_text("".join(f"{line}\n" for line in numbers), encoding="ascii")
        refute_clauses(cnf, lrat, self._limit)
        try:
            check(script.encode(), cnf.read_bytes(), farkas.read_bytes(), lrat.read_bytes(), self._limit.check)
        except Rejected as reason:
            demand_room(self._folder)
            raise Stopped(f"the proof of {smt2.name} is incomplete: {reason}") from None
        drat.write_bytes(without_hints(lrat.read_bytes()))
        return {path.name: digest(path.read_bytes()) for path in (smt2, cnf, farkas, drat, lrat)}

    def _proof(self, script: str) -> tuple[list[tuple[int, ...]], list[str]]:
        try:
            found: tuple[list[tuple[int, ...]], list[str]] = in_a_process(
                lambda: clauses_and_numbers(script), self._limit
            )
        except Died as error:
            raise Stopped(f"the search for a proof {error}") from None
        return found
