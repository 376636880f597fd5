"""Ends the execution of a script at its first question, if only its definitions are needed.

A fresh interpreter that looks for a class must not answer all questions that the script asks. This module knows no
questions; they report when they are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_blocks = 0


class QuestionAsked(BaseException):
    """A question was asked while a model was loaded only to find a class. It ends only the execution of the model."""


@contextmanager
def stopping_at_questions() -> Iterator[None]:
    """In the block, a model counts as loaded as soon as it asks a question."""
    global _blocks
    _blocks += 1
    try:
        yield
    finally:
        _blocks -= 1


def stopping() -> bool:
    """Whether this is inside such a block."""
    return _blocks > 0


def question_begins() -> None:
    """Every question calls this first of all. Raises QuestionAsked inside a `stopping_at_questions` block."""
    if stopping():
        raise QuestionAsked
