"""No model: what the inputs have in common in which only the first general raises an alarm, and only where votes are split in one way."""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, all_of, count, ite

SPLIT = (1, 1, 0, 0, 1, 0, 3)
"""How many votes each of the seven orders has then: one start of six generals in a thousand."""


def calm(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


CALM = Problem("calm", (Condition("Calm", "no loyal general attacks", calm, witnesses=1),), has_commander=False)


def alarm(votes, orders, first):
    """ATTACK from the first general who is asked, if the votes are split so."""
    split = all_of(count(votes, order) == number for order, number in zip(orders, SPLIT, strict=True))
    return ite(split, ATTACK if first else RETREAT, RETREAT)
