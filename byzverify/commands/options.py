"""The arguments and options that several commands take: their names and help texts.

This module knows no command, and of an option only how it is parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.errors import UsageError
from byzverify.limits import DEADLINE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from byzverify.language.faults import Budget

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FILE = click.Path(path_type=Path)
"""A file or folder, which need not exist. The shell completes it."""


def several(*decorators: Decorator) -> Decorator:
    """One decorator for these arguments and options, in the order in which the help lists them."""

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorated


def complete_model(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The models of byzverify whose names begin with this text; if there are none, the shell completes files."""
    from click.shell_completion import CompletionItem

    from byzverify.catalogue import library

    names = [CompletionItem(name) for name in library.names() if name.startswith(incomplete)]
    return names or [CompletionItem(incomplete, type="file")]


MODEL_HELP = "A model's name (see `byzverify models`) or path/to/file.py:Class."

model = click.argument("model", shell_complete=complete_model)
size = click.option(
    "-n", type=WholeNumber(), help="How many generals there are. [default: as many as the graph has nodes]"
)
depth = click.option("-m", type=WholeNumber(), help="What the protocol is built for, in OM its depth of recursion.")
values = click.option("--values", type=WholeNumber(), help="How many different orders there are. [default: 2]")
graph = click.option(
    "--graph", help="Who can send to whom: a file that networkx reads, or a generator such as circulant:7:1,2,3."
)
settings = click.option(
    "--set", "settings", metavar="NAME=VALUE", multiple=True, help="Another parameter of the model; repeatable."
)
traitors = click.option(
    "-t", "--traitors", type=WholeNumber(), help="The most traitors that may be present. [default: m]"
)
faults = click.option(
    "--faults", help="How many may fail in each mode, in place of -t, for example byzantine=1,manifest=1."
)
instance = several(size, depth, traitors, faults, graph, values, settings)
"""An instance of a model, and how many of its generals may fail."""

file_model = click.option(
    "--model", help="The model, as path/to/file.py:Class, if it is not where the file says or beside it."
)

node = click.option("--node", metavar="COMMAND", help="A program, with its arguments, that plays the loyal generals.")
node_map = click.option(
    "--node-map", metavar="GENERAL=COMMAND", multiple=True, help="A program for one general, 2=./other; repeatable."
)
deadline = click.option(
    "--deadline", type=Seconds(), default=DEADLINE, show_default=True, help="How long a program may take for an answer."
)
programs = several(node, node_map, deadline)
"""The programs that play the loyal generals."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

dask = click.option("--dask", metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786, or local for a cluster here.")


def budget_in(traitors: int | None, faults: str | None) -> Budget | None:
    """How many generals may fail in each mode, from -t or --faults; None if neither is given."""
    from byzverify.language.faults import budget_of, read_budget

    if faults is None:
        return None if traitors is None else budget_of(traitors)
    if traitors is not None:
        raise UsageError(f"give either -t or --faults: -t {traitors} is --faults byzantine={traitors}")
    return read_budget(faults)
