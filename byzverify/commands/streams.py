"""The standard streams of the command line: those that are closed, and those that cannot show every sign.

This module knows streams and signs. It must not know what is printed.
"""

from __future__ import annotations

import codecs
import os
import sys
from io import TextIOWrapper

from byzverify.errors import UsageError

ASCII = {
    "✓": "*",
    "✗": "x",
    "×": "x",
    "◄": "<",
    "·": ".",
    "…": "~",
    "–": "-",
    "→": "->",
    "≥": ">=",
    "\N{NO-BREAK SPACE}": " ",
    **dict.fromkeys("─━╴╶╸╺", "-"),
    **dict.fromkeys("│┃╵╷╹╻", "|"),
    **dict.fromkeys("┏┓┗┛┣┫┳┻╋", "+"),
}
"""What is shown for each sign of ours where the stream's encoding does not have it; in tables, in as much room."""


def settle() -> None:
    """Make the standard streams usable, before anything else is opened.

    A stream that is closed leaves its number to the next file, which would then be written to in its place; so the
    number is taken. Raises UsageError where standard output is closed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free, which is this one
    if sys.stderr is None:
        _silence_errors()
    codecs.register_error("signs", _in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="signs")
    if sys.stdout is None:
        raise UsageError("standard output is closed, so nothing can be printed; /dev/null takes what nobody wants")


def note(line: str) -> None:
    """Write a line to standard error, if that can be."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        _silence_errors()


def _silence_errors() -> None:
    """Let what is written to standard error vanish: there is nobody whom one could tell."""
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 # it stays open until the process ends


def _in_ascii(error: UnicodeError) -> tuple[str | bytes, int]:
    """What is written in place of what the encoding does not have; signs that are not ours become escapes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = ""
    for character in error.object[error.start : error.end]:
        shown += ASCII.get(character) or character.encode("ascii", "backslashreplace").decode()
    return shown, error.end
