"""What goes wrong in a user's files, as an error of their author, with file and line."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from byzverify.errors import Looked, ProtocolError, described
from byzverify.loading.looking import explained
from byzverify.loading.origins import PREFIX, is_ours, is_users


@contextmanager
def authors_errors(file: Path) -> Iterator[None]:
    """Raise ProtocolError, with the line, for what goes wrong while the file is executed in the block."""
    try:
        yield
    except ProtocolError as error:
        raise ProtocolError(f"{place(error, str(file))}: {error}") from error
    except (Exception, SystemExit) as error:
        what = _decorated(error) or f"{type(error).__name__}: {_first_line(error)}"
        raise ProtocolError(f"{place(error, str(file))}: {what}") from error


def blamed(error: BaseException) -> ProtocolError | None:
    """The error with its line, if it arose in a user's file, or in Python or another package that this called."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_ours(frame.filename):
            return None
        if not frame.filename.startswith("<") and is_users(frame.filename):
            return ProtocolError(f"{frame.filename}:{frame.lineno}: {type(error).__name__}: {_first_line(error)}")
    return None


def place(error: BaseException, file: str, otherwise: int | None = 1) -> str:
    """Where an error arose: the last line of the model's file, or of another file of the user's, on the way to it.

    otherwise: the line of the model's file if the way to the error leads through none.
    """
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.filename or file}:{error.lineno}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).resolve() == Path(file).resolve():
            return f"{file}:{frame.lineno}"
        if not frame.filename.startswith("<") and is_users(frame.filename):
            return f"{frame.filename}:{frame.lineno}"
    return f"{file}:{otherwise}"


def told_of(error: BaseException) -> str:
    """What went wrong in an author's function, in one line, with what to write instead where that can be guessed."""
    return explained(error) if isinstance(error, Looked) else described(error)


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
    line = error.msg if isinstance(error, SyntaxError) else (str(error).splitlines() or [""])[0]
    return re.sub(rf"{PREFIX}\d+", ".", re.sub(rf"{PREFIX}\d+\.", "", line))
