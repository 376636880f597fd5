"""Complete: the values that it finds are those that `check` proves, no more and no fewer."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import byzverify
from byzverify.catalogue import library
from byzverify.crosscheck.examining import BRIEF, Effort
from byzverify.errors import ProtocolError, UsageError
from byzverify.language import Protocol
from byzverify.language.holes import Filling
from byzverify.questions import candidates
from byzverify.questions.completion import Completion, SketchVerdict
from byzverify.questions.pipeline import check
from examples.grades import Grades
from tests.questions.sketches import Crusade, King, Votes


def open_at(kind: type[Protocol], n: int, m: int, **given: Filling) -> Protocol:
    return library.build(kind, {"n": n, "m": m, **given})


def one_by_one(found: SketchVerdict) -> set[tuple[Filling, ...]]:
    """The values that `check` proves when it is asked about each."""
    asked = {
        values: candidates.with_values(found.model, found.named(values)) for values in product(*found.choices.values())
    }
    return {
        values for values, one in asked.items() if isinstance(check(one, found.faults, effort=BRIEF), byzverify.Proved)
    }


def texts(found: Completion) -> list[dict[str, str]]:
    return [{name: str(one) for name, one in fit.items()} for fit in found.fits]


@pytest.mark.parametrize(
    ("n", "m", "right"), [(4, 1, [2]), (5, 1, [2, 3]), pytest.param(7, 2, [4], marks=pytest.mark.slow), (3, 1, [])]
)
def test_crusader_agreement_needs_n_less_1_less_m(n: int, m: int, right: Sequence[int]) -> None:
    found = byzverify.complete(open_at(Crusade, n, m))
    assert found.sizes[0].proved == tuple((value,) for value in right)
    assert not found.sizes[0].unknown
    assert len(found.sizes[0].broken) == n - len(right)
    assert (found.verdict, found.exit_code) == (("found", 0) if right else ("none", 1))


def test_graded_broadcast_at_4_generals_has_one_pair_of_thresholds() -> None:
    found = byzverify.complete(open_at(Grades, 4, 1)).sizes[0]
    assert [found.named(values) for values in found.proved] == [{"enough": 3, "some": 2}]
    assert found.checks < 16


def test_the_phase_king_at_4_generals_has_the_published_thresholds_and_no_others() -> None:
    found = byzverify.complete(open_at(King, 4, 1)).sizes[0]
    assert [found.named(values) for values in found.proved] == [{"enough": 3, "some": 2}]


def test_each_choice_that_is_dropped_has_an_attack_of_its_own(tmp_path: Path) -> None:
    found = byzverify.complete(open_at(Grades, 4, 1)).sizes[0]
    assert len(found.broken) == 15
    for values, attack in found.broken.items():
        assert attack.protocol == candidates.with_values(found.model, found.named(values))
        assert attack.condition in [judgement.condition.name for judgement in attack.replay().violated]
        attack.save(tmp_path / "attack.json")
        loaded, replay = byzverify.load(tmp_path / "attack.json")
        assert library.parameters_of(loaded.protocol) == library.parameters_of(attack.protocol)
        assert replay.violated


def test_replays_take_the_place_of_checks_and_change_nothing() -> None:
    found = byzverify.complete(open_at(Grades, 4, 1)).sizes[0]
    assert {*found.proved} == one_by_one(found)
    assert found.replays > 0


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(
    n=st.integers(3, 4),
    traitors=st.integers(0, 2),
    shift=st.integers(-1, 2),
    crusade=st.booleans(),
    least=st.integers(0, 2),
)
def test_what_is_found_is_what_checking_every_choice_finds(
    n: int, traitors: int, shift: int, crusade: bool, least: int
) -> None:
    sketch = open_at(Votes, n, 1, shift=shift, crusade=crusade, least=least)
    found = byzverify.complete(sketch, traitors).sizes[0]
    assert {*found.proved} == one_by_one(found)
    assert {*found.proved} | {*found.broken} == {*product(*found.choices.values())}


def test_values_of_every_kind() -> None:
    found = byzverify.complete(open_at(Votes, 4, 1, least=1), 1).sizes[0]
    assert dict(found.choices) == {"obeys": (False, True), "high": (1, 2, 3), "below": ("retreat", "faulty")}
    assert {*found.proved} == one_by_one(found)


def test_several_sizes_and_their_sums() -> None:
    found = byzverify.complete([open_at(Crusade, 4, 1), open_at(Crusade, 5, 1), open_at(Crusade, 3, 0)])
    assert {"enough": "n - m - 1"} in texts(found)
    assert found.verdict == "found"
    for one in found.sizes:
        for fit in found.fits:
            assert tuple(part.at(one.sizes) for part in fit.values()) in one.proved


def test_a_size_without_values_leaves_no_sum() -> None:
    found = byzverify.complete([open_at(Crusade, 4, 1), open_at(Crusade, 3, 1)])
    assert (found.verdict, found.fits, found.exit_code) == ("none", (), 1)


def test_without_time_nothing_is_known_and_every_choice_is_named() -> None:
    found = byzverify.complete(open_at(Crusade, 4, 1), timeout=0)
    assert (found.verdict, found.exit_code) == ("unknown", 3)
    assert found.sizes[0].unknown == {(value,): "the time limit passed" for value in range(4)}
    assert found.sizes[0].checks == 0


def test_what_is_unknown_at_one_size_does_not_hide_that_there_is_nothing_at_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answered(model: Protocol, *arguments: object, **options: object) -> object:
        return check(model, timeout=0 if model.n == 4 else None)

    monkeypatch.setattr(candidates, "check", answered)
    some = byzverify.complete([open_at(Crusade, 4, 1), open_at(Crusade, 5, 1)])
    assert (some.verdict, some.exit_code) == ("unknown", 3)
    none = byzverify.complete([open_at(Crusade, 4, 1), open_at(Crusade, 3, 1)])
    assert (none.verdict, none.exit_code) == ("none", 1)


def test_a_smaller_instance_with_which_a_proof_is_compared_need_not_have_the_value() -> None:
    filled = candidates.with_values(open_at(Crusade, 7, 1), {"enough": 5})
    verdict = check(filled, effort=Effort(orders=30, short=20))
    assert isinstance(verdict, byzverify.Proved)


@pytest.mark.parametrize(
    ("sketch", "complaint"),
    [
        ([], "give a sketch"),
        ([library.build(Crusade, {"n": 4, "m": 1})] * 2, "give each size once"),
        (library.build(Crusade, {"n": 4, "m": 1, "enough": 2}), "has a value already"),
        (byzverify.protocol("om", n=4, m=1), "OM has no holes"),
        (Crusade, "give an instance"),
        ([library.build(Crusade, {"n": 4, "m": 1}), library.build(Grades, {"n": 4, "m": 1})], "not several sketches"),
    ],
)
def test_what_is_no_sketch_is_refused(sketch: Protocol, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        byzverify.complete(sketch)


def test_too_many_choices_are_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST_CANDIDATES", 15)
    with pytest.raises(UsageError, match=r"4 \* 4 = 16 choices in all, and at most 15 are tried"):
        byzverify.complete(open_at(Grades, 4, 1))


def test_an_error_of_one_choice_names_it() -> None:
    class Dividing(Crusade):
        def interchangeable(self) -> list[range]:
            raise ValueError

    with pytest.raises(ProtocolError, match=r"interchangeable fails"):
        byzverify.complete(open_at(Dividing, 4, 1))
