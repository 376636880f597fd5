"""Proofs for all sizes: what is proved, what is refuted where, and what is not understood."""

import dataclasses
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from byzverify.engines.parameterized.deciding import Engine, sizes_of
from byzverify.engines.parameterized.families import Family
from byzverify.errors import ProtocolError, ReplayMismatch, Stopped, UsageError
from byzverify.language import (
    ABSENT,
    ATTACK,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    Truth,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
    majority,
)
from byzverify.language.conditions import Condition, Outcome, Problem
from byzverify.language.faults import Fault
from byzverify.language.problems import AGREEMENT, IC2, VALIDITY
from byzverify.limits import NO_LIMIT, Limit
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.questions import pipeline
from byzverify.questions.bounding import bound
from byzverify.questions.everywhere import FamilyProof
from byzverify.questions.families import FamilyQuestion, FamilyVerdict, Sizes
from byzverify.questions.pipeline import check
from byzverify.questions.proving import checked_at, prove
from byzverify.questions.question import Means, Question, in_silence
from byzverify.questions.verdict import Proved, Unknown
from byzverify.rendering.verdict.everywhere import print_everywhere


def smallest(verdict: FamilyVerdict) -> dict[str, tuple[int, int, int]]:
    """The least n, m and t at which each condition fails."""
    return {
        known.condition.name: (known.smallest["n"], known.smallest["m"], known.smallest["t"])
        for known in verdict.conditions
        if known.smallest is not None
    }


@pytest.mark.slow
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


@pytest.mark.slow
def test_gradecast_falls_first_at_three_generals_if_n_may_be_3m() -> None:
    found = prove(Gradecast, assuming="n > 3*m - 1")
    assert (found.verdict, found.exit_code) == ("refuted", 1)
    assert smallest(found) == {"Closeness": (3, 1, 1), "Consistency": (3, 1, 1)}
    assert found.refuted is not None
    assert [one.condition.name for one in found.refuted.attack.replay().violated]


@pytest.mark.slow
def test_crusader_keeps_to_one_order_at_three_generals_but_not_at_six() -> None:
    assert smallest(prove(Crusader, assuming="n > 3*m - 1")) == {"CR1": (6, 2, 2), "IC2": (3, 1, 1)}


@pytest.mark.slow
def test_a_phase_king_below_its_bound_keeps_validity() -> None:
    found = prove(PhaseKing, assuming="n > 3*m - 1")
    assert {one.condition.name: one.verdict for one in found.conditions} == {
        "Agreement": "refuted",
        "Validity": "proved",
    }


@pytest.mark.slow
def test_om_is_right_for_n_beyond_2t_and_m_as_lemma_1_of_lsp_says() -> None:
    assert prove(OM, assuming="n > 2*t + m and t <= m").verdict == "proved"
    assert smallest(prove(OM, assuming="n > 2*t + m - 1 and t <= m"))["IC2"] == (3, 1, 1)


@pytest.mark.slow
def test_t_is_at_most_m_unless_it_is_named() -> None:
    assert prove(PhaseKing, assuming="n > 4*m").statement == "n > 4*m and t <= m"
    assert prove(PhaseKing, assuming="n > 4*m and t < m").statement == "n > 4*m and t < m"


@pytest.mark.parametrize(
    "assuming", ["n > 3**m", "n > 3*k", "n", "n > 3*m or t < m", "n > m*t", "n > '3'", "n >", "f(n) > 3", "n < 1"]
)
def test_an_assumption_that_makes_no_sense_is_refused(assuming: str) -> None:
    with pytest.raises(UsageError, match=r"assumption|no size|names"):
        prove(Crusader, assuming=assuming)


@pytest.mark.slow
def test_a_protocol_without_a_claim_needs_an_assumption() -> None:
    class Silent(Crusader):
        def tolerates(self, t: int) -> bool:
            return False

    with pytest.raises(UsageError, match="claims nothing"):
        prove(Silent)
    assert prove(Silent, assuming="n > 3*m").verdict == "proved"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"m": "x"}, "m must be a whole number, not 'x'"),
        ({"m": 1.5}, "m must be a whole number, not 1.5"),
        ({"zz": 1}, "OM has no parameter zz"),
        ({"assuming": 3}, "an assumption is a text"),
    ],
    ids=str,
)
def test_values_of_the_wrong_kind_are_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        prove(OM, **given)


