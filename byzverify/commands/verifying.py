"""The commands about protocols: check them at one size, export them for other tools, list models and exhibits."""

from __future__ import annotations

import shlex
import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from byzverify.commands.options import (
    FILE,
    Size,
    as_json,
    assuming,
    certificate,
    dask,
    file_model,
    model,
    size,
)
from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.errors import UsageError
from byzverify.exporters.formats import Format, ProofFormat
from byzverify.limits import Limit
from byzverify.rendering.attack.exports import AttackFormat

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from byzverify.attacks.attack import Attack


def keep(attack: Attack | None, save: Path | None) -> None:
    """Save an attack to this file, if there are both, and say what was done."""
    if save is None:
        return
    if attack is None:
        note(f"no attack was found: nothing is saved to {save}")
        return
    attack.save(save)
    note(f"saved; replay it with: byzverify replay {shlex.quote(str(save))}")


@click.command(short_help="Prove a model, or find an attack.")
@model
@size
@click.option("--timeout", type=Seconds(), help="The time after which the answer is UNKNOWN.")
@click.option(
    "--steps",
    type=WholeNumber(least=0),
    help="The number of steps, the same on every machine, after which the answer is UNKNOWN.",
)
@click.option("--raw", is_flag=True, help="Give the solver the formulas without simplifying them first.")
@click.option(
    "--solver",
    metavar="NAME",
    help="z3, cvc5, cadical, exact, or all to compare them. Implies --raw.",
)
@click.option("--save", type=FILE, help="Write the attack, if there is one, to this file.")
@certificate
@click.option("--minimal", is_flag=True, help="Search for the smallest attack: fewest traitors, then fewest lies.")
@click.option("--condition", metavar="NAME", multiple=True, help="Ask about this condition; repeatable. [default: all]")
@click.option(
    "--jobs",
    type=WholeNumber(least=1, most=1000),
    help="The number of processes that decide the cases. [default: only this one]",
)
@dask
@as_json
def check(
    model: str,
    size: Size,
    timeout: float | None,
    steps: int | None,
    raw: bool,
    solver: str | None,
    save: Path | None,
    certificate: Path | None,
    minimal: bool,
    condition: tuple[str, ...],
    jobs: int | None,
    dask: str | None,
    as_json: bool,
) -> int:
    """Prove the model at this size against every choice of traitors, or find an attack.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class.
    """
    from byzverify.crosscheck.interpreters import start_early

    click.get_current_context().with_resource(start_early())  # what follows takes as long as that
    from byzverify.files.saving import demand_permission, demand_place
    from byzverify.questions import pipeline
    from byzverify.questions.verdict import Refuted
    from byzverify.rendering.verdict.text import print_verdict
    from byzverify.workers.hiring import crew_at
    from byzverify.workers.worker import Allowance

    if save is not None:
        demand_place(save)
        demand_permission(save)
    with redirect_stdout(sys.stderr), progress_shown() as progress:  # a protocol that prints must not spoil the result
        protocol, budget = size.protocol(model), size.budget()
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
                condition=condition or None,
                crew=crew,
                progress=progress,
            )
    try:
        keep(verdict.attack if isinstance(verdict, Refuted) else None, save)
        if certificate is not None and verdict.exit_code != 0:
            note(f"nothing is proved: no certificate is written to {certificate}")
    finally:
        if as_json:
            from byzverify.rendering.json import verdict_as_json

            print_json(verdict_as_json(verdict))
        else:
            print_verdict(terminal(), verdict)
    return verdict.exit_code


