"""The commands that play: run a model or programs, attack programs, play one general, test one program."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from byzverify.commands.options import (
    FILE,
    Programs,
    Size,
    as_json,
    complete_model,
    deadline,
    depth,
    graph,
    model,
    programs,
    settings,
    size,
    values,
)
from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.errors import ByzverifyError, NodeError, UsageError
from byzverify.signals import heed_no_signals

if TYPE_CHECKING:
    from byzverify.campaign.campaign import Campaign

MODES = {"t": "byzantine", "s": "symmetric", "o": "omission", "c": "crash", "m": "manifest"}
"""The letter of each fault mode in -G."""

LETTERS = ", ".join(["l loyal", *(f"{letter} {mode}" for letter, mode in MODES.items())])
"""The letters of -G, in words."""

STRATEGIES = ("alternate", "silent", "random")
"""The names of the simulator's scripted traitors."""


@click.command(short_help="Run a model once with scripted traitors.")
@model
@click.option(
    "-G",
    "generals",
    metavar="LETTERS",
    required=True,
    help=f"A letter for each general, for example l,t,l,l: {LETTERS}.",
)
@depth
@click.option(
    "-O",
    "order",
    default="ATTACK",
    show_default=True,
    help="The order that all start with, or one for each general: ATTACK,RETREAT,...",
)
@click.option(
    "--strategy", type=click.Choice(STRATEGIES), default="alternate", show_default=True, help="How traitors act."
)
@click.option("--seed", type=WholeNumber(), default=0, show_default=True, help="The seed of the random strategy.")
@graph
@values
@settings
@programs
@as_json
def simulate(
    model: str,
    generals: str,
    m: int | None,
    order: str,
    strategy: str,
    seed: int,
    graph: str | None,
    values: int | None,
    settings: tuple[str, ...],
    programs: Programs,
    as_json: bool,
) -> int:
    """Run the model, or programs, once with scripted traitors; print what each decides, and which conditions hold.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class.
    """
    from byzverify.catalogue import library
    from byzverify.questions import simulating
    from byzverify.rendering.json import simulation_as_json, with_programs
    from byzverify.rendering.programs.encounter import print_comparison
    from byzverify.rendering.verdict.text import print_run

    loyalty = [letter.strip() for letter in generals.split(",")]
    if not set(loyalty) <= {"l", *MODES}:
        raise UsageError(f"-G takes a letter for each general, with commas between them: {LETTERS}; not {generals!r}")
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        protocol = library.configured(model, settings, n=len(loyalty), m=m, values=values, graph=graph)
        traitors = {general: MODES[letter] for general, letter in enumerate(loyalty) if letter != "l"}
        orders = order.split(",")
        team = programs.team(protocol.n) if programs else None
        if team is None:
            met, outcome = None, simulating.simulate(protocol, traitors, orders, strategy, seed)
        else:
            met, outcome = simulating.simulate_programs(
                protocol, traitors, orders, team, strategy, seed, programs.deadline
            )
    if as_json:
        found = simulation_as_json(outcome)
        print_json(found if met is None else with_programs(found, str(team), met))
    else:
        print_run(terminal(), outcome)
        if met is not None:
            print_comparison(terminal(), met)
    return 1 if outcome.violated else 0