@pytest.mark.parametrize("kind", [3, OM(n=4, m=1), None, int], ids=str)
def test_what_is_no_class_of_protocols_is_refused(kind: Any) -> None:
    with pytest.raises(UsageError, match="give a protocol class, such as OM, not"):
        prove(kind)
    with pytest.raises(UsageError, match="give a protocol class, such as OM, not"):
        bound(kind)


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


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_length_of_a_list_counts_the_members_of_groups() -> None:
    assert smallest(prove(ByLength)) == smallest(prove(Votes))
    assert [one.verdict for one in prove(ByLength).conditions] == ["refuted", "proved"]


@pytest.mark.slow
def test_a_rule_of_a_tree_may_use_the_length_of_its_list() -> None:
    class ByHalf(EIG):
        def general(self, me: General, order: Order) -> Program:
            heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
            yield from heard.relaying(self.m + 1)
            return {j: heard.resolved(self.half, (j,)) for j in self.generals}

        def half(self, told: Order, values: Sequence[Order]) -> Order:
            attack = self.orders[1]
            return ite(2 * count(values, attack) > len(values), attack, RETREAT)

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


def test_a_claim_that_loops_over_sizes_is_not_understood() -> None:
    class Logarithmic(Votes):
        def tolerates(self, t: int) -> bool:
            rounds = 0
            while rounds < self.n:
                rounds += 1
            return t < rounds

    assert "as in a loop" in (prove(Logarithmic).reason or "")


@pytest.mark.slow
def test_a_protocol_that_is_meant_for_many_generals_is_proved_without_searches() -> None:
    class Many(PhaseKing):
        def tolerates(self, t: int) -> bool:
            return t <= self.m and self.n > 3 * self.m and self.n > 20

    verdict = prove(Many)
    assert (verdict.verdict, verdict.confirmed.checked, verdict.confirmed.simulated) == ("proved", (), 6)


def test_an_error_in_the_program_is_the_authors() -> None:
    class Broken(Votes):
        def decided(self, votes: list[Order]) -> Order:
            return majority([*votes, 3])  # type: ignore[list-item]

    with pytest.raises(ProtocolError, match="3 where an order"):
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


@pytest.mark.slow
def test_the_hybrid_king_ranges_over_generals_with_omissions() -> None:
    names = [one.name for one in prove(HybridPhaseKing).obligations]
    assert any("omitting leader; omitting general" in name for name in names)


class Quarter(Protocol):
    """All retreat if more than a quarter of them name one order."""

    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return ite(any_of(4 * count(votes, named) > self.n for named in self.orders), RETREAT, order)


@pytest.mark.slow
def test_a_proof_with_three_orders_says_nothing_of_four() -> None:
    """Of three orders, one always has more than a quarter of the votes."""
    assert [_first(prove(Quarter, values=number)) for number in (2, 3)] == [None, None]
    assert _first(prove(Quarter, values=4)) == {"n": 4, "t": 0}


def _first(verdict: FamilyVerdict) -> Sizes | None:
    """The smallest size at which Agreement fails; None if it is proved."""
    (agreement,) = (one for one in verdict.conditions if one.condition.name == "Agreement")
    assert agreement.verdict in ("proved", "refuted")
    return agreement.smallest


@pytest.mark.slow
def test_bounds_are_the_weakest_with_an_attack_just_below() -> None:
    found = bound(Crusader)
    assert found.exit_code == 0
    assert {condition.name: [one.text for one in bounds] for condition, bounds in found.conditions.items()} == {
        "CR1": ["n > 2*m + t", "n > 2*m + 2*t - 2"],
        "IC2": ["n > m + t + 1"],
    }
    assert all(one.below is not None for bounds in found.conditions.values() for one in bounds)


