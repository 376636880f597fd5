"""The commands about attacks: replay, explain and draw them."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from byzverify.commands.options import FILE, Programs, as_json, file_model, programs
from byzverify.commands.parsing import WholeNumber
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, terminal
from byzverify.errors import UsageError


@click.command(short_help="Play an attack, and say what breaks.")
@click.argument("attack", type=FILE)
@file_model
@programs
@as_json
def replay(attack: Path, model: str | None, programs: Programs, as_json: bool) -> int:
    """Play an attack file in the simulator, or against programs, and say what breaks.

    ATTACK is a file that `check --save` wrote.
    """
    from byzverify.attacks.loading import load
    from byzverify.rendering.attack.story import print_attack
    from byzverify.rendering.json import run_as_json
    from byzverify.rendering.verdict.asked import describe

    if programs:
        return _replay_against(attack, model, programs, as_json)
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        replayed = load(attack, model=model)[1]
    if as_json:
        print_json(run_as_json(replayed))
    else:
        print_attack(terminal(), replayed, describe(replayed.run.protocol))
    return 1


def _replay_against(attack: Path, model: str | None, programs: Programs, as_json: bool) -> int:
    """Play an attack file against programs. Returns the exit code."""
    from byzverify.attacks.loading import load_for_programs
    from byzverify.questions.simulating import face
    from byzverify.rendering.json import run_as_json, with_programs
    from byzverify.rendering.programs.encounter import print_encounter

    with redirect_stdout(sys.stderr):
        loaded = load_for_programs(attack, model=model)
        team = programs.team(loaded.protocol.n)
        met, judged = face(loaded, team, programs.deadline)
    if as_json:
        print_json(with_programs(run_as_json(judged), str(team), met))
    else:
        print_encounter(terminal(), met, judged)
    return 1 if judged.violated else 0


@click.command(short_help="Tell the story of an attack.")
@click.argument("attack", type=FILE)
@click.option("--general", type=WholeNumber(least=0), help="Follow all of this loyal general's reasoning.")
@file_model
def explain(attack: Path, general: int | None, model: str | None) -> int:
    """Tell the story of an attack file again, or how one general came to his decision; or why no protocol works.

    ATTACK is a file that `check --save` or `solvable --certificate` wrote.
    """
    from byzverify.attacks.loading import load
    from byzverify.files.formats import CHAIN, COVER, is_of
    from byzverify.rendering.attack.story import print_attack, print_reasoning
    from byzverify.rendering.impossibility.printed import print_impossibility
    from byzverify.rendering.impossibility.saving import read_impossibility
    from byzverify.rendering.verdict.asked import describe

    if is_of(attack, CHAIN, COVER):
        if general is not None or model is not None:
            raise UsageError(f"{attack} is about every protocol: leave out --general and --model")
        print_impossibility(terminal(), read_impossibility(attack))
        return 1
    _, replayed = load(attack, model=model)
    if general is None:
        print_attack(terminal(), replayed, describe(replayed.run.protocol))
    else:
        print_reasoning(terminal(), replayed, general, describe(replayed.run.protocol))
    return 1


@click.command(short_help="Draw attacks, maps and impossibilities.")
@click.argument("attacks", type=FILE, nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=FILE,
    required=True,
    help="The file to write: attack.html, a page to play with; attack.svg or attack.png, the diagram.",
)
@file_model
def report(attacks: tuple[Path, ...], output: Path, model: str | None) -> None:
    """Draw attacks: as a page on which they can be changed, or one as a diagram. Draw maps, and why no protocol works.

    ATTACKS are files that `check --save` wrote, of which several are compared; or the .json file of a map; or the file
    that `solvable --certificate` wrote.
    """
    from byzverify.rendering.output import save

    save(attacks, output, model)
    note(f"wrote {output}")
