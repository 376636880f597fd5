"""What two generals can receive from one who fails, in seven small protocols, by each account of the fault modes.

In each protocol the commander says the same in every run, and two lieutenants, the last ones, decide what they received
from him. A *reception* is what both decide. An account is a function that gives every reception that there can be if
the commander fails in a mode. Each has its own code; what they share is the language.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product

from byzverify.attacks.run_log import RunLog
from byzverify.board.board import Board
from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.execution import SymbolicChannel, execute
from byzverify.engines.finite.lies import Liars, LiarsChannel
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.ir.sites import sites
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    RETREAT,
    Decision,
    General,
    Inbox,
    Order,
    Outbox,
    Program,
    Protocol,
    Truth,
    broadcast,
    sign,
)
from byzverify.language.decisions import leaves, remade, written
from byzverify.language.faults import Fault
from byzverify.language.messages import Chain, Site
from byzverify.language.records import Form, Record
from byzverify.language.values import PlainTruth
from byzverify.limits import NO_LIMIT
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import TRUE, Literal, SimplifiedTerms
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation
from byzverify.simulation.trial import Trial
from byzverify.solvers.answers import Satisfiable, Unsatisfiable, solver
from tests.differential.brute import Choices, World

Reception = tuple[tuple[str | bool, ...], ...]
"""What both lieutenants decide: orders by name, and truths."""

Account = Callable[[Protocol, Fault], set[Reception]]


class OneMessage(Protocol):
    """The commander says one thing to all."""

    rounds = 1

    def interchangeable(self) -> list[Sequence[General]]:
        return []

    def general(self, me: General, order: Order) -> Program:
        received: list[Order | Truth] = []
        for _ in range(self.rounds):
            inbox = yield self.said() if me == COMMANDER else None
            received += self.received(inbox)
        return tuple(received)

    def said(self) -> Outbox:
        return broadcast(ATTACK)

    def received(self, inbox: Inbox) -> Iterable[Order | Truth]:
        return [inbox[COMMANDER]]


class ByDefault(OneMessage):
    """If nothing comes from him, they take it for RETREAT."""

    def received(self, inbox: Inbox) -> Iterable[Order | Truth]:
        return [inbox.get(COMMANDER, default=RETREAT)]


class TwoLabels(OneMessage):
    """He says it under two labels in one round."""

    def said(self) -> Outbox:
        return [broadcast(ATTACK, label) for label in "ab"]

    def received(self, inbox: Inbox) -> Iterable[Order | Truth]:
        return [inbox[COMMANDER, label] for label in "ab"]


class TwoRounds(OneMessage):
    """He says it in two rounds."""

    rounds = 2


class SignedOrder(OneMessage):
    """He signs what he says."""

    def said(self) -> Outbox:
        return sign(ATTACK)

    def received(self, inbox: Inbox) -> Iterable[Order | Truth]:
        return [inbox.signed(order, [COMMANDER]).came for order in self.orders]


class TwoFields(OneMessage):
    """He says it in one message of two fields."""

    def said(self) -> Outbox:
        return broadcast({"a": ATTACK, "b": RETREAT})

    def received(self, inbox: Inbox) -> Iterable[Order | Truth]:
        message = inbox.message(COMMANDER, optional=("a", "b"))
        return [message.came, message["a"], message["b"]]


class PassedOn(OneMessage):
    """General 0 passes on what general 1 has signed. A liar may do so in the round in which it is signed."""

    def general(self, me: General, order: Order) -> Program:
        last = range(self.n - 2, self.n)
        first = yield sign(ATTACK, to=[COMMANDER]) if me == 1 else None
        signed = first.signed(ATTACK, [1])
        second = yield sign(signed, to=last) if me == COMMANDER else None
        if me not in last:
            return order if me == COMMANDER else ABSENT
        at_once = first.signed(ATTACK, [1, COMMANDER]).came
        return at_once, *(second.signed(order, [1, COMMANDER]).came for order in self.orders)


PROTOCOLS: Sequence[Protocol] = [
    *(kind(n=3) for kind in (OneMessage, ByDefault, TwoLabels, TwoRounds, SignedOrder, TwoFields)),
    PassedOn(n=4),
]


def lieutenants(protocol: Protocol) -> Sequence[General]:
    """Those who decide what they received."""
    return range(protocol.n - 2, protocol.n)


def reception(decisions: Mapping[General, Decision]) -> Reception:
    """What the lieutenants' plain decisions say that they received: the last two of all."""
    return tuple(tuple(written(decisions[general])) for general in sorted(decisions)[-2:])


def in_terms(protocol: Protocol, mode: Fault) -> set[Reception]:
    """By the checker: under every assignment of its variables."""
    algebra = SymbolicAlgebra(SimplifiedTerms(), protocol.words)
    return _under_all_assignments(protocol, mode, Adversary(algebra, {COMMANDER: mode}), SymbolicChannel)


