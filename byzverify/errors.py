"""The type of an exception says who is to blame, and determines the exit code.

Every error that byzverify raises on purpose is one of these; each has one line that says what is wrong and what would
be right. This module knows nothing else of the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import get_ident
from types import GeneratorType
from typing import Any, ClassVar, Self


class ByzverifyError(Exception):
    """Any error that byzverify raises on purpose. `exit_code` is the exit code of the command line for it."""

    exit_code = 4


class UsageError(ByzverifyError):
    """The user asked for something impossible: a bad parameter, an unknown model, a broken file."""

    exit_code = 2


class Outdated(UsageError):
    """This process has loaded code different from the code of the process that asked; another might have the same."""


class ProtocolError(ByzverifyError):
    """The protocol's author broke a rule of the language; the message names file and line."""

    exit_code = 2


class Vacuous(ProtocolError):
    """There is nothing to prove: a condition that cannot fail, or no condition that asks anything."""


NOT_AUTHORS = (ByzverifyError, MemoryError, KeyboardInterrupt)
"""Errors that may come out of an author's function although they are not the author's fault."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory has run out. Python may lose a MemoryError in a generator, and raise a SystemError instead."""
    return isinstance(error, MemoryError) or (isinstance(error, SystemError) and "without exception set" in str(error))


class RuleBroken(Exception):
    """A rule of the language broken in the middle of a program; it becomes a ProtocolError with file and line.

    `Breaches` also notices an error that the program's own `except` swallows.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        Breaches.note(message)


class Breaches:
    """The rules that the code in a `with` block breaks, whether or not it catches the errors.

    messages: what the errors say. Only the innermost block of a thread notices an error; if an error leaves that block,
    the next block notices what the block has noticed, since its code may catch the error. In a thread without a block,
    such as one that a program starts, an error counts for all blocks.
    """

    _open: ClassVar[list[Breaches]] = []

    def __init__(self) -> None:
        self.messages: list[str] = []
        self._thread = get_ident()

    def __enter__(self) -> Self:
        self._open.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._open.remove(self)
        if kind is not None:
            for message in self.messages:
                self.note(message)

    @classmethod
    def note(cls, message: str) -> None:
        """Record a broken rule in the block that it belongs to."""
        blocks = tuple(cls._open)
        here = [block for block in blocks if block._thread == get_ident()]
        for block in here[-1:] or blocks:
            block.messages.append(message)


class Looked(RuleBroken):
    """A program asked for the truth of an unknown value. what: how messages name the value, such as "an order"."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"looks at {what}, which is not known while the program runs once for all values; write "
            "ite(condition, a, b), & | ~, all_of or any_of"
        )
        self.what = what

    def __reduce__(self) -> tuple[Any, ...]:
        return Looked, (self.what,)


class NodeError(ByzverifyError):
    """A program that plays a general violates the node protocol, crashes, or does not answer.

    general: the general that it plays. spoken: the last lines of the exchange, `> ` to the program and `< ` from it.
    run: the run so far, if one was in progress.
    """

    exit_code = 2
    run: Any = None

    def __init__(self, message: str, general: int, spoken: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.general = general
        self.spoken = spoken


class AttackFileError(UsageError):
    """An attack file that is malformed, or whose attack does not do what the file says."""


class CertificateError(UsageError):
    """A certificate that is malformed, or that does not prove what it says."""


class Stopped(ByzverifyError):
    """The work ended before it was done. `check` catches this and answers `Unknown`, with what it found until then."""

    exit_code = 3


class OutOfTime(Stopped):
    """The time limit passed."""

    def __init__(self, message: str = "the time limit passed") -> None:  # unpickling passes the message
        super().__init__(message)


class OutOfSteps(Stopped):
    """The limit of steps was reached."""

    def __init__(self, message: str = "the step limit was reached") -> None:
        super().__init__(message)


class NotUnderstood(Stopped):
    """The engine for all sizes can say nothing of a protocol: the message says what it does not understand."""


class Interrupted(Stopped):
    """The user stopped it."""

    exit_code = 130

    def __init__(self, message: str = "interrupted") -> None:
        super().__init__(message)


FORGOTTEN = {
    "'Dispatch' object": "write `inbox = yield ...`, and read the inbox",
    "'Relays' object": "write `inbox = yield ...`, and read the inbox",
    "'generator' object": "a helper that yields is called with `yield from`",
    "'NoneType' object is not subscriptable": "a helper that yields is called with `yield from`",
}
"""What an author may have forgotten if Python reports these errors, which occur if a program lacks a `yield`."""


def described(thing: object) -> str:
    """A value or an error in words. It also works for things without a `repr`, such as a symbolic value or a name."""
    try:
        if isinstance(thing, RuleBroken):
            return str(thing)
        if isinstance(thing, TypeError):
            hint = next((f"; {hint}" for complaint, hint in FORGOTTEN.items() if complaint in str(thing)), "")
            return f"TypeError: {thing!s}{hint}"
        if isinstance(thing, BaseException):
            return f"{type(thing).__name__}: {thing!s}"
        if isinstance(thing, GeneratorType):
            return "a generator (a helper that yields is called with `yield from`)"
        shown = repr(thing)
        return _called(thing) if " at 0x" in shown else shown
    except Exception:
        return _called(thing)


def _called(thing: object) -> str:
    return str(getattr(type(thing), "called", f"a {type(thing).__name__}"))


def printable(text: str) -> str:
    """The text without characters that end a line, move a cursor or cannot be shown: labels may be any strings."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def excerpt(text: str, most: int = 60) -> str:
    """The beginning of a text of any length, printable."""
    return printable(text[:most]) + ("…" if len(text) > most else "")


def meant(word: object, known: Iterable[str]) -> str:
    """A hint for an unknown word that resembles a known one: `; did you mean 'om'?`, or nothing."""
    from difflib import get_close_matches

    small = {name.lower(): str(name) for name in known}
    near = get_close_matches(str(word).lower(), small, n=1)
    return f"; did you mean {small[near[0]]!r}?" if near else ""


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 lie`, `2 lies`, `about 7.4e289 sets`."""
    return f"{rounded(number)} {noun if number == 1 else several(noun)}"


def several(noun: str) -> str:
    """The plural of a noun with a regular plural: lies, choices, boxes, copies."""
    if noun[-1:] == "y" and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


LONGEST_NUMBER = 15
"""Numbers with more digits than this are rounded."""


def rounded(number: int) -> str:
    """A number as people can read it; a long one is rounded: `about 7.4e289`."""
    digits = str(abs(number))
    if len(digits) <= LONGEST_NUMBER:
        return str(number)
    return f"about {'-' * (number < 0)}{digits[0]}.{digits[1]}e{len(digits) - 1}"


class ReplayMismatch(ByzverifyError):
    """The solver claimed an attack that the simulator does not confirm: a bug in byzverify, never a finding."""


TWO_READINGS = (
    "check the program and its conditions first: the sequence of a set, a cache, a global or an object that they "
    "change, `is`, isinstance and random numbers make two executions of the same text differ in ways that the language "
    "cannot notice; if they use none of these, this is a bug in byzverify: please report it"
)
"""What to do if the terms and the simulator, two executions of the same text, give different results."""


class Disagreement(ByzverifyError):
    """Two solvers give different answers to the same question: one of them, or one of our translations, is wrong."""
