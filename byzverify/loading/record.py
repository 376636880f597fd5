"""What a model loaded, as it was then: which text each file had, what each name meant, which packages were installed,
what was in the folders that it listed.

Paths are relative to the model's folder, so that a record is true of a copy of the folder too. This module compares
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
"""What Python may put into any folder."""


@dataclass(frozen=True)
class LoadRecord:
    """What a model loaded.

    files: the hash of each file, None where it could not be read. names: the file that each module was in, None where
    it was not the user's. search: the folders where they were looked for beside the model's own and `sys.path`.
    versions: of installed distributions. listings: the hash of the names in each folder that the model listed.
    """

    files: Mapping[str, str | None]
    names: Mapping[str, str | None] = field(default_factory=dict)
    search: Sequence[str] = ()
    versions: Mapping[str, str | None] = field(default_factory=dict)
    listings: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The record as JSON, from which `Record.read` makes the same."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def read(cls, text: str) -> LoadRecord:
        """The record that this is the text of. Raises ValueError or TypeError for what is none."""
        return cls(**json.loads(text))

    def text_of(self, file: Path, folder: Path) -> str:
        """The hash of one of the files, for a model in this folder; nothing if it is not among them."""
        return self.files.get(str(relative(file, folder))) or ""

    def changes(self, folder: Path) -> Iterator[str]:
        """What is no longer as it was, for a model in this folder."""
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
        """What both have, and not the same. Folders that were listed do not count: what is made goes somewhere."""
        for mine, theirs in ((self.files, other.files), (self.names, other.names), (self.versions, other.versions)):
            yield from sorted(name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name])


def relative(path: Path | None, folder: Path) -> str | None:
    """The path as it is from the folder."""
    return None if path is None else Path(os.path.relpath(path, folder)).as_posix()


def digest(content: bytes) -> str:
    """The hash by which a text is known."""
    return hashlib.sha256(content).hexdigest()


def digest_of(file: Path) -> str | None:
    """The hash of what a file contains; None if it cannot be read."""
    try:
        return digest(file.read_bytes())
    except OSError:
        return None


def listing_of(folder: Path) -> str | None:
    """The hash of the names of what is in a folder; None if it cannot be listed."""
    try:
        return digest("\n".join(sorted({*os.listdir(folder)} - CACHES)).encode())
    except OSError:
        return None
