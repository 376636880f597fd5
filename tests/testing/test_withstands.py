"""Implementations of OM(m), right and wrong, tested as people would test theirs."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy

from byzverify.attacks.loading import load_for_programs
from byzverify.errors import NodeError, UsageError
from byzverify.models.om import OM
from byzverify.models.readme_program import ReadmeProgram
from byzverify.questions.pipeline import check
from byzverify.questions.verdict import Refuted
from byzverify.strategies import Trial, attacks, trials
from byzverify.testing import AtFault, Broken, withstands
from tests.testing import generals

searching = settings(
    max_examples=2000,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    phases=[Phase.generate, Phase.shrink],
)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m", "examples"), [(4, 1, 100), (5, 1, 60), (7, 2, 60)])
def test_om_as_in_the_paper_withstands_whatever_is_drawn_and_decides_as_the_model_does(
    n: int, m: int, examples: int
) -> None:
    played: list[int] = []

    @settings(searching, max_examples=examples)
    @given(trials(OM(n=n, m=m)))
    def trying(trial: Trial) -> None:
        met = withstands(generals.general, trial)
        assert met.as_model
        assert met.difference is None
        played.append(len(met.run.lies))

    trying()
    assert len(played) >= examples
    assert max(played) >= n - 1


def smallest(
    wrong: Callable[..., generals.General], model: OM, error: type[AssertionError]
) -> tuple[Trial, AssertionError]:
    """What hypothesis ends with, having shrunk it."""
    failing: list[Trial] = []

    @searching
    @given(trials(model))
    def trying(trial: Trial) -> None:
        try:
            withstands(wrong, trial)
        except error:
            failing.append(trial)
            raise

    with pytest.raises(error) as raised:
        trying()
    return failing[-1], raised.value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "n", "m", "lies", "traitors"),
    [
        (generals.flat_tally, 7, 2, 8, 2),
        (generals.tie_to_own, 5, 1, 2, 1),
        (generals.one_level_short, 4, 1, 1, 1),
    ],
)
def test_a_wrong_general_is_found_and_the_trial_shrinks_to_a_few_lies(
    wrong: Callable[..., generals.General], n: int, m: int, lies: int, traitors: int
) -> None:
    trial, error = smallest(wrong, OM(n=n, m=m), Broken)
    assert isinstance(error, Broken)
    assert 0 < len(trial.said) <= lies
    assert not isinstance(error.played.outcome, NodeError)
    assert len(error.played.outcome[0].run.lies) == len(trial.said), "what is drawn and is no lie has been left out"
    assert len(trial.faults) <= traitors


@cache
def attacks_on_seven() -> SearchStrategy[Trial]:
    return attacks(OM(n=7, m=2))


@pytest.mark.parametrize(
    "wrong",
    [
        generals.flat_tally,
        *(pytest.param(g, marks=pytest.mark.slow) for g in (generals.tie_to_own, generals.one_level_short)),
    ],
)
def test_attacks_on_weaker_variants_are_all_withstood_by_the_right_general_and_break_the_wrong_ones(
    wrong: Callable[..., generals.General],
) -> None:
    of_variants = attacks_on_seven()
    fallen: list[Trial] = []

    @searching
    @given(of_variants)
    def trying(trial: Trial) -> None:
        withstands(generals.general, trial)
        try:
            withstands(wrong, trial)
        except Broken:
            fallen.append(trial)

    trying()
    assert fallen


def test_a_general_who_takes_it_that_all_speak_is_at_fault_when_one_is_silent() -> None:
    trial, error = smallest(generals.ignores_absence, OM(n=4, m=1), AtFault)
    assert list(map(str, trial.said.values())) == ["ABSENT"]
    assert "ignores_absence" in str(error)
    assert "KeyError" in str(error)
    assert "\n" not in str(error)


def test_an_attack_that_a_check_has_found_is_a_trial_too() -> None:
    verdict = check(ReadmeProgram(n=7, m=2))
    assert isinstance(verdict, Refuted)
    with pytest.raises(Broken):
        withstands(generals.flat_tally, verdict.attack)
    withstands(generals.general, verdict.attack)


def test_generals_of_a_mapping_are_played_by_what_it_names_and_the_others_by_the_model() -> None:
    trial = Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "RETREAT"})
    withstands({1: generals.general}, trial)
    with pytest.raises(Broken) as broken:
        withstands({1: generals.one_level_short, 2: generals.general}, flipped(trial))
    assert str(broken.value.team) == "one_level_short, general"


def flipped(trial: Trial) -> Trial:
    """The same with a traitor commander, who tells general 1 something else than the others."""
    return Trial(trial.protocol, {0}, trial.orders, {(1, 0, 1, (0,)): "RETREAT"})


@pytest.mark.slow
def test_a_command_is_played_as_a_shell_would_read_it() -> None:
    trial = Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "RETREAT"})
    withstands(f"{sys.executable} -P -m byzverify node om", trial)
    with pytest.raises(AtFault, match=r"^general 0 \(sh -c 'exit 3'\), at the start: ended with exit status 3$"):
        withstands("sh -c 'exit 3'", trial)
    with pytest.raises(UsageError, match="cannot be read"):
        withstands("sh -c '", trial)


def test_the_story_says_who_lies_what_is_decided_and_what_the_model_would_have_decided() -> None:
    with pytest.raises(Broken) as broken:
        withstands(generals.one_level_short, Trial(OM(n=4, m=1), {0}, {0: "ATTACK"}, {(1, 0, 2, (0,)): "RETREAT"}))
    told = str(broken.value).splitlines()
    assert told[0] == "one_level_short does not withstand it: IC1"
    for line in (
        "ATTACK played against programs; traitor 0",
        "general 0, the commander, is a traitor and pretends to start with ATTACK",
        "1      0        2      ATTACK      RETREAT  0",
        "decisions of the loyal: ATTACK: generals 1, 3; RETREAT: general 2",
        "first difference: in round 2 general 1 tells general 2 nothing about 0-1, where the model tells him ATTACK",
        "IC2 holds: if the commander is loyal, every loyal lieutenant obeys his order",
    ):
        assert line in told, "\n".join(told)


def test_what_a_program_did_at_fault_is_kept_as_an_attack_on_termination(tmp_path: Path) -> None:
    trial = Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "ABSENT"})
    with pytest.raises(AtFault) as fallen:
        withstands(generals.ignores_absence, trial)
    fallen.value.attack.save(tmp_path / "attack.json")
    attack = load_for_programs(tmp_path / "attack.json")
    assert attack.condition == "Termination"
    withstands(generals.general, attack)
    with pytest.raises(AtFault, match="KeyError"):
        withstands(generals.ignores_absence, attack)


def contrary(me: int, order: str, n: int) -> generals.General:
    """Say the opposite of what one is told to say."""
    if me == 0:
        yield {(other, (0,)): "RETREAT" if order == "ATTACK" else "ATTACK" for other in range(1, n)}
        return order
    inbox = yield {}
    yield {}
    return inbox.get((0, (0,)), "RETREAT")


def test_an_attack_that_only_programs_make_possible_is_kept_and_played_again(tmp_path: Path) -> None:
    """Who only leaves out passes on what this commander says, which the model's would never say."""
    trial = Trial(OM(n=4, m=1), {3: "omission"}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "ABSENT"})
    with pytest.raises(Broken) as fallen:
        withstands(contrary, trial)
    fallen.value.attack.save(tmp_path / "attack.json")
    attack = load_for_programs(tmp_path / "attack.json")
    assert {site: list(map(str, said.values())) for site, said in attack.said.items()} == {(2, 3, 2): ["RETREAT"]}
    with pytest.raises(Broken) as again:
        withstands(contrary, attack)
    assert again.value.attack == fallen.value.attack


@pytest.mark.parametrize(
    ("implementation", "trial", "said"),
    [
        (3, Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}), "an implementation is a command or a generator function, not 3"),
        ({9: "./mine"}, Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}), "general 9; there are 0 to 3"),
        ("./mine", "attack.json", "expected a Trial or an Attack, not 'attack.json'"),
    ],
)
def test_what_is_no_implementation_or_no_trial_is_refused(implementation: Any, trial: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        withstands(implementation, trial)
