"""The sites of a protocol: every place in a run at which somebody can say something that matters.

Anything that no program reads or sends makes no difference. A program cannot look at what it reads, so the set of sites
is the same in every run. This module knows programs. It must not know who fails, or how.
"""

from __future__ import annotations

from functools import cache

from byzverify.ir.expressions import Recorder
from byzverify.ir.recording import Conduct, conduct
from byzverify.language.labels import message_of
from byzverify.language.messages import Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order


class _Reader(Recorder):
    """A recorder that remembers where programs read."""

    def __init__(self, protocol: Protocol) -> None:
        super().__init__(protocol.words)
        self.sites: set[Site] = set()

    def read(self, site: Site, default: Order) -> Order:
        self.sites.add(site)
        return super().read(site, default)


@cache
def sites(protocol: Protocol) -> tuple[Site, ...]:
    """All sites at which a program reads what another general sends, or sends something to another, by round.

    A message of several fields is one site.
    """
    reader = _Reader(protocol)
    said = {site for me in range(protocol.n) for site in _said(protocol, conduct(protocol, me, reader))}
    read = {(round, sender, receiver, message_of(label)) for round, sender, receiver, label in reader.sites}
    return tuple(sorted(read | said, key=lambda site: (*site[:3], str(site[3]))))


def _said(protocol: Protocol, conduct: Conduct) -> set[Site]:
    others = [other for other in range(protocol.n) if other != conduct.me and protocol.linked(conduct.me, other)]
    return {
        (round, conduct.me, receiver, label)
        for round in range(1, conduct.rounds + 1)
        for receiver in others
        for label in conduct.addresses(round, receiver)
    }
