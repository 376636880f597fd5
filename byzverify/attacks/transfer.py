"""An attack on one instance, played against another: whether it breaks that one too.

The faulty generals say to others exactly what the attack says. What the other instance's programs do not read has no
effect, and what is impossible in it is left out by the channel. So whatever breaks, breaks in a possible run of it.
"""

from __future__ import annotations

from dataclasses import replace

from byzverify.attacks.attack import Attack
from byzverify.language.decisions import written
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT, Limit
from byzverify.scenario.behaviour import Behaviour


def transferred(attack: Attack, protocol: Protocol, limit: Limit = NO_LIMIT) -> Attack | None:
    """The attack on this protocol, with what is said in its run; None if the judge finds that every condition holds.

    Raises ProtocolError if a program breaks a rule, Stopped at the limit.
    """
    replay = replace(attack, protocol=protocol, decisions={}).replay(limit)
    if not replay.violated:
        return None
    played = replay.run
    return Attack(
        protocol,
        attack.traitors,
        Behaviour.of_letters(played.orders, played.said),
        replay.explained[0].condition.name,
        {general: written(played.decisions[general]) for general in played.decided},
    )
