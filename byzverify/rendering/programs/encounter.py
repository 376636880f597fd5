"""A run of programs on a terminal: what traitors said, what the programs decided, and what the model would decide."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from byzverify.language.labels import spelled
from byzverify.nodes.harness import Divergence, Encounter
from byzverify.rendering.attack.story import print_judgements, table
from byzverify.scenario.wording import contrasted, decided
from byzverify.simulation.judging import Replay
from byzverify.stories.narration import tell_of_programs


def print_encounter(console: Console, encounter: Encounter, replay: Replay) -> None:
    """Print how programs fared against an attack."""
    story = tell_of_programs(encounter.run)
    console.print(Text("ATTACK", "bold"), f"played against programs; {story.faulty}")
    for line in story.starts:
        console.print(line)
    console.print(table(story))
    console.print(story.ending)
    for impossible in encounter.run.bent:
        console.print(f"differs from the saved attack: {impossible}", style="dim")
    print_comparison(console, encounter)
    print_judgements(console, replay)


def print_comparison(console: Console, encounter: Encounter) -> None:
    """Print where the programs differ from the model with the same letters, and other remarks."""
    for line in (*compared(encounter), *encounter.remarks):
        console.print(line, style="dim")


def compared(encounter: Encounter) -> Iterator[str]:
    """Where the programs differ from the model's program with the same letters."""
    other = [general for general in encounter.run.loyal if not encounter.decides_as_model(general)]
    if not other and encounter.difference is None:
        yield "all send and decide what the model does on the same letters"
    elif not other:
        yield (
            "on the letters it received, every program decides as the model does; but some send letters that the model "
            "would not"
        )
    for general in other:
        model = encounter.model.get(general)
        instead = "the model has not decided by then" if model is None else f"the model decides {decided(model)}"
        yield f"on the letters that general {general} received {instead}"
    if encounter.difference is not None:
        yield _first(encounter.difference)


def _first(difference: Divergence) -> str:
    about = f" about {spelled(difference.label)}" if difference.label != () else ""
    said, model = contrasted(difference.said, difference.model)
    return (
        f"first difference: in round {difference.round} general {difference.general} tells general "
        f"{difference.receiver} {said}{about}, where the model tells him {model}"
    )
