"""Parses axes: from what a user writes, such as `3..12` or `3,5,7`, to a landscape.

This module knows how ranges, lists, budgets and families of graphs are written, and asks the model which parameters it
has. It builds no instance and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.language.faults import budget_of
from byzverify.language.protocol import Protocol
from byzverify.language.topology import canonical, circulants, connected_graphs, graphs_in
from byzverify.maps.landscape import Axis, Landscape, Value

MOST_VALUES = 1000
"""The most values of an axis of numbers."""

MOST_CELLS = 1_000_000
"""The most cells of a map."""

FAMILIES: dict[str, Callable[[int], list[str]]] = {"connected": connected_graphs, "circulants": circulants}
"""The families of graphs for --graphs; each takes the number of generals."""

Given = dict[str, tuple[Value, ...]]
"""The given values by name. A name with a single value is fixed, and is no axis."""


def landscape_of(
    model: str,
    *,
    n: str | None = None,
    m: str | None = None,
    t: str | None = None,
    faults: str | None = None,
    values: str | None = None,
    graph: str | None = None,
    graphs: str | None = None,
    settings: Sequence[str] = (),
) -> Landscape:
    """The landscape of a model, from texts as on the command line. The axes of traitors come last.

    n, m, t, values: one number, a range `3..12`, or a list `3,5,7`. faults: such numbers by mode, as in
    `byzantine=0..2,manifest=0..1`. graphs: a family such as `connected:3..5`, or a file. settings: `name=values` for
    other parameters of the model. Raises UsageError for texts that cannot be parsed, and for parameters that the model
    does not have.
    """
    protocol = library.find(model)
    sizes = {"values": values, "n": n, "m": m, "t": t}
    modes = modes_of(t, faults)
    given: Given = _settings(protocol, settings) | graphs_of(n, graph, graphs)
    given |= {name: numbers(text, _option(name)) for name, text in sizes.items() if text is not None}
    given |= modes
    _demand_meaning(protocol, given, len(modes))
    axes = tuple(Axis(name, each) for name, each in given.items())
    fixed = Landscape(Configuration(model=model), tuple(axis for axis in axes if len(axis.values) == 1))
    landscape = Landscape(fixed.cell(next(fixed.places)), tuple(axis for axis in axes if len(axis.values) > 1))
    if landscape.size > MOST_CELLS:
        raise UsageError(f"a map has at most {MOST_CELLS:,} cells, and this one would have {landscape.size:,}")
    return landscape


def numbers(text: str, what: str) -> tuple[int, ...]:
    """The numbers in a text such as `4`, `3..12` or `3,5,7..9`. what: their name in the message of a UsageError."""
    found = [number for part in text.split(",") for number in _range(part.strip(), text, what)]
    if len(set(found)) < len(found):
        raise UsageError(f"{what} names a number twice: {text!r}")
    return tuple(found)


def _range(part: str, text: str, what: str) -> range:
    first, dots, last = part.partition("..")
    ends = [first, last if dots else first]
    if not all(re.fullmatch(r"[0-9]{1,18}", end) for end in ends):
        raise UsageError(f"{what} takes a number, a range 3..12, or a list 3,5,7; not {text!r}")
    found = range(int(ends[0]), int(ends[1]) + 1)
    if not 0 < len(found) <= MOST_VALUES:
        raise UsageError(f"{what} takes 1 to {MOST_VALUES} numbers, from the smaller to the larger; not {text!r}")
    return found


def _option(name: str) -> str:
    return "--values" if name == "values" else f"-{name}"


def _settings(protocol: type[Protocol], settings: Sequence[str]) -> Given:
    """Values for other parameters. Each text is `name=values`, parsed by its parameter's type; integers take ranges."""
    found: Given = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        values = [library.read_settings(protocol, [f"{name}={one}"])[name] for one in _expanded(text)]
        if len(set(values)) < len(values):
            raise UsageError(f"--set {name} names a value twice: {text!r}")
        found[name] = tuple(values)
    return found


def _expanded(text: str) -> Iterator[str]:
    for part in text.split(","):
        if re.fullmatch(r"[0-9]+\.\.[0-9]+", part):
            yield from map(str, _range(part, text, "--set"))
        else:
            yield part


def graphs_of(n: str | None, graph: str | None, graphs: str | None) -> Given:
    """The given graphs, under the name `graph`; nothing if there are none. Raises UsageError."""
    if graph is not None and graphs is not None:
        raise UsageError("give either --graph or --graphs")
    if graph is not None:
        return {"graph": (canonical(graph),)}
    if graphs is None:
        return {}
    if n is not None:
        raise UsageError("leave -n out: with --graphs there are as many generals as a graph has nodes")
    return {"graph": _family(graphs)}


def _family(text: str) -> tuple[str, ...]:
    name, _, sizes = text.partition(":")
    if name in FAMILIES:
        found = [graph for size in numbers(sizes, name) for graph in FAMILIES[name](size)]
    elif Path(text).is_file():
        found = graphs_in(Path(text))
    else:
        known = ", ".join(f"{family}:3..5" for family in FAMILIES)
        raise UsageError(f"{text!r} names no graphs; write one of {known}, or a file")
    if len(set(found)) < len(found):
        raise UsageError(f"{text} has a graph twice")
    if not found:
        raise UsageError(f"{text} has no graphs")
    return tuple(found)


def modes_of(t: str | None, faults: str | None) -> Given:
    """Numbers by mode from `byzantine=0..2,manifest=0,1`. A comma that is followed by a name begins another mode.

    t: the text of -t, which must not be given too. Raises UsageError.
    """
    if faults is None:
        return {}
    if t is not None:
        raise UsageError(f"give either -t or --faults: -t {t} is --faults byzantine={t}")
    found: Given = {}
    for part in re.split(r",(?=\s*[a-z])", faults):
        mode, _, text = part.strip().partition("=")
        if mode in found:
            raise UsageError(f"--faults names {mode} twice: {faults!r}")
        found[mode] = numbers(text, f"--faults {mode}")
    budget_of(dict.fromkeys(found, 0))
    return found


def _demand_meaning(protocol: type[Protocol], given: Given, modes: int) -> None:
    """Raise UsageError if the given values fit no cell. Its message says, in one line, what is missing or too much."""
    if not {"n", "graph"} & set(given):
        raise UsageError("say how many generals there are with -n, or give --graph or --graphs")
    has_m = library.has_parameter(protocol, "m")
    if not modes and "t" not in given and not has_m:
        raise UsageError(f"say how many traitors there may be with -t or --faults: {protocol.__name__} has no m")
    if modes > 1 and has_m and "m" not in given:
        raise UsageError("say what the model is built for with -m: it can follow one fault mode, not several")
    follows = {"m"} if has_m and ("t" in given or modes) else set()
    parameters = {name for name in given if name in library.OPTIONS or library.has_parameter(protocol, name)}
    library.demand_parameters(protocol, {"n"} | parameters | follows)
