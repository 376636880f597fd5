"""What the channel lets a faulty general say in a round, for each fault mode.

The table `GRANTS` is the simulator's own account of the fault modes. The checker and the exporters have accounts of
their own. None may read another's, so that they check one another. This module knows letters. It must not know
signatures, graphs or rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.language.values import ABSENT, is_absent
from byzverify.simulation.post import Content

Letters = Mapping[General, Content]
"""The letters of one sender in one round, by receiver."""


def omissions(honest: Letters, wished: Letters) -> dict[General, Content]:
    """The part of each honest letter that the wish repeats; the rest is left out."""
    return {receiver: _omitting(content, wished[receiver]) for receiver, content in honest.items()}


def silence(honest: Letters, wished: Letters) -> dict[General, Content]:
    """Under each label what `honest` says, or nothing to anybody if any wish under it differs from `honest`."""
    return _alike(honest, wished, silent=True)


def one_lie(honest: Letters, wished: Letters) -> dict[General, Content]:
    """Under each label what `honest` says, or the first wish that differs from it, to everybody."""
    return _alike(honest, wished, silent=False)


@dataclass(frozen=True)
class Grant:
    """What a general may say in a mode that does not allow everything.

    letters: computes the letters that he sends in a round, from those of his program and those that he wishes to send.
    crashes: whether he sends nothing more after the first round in which he leaves something out.
    """

    letters: Callable[[Letters, Letters], dict[General, Content]]
    crashes: bool = False


GRANTS: Mapping[Fault, Grant | None] = {
    Fault.BYZANTINE: None,
    Fault.SYMMETRIC: Grant(one_lie),
    Fault.OMISSION: Grant(omissions),
    Fault.CRASH: Grant(omissions, crashes=True),
    Fault.MANIFEST: Grant(silence),
}
"""The table: a row for each mode. None means that every wish is granted."""


def _omitting(honest: Content, wished: Content) -> Content:
    return {label: order for label, order in honest.items() if wished.get(label, ABSENT).name == order.name}


def _alike(honest: Letters, wished: Letters, silent: bool) -> dict[General, Content]:
    granted: dict[General, Content] = {receiver: {} for receiver in honest}
    labels = dict.fromkeys(chain.from_iterable([*honest.values(), *wished.values()]))
    for label in labels:
        true = {receiver: content.get(label, ABSENT) for receiver, content in honest.items()}
        wish = {receiver: content.get(label, ABSENT) for receiver, content in wished.items()}
        differing = [wish[receiver] for receiver in wish if wish[receiver].name != true[receiver].name]
        for receiver, content in granted.items():
            order = true[receiver] if not differing else ABSENT if silent else differing[0]
            if not is_absent(order):
                content[label] = order
    return granted
