"""The conformance test: checks step by step that a program can do everything that a node must do.

First the program is alone: does it start, answer and end? Then it takes one general's place in runs in which the model
plays the others, and is compared with what the model's program does in that place. A program is wrong if it violates
the node protocol, or breaks a condition that the model keeps. A program that only does something else than the model
may implement another protocol, and is reported as different. This module knows what to ask and what an answer hints
at; it prints nothing.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import chain

import anyio

from byzverify.catalogue import library
from byzverify.errors import NodeError, UsageError
from byzverify.language.conditions import COMMANDER
from byzverify.language.decisions import written
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order, is_absent
from byzverify.limits import NO_LIMIT
from byzverify.nodes import wire
from byzverify.nodes.advice import hint
from byzverify.nodes.conversation import Conversation
from byzverify.nodes.guard import Guard
from byzverify.nodes.harness import Divergence, Encounter, encounter, watch
from byzverify.nodes.players import Node
from byzverify.nodes.pool import Pool
from byzverify.nodes.program import Program
from byzverify.nodes.team import Command, Team
from byzverify.simulation.judging import judge
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import Network, run
from byzverify.simulation.traitors import Alternate, Silent, Strategy

MOST_SHOWN = 6
"""How many lines are shown about the differences in a run."""


class Grade(StrEnum):
    """The result of a step."""

    RIGHT = "right"
    WRONG = "wrong"
    DIFFERS = "differs"


@dataclass(frozen=True)
class StepResult:
    """One step and its result. lines: what is wrong, or what was expected and what came. hint: the likely cause."""

    step: str
    grade: Grade
    lines: tuple[str, ...] = ()
    hint: str = ""


class Nonsense(Strategy):
    """Say what a loyal general says, and more under labels that no general uses."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        strange = ["", "x" * 100, 7, (), (0, (1, ("?",))), (99,), (sender, sender)]
        return dict.fromkeys(strange, self._order) | honest


@dataclass(frozen=True)
class Role:
    """The part of general `me` in a run in which the model plays the others; everyone starts with `order`.

    traitors: the generals who follow the strategy.
    """

    step: str
    protocol: Protocol
    me: General
    order: Order
    traitors: Sequence[General] = ()
    strategy: Strategy = field(default_factory=Silent)


def parts(protocol: Protocol) -> Iterator[Role]:
    """The parts that a program plays in the test, the simplest first."""
    order, last = protocol.orders[1], protocol.n - 1
    commanded = protocol.problem.has_commander
    first, other = ("the commander", "a lieutenant") if commanded else ("general 0", "general 1")
    yield Role(f"plays {first}, without faults", protocol, COMMANDER, order)
    yield Role(f"plays {other}, without faults", protocol, 1, order)
    many = _with_three_orders(protocol)
    for one in many.orders if many else ():
        yield Role(f"plays {other}, with three orders, and is given {one}", many or protocol, 1, one)
    if last > 1:
        yield Role(f"tolerates that general {last} sends nothing", protocol, 1, order, [last])
        yield Role(f"tolerates that general {last} lies", protocol, 1, order, [last], Alternate(protocol.words))
        yield Role(f"tolerates nonsense from general {last}", protocol, 1, order, [last], Nonsense(order))
    yield Role(f"tolerates that {first} sends nothing", protocol, 1, order, [COMMANDER])


def _with_three_orders(protocol: Protocol) -> Protocol | None:
    if not library.has_parameter(type(protocol), "values"):
        return None
    try:
        return library.build(type(protocol), library.parameters_of(protocol) | {"values": 3})
    except UsageError:
        return None


class _Embellished(Conversation):
    """A conversation that adds fields that no node knows, which the node protocol allows."""

    def _said(self, lines: list[bytes]) -> bytes:
        messages = [json.loads(line) for line in lines]
        more = [{**one, "id": 7, "body": {**one["body"], "sent_at": "noon", "trace": [None]}} for one in messages]
        return super()._said([json.dumps(one).encode() + b"\n" for one in more])


