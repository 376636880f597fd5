"""The letters of a run: everything that one general tells another in one round, and the kind of the letter.

A letter is *honest* if it says what a loyal general with the same inbox would say; *misled* if it is honest, but would
say something else if nobody had failed; a *lie* if it says anything else; *silent* if it says nothing at all and should
say something; *unsent* if it rightly says nothing, but a page can make it say something. This module knows logs. It
must not know how anything is said or drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from byzverify.attacks.run_log import LoggedMessage, RunLog
from byzverify.language.messages import General, Site
from byzverify.language.values import is_absent

Kind = Literal["honest", "misled", "lie", "silent", "unsent"]


@dataclass(frozen=True)
class DrawnLetter:
    """What `sender` tells `receiver` in a round, order by order, and the kind of the letter."""

    round: int
    sender: General
    receiver: General
    told: tuple[LoggedMessage, ...]
    kind: Kind

    @property
    def has_lies(self) -> bool:
        """Whether anything in it is a lie or a lapse, including that it was not sent."""
        return self.kind in ("lie", "silent")


def letters(log: RunLog, sites: Iterable[Site] | None = None) -> Iterator[DrawnLetter]:
    """All letters of a run, in the order of rounds, senders and receivers; or what is told at these sites, as letters.

    sites: must be in the same order.
    """
    every = log.told() if sites is None else map(log.at, sites)
    for (round, sender, receiver), group in groupby(every, lambda one: (one.round, one.sender, one.receiver)):
        told = tuple(group)
        yield DrawnLetter(round, sender, receiver, told, _kind(told, log))


def _kind(told: Sequence[LoggedMessage], log: RunLog) -> Kind:
    nothing = all(is_absent(one.said) for one in told)
    if any(one.is_lie for one in told):
        return "silent" if nothing else "lie"
    if nothing:
        return "unsent"
    changed = (one.said.name != log.if_nobody_failed(one.site).name for one in told)
    return "misled" if any(changed) else "honest"
