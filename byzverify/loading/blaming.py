"""Turns errors in a user's files into errors that name the author's file and line."""

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
    """Raise ProtocolError, with the line, for an error that occurs while the file is executed in the block."""
    try:
        yield
    except ProtocolError as error:
        raise ProtocolError(f"{place(error, str(file))}: {error}") from error
    except (Exception, SystemExit) as error:
        what = _decorated(error) or f"{type(error).__name__}: {_first_line(error)}"
        raise ProtocolError(f"{place(error, str(file))}: {what}") from error


def blamed(error: BaseException) -> ProtocolError | None:
    """A ProtocolError with the line, if the error arose in a user's file or in code not byzverify's that it called."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        return blamed(error.__cause__)  # Python turns it into a RuntimeError in a generator
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_ours(frame.filename):
            return None
        if not frame.filename.startswith("<") and is_users(frame.filename):
            return ProtocolError(f"{frame.filename}:{frame.lineno}: {type(error).__name__}: {_first_line(error)}")
    return None


def place(error: BaseException, file: str, otherwise: int | None = 1) -> str:
    """The file and line of an error: the innermost line in a user's file, the model's or another.

    otherwise: the line of the model's file to name if no user's file is involved.
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
    """What went wrong in an author's function, in one line, with what to write instead if that can be guessed."""
    return explained(error) if isinstance(error, Looked) else described(error)


def _decorated(error: BaseException) -> str | None:
    """The hint for `@dataclass` on a subclass of a byzverify class, which is a dataclass already; None for others."""
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
    """The first line of the message, with modules under the names that the model uses."""
    line = error.msg if isinstance(error, SyntaxError) else (str(error).splitlines() or [""])[0]
    return re.sub(rf"{PREFIX}\d+", ".", re.sub(rf"{PREFIX}\d+\.", "", line))
