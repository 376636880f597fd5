"""The commands about attacks: replay, explain and draw them."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from byzverify.commands.options import (
    AsJson,
    Deadline,
    FileModel,
    Node,
    NodeMap,
)
from byzverify.commands.streams import note
from byzverify.commands.terminal import print_json, terminal
from byzverify.limits import DEADLINE


def replay(
    attack: Annotated[Path, typer.Argument(help="a file that `check --save` wrote")],
    model: FileModel = None,
    node: Node = None,
    node_map: NodeMap = None,
    deadline: Deadline = DEADLINE,
    as_json: AsJson = False,
) -> None:
    """Play an attack file in the simulator, or against programs, and say what breaks."""
    from byzverify.attacks.loading import load
    from byzverify.rendering.attack.story import print_attack
    from byzverify.rendering.json import run_as_json
    from byzverify.rendering.verdict.asked import describe

    if node is not None or node_map:
        raise typer.Exit(_replay_against(attack, model, node, node_map or [], deadline, as_json))
    with redirect_stdout(sys.stderr):  # a protocol that prints must not spoil the result
        replayed = load(attack, model=model)[1]
    if as_json:
        print_json(run_as_json(replayed))
    else:
        print_attack(terminal(), replayed, describe(replayed.run.protocol))
    raise typer.Exit(1)


def _replay_against(
    attack: Path, model: str | None, node: str | None, node_map: list[str], deadline: float, as_json: bool
) -> int:
    """Play an attack file against programs. Returns the exit code."""
    from byzverify.attacks.loading import load_for_programs
    from byzverify.nodes.team import team_of
    from byzverify.questions.simulating import face
    from byzverify.rendering.json import run_as_json, with_programs
    from byzverify.rendering.programs.encounter import print_encounter

    with redirect_stdout(sys.stderr):
        loaded = load_for_programs(attack, model=model)
        team = team_of(node, node_map, loaded.protocol.n)
        met, judged = face(loaded, team, deadline)
    if as_json:
        print_json(with_programs(run_as_json(judged), str(team), met))
    else:
        print_encounter(terminal(), met, judged)
    return 1 if judged.violated else 0


def explain(
    attack: Annotated[Path, typer.Argument(help="a file that `check --save` wrote")],
    general: Annotated[
        int | None, typer.Option("--general", help="follow all of this loyal general's reasoning", min=0)
    ] = None,
    model: FileModel = None,
) -> None:
    """Tell the story of an attack file again, or how one general came to his decision."""
    from byzverify.attacks.loading import load
    from byzverify.rendering.attack.story import print_attack, print_reasoning
    from byzverify.rendering.verdict.asked import describe

    _, replayed = load(attack, model=model)
    if general is None:
        print_attack(terminal(), replayed, describe(replayed.run.protocol))
    else:
        print_reasoning(terminal(), replayed, general, describe(replayed.run.protocol))
    raise typer.Exit(1)


def report(
    attacks: Annotated[
        list[Path], typer.Argument(help="files that `check --save` wrote; several are compared; or a map's .json")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="attack.html, a page to play with; attack.svg or .png, the diagram")
    ],
    model: FileModel = None,
) -> None:
    """Draw attacks: as a page on which they can be changed, or one as a diagram. Draw a map again from its file."""
    from byzverify.rendering.output import save

    save(attacks, output, model)
    note(f"wrote {output}")
