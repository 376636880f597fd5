"""An attack as a story on a terminal: sentences, a table of lies, and the reasoning of deceived generals as trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from byzverify.attacks.outcomes import broken, faulty
from byzverify.language.messages import General
from byzverify.scenario.wording import contrasted
from byzverify.simulation.judging import Replay
from byzverify.stories.deliberations import Deliberation, followed
from byzverify.stories.narration import MOST_SAYINGS, Saying, Story, tell
from byzverify.stories.outline import Line

GAP = 3
LONGEST_WORD = 12
TURNED = "× a lie or lapse, or due to one"
TIPS = "◄ tips the count above, alone"


def print_attack(console: Console, replay: Replay, heading: str = "") -> None:
    """Print an attack as the simulator replayed it: traitors, lies, how the votes tipped, decisions, and what broke.

    heading: a line above, if there is one.
    """
    story = tell(replay)
    if heading:
        console.print(heading)
    console.print(Text("ATTACK", "bold"), f"replayed in the simulator; {story.faulty}")
    for line in story.starts:
        console.print(line)
    console.print(table(story))
    if story.deliberations:
        console.print(_beside(console, [_set(one) for one in story.deliberations]), soft_wrap=False)
        for one in story.deliberations:
            _print_tipped(console, one)
        _print_legend(console, story.deliberations, story.path, "`byzverify explain FILE --general G`")
    if story.left_out:
        console.print(story.left_out, style="dim")
    console.print(story.ending)
    print_judgements(console, replay)


def print_reasoning(console: Console, replay: Replay, general: General, heading: str) -> None:
    """Print all of one general's reasoning under a heading, with the decision first, and which conditions broke."""
    deliberation, path = followed(replay, general)
    console.print(heading)
    console.print(Text("ATTACK", "bold"), f"replayed in the simulator; {faulty(replay.run)}")
    console.print(_set(deliberation), soft_wrap=False)
    _print_tipped(console, deliberation)
    _print_legend(console, [deliberation], path, "too long to print")
    print_judgements(console, replay)


def print_judgements(console: Console, replay: Replay) -> None:
    """Print which conditions hold, and for whom the others fail."""
    for judgement in replay.judgements:
        word, style = ("holds", "bold green") if judgement.holds else ("FAILS", "bold red")
        line = Text.assemble(f"{judgement.condition.name} ", (word, style), f": {judgement.condition.statement}")
        if not judgement.holds:
            line.append(f"; {broken(replay.run, judgement)}")
        console.print(line)


def table(story: Story) -> Table | Text:
    """The table of what traitors say."""
    if not story.sayings:
        return Text("nobody says anything but what a loyal general would")
    named = any(saying.shown for saying in story.sayings)
    table = Table("round", "general", "tells", "instead of", "says", *["about"] * named, box=None, pad_edge=False)
    table.title, table.title_justify = story.number, "left"
    for saying in story.sayings[:MOST_SAYINGS]:
        table.add_row(*_row(saying), *[saying.shown] * named)
    hidden = sum(saying.number for saying in story.sayings[MOST_SAYINGS:])
    keep_words(table)
    if hidden:
        table.caption = f"and {hidden} more; the file that `--save` writes has all that the traitors say"
    return table


def keep_words(table: Table) -> None:
    """Make narrow columns break lines between words; only words that are too long are broken."""
    for column in table.columns:
        words = chain.from_iterable(str(cell).split() for cell in column.cells)
        column.min_width = min(max(map(cell_len, words), default=0), LONGEST_WORD)
        column.overflow = "fold"


def _row(saying: Saying) -> list[str]:
    senders, receivers = (", ".join(map(str, generals)) for generals in (saying.senders, saying.receivers))
    said, honest = contrasted(saying.said, saying.honest)
    return [str(saying.round), senders, receivers, honest, said]


def _set(deliberation: Deliberation) -> Tree:
    tree = Tree(deliberation.heading, guide_style="dim")
    for line in deliberation.lines:
        _grow(tree, line)
    return tree


def _print_tipped(console: Console, deliberation: Deliberation) -> None:
    if deliberation.tipped:
        console.print(Text(deliberation.tipped, "bold"))


def _grow(tree: Tree, line: Line) -> None:
    value = f"{line.value:7} " if line.value else ""
    before = ("× ", "bold red") if line.turned else ""
    after = (" ◄" if line.tips else "", "bold red"), (" …" if line.folded else "", "dim")
    branch = tree.add(Text.assemble(value, before, line.text, *after))
    for below in line.below:
        _grow(branch, below)


def _beside(console: Console, trees: list[Tree]) -> RenderableType:
    """The trees side by side if there is room, else one under the other."""
    widths = [Measurement.get(console, console.options, tree).maximum for tree in trees]
    if not trees[1:] or sum(widths) + GAP * (len(trees) - 1) > console.width:
        return Group(*trees)
    grid = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    grid.add_row(*trees)
    return grid


def _print_legend(console: Console, deliberations: Iterable[Deliberation], path: str, rest: str) -> None:
    """Explain what occurs in these trees: a path, the signs, and where to find steps that were left folded."""
    lines = [line for one in deliberations for top in one.lines for line in _all(top)]
    turned, tips = any(line.turned for line in lines), any(line.tips for line in lines)
    folded = any(line.folded for line in lines)
    explained = filter(None, [path, TURNED * turned, TIPS * tips, f"… the rest: {rest}" * folded])
    if legend := "; ".join(explained):
        console.print(legend, style="dim")


def _all(line: Line) -> Iterator[Line]:
    yield line
    for below in line.below:
        yield from _all(below)