@click.command("test", short_help="Attack programs that claim to be a model.")
@click.option(
    "--model",
    metavar="MODEL",
    required=True,
    help="What the programs claim to be: a model, as for `check`.",
    shell_complete=complete_model,
)
@programs
@size
@click.option("--attacks", type=WholeNumber(), default=100, show_default=True, help="The number of trials with faults.")
@click.option("--seed", type=WholeNumber(), default=0, show_default=True, help="The seed of everything random.")
@click.option("--timeout", type=Seconds(), help="The time after which no more is played.")
@click.option("--keep-going", is_flag=True, help="Play all attacks, also after something broke.")
@click.option("--junit", type=FILE, help="Write a JUnit XML file.")
@click.option(
    "--save",
    type=FILE,
    default="broken.json",
    show_default=True,
    help="Write the attack that breaks the programs, if any, to this file.",
)
@as_json
def campaign(
    model: str,
    programs: Programs,
    size: Size,
    attacks: int,
    seed: int,
    timeout: float | None,
    keep_going: bool,
    junit: Path | None,
    save: Path,
    as_json: bool,
) -> int:
    """Test programs that claim to be a model: play attacks of every kind against them, and make small what breaks."""
    from byzverify.campaign.campaign import run_campaign
    from byzverify.files.saving import demand_place, write
    from byzverify.questions.question import budget_for
    from byzverify.rendering.json import campaign_as_json
    from byzverify.rendering.programs.campaign import print_campaign
    from byzverify.rendering.programs.junit import fault_as_junit

    for file in (save, *([junit] if junit else [])):
        demand_place(file)
    if not programs:
        raise UsageError("say which program to test: --node './my_general --flag', or --node-map 2=./my_general")
    with redirect_stdout(sys.stderr), progress_shown() as progress:
        protocol, budget = size.protocol(model), size.budget()
        team = programs.team(protocol.n)
        try:
            ended = run_campaign(
                protocol,
                team,
                budget,
                attacks=attacks,
                seed=seed,
                deadline=programs.deadline,
                timeout=timeout,
                keep_going=keep_going,
                progress=progress,
            )
        except NodeError as fault:
            if junit is not None:
                write(junit, fault_as_junit(protocol, budget_for(protocol, budget), fault))
            raise
    failures = list(_kept(ended, save, junit))
    if as_json:
        print_json(campaign_as_json(ended))
    else:
        print_campaign(terminal(), ended)
    if failures and ended.broken is None:
        raise failures[0]
    for failure in failures:
        note(f"byzverify: {failure}")
    return ended.exit_code


def _kept(ended: Campaign, save: Path, junit: Path | None) -> Iterator[ByzverifyError]:
    """Write what a campaign found, the attack first. Yields an error for each file that could not be written."""
    from byzverify.files.saving import write
    from byzverify.rendering.programs.junit import as_junit

    try:
        if ended.attack is not None:
            ended.attack.save(save)
            again = " ".join(["byzverify replay", shlex.quote(str(save)), *ended.team.options()])
            note(f"saved; replay it with: {again}")
    except ByzverifyError as error:
        yield error
    try:
        if junit is not None:
            write(junit, as_junit(ended))
    except ByzverifyError as error:
        yield error


@click.command(short_help="Play one general of a model, as a program for others.")
@model
@depth
@settings
def node(model: str, m: int | None, settings: tuple[str, ...]) -> None:
    """Play one general of the model, over the node protocol on standard input and output.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class.
    """
    from byzverify.catalogue import library
    from byzverify.nodes.serving import serve

    heed_no_signals()
    if sys.stdin is None:
        raise UsageError("standard input is closed, and a node reads its messages from it")
    out = sys.stdout.buffer

    def write(text: bytes) -> None:
        out.write(text)
        out.flush()

    with redirect_stdout(sys.stderr):
        protocol = library.find(model)
        given = {} if m is None else {"m": m}
        given |= library.read_settings(protocol, settings)
        serve(protocol, given, sys.stdin.buffer, write)


@click.command("node-check", short_help="Say what is wrong with a program that plays a general.")
@click.argument("program", metavar="COMMAND")
@click.option(
    "--model",
    default="om",
    show_default=True,
    help="What the program is compared with: a model, as for `check`.",
    shell_complete=complete_model,
)
@click.option("-n", type=WholeNumber(least=2), default=4, show_default=True, help="How many generals there are.")
@click.option(
    "-m",
    type=WholeNumber(),
    default=1,
    show_default=True,
    help="What the protocol is built for, if it has an m.",
)
@settings
@deadline
@as_json
def node_check(
    program: str, model: str, n: int, m: int, settings: tuple[str, ...], deadline: float, as_json: bool
) -> int:
    """Say step by step what is wrong with a program that is to play a general.

    COMMAND is the program, with its arguments.
    """
    from byzverify.catalogue import library
    from byzverify.nodes.conformance import ConformanceTest
    from byzverify.nodes.team import command_of
    from byzverify.rendering.json import conformance_as_json
    from byzverify.rendering.programs.conformance import print_conformance

    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        has_m = library.has_parameter(library.find(model), "m")
        protocol = library.configured(model, settings, n=n, m=m if has_m else None)
        findings = ConformanceTest(command_of(program), protocol, deadline).findings()
        found = conformance_as_json(findings, program, protocol) if as_json else None
    if found is not None:
        print_json(found)
        right = found["right"]
    else:
        right = print_conformance(terminal(), findings, model)
    return 0 if right else NodeError.exit_code
