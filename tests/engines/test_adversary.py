"""The adversary: what he may say, what generals start with, and how an assignment is read back."""

from itertools import combinations

import pytest

from byzverify.engines.finite.adversary import Adversary, dictionary
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.engines.finite.variables import Crashes, Lapses
from byzverify.errors import RuleBroken
from byzverify.language.faults import Fault
from byzverify.language.labels import Chain, form_of
from byzverify.language.records import Record
from byzverify.language.values import ABSENT, ATTACK, RETREAT, Order, domain
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import FALSE, TRUE, SimplifiedTerms, Terms

MAYBE = Order("MAYBE")


def can_come(order: SymbolicOrder) -> bool:
    return order.bits != (FALSE,) * len(order.bits)


def test_generals_start_with_orders_and_never_with_marks() -> None:
    algebra = SymbolicAlgebra(Terms(), (*domain(3), MAYBE))
    start = Adversary(algebra, orders=domain(3)).start(0)
    assert start.bits[3] == FALSE
    variables = list(algebra.terms.names())
    assert len(variables) == 2
    for true in ([], variables[:1], variables[1:], variables):
        assert sum(evaluate(algebra.terms, start.bits[:3], true)) == 1


def test_without_marks_generals_start_with_any_order() -> None:
    algebra = SymbolicAlgebra(Terms(), domain(3))
    assert FALSE not in Adversary(algebra, orders=domain(3)).start(0).bits
    assert FALSE not in Adversary(algebra).start(1).bits
    assert len(algebra.terms.names()) == 4


def test_a_traitor_says_any_word_or_none() -> None:
    for words in (domain(2), domain(3), (*domain(2), MAYBE)):
        algebra = SymbolicAlgebra(Terms(), words)
        adversary = Adversary(algebra, {1: Fault.BYZANTINE})
        assert adversary.read(1, 1, 0, (), RETREAT).never_absent is True
        assert adversary.read(1, 1, 0, (), ATTACK).never_absent is True
        assert adversary.read(1, 1, 0, (), ABSENT).never_absent is False
        assert len(algebra.terms.names()) == len(words)  # the three are of one site


def test_what_traitors_overhear_they_can_pass_on_at_once_if_they_rush() -> None:
    """That they do is what is assumed where nothing is said."""
    for rushing in (None, True, False):
        algebra = SymbolicAlgebra(Terms(), domain(2))
        faults = {2: Fault.BYZANTINE}
        adversary = Adversary(algebra, faults) if rushing is None else Adversary(algebra, faults, rushing=rushing)
        adversary.overhear([(Chain("ATTACK", (0,)), TRUE)])
        adversary.overhear([])
        passed_on = Chain("ATTACK", (0, 2))
        assert can_come(adversary.read(1, 2, 1, passed_on, ABSENT)) == (rushing is not False)
        assert can_come(adversary.read(2, 2, 1, passed_on, ABSENT))
        assert not can_come(adversary.read(2, 2, 1, Chain("RETREAT", (0, 2)), ABSENT))


def test_who_crashes_does_so_in_one_of_the_rounds() -> None:
    algebra = SymbolicAlgebra(Terms(), domain(2))
    Adversary(algebra, {1: Fault.CRASH}).lapsed(2, 1, 0, (), ATTACK)
    assert set(algebra.terms.names().values()) == {Crashes(1, 1), Crashes(1, 2), Lapses((2, 1, 0, ()))}


