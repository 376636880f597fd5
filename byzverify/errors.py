"""Who is to blame: the type of an exception says it, and with it the exit code.

Every error that byzverify raises on purpose is one of these; each carries one line that says what is
wrong and what would be right. This module knows nothing else of the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import GeneratorType
from typing import Any


class ByzverifyError(Exception):
    """Anything that byzverify raises on purpose. `exit_code` is what the command line ends with."""

    exit_code = 4


class UsageError(ByzverifyError):
    """The user asked for something impossible: a bad parameter, an unknown model, a broken file."""

    exit_code = 2


class Outdated(UsageError):
    """A process has loaded other code than whoever asked it; another process might load the same."""


class ProtocolError(ByzverifyError):
    """The protocol's author broke a rule of the language; the message names file and line."""

    exit_code = 2


class Vacuous(ProtocolError):
    """There is nothing to prove: a condition that cannot fail, or none that asks anything."""


NOT_AUTHORS = (ByzverifyError, MemoryError, KeyboardInterrupt)
"""What may come out of an author's function without being the author's fault."""


class RuleBroken(Exception):
    """A rule of the language broken in the middle of a program; it becomes a ProtocolError with file and line.

    `raised` counts them, so that one that the program's own `except` swallows is noticed all the same; `latest` is what
    the last one says.
    """

    raised = 0
    latest = ""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        RuleBroken.raised += 1
        RuleBroken.latest = message


class Looked(RuleBroken):
    """A value that is not known, asked for its truth. what: what it is called, as "an order"."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"looks at {what}, which is not known while the program runs once for all values; write "
            "ite(condition, a, b), & | ~, all_of or any_of"
        )
        self.what = what

    def __reduce__(self) -> tuple[Any, ...]:
        return Looked, (self.what,)


class NodeError(ByzverifyError):
    """A program that plays a general does not keep to the node protocol, crashes, or does not answer.

    general: whom it plays. spoken: what was said last, a line each, `> ` to it and `< ` by it. run: the run as far as
    it came, if one was under way.
    """

    exit_code = 2
    run: Any = None

    def __init__(self, message: str, general: int, spoken: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.general = general
        self.spoken = spoken


class AttackFileError(UsageError):
    """An attack file that is malformed, or that does not do what it says."""


class CertificateError(UsageError):
    """A certificate that is malformed, or that does not show what it says."""


class Stopped(ByzverifyError):
    """The work ended before it was done. `check` catches this and answers `Unknown`, with what it had found."""

    exit_code = 3


class OutOfTime(Stopped):
    """The time limit passed."""

    def __init__(self, message: str = "the time limit passed") -> None:  # with it, as from another process
        super().__init__(message)


class OutOfSteps(Stopped):
    """The limit of steps was reached."""

    def __init__(self, message: str = "the step limit was reached") -> None:
        super().__init__(message)


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
"""What may be missing where Python complains of this; a program without a `yield` gets such errors."""


def described(thing: object) -> str:
    """A value or an error in words, even one that has none: a symbolic value or a name cannot be put into a text."""
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
    """The text with nothing in it that ends a line, moves a cursor or cannot be shown: labels may be any strings."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def excerpt(text: str, most: int = 60) -> str:
    """The beginning of a text that may be as long as it likes, printable."""
    return printable(text[:most]) + ("…" if len(text) > most else "")


def meant(word: object, known: Iterable[str]) -> str:
    """What somebody may have meant who wrote a word that is not known: `; did you mean 'om'?`, or nothing."""
    from difflib import get_close_matches

    small = {name.lower(): str(name) for name in known}
    near = get_close_matches(str(word).lower(), small, n=1)
    return f"; did you mean {small[near[0]]!r}?" if near else ""


def counted(number: int, noun: str) -> str:
    """So many of them: `1 lie`, `2 lies`, `about 7.4e289 sets`."""
    return f"{rounded(number)} {noun if number == 1 else several(noun)}"


def several(noun: str) -> str:
    """The plural of a noun that has a regular one: lies, choices, boxes, copies."""
    if noun[-1:] == "y" and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


LONGEST_NUMBER = 15
"""So many digits of a number are written out."""


def rounded(number: int) -> str:
    """A number as people can read it: a long one as `about 7.4e289`."""
    digits = str(abs(number))
    if len(digits) <= LONGEST_NUMBER:
        return str(number)
    return f"about {'-' * (number < 0)}{digits[0]}.{digits[1]}e{len(digits) - 1}"


class ReplayMismatch(ByzverifyError):
    """The solver claimed an attack that the simulator does not confirm: a bug of ours, never a finding."""


TWO_READINGS = (
    "look at the program and its conditions first: the sequence of a set, a cache, a global or an object that they "
    "change, `is`, isinstance and chance make two executions of one text differ in a way that the language cannot "
    "notice; if they use none of these, this is a bug in byzverify: please report it"
)
"""What to do where the terms and the simulator, two executions of one text, come to different ends."""


class Disagreement(ByzverifyError):
    """Two solvers answer the same question differently: one of them, or a translation of ours, is wrong."""
