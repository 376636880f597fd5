"""No model: what the inputs have in common in which only the first general raises an alarm, where all wish for different things."""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, all_of, count, ite


def calm(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


CALM = Problem("calm", (Condition("Calm", "no loyal general attacks", calm, witnesses=1),), has_commander=False)


def alarm(votes, orders, first):
    """ATTACK from the first general who is asked, if there is one vote for each order."""
    return ite(all_of(count(votes, order) == 1 for order in orders), ATTACK if first else RETREAT, RETREAT)
