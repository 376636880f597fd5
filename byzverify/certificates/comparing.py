"""Compares a certificate's folder with what its manifest says, and its manifest with another one.

This module knows no statement, no lemma and no proof.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

import byzverify
from byzverify.certificates.lemma_manifest import LemmaManifest
from byzverify.certificates.manifest import FILE, Manifest, digest
from byzverify.errors import CertificateError
from byzverify.files.provenance import model_for


def demand_unchanged(folder: Path, manifest: Manifest | LemmaManifest) -> None:
    """Raise CertificateError if a file is not the one that the manifest lists."""
    for name, checksum in manifest.files().items():
        if digest(content_of(folder / name)) != checksum:
            raise CertificateError(f"{folder / name} has been changed: its checksum is not that in {FILE}")


def reference_of(folder: Path, manifest: Manifest | LemmaManifest, model: str | None) -> str:
    """The reference to the model of a certificate. Raises CertificateError if this version cannot compare it."""
    if manifest.byzverify != byzverify.__version__:
        raise CertificateError(
            f"{folder} was written by byzverify {manifest.byzverify}, and this is {byzverify.__version__}, whose "
            f"clauses may be others"
        )
    reference = model_for(manifest.model, folder, model)
    path = reference.rpartition(":")[0]
    if path and Path(path).resolve().is_relative_to(folder.resolve()):
        raise CertificateError(
            f"{folder / FILE}: the model must not be a file in the certificate's folder; use your own copy"
        )
    return reference


def demand_same(folder: Path, made: str, text: str) -> None:
    """Raise CertificateError if the text of the manifest is not the one that the model gives."""
    lines = zip_longest(made.splitlines(True), text.splitlines(True), fillvalue="")
    for number, (right, there) in enumerate(lines, start=1):
        if right != there:
            raise CertificateError(f"{folder / FILE}:{number}: expected {right.strip()!r}, found {there.strip()!r}")


def content_of(path: Path) -> bytes:
    """The content of a file of a certificate. Raises CertificateError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateError(f"cannot read {path}: {error.strerror}") from error
