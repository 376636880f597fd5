"""The harness: one run in which programs play the loyal generals, and byzverify is the network and plays the traitors.

A program cannot see who is loyal. In each round the harness collects what every general sends, passes it through the
simulator's own network and channel, and delivers the result. So a run of programs is a `Run` like any other, and the
same judge judges it. The outcome depends on what the programs write, not on when. No process outlives the run.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

import anyio
from anyio.abc import TaskGroup

from byzverify.catalogue import library
from byzverify.errors import NodeError, Stopped, excerpt
from byzverify.language.decisions import Decision, rebuilt, written
from byzverify.language.faults import Fault
from byzverify.language.labels import Label
from byzverify.language.messages import General
from byzverify.language.outgoing import NOTHING, Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Order
from byzverify.limits import DEADLINE, NO_LIMIT, Limit
from byzverify.nodes.conversation import Conversation, NodeTurn, alike
from byzverify.nodes.guard import Guard
from byzverify.nodes.players import InProcess, Node, Player, Seated
from byzverify.nodes.pool import Pool
from byzverify.nodes.team import Team
from byzverify.simulation.channel import addressed_to
from byzverify.simulation.judging import Replay
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import Network, Run, run
from byzverify.simulation.traitors import Silent, Strategy

MOST_ROUNDS = 1000
"""The number of rounds within which every general must decide."""

GLANCE = 0.05
"""Seconds between two checks of the limit while programs work."""


@dataclass(frozen=True)
class Divergence:
    """A difference in one order between what a program sends and what the model's program sends with the same inbox."""

    round: int
    general: General
    receiver: General
    label: Label
    said: Order
    model: Order


@dataclass
class Encounter:
    """A run of programs.

    run: what happened, as the simulator records it. model: what the model's program decides with each loyal general's
    inbox, if it decides as early as he did. differences: where programs do not send what the model sends, in the first
    round with a difference. remarks: about programs that did not end by themselves.
    """

    run: Run
    model: dict[General, Decision] = field(default_factory=dict)
    differences: list[Divergence] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def difference(self) -> Divergence | None:
        """The first difference from what the model sends; None if there is none."""
        return self.differences[0] if self.differences else None

    @property
    def as_model(self) -> bool:
        """Whether all loyal generals decided as the model's program does."""
        return all(map(self.decides_as_model, self.run.loyal))

    def decides_as_model(self, general: General) -> bool:
        """Whether this loyal general decided as the model's program does."""
        return general in self.model and written(self.model[general]) == written(self.run.decisions[general])


def meet(
    protocol: Protocol,
    traitors: Collection[General] | Mapping[General, Fault],
    orders: Mapping[General, Order],
    strategy: Strategy,
    team: Team,
    *,
    deadline: float = DEADLINE,
    limit: Limit = NO_LIMIT,
    about: str | None = None,
) -> tuple[Encounter, Replay]:
    """Run `protocol` with this team in the loyal generals' places, until all of them have decided, and judge the run.

    traitors, orders: as for the simulator's `run`. strategy: sees what the model's program does in a traitor's place.
    about: the name of the condition that the run should break, if any. Raises NodeError for the first general whose
    program is at fault, Stopped at the limit.
    """
    network = Network(protocol, traitors, orders, strategy)
    with Guard() as guard:
        met = anyio.run(partial(encounter, network, team, guard, deadline=deadline, limit=limit))
    return met, Replay.of(met.run, about)


async def encounter(
    network: Network,
    team: Team,
    guard: Guard,
    *,
    deadline: float = DEADLINE,
    limit: Limit = NO_LIMIT,
    pool: Pool | None = None,
) -> Encounter:
    """A run on a new network, not judged; several may share a guard and a pool of programs that can be initialised
    again. Otherwise like `meet`.
    """
    stops: list[Exception] = []
    players: dict[General, Player] = {}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch, limit, stops, tasks.cancel_scope)
        players |= {me: _player(network, me, team, guard, deadline, tasks, pool) for me in network.run.loyal}
        table = _Table(network, players)
        try:
            await table.play()
        except NodeError as error:
            error.run = network.run
            stops.append(error)
        except Exception as error:
            stops.append(error)
        finally:
            for player in players.values():
                player.kill()
        tasks.cancel_scope.cancel()
    for player in players.values():
        player.leave()
    for stop in stops:
        raise stop
    return table.encounter


async def watch(limit: Limit, stops: list[Exception], scope: anyio.CancelScope) -> None:
    """Cancel the scope when the limit is reached or the user interrupts."""
    while not stops:
        try:
            limit.check()
        except Stopped as stop:
            stops.append(stop)
            scope.cancel()
        await anyio.sleep(GLANCE)


def _player(
    network: Network, me: General, team: Team, guard: Guard, deadline: float, tasks: TaskGroup, pool: Pool | None
) -> Player:
    protocol = network.run.protocol
    player = team.player(me)
    if player is None:
        return Seated(network, me)
    parameters = library.parameters_of(protocol)
    reference = library.reference_to(type(protocol))
    conversation = Conversation(protocol, me, team.title(me), reference, parameters)
    if isinstance(player, tuple):
        return Node(conversation, player, guard, deadline, tasks, pool)
    return InProcess(conversation, player, {"me": me, **parameters})


