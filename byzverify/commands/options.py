"""The arguments and options that several commands take: their names and help texts.

This module knows no command, and of an option only how it is parsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from byzverify.errors import UsageError

if TYPE_CHECKING:
    from byzverify.language.faults import Budget


def model_names(incomplete: str) -> list[str]:
    """The models of byzverify whose names begin with this text, for shell completion. The shell completes files."""
    from byzverify.catalogue import library

    return [name for name in library.names() if name.startswith(incomplete)]


Model = Annotated[
    str,
    typer.Argument(help="a model's name (see `byzverify models`) or path/to/file.py:Class", autocompletion=model_names),
]
Size = Annotated[
    int | None, typer.Option("-n", help="how many generals there are [default: as many as the graph has nodes]")
]
Depth = Annotated[int | None, typer.Option("-m", help="what the protocol is built for, in OM its depth of recursion")]
Values = Annotated[int | None, typer.Option("--values", help="how many different orders there are [default: 2]")]
Graph = Annotated[
    str | None,
    typer.Option("--graph", help="who can send to whom: a file that networkx reads, or such as circulant:7:1,2,3"),
]
Settings = Annotated[list[str] | None, typer.Option("--set", help="another parameter of the model, as name=value")]

FileModel = Annotated[
    str | None,
    typer.Option("--model", help="the model, as path/to/file.py:Class, if it is not where the file says or beside it"),
]

Node = Annotated[
    str | None, typer.Option("--node", help="a program, with its arguments, that plays the loyal generals")
]
NodeMap = Annotated[
    list[str] | None, typer.Option("--node-map", help="general=program for one general, may be repeated: 2=./other")
]
Deadline = Annotated[float, typer.Option("--deadline", help="seconds that a program may take for each answer", min=0)]
Traitors = Annotated[
    int | None, typer.Option("--traitors", "-t", help="the most traitors that may be present [default: m]")
]
Faults = Annotated[
    str | None,
    typer.Option("--faults", help="how many may fail in each mode, in place of -t: byzantine=1,manifest=1"),
]

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object and nothing else")]

Dask = Annotated[
    str | None, typer.Option("--dask", help="a Dask scheduler, tcp://host:8786; or local for a cluster here")
]


def budget_in(traitors: int | None, faults: str | None) -> Budget | None:
    """How many generals may fail in each mode, from -t or --faults; None if neither is given."""
    from byzverify.language.faults import budget_of, read_budget

    if faults is None:
        return None if traitors is None else budget_of(traitors)
    if traitors is not None:
        raise UsageError(f"give either -t or --faults: -t {traitors} is --faults byzantine={traitors}")
    return read_budget(faults)
