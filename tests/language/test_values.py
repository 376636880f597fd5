"""The operators on plain values, said again in plain Python."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.errors import RuleBroken, UsageError
from byzverify.language import ABSENT, ATTACK, RETREAT, Order, all_of, any_of, count, ite, majority, same
from byzverify.language.values import FALSE, TRUE, domain

ORDERS = [*domain(3), ABSENT]
votes = st.lists(st.sampled_from(ORDERS), max_size=9)


@given(votes)
def test_majority_is_more_than_half_of_all_votes_and_retreat_else(cast: list[Order]) -> None:
    names = Counter(vote.name for vote in cast if vote is not ABSENT)
    leaders = [name for name, number in names.items() if number > len(cast) / 2]
    assert majority(cast).name == (leaders[0] if leaders else "RETREAT")
    assert majority(cast, default=ABSENT).name == (leaders[0] if leaders else "ABSENT")


@given(votes, votes, st.integers(-3, 12))
def test_counts_compare_as_numbers_do(cast: list[Order], other: list[Order], number: int) -> None:
    attacks, retreats = count(cast, ATTACK), count(other, RETREAT)
    a = [vote.name for vote in cast].count("ATTACK")
    r = [vote.name for vote in other].count("RETREAT")
    for comparison, expected in [
        (attacks >= number, a >= number),
        (attacks > number, a > number),
        (attacks <= number, a <= number),
        (attacks < number, a < number),
        (attacks == number, a == number),
        (attacks != number, a != number),
        (attacks > retreats, a > r),
        (attacks == retreats, a == r),
        (2 * attacks - retreats + 1 >= number, 2 * a - r + 1 >= number),
        (number - attacks < retreats, number - a < r),
        (1 + attacks >= 2 * retreats, 1 + a >= 2 * r),
    ]:
        assert bool(comparison) == expected


def test_truths_combine() -> None:
    for left in (True, False):
        for right in (True, False):
            one, other = (TRUE if left else FALSE), (TRUE if right else FALSE)
            assert bool(one & other) == bool(left & one & other) == (left and right)
            assert bool(one | other) == bool(one | right) == (left or right)
            assert bool(~one) == (not left)
            assert bool(ite(one, other, ~other)) == (right if left else not right)
    assert bool(all_of([])) is True
    assert bool(any_of([])) is False


def test_orders_compare_by_name_and_to_nothing_else() -> None:
    assert Order("ATTACK", votes=(RETREAT,)) == ATTACK
    assert ATTACK != RETREAT
    with pytest.raises(RuleBroken, match="which is not an order"):
        assert ATTACK != "ATTACK"
    assert len({ATTACK, Order("ATTACK")}) == 1
    assert ite(True, ATTACK, RETREAT) == ATTACK


def test_a_majority_remembers_its_votes() -> None:
    assert majority([ATTACK, RETREAT, ATTACK]).votes == (ATTACK, RETREAT, ATTACK)


def test_there_are_at_least_two_orders() -> None:
    assert [order.name for order in domain(4)] == ["RETREAT", "ATTACK", "ORDER2", "ORDER3"]
    with pytest.raises(UsageError, match="at least 2"):
        domain(1)


def test_a_comparison_of_sizes_is_the_same_truth_at_a_known_size() -> None:
    """At a known size it is a bool, and at every size a truth: both must be the same as TRUE."""
    assert [bool(same(number < 4, TRUE)) for number in (3, 4)] == [True, False]
    assert [bool(same((number < 4, ATTACK), (FALSE, ATTACK))) for number in (3, 4)] == [False, True]
