"""The manifest of a certificate for all sizes: which lemma each file is about, and a checksum of each file.

This module knows the form, and nothing about how lemmas or proofs are made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from byzverify.certificates.manifest import FILE, ManifestPart, sealed
from byzverify.errors import CertificateError
from byzverify.files.formats import FOR_ALL
from byzverify.files.texts import text_of

KINDS = ("smt2", "cnf", "farkas", "drat", "lrat")
"""The files of a lemma: what it says, its clauses, the numbers of those that are sums, and proofs about the clauses."""

LemmaFile = Annotated[str, Field(pattern=rf"^lemma[1-9][0-9]{{0,8}}\.({'|'.join(KINDS)})$")]


class Example(ManifestPart):
    """Values of unknowns: the numbers that are not 0, and what is true."""

    numbers: dict[str, int]
    truths: list[str]


class LemmaFiles(ManifestPart):
    """One lemma: the argument that it is part of, its name, and the condition that it is about, if it is about one."""

    argument: str
    name: str
    condition: str | None
    example: Annotated[Example | None, Field(description="values with which its premises hold, if there are any")]
    files: Annotated[
        dict[LemmaFile, str],
        Field(
            description="the lemma (.smt2), its clauses (.cnf), the numbers of sums (.farkas), proofs (.drat, .lrat)"
        ),
    ]


class LemmaManifest(ManifestPart):
    """A certificate for all sizes: every lemma of one proof."""

    format: Literal["byzverify-certificate-for-all"]
    version: Annotated[int, Field(ge=1, le=1)]
    byzverify: Annotated[str, Field(description="the version whose lemmas these are")]
    model: str
    fixed: Annotated[dict[str, bool | int | float | str], Field(description="the parameters that have a given value")]
    assuming: Annotated[str | None, Field(description="for which sizes, in place of the claim of the model")]
    statement: Annotated[str, Field(description="for which sizes, in words")]
    lemmas: list[LemmaFiles]
    checksum: Annotated[str, Field(description="of this text, with nothing between these quotation marks")] = ""

    def files(self) -> dict[str, str]:
        """Every file that it lists, with its checksum."""
        return {name: sum for one in self.lemmas for name, sum in one.files.items()}

    def text(self) -> str:
        """The manifest as its file has it, with the checksum that it must have."""
        return sealed(self)


def is_for_all(folder: Path) -> bool:
    """Whether the manifest in a folder is one of a certificate for all sizes."""
    return f'"format": "{FOR_ALL}"' in text_of(folder / FILE, CertificateError)
