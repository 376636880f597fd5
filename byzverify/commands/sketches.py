"""The command about sketches: which values of its holes make a protocol right?"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from byzverify.commands.options import FILE, as_json, budget_of_options, graph, model, settings, values
from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.errors import UsageError


@click.command(short_help="Find the values of a sketch's holes that make it right.")
@model
@click.option("-n", metavar="NUMBERS", help="How many generals: 4, a range 4..10, or a list 4,7.")
@click.option("-m", metavar="NUMBERS", help="What the protocol is built for. [default: as -t]")
@click.option("--at", metavar="SIZES", multiple=True, help="One size, such as n=7,m=2, in place of -n; repeatable.")
@click.option("-t", "--traitors", type=WholeNumber(), help="The most traitors that may be present. [default: m]")
@click.option("--faults", help="How many may fail in each mode, in place of -t: byzantine=1,crash=1.")
@graph
@values
@settings
@click.option("--timeout", type=Seconds(), help="The time after which what is undecided is UNKNOWN.")
@click.option("--save", type=FILE, help="Write the protocol with the simplest fit in place of the holes to this file.")
@as_json
def complete(
    model: str,
    n: str | None,
    m: str | None,
    at: tuple[str, ...],
    traitors: int | None,
    faults: str | None,
    graph: str | None,
    values: int | None,
    settings: tuple[str, ...],
    timeout: float | None,
    save: Path | None,
    as_json: bool,
) -> int:
    """Find all values of `self.hole(...)` with which `check` proves the protocol; of several sizes, sums that fit.

    MODEL is path/to/file.py:Class.
    """
    from byzverify.crosscheck.interpreters import start_early

    click.get_current_context().with_resource(start_early())  # the first proof needs one
    from byzverify.maps.axes import numbers
    from byzverify.questions import completing
    from byzverify.questions.sketches import every_size, named_sizes, sketched
    from byzverify.rendering.verdict.completion import print_completion

    if at and (n, m) != (None, None):
        raise UsageError("give either --at, once for each size, or -n and -m")
    ns, ms = (None if text is None else numbers(text, name) for text, name in ((n, "-n"), (m, "-m")))
    sizes = [*map(named_sizes, at)] or every_size(ns, ms)
    budget = budget_of_options(traitors, faults)
    with redirect_stdout(sys.stderr), progress_shown() as progress:
        sketches, left_out = sketched(model, sizes, budget, settings, values, graph, exactly=bool(at))
        if left_out:
            note(f"left out, since the sketch does not accept or claim them: {'; '.join(left_out)}")
        found = completing.complete(sketches, budget, timeout=timeout, save=save, progress=progress)
    if save is not None and found.saved is None:
        note(f"nothing fits: nothing is written to {save}")
    if as_json:
        from byzverify.rendering.json import completion_as_json

        print_json(completion_as_json(found))
    else:
        print_completion(terminal(), found)
    return found.exit_code
