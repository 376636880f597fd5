"""The page's scripts by themselves: their types, and what they compute against what Python does."""

import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from byzverify.attacks.loading import load
from byzverify.attacks.run_log import RunLog
from byzverify.board.board import Board, Place, Position, message_at
from byzverify.board.packing import packed
from byzverify.language import (
    ABSENT,
    ATTACK,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
    plurality,
)
from byzverify.language.records import Part
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Terms
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation
from byzverify.stories.phrases import threshold
from tests.browser.conftest import ATTACKS, attack_file, from_npm
from tests.rendering.attacks import attack_on
from tests.rendering.thresholds import THRESHOLDS, run_with, tally_of
from tests.support.other_tools import program

SCRIPTS = files("byzverify.rendering") / "page"

EVALUATING = "({ nodes, trueVariables }) => [...evaluate(nodes, new Set(trueVariables))]"

PLAYING = """({ board, moves }) => {
  const game = new Game(board);
  const words = new Words(game);
  for (const [place, option] of moves) game.say(board.places[place], board.places[place].options[option]);
  return {
    told: board.places.map((place) => [words.value(game.word(place.said)), words.value(game.word(place.honest))]),
    decisions: Object.keys(board.decisions).map((general) => words.decision(general)),
    lies: game.departures().length,
    failures: board.conditions.map((condition) => game.failure(condition) ?? null),
  };
}"""

Ask = Callable[[Any], Any]


@contextmanager
def node(answering: str, *scripts: str) -> Iterator[Ask]:
    """Something that answers questions with what a function in JavaScript makes of them, under Node."""
    source = [(SCRIPTS / f"{name}.js").read_text(encoding="utf-8") for name in scripts]
    loop = (
        f"const answering = {answering};\nrequire('node:readline').createInterface({{ input: process.stdin }})"
        ".on('line', (line) => console.log(JSON.stringify(answering(JSON.parse(line)))))"
    )
    command = [program("node"), "-e", "\n".join([*source, loop])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        asks, answers = running.stdin, running.stdout

        def ask(question: Any) -> Any:
            asks.write(json.dumps(question) + "\n")
            asks.flush()
            return json.loads(answers.readline())

        yield ask
        asks.close()


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Ask]:
    """The page's evaluator."""
    with node(EVALUATING, "evaluator") as ask:
        yield ask


@pytest.fixture(scope="module")
def player() -> Iterator[Ask]:
    """A game of the page's, some moves on."""
    with node(PLAYING, "evaluator", "game", "words") as ask:
        yield ask


@st.composite
def graphs(draw: st.DrawFn) -> Terms:
    """Variables, and nodes over all that was made before them."""
    terms = Terms()
    literals = [terms.variable(number) for number in range(draw(st.integers(1, 6)))]
    for _ in range(draw(st.integers(0, 25))):
        signed = st.sampled_from(literals).flatmap(lambda literal: st.sampled_from([literal, -literal]))
        parts = draw(st.lists(signed, min_size=1, max_size=6))
        weights = draw(st.none() | st.lists(st.integers(1, 4), min_size=len(parts), max_size=len(parts)))
        literals.append(terms.at_least(draw(st.integers(1, sum(weights or [1] * len(parts)))), parts, weights))
    return terms


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(terms=graphs(), true=st.sets(st.integers(2, 7)))
def test_the_page_evaluates_terms_as_python_does(evaluator: Ask, terms: Terms, true: set[int]) -> None:
    nodes: list[object] = [
        0 if node is None else [node.k, list(node.literals), *([list(node.weights)] if node.weights else [])]
        for node in terms.nodes
    ]
    expected = evaluate(terms, range(1, len(nodes)), true)
    answered = evaluator({"nodes": nodes, "trueVariables": sorted(true)})
    assert answered[1:] == [int(truth) for truth in expected]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in ATTACKS.glob("*.json")))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.randoms(use_true_random=False))
def test_a_game_comes_to_what_the_board_comes_to(player: Ask, name: str, choices: random.Random) -> None:
    plays_alike(player, Board(RunLog(load(attack_file(name))[1])), choices)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a message with a field left empty", "a message that does not come", "om in one message a round"]
)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.randoms(use_true_random=False))
def test_a_game_with_messages_of_several_fields_comes_to_the_same(
    player: Ask, name: str, choices: random.Random
) -> None:
    plays_alike(player, Board(RunLog(attack_on(name).replay())), choices)


