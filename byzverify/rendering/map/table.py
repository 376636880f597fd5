"""A map as a table with one row for each cell, for spreadsheets and data frames: CSV, and Parquet through pyarrow.

docs/reference/map-file.md says what the columns mean. This module knows rows. It must not know what a map looks like.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.language.faults import Fault
from byzverify.maps.landscape import SIZES, Known, Map
from byzverify.rendering.map.heading import in_order

OUTCOME = ("verdict", "breaks", "reason", "claimed", "contradicts", "exceeds", "no_protocol_can", "seconds", "command")
"""The columns after the parameters."""

Row = dict[str, Any]


def rows(shown: Map) -> tuple[Sequence[str], list[Row]]:
    """The columns with their values; None for values that a row does not have."""
    found = [_row(shown.landscape.cell(place), known) for place, known in in_order(shown)]
    parameters = dict.fromkeys(name for row in found for name in row if name not in OUTCOME)
    columns = list(dict.fromkeys(["model", *parameters, *OUTCOME]))
    return columns, [{name: row.get(name) for name in columns} for row in found]


def _row(cell: Configuration, known: Known) -> Row:
    said = {name: getattr(cell, name) for name in SIZES if getattr(cell, name) is not None}
    taken = {"model", *SIZES, *Fault, *OUTCOME}
    others = {f"set.{name}" if name in taken else name: value for name, value in cell.set.items()}
    outcome = {name: getattr(known, name) for name in OUTCOME[:-1]}
    breaks = {"breaks": " ".join(known.breaks), "command": cell.command()}
    return {"model": cell.model} | said | cell.faults | others | outcome | breaks


def as_csv(shown: Map) -> bytes:
    """The table as CSV with a header. Truth values are `true` and `false`; None is an empty field."""
    columns, found = rows(shown)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in found)
    return text.getvalue().encode(errors="replace")


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def as_parquet(shown: Map) -> bytes:
    """The table as a Parquet file. Raises UsageError if the extra `parquet` is not installed."""
    try:
        from pyarrow import BufferOutputStream, Table
        from pyarrow.parquet import write_table
    except ImportError:
        raise UsageError(
            "Parquet files need pyarrow: pip install 'byzverify[parquet]'; CSV files need nothing"
        ) from None
    columns, found = rows(shown)
    written = BufferOutputStream()
    write_table(Table.from_pydict({name: [row[name] for row in found] for name in columns}), written)
    return bytes(written.getvalue())
