"""How long brute force takes, before it begins: what it would try is counted at the places where something is said.

This holds for programs that read and send at the same places whatever they read, as all do that are written as trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import prod

from byzverify.language import General, Label, Outbox, Protocol
from byzverify.language.faults import Fault, budget_of, lies
from byzverify.language.messages import Chain, Site
from byzverify.language.records import Form
from tests.differential.brute import Choices, Fields, Said, World, choices_of_faults


class Survey(World):
    """A run in which all are loyal. It notes where each general reads, and where he sends, if only nothing."""

    def __init__(self, protocol: Protocol) -> None:
        starters = protocol.problem.starters(protocol.n)
        super().__init__(protocol, {}, dict.fromkeys(starters, protocol.orders[0]), Choices())
        self.read: set[Site] = set()
        self.meant: set[Site] = set()

    def says(self, round: int, sender: General, receiver: General, label: Label) -> Said:
        self.read.add((round, sender, receiver, label))
        return super().says(round, sender, receiver, label)

    def _posted(self, me: General, outbox: Outbox) -> dict[Label, dict[General, str | Fields]]:
        for label, _, receivers in self._addressed(me, outbox):
            self.meant |= {(len(self.sent) + 1, me, receiver, label) for receiver in receivers}
        return super()._posted(me, outbox)

    def ways(self, general: General, mode: Fault) -> int:
        """In how many ways at most the general can fail."""
        if lies(mode):
            places = self.read
        else:  # he lapses where he speaks; what is signed matters, read or not, where a liar gets it
            places = {site for site in self.meant if site in self.read or isinstance(site[3], Chain)}
        mine = [site for site in places if site[1] == general != site[2] and self._joined(general, site[2])]
        if mode is Fault.CRASH:
            rounds = [site[0] for site in mine]
            return 1 + sum(1 << rounds.count(round) for round in set(rounds))
        if mode in (Fault.SYMMETRIC, Fault.MANIFEST):
            mine = list({(site[0], site[3]): site for site in mine}.values())
        return prod(self._ways_at(site[3], mode) for site in mine)

    def _ways_at(self, label: Label, mode: Fault) -> int:
        if not lies(mode):
            return 2
        honest, words = int(mode is Fault.SYMMETRIC), len(self.protocol.words)
        if isinstance(label, Chain):
            return 2 + honest
        lies_there = (words + 1) ** len(label.fields) if isinstance(label, Form) else words
        return lies_there + 1 + honest


@lru_cache(100)
def surveyed(protocol: Protocol) -> Survey:
    """The survey of a protocol, made."""
    survey = Survey(protocol)
    survey.decisions()
    return survey


def most_runs(survey: Survey, budget: Mapping[str, int]) -> int:
    """How many runs `explored` takes at most, if where programs read and send does not depend on what they read."""
    n, starters, orders = survey.protocol.n, survey.protocol.problem.starters, len(survey.protocol.orders)
    total = 0
    for faults in choices_of_faults(n, budget_of(budget)):
        running = [general for general in starters(n) if faults.get(general) is not Fault.BYZANTINE]
        total += prod([survey.ways(general, mode) for general, mode in faults.items()]) * prod([orders] * len(running))
    return total
