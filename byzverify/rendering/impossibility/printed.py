"""Chains and covers on a terminal: act by act, with who cannot tell each from the next one. This module knows rich."""

from __future__ import annotations

from textwrap import wrap

from rich.console import Console
from rich.text import Text

from byzverify.rendering.impossibility.argument import Act, Argument, Impossibility, Witnessed, argument_of
from byzverify.rendering.impossibility.explained import method, objection
from byzverify.scenario.impossibility import DoubleCover

WIDEST = 100
"""Lines are not longer than this, however wide the terminal."""

LINK = "  │ "


def print_impossibility(console: Console, found: Impossibility) -> None:
    """Print why no protocol works: all acts, the generals who cannot tell them apart, and the contradiction."""
    argument = argument_of(found)
    room = min(console.width, WIDEST)
    _print(console, argument.title + ":", room, style="bold")
    for condition in argument.demands.conditions:
        _print(console, condition, room, "  ")
    for paragraph in method(found) if isinstance(found, DoubleCover) else [argument.idea, objection(found)]:
        _print(console, paragraph, room)
    _print_acts(console, argument, room)
    for line in argument.conclusion:
        _print(console, line, room)


def _print_acts(console: Console, argument: Argument, room: int) -> None:
    for number, act in enumerate(argument.acts):
        console.print()
        _print_act(console, act, room)
        if number < len(argument.witnessed):
            _print_link(console, argument.witnessed[number], room)
    console.print()


def _print_act(console: Console, act: Act, room: int) -> None:
    _print(console, act.name, room, style="bold")
    for line in act.told:
        _print(console, line, room, "  ")
    _print(console, act.because, room, "  ", "bold yellow" if act.demand.startswith("must") else "")


def _print_link(console: Console, one: Witnessed, room: int) -> None:
    console.print(Text(LINK.rstrip()))
    for line in wrap(f"{one.why}. In both:", room - 6):
        console.print(Text.assemble(LINK, (line, "bold cyan")))
    for seen in one.seen:
        for line in wrap(seen, room - 8):
            console.print(Text.assemble(LINK, "  ", line))
    console.print(Text.assemble(LINK, "so he decides the same in both."))
    console.print(Text("  ▼"))


def _print(console: Console, line: str, room: int, before: str = "", style: str = "") -> None:
    for part in wrap(line, room, initial_indent=before, subsequent_indent=before):
        console.print(Text(part, style))
