"""One run: of a model with scripted traitors, or of users' programs in the places of loyal generals.

This module knows the simulator and the harness of programs. It must not know the checker.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from byzverify.attacks.attack import Attack
from byzverify.errors import UsageError, meant
from byzverify.language.faults import Faults, faults_of
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import DEADLINE, NO_LIMIT, Limit
from byzverify.loading.stopping import question_begins
from byzverify.questions.question import demand_instance
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Script, scripted

if TYPE_CHECKING:
    from byzverify.nodes.harness import Encounter
    from byzverify.nodes.team import Team


def simulate(
    model: Protocol,
    traitors: Collection[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str = "alternate",
    seed: int = 0,
) -> Replay:
    """Run `model` once with scripted traitors, to the end, and judge the run.

    traitors: who is faulty, with the mode of each if not all are byzantine; a fault mode limits what the strategy can
    do. orders: the name of the order that all generals start with, or one name for each general that starts with an
    order. strategy: `alternate`, `silent` or `random`, which draws from `seed`. Raises UsageError for unknown names or
    generals.
    """
    question_begins()
    started, faults = _started(model, orders), _faulty(model, traitors)
    return Replay.of(run(model, faults, started, scripted(strategy, model.words, seed), everyone=True))


def simulate_programs(
    model: Protocol,
    traitors: Collection[General] | Mapping[General, str],
    orders: Sequence[str],
    team: Team,
    strategy: str = "alternate",
    seed: int = 0,
    deadline: float = DEADLINE,
    limit: Limit = NO_LIMIT,
) -> tuple[Encounter, Replay]:
    """The same as `simulate`, with programs in the loyal generals' places, until they have decided.

    deadline: seconds that a program may take for each answer. Raises NodeError if a program is at fault, Stopped at
    the limit.
    """
    from byzverify.nodes.harness import meet

    question_begins()
    started, faults = _started(model, orders), _faulty(model, traitors)
    said = scripted(strategy, model.words, seed)
    return meet(model, faults, started, said, team, deadline=deadline, limit=limit)


def _faulty(model: Protocol, traitors: Collection[General] | Mapping[General, str]) -> Faults:
    """The faulty generals with their modes. Raises UsageError for unknown modes or generals."""
    faults = faults_of(traitors)
    if not set(faults) <= set(range(model.n)):
        raise UsageError(f"traitors must be among the generals 0 to {model.n - 1}")
    return faults


def _started(model: Protocol, orders: Sequence[str]) -> dict[General, Order]:
    """What each general starts with, from names of orders. Raises UsageError for unknown names or a wrong number."""
    demand_instance(model)
    starters = model.problem.starters(model.n)
    known = {order.name: order for order in model.orders}
    if not isinstance(orders, Sequence) or isinstance(orders, str):
        raise UsageError(f"orders are given as a list of their names, such as ['ATTACK'], not as {orders!r}")
    if len(orders) not in (1, len(starters)):
        each = f"give one order for all, or one for each of the {len(starters)} generals"
        wanted = each if len(starters) > 1 else "only the commander starts with an order: give that one"
        raise UsageError(f"{wanted}; here are {len(orders)}")
    for name in orders:
        if name not in known:
            raise UsageError(f"{name!r} is not an order; there are {', '.join(known)}{meant(name, known)}")
    return {g: known[orders[i if len(orders) > 1 else 0]] for i, g in enumerate(starters)}


def face(attack: Attack, team: Team, deadline: float = DEADLINE, limit: Limit = NO_LIMIT) -> tuple[Encounter, Replay]:
    """Play an attack against programs. Returns what happened, and the judge's findings.

    deadline: seconds that a program may take for each answer. Raises NodeError if a program is at fault, Stopped at
    the limit.
    """
    from byzverify.nodes.harness import meet

    question_begins()
    return meet(
        attack.protocol,
        attack.traitors,
        attack.orders,
        Script(attack.said),
        team,
        deadline=deadline,
        limit=limit,
        about=attack.condition,
    )