@click.command(short_help="Check the evidence for a proof.")
@click.argument("folder", type=FILE, metavar="FOLDER|FILE")
@file_model
@click.option("--timeout", type=Seconds(), help="The time after which the answer is UNKNOWN.")
@as_json
def certify(folder: Path, model: str | None, timeout: float | None, as_json: bool) -> None:
    """Check the evidence for a proof, with no solver: the model's clauses, and each step that refutes them.

    FOLDER is what `check --certificate` or `prove --certificate` wrote. FILE is a chain of executions or
    a cover, which shows that no protocol solves a problem.
    """
    from byzverify.certificates.certifying import Certified, CertifiedImpossible
    from byzverify.certificates.certifying import certify as certified
    from byzverify.rendering.json import certified_as_json, certified_for_all_as_json, certified_impossible_as_json
    from byzverify.rendering.verdict.everywhere import print_certified_for_all
    from byzverify.rendering.verdict.text import print_certified, print_certified_impossible

    with redirect_stdout(sys.stderr), progress_shown() as progress:
        found = certified(folder, model=model, timeout=timeout, progress=progress)
    match found:
        case Certified():
            print_json(certified_as_json(found)) if as_json else print_certified(terminal(), found)
        case CertifiedImpossible():
            print_json(certified_impossible_as_json(found)) if as_json else print_certified_impossible(
                terminal(), found
            )
        case _:
            print_json(certified_for_all_as_json(found)) if as_json else print_certified_for_all(terminal(), found)


@click.command(short_help="Write a model or an attack for another tool.")
@click.argument("what", metavar="MODEL|FILE")
@click.option(
    "--to",
    metavar="FORMAT",
    required=True,
    help=f"For a model {', '.join(Format)}; with --for-all {', '.join(ProofFormat)}; for an attack "
    f"{', '.join(AttackFormat)}.",
)
@size
@click.option("--for-all", is_flag=True, help="Write what proves the model at every size, as `prove` asks it.")
@assuming
@click.option("-o", "--output", type=FILE, help="Write to this file, for example om.tla. [default: print]")
@click.option("--timeout", type=Seconds(), help="The time after which nothing is written.")
@file_model
def export(
    what: str,
    to: str,
    size: Size,
    for_all: bool,
    assuming: str | None,
    output: Path | None,
    timeout: float | None,
    model: str | None,
) -> None:
    """Write a model for another checker or solver, at one size or for all, or an attack for a program that draws it.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class. FILE is an attack, and ends in .json.
    """
    from byzverify.exporters.formats import exported, exported_for_all
    from byzverify.files.saving import write_all
    from byzverify.questions.question import budget_for
    from byzverify.rendering.attack.exports import exported as attack_exported

    with redirect_stdout(sys.stderr):
        if what.endswith(".json"):
            if size.is_given or for_all or assuming is not None or timeout is not None:
                raise UsageError(
                    f"{what} is an attack, which has a model and a size: give only --to, --output, --model"
                )
            files = {output or Path(): attack_exported(Path(what), AttackFormat(to), model)}
        else:
            if model is not None:
                raise UsageError(f"{what} is a model itself: --model is for attack files, whose names end in .json")
            limit = Limit.within(timeout)
            if for_all:
                files = exported_for_all(*size.family(what), assuming, ProofFormat(to), output, limit)
            elif assuming is not None:
                raise UsageError("--assuming is for --for-all: without it, the model has one size")
            else:
                format_, protocol = Format(to), size.protocol(what)
                files = exported(protocol, budget_for(protocol, size.budget()), format_, output, limit)
    if output is None:
        sys.stdout.write(next(iter(files.values())))
    else:
        write_all(files)
        for path in files:
            note(f"wrote {path}")


@click.command(short_help="List the models that come with byzverify.")
@as_json
def models(as_json: bool) -> None:
    """List the models that come with byzverify, each with its published claim."""
    from byzverify.catalogue import library

    listed = [(name, library.find(name)) for name in library.names()]
    if as_json:
        from byzverify.rendering.json import models_as_json

        print_json(models_as_json(listed))
    else:
        from byzverify.rendering.verdict.text import print_models

        print_models(terminal(), listed)


def complete_exhibit(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The exhibits whose names begin with this text."""
    from click.shell_completion import CompletionItem

    from byzverify.catalogue import configurations

    return [CompletionItem(one.name) for one in configurations.exhibits() if one.name.startswith(incomplete)]


@click.command(short_help="Show published mistakes and their repairs.")
@click.argument("name", required=False, shell_complete=complete_exhibit)
@as_json
def museum(name: str | None, as_json: bool) -> None:
    """Show published mistakes: each with the attack that breaks it, replayed, and the repair, proved.

    NAME is the exhibit to show. [default: list them all]
    """
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
