"""The command that makes maps: decides every cell of a landscape, draws the map, and stores the cells."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from byzverify.commands.options import FILE, as_json, dask, graph, optional_model, settings
from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import map_progress_shown, terminal
from byzverify.errors import TWO_READINGS, ReplayMismatch, UsageError, counted, meant

if TYPE_CHECKING:
    from byzverify.maps.landscape import Map

UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}

LEAST_MEMORY = 2**28
"""The memory that Python, z3 and byzverify need to start."""


@click.command("map", short_help="Decide every combination of sizes, and draw the map.")
@click.option("--solvable", is_flag=True, help="Ask about every protocol, in place of a MODEL: a periodic table.")
@optional_model
@click.option("-n", metavar="NUMBERS", help="How many generals: 4, a range 3..12, or a list 3,5,7.")
@click.option("-m", metavar="NUMBERS", help="What the protocol is built for. [default: as -t]")
@click.option("-t", "--traitors", "t", metavar="NUMBERS", help="The most traitors that may be present. [default: m]")
@click.option(
    "--faults",
    metavar="NUMBERS",
    multiple=True,
    help="How many may fail in each mode: byzantine=0..2,manifest=0..1. With --solvable, repeatable.",
)
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
@click.option("--signed", is_flag=True, help="With --solvable: messages are signed.")
@click.option("--problem", help="With --solvable: broadcast (the default), consensus, interactive, crusader or graded.")
@click.option(
    "--certificates",
    type=FILE,
    help="With --solvable: write what proves each cell to this folder: a chain, a protocol.",
)
@as_json
@click.option(
    "-o",
    "--output",
    type=FILE,
    multiple=True,
    help="Write the map to this file: .svg, .png, .html, .csv, .json, .parquet; repeatable.",
)
def chart(
    solvable: bool,
    model: str | None,
    signed: bool,
    problem: str | None,
    certificates: Path | None,
    faults: tuple[str, ...],
    memory: str | None,
    **given: Any,
) -> int:
    """Decide every combination of sizes, and draw where the model holds beside where its authors claim it.

    An arrow after a row leads to what is proved for every larger number of generals.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class. With --solvable there is none: of each
    combination, the map has the least number of rounds of any protocol.
    """
    if solvable:
        from byzverify.commands.tabulating import tabulate

        _demand_none({"MODEL": model} | {_option(name): given.pop(name) for name in OF_MODELS})
        given |= {"signed": signed, "problem": problem, "faults": faults, "memory": _bytes(memory)}
        return tabulate(certificates=certificates, **given)
    if model is None:
        raise UsageError("name a model, or give --solvable to ask about every protocol")
    _demand_solvable({"--signed": signed, "--problem": problem, "--certificates": certificates})
    if faults[1:]:
        raise UsageError("give --faults once: byzantine=0..2,manifest=0..1 has two modes")
    return _chart(model, faults=faults[0] if faults else None, memory=_bytes(memory), **given)


OF_MODELS = ("m", "values", "settings", "store", "no_store", "dask", "save_attacks")
"""The options about models, which do not go with --solvable."""


def _option(name: str) -> str:
    """How an option is written on the command line."""
    return {"m": "-m", "settings": "--set"}.get(name, f"--{name.replace('_', '-')}")


def _demand_none(given: Mapping[str, object]) -> None:
    """Raise UsageError if there is an option that is about models."""
    for option in (name for name, value in given.items() if value not in (None, (), False)):
        raise UsageError(f"--solvable asks about every protocol, not about a model: leave {option} out")


def _demand_solvable(given: Mapping[str, object]) -> None:
    """Raise UsageError if there is an option that goes only with --solvable."""
    for option in (name for name, value in given.items() if value not in (None, False)):
        raise UsageError(f"{option} goes with --solvable")


def _chart(
    model: str,
    jobs: int | None,
    timeout: float | None,
    memory: int | None,
    store: Path | None,
    no_store: bool,
    dask: str | None,
    save_attacks: Path | None,
    export: str | None,
    as_json: bool,
    output: tuple[Path, ...],
    **axes: Any,
) -> int:
    """The map of a model."""
    from byzverify.limits import Limit
    from byzverify.maps.axes import landscape_of
    from byzverify.maps.mapping import extended_by
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
    allowance = Allowance(timeout, memory)
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        landscape = landscape_of(model, **axes)
        with (
            nullcontext() if no_store else Store(store or default_path()) as kept,
            crew_at(dask, jobs, allowance) as crew,
            map_progress_shown(landscape.size) as progress,
        ):
            found = extended_by(crew, landscape, kept, progress)
    try:
        _write(found, save_attacks, output)
    finally:
        _print(found, table)
    if found.contradictions:
        raise ReplayMismatch(f"{'; '.join(found.contradictions)}; {TWO_READINGS}")
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


def _bytes(text: str | None) -> int | None:
    """The number of bytes that a text such as 2G means. Raises UsageError for other texts, and for too few bytes."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9})([KMGT]?)B?", text.strip().upper())
    most = int(found[1]) * UNITS.get(found[2], 1) if found else 0
    if most < LEAST_MEMORY:
        raise UsageError(f"--memory takes a number of bytes, such as 2G or 300M, and at least 256M; not {text!r}")
    return most
