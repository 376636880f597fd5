"""What is recorded of a program is what the program does: recorded expressions against plain runs."""

import random
from functools import partial

import pytest

from byzverify.errors import ProtocolError
from byzverify.ir.expressions import Recorder
from byzverify.ir.interpretation import Interpretation
from byzverify.ir.recording import conduct
from byzverify.language import ABSENT, ATTACK, General, Inbox, Label, Order, Program, Protocol
from byzverify.language.decisions import written
from byzverify.language.messages import Chain, Site
from byzverify.language.seat import Seat
from byzverify.language.values import PLAIN
from byzverify.models.crusader import Crusader
from byzverify.models.dolev_relay import DolevRelay
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.om import OM
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.models.turpin_coan import TurpinCoan
from byzverify.models.z import Z

PROTOCOLS = [
    OM(n=5, m=2, values=3),
    EIG(n=4, m=1),
    Z(n=4, m=1),
    OMH(n=4, m=2),
    PhaseKing(n=4, m=1),
    HybridPhaseKing(n=4, m=1),
    TurpinCoan(n=4, m=1),
    Crusader(n=4, m=1, values=4),
    Gradecast(n=4, m=1),
    SM(n=4, m=2),
    DolevStrong(n=4, m=1),
    DolevRelay(n=5, m=1, graph="wheel:5"),
]


class Readings(dict[Site, Order]):
    """What is read at each site: nothing, or any word; of a chain, nothing or its order."""

    def __init__(self, protocol: Protocol, seed: int) -> None:
        self._words = protocol.words
        self._random = random.Random(seed)

    def __missing__(self, site: Site) -> Order:
        word = self._random.choice([ABSENT, *self._words])
        if isinstance(site[3], Chain):
            word = self._random.choice([ABSENT, Order(site[3].order)])
        self[site] = word
        return word


class PlainInbox(Inbox):
    """An inbox with these readings, but what a general sends himself he reads as he sent it."""

    def __init__(self, protocol: Protocol, seat: Seat, readings: Readings) -> None:
        self._linked = protocol.linked
        self._me = seat.me
        self._round = seat.round
        self._sent = seat.outbox()
        self._readings = readings

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        if sender == self._me:
            word = self._sent.said(label, sender) or ABSENT
        else:
            word = self._readings[self._round, sender, self._me, label] if self._linked(sender, self._me) else ABSENT
        return default if word.name == ABSENT.name else word


def _read(readings: Readings, site: Site, silence: Order) -> Order:
    return silence if readings[site].name == ABSENT.name else readings[site]


def _start(order: Order, general: General) -> Order:
    return order


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: type(protocol).__name__)
def test_a_program_does_what_is_recorded_of_it(protocol: Protocol, seed: int) -> None:
    recorder = Recorder(protocol.words)
    for me in range(protocol.n):
        recorded = conduct(protocol, me, recorder)
        order = random.Random(seed).choice(protocol.orders)
        readings = Readings(protocol, seed)
        meant = Interpretation(PLAIN, protocol.words, partial(_read, readings), partial(_start, order))
        seat = Seat(protocol.seen_by(me), me, order if me in protocol.problem.starters(protocol.n) else None)
        for round, sent in enumerate(recorded.sent, start=1):
            assert list(seat.outbox()) == list(sent)
            for label in sent:
                for receiver in range(protocol.n):
                    said = meant.order(recorded.says(round, receiver, label, recorder))
                    assert said.name == (seat.outbox().said(label, receiver) or ABSENT).name
            seat.advance(PlainInbox(protocol, seat, readings))
        assert written(meant.decision(recorded.decision)) == written(seat.decision)


class Peeks(Protocol):
    """A program that looks at what it reads."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield None
        return ATTACK if inbox[0] == ATTACK else order


def test_a_program_cannot_look_at_what_is_recorded() -> None:
    with pytest.raises(ProtocolError, match=r"test_recording.py:\d+: general 1, after round 1: `if`.*write ite\("):
        conduct(Peeks(n=2), 1, Recorder(Peeks(n=2).words))


def test_a_general_who_does_not_exist_is_not_read() -> None:
    class Far(Protocol):
        def general(self, me: General, order: Order) -> Program:
            inbox = yield None
            return inbox[self.n]

    with pytest.raises(ProtocolError, match="who does not exist"):
        conduct(Far(n=2), 1, Recorder(Far(n=2).words))


def test_equal_expressions_are_one() -> None:
    recorder = Recorder(OM(n=3, m=1).words)
    one, other = (recorder.read((1, 0, 1, ()), ABSENT) for _ in range(2))
    assert recorder.order(one) is recorder.order(other)
    assert recorder.truth(one == ATTACK) is recorder.truth(other == ATTACK)
