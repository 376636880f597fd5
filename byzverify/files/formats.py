"""The formats of byzverify's own JSON files, and which command reads which.

A file names its format itself. This module must not know what else a file says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from byzverify.files.texts import text_of

ATTACK: Literal["byzverify-attack"] = "byzverify-attack"
MAP: Literal["byzverify-map"] = "byzverify-map"
CHAIN: Literal["byzverify-chain"] = "byzverify-chain"
COVER: Literal["byzverify-cover"] = "byzverify-cover"
CERTIFICATE: Literal["byzverify-certificate"] = "byzverify-certificate"
FOR_ALL: Literal["byzverify-certificate-for-all"] = "byzverify-certificate-for-all"

READ_BY = {
    ATTACK: "an attack; use replay, explain or report",
    MAP: "a map; use report",
    CHAIN: "a proof that no protocol works; use certify, explain or report",
    COVER: "a proof that no protocol works; use certify, explain or report",
    CERTIFICATE: "the manifest of a certificate; use certify, with its folder",
    FOR_ALL: "the manifest of a certificate; use certify, with its folder",
}
"""What a file of each format is, and the commands that read it."""


def format_of(text: str) -> str | None:
    """The format that a JSON text gives itself; None if it gives none that byzverify knows."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    named = given.get("format") if isinstance(given, dict) else None
    return named if isinstance(named, str) and named in READ_BY else None


def is_of(path: Path, *formats: str) -> bool:
    """Whether a file gives itself one of these formats. Raises UsageError if it cannot be read."""
    return format_of(text_of(path)) in formats


def mistaken(text: str, *wanted: str) -> str | None:
    """What a file is, if it has another of the formats than those that are wanted: `a map; use report`."""
    named = format_of(text)
    return READ_BY[named] if named is not None and named not in wanted else None
