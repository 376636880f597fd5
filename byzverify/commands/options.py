"""The arguments and options that several commands take: their names and help texts.

This module knows no command, and of an option only how it is parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from byzverify.commands.parsing import Seconds, WholeNumber
from byzverify.errors import UsageError
from byzverify.limits import DEADLINE

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from byzverify.language.faults import Budget
    from byzverify.language.protocol import Protocol
    from byzverify.nodes.team import Team

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FILE = click.Path(path_type=Path)
"""A file or folder, which need not exist. The shell completes it."""


def together(name: str, kind: type[Any], *options: Decorator) -> Decorator:
    """One decorator for these options. The command gets them as one argument of this name: an instance of a dataclass
    that has a field for each.
    """

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def gathered(**given: Any) -> Any:
            own = {field.name: given.pop(field.name) for field in fields(kind)}
            return command(**given, **{name: kind(**own)})

        made: Callable[..., Any] = gathered
        for option in reversed(options):
            made = option(made)
        return made

    return decorated


def complete_model(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The models of byzverify whose names begin with this text; if there are none, the shell completes files."""
    from click.shell_completion import CompletionItem

    from byzverify.catalogue import library

    names = [CompletionItem(name) for name in library.names() if name.startswith(incomplete)]
    return names or [CompletionItem(incomplete, type="file")]


model = click.argument("model", shell_complete=complete_model)
optional_model = click.argument("model", required=False, shell_complete=complete_model)
depth = click.option(
    "-m", type=WholeNumber(), help="How many traitors the protocol is built for; in OM, the depth of its recursion."
)
values = click.option("--values", type=WholeNumber(), help="How many different orders there are. [default: 2]")
graph = click.option(
    "--graph", help="Who can send to whom: a file that networkx reads, or a generator such as circulant:7:1,2,3."
)
assuming = click.option(
    "--assuming",
    metavar="INEQUALITIES",
    help="For which sizes, in place of the model's claim, as 'n > 3*m - 1'; unless t is named, t <= m.",
)
settings = click.option(
    "--set", "settings", metavar="NAME=VALUE", multiple=True, help="Another parameter of the model; repeatable."
)


@dataclass(frozen=True)
class Size:
    """What the command line says of an instance of a model, and of how many generals may fail; None where it is silent.

    settings: other parameters, each as name=value.
    """

    n: int | None
    m: int | None
    traitors: int | None
    faults: str | None
    graph: str | None
    values: int | None
    settings: tuple[str, ...]

    @property
    def is_given(self) -> bool:
        """Whether the command line says anything."""
        return any(given not in (None, ()) for given in vars(self).values())

    def family(self, model: str) -> tuple[type[Protocol], dict[str, Any]]:
        """This model at every size, and the values of its parameters. Raises UsageError if a size is given."""
        if any(given is not None for given in (self.n, self.m, self.traitors, self.faults, self.graph)):
            raise UsageError(
                "--for-all is about every size: give only --assuming, --values, --set, --timeout, --output"
            )
        return parametrised(model, self.values, self.settings)

    def budget(self) -> Budget | None:
        """How many generals may fail in each mode. Raises UsageError if both -t and --faults are given."""
        return budget_of_options(self.traitors, self.faults)

    def protocol(self, model: str) -> Protocol:
        """The instance of this model. Raises UsageError for what does not exist or fit."""
        from byzverify.catalogue import library

        sizes = {"n": self.n, "m": self.m, "values": self.values}
        return library.configured(model, self.settings, self.budget(), graph=self.graph, **sizes)


def budget_of_options(traitors: int | None, faults: str | None) -> Budget | None:
    """How many generals may fail in each mode; None if no option says so. Raises UsageError if both say so."""
    from byzverify.language.faults import budget_of, read_budget

    if faults is None:
        return None if traitors is None else budget_of(traitors)
    if traitors is not None:
        raise UsageError(f"give either -t or --faults: -t {traitors} is --faults byzantine={traitors}")
    return read_budget(faults)


def parametrised(model: str, values: int | None, settings: tuple[str, ...]) -> tuple[type[Protocol], dict[str, Any]]:
    """A model, and the values of its parameters that are given. Raises UsageError for what does not exist or fit."""
    from byzverify.catalogue import library
    from byzverify.language.protocol import MOST

    kind = library.find(model)
    for name in ("n", "m"):
        if any(setting.partition("=")[0] == name for setting in settings):
            raise UsageError(f"{name} is a size, of which everything is proved; fix it with --assuming '{name} == 4'")
    if values is not None and not 2 <= values <= MOST:
        raise UsageError(f"there must be 2 to {MOST} values to agree on, not {values}")
    given = {} if values is None else {"values": values}
    return kind, given | library.read_settings(kind, settings)


@dataclass(frozen=True)
class Programs:
    """The programs that play the loyal generals: one for all, and others for single generals, as general=program.

    deadline: seconds that a program may take for each answer.
    """

    node: str | None
    node_map: tuple[str, ...]
    deadline: float

    def __bool__(self) -> bool:
        """Whether there is any program."""
        return self.node is not None or bool(self.node_map)

    def team(self, n: int) -> Team:
        """Who plays whom among n generals. Raises UsageError if a general has no program or does not exist."""
        from byzverify.nodes.team import team_of

        return team_of(self.node, self.node_map, n)


size = together(
    "size",
    Size,
    click.option(
        "-n", type=WholeNumber(), help="How many generals there are. [default: as many as the graph has nodes]"
    ),
    depth,
    click.option("-t", "--traitors", type=WholeNumber(), help="The most traitors that may be present. [default: m]"),
    click.option(
        "--faults",
        help="How many may fail in each mode, in place of -t: byzantine=1,crash=1; also symmetric, omission, manifest.",
    ),
    graph,
    values,
    settings,
)

file_model = click.option(
    "--model", help="The model, as path/to/file.py:Class, if it is not where the file says or beside it."
)

deadline = click.option(
    "--deadline", type=Seconds(), default=DEADLINE, show_default=True, help="How long a program may take for an answer."
)
programs = together(
    "programs",
    Programs,
    click.option("--node", metavar="COMMAND", help="A program, with its arguments, that plays the loyal generals."),
    click.option(
        "--node-map",
        metavar="GENERAL=COMMAND",
        multiple=True,
        help="A program for one general, for example 2=./other; repeatable.",
    ),
    deadline,
)

certificate = click.option(
    "--certificate", type=FILE, help="Write evidence for a proof to this folder; `certify` checks it."
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

dask = click.option("--dask", metavar="ADDRESS", help="A Dask scheduler, tcp://host:8786, or local for a cluster here.")
