"""The command-line parser's errors about arguments and options, in plain sentences.

This module knows the attributes of the parser's errors, and not which library they come from. It must not know any
command.
"""

from __future__ import annotations

from typing import Any

WANTED = {
    "int_parsing": "takes a whole number",
    "int_from_float": "takes a whole number",
    "int_parsing_size": "takes a smaller number",
    "float_parsing": "takes a number",
    "greater_than_equal": "takes a number from {ge:g} on",
    "less_than_equal": "takes a number up to {le:g}",
}
"""What an option takes, by the kind of error about its value."""


def is_of_the_parser(error: Exception) -> bool:
    """Whether an error means that the parser refuses what the user typed."""
    return hasattr(error, "format_message")


def refusal(error: Any) -> str:
    """A sentence that says what is wrong with what the user typed, and where to find help."""
    command = getattr(getattr(error, "ctx", None), "command_path", "byzverify")
    said = _of_a_value(error) or error.format_message().replace("Value error, ", "")
    return f"{said} ({command} --help says what there is)"


def _of_a_value(error: Any) -> str:
    """What an option takes, and what it got; empty if the parser's own message is good enough."""
    options = getattr(getattr(error, "param", None), "opts", None)
    cause = getattr(error.__cause__, "errors", None)
    if not options or cause is None:
        return ""
    wrong = cause()[0]
    wanted = WANTED.get(wrong["type"], "").format(**wrong.get("ctx", {}))
    return f"{options[0]} {wanted}, not {wrong['input']!r}" if wanted else ""
