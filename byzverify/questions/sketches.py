"""A sketch at the sizes that a user names.

This module builds instances. It must not know what becomes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from byzverify.catalogue import library
from byzverify.errors import UsageError
from byzverify.language.faults import Budget
from byzverify.language.protocol import Protocol
from byzverify.questions.question import budget_for


def named_sizes(text: str) -> dict[str, int]:
    """The sizes in a text such as `n=7,m=2`. Raises UsageError for another text."""
    parts = [re.fullmatch(r"\s*([nm])\s*=\s*([0-9]{1,6})\s*", part) for part in text.split(",")]
    found = {part[1]: int(part[2]) for part in parts if part is not None}
    if None in parts or len(found) < len(parts) or "n" not in found:
        raise UsageError(f"--at takes the sizes of one instance, such as n=7,m=2, not {text!r}")
    return found


def every_size(n: Iterable[int] | None, m: Iterable[int] | None) -> list[dict[str, int]]:
    """All pairs of these numbers, as sizes; what is None is not named."""
    named = {name: tuple(numbers) for name, numbers in (("n", n), ("m", m)) if numbers is not None}
    return [dict(zip(named, numbers, strict=True)) for numbers in product(*named.values())]


def sketched(
    reference: str,
    sizes: Sequence[Mapping[str, int]],
    budget: Budget | None = None,
    settings: Sequence[str] = (),
    values: int | None = None,
    graph: str | None = None,
    exactly: bool = False,
) -> tuple[list[Protocol], list[str]]:
    """The instances of a sketch at these sizes, and the sizes that are left out, in words.

    Of several sizes those are left out that the class does not accept; and if it claims some, those that it does not
    claim. exactly: leave none out. Raises UsageError if a size that stays is not accepted, or none is.
    """
    options = {"values": values, "graph": graph}
    if exactly or len(sizes) == 1:
        return [library.configured(reference, settings, budget, **options, **one) for one in sizes], []
    found, refused = [], []
    for one in sizes:
        try:
            model = library.configured(reference, settings, budget, **options, **one)
            found.append((model, one, model.claims(budget_for(model, budget))))
        except UsageError as error:
            refused.append((one, error))
    if not found:
        raise refused[0][1]
    any_claimed = any(claimed for _, _, claimed in found)
    kept = [model for model, _, claimed in found if claimed or not any_claimed]
    unclaimed = [one for _, one, claimed in found if any_claimed and not claimed]
    return kept, [_told(one) for one in sizes if one in [*unclaimed, *(size for size, _ in refused)]]


def _told(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name}={number}" for name, number in sizes.items())
