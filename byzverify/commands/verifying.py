"""The commands about protocols: prove or refute them, export them for other tools, list models and exhibits."""

from __future__ import annotations

import shlex
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from byzverify.commands.options import (
    AsJson,
    Dask,
    Depth,
    Faults,
    FileModel,
    Graph,
    Model,
    Settings,
    Size,
    Traitors,
    Values,
    budget_in,
)
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.errors import UsageError
from byzverify.exporters.formats import Format
from byzverify.limits import Limit
from byzverify.rendering.attack.exports import AttackFormat


def check(
    model: Model,
    n: Size = None,
    m: Depth = None,
    traitors: Traitors = None,
    faults: Faults = None,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which the answer is UNKNOWN", min=0)] = None,
    steps: Annotated[
        int | None,
        typer.Option(help="so many steps, the same on every machine, after which the answer is UNKNOWN", min=0),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="give the solver the terms without any simplification")] = False,
    solver: Annotated[
        str | None,
        typer.Option("--solver", help="z3, cvc5, cadical, exact, or all to compare them; it gets the terms raw"),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="write the attack, if there is one, to this file")] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="write evidence for a proof to this folder; `certify` checks it")
    ] = None,
    minimal: Annotated[
        bool, typer.Option("--minimal", help="look for the smallest attack: fewest traitors, then fewest lies")
    ] = False,
    condition: Annotated[
        list[str] | None,
        typer.Option("--condition", metavar="NAME", help="ask about this condition [default: all]; repeatable"),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", help="decide the cases in so many processes [default: in this one]", min=1, max=1000),
    ] = None,
    dask: Dask = None,
    as_json: AsJson = False,
) -> None:
    """Prove the model at this size against every choice of traitors, or find an attack."""
    from byzverify.catalogue import library
    from byzverify.files.saving import demand_permission, demand_place
    from byzverify.questions import pipeline
    from byzverify.questions.verdict import Refuted
    from byzverify.rendering.json import verdict_as_json
    from byzverify.rendering.verdict.text import print_verdict
    from byzverify.workers.hiring import crew_at
    from byzverify.workers.worker import Allowance

    if save is not None:
        demand_place(save)
        demand_permission(save)
    with redirect_stdout(sys.stderr), progress_shown() as progress:  # a protocol that prints must not spoil the result
        budget = budget_in(traitors, faults)
        protocol = library.configured(model, settings or [], budget, n=n, m=m, values=values, graph=graph)
        with nullcontext() if jobs is None and dask is None else crew_at(dask, jobs, Allowance()) as crew:
            verdict = pipeline.check(
                protocol,
                budget,
                timeout=timeout,
                steps=steps,
                raw=raw,
                solver=solver,
                certificate=certificate,
                minimal=minimal,
                condition=condition,
                crew=crew,
                progress=progress,
            )
    try:
        if isinstance(verdict, Refuted) and save is not None:
            verdict.attack.save(save)
            note(f"saved; replay it with: byzverify replay {shlex.quote(str(save))}")
        elif save is not None:
            note(f"no attack was found: nothing is saved to {save}")
        if certificate is not None and verdict.exit_code != 0:
            note(f"nothing is proved: no certificate is written to {certificate}")
    finally:
        if as_json:
            print_json(verdict_as_json(verdict))
        else:
            print_verdict(terminal(), verdict)
    raise typer.Exit(verdict.exit_code)


def certify(
    folder: Annotated[Path, typer.Argument(help="a folder that `check --certificate` wrote")],
    model: FileModel = None,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which the answer is UNKNOWN", min=0)] = None,
    as_json: AsJson = False,
) -> None:
    """Check the evidence for a proof, with no solver: the model's clauses, and each step that refutes them."""
    from byzverify.certificates.certifying import certify as certified
    from byzverify.rendering.json import certified_as_json
    from byzverify.rendering.verdict.text import print_certified

    with redirect_stdout(sys.stderr), progress_shown() as progress:
        found = certified(folder, model=model, timeout=timeout, progress=progress)
    if as_json:
        print_json(certified_as_json(found))
    else:
        print_certified(terminal(), found)


def export(
    what: Annotated[str, typer.Argument(metavar="MODEL|FILE", help="a model as for `check`, or an attack's FILE.json")],
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORMAT", help=f"for a model {', '.join(Format)}; for an attack {', '.join(AttackFormat)}"
        ),
    ],
    n: Size = None,
    m: Depth = None,
    traitors: Traitors = None,
    faults: Faults = None,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="write to this file, om.tla for example; else print")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which nothing is written", min=0)] = None,
    model: FileModel = None,
) -> None:
    """Write a model at this size down for another tool, for a second opinion on a verdict; or an attack, to be seen."""
    from byzverify.catalogue import library
    from byzverify.exporters.formats import exported
    from byzverify.files.saving import write_all
    from byzverify.questions.question import budget_for
    from byzverify.rendering.attack.exports import exported as attack_exported

    with redirect_stdout(sys.stderr):
        if what.endswith(".json"):
            if any(given is not None for given in (n, m, traitors, faults, graph, values, settings or None, timeout)):
                raise UsageError(
                    f"{what} is an attack, which has a model and a size: give only --to, --output, --model"
                )
            files = {output or Path(): attack_exported(Path(what), AttackFormat(to), model)}
        else:
            if model is not None:
                raise UsageError(f"{what} is a model itself: --model is for attack files, whose names end in .json")
            budget = budget_in(traitors, faults)
            protocol = library.configured(what, settings or [], budget, n=n, m=m, values=values, graph=graph)
            allowed = budget_for(protocol, budget)
            files = exported(protocol, allowed, Format(to), output, Limit.within(timeout))
    if output is None:
        sys.stdout.write(next(iter(files.values())))
    else:
        write_all(files)
        for path in files:
            note(f"wrote {path}")


def models(as_json: AsJson = False) -> None:
    """List the models that come with byzverify, each with its published claim."""
    from byzverify.catalogue import library

    listed = [(name, library.find(name)) for name in library.names()]
    if as_json:
        from byzverify.rendering.json import models_as_json

        print_json(models_as_json(listed))
    else:
        from byzverify.rendering.verdict.text import print_models

        print_models(terminal(), listed)


def exhibit_names(incomplete: str) -> list[str]:
    """The exhibits whose names begin with this text, for shell completion."""
    from byzverify.catalogue import configurations

    return [one.name for one in configurations.exhibits() if one.name.startswith(incomplete)]


def museum(
    name: Annotated[
        str | None,
        typer.Argument(help="the exhibit to run [default: list them all]", autocompletion=exhibit_names),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show published mistakes: each with the attack that breaks it, replayed, and the repair, proved."""
    from byzverify.catalogue import configurations
    from byzverify.questions.exhibits import visit
    from byzverify.rendering.json import exhibits_as_json, visit_as_json
    from byzverify.rendering.verdict.text import print_exhibit, print_exhibits

    if name is None and as_json:
        print_json(exhibits_as_json(configurations.exhibits()))
    elif name is None:
        print_exhibits(terminal(), configurations.exhibits())
    else:
        exhibit = configurations.exhibit(name)
        with progress_shown() as progress:
            mistake, repair = visit(exhibit.mistake, exhibit.repair, progress)
        if as_json:
            print_json(visit_as_json(exhibit, mistake, repair))
        else:
            print_exhibit(terminal(), exhibit, mistake, repair)
