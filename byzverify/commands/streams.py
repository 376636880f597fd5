"""The standard streams of the command line: those that are closed, and those that cannot show every character.

This module knows streams and characters. It must not know what is printed.
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
    "→": ">",
    "≥": ">=",
    "\N{NO-BREAK SPACE}": " ",
    **dict.fromkeys("─━╴╶╸╺", "-"),
    **dict.fromkeys("│┃╵╷╹╻", "|"),
    **dict.fromkeys("┏┓┗┛┣┫┳┻╋", "+"),
}
"""A replacement for each special character that byzverify prints, for encodings that lack it.

All but that of ≥, which stands only in pictures, are of the same width.
"""


def settle() -> None:
    """Make the standard streams usable, before anything else is opened.

    The next file to be opened would get the descriptor of a closed stream, and with it the stream's output. So the
    descriptor is filled with the null device. Raises UsageError if standard output is closed.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free descriptor, which is this one
    if sys.stderr is None:
        _silence_errors()
    codecs.register_error("signs", _in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="signs")
    if sys.stdout is None:
        raise UsageError("standard output is closed, so nothing can be printed; /dev/null takes what nobody wants")


def note(line: str) -> None:
    """Write a line to standard error, if possible."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        _silence_errors()


def _silence_errors() -> None:
    """Discard output to standard error: there is nowhere to report an error."""
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 # stays open until the process ends


def _in_ascii(error: UnicodeError) -> tuple[str | bytes, int]:
    """The replacement for characters that the encoding lacks; escapes for those that are not byzverify's own."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    shown = ""
    for character in error.object[error.start : error.end]:
        shown += ASCII.get(character) or character.encode("ascii", "backslashreplace").decode()
    return shown, error.end
