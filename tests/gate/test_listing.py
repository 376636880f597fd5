"""What a program computes must not depend on how generals are listed, and is not said to do so where it does not."""

from __future__ import annotations

import pytest

from byzverify.engines.parameterized.deciding import Engine
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.worlds import Computed
from byzverify.errors import NotUnderstood
from byzverify.language import ABSENT, CONSENSUS, General, Order, Program, Protocol, all_of, any_of, broadcast, ite
from byzverify.limits import NO_LIMIT
from byzverify.models.crusader import Crusader
from tests.gate.asking import Asked


class All(Protocol):
    """All votes are compared with one's own, and then all of these findings with what one found."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        alike = all_of(inbox[j] == order for j in self.generals)
        inbox = yield broadcast(ite(alike, order, ABSENT))
        some = any_of(inbox[j] == order for j in self.others(me))
        yield broadcast(ite(some, order, ABSENT))
        return order


class Places(Protocol):
    """Whose vote comes first in the list is heeded."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        yield broadcast(ite(any_of(vote == order for vote in votes[:2]), order, ABSENT))
        return order


@pytest.mark.slow
def test_it_makes_no_difference_where_it_should_not() -> None:
    assert [lemma.name for lemma in Asked(All).lemmas] == ["Agreement", "Validity"]


def test_a_place_in_a_list_makes_a_difference() -> None:
    with pytest.raises(NotUnderstood, match="places"):
        Asked(Places)


def test_two_listings_are_not_the_same_because_what_holds_in_them_is_contradictory() -> None:
    """What is computed in the second world is not assumed when its formulas are compared with those of the first."""
    family = Family(Crusader, {})
    programs = Engine(family, NO_LIMIT).lemmas()._programs
    here, one, other = map(family.arithmetic.truth, ("here", "one", "other"))
    assert programs._differ(Computed(one, [here], []), Computed(other, [-here], []))
    assert not programs._differ(Computed(one, [one], []), Computed(other, [], [other]))
