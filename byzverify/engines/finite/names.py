"""Names: generals as a program sees them while it is checked whether it can tell them apart.

A name can be compared with another for equality, and put into tuples, sets and dictionaries. Every operation that would
reveal the number behind a name, or would give another result for the number itself, raises RuleBroken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from byzverify.errors import RuleBroken
from byzverify.language.labels import Chain, Form, Label, Part, Stand, signers_of
from byzverify.language.messages import Dispatch, General
from byzverify.language.protocol import Protocol

OWN: Mapping[General, General] = {}
"""Each general has the hash of his own number."""


class Name(Stand):
    """A general of a group, as the program sees him during this check: usable for `==`, `in` and as a key, no more.

    hashed: the general whose number is the hash, by default himself; the order of a set depends on it. Its own
    attributes have private names, so that a program does not use them by accident.
    """

    __slots__ = ("_general", "_group", "_hashed")

    def __init__(self, general: General, group: frozenset[General], hashed: General | None = None) -> None:
        self._general = general
        self._group = group
        self._hashed = general if hashed is None else hashed

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Name):
            return self._general == other._general
        try:
            taken = other in self._group
        except TypeError:  # something that cannot be hashed is not a number
            return NotImplemented
        if taken:
            raise RuleBroken(f"compares a general with the number {other}; take him from self.generals")
        return NotImplemented  # as a number does for other types: then Python asks the other operand

    def __hash__(self) -> int:
        return self._hashed  # the hash of a number, so that a lookup among numbers leads to the comparison above

    def __bool__(self) -> bool:
        if 0 in self._group:
            raise RuleBroken("uses a general as a truth, which is false for general 0; compare him with ==")
        return True

    @property  # type: ignore[misc]  # for isinstance(), match and singledispatch
    def __class__(self) -> type:
        return _asked_for_type(self)

    def __repr__(self) -> NoReturn:
        raise RuleBroken("writes a general's number into a text")

    def __getattr__(self, name: str) -> NoReturn:
        raise RuleBroken(f"takes {name} of a general's number")

    def __copy__(self) -> Name:
        return self

    def __deepcopy__(self, memo: object) -> Name:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise RuleBroken("writes a general's number into bytes")


class Keyless(Name):
    """A name in a condition. It cannot be looked up: among keys with other hashes it would be compared with none.

    A program may look generals up, because its conduct on names is compared with its conduct on numbers.
    """

    __slots__ = ()

    def __hash__(self) -> int:
        raise RuleBroken("looks a general up in a dictionary or a set; compare him with ==")


def _asked_for_type(name: Name) -> type:
    raise RuleBroken("asks for the type of a general's number")


def _computes(self: Name, *others: object) -> NoReturn:
    raise RuleBroken("computes with a general's number, or orders it")


OPERATORS = (
    "lt le gt ge add radd sub rsub mul rmul matmul rmatmul truediv rtruediv floordiv rfloordiv mod rmod divmod rdivmod "
    "pow rpow lshift rlshift rshift rrshift and rand xor rxor or ror neg pos abs invert int float complex index round "
    "trunc floor ceil format"
)
"""Python's operators on numbers. On names each of them breaks the rule, even if the program catches the error."""

for _operator in OPERATORS.split():
    setattr(Name, f"__{_operator}__", _computes)


def names_of(protocol: Protocol, hashes: Mapping[General, General] = OWN, keys: bool = True) -> list[Any]:
    """For each general his name if he is in a group, else his number. hashes: the general whose hash each name has.
    keys: whether names can be looked up.
    """
    names: list[Any] = list(range(protocol.n))
    for group in map(frozenset, protocol.groups):
        for general in group:
            names[general] = (Name if keys else Keyless)(general, group, hashes.get(general))
    return names


def group_of(name: Name) -> frozenset[General]:
    """The group of the general behind a name."""
    return name._group


def renamed(label: Any, names: Sequence[Any]) -> Any:
    """The same label, or set of generals, with these names for the generals that have one.

    A named tuple becomes a plain one, which is the same label.
    """
    if type(label) is Name:
        return names[label._general]
    if isinstance(label, tuple | frozenset):
        return (tuple if isinstance(label, tuple) else frozenset)(renamed(part, names) for part in label)
    if isinstance(label, Chain):
        return Chain(label.order, renamed(label.signers, names))
    if isinstance(label, Form):
        return Form(renamed(label.label, names), renamed(label.fields, names))
    if isinstance(label, Part):
        return Part(renamed(label.form, names), renamed(label.name, names))
    return label


def known_sender(sender: Any, label: Label, names: frozenset[Any]) -> None:
    """Raise RuleBroken if a sender, or a general in a chain of signatures, is not among `names`."""
    if type(sender) is not Name and sender not in names:
        raise RuleBroken(f"reads from general {sender} by number; take him from self.generals or self.others()")
    for signer in signers_of(label):
        known_sender(signer, (), names)


def receivers(sent: Dispatch, names: frozenset[Any]) -> tuple[frozenset[Any] | None, frozenset[Any]]:
    """The receivers of a dispatch, if it names them, and the generals left out. Raises RuleBroken for other names."""
    to, without = None if sent.to is None else frozenset(sent.to), frozenset(sent.without)
    if not (to or without) <= names or not without <= names:
        raise RuleBroken("sends to a general by number; take him from self.generals or self.others()")
    return to, without
