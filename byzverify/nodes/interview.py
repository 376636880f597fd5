"""An interview: one program is put, step by step, to all that a node must be able to do, and told what is wrong.

First it is alone: does it start, answer, end. Then it takes one general's place in runs in which the model plays the
others, and is compared with what the model's program does in its place. What breaks the protocol between nodes, or a
condition that the model keeps, is wrong; where it only does otherwise than the model, it may be another protocol, and
that is said. This module knows what to ask and what an answer hints at; it prints nothing.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import chain

import anyio

from byzverify import library
from byzverify.errors import NodeError, UsageError
from byzverify.language.conditions import COMMANDER, written
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Order
from byzverify.limits import NO_LIMIT
from byzverify.nodes import wire
from byzverify.nodes.conversation import Conversation
from byzverify.nodes.guard import Guard
from byzverify.nodes.harness import Difference, Encounter, encounter, watch
from byzverify.nodes.players import Node
from byzverify.nodes.process import Program
from byzverify.nodes.team import Command, Team
from byzverify.simulation.judging import judge
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import run
from byzverify.simulation.strategies import Alternate, Silent, Strategy

MOST_SHOWN = 6
"""How many lines are shown of how a run differs."""


class Grade(StrEnum):
    """What came of a step."""

    RIGHT = "right"
    WRONG = "wrong"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Finding:
    """One step, and what came of it. lines: what was wrong, or what was expected and came. hint: its cause, perhaps."""

    step: str
    grade: Grade
    lines: tuple[str, ...] = ()
    hint: str = ""


HINTS: Mapping[str, str] = {
    "Permission denied": "is it executable? chmod +x",
    "Exec format error": "a script's first line names its interpreter: #!/usr/bin/env python3",
    "No such file": "a path begins with ./ or /, unless the program is on PATH; and a script's interpreter must exist",
    "did not answer": "flush after each line (in Python: print(..., flush=True)); answer each `round`, too, "
    "when there is nothing to send",
    "ended with exit status 0": "read until the input ends, not just one message",
    "src: Field": "a message is an object with src, dest and body",
    "Unable to extract tag": "body.type says what kind of message it is",
    "in_reply_to: ": "an answer repeats the question's msg_id as in_reply_to",
    "Invalid JSON": "standard output is for messages alone, one a line, from one thread; log to standard error",
    "Input should be an object": "standard output is for messages alone, one a line; log to standard error",
    "answers message": "in_reply_to is the msg_id of the last question",
    "where init_ok": "answer init with init_ok, and send nothing before `round`",
    "writes init_ok": "only `init` is answered with init_ok; `round` with round_ok",
    "to itself": "leave your own node_id out when you send to node_ids; `neighbours` does not have it",
    "forges a sender": "src is the node_id that came in `init`",
    "answers go to": "the dest of an answer is network",
    "two orders under": "answer a round once, with each order once; is something sent again that was sent before?",
    "sends an order of round": "an order's round is that of the last `round` message",
    "which is not one of": "the orders that exist came in `init`, as orders",
    "decides twice": "end when you have decided",
    "and had decided": "end when you have decided: what is to be sent, is sent before the answer with the decision",
    "has not decided": "put the decision into the round_ok of the round in which you decide",
    "had to be ended": "end when standard input ends",
    "ignores SIGTERM": "end when standard input ends, and on SIGTERM",
    "its log ends": "the end of its log says where it failed",
}
"""What a line that tells of a fault hints at; the first one that is in it."""


class Nonsense(Strategy):
    """Say what a loyal general says, and under labels that none uses more."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        strange = ["", "x" * 100, 7, (), (0, (1, ("?",))), (99,), (sender, sender)]
        return dict.fromkeys(strange, self._order) | honest


@dataclass(frozen=True)
class Part:
    """The part of general `me`, in a run in which the model plays the others; everyone starts with `order`.

    traitors: who is one; they follow the strategy.
    """

    step: str
    protocol: Protocol
    me: General
    order: Order
    traitors: Sequence[General] = ()
    strategy: Strategy = field(default_factory=Silent)