@pytest.mark.slow
def test_a_check_beyond_its_budget_answers_by_the_lemmas() -> None:
    found = check(PhaseKing(n=1000, m=333))
    assert isinstance(found, Proved)
    assert found.evidence.argument == "phases, for every n > 3*m and t <= m"
    assert found.evidence.lemmas == 11


def test_a_check_within_its_budget_looks_at_every_case() -> None:
    assert check(PhaseKing(n=4, m=1)).evidence.argument == "every case"


def test_a_check_that_asks_for_raw_terms_keeps_to_them() -> None:
    found = check(PhaseKing(n=40, m=13), raw=True, steps=20_000)
    assert isinstance(found, Unknown)


def test_agreement_is_the_same_condition_in_all_problems_that_name_it() -> None:
    assert AGREEMENT in PhaseKing.problem.conditions


class Lead(Protocol):
    """Two phases of a king, for one traitor: their number is known."""

    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return self.n > 4 and t <= 1

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(2, self.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        most = majority(votes)
        sure = count(votes, most) >= self.n - 1
        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, inbox.get(king, default=RETREAT))


@pytest.mark.slow
def test_the_number_of_phases_may_be_known() -> None:
    verdict = prove(Lead)
    assert (verdict.verdict, verdict.argument, verdict.statement) == ("proved", "phases", "n > 4 and t <= 1")
    assert _first(prove(Lead, assuming="n > 4 and t <= 2")) == {"n": 5, "t": 2}


@pytest.mark.slow
def test_sizes_beyond_those_that_are_searched_are_proved_and_compared_with_runs_alone() -> None:
    verdict = prove(OM, assuming="n > 20 and n > 3*m")
    assert verdict.verdict == "proved"
    assert (verdict.confirmed.checked, verdict.confirmed.simulated) == ((), 6)


def test_an_assumption_about_no_size_is_refused() -> None:
    with pytest.raises(UsageError, match="OM has no sizes with n < 0 and t <= m"):
        prove(OM, assuming="n < 0")


class Third(Protocol):
    """Its claim divides."""

    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t <= (self.n - 1) // 3

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])


class Strict(Third):
    """What it does depends on a parameter with a default."""

    strict: bool = True

    def tolerates(self, t: int) -> bool:
        return t == 0


def test_a_statement_names_parameters_that_have_defaults() -> None:
    console = Console(file=StringIO(), width=200)
    print_everywhere(console, prove(Strict))
    assert isinstance(console.file, StringIO)
    assert "Strict with strict=True for every t" in console.file.getvalue()


def _unpacked(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (outcome.decisions[general] for general in witnesses)
    return one == other  # type: ignore[no-any-return]


def _most(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    attacking = how_many(outcome.orders[general] == ATTACK for general in outcome.loyal)
    return (2 * attacking <= len(outcome.loyal)) | (outcome.decisions[witnesses[0]] == ATTACK)  # type: ignore[no-any-return]


class Asked(Protocol):
    """Of which conditions are asked that unpack what was decided, and that count the loyal."""

    problem = Problem(
        "asked",
        (
            Condition("Alike", "they agree", _unpacked, witnesses=2),
            Condition("Most", "they obey most", _most, witnesses=1),
        ),
        has_commander=False,
    )

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])


class AskedOfTraitors(Asked):
    def tolerates(self, t: int) -> bool:
        return self.n > 3 * t


def test_conditions_unpack_what_was_decided_and_count_the_loyal() -> None:
    assert [one.verdict for one in prove(Asked).conditions] == ["proved", "proved"]
    assert smallest_of(prove(AskedOfTraitors)) == {"Alike": {"n": 4, "t": 1}, "Most": {"n": 4, "t": 1}}


class Keeping(Protocol):
    """Everyone keeps his order. The claim allows more traitors than there are generals."""

    m: int
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t <= self.m

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


def test_no_size_with_more_traitors_than_generals_is_asked_about() -> None:
    assert smallest_of(prove(Keeping)) == {"Agreement": {"n": 2, "m": 0, "t": 0}}
    assert [bounds[0].text for bounds in bound(Keeping).conditions.values() if bounds] == ["n > 0"]


