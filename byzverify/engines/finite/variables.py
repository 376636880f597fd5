"""The adversary's variables: one type for each kind, which says what is the case if the variable is true.

Code that translates variables back handles every kind and ends with `assert_never`, so a type checker finds each place
where a new kind is missing. It does not find the places that create variables: `Behaviour`, `Liars.assignment`, the
predictions of the guards and the board's choices must also be told what a new kind means. This module knows no terms.
"""

from __future__ import annotations

from dataclasses import dataclass

from byzverify.language.messages import General, Site


@dataclass(frozen=True, slots=True)
class Starts:
    """A general starts with this order, a number in the domain; with the first if none of his variables is true."""

    general: General
    order: int


@dataclass(frozen=True, slots=True)
class Says:
    """This word, a number in the domain, is said at a site; if several are true, the last counts. In a message of
    several fields, the label is a `Part`. The part without a field, with the word 0, says that the message comes.
    """

    site: Site
    word: int


@dataclass(frozen=True, slots=True)
class Lapses:
    """At a site, a general with a milder fault says something that his program does not say."""

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
    """In a message that is a lie, the field of this site differs from the honest one."""

    site: Site


@dataclass(frozen=True, slots=True)
class Instead:
    """This word, as in `Says`, is said at a site if what is said there is a lie."""

    site: Site
    word: int


Truthful = Starts | Says | Lapses | Crashes
"""The variables of an adversary who may say anything."""

Variable = Truthful | Lies | Differs | Instead
"""The variables of any adversary."""
