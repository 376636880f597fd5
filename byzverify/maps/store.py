"""The store: an SQLite file with what is known of cells, and beyond maps. It outlives the run; several may share it.

Each cell is committed separately, in the write-ahead log, so that a run that is killed at any moment leaves an intact
file with everything that it had finished. A verdict is kept for good, and recalled if nothing that it depends on has
changed (`catalogue/dependencies.py`). An unknown is kept with the allowance that was not enough, and recalled unless
more is allowed now. This module decides nothing, and does not look into attacks or records.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self, TypeVar

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.maps.landscape import AllSizes, Known
from byzverify.maps.larger import LargerQuestion
from byzverify.workers.worker import Allowance

APPLICATION = 0x62797A76
"""SQLite's `application_id` of a store: `byzv`."""

VERSION = 2
"""The version of the table below."""

TABLE = """
CREATE TABLE cell (
    key TEXT NOT NULL,           -- the hash of the question and of the key of the code
    record TEXT NOT NULL,        -- what the model had loaded when that was decided, as JSON
    question TEXT NOT NULL,      -- the configuration, as JSON, for people
    verdict TEXT NOT NULL,
    known BLOB NOT NULL,         -- what is known, as JSON, compressed
    seconds REAL,                -- the allowance, where it was not enough
    memory INTEGER,
    PRIMARY KEY (key, record)
) WITHOUT ROWID
"""

Stored = TypeVar("Stored", Known, AllSizes)

Holds = Callable[[str], bool]
"""Whether a record agrees with the files as they are now."""

WAITING = 30.0
"""How many seconds to wait for another run to finish its commit."""


ELSEWHERE = "name another with --store, or keep nothing with --no-store"
"""The advice in messages: how to do without the store."""


def default_path() -> Path:
    """The default path of the store, in the user's cache folder. Raises UsageError if there is no such folder."""
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        raise UsageError(f"there is no place for the store, since you have no home folder; {ELSEWHERE}") from None
    return cache / "byzverify" / "maps.sqlite"


