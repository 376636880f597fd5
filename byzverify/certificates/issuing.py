"""Writes a certificate: the clauses of every case, and CaDiCaL's proof that they contradict each other.

The folder gets its name only when it is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from byzverify.certificates.lrat import DimacsText, Rejected, check, without_hints
from byzverify.certificates.manifest import FILE, digest
from byzverify.certificates.statements import Statements
from byzverify.errors import Disagreement, Stopped, UsageError
from byzverify.files.saving import appearing, demand_permission, demand_room, naming
from byzverify.limits import Limit
from byzverify.workers.background import Died, in_a_process


def demand_possible(folder: Path) -> None:
    """Raise UsageError if no certificate can be written to this folder."""
    if find_spec("pysat") is None:
        raise UsageError("a certificate needs python-sat; pip install 'byzverify[certificates]' brings it")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"cannot write a certificate to {folder}: {folder.absolute().parent} is not a folder")
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"cannot write a certificate to {folder}: it exists; name a new folder or an empty one")
    demand_permission(folder)


def write(statements: Statements, folder: Path, progress: Callable[[str], None]) -> None:
    """Write the certificate.

    Raises Stopped if that takes too long or too much memory, in which case nothing is left; Disagreement if CaDiCaL
    finds a model of a case; UsageError if the disk is full or not writable.
    """
    with appearing(folder) as place:
        manifest = statements.manifest(_Writer(place, statements.limit, progress).files)
        (place / FILE).write_text(manifest.text(), encoding="utf-8")


class _Writer:
    def __init__(self, folder: Path, limit: Limit, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self._limit = limit
        self._progress = progress

    def files(self, name: str, lines: Iterator[str]) -> dict[str, str]:
        """Write the clauses of a case and CaDiCaL's refutation. Returns the names of the files with their checksums."""
        cnf, drat, lrat = (self._folder / f"{name}.{kind}" for kind in ("cnf", "drat", "lrat"))
        self._progress(f"writing and refuting {cnf.name}")
        with cnf.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        refute_clauses(cnf, lrat, self._limit)
        proof = lrat.read_bytes()
        try:
            check(DimacsText(cnf.read_bytes()), proof, self._limit.check)
        except Rejected as reason:
            demand_room(self._folder)
            raise Stopped(f"cadical's proof for {cnf.name} is incomplete: {reason}") from None
        drat.write_bytes(without_hints(proof))
        return {path.name: digest(path.read_bytes()) for path in (cnf, drat, lrat)}


def refute_clauses(cnf: Path, lrat: Path, limit: Limit) -> None:
    """Have CaDiCaL write a proof that the clauses of a file contradict each other.

    Raises Disagreement if they have a model, Stopped at the limit.
    """
    from byzverify.solvers.cadical import refute

    def refuted() -> bool:
        with naming(lrat):
            return refute(cnf, lrat)

    try:
        is_refuted = in_a_process(refuted, limit)
    except Died as error:
        raise Stopped(f"cadical {error}") from None
    if not is_refuted:
        raise Disagreement(f"{cnf.name} is of a case that was proved, and cadical finds a model of it")
