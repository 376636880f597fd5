"""Protocols as data: a small tree for everything that the language can say.

A tree is drawn by `drawing.py` and run by `programs.py`. Its `repr` is Python that makes it again, so that what fails
can be pasted into a test. A node knows its parts and nothing of what they come to.

A *person* is `me`, `commander`, a variable of a `For`, a witness `w0`, `w1`, ... or a general's number; *people* go by
a word that is looked up where the tree is run. In a label that is a tuple, a person stands for his number.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, dataclass_transform

Person = str | int
People = str
Label = str | int | tuple[Any, ...]


@dataclass_transform(frozen_default=True)
class Node:
    """A part of a protocol, a frozen dataclass. Its `repr` leaves out what is as by default."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, repr=False)(cls)

    def __repr__(self) -> str:
        parts = [(one, getattr(self, one.name)) for one in fields(self)]  # type: ignore[arg-type]
        given = [repr(value) for one, value in parts if one.default == MISSING]
        named = [f"{one.name}={value!r}" for one, value in parts if one.default not in (MISSING, value)]
        return f"{type(self).__name__}({', '.join(given + named)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Let hypothesis show it so, too."""
        printer.text(repr(self))


class For(Node):
    """Among several things: one for each of `people`, who is called `variable` in it."""

    variable: str
    people: People
    what: Node


Several = tuple[Node, ...]


# Orders


class Named(Node):
    """An order by its name, or ABSENT."""

    name: str


class Own(Node):
    """What a general starts with; RETREAT, if nothing."""


class Heard(Node):
    """What came in this round from `sender`; `default` where nothing did."""

    round: int
    sender: Person
    label: Label = ()
    default: Node = Named("RETREAT")


class Field(Node):
    """What is in a field of the message of these fields that came in this round from `sender`.

    fields: the names of those that may not be empty; optional: of those that may. `default` where nothing is in it.
    """

    round: int
    sender: Person
    name: str
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    label: Label = ()
    default: Node = Named("RETREAT")


class Majority(Node):
    """`majority(votes, default)`."""

    votes: Several
    default: Node = Named("RETREAT")


class Plurality(Node):
    """`plurality(votes, tie)`."""

    votes: Several
    tie: Node = Named("RETREAT")


class Choice(Node):
    """`ite(condition, then, otherwise)`."""

    condition: Node
    then: Node
    otherwise: Node


class Decided(Node):
    """In a condition: the order that `general` decided; the first part, where he decides a pair."""

    general: Person


class Entry(Node):
    """In a condition: what `general`, who decides a vector, has in it about another; ABSENT, if nothing."""

    general: Person
    about: Person


class Started(Node):
    """In a condition: what `general` started with; RETREAT, if nothing."""

    general: Person


# Truths


class Same(Node):
    """`left == right`."""

    left: Node
    right: Node


class Not(Node):
    """`~truth`."""

    truth: Node


class All(Node):
    """`all_of(truths)`."""

    truths: Several


class Some(Node):
    """`any_of(truths)`."""

    truths: Several


class Compare(Node):
    """`left >= right`, or whatever the operator is, of two sums."""

    left: Sum
    operator: str
    right: Sum


class Shown(Node):
    """`inbox.signed(order, signers).came`, for the inbox of this round."""

    round: int
    order: str
    signers: tuple[Person, ...]


class Came(Node):
    """`inbox.message(sender, label, fields, optional).came`, for the inbox of this round."""

    round: int
    sender: Person
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    label: Label = ()


class Agree(Node):
    """In a condition: `same` of what two generals decided."""

    one: Person
    other: Person


# Counts


class Tally(Node):
    """`weight * count(votes, order)`."""

    votes: Several
    order: Node
    weight: int = 1


class HowMany(Node):
    """`weight * how_many(truths)`."""

    truths: Several
    weight: int = 1


class Grade(Node):
    """In a condition: `weight` times the second part of what `general` decided, who decides a pair."""

    general: Person
    weight: int = 1


class Sum(Node):
    """The sum of these counts and a number."""

    counts: Several
    number: int = 0


# What is sent


class Say(Node):
    """`broadcast(order, label)`, with `without=[me]` if it goes to "all but me"; for other people, `send`."""

    order: Node
    label: Label = ()
    to: People = "all"


class Tell(Node):
    """`broadcast({name: order, ...}, label, when=when)`, or `send`: one message of several fields, to these people."""

    fields: tuple[tuple[str, Node], ...]
    label: Label = ()
    to: People = "all"
    when: Node = All(())


class Sign(Node):
    """`sign(v, order == v)` for each order v, to these people."""

    order: Node
    to: People = "all"


class Endorse(Node):
    """Add one's name to what came under these signatures in this round, whichever order it is, where `when` holds."""

    round: int
    signers: tuple[Person, ...]
    to: People = "all"
    when: Node = All(())


class By(Node):
    """Only the general with this number does it."""

    general: int
    what: Node


# Decisions other than orders


class Pair(Node):
    """A tuple: an order and a count."""

    order: Node
    count: Sum


class Vector(Node):
    """A dictionary: for each of `people`, who is called `variable` in it, an order."""

    variable: str
    people: People
    order: Node


# Conditions


class Published(Node):
    """A condition of byzverify's by its name. `at_least`: whether it says how many loyal generals it is about."""

    name: str
    at_least: bool = True


class Claim(Node):
    """A condition of the tree's own. `concerns` is a word that `programs.py` looks up."""

    witnesses: int
    holds: Node
    concerns: str = "always"


class Program(Node):
    """A protocol without its parameters. `rounds`: what is sent in each. `groups`: a word for what is declared."""

    rounds: tuple[Several, ...]
    decision: Node
    conditions: Several
    has_commander: bool = False
    groups: str = "all"
    rushing: bool = True
    marks: tuple[str, ...] = ()
