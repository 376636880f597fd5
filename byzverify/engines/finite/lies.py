"""The adversary in terms of lies: what traitors say that a loyal general in their place would not say.

In a check, traitors do not run, because they may say anything. To count lies, one must know what a loyal general with a
traitor's inbox would have said. So here the traitors' programs run as well, as *shadows*, and each of their sites has a
variable that says whether it is a lie. Both adversaries allow the same runs. This module knows executions; it does not
know what lies are counted for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.execution import SymbolicChannel
from byzverify.engines.finite.failure_semantics import runs_program
from byzverify.engines.finite.obligations import Obligations
from byzverify.engines.finite.scenarios import Scenario
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.engines.finite.variables import Crashes, Differs, Instead, Lapses, Lies, Says, Starts, Variable
from byzverify.language.faults import Faults
from byzverify.language.labels import readings_of
from byzverify.language.messages import Chain, General, Label, Site
from byzverify.language.protocol import Protocol
from byzverify.language.records import Form, Part, Record, part_of
from byzverify.language.values import ABSENT, RETREAT, Order, any_of, is_absent, ite
from byzverify.limits import Limit
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Literal, SimplifiedTerms
from byzverify.scenario.behaviour import Behaviour


class Liars(Adversary):
    """An adversary whose traitors say what loyal generals would, except where they lie.

    costs: for each site of a faulty general that somebody reads, the literal that is true if he says something there
    that his program does not say. simple: whether there are only two words and every missing order is read as RETREAT,
    so that a lie is the other word and needs a single variable. It becomes false at the first read that is different;
    the execution until then is not valid, and must be done again.
    """

    def __init__(self, algebra: SymbolicAlgebra, protocol: Protocol, faults: Faults, simple: bool) -> None:
        super().__init__(algebra, faults, orders=protocol.orders, rushing=protocol.rushing)
        self.simple = simple
        self.costs: dict[Site, Literal] = {}
        self._said: dict[Site, SymbolicOrder | Record] = {}

    def lie(self, site: Site, honest: Order, default: Order) -> SymbolicOrder:
        """What is read at a site of a byzantine traitor. honest: what his program says there."""
        if self.simple and (default is not RETREAT or type(site[3]) is Chain):
            self.simple = False
        if site not in self._said:
            self.costs[site] = self.algebra.terms.variable(Lies(site))
            self._said[site] = self._instead(site, self.algebra.order(honest), self.costs[site])
        return self.algebra.with_default(self.algebra.order(self._said[site]), default)

    def lie_in_message(self, site: Site, honest: Record) -> Record:
        """What is read of a message of several fields from a byzantine traitor. honest: what his program says there.
        The whole message is either a lie or not.
        """
        self.simple = False
        said = self._said.get(site)
        if not isinstance(said, Record):
            cost = self.costs[site] = self.algebra.terms.variable(Lies(site))
            told = self.mixed(self.algebra.truth(cost), self._other_message(site, honest), honest, site[3])
            said = self._said[site] = told
        return said

    def _other_message(self, site: Site, honest: Record) -> Record:
        """The contents of a message that is a lie: each field is honest, or arbitrary if its `Differs` is true."""
        instead = self._any_message(Instead, site)
        fields = {}
        for name, other in instead.parts.items():
            differs = self.algebra.terms.variable(Differs((*site[:3], Part(site[3], name))))
            fields[name] = ite(self.algebra.truth(differs), other, honest.parts.get(name, ABSENT))
        return Record(fields, instead.came)

    def _instead(self, site: Site, honest: SymbolicOrder, lie: Literal) -> SymbolicOrder:
        terms = self.algebra.terms
        if self.simple:
            attack = -terms.same(honest.bits[1], lie)
            return SymbolicOrder(self.algebra, (-attack, attack), True)
        round, _, _, label = site
        if type(label) is not Chain:
            other = self.algebra.variable(partial(Instead, site), ABSENT)
            return self.algebra.order(self.algebra.choose(self.algebra.truth(lie), other, honest))
        possible = self._signable(round, label)
        bits = [
            terms.both(-terms.same(bit, lie), possible) if order.name == label.order else bit
            for order, bit in zip(self.algebra.domain, honest.bits, strict=True)
        ]
        return SymbolicOrder(self.algebra, tuple(bits), False)

    def lapsed(self, round: int, sender: General, receiver: General, label: Label, honest: Order) -> Order:
        said = super().lapsed(round, sender, receiver, label, honest)
        self.costs[round, sender, receiver, label] = -self.algebra.literal(said == honest)
        return said

    def lapsed_message(self, round: int, sender: General, receiver: General, form: Form, honest: Record) -> Record:
        said = super().lapsed_message(round, sender, receiver, form, honest)
        differs = any_of(said.part(part.name) != honest.part(part.name) for part in form.parts())
        self.costs[round, sender, receiver, form] = self.algebra.literal(differs)
        return said

    def meaning(self, variables: Iterable[int], true_variables: Collection[int]) -> Behaviour:
        names = self.algebra.terms.names()
        told = [number for number in variables if not isinstance(names[number], Lies | Differs | Instead)]
        found = super().meaning(told, true_variables)
        lies = [site for site in self._said if self.costs[site] in true_variables]
        places = {place: order for site in lies for place, order in self._places(site).items()}
        bits = [bit for order in places.values() for bit in order.bits]
        truths = iter(evaluate(self.algebra.terms, bits, true_variables))
        words = {place: self._first([next(truths) for _ in order.bits]) for place, order in places.items()}
        return replace(found, said={**found.said, **self._whole(words)})

    def _places(self, site: Site) -> dict[Site, SymbolicOrder]:
        """What is said at a site of a traitor; for a message of several fields, in each of its parts."""
        said = self._said[site]
        if not isinstance(said, Record):
            return {site: said}
        return {(*site[:3], part): self.algebra.order(said.part(part.name)) for part in site[3].parts()}

    def _first(self, bits: list[bool]) -> Order:
        return self.algebra.domain[bits.index(True)] if any(bits) else ABSENT

    def tells_apart(self, one: Order, other: Order) -> bool:
        """Whether a reader may act differently on one word at a site than on the other."""
        if self.simple:
            one, other = (RETREAT if is_absent(word) else word for word in (one, other))
        return one.name != other.name

    def assignment(self, meant: Behaviour) -> frozenset[int]:
        """The true variables of an assignment that `meaning` translates to `meant`, without what nobody reads."""
        numbers: Mapping[Any, int] = {name: number for number, name in self.algebra.terms.names().items()}
        places = {order.name: place for place, order in enumerate(self.algebra.domain)}
        names: list[Variable] = [Starts(one, places[order.name]) for one, order in meant.starts.items()]
        names += [Crashes(general, round) for general, round in meant.crashed.items()]
        for site, word in meant.said.items():
            byzantine = not runs_program(self._faults[site[1]])
            parts = _spread(site, word)
            names.append(Lies(site) if byzantine else Lapses(site))
            names += [Differs(part) for part in parts] if byzantine else []
            kind = Instead if byzantine else Says
            names += [kind(part, places[order.name]) for part, order in parts.items() if order.name in places]
        return frozenset(numbers[name] for name in names if name in numbers)


def _spread(site: Site, word: Order) -> dict[Site, Order]:
    """What is said at a site; for a message of several fields, in each of its parts."""
    return {(*site[:3], label): part_of(word, label) for label in readings_of(site[3])}


class LiarsChannel(SymbolicChannel):
    """A channel on which the byzantine traitors' programs speak too; their words may be replaced by lies."""

    everyone_runs = True
    adversary: Liars

    def read(self, sender: General, receiver: General, label: Label, default: Order) -> Order:
        if runs_program(self._faults.get(sender)) or sender == receiver:
            return super().read(sender, receiver, label, default)
        if not self._protocol.linked(sender, receiver):
            return default
        if type(label) is Part:
            return self.field(sender, receiver, label, default)
        honest = self._sent[sender].said(label, receiver)
        site = (self.number, sender, receiver, label)
        return self.adversary.lie(site, ABSENT if honest is None else honest, default)

    def _whole(self, sender: General, receiver: General, form: Form) -> Record:
        if runs_program(self._faults.get(sender)) or sender == receiver:
            return super()._whole(sender, receiver, form)
        return self.adversary.lie_in_message((self.number, sender, receiver, form), self.honest(sender, receiver, form))


class InLies(Obligations):
    """The obligations of a scenario, in terms of lies. Use `stated_in_lies`."""

    adversary: Liars


def stated_in_lies(protocol: Protocol, scenario: Scenario, limit: Limit) -> InLies:
    """The obligations of a scenario in terms of lies. Raises Stopped at the limit."""

    def stated(simple: bool) -> InLies:
        algebra = SymbolicAlgebra(SimplifiedTerms(limit), protocol.words)
        return InLies(protocol, scenario, Liars(algebra, protocol, scenario.faults, simple), LiarsChannel)

    if len(protocol.words) == 2 and (simply := stated(simple=True)).adversary.simple:
        return simply
    return stated(simple=False)
