"""What a faulty general can choose to say at a site, and which variables of the adversary say it.

Each fault mode gives its generals other options; an option is a way to set some variables, and leaves the rest as they
are. This module knows how the adversary calls its variables. It must not know programs, or what follows from a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from byzverify.checking.adversary import LAPSE
from byzverify.language.faults import Fault, Faults
from byzverify.language.messages import EVERYONE, Chain, General, Site
from byzverify.language.values import ABSENT, Order
from byzverify.logic.terms import Literal, Terms


@dataclass(frozen=True)
class Option:
    """One thing to say. says: a word's name, ABSENT's for nothing, None for what his program says.

    setting: the literals to make true.
    """

    says: str | None
    setting: tuple[Literal, ...]


class Options:
    """The options of one adversary. terms: where its variables are. words: all that can be said."""

    def __init__(self, terms: Terms, words: Sequence[Order], faults: Faults) -> None:
        self._terms = terms
        self._words = tuple(words)
        self._faults = faults

    def start(self, general: General, orders: Iterable[Order]) -> tuple[Option, ...]:
        """What `general` can start with."""
        return tuple(self._words_at(("order", general), [self._words.index(order) for order in orders], fallback=0))

    def at(self, site: Site) -> tuple[Option, ...]:
        """What the sender of a site can say there; nothing to choose from if he is loyal."""
        round, sender, receiver, label = site
        mode = self._faults.get(sender)
        if mode is None:
            return ()
        if mode is Fault.BYZANTINE:
            return tuple(self._anything(site))
        if mode is Fault.OMISSION:
            return self._lapsing((round, sender, receiver, label, LAPSE))
        if mode is Fault.CRASH:
            return self._crashing(site)
        everyone = (round, sender, EVERYONE, label)
        lapse = self._variable(*everyone, LAPSE)
        if mode is Fault.MANIFEST:
            return self._lapsing((*everyone, LAPSE))
        instead = (Option(one.says, (lapse, *one.setting)) for one in self._anything(everyone))
        return (Option(None, (-lapse,)), *instead)

    def _anything(self, site: Site) -> Iterator[Option]:
        """Any word or, last, none; under a chain, its own order or none."""
        label = site[-1]
        if type(label) is Chain:
            index = [word.name for word in self._words].index(label.order)
            yield from self._words_at(site, [index], fallback=None)
        else:
            yield from self._words_at(site, range(len(self._words)), fallback=None)

    def _words_at(self, name: tuple[object, ...], indices: Iterable[int], fallback: int | None) -> Iterator[Option]:
        """An option for each word: its variable alone is true; for the fallback, none is."""
        indices = list(indices)
        variables = {index: self._variable(*name, index) for index in indices if index != fallback}
        for index in indices:
            setting = tuple(one if number == index else -one for number, one in variables.items())
            yield Option(self._words[index].name, setting)
        if fallback is None:
            yield Option(ABSENT.name, tuple(-one for one in variables.values()))

    def _lapsing(self, name: tuple[object, ...]) -> tuple[Option, ...]:
        lapse = self._variable(*name)
        return Option(None, (-lapse,)), Option(ABSENT.name, (lapse,))

    def _crashing(self, site: Site) -> tuple[Option, ...]:
        """To say it he must not have crashed before; to leave it out is to crash in this round."""
        round, sender = site[:2]
        crashes = [self._variable(sender, number) for number in range(1, round + 1)]
        lapse = self._variable(*site, LAPSE)
        return (
            Option(None, (*(-one for one in crashes[:-1]), -lapse)),
            Option(ABSENT.name, (crashes[-1], lapse)),
        )

    def _variable(self, *name: object) -> Literal:
        return self._terms.variable(name)


def chosen(options: Sequence[Option], said: str, honest: str) -> Option:
    """The option that says `said`, and to follow the program where that comes to the same."""
    offered: Mapping[str | None, Option] = {option.says: option for option in options}
    return offered[None] if said == honest and None in offered else offered[said]
