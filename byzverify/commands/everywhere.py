"""The commands about all sizes: prove a protocol at every size, or find its bounds."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from byzverify.commands.options import FILE, as_json, assuming, certificate, model, parametrised, settings, values
from byzverify.commands.parsing import Seconds
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, progress_shown, terminal
from byzverify.commands.verifying import keep


@click.command(short_help="Prove a model at every size, or find the smallest attack.")
@model
@assuming
@values
@settings
@click.option("--timeout", type=Seconds(), help="The time after which the answer is UNKNOWN.")
@click.option("--solver", metavar="NAME", default="z3", show_default=True, help="z3, cvc5, or all to compare them.")
@click.option("--save", type=FILE, help="Write the attack, if there is one, to this file.")
@certificate
@as_json
def prove(
    model: str,
    assuming: str | None,
    values: int | None,
    settings: tuple[str, ...],
    timeout: float | None,
    solver: str,
    save: Path | None,
    certificate: Path | None,
    as_json: bool,
) -> int:
    """Prove the model for all numbers of generals and traitors at once, or find the smallest size with an attack.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class.
    """
    from byzverify.crosscheck.interpreters import start_early

    click.get_current_context().with_resource(start_early())  # the searches that a proof is compared with need one
    from byzverify.files.saving import demand_permission, demand_place
    from byzverify.questions import proving
    from byzverify.rendering.verdict.everywhere import print_everywhere

    if save is not None:
        demand_place(save)
        demand_permission(save)
    with redirect_stdout(sys.stderr), progress_shown() as progress:
        kind, fixed = parametrised(model, values, settings)
        verdict = proving.prove(
            kind,
            assuming=assuming,
            timeout=timeout,
            solver=solver,
            certificate=certificate,
            progress=progress,
            **fixed,
        )
    try:
        keep(None if verdict.refuted is None else verdict.refuted.attack, save)
        if certificate is not None and verdict.certificate is None:
            note(f"nothing is proved: no certificate is written to {certificate}")
    finally:
        if as_json:
            from byzverify.rendering.json import everywhere_as_json

            print_json(everywhere_as_json(verdict))
        else:
            print_everywhere(terminal(), verdict)
    return verdict.exit_code


@click.command(short_help="Find the weakest bounds under which a model is right.")
@model
@values
@settings
@click.option("--timeout", type=Seconds(), help="The time after which what is found so far is printed.")
@click.option("--solver", metavar="NAME", default="z3", show_default=True, help="z3, cvc5, or all to compare them.")
@as_json
def bound(
    model: str, values: int | None, settings: tuple[str, ...], timeout: float | None, solver: str, as_json: bool
) -> int:
    """Find the weakest n > a*t + b*m + c under which each condition is proved, with an attack just below.

    MODEL is a model's name (see `byzverify models`) or path/to/file.py:Class.
    """
    from byzverify.questions import bounding
    from byzverify.rendering.verdict.everywhere import print_bounds

    with redirect_stdout(sys.stderr), progress_shown() as progress:
        kind, fixed = parametrised(model, values, settings)
        found = bounding.bound(kind, timeout=timeout, solver=solver, progress=progress, **fixed)
    if as_json:
        from byzverify.rendering.json import bounds_as_json

        print_json(bounds_as_json(found))
    else:
        print_bounds(terminal(), found)
    return found.exit_code
