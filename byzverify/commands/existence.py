"""The command about every protocol: is there one at all?"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from byzverify.commands.options import FILE, as_json, budget_of_options
from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.errors import UsageError

if TYPE_CHECKING:
    from byzverify.language.faults import Budget


@click.command(short_help="Find a protocol, or show that there is none.")
@click.option("-n", type=WholeNumber(), help="How many generals there are. [default: as many as the graph has nodes]")
@click.option("-t", "--traitors", type=WholeNumber(), help="The most traitors that may be present. [default: 1]")
@click.option(
    "--faults",
    help="How many may fail in each mode, in place of -t: byzantine=1,crash=1; also symmetric, omission, manifest.",
)
@click.option("--rounds", type=WholeNumber(), help="How many rounds there are. [default: the least number is sought]")
@click.option(
    "--problem",
    default="broadcast",
    show_default=True,
    help="broadcast, consensus, interactive, crusader, graded or approximate.",
)
@click.option(
    "--graph", help="Who can send to whom: a file that networkx reads, or a generator such as circulant:7:1,2,3."
)
@click.option("--commander", type=WholeNumber(), help="The general who starts with the order. [default: 0]")
@click.option("--signed", is_flag=True, help="Messages are signed.")
@click.option("--epsilon", metavar="NUMBER", help="In approximate agreement, how far apart decisions may be, as 1/4.")
@click.option("--timeout", type=Seconds(), help="The time after which the search ends.")
@click.option("--save", type=FILE, help="Write the protocol, if one is found, to this file, whose name ends in .py.")
@click.option(
    "--certificate", type=FILE, help="Write what shows the impossibility to this file; `certify` and `report` read it."
)
@as_json
def solvable(
    n: int | None,
    traitors: int | None,
    faults: str | None,
    rounds: int | None,
    problem: str,
    graph: str | None,
    commander: int | None,
    signed: bool,
    epsilon: str | None,
    timeout: float | None,
    save: Path | None,
    certificate: Path | None,
    as_json: bool,
) -> int:
    """Find a protocol for a problem, proved by `check`, or show that no protocol solves it."""
    from byzverify.questions import solving
    from byzverify.rendering.verdict.existence import print_existence

    budget = _budget(traitors, faults)
    with redirect_stdout(sys.stderr), progress_shown() as progress:
        verdict = solving.solvable(
            n,
            1 if budget is None else budget,
            rounds=rounds,
            problem=problem,
            graph=graph,
            commander=commander,
            signed=signed,
            epsilon=epsilon,
            timeout=timeout,
            save=save,
            certificate=certificate,
            progress=progress,
        )
    if save is not None and verdict.found is None:
        note(f"no protocol was found: nothing is written to {save}")
    if certificate is not None and verdict.certificate is None:
        note(f"no impossibility was found: nothing is written to {certificate}")
    if as_json:
        from byzverify.rendering.json import existence_as_json

        print_json(existence_as_json(verdict))
    else:
        print_existence(terminal(), verdict)
    return verdict.exit_code


def _budget(traitors: int | None, faults: str | None) -> Budget | None:
    """How many generals may fail in each mode. -t may repeat how many these are in all. Raises UsageError."""
    budget = budget_of_options(traitors if faults is None else None, faults)
    if faults is not None and budget is not None and traitors not in (None, sum(budget.values())):
        raise UsageError(f"-t {traitors} is not the number of faulty generals that --faults {faults} allows")
    return budget