class ConformanceTest:
    """The test of one program for a place in this protocol. deadline: seconds for each answer."""

    def __init__(self, command: Command, protocol: Protocol, deadline: float) -> None:
        self._command = command
        self._protocol = protocol
        self._deadline = deadline
        self._title = Team(command).title(1)
        self._reusable = False
        self._met: list[tuple[Role, Encounter]] = []

    def findings(self) -> Iterator[StepResult]:
        """The result of each step, one by one. The test ends early with a wrong step if going on makes no sense.

        Raises Interrupted if the user stops it.
        """
        with Guard() as self._guard:
            for step, kind, act in ALONE:
                finding = anyio.run(self._alone, step, kind, act)
                yield finding
                if finding.grade is Grade.WRONG:
                    return
            for part in parts(self._protocol):
                yield self._played(part)
            if self._reusable and self._met:
                yield self._initialised_again()

    async def _alone(self, step: str, kind: type[Conversation], act: Act) -> StepResult:
        """Let the program play general 1, with nobody else."""
        known = library.parameters_of(self._protocol)
        reference = library.reference_to(type(self._protocol))
        conversation = kind(self._protocol, 1, self._title, reference, known)
        stops: list[Exception] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(watch, NO_LIMIT, stops, tasks.cancel_scope)
            node = Node(conversation, self._command, self._guard, self._deadline, tasks)
            try:
                starts = 1 in self._protocol.problem.starters(self._protocol.n)
                await node.begin(self._protocol.orders[1] if starts else None)
                self._reusable = conversation.reusable
                remark = await act(node, node.program)
                finding = self._remarked(step, remark) if remark else StepResult(step, Grade.RIGHT)
            except NodeError as error:
                finding = self._fault(step, error)
            finally:
                node.kill()
                tasks.cancel_scope.cancel()
        for stop in stops:
            raise stop
        return finding

    def _remarked(self, step: str, remark: str) -> StepResult:
        what = remark.removeprefix(f"{self._title} ")
        return StepResult(step, Grade.DIFFERS, (f"it {what}",), hint(what))

    def _fault(self, step: str, error: NodeError, title: str | None = None) -> StepResult:
        what = str(error).removeprefix(title or self._title).lstrip(", ")
        return StepResult(step, Grade.WRONG, (what, *error.spoken), hint(what))

    def _played(self, part: Role) -> StepResult:
        try:
            met = self._encounter(part)
        except NodeError as error:
            return self._fault(part.step, error, self._team(part).title(part.me))
        self._met.append((part, met))
        return _compared(part, met)

    def _encounter(self, part: Role, pool: Pool | None = None) -> Encounter:
        """Run the protocol with the program in this part."""
        orders = dict.fromkeys(range(part.protocol.n), part.order)
        network = Network(part.protocol, part.traitors, orders, part.strategy)
        return anyio.run(partial(encounter, network, self._team(part), self._guard, deadline=self._deadline, pool=pool))

    def _team(self, part: Role) -> Team:
        return Team(None, {part.me: self._command})

    def _initialised_again(self) -> StepResult:
        """Let one process play all parts, one after the other: in each it must do what a new process did."""
        pool = Pool()
        try:
            for part, anew in self._met:
                try:
                    met = self._encounter(part, pool)
                except NodeError as error:
                    return self._fault(AGAIN, error, self._team(part).title(part.me))
                if lines := _unlike(part, met, anew):
                    return StepResult(
                        AGAIN, Grade.WRONG, lines, "at each init, forget all that was received, decided and stored"
                    )
        finally:
            anyio.run(pool.close)
        return StepResult(AGAIN, Grade.RIGHT)


AGAIN = "starts afresh when it is initialised again"
"""The last step, for a program that says that it can be initialised again."""


def _unlike(part: Role, again: Encounter, anew: Encounter) -> tuple[str, ...]:
    """What a program does differently when it is initialised again instead of started anew, in at most one line."""
    decided, expected = (written(met.run.decisions[part.me]) for met in (again, anew))
    if decided != expected:
        how = f"newly started it decides {json.dumps(expected)}, and initialised again {json.dumps(decided)}"
        return (f"{part.step}: {how}",)
    if again.differences != anew.differences:
        return (f"{part.step}: initialised again it sends other messages than newly started",)
    return ()


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
"""The steps with the program alone, as general 1: name, kind of conversation, and what to do after `init`."""


def _compared(part: Role, met: Encounter) -> StepResult:
    """The result of a completed run."""
    differences = [one for one in met.differences if one.general == part.me]
    unlike = not met.decides_as_model(part.me)
    broken = _broken_by(part, met) if unlike or differences else []
    lines = [*broken, *([_decided(part, met)] if unlike else []), *chain.from_iterable(map(_told, differences))]
    grade = Grade.WRONG if broken else Grade.DIFFERS if lines else Grade.RIGHT
    more = [f"and more, {len(lines) - MOST_SHOWN} lines in all"] if len(lines) > MOST_SHOWN else []
    return StepResult(part.step, grade, (*lines[:MOST_SHOWN], *more), _cause(differences, unlike))


def _broken_by(part: Role, met: Encounter) -> list[str]:
    """The conditions that fail in this run, and hold if the model plays this part."""
    orders = dict.fromkeys(range(part.protocol.n), part.order)
    model = run(part.protocol, part.traitors, orders, part.strategy)
    held = {one.condition for one in judge(model) if one.holds}
    failed = [one.condition for one in judge(met.run) if not one.holds and one.condition in held]
    return [f"{condition.name} fails: {condition.statement}" for condition in failed]


def _decided(part: Role, met: Encounter) -> str:
    mine, model = written(met.run.decisions[part.me]), met.model.get(part.me)
    instead = "has not decided by then" if model is None else f"decides {json.dumps(written(model))}"
    return f"it decides {json.dumps(mine)}; with the same messages the model {instead}"


def _told(difference: Divergence) -> list[str]:
    """The messages in which the program and the model differ at one place."""
    lines = []
    if not is_absent(difference.said):
        lines.append(f"it writes          {_message(difference, difference.said)}")
    if not is_absent(difference.model):
        lines.append(f"the model writes   {_message(difference, difference.model)}")
    return lines


def _message(difference: Divergence, order: Order) -> str:
    body = wire.sent(difference.round, difference.label, order)
    return wire.line(wire.node_id(difference.general), wire.node_id(difference.receiver), body).decode().rstrip()


def _cause(differences: Sequence[Divergence], unlike: bool) -> str:
    """The likely reason why the program differs from the model."""
    sent = [one for one in differences if not is_absent(one.said)]
    missing = [one for one in differences if not is_absent(one.model)]
    if sent and sent == missing:
        return "does it pass on each order as received, and the first of the orders where it received nothing?"
    if missing and not sent:
        return "does it send everything before it answers the round, and to every receiver?"
    if sent and not missing:
        return "does it send this to a wrong receiver, or when it should send nothing?"
    if sent:
        return "is the label the model's? In OM it is the path that the order came along, the sender last"
    return "does it count each vote once, and a missing one as the first of the orders?" if unlike else ""
