"""Messages of several fields between programs: one line of JSON each, whole, in both directions."""

import json
import random
from collections.abc import Generator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from byzverify.catalogue import library
from byzverify.errors import NodeError
from byzverify.language import ATTACK, RETREAT, Protocol
from byzverify.language.decisions import written
from byzverify.language.faults import Fault
from byzverify.nodes import wire
from byzverify.nodes.conformance import ConformanceTest, Grade
from byzverify.nodes.conversation import Conversation
from byzverify.nodes.harness import meet
from byzverify.nodes.team import Team
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Random, Silent
from tests.nodes.listening import COMMAND, no_processes

FIELDED = Path(__file__).parents[1] / "differential" / "fielded.py"


def model(name: str, **parameters: Any) -> Protocol:
    return library.find(f"{FIELDED}:{name}")(**parameters)


MODELS = [
    model("Empty", n=4),
    model("Sometimes", n=4, values=3),
    model("Bundled", n=4),
    model("BundledOM", n=4, m=1),
    model("Pair", n=3, optional=True),
    model("Called", n=3),
]


EVERY = [
    pytest.param(protocol, mode, marks=() if place % len(Fault) == turn else pytest.mark.slow)
    for place, protocol in enumerate(MODELS)
    for turn, mode in enumerate(Fault)
]
"""Each model in each mode; in the default run, each in one, and each mode once."""


@pytest.mark.slow
@pytest.mark.parametrize(("protocol", "mode"), EVERY, ids=repr)
def test_a_model_as_a_node_does_what_it_does_in_the_simulator(
    protocol: Protocol, mode: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(2):
        drawn = random.Random(seed)
        traitor = drawn.randrange(protocol.n)
        orders = {general: drawn.choice(protocol.orders) for general in range(protocol.n)}
        with no_processes(monkeypatch) as wrote:
            met = meet(protocol, {traitor: mode}, orders, Random(protocol.words, seed), Team(COMMAND))[0]
        simulated = run(protocol, {traitor: mode}, orders, Random(protocol.words, seed))
        assert met.difference is None
        assert {one: written(met.run.decisions[one]) for one in met.run.loyal} == {
            one: written(simulated.decisions[one]) for one in simulated.loyal
        }
        for lines in wrote.values():
            for line in lines:
                jsonschema.validate(json.loads(line), wire.schema())


def test_a_message_is_one_line_with_null_where_a_field_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    with no_processes(monkeypatch) as wrote:
        meet(model("Empty", n=3), {}, {0: ATTACK, 1: RETREAT, 2: ATTACK}, Silent(), Team(COMMAND))
    (said,) = {line for line in wrote["general 0 (served)"] if b'"src":"n1"' in line}
    assert json.loads(said)["body"] == {
        "type": "message",
        "round": 1,
        "label": ["report", 1],
        "fields": [[1, "RETREAT"], ["seen", None]],
    }


def routine(me: int, order: str) -> Generator[Any, Any, Any]:
    """What `Empty` does, written by somebody who does not know byzverify."""
    seen = "ATTACK" if order == "ATTACK" else None
    inbox = yield {(other, ("report", me)): {1: order, "seen": seen} for other in range(3) if other != me}
    read = {j: inbox.get((j, ("report", j))) for j in range(3) if j != me} | {me: {1: order, "seen": seen}}
    whole = [one for one in read.values() if one is not None and one.get(1) is not None and set(one) == {1, "seen"}]
    attacking = sum(one["seen"] == "ATTACK" and one[1] != "RETREAT" for one in whole)
    return "RETREAT" if len(whole) < 3 or 2 * attacking <= 3 else "ATTACK"


@pytest.mark.parametrize("mode", [Fault.BYZANTINE, Fault.CRASH, Fault.SYMMETRIC])
def test_a_generator_sends_and_reads_dictionaries(mode: Fault) -> None:
    protocol = model("Empty", n=3)
    for seed in range(20):
        drawn = random.Random(seed)
        orders = {general: drawn.choice(protocol.orders) for general in range(3)}
        met = meet(protocol, {drawn.randrange(3): mode}, orders, Random(protocol.words, seed), Team(routine))[0]
        assert met.difference is None
        assert met.as_model


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a field twice": ({"fields": [["a", None], ["a", None]]}, "names a field of a message twice"),
    "no field": ({"fields": []}, "writes something that is not a message"),
    "an unknown order": ({"fields": [["a", "FLEE"]]}, "'FLEE', which is not one of"),
    "a signature": ({"label": {"order": "ATTACK", "signers": [0]}}, "writes something that is not a message"),
    "another round": ({"round": 2}, "sends a message of round 2"),
}


def conversation() -> Conversation:
    protocol = model("Pair", n=3)
    found = Conversation(protocol, 0, "general 0", "pair", {})
    found.begin(ATTACK)
    found.read(wire.line("n0", "network", wire.InitOk(in_reply_to=1)))
    found.next_round(())
    return found


def line(**changed: Any) -> bytes:
    body = {"type": "message", "round": 1, "label": "report", "fields": [["a", "ATTACK"], ["b", None]], **changed}
    return json.dumps({"src": "n0", "dest": "n1", "body": body}).encode()


@pytest.mark.parametrize("what", WRONG)
def test_a_message_that_is_wrong_is_told_in_one_line(what: str) -> None:
    changed, expected = WRONG[what]
    with pytest.raises(NodeError, match=expected) as caught:
        conversation().read(line(**changed))
    assert "\n" not in str(caught.value)


def test_nobody_gets_two_messages_under_one_label() -> None:
    order = wire.line("n0", "n1", wire.OrderSent(round=1, label="report", order="ATTACK"))
    for second in (line(), line(fields=[["c", None]]), order):
        talk = conversation()
        talk.read(line())
        with pytest.raises(NodeError, match=r"sends general 1 two .* under the label report"):
            talk.read(second)


def test_half_a_message_is_another_message_and_the_difference_is_told() -> None:
    def half(me: int, order: str) -> Generator[Any, Any, Any]:
        yield {(other, "report"): {"value": order} for other in range(3) if other != me}
        return True

    protocol = model("Pair", n=3)
    met = meet(protocol, {}, dict.fromkeys(range(3), ATTACK), Silent(), Team(None, {0: half}))[0]
    assert {one.said.name for one in met.differences} == {"value:ATTACK", "ABSENT"}
    assert met.run.decisions.keys() == {0, 1, 2}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Pair", "Called"])
def test_node_check_passes_a_model_with_fields(name: str) -> None:
    command = ("byzverify", "node", f"{FIELDED}:{name}")
    findings = list(ConformanceTest(command, model(name, n=3), 30.0).findings())
    assert {finding.grade for finding in findings} == {Grade.RIGHT}
