"""No model: what `uses_two_helpers.py` does last."""

from byzverify.language import majority


def rule(order, votes):
    return majority(votes)
