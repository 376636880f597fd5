"""What the adversary does in one run. This type alone carries it, all the way from a solver's model to the simulator.

This module knows orders and where they are said. It must not know who finds a behaviour, or who plays it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from byzverify.language.messages import General, Label, Site
from byzverify.language.records import by_name, named
from byzverify.language.values import Order

Address = tuple[int, General, General]
"""A letter's round, sender and receiver."""


@dataclass(frozen=True)
class Behaviour:
    """Everything that the adversary decides in a run.

    starts: the order that each general starts with. said: what faulty generals say at sites (round, sender, receiver,
    label), where the receiver `EVERYONE` stands for all others; at other sites they say what loyal generals would say.
    crashed: the round in which a general crashes; after it, he says nothing. Anything not listed here does not matter.
    """

    starts: Mapping[General, Order] = field(default_factory=dict)
    said: Mapping[Site, Order] = field(default_factory=dict)
    crashed: Mapping[General, int] = field(default_factory=dict)

    @classmethod
    def of_letters(cls, starts: Mapping[General, Order], letters: Mapping[Address, Mapping[Label, Order]]) -> Behaviour:
        """The behaviour in which faulty generals send these letters and nothing else."""
        said = {(*address, label): order for address, content in letters.items() for label, order in content.items()}
        return cls(starts, said)

    @property
    def letters(self) -> dict[Address, dict[Label, Order]]:
        """What is said, grouped by letter, in the order given here."""
        letters: dict[Address, dict[Label, Order]] = {}
        for (round, sender, receiver, label), order in self.said.items():
            letters.setdefault((round, sender, receiver), {})[label] = order
        return letters

    def in_words(self, words: Mapping[str, Order]) -> Behaviour:
        """The same behaviour with the orders of another process replaced by these, found by name."""
        starts = {general: words[order.name] for general, order in self.starts.items()}
        said = {site: named(by_name(order), words) for site, order in self.said.items()}
        return Behaviour(starts, said, self.crashed)
