"""The command that makes maps: decides every cell of a landscape, draws the map, and stores the cells."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from byzverify.commands.options import FILE, as_json, dask, graph, model, settings
from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import map_progress_shown, terminal
from byzverify.errors import UsageError, counted, meant

if TYPE_CHECKING:
    from byzverify.maps.landscape import Map

UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}

LEAST_MEMORY = 2**28
"""The memory that Python, z3 and byzverify need to start."""


@click.command("map", short_help="Decide every combination of sizes, and draw the map.")
@model
@click.option("-n", metavar="NUMBERS", help="How many generals: 4, a range 3..12, or a list 3,5,7.")
@click.option("-m", metavar="NUMBERS", help="What the protocol is built for. [default: as -t]")
@click.option("-t", "--traitors", "t", metavar="NUMBERS", help="The most traitors that may be present. [default: m]")
@click.option("--faults", metavar="NUMBERS", help="How many may fail in each mode: byzantine=0..2,manifest=0..1.")
@click.option("--values", metavar="NUMBERS", help="How many different orders there are.")
@graph
@click.option(
    "--graphs", help="Several graphs: all that are connected, connected:3..5; circulants:7; or a file of graphs."
)
@settings
@click.option(
    "--jobs",
    type=WholeNumber(least=1, most=1000),
    help="How many cells are decided at once. [default: one for each core]",
)
@click.option("--timeout", type=Seconds(), help="The time after which a cell is unknown, and the next one begins.")
@click.option("--memory", help="The memory that a cell may take, such as 2G. [default: its part of what there is]")
@click.option(
    "--store", type=FILE, help="Keep the cells in this file. [default: maps.sqlite in the user's cache folder]"
)
@click.option("--no-store", is_flag=True, help="Recall nothing and keep nothing.")
@dask
@click.option("--save-attacks", type=FILE, help="Write the attack of each refuted cell to this folder.")
@click.option("--export", metavar="csv|json|parquet", help="Print the table, and no picture.")
@as_json
@click.option(
    "-o",
    "--output",
    type=FILE,
    multiple=True,
    help="Write the map to this file: .svg, .png, .html, .csv, .json, .parquet; repeatable.",
)
def chart(
    model: str,
    jobs: int | None,
    timeout: float | None,
    memory: str | None,
    store: Path | None,
    no_store: bool,
    dask: str | None,
    save_attacks: Path | None,
    export: str | None,
    as_json: bool,
    output: tuple[Path, ...],
    **axes: Any,
) -> int:
    """Decide every combination of sizes, and draw where the model holds beside where its authors claim it.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class.
    """
    from byzverify.limits import Limit
    from byzverify.maps.axes import landscape_of
    from byzverify.maps.mapping import mapped_by
    from byzverify.maps.store import Store, default_path
    from byzverify.rendering.map.shown import demand_writable
    from byzverify.workers.hiring import crew_at
    from byzverify.workers.worker import Allowance

    if no_store and store is not None:
        raise UsageError("give either --store or --no-store")
    table = _table_asked_for(export, as_json)
    for file in output:
        demand_writable(file)
    if save_attacks is not None and save_attacks.exists() and not save_attacks.is_dir():
        raise UsageError(f"cannot save to {save_attacks}: it is no folder")
    Limit.within(timeout)
    allowance = Allowance(timeout, None if memory is None else _bytes(memory))
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        landscape = landscape_of(model, **axes)
        with (
            nullcontext() if no_store else Store(store or default_path()) as kept,
            crew_at(dask, jobs, allowance) as crew,
            map_progress_shown(landscape.size) as progress,
        ):
            found = mapped_by(crew, landscape, kept, progress)
    try:
        _write(found, save_attacks, output)
    finally:
        _print(found, table)
    return found.exit_code


def _table_asked_for(export: str | None, as_json: bool) -> str | None:
    """The format of the table to print; None for a picture. Raises UsageError for options that contradict."""
    from byzverify.rendering.map.shown import TABLES

    if as_json and export not in (None, "json"):
        raise UsageError(f"--json is --export json; give it alone, or --export {export}")
    if export is not None and export not in TABLES:
        raise UsageError(f"--export takes {', '.join(TABLES)}, not {export!r}{meant(export, TABLES)}")
    return "json" if as_json else export


def _write(found: Map, save_attacks: Path | None, output: Iterable[Path]) -> None:
    """Write the attacks and the map to the files that are asked for."""
    from byzverify.maps.attack_files import save
    from byzverify.rendering.map.shown import save_map

    if save_attacks is not None:
        number = save(found, save_attacks)
        note(f"saved {counted(number, 'attack')} to {save_attacks}")
    for file in output:
        save_map(found, file)
        note(f"wrote {file}")


def _print(found: Map, to: str | None) -> None:
    """Print the map as a table in this format, or as a picture."""
    from byzverify.rendering.map.shown import print_map, table

    if to is None:
        print_map(terminal(), found)
    else:
        sys.stdout.buffer.write(table(found, to))
        sys.stdout.flush()


def _bytes(text: str) -> int:
    """The number of bytes that a text such as 2G means. Raises UsageError for other texts, and for too few bytes."""
    found = re.fullmatch(r"([0-9]{1,9})([KMGT]?)B?", text.strip().upper())
    most = int(found[1]) * UNITS.get(found[2], 1) if found else 0
    if most < LEAST_MEMORY:
        raise UsageError(f"--memory takes a number of bytes, such as 2G or 300M, and at least 256M; not {text!r}")
    return most
