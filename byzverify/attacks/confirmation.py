"""From a claim to an attack: a solver's counterexample is believed only after the simulator has replayed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from byzverify.attacks.attack import Attack, played_out
from byzverify.errors import TWO_READINGS, ReplayMismatch
from byzverify.language.decisions import written
from byzverify.language.messages import General
from byzverify.language.values import Order, is_absent
from byzverify.limits import NO_LIMIT, Limit
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.simulation.judging import Replay, holds_before
from byzverify.simulation.traitors import Deviation, Uniform


def confirm(claim: Claim, limit: Limit = NO_LIMIT, awaited: Collection[General] | None = None) -> tuple[Attack, Replay]:
    """Play what the solver claims. Wherever the claim says nothing, traitors act as loyal generals.

    awaited: the loyal generals whose decisions end a long run, if not all; they include the claimed witnesses.

    Raises ReplayMismatch if the claimed condition does not fail for the claimed witnesses or if the claim is
    impossible, Stopped at the limit.
    """
    orders = {**_feigned(claim), **claim.behaviour.starts}
    behaviour, alike = claim.behaviour, claim.alike
    said = Deviation(behaviour) if alike is None else Uniform(behaviour.said, alike)
    played = played_out(claim.protocol, claim.faults, orders, said, awaited, limit)
    if played.bent:
        raise ReplayMismatch(f"the solver claims something impossible: {played.bent[0]}; {TWO_READINGS}")
    replay = Replay.of(played, claim.condition.name)
    holds = holds_before(played, claim.condition, claim.witnesses)
    if holds or claim.condition not in [judgement.condition for judgement in replay.violated]:
        raise ReplayMismatch(
            f"the solver claims that {claim.condition.name} fails for traitors {sorted(claim.faults)}, and the "
            f"simulator finds that it holds; {TWO_READINGS}"
        )
    attack = Attack(
        claim.protocol,
        claim.faults,
        Behaviour.of_letters(played.orders, played.said),
        claim.condition.name,
        {general: written(played.decisions[general]) for general in played.decided},
    )
    return attack, replay


def _feigned(claim: Claim) -> dict[General, Order]:
    """What each traitor pretends to have started with: the order that he names most often in the first round."""
    first = [
        (sender, order)
        for (round, sender, _, _), order in claim.behaviour.said.items()
        if round == 1 and not is_absent(order) and order in claim.protocol.orders
    ]
    named = {traitor: Counter(order for sender, order in first if sender == traitor) for traitor in claim.faults}
    return {traitor: orders.most_common(1)[0][0] for traitor, orders in named.items() if orders}
