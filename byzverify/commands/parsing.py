"""The command-line parser: numbers as options take them, and errors about arguments and options in plain sentences.

This module knows the parser's types and errors. It must not know any command.
"""

from __future__ import annotations

import re

import click


class WholeNumber(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A whole number between two bounds, if there are any."""

    name = "integer"

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self._least = least
        self._most = most

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that a text means. Raises UnfitValue."""
        if isinstance(value, int):
            return value
        if not re.fullmatch("[+-]?[0-9]+", value):
            raise UnfitValue("takes a whole number", value, param, ctx)
        if len(value) > 100 or (self._most is not None and int(value) > self._most):
            most = "a smaller number" if self._most is None else f"a number up to {self._most}"
            raise UnfitValue(f"takes {most}", value, param, ctx)
        if self._least is not None and int(value) < self._least:
            raise UnfitValue(f"takes a number from {self._least} on", value, param, ctx)
        return int(value)


class Seconds(click.ParamType):  # type: ignore[type-arg]
    """A time in seconds, 0 or more."""

    name = "seconds"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The time that a text means. Raises UnfitValue."""
        try:
            seconds = float(str(value).replace("_", "no number"))
        except ValueError:
            raise UnfitValue("takes a number", value, param, ctx) from None
        if not seconds >= 0:  # it may be nan
            raise UnfitValue("takes a number from 0 on", value, param, ctx)
        return seconds


class UnfitValue(click.BadParameter):
    """A value that an option does not take."""

    def __init__(self, takes: str, value: object, param: click.Parameter | None, ctx: click.Context | None) -> None:
        super().__init__(f"{takes}, not {value!r}", ctx, param)

    def format_message(self) -> str:
        """What the option takes, and what it got."""
        return f"{self.param.opts[0] if self.param else 'it'} {self.message}"


def refusal(error: click.ClickException) -> str:
    """A sentence that says what is wrong with what the user typed, and where to find help."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "byzverify"
    return f"{error.format_message()} ({command} --help says what there is)"
