"""Protocols that random ones seldom come near: each depends on one thing that an adversary can do, or cannot.

Written as the trees of the campaign, and examined like its cases. What a campaign finds belongs here, too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.differential.cases import Case, examined
from tests.differential.syntax import (
    All,
    By,
    Choice,
    Claim,
    Decided,
    For,
    Heard,
    Named,
    Node,
    Not,
    Own,
    Program,
    Same,
    Say,
    Several,
    Shown,
    Sign,
    Some,
)

ABSENT, RETREAT, ATTACK = Named("ABSENT"), Named("RETREAT"), Named("ATTACK")
CALM = Same(Decided("w0"), RETREAT)
CALM_IF_HE_IS_NOT = Some((For("i", "loyal starters", All(())), CALM))
"""That loyal generals retreat; and that they do if the commander has failed."""


def alarm(rounds: tuple[Several, ...], when: Node, *, holds: Node = CALM, rushing: bool = True) -> Program:
    """A program that attacks in one event, and whose condition says that it does not."""
    return Program(rounds, Choice(when, ATTACK, RETREAT), (Claim(1, holds),), has_commander=True, rushing=rushing)


def heard(round: int) -> Node:
    """Whether anything came from the commander in this round."""
    return Not(Same(Heard(round, "commander", default=ABSENT), ABSENT))


TOLD, SIGNED = (By(0, Say(Own())),), (By(0, Sign(Own())),)
RISEN = alarm((TOLD, TOLD), All((Not(heard(1)), heard(2))))
SECOND_HAND = Some((For("i", "fellows", Shown(1, "ATTACK", ("commander", "i"))),))
THIRD_HAND = Some((For("i", "fellows", For("j", "strangers", Shown(2, "ATTACK", ("commander", "i", "j")))),))

ANY_WORD = Some((For("i", "fellows", Not(Same(Heard(1, "i", default=ABSENT), ABSENT))),))
ALL_QUIET = All((For("i", "fellows", Same(Heard(1, "i", default=ABSENT), ABSENT)),))
TOLD_TO_TWO = replace(alarm(((By(1, Say(ATTACK, to="rest")),),), ANY_WORD), groups="none")

DELICATE = {
    "who has crashed stays silent": (Case(RISEN, 3, {"crash": 1}), False),
    "who omits need not": (Case(RISEN, 3, {"omission": 1}), True),
    "one can lie to all by silence": (Case(alarm((TOLD,), Not(heard(1))), 3, {"symmetric": 1}), True),
    "who rushes passes on a signature at once": (Case(alarm((SIGNED,), SECOND_HAND), 3, {"byzantine": 1}), True),
    "who does not rush cannot": (Case(alarm((SIGNED,), SECOND_HAND, rushing=False), 3, {"byzantine": 1}), False),
    "every loyal signature is needed": (Case(alarm((SIGNED, ()), THIRD_HAND), 4, {"byzantine": 1}), False),
    "liars learn from those who omit": (
        Case(alarm((SIGNED,), SECOND_HAND, holds=CALM_IF_HE_IS_NOT), 4, {"byzantine": 1, "omission": 1}),
        True,
    ),
    "who is no neighbour is not heard": (Case(alarm(((),), ANY_WORD), 4, {"byzantine": 1}, graph="star:3"), False),
    "two fail at once, each in his way": (
        Case(alarm(((Say(RETREAT),),), ALL_QUIET), 4, {"crash": 1, "manifest": 1}),
        True,
    ),
    "every witness is asked": (Case(TOLD_TO_TWO, 3, {}), True),
}
"""Each with whether its condition can be broken."""


@pytest.mark.slow
@pytest.mark.parametrize("what", DELICATE)
def test_everything_agrees(what: str, tmp_path: Path) -> None:
    case, breaks = DELICATE[what]
    assert bool(examined(case, tmp_path).found.broken) == breaks
