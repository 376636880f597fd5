"""Proofs for all sizes: what is proved, what is refuted where, and what is not understood."""

from collections.abc import Sequence
from typing import Any

import pytest

from byzverify.errors import ProtocolError, ReplayMismatch, UsageError
from byzverify.language import (
    ABSENT,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    broadcast,
    count,
    ite,
    majority,
)
from byzverify.language.conditions import Condition, Problem
from byzverify.language.problems import AGREEMENT, VALIDITY
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.questions.bounding import bound
from byzverify.questions.everywhere import FamilyProof
from byzverify.questions.families import FamilyVerdict
from byzverify.questions.pipeline import check
from byzverify.questions.proving import prove
from byzverify.questions.verdict import Proved, Unknown


def smallest(verdict: FamilyVerdict) -> dict[str, tuple[int, int, int]]:
    """The least n, m and t at which each condition fails."""
    return {
        known.condition.name: (known.smallest["n"], known.smallest["m"], known.smallest["t"])
        for known in verdict.conditions
        if known.smallest is not None
    }


@pytest.mark.parametrize(
    ("kind", "argument", "statement"),
    [
        (Crusader, "counting", "n > 3*m and t <= m"),
        (Gradecast, "counting", "n > 3*m and t <= m"),
        (PhaseKing, "phases", "n > 3*m and t <= m"),
        (OM, "induction over paths", "n > 3*m and t <= m"),
    ],
)
def test_a_model_is_proved_for_all_sizes_that_it_claims(kind: type[Protocol], argument: str, statement: str) -> None:
    found = prove(kind)
    assert (found.verdict, found.exit_code, found.argument, found.statement) == ("proved", 0, argument, statement)
    assert all(one.verdict == "proved" and one.satisfiable for one in found.obligations)
    assert len(found.confirmed.checked) == 3
    assert found.confirmed.simulated > 0


def test_gradecast_falls_first_at_three_generals_if_n_may_be_3m() -> None:
    found = prove(Gradecast, assuming="n > 3*m - 1")
    assert (found.verdict, found.exit_code) == ("refuted", 1)
    assert smallest(found) == {"Closeness": (3, 1, 1), "Consistency": (3, 1, 1)}
    assert found.refuted is not None
    assert [one.condition.name for one in found.refuted.attack.replay().violated]


def test_crusader_keeps_to_one_order_at_three_generals_but_not_at_six() -> None:
    assert smallest(prove(Crusader, assuming="n > 3*m - 1")) == {"CR1": (6, 2, 2), "IC2": (3, 1, 1)}


def test_a_phase_king_below_its_bound_keeps_validity() -> None:
    found = prove(PhaseKing, assuming="n > 3*m - 1")
    assert {one.condition.name: one.verdict for one in found.conditions} == {
        "Agreement": "refuted",
        "Validity": "proved",
    }


def test_om_is_right_for_n_beyond_2t_and_m_as_lemma_1_of_lsp_says() -> None:
    assert prove(OM, assuming="n > 2*t + m and t <= m").verdict == "proved"
    assert smallest(prove(OM, assuming="n > 2*t + m - 1 and t <= m"))["IC2"] == (3, 1, 1)


def test_t_is_at_most_m_unless_it_is_named() -> None:
    assert prove(PhaseKing, assuming="n > 4*m").statement == "n > 4*m and t <= m"
    assert prove(PhaseKing, assuming="n > 4*m and t < m").statement == "n > 4*m and t < m"


@pytest.mark.parametrize(
    "assuming", ["n > 3**m", "n > 3*k", "n", "n > 3*m or t < m", "n > m*t", "n > '3'", "n >", "f(n) > 3", "n < 1"]
)
def test_an_assumption_that_makes_no_sense_is_refused(assuming: str) -> None:
    with pytest.raises(UsageError, match=r"assumption|no size|names"):
        prove(Crusader, assuming=assuming)


def test_a_protocol_without_a_claim_needs_an_assumption() -> None:
    class Silent(Crusader):
        def tolerates(self, t: int) -> bool:
            return False

    with pytest.raises(UsageError, match="claims nothing"):
        prove(Silent)
    assert prove(Silent, assuming="n > 3*m").verdict == "proved"


def test_what_is_not_understood_is_unknown_with_the_line() -> None:
    found = prove(SM)
    assert (found.verdict, found.exit_code) == ("unknown", 3)
    assert found.reason is not None
    assert "SM.__post_init__" in found.reason


class Votes(Protocol):
    """One round of votes, of which a majority of all counts: Validity holds for n > 2m, Agreement never does."""

    m: int
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 2 * self.m

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return self.decided([inbox[sender] for sender in self.generals])

    def decided(self, votes: list[Order]) -> Order:
        return majority(votes)


def test_validity_of_one_vote_is_proved_and_its_agreement_falls() -> None:
    found = prove(Votes)
    assert [one.verdict for one in found.conditions] == ["refuted", "proved"]
    assert smallest(found) == {"Agreement": (3, 1, 1)}


class ByLength(Votes):
    """A majority, by the length of the list."""

    def decided(self, votes: list[Order]) -> Order:
        found = RETREAT
        for candidate in self.orders:
            found = ite(2 * count(votes, candidate) > len(votes), candidate, found)
        return found


def test_the_length_of_a_list_counts_the_members_of_groups() -> None:
    assert smallest(prove(ByLength)) == smallest(prove(Votes))
    assert [one.verdict for one in prove(ByLength).conditions] == ["refuted", "proved"]


