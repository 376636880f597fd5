"""The board: all messages, decisions and judgements in an attack's scenario, as terms over faulty generals' choices.

The recorded programs of all generals are interpreted on terms, and their readings go through the checker's own channel
and adversary, so that board and checker agree by construction. The shadows of byzantine traitors are interpreted too:
they show what a loyal general would have said in a traitor's place. Under the assignment that stands for the attack,
everything must have the value that the simulator saw; otherwise the board is not made. This module knows programs,
terms and the log of a run. It must not know pages or pictures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from byzverify.attacks.run_log import RunLog
from byzverify.board.choices import Option, Options, chosen
from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.execution import SymbolicChannel
from byzverify.engines.finite.failure_semantics import runs_program
from byzverify.engines.finite.symbolic import Bits, SymbolicAlgebra, SymbolicOrder
from byzverify.errors import ReplayMismatch
from byzverify.ir.expressions import Expression
from byzverify.ir.interpretation import Interpretation
from byzverify.language.conditions import Condition, Outcome
from byzverify.language.decisions import Decision, remade, written
from byzverify.language.labels import readings_of
from byzverify.language.messages import General, Label, Site
from byzverify.language.records import Record, message_of
from byzverify.language.values import ABSENT, FALSE, TRUE, Order, Truth
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Literal, SimplifiedTerms


@dataclass(frozen=True)
class Place:
    """A place on the board where an order is told, by itself or in a field of a message.

    said, honest: what is said, and what a loyal general would say. why: the expression that the sender's program says.
    options: what the sender can say instead; none if he is loyal.
    """

    site: Site
    said: Bits
    honest: Bits
    why: Expression
    options: tuple[Option, ...]


@dataclass(frozen=True)
class BoardCase:
    """A condition for some loyal witnesses. holds: the literal that is true if it holds."""

    condition: Condition
    witnesses: tuple[General, ...]
    holds: Literal


class Board:
    """The board of an attack.

    starts: what each general who starts with an order can start with or, if he is a byzantine traitor, pretend to start
    with. decisions: what loyal generals decide. initial: the variables that are true in the attack itself.
    """

    def __init__(self, log: RunLog) -> None:
        self.log = log
        self.run = log.run
        self.protocol = log.run.protocol
        self.terms = SimplifiedTerms()
        self.algebra = SymbolicAlgebra(self.terms, self.protocol.words)
        self.adversary = Adversary(
            self.algebra, self.run.faults, orders=self.protocol.orders, rushing=self.protocol.rushing
        )
        self._options = Options(self.terms, self.protocol.words, self.run.faults)
        self._meant = Interpretation(self.algebra, self.protocol.words, self._read, self.adversary.start)
        self._read_at: dict[Site, None] = {}
        self._channels: list[SymbolicChannel] = []
        for round in range(1, self.run.rounds + 1):
            self._channels.append(self._channel(round))
        self.decisions: dict[General, Decision] = {
            general: self._meant.decision(log.conducts[general].decision) for general in self.run.loyal
        }
        self.starts = {
            general: self._options.start(general, self.protocol.orders) for general in sorted(self.run.orders)
        }
        self.places = [self._place(site) for site in self._sites()]
        self.cases = list(self._cases())
        self.initial = frozenset(self._initially())
        self._demand_the_same()

    def value(self, expression: Expression) -> Bits | Literal:
        """The value of an expression of a recorded program: a literal for each word, or one literal for a truth."""
        value = self._meant.value(expression)
        return self.algebra.order(value).bits if isinstance(value, Order) else self.algebra.literal(value)

    def begins(self, general: General) -> Bits:
        """What `general` starts with."""
        return self.adversary.start(general).bits

    @property
    def messages(self) -> list[Site]:
        """The sites of all messages that are or can be told; a message of several fields has one site."""
        return list(dict.fromkeys(message_at(place.site) for place in self.places))

    def _channel(self, round: int) -> SymbolicChannel:
        """The round's channel, with what the programs of all generals except byzantine ones send."""
        sent = {
            conduct.me: conduct.in_round(round).remade(self._means)
            for conduct in self.log.conducts
            if runs_program(self.run.faults.get(conduct.me))
        }
        return SymbolicChannel(self.protocol, self.run.faults, self.adversary, round, sent)

    def _read(self, site: Site, silence: Order) -> Order:
        self._read_at[site] = None
        round, sender, receiver, label = site
        return self._channels[round - 1].read(sender, receiver, label, silence)

    def _means(self, said: Order) -> Any:
        """A recorded order in terms; for a message of several fields, each field in terms."""
        if not isinstance(said, Record):
            return self._meant.decision(said)
        fields = {name: self._means(order) for name, order in said.parts.items()}
        return Record(fields, self._meant.truth(self.log.recorder.truth(said.came)))

    def _sites(self) -> Iterator[Site]:
        """All sites where something is or can be told: sent by programs, read, or said by faulty generals.

        A message of several fields has a site for whether it comes, and one for each field.
        """
        others: dict[tuple[int, General, General], dict[Label, None]] = {}
        for round, sender, receiver, label in self._read_by_all():
            if sender in self.run.faults:
                others.setdefault((round, sender, receiver), {})[message_of(label)] = None
        for letter, content in self.run.said.items():
            others.setdefault(letter, {}).update(dict.fromkeys(content))
        for round, sender, receiver in self._letters():
            own = self.log.conducts[sender].addresses(round, receiver)
            for label in dict.fromkeys([*own, *others.get((round, sender, receiver), ())]):
                for part in readings_of(label):
                    yield round, sender, receiver, part

    def _read_by_all(self) -> Iterable[Site]:
        """All sites that affect what anyone sends or decides, or what a traitor would send if he were loyal."""
        for conduct in self.log.conducts:
            for sent in conduct.sent[: self.run.rounds]:
                for one in chain.from_iterable(sent.values()):
                    self._means(one.value)
        return self._read_at

    def _letters(self) -> Iterator[tuple[int, General, General]]:
        """Who can write to whom, round by round. Letters to faulty generals in the last round are not part of a run."""
        everyone = range(self.protocol.n)
        for round in range(1, self.run.rounds + 1):
            for sender in everyone:
                for receiver in everyone if round < self.run.rounds else self.run.loyal:
                    if sender != receiver and self.protocol.linked(sender, receiver):
                        yield round, sender, receiver

    def _place(self, site: Site) -> Place:
        round, sender, receiver, label = site
        why = self.log.expression(site)
        honest = self.algebra.order(self._meant.order(why)).bits
        said = self.algebra.order(self._channels[round - 1].read(sender, receiver, label, ABSENT)).bits
        return Place(site, said, honest, why, self._options.at(site))

    def _cases(self) -> Iterator[BoardCase]:
        orders: dict[General, Order] = {general: self.adversary.start(general) for general in self.starts}
        outcome = Outcome.of(self.protocol, self.run.faults, orders, self.decisions)
        deciders = [general for general in self.run.loyal if general in self.protocol.problem.deciders(self.protocol.n)]
        for condition in self.protocol.problem.conditions:
            if condition.applies(self.protocol, self.run.loyal):
                for witnesses in combinations(deciders, condition.witnesses):
                    asked = condition.ask(outcome, witnesses)
                    yield BoardCase(condition, witnesses, self.algebra.all_of(truth for _, truth in asked))

    def _initially(self) -> Iterator[int]:
        """The variables that are true in the attack."""
        assigned: dict[int, bool] = {}
        for general, order in self.run.orders.items():
            _assign(assigned, chosen(self.starts[general], order.name, ""))
        told = [(place, self.log.at(place.site)) for place in self.places if place.options]
        lies = {message_at(one.site) for _, one in told if one.is_lie}
        told.sort(key=lambda pair: message_at(pair[1].site) in lies)  # lies last: they decide shared variables
        for place, one in told:
            honest = None if message_at(one.site) in lies else one.honest.name
            _assign(assigned, chosen(place.options, one.said.name, honest))
        return (number for number, holds in assigned.items() if holds)

    def _demand_the_same(self) -> None:
        """Raise ReplayMismatch unless the board, set as in the attack, has the values that the simulator saw."""
        position = Position(self, self.initial)
        for mismatch in self._mismatches(position):
            raise ReplayMismatch(
                f"the terms differ from the simulator: {mismatch}; this is a bug in byzverify, please report it"
            )

    def _mismatches(self, position: Position) -> Iterator[str]:
        for place in self.places:
            told = self.log.at(place.site)
            if (position.word(place.said), position.word(place.honest)) != (told.said.name, told.honest.name):
                round, sender, receiver, _ = place.site
                yield f"general {sender} tells general {receiver} something else in round {round}"
        missing = {told.site for told in self.log.told()} - set(self.messages)
        if missing:
            yield "some orders are not told"
        for general in self.run.loyal:
            if position.decision(general) != written(self.run.decisions[general]):
                yield f"general {general} decides something else"
        for judgement in self.log.replay.judgements:
            if position.fails(judgement.condition) != judgement.witnesses:
                yield f"{judgement.condition} has another outcome"


