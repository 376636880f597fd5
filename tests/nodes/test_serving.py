"""A model as a node: it decides, and it says, exactly what it does in the simulator, whoever stands beside it."""

import json
import random
import sys
from itertools import chain
from typing import Any

import pytest

from byzverify.catalogue import configurations, library
from byzverify.catalogue.configurations import Configuration
from byzverify.errors import NodeError
from byzverify.language.decisions import written
from byzverify.language.protocol import Protocol
from byzverify.models.om import OM
from byzverify.nodes.harness import meet
from byzverify.nodes.serving import serve
from byzverify.nodes.team import Team
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import scripted
from tests.nodes.listening import COMMAND, no_processes, told


def named(configuration: Configuration) -> str:
    return configuration.command().removeprefix("byzverify check ")


MANIFEST = configurations.manifest()
MOST_MESSAGES = 60
"""Larger runs are for the long campaign."""

SIZED = [
    pytest.param(entry, marks=[pytest.mark.slow] if entry.messages > MOST_MESSAGES else [], id=named(entry))
    for entry in MANIFEST
    if entry.messages <= 20 * MOST_MESSAGES
]
MUSEUM = [one for exhibit in configurations.exhibits() for one in (exhibit.mistake, exhibit.repair)]
VALUED = [Configuration(model="om", n=4, m=1, values=3), Configuration(model="sm", n=4, m=1, values=3)]
MIXED = dict.fromkeys(range(1, 99, 2), COMMAND)


def arranged(configuration: Configuration, strategy: str, seed: int) -> dict[str, Any]:
    """A run's arguments: who fails, in which mode, and who starts with what, drawn from the seed."""
    protocol = configuration.build()
    drawn = random.Random(f"{named(configuration)} {strategy} {seed}")
    modes = list(chain.from_iterable([mode] * most for mode, most in configuration.budget().items()))
    return {
        "protocol": protocol,
        "traitors": dict(zip(drawn.sample(range(protocol.n), len(modes)), modes, strict=True)),
        "orders": {general: drawn.choice(protocol.orders) for general in range(protocol.n)},
        "strategy": scripted(strategy, protocol.words, seed),
    }


def compared(configuration: Configuration, strategy: str, seed: int, team: Team) -> None:
    """Play with a team, and in the simulator: all that is recorded is the same."""
    met = meet(**arranged(configuration, strategy, seed), team=team)[0]
    simulated = run(**arranged(configuration, strategy, seed))
    assert decided(met.run) == decided(simulated)
    assert told(met.run) == told(simulated)
    assert met.as_model
    assert met.difference is None


def decided(played: Run) -> dict[int, Any]:
    return {general: written(played.decisions[general]) for general in played.loyal}


@pytest.mark.slow
@pytest.mark.parametrize("configuration", [*SIZED, *MUSEUM, *VALUED], ids=named)
def test_a_model_as_a_node_says_and_decides_what_it_does_in_the_simulator(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_processes(monkeypatch):
        compared(configuration, "alternate", 0, Team(COMMAND))
        compared(configuration, "random", 1, Team(None, MIXED))


@pytest.mark.parametrize(
    "configuration",
    [
        Configuration(model="om", n=4, m=1),
        Configuration(model="sm", n=4, m=1),
        Configuration(model="gradecast", n=4, m=1),
        Configuration(model="om_graph", graph="cycle:5", m=1, set={"p": 2}),
        *(pytest.param(entry, marks=pytest.mark.slow) for entry in {entry.model: entry for entry in MANIFEST}.values()),
    ],
    ids=named,
)
def test_so_it_does_in_a_process_of_its_own(configuration: Configuration) -> None:
    node = (sys.executable, "-P", "-m", "byzverify", "node", configuration.model)
    compared(configuration, "alternate", 0, Team(None, {1: node, 3: node}))


def test_every_model_is_among_those() -> None:
    assert {entry.model for entry in MANIFEST if entry.messages <= MOST_MESSAGES} == set(library.names())


INIT = {
    "type": "init",
    "msg_id": 1,
    "node_id": "n1",
    "node_ids": ["n0", "n1", "n2", "n3"],
    "neighbours": ["n0", "n2", "n3"],
    "protocol": "om",
    "parameters": {"n": 4, "m": 1, "values": 2, "graph": ""},
    "orders": ["RETREAT", "ATTACK"],
}


def served(*bodies: dict[str, Any] | bytes, protocol: type[Protocol] = OM, **given: Any) -> list[dict[str, Any]]:
    """The bodies of what a model answers to these."""
    lines = [
        body if isinstance(body, bytes) else json.dumps({"src": "network", "dest": "n1", "body": body}).encode()
        for body in bodies
    ]
    said: list[bytes] = []
    serve(protocol, given, lines, said.append)
    messages = [json.loads(line) for line in b"".join(said).splitlines()]
    assert {message["src"] for message in messages} <= {"n1", "n4", ""}
    return [message["body"] for message in messages]


@pytest.mark.parametrize(
    ("bodies", "error"),
    [
        ([b"hello"], {"code": 12, "text": "Invalid JSON: expected value at line 1 column 1"}),
        ([{"type": "round", "msg_id": 1, "round": 1}], {"code": 12, "text": "the first message is init"}),
        ([{**INIT, "node_id": "n4"}], {"code": 12, "text": "node_id is one of node_ids, and order one of the orders"}),
        ([{**INIT, "order": "NO"}], {"code": 12, "text": "node_id is one of node_ids, and order one of the orders"}),
        (
            [{**INIT, "parameters": {}}],
            {"code": 10, "text": "OM needs a value for m; its parameters are n, values, graph, m"},
        ),
        ([{**INIT, "parameters": {"m": -1}}], {"code": 10, "text": "OM(m) needs 0 <= m <= n-2: with n=4, not m=-1"}),
    ],
)
def test_a_model_that_cannot_go_on_says_why_and_ends(bodies: list[Any], error: dict[str, Any]) -> None:
    answered = served(*bodies, {**INIT, "msg_id": 9})
    assert [{"code": one["code"], "text": one["text"]} for one in answered] == [error]


def test_an_error_says_what_it_answers() -> None:
    assert served({**INIT, "msg_id": 7, "parameters": {}})[0]["in_reply_to"] == 7


def test_parameters_that_are_given_are_not_those_of_the_network() -> None:
    rounds = [{"type": "round", "msg_id": number + 1, "round": number} for number in (1, 2, 3)]
    assert "decision" not in served(INIT, *rounds, m=2)[-1]
    assert served(INIT, *rounds, m=1)[-1]["decision"] == "RETREAT"


def test_what_a_traitor_sends_may_be_anything_in_the_form_of_an_order() -> None:
    label: Any = [0, ["x", {"order": "ATTACK", "signers": [3]}]]
    strange = {"type": "order", "round": 1, "label": label, "order": "WAIT"}
    rounds = [{"type": "round", "msg_id": number + 1, "round": number} for number in (1, 2, 3)]
    assert served(INIT, rounds[0], strange, rounds[1], {**strange, "order": "ATTACK"}, rounds[2])[-1] == {
        "type": "round_ok",
        "in_reply_to": 4,
        "decision": "RETREAT",
    }


def test_a_model_that_is_not_the_one_asked_for_is_another_program() -> None:
    node = (sys.executable, "-P", "-m", "byzverify", "node", "gradecast")
    with pytest.raises(
        NodeError, match=r"general 1 .* decides .*, which is not the kind of decision that the model makes"
    ):
        meet(OM(n=4, m=1), (), {}, scripted("silent", (), 0), Team(None, {1: node}))
