"""A campaign on a terminal: what was tried, what broke, and the story of the smallest attack found."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from byzverify.campaign.arena import PlayedTrial
from byzverify.campaign.campaign import Campaign
from byzverify.errors import NodeError, counted, printable
from byzverify.questions.verdict import Proved, Refuted
from byzverify.rendering.attack.story import keep_words, table
from byzverify.rendering.programs.encounter import print_encounter
from byzverify.rendering.verdict.asked import question
from byzverify.stories.narration import tell_of_programs


def print_campaign(console: Console, campaign: Campaign) -> None:
    """Print what a campaign found."""
    console.print(Text("TESTED", "bold"), f"{campaign.team} as {question(campaign.model, campaign.faults)}")
    console.print(_of_the_model(campaign), style="dim")
    console.print(_table(campaign))
    if any(_is_in_both_columns(played) for played in campaign.played):
        console.print(
            "some trials are in both columns: every program decided as the model would on the letters it received, but "
            "some sent wrong letters"
        )
    if campaign.left_out:
        mutants = counted(len(campaign.left_out), "mutant")
        first = printable(campaign.left_out[0])
        console.print(Text(f"{mutants} could not be executed, the first with: {first}", "yellow"))
    if campaign.broken is not None:
        _print_broken(console, campaign, campaign.broken)
    failed = sum(1 for played in campaign.played if played.failed)
    trials = counted(len(campaign.played), "trial")
    if campaign.stopped is not None:
        console.print(Text("the campaign ended before all trials were played:", "yellow"), str(campaign.stopped))
    if failed:
        console.print(Text("BROKEN", "bold red"), f"by {failed} of {trials}; {campaign.seconds:.2f} s")
    elif campaign.stopped is not None:
        console.print(Text("UNKNOWN", "bold yellow"), f"nothing broke in {trials}; {campaign.seconds:.2f} s")
    else:
        console.print(Text("SURVIVED", "bold green"), f"{trials}, which is no proof; {campaign.seconds:.2f} s")


def _of_the_model(campaign: Campaign) -> str:
    if isinstance(campaign.verdict, Proved):
        return "the model itself is proved to withstand every such attack; what follows is how the programs fare"
    if isinstance(campaign.verdict, Refuted):
        return "the model itself is refuted here, so no program that follows it can withstand every attack"
    return "whether the model itself withstands every such attack is unknown"


def _is_in_both_columns(played: PlayedTrial) -> bool:
    """Whether a trial failed because programs sent wrong letters, although each decided as the model on its inbox."""
    if isinstance(played.outcome, NodeError):
        return False
    return bool(played.failed) and played.as_model and played.outcome[0].difference is not None


def _table(campaign: Campaign) -> Table:
    table = Table("", "trials", "broke", "decided as the model on the same letters", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    kinds: dict[str, list[PlayedTrial]] = {}
    for one in campaign.played:
        kinds.setdefault(one.planned.kind, []).append(one)
    for kind, played in kinds.items():
        broke = sum(1 for one in played if one.failed)
        alike = sum(1 for one in played if one.as_model)
        table.add_row(kind, str(len(played)), Text(str(broke), "bold red" if broke else ""), str(alike))
    keep_words(table)
    return table


def _print_broken(console: Console, campaign: Campaign, broken: PlayedTrial) -> None:
    smaller = (
        "without any one of its lies it breaks nothing" if campaign.shrunk else "it may not be as small as possible"
    )
    least = f"; {smaller}" if broken.lies else ""
    console.print(f"\nfound by: {broken.planned.kind}, {broken.planned.title}{least}", style="dim")
    if isinstance(broken.outcome, NodeError):
        story = tell_of_programs(broken.run)
        console.print(Text("FAULT", "bold red"), f"of a program; {story.faulty}")
        for line in story.starts:
            console.print(line)
        console.print(table(story))
        console.print(str(broken.outcome))
    else:
        met, replay = broken.outcome
        print_encounter(console, met, replay)
