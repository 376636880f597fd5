"""Ending the execution of a script at its first question, where only what it defines is wanted.

A fresh interpreter that looks for a class must not answer all that the script asks. This module knows no questions:
they say when they are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_blocks = 0


class QuestionAsked(BaseException):
    """A question was asked while a model is loaded only to find a class. It ends the model's execution, and no more."""


@contextmanager
def stopping_at_questions() -> Iterator[None]:
    """In the block, a model that asks a question while it is loaded has been loaded."""
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
    """Called by every question before it does anything. Raises QuestionAsked where it is not to be answered."""
    if stopping():
        raise QuestionAsked
