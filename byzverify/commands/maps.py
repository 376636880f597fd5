"""The command that makes maps: decides every cell of a landscape, draws the map, and stores the cells."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from byzverify.commands.options import AsJson, Dask, Graph, Model, Settings
from byzverify.commands.streams import note
from byzverify.commands.terminal import map_progress_shown, terminal
from byzverify.errors import UsageError, counted, meant

UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}

LEAST_MEMORY = 2**28
"""The memory that Python, z3 and byzverify need to start."""

Numbers = str | None


def chart(
    model: Model,
    n: Annotated[Numbers, typer.Option("-n", help="how many generals: 4, a range 3..12, or a list 3,5,7")] = None,
    m: Annotated[Numbers, typer.Option("-m", help="what the protocol is built for [default: as -t]")] = None,
    traitors: Annotated[
        Numbers, typer.Option("--traitors", "-t", help="the most traitors that may be present [default: m]")
    ] = None,
    faults: Annotated[
        Numbers, typer.Option("--faults", help="how many may fail in each mode: byzantine=0..2,manifest=0..1")
    ] = None,
    values: Annotated[Numbers, typer.Option("--values", help="how many different orders there are")] = None,
    graph: Graph = None,
    graphs: Annotated[
        str | None,
        typer.Option("--graphs", help="all connected graphs, connected:3..5; circulants:7; or a file of graphs"),
    ] = None,
    settings: Settings = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", help="how many cells at once [default: one for each core]", min=1, max=1000)
    ] = None,
    timeout: Annotated[
        float | None, typer.Option(help="seconds, after which a cell is unknown, and the next one begins", min=0)
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="what a cell may take, such as 2G [default: its part of what there is]")
    ] = None,
    store: Annotated[
        Path | None, typer.Option(help="keep cells in this file [default: maps.sqlite in the user's cache]")
    ] = None,
    no_store: Annotated[bool, typer.Option("--no-store", help="recall and keep nothing")] = False,
    dask: Dask = None,
    save_attacks: Annotated[
        Path | None, typer.Option("--save-attacks", help="write the attack of each refuted cell to this folder")
    ] = None,
    export: Annotated[
        str | None, typer.Option("--export", metavar="csv|json|parquet", help="print the table, and no picture")
    ] = None,
    as_json: AsJson = False,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output", "-o", help="write it to this file: .svg, .png, .html, .csv, .json, .parquet; repeatable"
        ),
    ] = None,
) -> None:
    """Decide every combination of sizes, and draw where the model holds beside where its authors claim it."""
    from byzverify.limits import Limit
    from byzverify.maps.attack_files import save
    from byzverify.maps.axes import landscape_of
    from byzverify.maps.mapping import mapped_by
    from byzverify.maps.store import Store, default_path
    from byzverify.rendering.map.shown import TABLES, demand_writable, print_map, save_map, table
    from byzverify.workers.hiring import crew_at
    from byzverify.workers.worker import Allowance

    if no_store and store is not None:
        raise UsageError("give either --store or --no-store")
    if as_json and export not in (None, "json"):
        raise UsageError(f"--json is --export json; give it alone, or --export {export}")
    export = "json" if as_json else export
    if export is not None and export not in TABLES:
        raise UsageError(f"--export takes {', '.join(TABLES)}, not {export!r}{meant(export, TABLES)}")
    for file in output or []:
        demand_writable(file)
    if save_attacks is not None and save_attacks.exists() and not save_attacks.is_dir():
        raise UsageError(f"cannot save to {save_attacks}: it is no folder")
    Limit.within(timeout)
    allowance = Allowance(timeout, None if memory is None else _bytes(memory))
    sizes = {"n": n, "m": m, "t": traitors, "faults": faults, "values": values, "graph": graph, "graphs": graphs}
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        landscape = landscape_of(model, **sizes, settings=settings or [])
        with (
            nullcontext() if no_store else Store(store or default_path()) as kept,
            crew_at(dask, jobs, allowance) as crew,
            map_progress_shown(landscape.size) as progress,
        ):
            found = mapped_by(crew, landscape, kept, progress)
    try:
        if save_attacks is not None:
            number = save(found, save_attacks)
            note(f"saved {counted(number, 'attack')} to {save_attacks}")
        for file in output or []:
            save_map(found, file)
            note(f"wrote {file}")
    finally:
        if export is None:
            print_map(terminal(), found)
        else:
            sys.stdout.buffer.write(table(found, export))
            sys.stdout.flush()
    raise typer.Exit(found.exit_code)


def _bytes(text: str) -> int:
    """The number of bytes that a text such as 2G means. Raises UsageError for other texts, and for too few bytes."""
    found = re.fullmatch(r"([0-9]{1,9})([KMGT]?)B?", text.strip().upper())
    most = int(found[1]) * UNITS.get(found[2], 1) if found else 0
    if most < LEAST_MEMORY:
        raise UsageError(f"--memory takes a number of bytes, such as 2G or 300M, and at least 256M; not {text!r}")
    return most
