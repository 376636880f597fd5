"""The board against the simulator: whatever is changed on it, both must come to the same."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.attacks.run_log import RunLog
from byzverify.board.board import Board, Position
from byzverify.errors import ReplayMismatch
from byzverify.language import ATTACK, RETREAT, Order, Program, Protocol, ite, sign
from byzverify.language.decisions import written
from byzverify.language.faults import Fault, faults_of
from byzverify.models.crusader import Crusader
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram
from byzverify.models.sm import SM
from byzverify.models.turpin_coan import TurpinCoan
from byzverify.models.z import Z
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation, Random
from tests.differential.fielded import Bundled, BundledEIG, BundledOM, Empty, Pair, Sometimes


class Eager(Protocol):
    """Decides by the order that general 1 passes on, with his signature, in the round in which it is given."""

    def general(self, me: int, order: Order) -> Program:
        inbox = yield [sign(v, order == v) for v in self.orders] if me == 0 else None
        passed_on = inbox.signed(ATTACK, [0, 1])
        inbox = yield [sign(passed_on)]
        return ite(passed_on.came | inbox.signed(ATTACK, [0, 1, 2]).came, ATTACK, RETREAT)


class Patient(Eager):
    """The same, among traitors who speak before they hear."""

    rushing = False


SCENARIOS: list[tuple[Protocol, dict[int, str]]] = [
    (OM(n=4, m=1), {3: "byzantine"}),
    (OM(n=4, m=1), {0: "byzantine", 2: "byzantine"}),
    (OM(n=5, m=2, values=3), {1: "byzantine", 4: "byzantine"}),
    (OM(n=4, m=2), {1: "omission", 2: "byzantine"}),
    (OM(n=4, m=2), {0: "crash", 1: "crash"}),
    (OM(n=4, m=1), {0: "symmetric", 1: "byzantine"}),
    (OM(n=4, m=1), {0: "manifest", 1: "symmetric"}),
    (ReadmeProgram(n=4, m=1), {2: "byzantine"}),
    (EIG(n=4, m=1), {1: "byzantine"}),
    (PhaseKing(n=4, m=1), {0: "byzantine"}),
    (PhaseKing(n=4, m=1), {0: "crash", 1: "byzantine"}),
    (SM(n=4, m=1), {0: "byzantine", 1: "byzantine"}),
    (SM(n=4, m=2), {0: "byzantine", 1: "symmetric", 2: "omission"}),
    (Eager(n=3), {1: "byzantine"}),
    (Patient(n=3), {1: "byzantine"}),
    (DolevStrong(n=4, m=1), {0: "byzantine", 3: "byzantine"}),
    (Gradecast(n=4, m=1), {0: "byzantine"}),
    (Crusader(n=4, m=1), {0: "symmetric", 1: "byzantine"}),
    (TurpinCoan(n=4, m=1, values=3), {3: "byzantine"}),
    (OMH(n=4, m=1), {0: "byzantine", 2: "manifest"}),
    (Z(n=5, m=1), {0: "byzantine", 1: "manifest", 2: "symmetric"}),
    (OMGraph(n=5, m=1, graph="cycle:5", p=2), {1: "byzantine"}),
    *((Pair(n=3, optional=True), {1: mode.value}) for mode in Fault),
    *((OM(n=4, m=1), {0: mode.value, 1: mode.value}) for mode in Fault),
    (Empty(n=4), {0: "byzantine", 1: "symmetric"}),
    (Sometimes(n=3), {0: "crash", 2: "omission"}),
    (Bundled(n=4), {0: "symmetric", 1: "omission", 2: "manifest"}),
    (BundledOM(n=4, m=2), {0: "byzantine", 1: "crash"}),
    (BundledEIG(n=3, m=1), {2: "byzantine"}),
]


def board_of(protocol: Protocol, faults: dict[int, str], seed: int) -> Board:
    """The board of a run in which the faulty generals say anything."""
    orders = dict(enumerate(random.Random(seed).choices(protocol.orders, k=protocol.n)))
    played = run(protocol, faults_of(faults), orders, Random(protocol.words, seed))
    return Board(RunLog(Replay.of(played)))


def disagreements(board: Board, true: set[int]) -> Iterator[str]:
    """Where the simulator, told to do what an assignment means, comes to something else than the board."""
    meaning = board.adversary.meaning(board.terms.names(), true)
    faults = board.run.faults
    played = run(board.protocol, faults, meaning.starts, Deviation(meaning))
    log = RunLog(Replay.of(played))
    position = Position(board, true)
    for place in board.places:
        told = log.at(place.site)
        if (position.word(place.said), position.word(place.honest)) != (told.said.name, told.honest.name):
            yield f"{place.site}: {told.said} for {told.honest}"
    for general in played.loyal:
        if position.decision(general) != written(played.decisions[general]):
            yield f"general {general} decides {played.decisions[general]}"
    for judgement in log.replay.judgements:
        if position.fails(judgement.condition) != judgement.witnesses:
            yield f"{judgement.condition}: {judgement.witnesses}"


@pytest.mark.slow
@pytest.mark.parametrize(("protocol", "faults"), SCENARIOS, ids=str)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), choices=st.randoms(use_true_random=False))
def test_whatever_faulty_generals_choose_the_simulator_comes_to_what_the_board_says(
    protocol: Protocol, faults: dict[int, str], seed: int, choices: random.Random
) -> None:
    board = board_of(protocol, faults, seed)
    true = set(board.initial)
    for options in [*board.starts.values(), *(place.options for place in board.places)]:
        if options and choices.random() < 0.5:
            for literal in choices.choice(options).setting:
                (true.add if literal > 0 else true.discard)(abs(literal))
    assert list(disagreements(board, true)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("protocol", "faults"), SCENARIOS, ids=str)
def test_an_option_says_what_it_promises_where_it_can_be_said(protocol: Protocol, faults: dict[int, str]) -> None:
    board = board_of(protocol, faults, 1)
    for place in board.places:
        for option in place.options:
            true = set(board.initial) - {-one for one in option.setting} | {one for one in option.setting if one > 0}
            position = Position(board, true)
            promised = position.word(place.honest) if option.says is None else option.says
            signed_in_vain = place.said.count(-1) == len(place.said) or type(place.site[-1]).__name__ == "Chain"
            assert position.word(place.said) == promised or (signed_in_vain and position.word(place.said) == "ABSENT")


def test_a_board_that_does_not_reproduce_the_attack_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.board.board.Board._initially", lambda board: iter(()))
    with pytest.raises(ReplayMismatch, match="the terms differ from the simulator"):
        board_of(OM(n=4, m=1), {3: "byzantine"}, 1)
