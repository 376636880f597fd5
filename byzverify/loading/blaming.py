"""What goes wrong while a user's file is executed, as an error of its author, with file and line."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from byzverify.errors import ProtocolError
from byzverify.loading.origins import PREFIX


@contextmanager
def authors_errors(file: Path) -> Iterator[None]:
    """Raise ProtocolError, with the line, for what goes wrong while the file is executed in the block."""
    try:
        yield
    except (Exception, SystemExit) as error:
        what = _decorated(error) or f"{type(error).__name__}: {_first_line(error)}"
        raise ProtocolError(f"{file}:{_line(error, file)}: {what}") from error


def _line(error: BaseException, file: Path) -> int:
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 1 for f in reversed(frames) if Path(f.filename).resolve() == file.resolve()), 1)


def _decorated(error: BaseException) -> str | None:
    """What to write where a class of this package's, which is a dataclass by itself, is made one; None elsewhere."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    if not frames or frames[-1].f_globals.get("__name__") != "dataclasses":
        return None
    made = frames[-1].f_locals.get("cls")
    if not isinstance(made, type):
        return None
    base = next((one for one in made.__mro__ if one.__module__.startswith("byzverify.")), None)
    if base is None:
        return None
    return f"leave out @dataclass: {made.__name__} is one already, as every subclass of {base.__name__} is"


def _first_line(error: BaseException) -> str:
    """The message's first line, with modules called as the model calls them."""
    line = (str(error).splitlines() or [""])[0]
    return re.sub(rf"{PREFIX}\d+", ".", re.sub(rf"{PREFIX}\d+\.", "", line))
