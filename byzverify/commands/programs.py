"""The commands that play: run a model or programs, attack programs, play one general, test one program."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from byzverify.commands.options import (
    AsJson,
    Deadline,
    Depth,
    Faults,
    Graph,
    Model,
    Node,
    NodeMap,
    Settings,
    Size,
    Traitors,
    Values,
    budget_in,
    model_names,
)
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.errors import ByzverifyError, NodeError, UsageError
from byzverify.limits import DEADLINE
from byzverify.signals import heed_no_signals

if TYPE_CHECKING:
    from byzverify.campaign.campaign import Campaign

MODES = {"t": "byzantine", "s": "symmetric", "o": "omission", "c": "crash", "m": "manifest"}
"""The letter of each fault mode in -G."""


class StrategyName(StrEnum):
    """The scripted traitors of the simulator."""

    ALTERNATE = "alternate"
    SILENT = "silent"
    RANDOM = "random"


def simulate(
    model: Model,
    generals: Annotated[
        str,
        typer.Option(
            "-G",
            help="l for each loyal general, t for each traitor: l,t,l,l; "
            "s, o, c and m fail in the mode symmetric, omission, crash, manifest",
        ),
    ],
    m: Depth = None,
    order: Annotated[
        str, typer.Option("-O", help="the order at the start, or one for each general: ATTACK,RETREAT,...")
    ] = "ATTACK",
    strategy: Annotated[StrategyName, typer.Option(help="how traitors act")] = StrategyName.ALTERNATE,
    seed: Annotated[int, typer.Option(help="what the random strategy draws from")] = 0,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    node: Node = None,
    node_map: NodeMap = None,
    deadline: Deadline = DEADLINE,
    as_json: AsJson = False,
) -> None:
    """Run the model, or programs, once with scripted traitors; print what each decides, and which conditions hold."""
    from byzverify.catalogue import library
    from byzverify.nodes.team import team_of
    from byzverify.questions import simulating
    from byzverify.rendering.json import simulation_as_json, with_programs
    from byzverify.rendering.programs.encounter import print_comparison
    from byzverify.rendering.verdict.text import print_run

    loyalty = [letter.strip() for letter in generals.split(",")]
    if not set(loyalty) <= {"l", *MODES}:
        raise UsageError(
            "-G takes l (loyal), t (traitor), s, o, c and m (symmetric, omission, crash, manifest) with commas between "
            f"them, not {generals!r}"
        )
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        protocol = library.configured(model, settings or [], n=len(loyalty), m=m, values=values, graph=graph)
        traitors = {general: MODES[letter] for general, letter in enumerate(loyalty) if letter != "l"}
        asked = (protocol, traitors, order.split(","))
        team = team_of(node, node_map or [], protocol.n) if node is not None or node_map else None
        if team is None:
            met, outcome = None, simulating.simulate(*asked, strategy.value, seed)
        else:
            met, outcome = simulating.simulate_programs(*asked, team, strategy.value, seed, deadline)
    if as_json:
        found = simulation_as_json(outcome)
        print_json(found if met is None else with_programs(found, str(team), met))
    else:
        print_run(terminal(), outcome)
        if met is not None:
            print_comparison(terminal(), met)
    raise typer.Exit(1 if outcome.violated else 0)


def campaign(
    model: Annotated[
        str,
        typer.Option(
            "--model", help="what the programs claim to be: a model, as for `check`", autocompletion=model_names
        ),
    ],
    node: Node = None,
    node_map: NodeMap = None,
    n: Size = None,
    m: Depth = None,
    traitors: Traitors = None,
    faults: Faults = None,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    attacks: Annotated[int, typer.Option("--attacks", help="how many trials with faulty generals")] = 100,
    seed: Annotated[int, typer.Option(help="what chance draws from")] = 0,
    deadline: Deadline = DEADLINE,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which no more is played", min=0)] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="play all, also after something broke")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", help="write a JUnit XML file")] = None,
    save: Annotated[Path, typer.Option(help="write the attack that breaks the programs, if any, to this file")] = Path(
        "broken.json"
    ),
    as_json: AsJson = False,
) -> None:
    """Test programs that claim to be a model: play attacks of every kind against them, and make small what breaks."""
    from byzverify.campaign.campaign import run_campaign
    from byzverify.catalogue import library
    from byzverify.files.saving import demand_place, write
    from byzverify.nodes.team import team_of
    from byzverify.questions.question import budget_for
    from byzverify.rendering.json import campaign_as_json
    from byzverify.rendering.programs.campaign import print_campaign
    from byzverify.rendering.programs.junit import fault_as_junit

    for file in (save, *([junit] if junit else [])):
        demand_place(file)
    if node is None and not node_map:
        raise UsageError("say which program to test: --node './my_general --flag', or --node-map 2=./my_general")
    with redirect_stdout(sys.stderr), progress_shown() as progress:
        budget = budget_in(traitors, faults)
        protocol = library.configured(model, settings or [], budget, n=n, m=m, values=values, graph=graph)
        team = team_of(node, node_map or [], protocol.n)
        try:
            ended = run_campaign(
                protocol,
                team,
                budget,
                attacks=attacks,
                seed=seed,
                deadline=deadline,
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
    raise typer.Exit(ended.exit_code)


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


def node(
    model: Model,
    m: Depth = None,
    settings: Settings = None,
) -> None:
    """Be a program that plays one general of the model, and speaks the node protocol."""
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
        given |= library.read_settings(protocol, settings or [])
        serve(protocol, given, sys.stdin.buffer, write)


def node_check(
    program: Annotated[str, typer.Argument(metavar="COMMAND", help="a program, with its arguments")],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            help="what the program is compared with: a model's name or path/to/file.py:Class",
            autocompletion=model_names,
        ),
    ] = "om",
    n: Annotated[int, typer.Option("-n", help="how many generals there are", min=2)] = 4,
    m: Annotated[int, typer.Option("-m", help="what the protocol is built for, where it has an m")] = 1,
    settings: Settings = None,
    deadline: Deadline = DEADLINE,
    as_json: AsJson = False,
) -> None:
    """Say step by step what is wrong with a program that is to play a general."""
    from byzverify.catalogue import library
    from byzverify.nodes.conformance import ConformanceTest
    from byzverify.nodes.team import command_of
    from byzverify.rendering.json import conformance_as_json
    from byzverify.rendering.programs.conformance import print_interview

    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        depth = m if library.has_parameter(library.find(model), "m") else None
        protocol = library.configured(model, settings or [], n=n, m=depth)
        findings = ConformanceTest(command_of(program), protocol, deadline).findings()
        found = conformance_as_json(findings, program, protocol) if as_json else None
    if found is not None:
        print_json(found)
        right = found["right"]
    else:
        right = print_interview(terminal(), findings, model)
    if not right:
        raise typer.Exit(NodeError.exit_code)
