"""Runs of programs: the same whatever the timing, recorded as in the simulator, and told apart from the model."""

import json
import random
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from byzverify.errors import NodeError
from byzverify.language import Condition, General, Order, Problem, Program
from byzverify.language.values import ATTACK, RETREAT
from byzverify.models.om import OM
from byzverify.models.readme_program import ReadmeProgram
from byzverify.models.sm import SM
from byzverify.nodes.harness import Divergence, Encounter, meet
from byzverify.nodes.team import Routine, Team
from byzverify.simulation.judging import judge
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Alternate, Silent
from tests.nodes.faulty import LOYAL, PLAYS, command_of
from tests.nodes.listening import COMMAND, no_processes, told

OM4 = OM(n=4, m=1)


def against(team: Team, protocol: Any = OM4, traitors: Any = (3,), **more: Any) -> Encounter:
    return meet(protocol, traitors, {0: ATTACK}, Alternate(protocol.words), team, **more)[0]


def test_a_run_of_programs_is_the_run_of_the_simulator(tmp_path: Path, marked: str) -> None:
    met = against(Team(command_of(LOYAL, tmp_path / "general.py", marked)))
    simulated = run(OM4, {3}, {0: ATTACK}, Alternate(OM4.words))
    assert told(met.run) == told(simulated)
    assert {me: order.name for me, order in met.run.decisions.items()} == dict.fromkeys((0, 1, 2), "ATTACK")
    assert met.as_model
    assert met.difference is None
    assert met.remarks == []


@pytest.mark.slow
def test_a_run_is_the_same_whoever_is_slow(tmp_path: Path, marked: str) -> None:
    slow = PLAYS.replace("    os.write(1", "    time.sleep(random() / 50)\n    os.write(1").replace(
        "import json", "from random import random\nimport json"
    )
    assert slow != PLAYS
    commands = [
        command_of(f"{text}play(to=None)", tmp_path / f"{number}.py", marked)
        for number, text in enumerate((slow, PLAYS))
    ]
    drawn = random.Random(0)
    runs = [told(against(Team(None, {me: drawn.choice(commands) for me in range(4)})).run) for _ in range(6)]
    assert runs == runs[:1] * 6