class _Table:
    """One run in progress: the loyal generals' players, and for every general his *shadow*.

    A shadow is the model's program with that general's inbox. A traitor's strategy sees what his shadow does. A loyal
    general's shadow shows what the model would have done in his place.
    """

    def __init__(self, network: Network, players: Mapping[General, Player]) -> None:
        self.encounter = Encounter(network.run)
        self._network = network
        self._players = players
        self._shadows = [Seated(network, general) for general in range(network.run.protocol.n)]

    async def play(self) -> None:
        """Play to the end."""
        result = self._network.run
        for general, shadow in enumerate(self._shadows):
            shadow.take(result.orders.get(general))
        await _each(self._players, lambda me, player: player.begin(result.orders.get(me)))
        loyal: dict[General, Sequence[Content]] = dict.fromkeys(result.loyal, ())
        disloyal: dict[General, Sequence[Content]] = dict.fromkeys(result.faults, ())
        while undecided := {me: player for me, player in self._players.items() if me not in result.decisions}:
            self._check_rounds(undecided)
            answers = await _each(undecided, partial(_answer, loyal))
            self._compare(answers, {me: self._shadows[me].act(letters) for me, letters in loyal.items()})
            if len(result.decisions) == len(result.loyal):
                break
            if result.rounds:
                disloyal = {traitor: self._network.letters(traitor) for traitor in result.faults}
            acts = answers | {traitor: self._shadows[traitor].act(letters) for traitor, letters in disloyal.items()}
            self._network.begin(
                [acts[general].sent if general in acts else NOTHING for general in range(len(self._shadows))]
            )
            loyal = {me: self._letters(me) for me in result.loyal}
        remarks = await _each(self._players, lambda me, player: player.end())
        self.encounter.remarks = [remark for remark in remarks.values() if remark is not None]

    def _letters(self, me: General) -> list[Content]:
        """What reaches a loyal general. A node need not send to itself, so this part comes from the model's program."""
        letters = self._network.letters(me)
        letters[me] = self._shadows[me].to_itself()
        return letters

    def _check_rounds(self, undecided: Iterable[General]) -> None:
        if self._network.run.rounds == MOST_ROUNDS:
            late = min(undecided)
            raise NodeError(f"{self._players[late].title} has not decided after {MOST_ROUNDS:,} rounds", late)

    def _compare(self, answers: Mapping[General, NodeTurn], shadows: Mapping[General, NodeTurn]) -> None:
        """Record decisions, and the first round in which a program sends something else than the model."""
        if not self.encounter.differences:
            for me, answer in answers.items():
                self.encounter.differences += self._differences(me, answer.sent, shadows[me].sent)
        for me, answer in answers.items():
            if answer.decision is not None:
                self._network.run.decisions[me] = self._of_kind(me, answer.decision, shadows[me].decision)
        decided = {me: shadow.decision for me, shadow in shadows.items()}
        self.encounter.model |= {me: decision for me, decision in decided.items() if decision is not None}

    def _differences(self, me: General, sent: Outgoing, model: Outgoing) -> Iterator[Divergence]:
        for receiver in range(len(self._shadows)):
            if receiver != me and self._network.run.protocol.linked(me, receiver):
                said, meant = addressed_to(receiver, sent), addressed_to(receiver, model)
                for label in {**meant, **said}:
                    one, other = said.get(label, ABSENT), meant.get(label, ABSENT)
                    if one.name != other.name:
                        yield Divergence(self._network.run.rounds + 1, me, receiver, label, one, other)

    def _of_kind(self, me: General, decision: Decision, model: Decision | None) -> Decision:
        """The decision in the form that the conditions use. Raises NodeError if it is of another kind."""
        protocol = self._network.run.protocol
        of_model = _without_faults(protocol)[me] if model is None else model
        if not alike(decision, of_model):
            raise NodeError(
                f"{self._players[me].title} decides {excerpt(json.dumps(written(decision)))}, which is not the kind of "
                f"decision that the model makes, such as {json.dumps(written(of_model))}",
                me,
            )
        return _named_as(of_model, decision)


def _named_as(model: Decision, decision: Decision) -> Decision:
    """The decision, with named tuples where the model's decision has them."""
    if isinstance(model, tuple):
        return rebuilt(model, map(_named_as, model, decision))
    if isinstance(model, dict):
        return {general: _named_as(model[general], part) for general, part in decision.items()}
    return decision


@cache
def _without_faults(protocol: Protocol) -> dict[General, Decision]:
    """What the model's program decides when nobody fails."""
    return run(protocol, (), {}, Silent()).decisions


async def _answer(letters: Mapping[General, Sequence[Content]], me: General, player: Player) -> NodeTurn:
    return await player.answer(letters[me])


Outcome = TypeVar("Outcome")


async def _each(
    players: Mapping[General, Player], act: Callable[[General, Player], Awaitable[Outcome]]
) -> dict[General, Outcome]:
    """Let all players act concurrently, and wait for all. If some fail, raise the error of the lowest number.

    So when one has failed, players with higher numbers are cancelled.
    """
    outcomes: dict[General, Outcome] = {}
    errors: dict[General, Exception] = {}
    scopes = {me: anyio.CancelScope() for me in players}

    async def acted(me: General, player: Player) -> None:
        try:
            with scopes[me]:
                outcomes[me] = await act(me, player)
        except Exception as error:
            errors[me] = error
            for other in scopes:
                if other > me:
                    scopes[other].cancel()

    async with anyio.create_task_group() as tasks:
        for me, player in players.items():
            tasks.start_soon(acted, me, player)
    for me in sorted(errors):
        raise errors[me]
    return {me: outcomes[me] for me in players}
