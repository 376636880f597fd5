"""Reads users' JSON files in every encoding that JSON may have, with or without a byte order mark.

Editors and shells on Windows write UTF-16 and marks. This module knows encodings. It must not know what a file says.
"""

from __future__ import annotations

import json
from pathlib import Path

from byzverify.errors import UsageError


def text_of(path: Path, error: type[UsageError] = UsageError) -> str:
    """The text of a JSON file. Raises `error`, with a message of one line, if it cannot be read or is not text."""
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise error(f"cannot read {path}: {failure.strerror}") from failure
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as failure:
        raise error(f"{path} is not a text in {encoding.upper()}: byte {failure.start} is invalid") from None
