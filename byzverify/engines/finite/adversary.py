"""The adversary: everything that faulty generals can do, as variables.

A byzantine traitor can say whatever a loyal receiver can read. Each read of (round, sender, receiver, label) from him
is a site, whose value may be any word or none. The orders that running generals start with are sites too. There is no
list of possible lies to get wrong. A general with a milder fault runs his program, and at each of his sites he may
*lapse*: deviate from what his program sends. A chain of signatures can be read from a traitor only if its loyal
signatures have reached one of the traitors. A message of several fields comes whole or not at all, and lapses as a
whole: one variable says whether it came, and others give each field. This module knows symbolic values; it does not
know what protocols do with them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, assert_never

from byzverify.engines.finite.failure_semantics import SEMANTICS, runs_program
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.engines.finite.variables import Crashes, Instead, Lapses, Says, Starts, Truthful
from byzverify.errors import RuleBroken
from byzverify.language.faults import Fault, lies
from byzverify.language.labels import is_arrival, is_plain
from byzverify.language.messages import EVERYONE, Chain, General, Label, Site
from byzverify.language.records import NO_MESSAGE, Form, Part, Record
from byzverify.language.values import ABSENT, RETREAT, Order, Truth, is_absent, ite
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import FALSE, TRUE, Literal, Terms
from byzverify.scenario.behaviour import Behaviour

NOBODY: Mapping[General, Fault] = {}


class Adversary:
    """Creates the variables of one scenario, and translates an assignment of them back into orders and messages.

    faults: the faulty generals. orders: the orders that generals can start with, if not all of the algebra's domain.
    rushing: whether traitors receive what is said to them in a round before they speak in it. assumptions: literals
    that are true in every run; the list is empty if every assignment describes a run.
    """

    def __init__(
        self,
        algebra: SymbolicAlgebra,
        faults: Mapping[General, Fault] = NOBODY,
        *,
        orders: Sequence[Order] | None = None,
        rushing: bool = True,
    ) -> None:
        self.algebra = algebra
        self._faults = faults
        self._orders = None if orders is None or len(orders) == len(algebra.domain) else orders
        self._rushing = rushing
        self._two_words = len(algebra.domain) == 2
        self._overheard: dict[Chain, Literal] = {}
        self._known_in: list[dict[Chain, Literal]] = []
        self._possible: dict[Site, Literal] = {}
        self._messages: dict[Site, Record] = {}
        self.assumptions: list[Literal] = []

    def start(self, general: General) -> SymbolicOrder:
        """The order that a running general starts with: any order, but never none."""
        return self.algebra.variable(partial(Starts, general), RETREAT, self._orders)

    def read(self, round: int, sender: General, receiver: General, label: Label, default: Order) -> SymbolicOrder:
        """What a receiver reads from a byzantine traitor: any word, or nothing, which reads as `default`."""
        if type(label) is Chain:
            return self.signed(round, sender, receiver, label, self._signable(round, label))
        site = round, sender, receiver, label
        if default is RETREAT and self._two_words:  # the most frequent case; the result is the same as below
            attack = self.algebra.terms.variable(Says(site, 1))
            return SymbolicOrder(self.algebra, (-attack, attack), True)
        if default is RETREAT:
            return self.algebra.variable(partial(Says, site), default)
        raw = self.algebra.variable(partial(Says, site), ABSENT)
        return self.algebra.with_default(raw, default)

    def message(self, round: int, sender: General, receiver: General, form: Form) -> Record:
        """What a receiver reads of a message of several fields from a traitor: nothing, or a whole message with any
        word or none in each field.
        """
        site = (round, sender, receiver, form)
        if site not in self._messages:
            self._messages[site] = self._any_message(Says, site)
        return self._messages[site]

    def _any_message(self, kind: type[Says] | type[Instead], site: Site) -> Record:
        """A message of this site's form with arbitrary contents, in variables of this kind."""
        round, sender, receiver, form = site
        came, *parts = ((round, sender, receiver, part) for part in form.parts())
        comes = self.algebra.truth(self.algebra.terms.variable(kind(came, 0)))
        return Record({part[3].name: self.algebra.variable(partial(kind, part), ABSENT) for part in parts}, comes)

    def signed(self, round: int, sender: General, receiver: General, chain: Chain, possible: Literal) -> SymbolicOrder:
        """The order under a chain from a traitor: present if he wants to send it and it is possible, else absent."""
        words = [order.name for order in self.algebra.domain]
        if chain.order not in words:
            raise RuleBroken(f"the order {chain.order} is not one of {', '.join(words)}")
        index = words.index(chain.order)
        bits = [FALSE] * len(self.algebra.domain)
        if possible != FALSE:
            site = (round, sender, receiver, chain)
            bits[index] = self.algebra.terms.both(self.algebra.terms.variable(Says(site, index)), possible)
            self._possible[site] = possible
        return SymbolicOrder(self.algebra, tuple(bits), False)

    def _signable(self, round: int, chain: Chain) -> Literal:
        """Whether the traitors know in this round the last loyal signature in the chain.

        If they know it, they also know all signatures before it.
        """
        loyal = [part for part in chain.parts() if not lies(self._faults.get(part.signers[-1]))]
        return self._known_in[round - 1].get(loyal[-1], FALSE) if loyal else TRUE

    def overhear(self, sent: Iterable[tuple[Chain, Literal]]) -> None:
        """Begin a round. sent: the chains that may reach traitors in it, each with the literal that says whether."""
        before = dict(self._overheard)
        for chain, literal in sent:
            for part in chain.parts():
                self._overheard[part] = self.algebra.terms.either(self._overheard.get(part, FALSE), literal)
        self._known_in.append(dict(self._overheard) if self._rushing else before)

    def lapsed(self, round: int, sender: General, receiver: General, label: Label, honest: Order) -> Order:
        """What a receiver reads from a general with a milder fault. honest: what his program says."""
        lapses = self._lapses(round, sender, receiver, label)
        instead: Order = ABSENT
        if lies(self._faults[sender]):
            instead = self.read(round, sender, self._concerned(sender, receiver), label, ABSENT)
        return self.algebra.choose(lapses, instead, honest)

    def lapsed_message(self, round: int, sender: General, receiver: General, form: Form, honest: Record) -> Record:
        """The same for a message of several fields, which lapses as a whole."""
        lapses = self._lapses(round, sender, receiver, form)
        instead = NO_MESSAGE
        if lies(self._faults[sender]):
            instead = self.message(round, sender, self._concerned(sender, receiver), form)
        return self.mixed(lapses, instead, honest, form)

    def mixed(self, condition: Truth, one: Record, other: Record, form: Form) -> Record:
        """The message `one` if the condition is true, else `other`."""
        pairs = {name: (one.parts.get(name, ABSENT), other.parts.get(name, ABSENT)) for name in form.names()}
        fields = {name: ite(condition, *pair) for name, pair in pairs.items()}
        return Record(fields, ite(condition, one.came, other.came))

    def _lapses(self, round: int, sender: General, receiver: General, label: Label) -> Truth:
        """Whether a general with a milder fault says something under a label that his program does not say."""
        terms, lapses = self.algebra.terms, Lapses((round, sender, self._concerned(sender, receiver), label))
        if not SEMANTICS[self._faults[sender]].halts:
            return self.algebra.truth(terms.variable(lapses))
        crashed = [terms.variable(Crashes(sender, number)) for number in range(1, round + 1)]
        crashed[-1] = terms.both(crashed[-1], terms.variable(lapses))
        return self.algebra.truth(terms.at_least(1, crashed))

    def _concerned(self, sender: General, receiver: General) -> General:
        """The receiver that a faulty general's choice about this receiver affects: only this one, or `EVERYONE`."""
        return SEMANTICS[self._faults[sender]].concerns(receiver)

    def meaning(self, variables: Iterable[int], true_variables: Collection[int]) -> Behaviour:
        """The behaviour that an assignment describes. variables: those that matter; everything else is left out."""
        started: dict[General, list[int]] = {}
        read: dict[Site, list[int]] = {}
        true: dict[Site, list[int]] = {}
        lapses: list[Site] = []
        crashed: dict[General, int] = {}
        names: Mapping[int, Any] = self.algebra.terms.names()
        for number in variables:
            name: Truthful = names[number]
            holds = number in true_variables
            match name:
                case Starts(general, order):
                    started.setdefault(general, [0]).append(order if holds else 0)
                case Says(site, word):
                    read.setdefault(site, []).append(word)
                    if holds:
                        true.setdefault(site, []).append(word)
                case Lapses(site):
                    lapses += [site] if holds else []
                case Crashes(general, round):
                    if holds:
                        crashed[general] = min(round, crashed.get(general, round))
                case _:
                    assert_never(name)
        words = {site: self._word(site, known, true.get(site)) for site, known in read.items()}
        self._forget_the_impossible(words, true_variables)
        words = self._whole(words)
        said = {site: word for site, word in words.items() if not runs_program(self._faults[site[1]])}
        for site in lapses:
            if not SEMANTICS[self._faults[site[1]]].halts or crashed.get(site[1]) == site[0]:
                said[site] = words.get(site, ABSENT)
        starts = {general: self.algebra.domain[max(orders)] for general, orders in started.items()}
        return Behaviour(starts, said, crashed)

    def _whole(self, words: Mapping[Site, Order]) -> dict[Site, Order]:
        """Replace the fields of messages by whole messages, which are absent if they do not come."""
        whole: dict[Site, Order] = {}
        for site, word in words.items():
            round, sender, receiver, label = site
            if type(label) is not Part:
                whole[site] = word
            else:
                came, *parts = [words.get((round, sender, receiver, one), ABSENT) for one in label.form.parts()]
                fields = dict(zip(label.form.names(), parts, strict=True))
                whole[round, sender, receiver, label.form] = ABSENT if is_absent(came) else Record(fields)
        return whole

    def unfold(self, unfolded: Callable[[Literal], Literal]) -> None:
        """Replace the conditions on chains by what they unfold to. Call this before an assignment is translated."""
        self._possible = {site: unfolded(possible) for site, possible in self._possible.items()}

    def _word(self, site: Site, known: list[int], true: list[int] | None) -> Order:
        """The word at a site. known: the words whose variables matter. true: the words whose variables are true."""
        if true is not None:
            return self.algebra.domain[max(true)]
        return ABSENT if 0 in known or not is_plain(site[3]) else RETREAT

    def _forget_the_impossible(self, words: dict[Site, Order], true_variables: Collection[int]) -> None:
        """Make those chains absent that the traitors want to send but cannot."""
        signed = [site for site in words if site in self._possible]
        truths = evaluate(self.algebra.terms, [self._possible[site] for site in signed], true_variables)
        for site, possible in zip(signed, truths, strict=True):
            words[site] = words[site] if possible else ABSENT


