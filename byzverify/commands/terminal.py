"""The terminal: prints results, and shows progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from byzverify.commands.streams import note

if TYPE_CHECKING:
    from rich.console import Console

    from byzverify.maps.landscape import Map


def terminal(*, stderr: bool = False) -> Console:
    """A terminal that prints every text as it is: brackets in a label are not markup."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)


def print_json(shown: Mapping[str, Any]) -> None:
    """Print one JSON object, for programs."""
    sys.stdout.write(json.dumps(shown, indent=1) + "\n")


@contextmanager
def progress_shown() -> Iterator[Callable[[str], None]]:
    """Show the current step: a status line on a terminal, elsewhere plain lines, at most one a second."""
    if sys.stderr.isatty():
        from rich.text import Text

        with terminal(stderr=True).status("starting", spinner="line") as status:
            yield lambda line: status.update(Text(line))
    else:
        shown = monotonic()

        def show(line: str) -> None:
            nonlocal shown
            if monotonic() > shown + 1:
                shown = monotonic()
                note(line)

        yield show


@contextmanager
def map_progress_shown(total: int) -> Iterator[Callable[[Map, int], None]]:
    """Show how many of a map's cells are done: a bar on a terminal, elsewhere plain lines, at most one a second."""
    with cells_shown(total) as show:
        yield lambda found, running: show(len(found.known), running, found.recalled)


@contextmanager
def cells_shown(total: int) -> Iterator[Callable[[int, int, int], None]]:
    """The same, told how many cells are known, how many are being decided, and how many of those known are recalled."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    start = monotonic()

    def said(known: int, running: int, recalled: int) -> str:
        rate = (known - recalled) / max(monotonic() - start, 0.01)
        return f"{running} running, {rate:.1f} a second{f', {recalled} recalled' if recalled else ''}"

    console = terminal(stderr=True)
    if console.is_terminal:
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
            cells = bar.add_task("", total=total)
            yield lambda known, *rest: bar.update(cells, completed=known, description=said(known, *rest))
    else:
        with progress_shown() as line:
            yield lambda known, *rest: line(f"{known}/{total} cells, {said(known, *rest)}")
