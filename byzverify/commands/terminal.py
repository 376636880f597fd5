"""The terminal: where results are printed, and what is shown while one waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def terminal(*, stderr: bool = False) -> Console:
    """A terminal that takes every text as it is: what stands in brackets in a label is no markup."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)


@contextmanager
def progress_shown() -> Iterator[Callable[[str], None]]:
    """Show what is being done: a status line on a terminal, elsewhere plain lines, one a second at most."""
    from rich.text import Text

    console = terminal(stderr=True)
    if console.is_terminal:
        with console.status("starting") as status:
            yield lambda line: status.update(Text(line))
    else:
        shown = monotonic()

        def show(line: str) -> None:
            nonlocal shown
            if monotonic() > shown + 1:
                shown = monotonic()
                console.print(line)

        yield show
