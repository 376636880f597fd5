"""What a faulty general can choose to say at a site, and the adversary variables that express it.

Each fault mode gives its generals other options, derived from the table in `engines/finite/failure_semantics.py`. An
option sets some variables, and leaves the rest as they are. This module knows the names of the adversary's variables.
It must not know programs, or the consequences of a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from byzverify.engines.finite.failure_semantics import SEMANTICS
from byzverify.engines.finite.variables import Crashes, Lapses, Says, Starts, Variable
from byzverify.language.faults import Faults, lies
from byzverify.language.messages import Chain, General, Site
from byzverify.language.records import Part, message_of
from byzverify.language.values import ABSENT, Order
from byzverify.logic.terms import Literal, Terms


@dataclass(frozen=True)
class Option:
    """One thing to say.

    says: a word's name, ABSENT's for saying nothing, None for what his program says. setting: the literals to make
    true.
    """

    says: str | None
    setting: tuple[Literal, ...]


class Options:
    """The options of one adversary. terms: the terms with its variables. words: everything that can be said."""

    def __init__(self, terms: Terms, words: Sequence[Order], faults: Faults) -> None:
        self._terms = terms
        self._words = tuple(words)
        self._faults = faults

    def start(self, general: General, orders: Iterable[Order]) -> tuple[Option, ...]:
        """What `general` can start with."""
        return tuple(
            self._words_at(partial(Starts, general), [self._words.index(order) for order in orders], fallback=0)
        )

    def at(self, site: Site) -> tuple[Option, ...]:
        """What the sender of a site can say there; no options if he is loyal."""
        round, sender, receiver, label = site
        mode = self._faults.get(sender)
        if mode is None:
            return ()
        if not SEMANTICS[mode].runs_program:
            return tuple(self._anything(site))
        site = round, sender, SEMANTICS[mode].concerns(receiver), label
        honestly, lapses = self._lapsing(site, SEMANTICS[mode].halts)
        instead = self._anything(site) if lies(mode) else [Option(ABSENT.name, ())]
        return Option(None, honestly), *(Option(one.says, (*lapses, *one.setting)) for one in instead)

    def _anything(self, site: Site) -> Iterator[Option]:
        """An option for any word and, last, for none; under a chain, for its own order and for none."""
        label = site[-1]
        if type(label) is Part:
            yield from self._in_message(site, label)
        elif type(label) is Chain:
            index = [word.name for word in self._words].index(label.order)
            yield from self._words_at(partial(Says, site), [index], fallback=None)
        else:
            yield from self._words_at(partial(Says, site), range(len(self._words)), fallback=None)

    def _in_message(self, site: Site, part: Part) -> Iterator[Option]:
        """The options for whether a message comes; or for a field: none, or any word, which implies that it comes."""
        came = self._variable(Says((*site[:3], Part(part.form, None)), 0))
        if part.name is None:
            yield from (Option(self._words[0].name, (came,)), Option(ABSENT.name, (-came,)))
        else:
            for one in self._words_at(partial(Says, site), range(len(self._words)), fallback=None):
                yield Option(one.says, one.setting if one.says == ABSENT.name else (came, *one.setting))

    def _words_at(
        self, kind: Callable[[int], Variable], indices: Iterable[int], fallback: int | None
    ) -> Iterator[Option]:
        """An option for each word, in which only its variable is true; for the fallback word, no variable is."""
        indices = list(indices)
        variables = {index: self._variable(kind(index)) for index in indices if index != fallback}
        for index in indices:
            setting = tuple(one if number == index else -one for number, one in variables.items())
            yield Option(self._words[index].name, setting)
        if fallback is None:
            yield Option(ABSENT.name, tuple(-one for one in variables.values()))

    def _lapsing(self, site: Site, halts: bool) -> tuple[tuple[Literal, ...], tuple[Literal, ...]]:
        """The literals for the sender to say what his program says, and those for him to lapse.

        If his mode halts, he must not have crashed before to say it, and to lapse means to crash in this round.
        """
        round, sender, receiver, label = site
        crashes = [self._variable(Crashes(sender, number)) for number in range(1, round + 1) if halts]
        lapse = self._variable(Lapses((round, sender, receiver, message_of(label))))
        return (*(-one for one in crashes[:-1]), -lapse), (*crashes[-1:], lapse)

    def _variable(self, name: Variable) -> Literal:
        return self._terms.variable(name)


def chosen(options: Sequence[Option], said: str, honest: str | None) -> Option:
    """The option that says `said`; if the program says the same word, `honest`, the option to follow the program.

    honest: None in a message that is a lie, even if only in another field.
    """
    offered: Mapping[str | None, Option] = {option.says: option for option in options}
    return offered[None] if said == honest and None in offered else offered[said]