def parts(protocol: Protocol) -> Iterator[Part]:
    """The parts that a program plays in an interview, the simplest first."""
    order, last = protocol.orders[1], protocol.n - 1
    commanded = protocol.problem.has_commander
    first, other = ("the commander", "a lieutenant") if commanded else ("general 0", "general 1")
    yield Part(f"plays {first}, and nobody fails", protocol, COMMANDER, order)
    yield Part(f"plays {other}, and nobody fails", protocol, 1, order)
    many = _with_three_orders(protocol)
    for one in many.orders if many else ():
        yield Part(f"plays {other}, where there are three orders, and {one} is given", many or protocol, 1, one)
    if last > 1:
        yield Part(f"bears that general {last} sends nothing", protocol, 1, order, [last])
        yield Part(f"bears that general {last} lies", protocol, 1, order, [last], Alternate(protocol.words))
        yield Part(f"bears what is nonsense from general {last}", protocol, 1, order, [last], Nonsense(order))
    yield Part(f"bears that {first} sends nothing", protocol, 1, order, [COMMANDER])


def _with_three_orders(protocol: Protocol) -> Protocol | None:
    if not library.has_parameter(type(protocol), "values"):
        return None
    try:
        return library.build(type(protocol), library.parameters_of(protocol) | {"values": 3})
    except UsageError:
        return None


class _Embellished(Conversation):
    """A conversation with fields that no node knows, as the protocol allows."""

    def _said(self, lines: list[bytes]) -> bytes:
        messages = [json.loads(line) for line in lines]
        more = [{**one, "id": 7, "body": {**one["body"], "sent_at": "noon", "trace": [None]}} for one in messages]
        return super()._said([json.dumps(one).encode() + b"\n" for one in more])


class Interview:
    """The interview of one program for a place in this protocol. deadline: seconds for each answer."""

    def __init__(self, command: Command, protocol: Protocol, deadline: float) -> None:
        self._command = command
        self._protocol = protocol
        self._deadline = deadline
        self._title = Team(command).title(1)

    def findings(self) -> Iterator[Finding]:
        """What comes of each step, as it is done; the last one is wrong where going on makes no sense.

        Raises Interrupted where the user stops it.
        """
        with Guard() as self._guard:
            for step, kind, act in ALONE:
                finding = anyio.run(self._alone, step, kind, act)
                yield finding
                if finding.grade is Grade.WRONG:
                    return
            for part in parts(self._protocol):
                yield self._played(part)

    async def _alone(self, step: str, kind: type[Conversation], act: Act) -> Finding:
        """Let the program play general 1, with nobody else."""
        known = library.parameters_of(self._protocol)
        reference = library.reference_to(type(self._protocol))
        conversation = kind(self._protocol, 1, self._title, reference, known)
        program = Program(self._command, self._guard)
        stops: list[Exception] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch, NO_LIMIT, stops, tasks.cancel_scope)
            node = Node(conversation, program, self._deadline, tasks)
            try:
                starts = 1 in self._protocol.problem.starters(self._protocol.n)
                await node.begin(self._protocol.orders[1] if starts else None)
                remark = await act(node, program)
                finding = self._remarked(step, remark) if remark else Finding(step, Grade.RIGHT)
            except NodeError as error:
                finding = self._fault(step, error)
            finally:
                node.kill()
                tasks.cancel_scope.cancel()
        for stop in stops:
            raise stop
        return finding

    def _remarked(self, step: str, remark: str) -> Finding:
        what = remark.removeprefix(f"{self._title} ")
        return Finding(step, Grade.DIFFERS, (f"it {what}",), hint(what))

    def _fault(self, step: str, error: NodeError, title: str | None = None) -> Finding:
        what = str(error).removeprefix(title or self._title).lstrip(", ")
        return Finding(step, Grade.WRONG, (what, *error.spoken), hint(what))

    def _played(self, part: Part) -> Finding:
        team = Team(None, {part.me: self._command})
        protocol = part.protocol
        traitors = dict.fromkeys(part.traitors, Fault.BYZANTINE)
        orders = dict.fromkeys(range(protocol.n), part.order)
        play = partial(encounter, protocol, traitors, orders, part.strategy, team, self._guard, self._deadline)
        try:
            met = anyio.run(play)
        except NodeError as error:
            return self._fault(part.step, error, team.title(part.me))
        return _compared(part, met)


