"""An attack that is played against another instance is an attack on it, or it is none."""

import byzverify
from byzverify.attacks.transfer import transferred
from byzverify.catalogue import library
from byzverify.language import Protocol
from examples.grades import Grades


def grades(enough: int, some: int) -> Protocol:
    return library.build(Grades, {"n": 4, "m": 1, "enough": enough, "some": some})


def attack(enough: int, some: int) -> byzverify.Attack:
    verdict = byzverify.check(grades(enough, some))
    assert isinstance(verdict, byzverify.Refuted)
    return verdict.attack


def test_it_breaks_the_instance_that_it_was_found_on() -> None:
    found = attack(1, 1)
    again = transferred(found, found.protocol)
    assert again is not None
    assert (again.condition, again.decisions, dict(again.said)) == (found.condition, found.decisions, dict(found.said))


def test_it_breaks_others_and_is_then_an_attack_on_them() -> None:
    found = attack(2, 1)
    others = [grades(enough, some) for enough in range(1, 5) for some in range(1, 5)]
    broken = [one for one in (transferred(found, other) for other in others) if one is not None]
    assert len(broken) > 3
    for one in broken:
        assert one.condition in [judgement.condition.name for judgement in one.replay().violated]


def test_it_does_not_break_what_is_proved() -> None:
    for thresholds in ((1, 1), (2, 2), (3, 1), (3, 3), (4, 2)):
        assert transferred(attack(*thresholds), grades(3, 2)) is None


def test_a_larger_instance_plays_it_too() -> None:
    other = library.build(Grades, {"n": 5, "m": 1, "enough": 4, "some": 2})
    assert transferred(attack(1, 1), other) is None
