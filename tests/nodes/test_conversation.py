"""The conversation with a node, without one: what may come when, and that it stands whatever comes."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from byzverify.errors import NodeError
from byzverify.language.decisions import written
from byzverify.language.messages import Chain
from byzverify.language.outgoing import NOTHING
from byzverify.language.protocol import Protocol
from byzverify.language.values import ATTACK, RETREAT
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.nodes.conversation import ANSWERS, Asked, Conversation, NodeTurn
from byzverify.simulation.channel import addressed_to

LONGEST_MESSAGE = 700
"""No line that tells of a fault is longer, but for the command and the log."""


def begun(asked: Asked = Asked.ROUND, protocol: Protocol | None = None, me: int = 1) -> Conversation:
    """The conversation with general 1, who has been asked this last; in a round, it is round 2."""
    conversation = Conversation(protocol or OM(n=4, m=1), me, f"general {me}", "om", {})
    conversation.begin(ATTACK)
    if asked is not Asked.INIT:
        conversation.next_round(())
        conversation.next_round([{(0,): ATTACK, Chain("ATTACK", (0,)): ATTACK}, {}, {}, {}])
    if asked is Asked.AGAIN:
        conversation.again()
    if asked is Asked.END:
        conversation.end()
    return conversation


def line(body: Any, dest: str = "network", src: str = "n1") -> bytes:
    return json.dumps({"src": src, "dest": dest, "body": body}).encode()


def heard(conversation: Conversation, text: bytes) -> NodeTurn | str | None:
    """What comes of a line: an answer, nothing yet, or a fault's line. Anything else is an error."""
    try:
        return conversation.read(text)
    except NodeError as error:
        fault = error
    assert str(fault).startswith("general 1, ")
    assert str(fault).isprintable()
    assert len(str(fault)) < LONGEST_MESSAGE
    assert fault.general == 1
    return str(fault)


BODIES: Mapping[str, dict[str, Any]] = {
    "init_ok": {"type": "init_ok", "in_reply_to": 1},
    "order": {"type": "order", "round": 2, "label": [0, 1], "order": "ATTACK"},
    "round_ok": {"type": "round_ok", "in_reply_to": 3},
    "error": {"type": "error", "code": 14},
}


@pytest.mark.parametrize("asked", Asked)
@pytest.mark.parametrize("kind", BODIES)
def test_a_node_may_write_what_the_table_says_and_nothing_else(asked: Asked, kind: str) -> None:
    allowed = {form.model_fields["type"].default for form in ANSWERS[asked]}
    conversation = begun(asked)
    body = {**BODIES[kind], "in_reply_to": conversation.msg_id} if kind.endswith("_ok") else BODIES[kind]
    came = heard(conversation, line(body, "n2" if kind == "order" else "network"))
    if kind not in allowed:
        assert isinstance(came, str)
        assert f"writes {kind}" in came
    elif kind == "error":
        assert came is not None
        assert "gives up with error 14 (abort)" in str(came)
    else:
        assert came == (None if kind == "order" else NodeTurn(NOTHING))


def test_what_is_sent_is_in_the_answer_to_whom_it_was_sent() -> None:
    conversation = begun()
    for dest, label, order in (("n2", [0, 1], "ATTACK"), ("n3", [0, 1], "RETREAT"), ("n2", "x", "RETREAT")):
        body = {"type": "order", "round": 2, "label": label, "order": order}
        assert conversation.read(line(body, dest)) is None
    answer = conversation.read(line({**BODIES["round_ok"], "decision": "ATTACK"}))
    assert answer is not None
    assert answer.decision == ATTACK
    assert addressed_to(2, answer.sent) == {(0, 1): ATTACK, "x": RETREAT}
    assert addressed_to(3, answer.sent) == {(0, 1): RETREAT}
    assert addressed_to(0, answer.sent) == {}


def test_each_round_begins_with_nothing_sent() -> None:
    conversation = begun()
    conversation.read(line(BODIES["order"], "n2"))
    conversation.read(line(BODIES["round_ok"]))
    conversation.next_round([{}, {}, {}, {}])
    assert conversation.read(line({**BODIES["round_ok"], "in_reply_to": 4})) == NodeTurn(NOTHING)


@pytest.mark.parametrize(
    "decision",
    ["ATTACK", "ABSENT", True, 7, ["ATTACK", 2], {"0": "RETREAT", "3": [False]}, []],
    ids=str,
)
def test_a_decision_means_what_it_says(decision: Any) -> None:
    answer = begun().read(line({**BODIES["round_ok"], "decision": decision}))
    assert answer is not None
    assert written(answer.decision) == decision


