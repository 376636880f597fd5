"""Interchangeable generals: the declaration is believed only where the program cannot tell them apart."""

import json
import os
import signal
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.engines.finite import symmetry
from byzverify.engines.finite.scenarios import NONE, Symmetry
from byzverify.engines.finite.symmetry import Examination, asymmetry, declared_symmetry
from byzverify.errors import OutOfTime, ProtocolError
from byzverify.language import (
    ATTACK,
    COMMANDER,
    CONSENSUS,
    RETREAT,
    General,
    Inbox,
    Order,
    Program,
    Protocol,
    any_of,
    broadcast,
    count,
    ite,
    majority,
    send,
    sign,
)
from byzverify.limits import Limit
from byzverify.models.dolev_strong import DolevStrong
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram
from byzverify.models.sm import SM


class Tell(Protocol):
    """The commander tells; what a lieutenant makes of it is up to the subclass."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        return self.decide(me, inbox, told)

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return told


class ComparesWithANumber(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if me == 2 else told


class ComparesNumbers(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if me < 2 else told


class ReadsByNumber(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return inbox.get(2, default=RETREAT)


class KeepsATable(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return {0: told, 1: told, 2: ATTACK, 3: told}[me]


class WritesANumber(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if f"{me}" == "2" else told


class PrefersTheFirstListed(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return inbox.get(self.others(me, COMMANDER)[0], default=RETREAT)


class WeighsUnequally(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        first, *rest = [inbox.get(j, default=RETREAT) for j in self.others(me, COMMANDER)]
        return ite(2 * count([first], ATTACK) + count(rest, ATTACK) >= 2, ATTACK, RETREAT)


class SendsByNumber(Protocol):
    def general(self, me: General, order: Order) -> Program:
        inbox = yield send(order, to=[1, 2]) if me == COMMANDER else None
        return inbox.get(COMMANDER, default=RETREAT)


class FavoursInASend(Protocol):
    def general(self, me: General, order: Order) -> Program:
        inbox = yield send(order, to=self.lieutenants[:2]) if me == COMMANDER else None
        return inbox.get(COMMANDER, default=RETREAT)


class ConfusesLabels(Protocol):
    """Labels an order now with a lieutenant, now with the number 1, which is lieutenant 1's too."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [broadcast(order, label=1), broadcast(order, label=me)] if me == COMMANDER else None
        told = inbox.get(COMMANDER, 1, default=RETREAT)
        inbox = yield [broadcast(told, label=me)]
        return majority([inbox.get(j, j, default=RETREAT) for j in self.lieutenants])


class ConfusesPlacesOfLabels(Protocol):
    """The same, where it is a place in a label."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, label=("for", self.n - 1)) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, ("for", me), default=RETREAT)


class HeedsOneWithoutOrders(Tell):
    """Who has no order of his own, which is every lieutenant, heeds the first of the others."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        return order if order is not None else inbox.get(self.others(me, COMMANDER)[0], default=RETREAT)


