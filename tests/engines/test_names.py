"""Names: what a program can do with a general while it is checked whether it tells him apart, and what it cannot."""

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from byzverify.engines.finite.names import Name, known_sender, names_of, receivers, renamed
from byzverify.errors import RuleBroken
from byzverify.language.messages import Chain, Dispatch
from byzverify.language.values import ATTACK
from byzverify.models.om import OM

NAMES = names_of(OM(n=4, m=1))
ALL = frozenset(NAMES)


def test_who_is_in_a_group_has_a_name_and_who_is_not_has_his_number() -> None:
    assert NAMES[0] == 0
    assert [type(name) for name in NAMES] == [int, Name, Name, Name]
    assert [name._general for name in NAMES[1:]] == [1, 2, 3]


def test_names_are_equal_to_themselves_and_to_no_other_name() -> None:
    again = names_of(OM(n=4, m=1))
    for place, name in enumerate(NAMES):
        assert [name == other for other in again] == [place == other for other in range(4)]
        assert hash(name) == place
    assert NAMES[1] != "1"
    assert NAMES[1] != [1]
    assert NAMES[1] != 0  # the commander is in no group, so everybody knows his number


@pytest.mark.parametrize("number", [1, 2, 3, 2.0])
def test_a_name_does_not_meet_the_number_of_one_of_its_group(number: float) -> None:
    with pytest.raises(RuleBroken, match="compares a general with the number"):
        assert NAMES[1] == number
    with pytest.raises(RuleBroken, match="compares a general with the number"):
        assert number in [NAMES[1]]


def test_a_name_is_a_truth_only_where_all_numbers_of_its_group_are() -> None:
    assert Name(1, frozenset({1, 2}))
    for general in (0, 2):
        with pytest.raises(RuleBroken, match="uses a general as a truth"):
            bool(Name(general, frozenset({0, 2})))


@pytest.mark.parametrize(
    "use",
    [
        repr,
        str,
        "{}".format,
        abs,
        int,
        float,
        complex,
        operator.index,
        round,
        math.trunc,
        math.floor,
        math.ceil,
        operator.neg,
        operator.invert,
        *(lambda name, done=done: done(name, 2) for done in (operator.lt, operator.ge, operator.add, operator.mod)),
        *(lambda name, done=done: done(2, name) for done in (operator.gt, operator.le, operator.sub, operator.pow)),
        lambda name: name.bit_length(),
        lambda name: name.real,
    ],
)
def test_what_depends_on_the_number_breaks_the_rule(use: Callable[[Any], Any]) -> None:
    with pytest.raises(RuleBroken):
        use(NAMES[2])


def test_who_is_read_from_is_taken_from_the_names() -> None:
    for sender in NAMES:
        known_sender(sender, (), ALL)
        known_sender(sender, Chain("ATTACK", (0, NAMES[3], sender)), ALL)
    for sender, label in [(7, ()), (1, ()), (0, Chain("ATTACK", (2, 0))), (NAMES[1], Chain("ATTACK", (7, NAMES[1])))]:
        with pytest.raises(RuleBroken):
            known_sender(sender, label, ALL)


def test_who_is_sent_to_is_taken_from_the_names() -> None:
    def dispatch(to: list[Any] | None, without: list[Any]) -> Dispatch:
        return Dispatch(ATTACK, (), to, without)

    assert receivers(dispatch(None, []), ALL) == (None, frozenset())
    assert receivers(dispatch(NAMES, NAMES), ALL) == (ALL, ALL)
    assert receivers(dispatch([], [0]), ALL) == (frozenset(), frozenset({0}))
    for to, without in [([7], []), (None, [7]), ([0], [7]), ([7], [0]), ([2], []), (None, [2])]:
        with pytest.raises(RuleBroken):
            receivers(dispatch(to, without), ALL)


class About(NamedTuple):
    step: str
    whom: Any


def test_a_named_tuple_is_renamed_as_the_plain_one_that_is_the_same_label() -> None:
    assert renamed(About("told", Name(2, frozenset({1, 2}))), NAMES) == ("told", NAMES[2])
    assert renamed((About("told", 0), frozenset(NAMES[1:2])), NAMES) == (("told", 0), frozenset(NAMES[1:2]))