def test_a_program_learns_nothing_of_who_is_loyal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second law: what is written to a program depends on what the others send and on nothing else."""
    with no_processes(monkeypatch) as wrote:
        meet(OM4, (), {0: ATTACK}, Silent(), Team(COMMAND))
        honest = {title: list(lines) for title, lines in wrote.items() if "general 3" not in title}
        wrote.clear()
        meet(OM4, {3}, {0: ATTACK}, Honest(), Team(COMMAND))
    assert wrote == honest


class Honest(Silent):
    """A traitor who does as the loyal do."""

    def says(self, round: int, sender: int, receiver: int, honest: Any) -> Any:
        return honest


def test_the_first_difference_to_the_model_is_told(tmp_path: Path, marked: str) -> None:
    contrary = LOYAL.replace('inbox.get("n0", orders[0]))', '"RETREAT")')
    assert contrary != LOYAL
    met = against(Team(None, {1: command_of(contrary, tmp_path / "general.py", marked)}), traitors=())
    assert met.difference == Divergence(2, 1, 2, (0, 1), RETREAT, ATTACK)
    assert met.as_model  # one lie changes no decision, and the model is asked with the letters that came


def test_a_program_that_decides_otherwise_is_told_apart(tmp_path: Path, marked: str) -> None:
    contrary = LOYAL.replace("max(orders, key=votes.count)", '"RETREAT"')
    assert contrary != LOYAL
    met = against(Team(None, {2: command_of(contrary, tmp_path / "general.py", marked)}), traitors=())
    assert [met.decides_as_model(general) for general in range(4)] == [True, True, False, True]
    assert not met.as_model


def test_another_protocol_in_the_model_s_place_is_judged_by_what_it_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_processes(monkeypatch):
        met = meet(ReadmeProgram(n=4, m=1), {3}, {0: ATTACK}, Silent(), Team(COMMAND))[0]
    assert met.as_model


@pytest.mark.slow
def test_twenty_generals_play_in_processes_of_their_own(tmp_path: Path, marked: str) -> None:
    node = command_of(LOYAL, tmp_path / "general.py", marked)
    met = against(Team(node), protocol=OM(n=20, m=1), traitors=(7,))
    assert met.as_model
    assert met.run.messages == 19 + 18 * 18  # what reaches the traitor after the last loyal decision is of no interest


@pytest.mark.slow
@pytest.mark.parametrize("m", [1, 2])
def test_twenty_generals_are_played_by_the_model_in_processes_of_its_own(m: int) -> None:
    node = (sys.executable, "-P", "-m", "byzverify", "node", "om")
    met = against(Team(node), protocol=OM(n=20, m=m), traitors=(7, 9))
    assert met.as_model
    assert met.difference is None


def om1(me: int, n: int, order: str | None) -> Generator[Any, Any, str | None]:
    """OM(1) as a generator function."""
    if me == 0:
        yield {(other, (0,)): order for other in range(1, n)}
        return order
    inbox = yield {}
    inbox |= yield {(other, (0, me)): inbox[0, (0,)] for other in range(1, n) if other != me and (0, (0,)) in inbox}
    votes = list(inbox.values())
    return max(["RETREAT", "ATTACK"], key=votes.count)


def test_a_generator_function_plays_as_a_program_does() -> None:
    met = against(Team(om1))
    assert told(met.run) == told(run(OM4, {3}, {0: ATTACK}, Alternate(OM4.words)))
    assert met.as_model


def returns_nothing() -> Any:
    yield {}


def fails() -> Any:
    yield {}
    raise KeyError("vote")


def not_called(colour: str) -> Any:
    yield {}


def plain() -> Any:
    return "ATTACK"


@pytest.mark.parametrize(
    ("routine", "what"),
    [
        (plain, "at the start: is no generator function: it sends with `yield`"),
        (
            not_called,
            "at the start: cannot be called: not_called() missing 1 required positional argument: 'colour'; "
            "there are me, n, values, graph, m, order",
        ),
        (returns_nothing, "round 2: returns None; it returns its decision"),
        (fails, f"round 2: {__file__}:{fails.__code__.co_firstlineno + 2}: KeyError: 'vote'"),
    ],
)
def test_a_generator_function_is_held_to_the_rules(routine: Routine, what: str) -> None:
    with pytest.raises(NodeError) as raised:
        against(Team(None, {1: routine}))
    assert str(raised.value) == f"general 1 ({routine.__name__}), {what}"


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        ({(1, ()): "ATTACK"}, "sends an order to itself; what a general needs later, it must store"),
        ({(4, ()): "ATTACK"}, "sends an order to 'n4', but there are n0 to n3"),
        ({("all", ()): "ATTACK"}, "sends an order to 'nall', but there are n0 to n3"),
        ({(2, ()): "WAIT"}, "sends 'WAIT', which is not one of RETREAT, ATTACK"),
        ({(2, ()): ATTACK}, "sends ATTACK under the label ()"),
        ({(2, 0.5): "ATTACK"}, "sends 'ATTACK' under the label 0.5"),
        ({2: "ATTACK"}, "TypeError: cannot unpack non-iterable int object"),
        ("ATTACK", "yields 'ATTACK', not {(receiver, label): order, ...}"),
    ],
)
def test_so_is_what_it_sends(sent: Any, what: str) -> None:
    def sends() -> Any:
        yield sent
        return "ATTACK"

    with pytest.raises(NodeError, match=r"general 1 \(sends\), round 1: ") as raised:
        against(Team(None, {1: sends}))
    assert str(raised.value).endswith(what)


@pytest.mark.parametrize("decision", [0.5, object, ATTACK, {1: 0.5}], ids=str)
def test_so_is_what_it_decides(decision: Any) -> None:
    def decides() -> Any:
        yield {}
        return decision

    with pytest.raises(NodeError, match=r"general 1 \(decides\), round 2: decides "):
        against(Team(None, {1: decides}))


def test_a_signed_chain_reaches_a_program_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_processes(monkeypatch) as wrote:
        meet(SM(n=4, m=1), {3}, {0: ATTACK}, Silent(), Team(COMMAND))
    lines = [json.loads(line) for line in wrote["general 1 (served)"]]
    chains = [line["body"]["label"]["signers"] for line in lines if line["body"]["type"] == "order"]
    assert chains == [[0], [0, 1], [0, 1], [0, 2]] or chains == [[0], [0, 1], [0, 2]]


class Named(NamedTuple):
    order: Order


class Naming(OM):
    """OM, where the decision has a name in it, which the condition uses."""

    problem = Problem(
        "naming",
        (Condition("Attacks", "all attack", lambda outcome, one: outcome.decisions[one[0]].order == ATTACK, 1),),
        has_commander=True,
    )

    def general(self, me: General, order: Order) -> Program:
        return Named((yield from super().general(me, order)))


def test_what_a_program_decides_has_the_names_that_the_models_decision_has(tmp_path: Path, marked: str) -> None:
    text = LOYAL.replace('{"decision": decided}', '{"decision": [decided]}')
    assert text != LOYAL
    met = against(Team(command_of(text, tmp_path / "general.py", marked)), Naming(n=4, m=1))
    assert met.run.decisions[1] == Named(ATTACK)
    assert all(judgement.holds for judgement in judge(met.run))
