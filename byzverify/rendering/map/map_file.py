"""The map file: versioned JSON with everything that a map knows, attacks included, so that it can be drawn elsewhere.

docs/reference/map-file.md describes it. Reading is strict: a cell that is not in the landscape, or that contradicts its
own verdict, is refused. Still, the verdicts in a file are only claims; attacks are replayed by the module that shows
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import byzverify
from byzverify.attacks.attack_file import AttackFile
from byzverify.attacks.letter import first_of
from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.files.provenance import located, model_for
from byzverify.files.texts import text_of
from byzverify.maps.landscape import AllSizes, Axis, Known, Landscape, Map, Place, Value, Word
from byzverify.rendering.map.heading import in_order


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Varied(_Part):
    """An axis."""

    name: str
    values: Annotated[tuple[Value, ...], Field(min_length=1)]


class Cell(_Part):
    """What is known of one cell. place: a value for each axis; contradicts, exceeds, command: what follows from it."""

    place: Place
    verdict: Word
    breaks: tuple[str, ...]
    reason: str
    claimed: bool | None
    contradicts: bool
    exceeds: bool
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    command: str
    attack: AttackFile | None
    no_protocol_can: bool | None = None

    @classmethod
    def of(cls, landscape: Landscape, place: Place, known: Known) -> Cell:
        """The cell at a place."""
        return cls(
            place=place,
            **known.model_dump(exclude={"attack"}),
            contradicts=known.contradicts,
            exceeds=known.exceeds,
            command=landscape.cell(place).command(),
            attack=None if known.attack is None else AttackFile.model_validate_json(known.attack),
        )

    def known(self) -> Known:
        """What it says of itself, without what follows from it."""
        said = self.model_dump(include={"verdict", "breaks", "reason", "claimed", "seconds", "no_protocol_can"})
        return Known(**said, attack=None if self.attack is None else self.attack.text())


class MapFile(_Part):
    """A whole map. fixed: what all cells have in common; byzverify: the version that wrote the file."""

    format: Literal["byzverify-map"] = "byzverify-map"
    version: Annotated[int, Field(ge=1, le=3)] = 3
    byzverify: str
    fixed: Configuration
    axes: tuple[Varied, ...]
    recalled: Annotated[int, Field(ge=0)]
    stopped: str | None
    cells: list[Cell]
    all_sizes: tuple[AllSizes, ...] = ()

    def map(self) -> Map:
        """The map that the file describes. Raises UsageError for a cell that is impossible in it."""
        landscape = Landscape(self.fixed, tuple(Axis(axis.name, axis.values) for axis in self.axes))
        for fault in self._faults(landscape):
            raise UsageError(fault)
        known = {cell.place: cell.known() for cell in self.cells}
        return Map(landscape, known, self.recalled, self.stopped, self.all_sizes)

    def _faults(self, landscape: Landscape) -> Iterator[str]:
        """What is impossible in this file, one line each."""
        for named in ([axis.name for axis in self.axes], *(axis.values for axis in self.axes)):
            if len({*named}) < len(named):
                yield f"an axis, or a value on it, is there twice: {', '.join(map(str, named))}"
        seen = set()
        for cell in self.cells:
            where = f"the cell at {list(cell.place)}"
            if not _is_on(cell.place, self.axes):
                yield f"{where} is not on the axes"
            if cell.place in seen:
                yield f"{where} is listed twice"
            no_refutation = cell.verdict != "refuted" and cell.no_protocol_can is not None
            if no_refutation or Cell.of(landscape, cell.place, cell.known()) != cell:
                yield f"{where} has contents that do not follow from its verdict"
            seen.add(cell.place)
        rows = {landscape.row(place) for place in landscape.places} if self.all_sizes else set()
        for one in self.all_sizes:
            if not one.common.items() <= {(axis.name, value) for axis in self.axes for value in axis.values}:
                common = ", ".join(f"{name} {value}" for name, value in one.common.items())
                yield f"something is proved for {common}, which is not on the axes"
            if any(row not in rows or least <= (landscape.largest or least) for row, least in one.larger):
                yield "something is proved beyond a row that is not on the map, or not beyond it"


def _is_on(place: Place, axes: Sequence[Varied]) -> bool:
    return len(place) == len(axes) and all(value in axis.values for value, axis in zip(place, axes, strict=True))


def as_json(shown: Map) -> bytes:
    """The file of a map. Raises UsageError for text that a file cannot contain."""
    cells = [Cell.of(shown.landscape, place, known) for place, known in in_order(shown)]
    file = MapFile(
        byzverify=byzverify.__version__,
        fixed=shown.landscape.fixed,
        axes=tuple(Varied(name=axis.name, values=axis.values) for axis in shown.landscape.axes),
        recalled=shown.recalled,
        stopped=shown.stopped,
        cells=cells,
        all_sizes=shown.all_sizes,
    )
    try:
        return (file.model_dump_json(indent=1) + "\n").encode()
    except ValueError as error:
        raise UsageError(f"a text that no file can contain: {error}") from None


def read_map(path: Path, model: str | None = None) -> Map:
    """The map in a file, for the model that the file names, as found from here, or for this one.

    Raises UsageError if the file is malformed, says something impossible, or if its model must be given to be run.
    """
    try:
        found = MapFile.model_validate_json(text_of(path)).map()
    except ValidationError as error:
        raise UsageError(f"{path} is not a map file of version 1, 2 or 3: {first_of(error)}") from None
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    said = found.landscape.fixed.model
    return found.on_model((located(said, path) or said) if model is None else model_for(said, path, model))
