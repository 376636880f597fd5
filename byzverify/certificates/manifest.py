"""The manifest of a certificate: which case each file is about, what the variables mean, and a checksum of each file.

This module knows the form, and nothing about how clauses or proofs are made.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from byzverify.errors import CertificateError
from byzverify.files.texts import text_of

FILE = "manifest.json"
WIDTH = 120


class ManifestPart(BaseModel):
    """What manifests consist of."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


FileName = Annotated[str, Field(pattern=r"^case[1-9][0-9]{0,8}\.(cnf|drat|lrat)$")]


class CaseFiles(ManifestPart):
    """One case: the condition, and whose decisions it is asked of; and its files, each with its SHA-256."""

    condition: str
    witnesses: list[int]
    variables: Annotated[int, Field(description="how many the clauses have; the scenario's come first")]
    clauses: int
    files: Annotated[
        dict[FileName, str], Field(description="the clauses (.cnf), and proofs that they contradict each other")
    ]


class ScenarioFiles(ManifestPart):
    """One choice of faulty generals, with the choices that are the same up to interchange, and its cases."""

    faults: Annotated[dict[str, str], Field(description="each faulty general's mode")]
    stands_for: Annotated[list[dict[str, str]], Field(description="itself, and all others that are the same as it")]
    variables: Annotated[list[dict[str, Any]], Field(description="what variables 1, 2, ... of every case mean")]
    cases: list[CaseFiles]


class Manifest(ManifestPart):
    """A certificate: every case of one check."""

    format: Literal["byzverify-certificate"]
    version: Annotated[int, Field(ge=1, le=1)]
    byzverify: Annotated[str, Field(description="the version whose encoding this is")]
    model: str
    parameters: dict[str, bool | int | float | str]
    faults: Annotated[dict[str, int], Field(description="how many generals may fail in each mode, at most")]
    interchangeable: Annotated[
        bool, Field(description="false where every choice of faulty generals was taken by itself")
    ]
    scenarios: list[ScenarioFiles]
    checksum: Annotated[str, Field(description="of this text, with nothing between these quotation marks")] = ""

    def files(self) -> dict[str, str]:
        """Every file that it lists, with its checksum."""
        return {name: sum for one in self.scenarios for case in one.cases for name, sum in case.files.items()}

    def text(self) -> str:
        """The manifest as its file has it, with the checksum that it must have."""
        return sealed(self)


def sealed(manifest: ManifestPart) -> str:
    """The text of a manifest, with the checksum that it must have."""
    text = laid_out(manifest.model_copy(update={"checksum": ""}).model_dump(mode="json"))
    return text.replace('"checksum": ""', f'"checksum": "{digest(text.encode())}"', 1)


Whole = TypeVar("Whole", bound=ManifestPart)


def digest(content: bytes) -> str:
    """The checksum of a file: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read(folder: Path) -> tuple[str, Manifest]:
    """The manifest in a folder, as text and parsed. Raises CertificateError if there is no valid one."""
    return read_as(folder, Manifest)


def read_as(folder: Path, kind: type[Whole]) -> tuple[str, Whole]:
    """The same for a manifest of this kind."""
    path = folder / FILE
    try:
        text = text_of(path, CertificateError)
        manifest = kind.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise CertificateError(f"{path} is not the manifest of a certificate: {place}: {first['msg']}") from None
    if sealed(manifest) != text:
        raise CertificateError(f"{path} has been changed: its checksum does not match its contents")
    return text, manifest


def laid_out(value: Any) -> str:
    """JSON laid out for reading, as the text of a file."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: Any, indent: str = "", before: str = "") -> list[str]:
    """JSON laid out for reading: on one line if it fits, else each part on lines of its own."""
    line = f"{indent}{before}{json.dumps(value, ensure_ascii=False)}"
    if len(line) < WIDTH or not isinstance(value, dict | list):
        return [line]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    named = value.items() if isinstance(value, dict) else [(None, part) for part in value]
    parts = [_lines(part, indent + " ", "" if name is None else f"{json.dumps(name)}: ") for name, part in named]
    for part in parts[:-1]:
        part[-1] += ","
    return [f"{indent}{before}{opening}", *(line for part in parts for line in part), f"{indent}{closing}"]