def test_a_chain_may_be_begun_and_extended_by_its_receiver_and_by_nobody_else() -> None:
    def signed(order: str, signers: list[int]) -> NodeTurn | str | None:
        label = {"order": order, "signers": signers}
        body = {"type": "order", "round": 2, "label": label, "order": order}
        return heard(begun(protocol=SM(n=4, m=1)), line(body, "n2"))

    assert signed("ATTACK", [1]) is None
    assert signed("ATTACK", [0, 1]) is None
    for order, signers in (("RETREAT", [0, 1]), ("ATTACK", [0]), ("ATTACK", [0, 2, 1]), ("ATTACK", [2, 1])):
        assert "forged" in str(signed(order, signers))


def test_what_the_network_writes_ends_with_the_question_and_leaves_out_what_a_general_tells_himself() -> None:
    conversation = begun()
    text = conversation.next_round([{(0, 2): ATTACK}, {(0, 1): ATTACK}, {}, {"x": RETREAT}])
    bodies = [json.loads(one) for one in text.splitlines()]
    assert [(one["src"], one["body"].get("label")) for one in bodies] == [
        ("n0", [0, 2]),
        ("n3", "x"),
        ("network", None),
    ]
    assert bodies[-1]["body"] == {"type": "round", "msg_id": 4, "round": 3}


DIGITS = line({"type": "round_ok", "in_reply_to": 3, "decision": 7}).replace(b"7", b"9" * 4400)

PLAIN = ["n0", "n1", "n2", "n9", "network", "ATTACK", "RETREAT", "ABSENT"]
TEXTS = st.sampled_from([*PLAIN, "x" * 3000, "\x1b[2J\n", "é\u2028"])
VALUES = st.recursive(
    st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False) | TEXTS | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.fixed_dictionaries({"order": TEXTS, "signers": st.lists(st.integers(-1, 10**9) | st.just(1))})
    ),
    max_leaves=10,
)
NUMBERS = st.integers(0, 5) | VALUES
BODY = st.fixed_dictionaries(
    {"type": st.sampled_from(["init_ok", "order", "round_ok", "error", "init"]) | VALUES},
    optional={
        "in_reply_to": NUMBERS,
        "round": NUMBERS,
        "label": VALUES,
        "order": TEXTS | VALUES,
        "decision": VALUES,
        "code": NUMBERS,
        "text": TEXTS | VALUES,
    },
)
MESSAGES = st.fixed_dictionaries(
    {"src": st.just("n1") | TEXTS | VALUES, "dest": TEXTS | VALUES, "body": BODY | VALUES}
).map(lambda message: json.dumps(message).encode(errors="surrogatepass"))
LINES = MESSAGES | VALUES.map(lambda value: json.dumps(value).encode(errors="surrogatepass")) | st.binary()


@given(st.sampled_from(Asked), st.sampled_from([OM(n=4, m=1), SM(n=4, m=1)]), st.lists(LINES, max_size=6))
@example(Asked.ROUND, OM(n=4, m=1), [b"[" * 100_000])
@example(Asked.ROUND, OM(n=4, m=1), [DIGITS])
@example(Asked.ROUND, OM(n=4, m=1), [line(BODIES["order"], "n2"), line(BODIES["order"], "n2")])
@example(Asked.ROUND, OM(n=4, m=1), [b'{"src": "\\ud800", "dest": "network", "body": {}}'])
def test_whatever_a_node_writes_there_is_an_answer_or_nothing_or_a_fault(
    asked: Asked, protocol: Protocol, lines: list[bytes]
) -> None:
    conversation = begun(asked, protocol)
    for text in lines:
        came = heard(conversation, text)
        if isinstance(came, str):
            return
        if came is not None:
            conversation.next_round([{}, {}, {}, {}])


SENDINGS = st.tuples(st.sampled_from(["n0", "n2", "n3"]), VALUES, st.sampled_from(["ATTACK", "RETREAT"]))


@given(st.lists(SENDINGS, max_size=8))
def test_what_is_taken_can_be_written_to_the_receiver(sent: list[tuple[str, Any, str]]) -> None:
    sender, receiver = begun(), begun(me=2)
    for dest, label, order in sent:
        body = {"type": "order", "round": 2, "label": label, "order": order}
        if isinstance(heard(sender, line(body, dest)), str):
            return
    answer = sender.read(line(BODIES["round_ok"]))
    assert answer is not None
    text = receiver.next_round([{}, addressed_to(2, answer.sent), {}, {}])
    assert text.count(b"\n") == 1 + sum(dest == "n2" for dest, _, _ in sent)