def dictionary(terms: Terms, words: Sequence[Order]) -> list[dict[str, Any]]:
    """What each variable of an adversary means if it is true, as JSON, in the order in which they were created.

    words: all words of the protocol. If several of a site's variables with words are true, the last one counts.
    """
    names: Iterable[Any] = terms.names().values()
    return [_described(name, words) for name in names]


def _described(name: Truthful, words: Sequence[Order]) -> dict[str, Any]:
    match name:
        case Starts(general, order):
            return {"general": general, "starts with": words[order].name}
        case Crashes(general, round):
            return {"general": general, "crashes in round": round}
        case Lapses(site):
            return _where(site) | {"lapses": True}
        case Says(site, word):
            return _where(site) | ({"comes": True} if is_arrival(site[3]) else {"says": words[word].name})
        case _:
            assert_never(name)


def _where(site: Site) -> dict[str, Any]:
    round, sender, receiver, label = site
    who = {"round": round, "sender": sender, "receiver": "everyone" if receiver == EVERYONE else receiver}
    return who | _about(label)


def _about(label: Label) -> dict[str, Any]:
    """What a variable is about: a label; a chain; or a message with all its fields, and perhaps one of them."""
    if type(label) is Chain:
        return {"signed": str(label)}
    if type(label) is Form:
        return {"label": label.label, "fields": label.names()}
    if type(label) is Part:
        return _about(label.form) | ({} if label.name is None else {"field": label.name})
    return {"label": label}
