"""The landscape: every combination of what a user varies, and what is known of each, as data.

A *place* is one combination of values, one for each axis; the *cell* at it is the configuration that is asked about.
This module decides nothing, keeps nothing and draws nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Literal

from pydantic import BaseModel, ConfigDict

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import Interrupted, ReplayMismatch, Stopped
from byzverify.language.faults import Fault
from byzverify.questions.verdict import Proved, Refuted

Value = int | float | bool | str
Place = tuple[Value, ...]
"""One value for each axis, in the order of the axes."""

Word = Literal["proved", "refuted", "unknown", "inapplicable"]

SIZES = ("n", "m", "t", "values", "graph")
"""The axes with a field of their own in a configuration; others are fault modes, or further parameters of the model."""


@dataclass(frozen=True)
class Axis:
    """What varies, and the values that it takes, in their order.

    name: `n`, `m`, `t`, `values` or `graph`; a fault mode, which then says how many may fail in it; or another
    parameter of the model.
    """

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Landscape:
    """Every cell of one model: `fixed` is what they have in common, and names the model."""

    fixed: Configuration
    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return prod(len(axis.values) for axis in self.axes)

    @property
    def largest(self) -> int | None:
        """The largest number of generals, if that varies."""
        return next((max(map(int, axis.values)) for axis in self.axes if axis.name == "n"), None)

    def row(self, place: Place) -> Place:
        """The values of the axes other than n: all cells that have them differ in the number of generals only."""
        return tuple(value for axis, value in zip(self.axes, place, strict=True) if axis.name != "n")

    @property
    def places(self) -> Iterator[Place]:
        """Every combination; the last axis varies fastest."""
        return product(*(axis.values for axis in self.axes))

    def cell(self, place: Place) -> Configuration:
        """The configuration at a place."""
        named = dict(zip((axis.name for axis in self.axes), place, strict=True))
        sizes = {name: value for name, value in named.items() if name in SIZES}
        faults = {name: value for name, value in named.items() if name in list(Fault)}
        others = {name: value for name, value in named.items() if name not in sizes | faults}
        changed = sizes | {"faults": {**self.fixed.faults, **faults}, "set": {**self.fixed.set, **others}}
        return self.fixed.model_copy(update=changed)


class Known(BaseModel):
    """What is known of a cell.

    verdict: `inapplicable` where the model has no such instance, or nothing to say in it. breaks: the conditions that
    are refuted. reason: why it is unknown or inapplicable. claimed: whether the authors claim that all conditions hold
    here; None where it is inapplicable. seconds: how long it took. attack: the attack's file, where it is refuted.
    no_protocol_can: where it is refuted, whether it is certain that every protocol without signatures would be; None
    where it is not refuted, or nobody asked.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    verdict: Word
    breaks: tuple[str, ...] = ()
    reason: str = ""
    claimed: bool | None = None
    seconds: float = 0.0
    attack: str | None = None
    no_protocol_can: bool | None = None

    @property
    def contradicts(self) -> bool:
        """Whether the authors claim what is refuted: a finding."""
        return self.verdict == "refuted" and self.claimed is True

    @property
    def exceeds(self) -> bool:
        """Whether more holds than the authors claim."""
        return self.verdict == "proved" and self.claimed is False

    def on_model(self, reference: str) -> Known:
        """The same, with the attack's model named by this reference: from elsewhere it may have another."""
        if self.attack is None or (file := json.loads(self.attack))["model"] == reference:
            return self
        return self.model_copy(update={"attack": json.dumps(file | {"model": reference}, indent=1) + "\n"})


class AllSizes(BaseModel):
    """What lemmas prove at every size that the authors claim, of the cells that agree in everything but their sizes.

    common: what these cells have on the axes that are no sizes, by name. statement: for which sizes, in words. orders:
    how many orders there are. argument: by what the lemmas are a proof. proved: the conditions that they prove. larger:
    rows in which the claim holds at every number of generals from some number on, each with the least such number above
    the largest on the map. reason: why nothing is proved, or not everything. contradicted: a size at which something
    else was found, in words; then byzverify has a bug.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    common: dict[str, Value]
    statement: str = ""
    orders: int = 0
    argument: str = ""
    proved: tuple[str, ...] = ()
    larger: tuple[tuple[Place, int], ...] = ()
    reason: str = ""
    contradicted: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> Word:
        """Whether all conditions are proved."""
        return "unknown" if self.reason else "proved"

    def refused(self, contradiction: str) -> AllSizes:
        """What is left if something else was found at some size: nothing is proved."""
        nothing = AllSizes(common=self.common, seconds=self.seconds)
        return nothing.model_copy(update={"reason": contradiction, "contradicted": contradiction})


@dataclass
class Map:
    """A landscape and what is known of it so far; a place that is not in `known` has not been decided yet.

    recalled: how many cells were known from earlier runs. stopped: why the run ended before all were decided.
    all_sizes: what is proved beyond the edge of the map; empty if nobody asked.
    """

    landscape: Landscape
    known: dict[Place, Known] = field(default_factory=dict)
    recalled: int = 0
    stopped: str | None = None
    all_sizes: tuple[AllSizes, ...] = ()

    @property
    def larger(self) -> dict[Place, int]:
        """For each row that goes on beyond the map: from which number of generals on everything is proved."""
        return {row: least for one in self.all_sizes for row, least in one.larger}

    def add(self, found: AllSizes) -> None:
        """Add what is proved beyond the map; if a claimed cell contradicts it, add only that this is so."""
        names = [axis.name for axis in self.landscape.axes]
        for place, known in self.known.items():
            at = dict(zip(names, place, strict=True))
            broken = sorted({*known.breaks} & {*found.proved})
            if known.contradicts and broken and found.common.items() <= at.items():
                where = ", ".join(f"{name}={value}" for name, value in at.items())
                found = found.refused(f"{', '.join(broken)} proved for every {found.statement}, but refuted at {where}")
                break
        self.all_sizes += (found,)

    @property
    def unsolvable(self) -> int:
        """How many cells are refuted in which no protocol without signatures can win."""
        return sum(1 for known in self.known.values() if known.no_protocol_can)

    @property
    def contradictions(self) -> list[str]:
        """Where a cell, or a comparison, contradicts what lemmas prove for all sizes: bugs of byzverify, in words."""
        return [one.contradicted for one in self.all_sizes if one.contradicted]

    @property
    def exit_code(self) -> int:
        """What the command line ends with: 1 for a finding, 3 where something is unknown, 4 for a contradiction."""
        if self.contradictions:
            return ReplayMismatch.exit_code
        if self.stopped is not None:
            return Interrupted.exit_code
        if any(known.contradicts for known in self.known.values()):
            return Refuted.exit_code
        unknown = any(known.verdict == "unknown" for known in self.known.values())
        return Stopped.exit_code if unknown else Proved.exit_code

    def on_model(self, reference: str) -> Map:
        """The same map, with its model, and that of every attack in it, named by this reference."""
        landscape = replace(self.landscape, fixed=self.landscape.fixed.model_copy(update={"model": reference}))
        known = {place: one.on_model(reference) for place, one in self.known.items()}
        return replace(self, landscape=landscape, known=known)

    def at(self, **named: Value) -> Mapping[Place, Known]:
        """What is known where the axes so named have these values."""
        places = {axis.name: index for index, axis in enumerate(self.landscape.axes)}
        return {
            place: known
            for place, known in self.known.items()
            if all(place[places[name]] == value for name, value in named.items())
        }