class Short(EIG):
    """EIG with a round too few."""

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
        yield from heard.relaying(self.m)
        return {j: heard.resolved(lambda _, values: majority(values), (j,)) for j in self.generals}


def test_a_tree_with_a_round_too_few_is_refuted() -> None:
    """Its vectors differ from general to general, so a lemma about them is left out, and an attack is looked for."""
    assert smallest_of(prove(Short, assuming="n > 3*m and t <= m and m > 0"))["Agreement"] == {"n": 4, "m": 1, "t": 1}


class Labelled(Protocol):
    """One round under a label, read by it."""

    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, label="order")
        return majority([inbox[j, "order"] for j in self.generals])


def test_an_order_under_a_label_is_read_from_each_general() -> None:
    assert prove(Labelled).verdict == "proved"


def test_small_sizes_are_gone_through_within_the_limit() -> None:
    family = Family(HybridPhaseKing, {})
    with pytest.raises(Stopped):
        list(sizes_of(family, 4, Limit.within(0)))
    assert list(sizes_of(family, 4))


class Shifted(Keeping):
    """Its claim is about a parameter below 0, too."""

    shift: int

    def tolerates(self, t: int) -> bool:
        return t == 0 and (self.shift < 0 or self.shift > 2)


def test_sizes_that_are_compared_are_not_negative_if_they_need_not_be() -> None:
    found = Engine(Family(Shifted, {}), NO_LIMIT).most_faulty(5)
    assert found == {"n": 5, "m": 0, "shift": 3, "t": 0}


class Many(Shifted):
    """With more whole numbers than may be sizes in a check by lemmas."""

    more: int
    most: int


@pytest.mark.parametrize(
    ("kind", "tried"),
    [(Shifted, [{"values"}, {"values", "shift"}]), (Many, [{"values", "shift", "more", "most"}])],
)
def test_so_many_whole_numbers_are_sizes_in_a_check_by_lemmas(
    monkeypatch: pytest.MonkeyPatch, kind: type[Protocol], tried: list[set[str]]
) -> None:
    asked: list[set[str]] = []
    monkeypatch.setattr(pipeline, "_by_lemmas_with", lambda question, means, given, fixed: asked.append({*fixed}))
    parameters: dict[str, Any] = {
        one.name: 1 for one in dataclasses.fields(kind) if one.init and one.name not in ("values", "graph")
    }
    assert pipeline._by_lemmas(Question.of(kind(**parameters), {Fault.BYZANTINE: 0}), Means()) is None
    assert asked == tried


class Looping(Protocol):
    """It goes through a list of generals by `for`."""

    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = []
        for j in self.generals:
            votes.append(inbox[j])
        return majority(votes)


def test_a_reason_that_all_conditions_share_is_printed_once() -> None:
    console = Console(file=StringIO(), width=1000)
    print_everywhere(console, prove(Looping))
    assert isinstance(console.file, StringIO)
    told = console.file.getvalue()
    assert told.count("goes through a list of generals by `for`") == 1
    assert "  why: " in told


def test_an_assumption_that_names_t_needs_no_claim() -> None:
    assert "divides or rounds a size" in (prove(Third).reason or "")
    assert smallest_of(prove(Third, assuming="n > 3*t")) == {"Agreement": {"n": 4, "t": 1}}


def smallest_of(verdict: FamilyVerdict) -> dict[str, Sizes]:
    """The smallest size at which each condition fails."""
    return {one.condition.name: one.smallest for one in verdict.conditions if one.smallest is not None}


def test_a_search_that_does_not_end_leaves_the_lemma_that_fails_in_the_reason() -> None:
    verdict = prove(Crusader, assuming="n > 3*m - 1", steps=600)
    assert verdict.verdict == "unknown"
    assert re.search(r"a lemma fails \(CR1.*\), and the step limit was reached", verdict.reason or "")


