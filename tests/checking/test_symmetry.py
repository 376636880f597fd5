"""Interchangeable generals: the declaration is believed only where the program cannot tell them apart."""

from collections.abc import Collection, Sequence
from functools import cache

import pytest

import byzverify
from byzverify.checking.symmetry import Examination, asymmetry
from byzverify.errors import ProtocolError
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
    LooksHimselfUpInASet,
    LooksHimselfUpInATable,
    ComparesWithAFraction,
    AsksWhetherHeIsZero,
    Remembers,
]


@pytest.mark.parametrize("protocol", ASYMMETRIC)
def test_a_program_that_tells_generals_apart_is_noticed(protocol: type[Protocol]) -> None:
    assert asymmetry(protocol(n=4)) is not None


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
    assert verdict.coverage.asymmetry is not None
    assert [known.verdict for known in verdict.conditions] == ["proved", "refuted"]
    assert verdict.coverage.scenarios == 4


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


@pytest.mark.parametrize(("n", "t"), [(4, 1), (5, 1), (5, 2), (6, 1)])
def test_two_groups_fold_without_changing_the_verdict(n: int, t: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folded = byzverify.check(TwoColours(n=n), t)
    assert folded.coverage.asymmetry is None
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


class ComparesRounds(Protocol):
    """Heeds the first of the others, and that only if he does not change his mind between two rounds."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        one = yield broadcast(told)
        two = yield broadcast(told)
        first = self.others(me, COMMANDER)[0]
        return ite(one.get(first, default=RETREAT) == two.get(first, default=RETREAT), told, RETREAT)


class ComparesLabels(Protocol):
    """The same, between two labels of one round."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield [broadcast(told, label="one"), broadcast(told, label="two")]
        first = self.others(me, COMMANDER)[0]
        alike = inbox.get(first, "one", default=RETREAT) == inbox.get(first, "two", default=RETREAT)
        return ite(alike, told, RETREAT)


class ComparesSignedRounds(Protocol):
    """The same, where what he says in both rounds is signed."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        one = yield sign(ATTACK, told == ATTACK)
        two = yield sign(ATTACK, told == ATTACK)
        first = self.others(me, COMMANDER)[0]
        before, after = (inbox.signed(ATTACK, (first,)).came for inbox in (one, two))
        return ite(before & ~after | ~before & after, RETREAT, told)


class CommanderHeedsTwo(Protocol):
    """It is the commander, who is in no group, that looks for general 2's signature."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield sign(ATTACK, order == ATTACK) if me == COMMANDER else None
        came = inbox.signed(ATTACK, (COMMANDER,)).came
        inbox = yield sign(ATTACK, came) if me != COMMANDER else None
        return ite(inbox.signed(ATTACK, (2,)).came, ATTACK, RETREAT) if me == COMMANDER else ite(came, ATTACK, RETREAT)


@pytest.mark.parametrize("protocol", [ComparesRounds, ComparesLabels, ComparesSignedRounds, CommanderHeedsTwo])
def test_rounds_labels_and_signatures_are_told_apart(protocol: type[Protocol]) -> None:
    assert asymmetry(protocol(n=4)) is not None


def test_signed_messages_are_symmetric_where_their_program_is() -> None:
    assert asymmetry(SM(n=4, m=1)) is None
    assert asymmetry(DolevStrong(n=4, m=1)) is None


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


@pytest.mark.parametrize("protocol", [*ASYMMETRIC, TrustsItself])
def test_an_examination_that_goes_on_aside_finds_the_same(
    protocol: type[Protocol], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = byzverify.check(protocol(n=4), 1)
    monkeypatch.setattr("byzverify.checking.symmetry.LONG", -1.0)
    aside = byzverify.check(protocol(n=4), 1)
    assert aside.coverage.asymmetry == here.coverage.asymmetry
    assert [known.verdict for known in aside.conditions] == [known.verdict for known in here.conditions]


class TwoArmies(Tell):
    """Two groups, whose members are told apart from the other group's only."""

    def interchangeable(self) -> Sequence[Collection[General]]:
        return [[1, 2, 3], [4, 5]]

    def decide(self, me: General, inbox: Inbox, told: Order) -> Order:
        army = next(group for group in ([1, 2, 3], [4, 5]) if me in group) if me else []
        return majority([inbox.get(j, default=RETREAT) for j in army], default=told)


class KingsAreInterchangeable(PhaseKing):  # type: ignore[misc]
    """A wrong declaration: kings rule in different phases."""

    m: int

    def interchangeable(self) -> Sequence[Collection[General]]:
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