class Position:
    """The values on a board if exactly these variables are true."""

    def __init__(self, board: Board, true_variables: Collection[int]) -> None:
        self._board = board
        numbers = range(1, len(board.terms.nodes))
        self._truths = [False, *evaluate(board.terms, numbers, true_variables)]

    def holds(self, literal: Literal) -> bool:
        """Whether a literal is true."""
        return self._truths[abs(literal)] == (literal > 0)

    def word(self, bits: Bits) -> str:
        """The name of the word that these bits stand for; ABSENT's if they stand for none."""
        said = [word.name for word, bit in zip(self._board.protocol.words, bits, strict=True) if self.holds(bit)]
        return said[0] if said else ABSENT.name

    def decision(self, general: General) -> Any:
        """What a loyal general decides, in the form of JSON."""
        return written(remade(self._board.decisions[general], self._plain))

    def fails(self, condition: Condition) -> tuple[General, ...] | None:
        """The first witnesses for whom a condition fails; None if it holds."""
        broken = (case for case in self._board.cases if case.condition == condition and not self.holds(case.holds))
        return next((case.witnesses for case in broken), None)

    def _plain(self, one: Order | Truth) -> Order | Truth:
        if isinstance(one, SymbolicOrder):
            return Order(self.word(one.bits))
        if isinstance(one, Truth):
            return TRUE if self.holds(self._board.algebra.literal(one)) else FALSE
        return one


def message_at(site: Site) -> Site:
    """The site of the message to which a field's site belongs; any other site itself."""
    round, sender, receiver, label = site
    return round, sender, receiver, message_of(label)


def _assign(assigned: dict[int, bool], option: Option) -> None:
    assigned.update({abs(literal): literal > 0 for literal in option.setting})
