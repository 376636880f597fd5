"""No model: the rule of `late_types.py`."""

from byzverify.language import ATTACK, RETREAT


def decided(me, votes):
    return ATTACK if type(me) is int and me == len(votes) - 1 else RETREAT