def plays_alike(player: Ask, board: Board, choices: random.Random) -> None:
    """Make some moves on the page and on the board: both must come to the same."""
    faulty = [(number, place.options) for number, place in enumerate(board.places) if place.options]
    moves = [(number, choices.randrange(len(options))) for number, options in choices.choices(faulty, k=5)]
    answered = player({"board": packed(board), "moves": moves})

    true = set(board.initial)
    for number, option in moves:
        place = board.places[number]
        setting = place.options[option].setting
        after = true - {-one for one in setting} | {one for one in setting if one > 0}
        says = place.options[option].says
        said, honest = (Position(board, after).word(bits) for bits in (place.said, place.honest))
        true = after if said == (honest if says is None else says) else true  # else signatures are missing
    position = Position(board, true)
    told = [[shown(place, position.word(bits)) for bits in (place.said, place.honest)] for place in board.places]
    conditions = board.protocol.problem.conditions
    assert answered["told"] == told
    lies = {
        message_at(place.site) for place in board.places if position.word(place.said) != position.word(place.honest)
    }
    assert answered["lies"] == len(lies)
    assert answered["decisions"] == [decided(position.decision(general)) for general in board.run.loyal]
    assert [failure and tuple(failure) for failure in answered["failures"]] == list(map(position.fails, conditions))


REASONING = """({ board }) => {
  const words = new Words(new Game(board));
  const reasons = new Reasons(words, () => undefined);
  return board.expressions.map((expression) => reasons._step(expression).text);
}"""


LISTING = """({ board }) => {
  const reasons = new Reasons(new Words(new Game(board)), () => undefined);
  const { parts } = reasons._step(board.expressions[board.decisions[2].expression]);
  return parts.map(({ number }) => reasons._step(board.expressions[number]));
}"""


def reasoned(board: Board) -> list[str]:
    """What the page says of each expression on a board."""
    with node(REASONING, "evaluator", "game", "words", "thresholds", "reasons") as ask:
        return list(ask({"board": packed(board)}))


class Lead(Protocol):
    """ATTACK if it leads, among those who say anything; beside it, what most of them say."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        most = plurality(votes, tie=RETREAT)
        return ite(count(votes, ATTACK) > count(votes, RETREAT), ATTACK, most)


def test_a_lead_is_told_by_both_counts_and_the_absent_have_no_vote_in_a_plurality() -> None:
    said = {(1, 3, receiver, ()): ABSENT for receiver in range(3)}
    played = run(Lead(n=4), {3}, {0: ATTACK, 1: ATTACK, 2: RETREAT, 3: ATTACK}, Deviation(Behaviour(said=said)))
    board = Board(RunLog(Replay.of(played)))
    texts = reasoned(board)
    assert "ATTACK 2 against RETREAT 1; enough is a lead of 1" in texts
    assert "most of 3 votes (ATTACK 2, RETREAT 1), 1 absent" in texts


@pytest.mark.slow
@pytest.mark.parametrize("kind", THRESHOLDS)
def test_the_page_tells_a_threshold_as_the_story_does(kind: str) -> None:
    """But for the votes, which it shows one by one, and for whether they are enough, which it says before."""
    log = run_with(kind)
    told = [threshold(tally_of(log, general)) for general in log.run.loyal]
    told = [re.sub(r"^.*; (?=counting|by)", "", text) for text in told]
    told = [re.sub(r": (enough|too few), (.*) needed$", r"; enough is \2", text) for text in told]
    told = [re.sub(r": (a|no) majority$", "; enough is more than half", text) for text in told]
    assert len(told) == 4
    assert {*told} <= {*reasoned(Board(log))}


def shown(place: Place, word: str) -> str:
    """A word as the page shows it."""
    if word == "ABSENT":
        return "nothing"
    label = place.site[3]
    return "it came" if isinstance(label, Part) and label.name is None else word


@pytest.mark.slow
def test_the_scripts_are_well_typed() -> None:
    compiler = from_npm("typescript/bin/tsc")
    checked = subprocess.run(
        [program("node"), str(compiler), "-p", str(SCRIPTS / "tsconfig.json")], capture_output=True, text=True
    )
    assert checked.stdout == ""
    assert checked.returncode == 0


def test_the_type_checker_sees_every_script() -> None:
    for script in SCRIPTS.iterdir():
        if script.name.endswith(".js"):
            assert script.read_text(encoding="utf-8").startswith("// @ts-check\n"), script.name


def decided(written: Any) -> str:
    """A decision as the page writes it."""
    if isinstance(written, dict):
        return "{" + ", ".join(f"{general}: {decided(part)}" for general, part in written.items()) + "}"
    return f"({', '.join(map(decided, written))})" if isinstance(written, list) else str(written)