def test_the_dictionary_says_what_each_variable_stands_for() -> None:
    algebra = SymbolicAlgebra(Terms(), (*domain(2), MAYBE))
    adversary = Adversary(algebra, {1: Fault.BYZANTINE, 2: Fault.CRASH, 3: Fault.SYMMETRIC}, orders=domain(2))
    adversary.start(0)
    adversary.overhear([])
    adversary.read(1, 1, 0, ("x", 1), RETREAT)
    adversary.read(1, 1, 0, Chain("MAYBE", (1,)), ABSENT)
    adversary.lapsed(1, 2, 0, (), ATTACK)
    adversary.lapsed(1, 3, 0, (), ATTACK)
    said = {"round": 1, "sender": 1, "receiver": 0}
    to_all = {"round": 1, "sender": 3, "receiver": "everyone", "label": ()}
    assert dictionary(algebra.terms, algebra.domain) == [
        {"general": 0, "starts with": "ATTACK"},
        {**said, "label": ("x", 1), "says": "MAYBE"},
        {**said, "label": ("x", 1), "says": "ATTACK"},
        {**said, "signed": "MAYBE:1", "says": "MAYBE"},
        {"general": 2, "crashes in round": 1},
        {"round": 1, "sender": 2, "receiver": 0, "label": (), "lapses": True},
        {**to_all, "lapses": True},
        *({**to_all, "says": word} for word in ("MAYBE", "ATTACK", "RETREAT")),
    ]


def test_a_chain_is_about_an_order_that_there_is() -> None:
    with pytest.raises(RuleBroken, match="NOBODY'S"):
        Adversary(SymbolicAlgebra(Terms(), domain(2))).signed(1, 1, 0, Chain("NOBODY'S", (1,)), TRUE)


def test_a_message_of_several_fields_comes_whole_and_says_any_word_or_none_in_each() -> None:
    algebra = SymbolicAlgebra(Terms(), domain(2))
    adversary = Adversary(algebra, {1: Fault.BYZANTINE})
    form = form_of("x", ("a", "b"))
    message = adversary.message(1, 1, 0, form)
    assert len(algebra.terms.names()) == 1 + 2 * len(domain(2))
    bits = [bit for part in form.parts() for bit in algebra.order(message.part(part.name)).bits]
    numbers = list(algebra.terms.names())
    seen = {tuple(evaluate(algebra.terms, bits, true)) for true in _subsets(numbers)}
    assert len(seen) == 1 + 3 * 3
    assert all(any(one[2:]) <= any(one[:2]) for one in seen)
    meant = {adversary.meaning(numbers, set(true)).said[1, 1, 0, form].name for true in _subsets(numbers)}
    words = ("ABSENT", "RETREAT", "ATTACK")
    assert meant == {"ABSENT", *(f"a:{one}, b:{other}" for one in words for other in words)}


def _subsets(numbers: list[int]) -> list[tuple[int, ...]]:
    return [some for size in range(len(numbers) + 1) for some in combinations(numbers, size)]


@pytest.mark.parametrize("mode", [Fault.OMISSION, Fault.CRASH, Fault.MANIFEST])
def test_a_message_of_several_fields_lapses_whole(mode: Fault) -> None:
    algebra = SymbolicAlgebra(SimplifiedTerms(), domain(2))
    form = form_of("x", ("a", "b"))
    said = Record({"a": ATTACK, "b": RETREAT})
    came = Adversary(algebra, {1: mode}).lapsed_message(1, 1, 0, form, said)
    first, *others = [algebra.literal(came.part(part.name) != ABSENT) for part in form.parts()]
    assert first not in (TRUE, FALSE)
    assert others == [first, first]


def test_the_dictionary_tells_of_messages_of_several_fields() -> None:
    algebra = SymbolicAlgebra(Terms(), domain(2))
    adversary = Adversary(algebra, {1: Fault.BYZANTINE, 2: Fault.OMISSION})
    form = form_of("x", ("b", "a"))
    adversary.message(1, 1, 0, form)
    adversary.lapsed_message(1, 2, 0, form, Record({"a": ATTACK, "b": RETREAT}))
    said = {"round": 1, "sender": 1, "receiver": 0, "label": "x", "fields": ["a", "b"]}
    assert dictionary(algebra.terms, algebra.domain) == [
        {**said, "comes": True},
        *({**said, "field": name, "says": word} for name in ("a", "b") for word in ("ATTACK", "RETREAT")),
        {**said, "sender": 2, "lapses": True},
    ]