Act = Callable[[Node, Program], Awaitable[str | None]]


async def _nothing(node: Node, program: Program) -> str | None:
    return None


async def _first_round(node: Node, program: Program) -> str | None:
    await node.answer(())
    return None


async def _end_of_input(node: Node, program: Program) -> str | None:
    await node.answer(())
    return await node.end()


async def _end_on_sigterm(node: Node, program: Program) -> str | None:
    return None if await program.terminate() else "ignores SIGTERM"


ALONE: Sequence[tuple[str, type[Conversation], Act]] = (
    ("starts, and answers init", Conversation, _nothing),
    ("answers round 1", Conversation, _first_round),
    ("ignores fields that it does not know", _Embellished, _first_round),
    ("ends when its input ends", Conversation, _end_of_input),
    ("ends on SIGTERM", Conversation, _end_on_sigterm),
)
"""What a program is asked while it is alone, as general 1."""


def hint(line: str) -> str:
    """The likely cause of what a line tells."""
    return next((cause for sign, cause in HINTS.items() if sign in line), "")


def _compared(part: Part, met: Encounter) -> Finding:
    """What comes of a run that came to its end."""
    differences = [one for one in met.differences if one.general == part.me]
    unlike = not met.decides_as_model(part.me)
    broken = _broken_by(part, met) if unlike or differences else []
    lines = [*broken, *([_decided(part, met)] if unlike else []), *chain.from_iterable(map(_told, differences))]
    grade = Grade.WRONG if broken else Grade.DIFFERS if lines else Grade.RIGHT
    more = [f"and more, {len(lines) - MOST_SHOWN} lines in all"] if len(lines) > MOST_SHOWN else []
    return Finding(part.step, grade, (*lines[:MOST_SHOWN], *more), _cause(differences, unlike))


def _broken_by(part: Part, met: Encounter) -> list[str]:
    """The conditions that fail, and that hold where the model plays."""
    orders = dict.fromkeys(range(part.protocol.n), part.order)
    model = run(part.protocol, part.traitors, orders, part.strategy)
    held = {one.condition.name for one in judge(model) if one.holds}
    failed = [one.condition for one in judge(met.run) if not one.holds and one.condition.name in held]
    return [f"{condition.name} fails: {condition.statement}" for condition in failed]


def _decided(part: Part, met: Encounter) -> str:
    mine, model = written(met.run.decisions[part.me]), met.model.get(part.me)
    instead = "has not decided by then" if model is None else f"decides {json.dumps(written(model))}"
    return f"it decides {json.dumps(mine)}; with the same messages the model {instead}"


def _told(difference: Difference) -> list[str]:
    """The messages by which a program and the model differ in one place."""
    lines = []
    if difference.said.name != ABSENT.name:
        lines.append(f"it writes          {_message(difference, difference.said)}")
    if difference.model.name != ABSENT.name:
        lines.append(f"the model writes   {_message(difference, difference.model)}")
    return lines


def _message(difference: Difference, order: Order) -> str:
    body = wire.sent(difference.round, difference.label, order)
    return wire.line(wire.node_id(difference.general), wire.node_id(difference.receiver), body).decode().rstrip()


def _cause(differences: Sequence[Difference], unlike: bool) -> str:
    """The likely cause why a program differs from the model."""
    sent = [one for one in differences if one.said.name != ABSENT.name]
    missing = [one for one in differences if one.model.name != ABSENT.name]
    if sent and sent == missing:
        return "is what came passed on as it came, and the first of the orders where nothing came?"
    if missing and not sent:
        return "is everything sent before the round is answered, and to all who are to have it?"
    if sent and not missing:
        return "this goes to somebody who is not to have it, or nothing is to be said about this"
    if sent:
        return "is the label the model's? In OM it is the path that the order came along, the sender last"
    return "is each vote counted once, and what did not come as the first of the orders?" if unlike else ""
