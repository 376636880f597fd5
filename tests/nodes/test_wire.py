"""The messages: the schema in the package, what runs really write, and the page on the protocol say the same."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from byzverify.language.messages import Chain, Label
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.nodes import wire
from byzverify.nodes.conversation import FORMS
from byzverify.nodes.harness import meet
from byzverify.nodes.serving import serve
from byzverify.nodes.team import Team
from byzverify.simulation.traitors import Alternate
from tests.nodes.listening import COMMAND, no_processes

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "node-protocol.md").read_text(encoding="utf-8")
SCHEMA = json.loads(files("byzverify.nodes").joinpath("node.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def is_message(line: str) -> bool:
    """Whether the types take this line, in one direction or the other."""
    for direction in (wire.TO_NODE, wire.FROM_NODE):
        try:
            direction.validate_json(line)
        except ValidationError:
            continue
        return True
    return False


def test_the_schema_in_the_package_is_that_of_the_messages() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert wire.schema() == SCHEMA


@pytest.mark.parametrize("protocol", [OM(n=4, m=1, values=3), SM(n=5, m=2)])
def test_every_message_of_a_run_is_one_of_the_schema(protocol: OM | SM, monkeypatch: pytest.MonkeyPatch) -> None:
    with no_processes(monkeypatch) as wrote:
        meet(protocol, {3}, {0: protocol.orders[1]}, Alternate(protocol.words), Team(COMMAND))
    lines = [line for lines in wrote.values() for line in lines]
    kinds = {json.loads(line)["body"]["type"] for line in lines}
    assert kinds == {"init", "init_ok", "round", "order", "round_ok"}
    for line in lines:
        VALIDATOR.validate(json.loads(line))
        assert is_message(line.decode())


WORDS = st.sampled_from(["n0", "n1", "network", "ATTACK", "", "x"])
LABELS = st.recursive(
    st.integers(-2, 9) | WORDS | st.booleans() | st.none() | st.just(0.5),
    lambda inner: st.lists(inner, max_size=3) | st.fixed_dictionaries({"order": WORDS, "signers": st.lists(inner)}),
    max_leaves=6,
)
FIELDS = {
    "type": st.sampled_from(["init", "init_ok", "round", "order", "round_ok", "error", "vote"]),
    "msg_id": LABELS,
    "in_reply_to": LABELS,
    "round": LABELS,
    "label": LABELS,
    "order": LABELS,
    "decision": LABELS | st.dictionaries(WORDS, LABELS, max_size=2),
    "code": LABELS,
    "text": LABELS,
    "else": LABELS,
}
BODIES = st.fixed_dictionaries({}, optional=FIELDS)
ENVELOPES = st.fixed_dictionaries({}, optional={"src": WORDS, "dest": WORDS, "body": BODIES})


@given(ENVELOPES)
def test_the_schema_takes_what_byzverify_takes(envelope: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(envelope) == is_message(json.dumps(envelope))


@given(LABELS)
def test_a_label_comes_back_as_it_was_written(label: Label) -> None:
    line = json.dumps({"src": "n0", "dest": "n1", "body": {"type": "order", "round": 1, "label": label, "order": "A"}})
    if is_message(line):
        read = wire.label_of(wire.FROM_NODE.validate_json(line).body.label)
        hash(read)
        written = wire.OrderSent(round=1, label=wire.wire_label(read), order="A")
        assert json.loads(wire.line("n0", "n1", written)) == json.loads(line)


def test_a_chain_is_written_with_its_order_and_its_signers() -> None:
    chain = Chain("ATTACK", (0, 2))
    label = wire.wire_label(chain)
    assert json.loads(wire.line("n2", "n1", wire.OrderSent(round=2, label=label, order="ATTACK")))["body"]["label"] == {
        "order": "ATTACK",
        "signers": [0, 2],
    }
    assert wire.label_of(label) == chain


def documents(text: str) -> Iterator[Any]:
    """The JSON values that follow each other in a text."""
    while text := text.strip():
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:]


def test_the_messages_on_the_page_are_messages() -> None:
    shown = [message for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) for message in documents(block)]
    kinds = {"init", "init_ok", "round", "order", "message", "round_ok", "error"}
    assert {message["body"]["type"] for message in shown} == kinds
    for message in shown:
        VALIDATOR.validate(message)


def test_the_transcript_on_the_page_is_what_the_model_answers() -> None:
    block = re.search(r"```\n(> .*?)```", PAGE, re.DOTALL)
    assert block is not None
    spoken: list[tuple[str, Any]] = []

    def read() -> Iterator[bytes]:
        for line in block[1].splitlines():
            if line.startswith("> "):
                spoken.append((">", json.loads(line[2:])))
                yield line[2:].encode()

    def write(text: bytes) -> None:
        spoken.extend(("<", json.loads(line)) for line in text.splitlines())

    serve(OM, {}, read(), write)
    assert spoken == [(line[0], json.loads(line[2:])) for line in block[1].splitlines()]


def test_the_page_names_every_field_and_every_code() -> None:
    for form in (wire.Init, wire.InitOk, wire.OrderSent, wire.Round, wire.RoundOk, wire.Error):
        assert f'"type": "{form.model_fields["type"].default}"' in PAGE
        for field in form.model_fields:
            assert f"`{field}`" in PAGE or f'"{field}"' in PAGE
    for code, meaning in wire.ERRORS.items():
        assert f"| {code} | {meaning} |" in PAGE
    assert all(name in wire.OrderSent.model_fields | wire.RoundOk.model_fields for name in FORMS)