class LooksHimselfUpInASet(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if me in {self.n - 1} else told


class LooksHimselfUpInATable(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return {self.n - 1: ATTACK}.get(me, told)


class ComparesWithAFraction(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if me == self.n / 2 else told


class AsksWhetherHeIsZero(Protocol):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        yield None
        return order if me else ATTACK


class ConfusesLabelsOfOthers(Protocol):
    """The commander labels with a number what a lieutenant reads under his name."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, label=self.n - 1) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, me, default=RETREAT)


class Remembers(Tell):
    """A cache on a method must not be shared between generals, or between two ways of listing them."""

    @cache  # noqa: B019
    def first(self, me: General) -> General:
        return self.others(me, COMMANDER)[0]

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return inbox.get(self.first(me), default=RETREAT)


class TrustsItself(Tell):
    """Symmetric although it takes the first of a list: each lieutenant starts it with himself."""

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        if me == COMMANDER:
            return told
        return majority([inbox.get(j, default=RETREAT) for j in self.lieutenants], default=inbox[self.lieutenants[0]])


class AsksForAnInteger(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if isinstance(me, int) and me == 2 else told


class MatchesAnInteger(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        match me:
            case int(2):
                return ATTACK
        return told


class AsksForHisType(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if type(me) is int and me == 2 else told


class Near(NamedTuple):
    said: Order


class Far(NamedTuple):
    said: Order


class DecidesOfTwoTypes(Tell):
    def decide(self, me: General, inbox: Inbox, told: Order) -> Any:
        nearest = self.others(me, COMMANDER)[:1]
        return {j: Near(inbox[j]) if j in nearest else Far(inbox[j]) for j in self.lieutenants}


ASYMMETRIC = [
    ComparesWithANumber,
    ComparesNumbers,
    ReadsByNumber,
    KeepsATable,
    WritesANumber,
    PrefersTheFirstListed,
    WeighsUnequally,
    SendsByNumber,
    FavoursInASend,
    ConfusesLabels,
    ConfusesLabelsOfOthers,
    ConfusesPlacesOfLabels,
    HeedsOneWithoutOrders,
    LooksHimselfUpInASet,
    LooksHimselfUpInATable,
    ComparesWithAFraction,
    AsksWhetherHeIsZero,
    Remembers,
    AsksForAnInteger,
    MatchesAnInteger,
    AsksForHisType,
]


def test_a_program_is_told_apart_by_the_types_of_what_it_decides() -> None:
    assert "depends on the order" in (asymmetry(DecidesOfTwoTypes(n=5)) or "")


@pytest.mark.parametrize("protocol", ASYMMETRIC)
def test_a_program_that_tells_generals_apart_is_noticed(protocol: type[Protocol]) -> None:
    assert asymmetry(protocol(n=4)) is not None


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ASYMMETRIC)
def test_the_verdict_on_an_asymmetric_program_is_that_of_every_set(
    protocol: type[Protocol], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {t: [known.verdict for known in byzverify.check(protocol(n=4), t).conditions] for t in range(3)}
    monkeypatch.setattr(Examination, "_rehearse_one", lambda _: "not asked")
    assert found == {t: [known.verdict for known in byzverify.check(protocol(n=4), t).conditions] for t in range(3)}


def test_without_symmetry_every_largest_set_of_traitors_is_executed() -> None:
    class Constant(Protocol):
        def general(self, me: General, order: Order) -> Program:
            yield None
            return order if me == COMMANDER or me < 0 else RETREAT

    verdict = byzverify.check(Constant(n=4), 1)
    assert verdict.evidence.asymmetry is not None
    assert [known.verdict for known in verdict.conditions] == ["proved", "refuted"]
    assert verdict.evidence.scenarios == 4


class TwoColours(Protocol):
    """Two groups of lieutenants, told apart only by which group they are in: symmetric."""

    problem = CONSENSUS

    def interchangeable(self) -> Sequence[Collection[General]]:
        return [range(1, 3), range(3, self.n)]

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        inbox = yield broadcast(majority(votes))
        return majority([inbox.get(j, default=RETREAT) for j in self.generals], default=inbox.get(0, default=RETREAT))


@pytest.mark.slow
@pytest.mark.parametrize(("n", "t"), [(4, 1), (5, 1), (5, 2), (6, 1)])
def test_two_groups_fold_without_changing_the_verdict(n: int, t: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folded = byzverify.check(TwoColours(n=n), t)
    assert folded.evidence.asymmetry is None
    monkeypatch.setattr(Examination, "_rehearse_one", lambda _: "not asked")
    every = byzverify.check(TwoColours(n=n), t)
    assert [known.verdict for known in every.conditions] == [known.verdict for known in folded.conditions]


class PrefersInTheSecondGroup(TwoColours):
    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return inbox.get([j for j in self.generals if j not in (0, me)][-1], default=RETREAT)


class SendsToTheThirdListed(Tell):
    """An asymmetry that only the rotation of the listing shows: the first two may be exchanged."""

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return inbox.get(self.others(me, COMMANDER)[2], default=RETREAT)


class HeedsNeighbours(Tell):
    """An asymmetry that rotating the listing does not show: who stands next to whom in it."""

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        votes = [inbox.get(j, default=RETREAT) == ATTACK for j in self.others(me, COMMANDER)]
        together = any_of(one & other for one, other in zip(votes, votes[1:] + votes[:1], strict=True))
        return ite(together, ATTACK, RETREAT)


class LooksTheSecondUpInASet(Tell):
    """Neither the first nor the last of his group is treated otherwise."""

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        return ATTACK if me in {2} else told


class HeedsOneThenTheOther(Protocol):
    """A lieutenant heeds one of two others in one round and the second in the next: exchanged, he would not."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        one = yield broadcast(told)
        two = yield broadcast(told)
        if me == COMMANDER:
            return order
        first, second = self.others(me, COMMANDER)
        both = (one.get(first, default=RETREAT) == ATTACK) & (two.get(second, default=RETREAT) == ATTACK)
        return ite(both, ATTACK, RETREAT)


class HeedsOneLabelThenTheOther(Protocol):
    """The same, with two labels in place of two rounds."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield [broadcast(told, label="one"), broadcast(told, label="two")]
        if me == COMMANDER:
            return order
        first, second = self.others(me, COMMANDER)
        both = (inbox.get(first, "one", default=RETREAT) == ATTACK) & (
            inbox.get(second, "two", default=RETREAT) == ATTACK
        )
        return ite(both, ATTACK, RETREAT)


class HeedsOneSignatureThenTheOther(Protocol):
    """The same, with signatures in two rounds."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        one = yield sign(ATTACK, told == ATTACK)
        two = yield sign(ATTACK, told == ATTACK)
        if me == COMMANDER:
            return order
        first, second = self.others(me, COMMANDER)
        return ite(one.signed(ATTACK, (first,)).came & two.signed(ATTACK, (second,)).came, ATTACK, RETREAT)


class CommanderHeedsTwo(Protocol):
    """It is the commander, who is in no group, that looks for general 2's signature, whoever passes it on."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield sign(ATTACK, order == ATTACK) if me == COMMANDER else None
        came = inbox.signed(ATTACK, (COMMANDER,)).came
        inbox = yield sign(ATTACK, came) if me != COMMANDER else None
        if me == COMMANDER:
            came = any_of(inbox.signed(ATTACK, (2, j)).came for j in self.lieutenants)
        return ite(came, ATTACK, RETREAT)


@pytest.mark.parametrize(
    "protocol", [HeedsOneThenTheOther, HeedsOneLabelThenTheOther, HeedsOneSignatureThenTheOther, CommanderHeedsTwo]
)
def test_rounds_labels_and_signatures_are_told_apart(protocol: type[Protocol]) -> None:
    assert asymmetry(protocol(n=4)) is not None


def test_signed_messages_are_symmetric_where_their_program_is() -> None:
    assert asymmetry(SM(n=4, m=1)) is None
    assert asymmetry(DolevStrong(n=4, m=1)) is None


SHAPES: list[Callable[[Order], Any]] = [
    lambda heard: heard,
    lambda heard: heard == ATTACK,
    lambda heard: count([heard], ATTACK),
    lambda heard: count([heard], ATTACK) + 1,
    lambda heard: (RETREAT, heard),
    lambda heard: {COMMANDER: heard},
    lambda heard: {COMMANDER: (RETREAT, heard == ATTACK)},
]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_depends_on_the_order_is_noticed_in_decisions_of_every_shape(shape: Callable[[Order], Any]) -> None:
    class Decides(Tell):
        def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
            decided: Order = shape(inbox.get(self.others(me, COMMANDER)[0], default=RETREAT))
            return decided

    class DecidesAlike(Tell):
        def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
            decided: Order = shape(majority([inbox.get(j, default=RETREAT) for j in self.others(me, COMMANDER)]))
            return decided

    assert "depends on the order" in (asymmetry(Decides(n=4)) or "")
    assert asymmetry(DecidesAlike(n=4)) is None


def test_only_groups_of_two_or_more_can_be_exchanged() -> None:
    assert declared_symmetry(OM(n=2, m=0)) == NONE
    assert declared_symmetry(OM(n=3, m=1)) == Symmetry(([1, 2],))


def test_an_examination_whose_process_dies_is_done_again_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()

    def examined(examination: Examination) -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "found here"

    monkeypatch.setattr("byzverify.engines.finite.symmetry.LONG", -1.0)
    monkeypatch.setattr(Examination, "_examine", examined)
    assert asymmetry(OM(n=4, m=1)) == "found here"


def test_an_examination_ends_at_the_limit_here_and_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutOfTime):
        asymmetry(OM(n=4, m=1), Limit(0))
    monkeypatch.setattr("byzverify.engines.finite.symmetry.LONG", -1.0)
    with pytest.raises(OutOfTime):
        Examination(OM(n=4, m=1), Limit(0)).begin()
    monkeypatch.setattr(Examination, "_examine", lambda _: sleep(600))
    with pytest.raises(OutOfTime):
        asymmetry(OM(n=4, m=1), Limit(monotonic() + 0.2))


def test_every_general_of_a_group_rehearses() -> None:
    assert asymmetry(LooksTheSecondUpInASet(n=5)) is not None


def test_every_group_and_every_place_in_it_is_rearranged() -> None:
    assert asymmetry(HeedsNeighbours(n=6)) is not None
    assert asymmetry(PrefersInTheSecondGroup(n=6)) is not None
    assert asymmetry(SendsToTheThirdListed(n=5)) is not None


@pytest.mark.parametrize(
    "protocol",
    [
        OM(n=4, m=1),
        OM(n=6, m=3),
        OM(n=5, m=1, values=3),
        PhaseKing(n=5, m=1),
        ReadmeProgram(n=5, m=2),
        Tell(n=4),
        TrustsItself(n=4),
        TrustsItself(n=5),
    ],
    ids=repr,
)
def test_a_program_that_only_compares_names_is_symmetric(protocol: Protocol) -> None:
    assert asymmetry(protocol) is None


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [*ASYMMETRIC, TrustsItself])
def test_an_examination_that_goes_on_aside_finds_the_same(
    protocol: type[Protocol], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = byzverify.check(protocol(n=4), 1)
    monkeypatch.setattr("byzverify.engines.finite.symmetry.LONG", -1.0)
    aside = byzverify.check(protocol(n=4), 1)
    assert aside.evidence.asymmetry == here.evidence.asymmetry
    assert [known.verdict for known in aside.conditions] == [known.verdict for known in here.conditions]


class TwoArmies(Tell):
    """Two groups, whose members are told apart from the other group's only."""

    def interchangeable(self) -> Sequence[Collection[General]]:
        return [[1, 2, 3], [4, 5]]

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        army = next(group for group in ([1, 2, 3], [4, 5]) if me in group) if me else []
        return majority([inbox.get(j, default=RETREAT) for j in army], default=told)


class KingsAreInterchangeable(PhaseKing):
    """A wrong declaration: kings rule in different phases."""

    m: int

    def interchangeable(self) -> list[range]:
        return [range(self.n)]


def test_a_wrong_declaration_is_noticed() -> None:
    assert asymmetry(KingsAreInterchangeable(n=4, m=1)) is not None
    assert asymmetry(TwoArmies(n=6)) is not None  # it takes its armies from numbers


class Overlapping(Tell):
    def interchangeable(self) -> Sequence[Collection[General]]:
        return [[1, 2], [2, 3]]


class Missing(Tell):
    def interchangeable(self) -> Sequence[Collection[General]]:
        return [[1, 9]]


class CommandersAreLieutenants(Tell):
    def interchangeable(self) -> Sequence[Collection[General]]:
        return [range(self.n)]


@pytest.mark.parametrize("protocol", [Overlapping, Missing, CommandersAreLieutenants])
def test_an_impossible_declaration_is_the_authors_error(protocol: type[Protocol]) -> None:
    with pytest.raises(ProtocolError, match=r"twice, or one that does not exist|among lieutenants"):
        byzverify.check(protocol(n=4), 1)


SYMMETRIC = [OM(n=4, m=1), OM(n=5, m=1), OM(n=5, m=2), PhaseKing(n=4, m=1), TrustsItself(n=4)]


@pytest.mark.slow
@pytest.mark.parametrize("protocol", SYMMETRIC, ids=repr)
@pytest.mark.parametrize("t", [0, 1, 2, 3])
def test_folding_by_symmetry_changes_no_verdict(protocol: Protocol, t: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folded = byzverify.check(protocol, t)
    monkeypatch.setattr(Examination, "_rehearse_one", lambda _: "not asked")
    every = byzverify.check(protocol, t)
    assert [known.verdict for known in every.conditions] == [known.verdict for known in folded.conditions]


class CatchesArithmetic(Protocol):
    """Computes with a number where that is possible, and does something else where it is not."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        try:
            odd = me % 2
        except Exception:
            odd = 0
        return order if me == COMMANDER else ATTACK if odd else inbox.get(COMMANDER, default=RETREAT)


class AsksForAttributes(Protocol):
    """Asks whether a general has what numbers have."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        counts = hasattr(me, "bit_length") and me % 2
        return order if me == COMMANDER else ATTACK if counts else inbox.get(COMMANDER, default=RETREAT)


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [CatchesArithmetic, AsksForAttributes])
def test_who_catches_what_a_name_raises_is_noticed(protocol: type[Protocol]) -> None:
    assert asymmetry(protocol(n=4)) is not None
    assert isinstance(byzverify.check(protocol(n=4), 0), byzverify.Refuted)


def test_looking_at_a_values_attributes_is_noticed() -> None:
    class Looks(Protocol):
        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order) if me == COMMANDER else None
            return RETREAT if getattr(inbox[COMMANDER], "name", "ATTACK") == "RETREAT" else ATTACK

    with pytest.raises(ProtocolError, match="takes name of a symbolic value"):
        byzverify.check(Looks(n=3), 1)


class Named(Protocol):
    """Everyone tells the others what he has, in a field that is called like each; and reads only his own.

    number: whether a field is called 1 as well, or read so.
    """

    problem = CONSENSUS
    number: bool = False

    def general(self, me: General, order: Order) -> Program:
        named = dict.fromkeys(self.generals, order) | ({("x", 1): order} if self.number else {})
        inbox = yield [broadcast(named), broadcast({("x", me): order}, label=me)]
        read = [inbox.message(j, fields=list(named)) for j in self.generals]
        return majority([one.get(me, default=RETREAT) for one in read])


class FirstField(Protocol):
    """Everyone believes what is in the field of the first of the others."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(dict.fromkeys(self.generals, order))
        first = self.others(me)[0]
        return inbox.message(first, fields=self.generals)[first]


def test_fields_that_are_called_like_generals_are_renamed_with_them() -> None:
    assert asymmetry(Named(n=4)) is None
    assert "a label has the number 1 where others have a general" in (asymmetry(Named(n=4, number=True)) or "")


def test_who_reads_the_field_of_the_first_tells_generals_apart() -> None:
    assert "depends on the order" in (asymmetry(FirstField(n=4)) or "")


def by_decimals(who: Any) -> Any:
    try:
        return Decimal(who) % 2
    except TypeError:
        return who


def by_json(who: Any) -> Any:
    return json.dumps([who], default=lambda one: "a general")


TWO = 2


def by_identity(who: Any) -> Any:
    return who is TWO


def by_its_own_method(who: Any) -> Any:
    return (2).__eq__(who) is not False


class Sided(Protocol):
    """Everyone votes among those on his side, which is found in this way."""

    problem = CONSENSUS
    way: str = "by_decimals"

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        side: Callable[[Any], Any] = globals()[self.way]
        return majority([inbox.get(j, default=RETREAT) for j in self.generals if side(j) == side(me)])


WAYS = ("by_decimals", "by_json", "by_identity", "by_its_own_method")


@pytest.mark.parametrize("way", WAYS)
def test_who_tells_a_name_from_a_number_does_something_else_on_numbers(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        symmetry, "_tells_stand_ins", lambda protocol, state: None
    )  # which sees these ways by their text
    assert "depends on the numbers of the generals" in (asymmetry(Sided(n=5, way=way)) or "")


class ByRound(Protocol):
    """Everyone says by round what he wants, under the number of the round, which is a general's as well."""

    problem = CONSENSUS
    fields: bool = False

    def general(self, me: General, order: Order) -> Program:
        for number in (1, 2):
            if self.fields:
                inbox = yield broadcast({number: order, "certain": ATTACK}, number)
                reports = [inbox.message(j, number, fields=(number, "certain")) for j in self.generals]
                votes = [report.get(number, default=RETREAT) for report in reports]
            else:
                inbox = yield broadcast(order, number)
                votes = [inbox.get(j, number, default=RETREAT) for j in self.generals]
            order = majority(votes)
        return order


@pytest.mark.parametrize("fields", [False, True])
def test_numbers_for_labels_and_fields_are_kept_apart_from_generals(fields: bool) -> None:
    assert asymmetry(ByRound(n=5, fields=fields)) is None


def test_of_many_generals_a_sample_is_run_on_numbers() -> None:
    assert len(symmetry._like(OM(n=200, m=1), 1)) == symmetry.MOST_ON_NUMBERS
    assert list(symmetry._like(OM(n=10, m=1), 1)) == list(range(1, 10))
    assert list(symmetry._like(OM(n=10, m=1), 0)) == [0]


class RanksThemselves(Protocol):
    """Who is in this place of a set of all attacks; the first of the group and the last are not, if it is the third."""

    problem = CONSENSUS
    place: int = 2

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return ATTACK if list(set(self.generals)).index(me) == self.place else RETREAT


@pytest.mark.parametrize("place", range(5))
def test_a_place_in_a_set_tells_generals_apart(place: int) -> None:
    assert asymmetry(RanksThemselves(n=5, place=place)) is not None


def test_types_that_a_module_asks_for_are_noticed_though_it_is_loaded_while_the_program_runs(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text(
        "def rule(me, n, order, other):\n    return other if type(me) is int and me == n - 1 else order\n"
    )
    (tmp_path / "mine.py").write_text(
        "from importlib import import_module\n\n"
        "from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, all_of, broadcast, ite\n\n\n"
        "class Mine(Protocol):\n    problem = CONSENSUS\n\n"
        "    def general(self, me, order):\n        inbox = yield broadcast(order)\n"
        "        rule = import_module('ru' + str.lower('LE')).rule\n"
        "        agreed = all_of([inbox[j] == ATTACK for j in self.generals])\n"
        "        return rule(me, self.n, order, ite(agreed, RETREAT, order))\n"
    )
    assert "tests a type" in str(asymmetry(library.find(f"{tmp_path / 'mine.py'}:Mine")(n=4)))
