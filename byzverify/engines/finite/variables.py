"""The adversary's variables: one type for each kind, which says what is so where the variable is true.

Whoever reads variables back handles every kind and ends with `assert_never`, so that a new kind is a type error there.
Those who make them are not found so: `Behaviour`, `Liars.assignment`, the predictions of the guards and the board's
choices must know what a new kind means. This module knows no terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from byzverify.language.messages import General, Site


@dataclass(frozen=True, slots=True)
class Starts:
    """A general starts with this order, a number in the domain; with the first one where none of his is true."""

    general: General
    order: int


@dataclass(frozen=True, slots=True)
class Says:
    """This word, a number in the domain, is said at a site; of several the last. In a message of several fields the
    label is a `Part`; that of no field, whose word is 0, says that the message comes.
    """

    site: Site
    word: int


@dataclass(frozen=True, slots=True)
class Lapses:
    """At a site of a general with a milder fault something else is said than his program says."""

    site: Site


@dataclass(frozen=True, slots=True)
class Crashes:
    """A general crashes in this round, unless he has crashed before."""

    general: General
    round: int


@dataclass(frozen=True, slots=True)
class Lies:
    """What is said at a site is a lie."""

    site: Site


@dataclass(frozen=True, slots=True)
class Differs:
    """In a message that is a lie, the field of this site is another than in the honest one."""

    site: Site


@dataclass(frozen=True, slots=True)
class Instead:
    """This word, as in `Says`, is said at a site if what is said there is a lie."""

    site: Site
    word: int


Truthful = Starts | Says | Lapses | Crashes
"""The variables of an adversary who says whatever he wants."""

Variable = Truthful | Lies | Differs | Instead
"""The variables of any adversary."""
