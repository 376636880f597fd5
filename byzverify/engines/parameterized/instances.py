"""Instances of a protocol whose parameters may be sizes that are not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from byzverify.engines.parameterized.members import is_member
from byzverify.errors import RuleBroken
from byzverify.language.protocol import Protocol


def protocol_with(kind: type[Protocol], parameters: Mapping[str, Any], listed: Sequence[Any] | None) -> Protocol:
    """An instance whose parameters may be sizes that are not known, as a general sees it who lists the generals so.

    listed: None for an instance that lists no generals.
    """
    made = object.__new__(kind)
    made.__dict__.update(parameters, _copy=object())
    if listed is not None:
        made.__dict__["_listed"] = tuple(listed)
        made.__dict__["others"] = partial(_others, tuple(listed))
    made.__dict__["fresh"] = lambda: protocol_with(kind, parameters, listed)
    return made


def stored_in(protocol: Protocol) -> dict[str, object]:
    """What is in an instance, but for what the language puts there."""
    return {name: value for name, value in vars(protocol).items() if name != "problem"}


def _others(listed: Sequence[Any], *named: Any) -> list[Any]:
    numbers = [one for one in listed if not is_member(one)]
    for other in named:
        if not is_member(other) and other not in numbers:
            raise RuleBroken("takes a general by number; take him from self.generals")
    return [one for one in listed if not any(one is other or (not is_member(one) and one == other) for other in named)]