def in_lies(protocol: Protocol, mode: Fault) -> set[Reception]:
    """By the checker, in terms of lies."""
    liars = Liars(SymbolicAlgebra(SimplifiedTerms(), protocol.words), protocol, {COMMANDER: mode}, simple=False)
    return _under_all_assignments(protocol, mode, liars, LiarsChannel)


def _under_all_assignments(
    protocol: Protocol, mode: Fault, adversary: Adversary, channel: type[SymbolicChannel]
) -> set[Reception]:
    """What the decisions come to, until the solver knows no assignment under which they come to anything else."""
    algebra, terms = adversary.algebra, adversary.algebra.terms
    decided = execute(protocol, {COMMANDER: mode}, lieutenants(protocol), adversary, channel).decisions
    parts = [part for decision in decided.values() for _, part in leaves(decision)]
    literals = [literal for part in parts for literal in _literals(algebra, part)]
    found, unseen = set(), TRUE
    while isinstance(answer := solver("z3", terms).solve(unseen, NO_LIMIT), Satisfiable):
        true = answer.true_variables
        plain = partial(_plain, algebra, true)
        found.add(reception({general: remade(decision, plain) for general, decision in decided.items()}))
        held = zip(literals, evaluate(terms, literals, true), strict=True)
        this = terms.at_least(len(literals), [literal if holds else -literal for literal, holds in held])
        unseen = terms.both(unseen, -this)
    assert isinstance(answer, Unsatisfiable)
    return found


def _literals(algebra: SymbolicAlgebra, part: Order | Truth) -> Sequence[Literal]:
    return algebra.order(part).bits if isinstance(part, Order) else (algebra.literal(part),)


def _plain(algebra: SymbolicAlgebra, true: Collection[int], part: Order | Truth) -> Order | Truth:
    """The value of a part of a decision where these variables are true."""
    held = evaluate(algebra.terms, _literals(algebra, part), true)
    if isinstance(part, Truth):
        return PlainTruth(held[0])
    return algebra.domain[held.index(True)] if any(held) else ABSENT


def simulated(protocol: Protocol, mode: Fault) -> set[Reception]:
    """By the simulator: whatever is wished at each site, in whichever round the commander crashes, if he does."""
    places = [site for site in sites(protocol) if site[1] == COMMANDER]
    found = set()
    for wishes in product(*(_anything(protocol, site) for site in places)):
        said = dict(zip(places, wishes, strict=True))
        for crashed in ({}, *({COMMANDER: round} for round in range(1, max(site[0] for site in places) + 1))):
            played = run(protocol, {COMMANDER: mode}, {}, Deviation(Behaviour(said=said, crashed=crashed)))
            found.add(reception(played.decisions))
    return found


def _anything(protocol: Protocol, site: Site) -> Iterator[Order]:
    """Everything that can be wished at a site, what a loyal commander says included."""
    yield ABSENT
    words = [*protocol.words, ABSENT]
    match site[3]:
        case Chain() as chain:
            yield Order(chain.order)
        case Form() as form:
            for said in product(words, repeat=len(form.names())):
                yield Record(dict(zip(form.names(), said, strict=True)))
        case _:
            yield from protocol.words


def on_the_board(protocol: Protocol, mode: Fault) -> set[Reception]:
    """By the board: whichever options are chosen at all its places."""
    board = Board(RunLog(Replay.of(run(protocol, {COMMANDER: mode}, {}, Deviation(Behaviour())))))
    positions: set[frozenset[int]] = set()
    for chosen in product(*(place.options for place in board.places if place.options)):
        true = set(board.initial)
        for literal in (literal for option in chosen for literal in option.setting):
            (true.add if literal > 0 else true.discard)(abs(literal))
        positions.add(frozenset(true))
    found = set()
    for true_variables in positions:
        plain = partial(_plain, board.algebra, true_variables)
        found.add(reception({general: remade(decision, plain) for general, decision in board.decisions.items()}))
    return found


def by_brute_force(protocol: Protocol, mode: Fault) -> set[Reception]:
    """By the runner that the checker is compared with elsewhere."""
    choices, found, more = Choices(), set(), True
    while more:
        found.add(reception(World(protocol, {COMMANDER: mode}, {}, choices).decisions()))
        more = choices.another()
    return found


def of_trials(trials: Iterable[Trial]) -> set[Reception]:
    """By trials, as the simulator plays them, which must have nothing to bend."""
    found = set()
    for trial in trials:
        played = trial.simulate()
        assert not played.bent, trial
        found.add(reception(played.decisions))
    return found


ACCOUNTS: Sequence[Account] = (in_terms, in_lies, simulated, on_the_board, by_brute_force)
