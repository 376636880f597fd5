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
        raise ProtocolError(f"{file}:{_line(error, file)}: {type(error).__name__}: {_first_line(error)}") from error


def _line(error: BaseException, file: Path) -> int:
    if isinstance(error, SyntaxError) and error.lineno:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 1 for f in reversed(frames) if Path(f.filename).resolve() == file.resolve()), 1)


def _first_line(error: BaseException) -> str:
    """The message's first line, with modules called as the model calls them."""
    line = (str(error).splitlines() or [""])[0]
    return re.sub(rf"{PREFIX}\d+", ".", re.sub(rf"{PREFIX}\d+\.", "", line))