def test_the_steps_of_a_search_are_those_of_the_whole() -> None:
    limit = Limit.within(None, 100_000)
    lemmas = FamilyProof(FamilyQuestion(Crusader, {}, "n > 3*m - 1"), limit, ("z3",), in_silence)
    before = limit.spent
    found = checked_at(lemmas, {"n": 3, "m": 1, "t": 1}, IC2, limit, in_silence)
    assert found is not None
    assert limit.spent > before


def test_a_check_by_lemmas_is_only_of_sizes_that_they_are_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.questions.pipeline.FINITE_STEPS", 0)
    monkeypatch.setattr("byzverify.questions.pipeline.MOST_RESOLVED", 0)
    assert check(Crusader(n=4, m=1)).evidence.argument == "counting, for every n > 3*m and t <= m"
    monkeypatch.setattr(FamilyProof, "means", lambda *_: False)
    found = check(Crusader(n=4, m=1))
    assert isinstance(found, Proved)
    assert found.evidence.argument == "every case"


@pytest.mark.slow
def test_whole_numbers_are_sizes_for_a_check_by_lemmas() -> None:
    """A number such as 61 would be too large to be understood in a text: it could be a place in a list."""
    found = check(HybridPhaseKing(n=200, m=20, o=61), {Fault.BYZANTINE: 20, Fault.OMISSION: 61})
    assert isinstance(found, Proved)
    assert found.evidence.argument.startswith("phases, for every n > 3*m + 2*o")


def test_bounds_are_compared_as_proofs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def contradicted(*_: Any) -> None:
        raise ReplayMismatch("a simulated run")

    monkeypatch.setattr(FamilyProof, "_simulated", contradicted)
    with pytest.raises(ReplayMismatch, match="a simulated run"):
        bound(Crusader)


class Keeps(PhaseKing):
    """Of which only Validity is asked, that phases need not make unanimity for."""

    problem = Problem("validity alone", (VALIDITY,), has_commander=False)


@pytest.mark.slow
def test_a_proof_that_goes_without_a_lemma_has_no_certificate(tmp_path: Path) -> None:
    verdict = prove(Keeps, assuming="n > 3*m - 1", certificate=tmp_path / "none")
    assert verdict.verdict == "unknown"
    assert "there is no certificate for a proof that goes without a lemma" in (verdict.reason or "")
    assert not (tmp_path / "none").exists()
    assert prove(Keeps, assuming="n > 3*m - 1").verdict == "proved"


def test_lemmas_are_about_sizes_that_are_claimed_and_no_others() -> None:
    lemmas = FamilyProof(FamilyQuestion(Crusader, {}), Limit(), ("z3",), in_silence)
    assert lemmas.means({"n": 4, "m": 1, "t": 1})
    assert not lemmas.means({"n": 3, "m": 1, "t": 1})
    assert not lemmas.means({"n": 7, "m": 1, "t": 2})


def test_the_smallest_size_with_two_faulty_generals_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> bool:
        raise ReplayMismatch("the search of two faulty generals")

    lemmas = FamilyProof(FamilyQuestion(Crusader, {}), Limit(), ("z3",), in_silence)
    lemmas.decide()
    searched: list[Sizes] = []
    monkeypatch.setattr(FamilyProof, "_search", lambda self, sizes, *_, **__: searched.append(sizes))
    lemmas._search_two_faulty([IC2], ())
    assert searched == [{"n": 7, "m": 2, "t": 2}]
    monkeypatch.setattr(FamilyProof, "_searched", lambda *_: iter(()))
    monkeypatch.setattr(FamilyProof, "_search", broken)
    with pytest.raises(ReplayMismatch, match="two faulty"):
        lemmas.compared([IC2])


def test_the_smallest_size_without_traitors_is_played_too() -> None:
    """There a protocol may have no round, or nobody to listen to, which other sizes do not show."""
    proof = FamilyProof(FamilyQuestion(PhaseKing, {}, None), NO_LIMIT, ("z3",), lambda line: None)
    proof.decide()
    played = proof._sizes_to_simulate([])
    assert played[-1] == {"n": 1, "m": 0, "t": 0}
    assert all(sizes["t"] > 0 for sizes in played[:-1])
