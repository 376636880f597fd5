"""What `map --solvable` does: asks about every protocol, cell by cell, and prints the periodic table."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from byzverify.commands.streams import note
from byzverify.commands.terminal import cells_shown, terminal
from byzverify.errors import ReplayMismatch, UsageError, counted, meant

if TYPE_CHECKING:
    from byzverify.maps.periodic import PeriodicCell, PeriodicTable


def tabulate(
    *,
    n: str | None,
    t: str | None,
    faults: tuple[str, ...],
    graph: str | None,
    graphs: str | None,
    problem: str | None,
    signed: bool,
    jobs: int | None,
    timeout: float | None,
    memory: int | None,
    certificates: Path | None,
    export: str | None,
    as_json: bool,
    output: tuple[Path, ...],
) -> int:
    """Decide every cell, print the table, and write the files that are asked for. Returns the exit code."""
    from byzverify.maps.networks import cells_of
    from byzverify.maps.proof_files import save_proofs

    to = _table_asked_for(export, as_json)
    _demand_writable(output, certificates)
    cells = cells_of(n=n, t=t, faults=faults, graph=graph, graphs=graphs, problem=problem or "broadcast", signed=signed)
    found = _found(cells, jobs, timeout, memory)
    if certificates is not None:
        found = save_proofs(found, certificates)
        note(f"saved the proofs of {counted(len(found.known), 'cell')} to {certificates}")
    _print(found, to)
    _write(found, output)
    if found.contradictions:
        raise ReplayMismatch(f"{'; '.join(found.contradictions)}: this is a bug in byzverify, please report it")
    return found.exit_code


def _found(
    cells: tuple[PeriodicCell, ...], jobs: int | None, timeout: float | None, memory: int | None
) -> PeriodicTable:
    """The table, with progress on standard error."""
    from byzverify.limits import Limit
    from byzverify.maps.tabulating import tabulated_by
    from byzverify.workers.hiring import crew_at
    from byzverify.workers.worker import Allowance

    Limit.within(timeout)
    with (
        redirect_stdout(sys.stderr),
        crew_at(None, jobs, Allowance(timeout, memory)) as crew,
        cells_shown(len(cells)) as show,
    ):
        return tabulated_by(crew, cells, lambda found, running: show(len(found.known), running, 0))


def _table_asked_for(export: str | None, as_json: bool) -> str | None:
    """The format to print; None for a picture. Raises UsageError for options that contradict."""
    from byzverify.rendering.periodic.files import KINDS

    if as_json and export not in (None, "json"):
        raise UsageError(f"--json is --export json; give it alone, or --export {export}")
    if export is not None and export not in KINDS:
        raise UsageError(f"with --solvable, --export takes {' or '.join(KINDS)}, not {export!r}{meant(export, KINDS)}")
    return "json" if as_json else export


def _demand_writable(output: tuple[Path, ...], certificates: Path | None) -> None:
    """Raise UsageError if something cannot be written, before any work is done."""
    from byzverify.files.saving import demand_permission, demand_place
    from byzverify.rendering.periodic.files import ENDINGS

    for file in output:
        if file.suffix.removeprefix(".") not in ENDINGS:
            endings = ", ".join(f".{one}" for one in ENDINGS)
            raise UsageError(f"with --solvable, a table is written as {endings}; write -o table.svg, not {file}")
        demand_place(file)
        demand_permission(file)
    if certificates is not None and certificates.exists() and not certificates.is_dir():
        raise UsageError(f"cannot save to {certificates}: it is no folder")


def _print(found: PeriodicTable, to: str | None) -> None:
    from byzverify.rendering.periodic.files import written
    from byzverify.rendering.periodic.printed import print_table

    if to is None:
        print_table(terminal(), found)
    else:
        sys.stdout.write(written(found, to))
        sys.stdout.flush()


def _write(found: PeriodicTable, output: tuple[Path, ...]) -> None:
    from byzverify.files.saving import write
    from byzverify.rendering.periodic.files import made

    for file in output:
        write(file, made(found, file.suffix.removeprefix(".")))
        note(f"wrote {file}")
