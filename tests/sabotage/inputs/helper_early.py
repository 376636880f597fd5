"""No model: what `uses_two_helpers.py` does first."""


def rule(order, votes):
    return order
