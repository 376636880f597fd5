"""What a model loaded: the text that each file had, the file that each name meant, the packages that were installed,
and the contents of the folders that the model listed.

Paths are relative to the model's folder, so that a record is also valid for a copy of the folder. This module compares
records with files; it does not load anything.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from byzverify.loading.installed import version_of
from byzverify.loading.origins import file_of, spec_of

CACHES = {"__pycache__"}
"""The folders that Python may create in any folder."""


@dataclass(frozen=True)
class LoadRecord:
    """What a model loaded.

    files: the hash of each file, None if it could not be read. names: the file of each module, None if it was not the
    user's. search: the folders that were searched for modules besides the model's own and `sys.path`. versions: of
    installed distributions. listings: a hash of the names in each folder that the model listed.
    """

    files: Mapping[str, str | None]
    names: Mapping[str, str | None] = field(default_factory=dict)
    search: Sequence[str] = ()
    versions: Mapping[str, str | None] = field(default_factory=dict)
    listings: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The record as JSON, which `LoadRecord.read` reads back."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def read(cls, text: str) -> LoadRecord:
        """The record with this text. Raises ValueError or TypeError if the text is not a record."""
        return cls(**json.loads(text))

    def text_of(self, file: Path, folder: Path) -> str:
        """The hash of one of the files, for a model in this folder; "" if it is not in the record."""
        return self.files.get(str(relative(file, folder))) or ""

    def changes(self, folder: Path) -> Iterator[str]:
        """Everything that is no longer the same, for a model in this folder."""
        yield from (file for file, known in self.files.items() if digest_of(folder / file) != known)
        yield from (
            f"the files in {place}" for place, known in self.listings.items() if listing_of(folder / place) != known
        )
        search = [str(folder), *(str(folder / place) for place in self.search)]
        for name, place in self.names.items():
            if relative(file_of(spec_of(name, search)), folder) != place:
                yield f"import {name}"
        yield from (name for name, version in self.versions.items() if version_of(name) != version)

    def differences(self, other: LoadRecord) -> Iterator[str]:
        """The entries that both have but that differ. Listings do not count: programs may write files into folders."""
        for mine, theirs in ((self.files, other.files), (self.names, other.names), (self.versions, other.versions)):
            yield from sorted(name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name])


def relative(path: Path | None, folder: Path) -> str | None:
    """The path relative to the folder."""
    return None if path is None else Path(os.path.relpath(path, folder)).as_posix()


def digest(content: bytes) -> str:
    """The hash that identifies a text."""
    return hashlib.sha256(content).hexdigest()


def digest_of(file: Path) -> str | None:
    """The hash of a file's contents; None if it cannot be read."""
    try:
        return digest(file.read_bytes())
    except OSError:
        return None


def listing_of(folder: Path) -> str | None:
    """A hash of the names in a folder; None if it cannot be listed."""
    try:
        return digest("\n".join(sorted({*os.listdir(folder)} - CACHES)).encode())
    except OSError:
        return None