def test_a_rule_of_a_tree_may_use_the_length_of_its_list() -> None:
    class ByHalf(EIG):
        def general(self, me: General, order: Order) -> Program:
            heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
            yield from heard.relaying(self.m + 1)

            def half(told: Order, values: Sequence[Order]) -> Order:
                attack = self.orders[1]
                return ite(2 * count(values, attack) > len(values), attack, RETREAT)

            return {j: heard.resolved(half, (j,)) for j in self.generals}

    assert prove(ByHalf).verdict == "proved"


class ByPlace(Votes):
    """The first vote of all."""

    def decided(self, votes: list[Order]) -> Order:
        return ite(votes[0] == ABSENT, RETREAT, votes[0])


class BySlice(Votes):
    """The first m+1 votes."""

    def decided(self, votes: list[Order]) -> Order:
        return majority(votes[: self.m + 1])


class ByHand(Votes):
    """Votes counted by a loop that counts members of a group as one."""

    def decided(self, votes: list[Order]) -> Order:
        seen = sum(1 for _ in votes)
        return ite(2 * count(votes, self.orders[1]) > seen, self.orders[1], RETREAT)


class BySize(Votes):
    """A program that looks at n."""

    def decided(self, votes: list[Order]) -> Order:
        return majority(votes) if self.n > 3 else RETREAT


class OneOfThem(Votes):
    """The last vote that was read, of nobody in particular."""

    def decided(self, votes: list[Order]) -> Order:
        found = RETREAT
        for vote in votes:
            found = ite(vote == self.orders[1], vote, found)
        return found


class Loop(Votes):
    """Phases in a loop of its own."""

    def general(self, me: General, order: Order) -> Program:
        for _ in range(self.m + 1):
            inbox = yield broadcast(order)
            order = majority([inbox[sender] for sender in self.generals])
        return order


class InTwoRounds(Votes):
    """What a general said in one round compared with what he said in another."""

    def general(self, me: General, order: Order) -> Program:
        first = yield broadcast(order)
        second = yield broadcast(order)
        same = [ite(first[sender] == second[sender], first[sender], ABSENT) for sender in self.generals]
        return majority(same)


@pytest.mark.parametrize(
    "kind", [ByPlace, BySlice, ByHand, BySize, OneOfThem, Loop, InTwoRounds], ids=lambda kind: kind.__name__
)
def test_what_tells_members_of_a_group_apart_is_not_proved(kind: type[Protocol]) -> None:
    found = prove(kind, assuming="n > 2*m")
    assert (found.verdict, found.exit_code) == ("unknown", 3)
    assert found.reason


def test_a_size_that_is_looked_at_is_named_with_its_line() -> None:
    reason = prove(BySize, assuming="n > 2*m").reason
    assert reason is not None
    assert "test_proving.py:" in reason


def test_an_error_in_the_program_is_the_authors() -> None:
    class Broken(Votes):
        def decided(self, votes: list[Order]) -> Order:
            return votes[50]

    with pytest.raises(ProtocolError, match="IndexError"):
        prove(Broken)


def _two_attackers(outcome: Any, witnesses: tuple[General, ...]) -> Any:
    attackers = sum(1 for _ in outcome.loyal)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (attackers >= 4)


def test_a_condition_that_counts_generals_one_by_one_is_not_proved() -> None:
    class Counted(Votes):
        problem = Problem(
            "votes", (Condition("Counted", "counts", _two_attackers, witnesses=1), VALIDITY), has_commander=False
        )

    assert prove(Counted, assuming="n > 2*m").conditions[0].verdict != "proved"


def test_a_proof_that_a_search_contradicts_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FamilyProof, "prove", lambda self, condition, more=(): True)
    with pytest.raises(ReplayMismatch, match="proved for n > 3"):
        prove(Crusader, assuming="n > 3*m - 1")


def test_the_hybrid_king_ranges_over_generals_with_omissions() -> None:
    names = [one.name for one in prove(HybridPhaseKing).obligations]
    assert any("omitting leader; omitting general" in name for name in names)


def test_bounds_are_the_weakest_with_an_attack_just_below() -> None:
    found = bound(Crusader)
    assert found.exit_code == 0
    assert {condition.name: [one.text for one in bounds] for condition, bounds in found.conditions.items()} == {
        "CR1": ["n > 2*m + t", "n > 2*m + 2*t - 2"],
        "IC2": ["n > m + t + 1"],
    }
    assert all(one.below is not None for bounds in found.conditions.values() for one in bounds)


def test_a_check_beyond_its_budget_answers_by_the_lemmas() -> None:
    found = check(PhaseKing(n=1000, m=333))
    assert isinstance(found, Proved)
    assert found.evidence.argument == "phases, for every n > 3*m and t <= m"
    assert found.evidence.lemmas == 10


def test_a_check_within_its_budget_looks_at_every_case() -> None:
    assert check(PhaseKing(n=4, m=1)).evidence.argument == "every case"


def test_a_check_that_asks_for_raw_terms_keeps_to_them() -> None:
    found = check(PhaseKing(n=40, m=13), raw=True, steps=20_000)
    assert isinstance(found, Unknown)


def test_agreement_is_the_same_condition_in_all_problems_that_name_it() -> None:
    assert AGREEMENT in PhaseKing.problem.conditions