class Store:
    """An open store."""

    def __init__(self, path: Path) -> None:
        """Open the store, or create it. Raises UsageError if that fails, or if the file is something else."""
        self._path = path
        with self._in_one_line():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._cells = sqlite3.connect(path, timeout=WAITING, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._cells.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._cells.close()

    def recall(self, cell: Configuration, code: str, allowance: Allowance, is_true: Holds) -> Known | None:
        """The stored result for a cell, from this code and with a record that is still true.

        None if there is none, or if it is unknown and this allowance is larger than the one that was not enough.
        """
        return self._recall(Known, _key(cell, code), allowance, is_true)

    def recall_larger(self, question: LargerQuestion, code: str, is_true: Holds) -> AllSizes | None:
        """The same for what is proved beyond the edge of a map."""
        return self._recall(AllSizes, _key_of_larger(question, code), question.allowance, is_true)

    def keep(self, cell: Configuration, code: str, record: str, allowance: Allowance, known: Known) -> None:
        """Store the result for a cell, unless it is unknown and another run has stored a verdict."""
        self._keep(_key(cell, code), cell, record, allowance, known)

    def keep_larger(self, question: LargerQuestion, code: str, record: str, found: AllSizes) -> None:
        """The same for what is proved beyond the edge of a map."""
        self._keep(_key_of_larger(question, code), question.landscape.fixed, record, question.allowance, found)

    def _recall(self, kind: type[Stored], key: str, allowance: Allowance, is_true: Holds) -> Stored | None:
        with self._in_one_line():
            rows = self._cells.execute(
                "SELECT record, verdict, known, seconds, memory FROM cell WHERE key = ? ORDER BY verdict = 'unknown'",
                [key],
            ).fetchall()
            for record, verdict, known, seconds, memory in rows:
                enough = verdict != "unknown" or not allowance.exceeds(Allowance(seconds, memory))
                if enough and is_true(record):
                    return kind.model_validate_json(zlib.decompress(known))
        return None

    def _keep(
        self, key: str, question: Configuration, record: str, allowance: Allowance, known: Known | AllSizes
    ) -> None:
        row = [
            key,
            record,
            question.model_dump_json(exclude_defaults=True),
            known.verdict,
            zlib.compress(known.model_dump_json().encode()),
            allowance.seconds,
            allowance.memory,
        ]
        with self._in_one_line():
            self._cells.execute(
                "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET verdict = excluded.verdict, "
                "known = excluded.known, seconds = excluded.seconds, memory = excluded.memory "
                "WHERE cell.verdict = 'unknown'",
                row,
            )

    def _prepare(self) -> None:
        """Create the table if the file is new, or has an older version, whose cells do not say what they depend on.

        Otherwise raise UsageError unless the file is a store.
        """
        self._write_ahead()
        self._cells.execute("BEGIN IMMEDIATE")
        if self._number("PRAGMA user_version") < VERSION:
            self._cells.execute("DROP TABLE IF EXISTS cell")
            self._cells.execute(f"PRAGMA application_id = {APPLICATION}")
            self._cells.execute(f"PRAGMA user_version = {VERSION}")
            self._cells.execute(TABLE)
        self._cells.execute("COMMIT")

    def _write_ahead(self) -> None:
        """Switch to the write-ahead log, once it is clear that the file is a store. Other runs may do so meanwhile."""
        self._demand_ours()
        until = monotonic() + WAITING
        while True:
            try:
                self._cells.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:  # SQLite does not wait by itself for this change
                if "locked" not in str(error) or monotonic() > until:
                    raise
                sleep(0.02)
        self._cells.execute("PRAGMA synchronous = NORMAL")  # a power failure can lose the last cells, never the file
        self._demand_ours()

    def _demand_ours(self) -> None:
        if not self._number("SELECT count(*) FROM sqlite_master"):
            return
        if self._number("PRAGMA application_id") != APPLICATION:
            raise UsageError(f"{self._path} is a database of something else; {ELSEWHERE}")
        if (version := self._number("PRAGMA user_version")) > VERSION:
            raise UsageError(
                f"{self._path} is a store of version {version}, and this byzverify has version {VERSION}: "
                f"move it away, or {ELSEWHERE}"
            )

    def _number(self, query: str) -> int:
        return int(self._cells.execute(query).fetchone()[0])

    @contextmanager
    def _in_one_line(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CORRUPT:
                raise UsageError(self._damaged()) from None
            raise UsageError(self._useless(str(error))) from None
        except OSError as error:
            raise UsageError(self._useless(error.strerror or str(error))) from None
        except (zlib.error, ValueError, TypeError):
            raise UsageError(self._damaged()) from None

    def _useless(self, reason: str) -> str:
        return f"the store {self._path} cannot be used: {reason}; {ELSEWHERE}"

    def _damaged(self) -> str:
        return f"the store {self._path} is damaged: move it away, or {ELSEWHERE}"


def _key(cell: Configuration, code: str) -> str:
    """The hash of the question, without the model's name and the path of its file, and of the key of its code."""
    question = cell.model_dump(mode="json", exclude={"model", "t", "faults"})
    question["budget"] = cell.budget() if cell.faults or cell.t is not None else None
    return hashlib.sha256(json.dumps([question, code], sort_keys=True).encode()).hexdigest()


def _key_of_larger(question: LargerQuestion, code: str) -> str:
    """The same for a question about what lies beyond the edge of a map."""
    fixed = question.landscape.fixed.model_dump(mode="json", exclude={"model"})
    axes = [[axis.name, *axis.values] for axis in question.landscape.axes]
    asked = {"fixed": fixed, "axes": axes, "common": dict(question.common)}
    return hashlib.sha256(json.dumps([asked, code], sort_keys=True).encode()).hexdigest()
