"""What an expression of a program is, where the program is read and not run: the kinds, and what they allow.

`sublanguage.py` says why. This module knows the language, and no syntax trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from byzverify.language.values import TRUE, Order


class Dependence(Enum):
    """What an expression is, as far as it matters here."""

    PLAIN = auto()
    """Something that is the same however the generals are listed."""
    GENERAL = auto()
    """A certain general, such as `me` or a king."""
    FEW = auto()
    """A list of certain generals."""
    GENERALS = auto()
    """A list of all generals, or of all but some."""
    MEMBER = auto()
    """Each general of such a list in turn: the variable of a comprehension."""
    MEMBERS = auto()
    """A list or path with such a variable in it."""
    EACH = auto()
    """What each general of a list said, or something that follows from it."""
    CROWD = auto()
    """A list with what each of the generals said."""
    MAP = auto()
    """A dictionary with what each of the generals said, or decided."""
    DECISIONS = auto()
    """What each of some generals decided."""
    DECISION = auto()
    """What a general decided, which may be a dictionary with an entry for each of the generals."""
    DECIDED = auto()
    """A list with what certain generals decided."""
    INBOX = auto()
    """What a general received in a round."""
    SENT = auto()
    """A message to, or about, each general of a list."""
    OUTBOX = auto()
    """A list of such messages."""
    SELF = auto()
    """The protocol."""
    OUTCOME = auto()
    """How a run ended."""
    TREE = auto()
    """A tree of relayed orders."""
    OUTER = auto()
    """Something about a general of an outer comprehension, in an inner one that goes through generals, too."""


(
    PLAIN,
    GENERAL,
    FEW,
    GENERALS,
    MEMBER,
    MEMBERS,
    EACH,
    CROWD,
    MAP,
    DECISIONS,
    DECISION,
    DECIDED,
    INBOX,
    SENT,
    OUTBOX,
    SELF,
    OUTCOME,
    TREE,
    OUTER,
) = Dependence

LISTS = (GENERALS, CROWD)
"""The kinds of lists that are as long as there are generals."""

OF_LISTS = ("count", "how_many", "majority", "plurality", "all_of", "any_of")
"""The functions of the language that a list of any length may be handed to."""

OF_ORDERS = ("same", "Order")
"""Its functions of orders and truths that have nothing to do with a list."""

ADDRESSING = ("broadcast", "send", "sign", "bundle")
"""Its functions that make messages."""

BUILTINS = {
    **dict.fromkeys((len, list, tuple), True),
    **dict.fromkeys((range, min, max, abs, sum, enumerate, zip, reversed, sorted, dict), False),
}
"""Python's functions that may be called, and whether they may be given a list of generals."""

ADDRESSED = (GENERALS, EACH, MEMBERS)
"""What a message may be made of, besides what has nothing to do with a list."""

THROUGH = {PLAIN: PLAIN, FEW: GENERAL, GENERALS: MEMBER, CROWD: EACH, DECIDED: DECISION}
"""What the variable of a comprehension is that goes through something."""

OF_MANY = {MEMBER: GENERALS, EACH: CROWD, SENT: OUTBOX}
"""What a comprehension that goes through a list of generals makes of its elements."""

LISTED_ONCE = {PLAIN: PLAIN, GENERAL: FEW, FEW: FEW, DECISION: DECIDED}
"""The same of any other comprehension."""

LISTED = {**LISTED_ONCE, MEMBER: MEMBERS}
"""What a list is that has such an element."""

PARTS = {FEW: GENERAL, INBOX: PLAIN, MAP: PLAIN, PLAIN: PLAIN, DECISIONS: DECISION, DECISION: PLAIN, DECIDED: DECISION}
"""What is found under a key that has nothing to do with a list of generals."""

WHOLE = {
    MEMBER: "uses a general of a list for something else than to compare him, to read from him or to send to him",
    EACH: "looks at what one general of a list said",
}
"""What a program does that uses something where something single is expected."""

OF_PROTOCOLS: Mapping[str, Dependence] = {
    **dict.fromkeys(("n", "values", "orders", "marks", "words", "is_complete", "claim", "graph", "rushing"), PLAIN),
    **dict.fromkeys(("generals", "lieutenants"), GENERALS),
}
"""Attributes of every protocol."""

OF_OUTCOMES: Mapping[str, Dependence] = {"loyal": GENERALS, "orders": MAP, "decisions": DECISIONS, "protocol": SELF}

METHODS: Mapping[Dependence, tuple[str, ...]] = {
    INBOX: ("get", "message"),
    EACH: ("get",),
    PLAIN: ("get", "values", "items", "keys"),
}
"""Methods of inboxes, and of messages and dictionaries."""

CONSTANTS = (int, str, bool, type(None), Order, type(TRUE))
"""What a program may refer to that is no function, besides tuples of these."""

AUTHORS = {"__post_init__"}
"""The special method that an author may write."""

DATA = {
    *("__module__", "__doc__", "__annotations__", "__dict__", "__weakref__", "__match_args__"),
    *("__dataclass_fields__", "__dataclass_params__", "__orig_bases__", "__parameters__", "__type_params__"),
    *("__static_attributes__", "__firstlineno__", "__annotate__", "__annotate_func__", "__annotations_cache__"),
}
"""Special names that Python or dataclasses give to every class."""

INSTEAD = (
    "at every size, lists of generals may be gone through by comprehensions, joined, measured by len, and handed to "
    f"{', '.join(OF_LISTS)}"
)
