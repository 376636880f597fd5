"""The plugin, as pytest finds it: by the entry point of what is installed, in a run of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from byzverify.attacks.loading import load_for_programs
from byzverify.language.decisions import written
from byzverify.nodes.team import Team
from byzverify.questions.simulating import face
from tests.docs.test_docs import ROOT, blocks
from tests.test_imports import loads_nothing_of
from tests.testing import generals

pytest_plugins = ["pytester"]

HOWTO = ROOT / "docs" / "howto" / "test-suites.md"

FALLS = """
from hypothesis import given, settings
from byzverify.models.om import OM
from byzverify.strategies import trials
from byzverify.testing import withstands

def alone(me, order, n):
    inbox = yield {(i, (0,)): order for i in range(1, n)} if me == 0 else {}
    return order or inbox.get((0, (0,)), "RETREAT")

@settings(derandomize=True, database=None, deadline=None)
@given(trials(OM(n=4, m=1)))
def test_alone(trial):
    withstands(alone, trial)
"""

NODE = f"{sys.executable} -P -m byzverify node om -m 0"

COMMAND = f"""
from byzverify.models.om import OM
from byzverify.simulation.trial import Trial
from byzverify.testing import withstands

def test_command():
    withstands("{NODE}", Trial(OM(n=4, m=1), {{0}}, {{0: "ATTACK"}}, {{(1, 0, 2, (0,)): "RETREAT"}}))
"""


ALONE = ("-p", "no:hypothesispytest")
"""For runs without hypothesis, which takes most of the time to load."""


def saved(pytester: pytest.Pytester, test: str) -> tuple[list[str], Path]:
    """The lines that pytest prints for this failing test, and the only file that it saves."""
    pytester.makepyfile(test)
    ran = pytester.runpytest_subprocess("--byzverify-save", "kept/attacks", *([] if "hypothesis" in test else ALONE))
    ran.assert_outcomes(failed=1)
    (file,) = (pytester.path / "kept" / "attacks").iterdir()
    return ran.outlines, file


def test_loading_the_plugin_loads_nothing_that_is_heavy() -> None:
    heavy = ("z3", "pydantic", "anyio", "hypothesis", "networkx", "rich", "byzverify.language", "byzverify.nodes")
    loads_nothing_of(heavy, "import byzverify.testing")


@pytest.mark.slow
def test_a_failing_test_prints_the_smallest_trial_and_its_story_and_none_of_our_code(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(FALLS)
    ran = pytester.runpytest_subprocess()
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "*withstands(alone, trial)",
            "E*Broken: alone does not withstand it: IC1",
            "E*ATTACK played against programs; traitor 0",
            "E*1 lie",
            "E*trial=Trial(OM(n=4, m=1), {0}, {0: 'RETREAT'}, {(1, 0, *, (0,)): 'ATTACK'}),",
            "*- byzverify -*",
            "to keep the attack: pytest --byzverify-save DIR",
        ]
    )
    ran.stdout.no_fnmatch_line("*byzverify/testing.py*")


@pytest.mark.slow
def test_an_attack_that_is_saved_comes_to_the_same_when_it_is_replayed(pytester: pytest.Pytester) -> None:
    lines, file = saved(pytester, FALLS)
    assert file.name.endswith("test_alone.json")
    assert f"saved; replay it with: byzverify replay kept/attacks/{file.name} --node ..." in lines
    attack = load_for_programs(file)
    assert attack.programs == "alone"
    met, replay = face(attack, Team(node=generals.one_level_short))
    assert [judgement.condition.name for judgement in replay.violated] == [attack.condition] == ["IC1"]
    assert {general: written(decision) for general, decision in met.run.decisions.items()} == attack.decisions


@pytest.mark.slow
def test_an_attack_on_a_command_is_replayed_from_the_command_line(pytester: pytest.Pytester) -> None:
    lines, file = saved(pytester, COMMAND)
    assert f"saved; replay it with: byzverify replay kept/attacks/{file.name} --node '{NODE}'" in lines
    command = [sys.executable, "-m", "byzverify", "replay", str(file), "--node", NODE]
    replayed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert replayed.returncode == 1, replayed.stderr
    attack = load_for_programs(file)
    assert attack.programs == NODE
    assert "decisions of the loyal: ATTACK: generals 1, 3; RETREAT: general 2" in replayed.stdout
    assert attack.decisions == {1: "ATTACK", 2: "RETREAT", 3: "ATTACK"}


@pytest.mark.slow
def test_of_several_failures_each_attack_is_saved(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        COMMAND.replace("def test_command():", "def broken(name):\n  try:", 1)
        + "  except AssertionError as error:\n    return error\n"
        + "def test_two(): raise ExceptionGroup('two', [broken(1), ValueError(), ExceptionGroup('', [broken(2)])])\n"
    )
    pytester.runpytest_subprocess("--byzverify-save", "kept", *ALONE).assert_outcomes(failed=1)
    assert len(list((pytester.path / "kept").iterdir())) == 2


def test_what_cannot_be_saved_is_said_in_one_line(pytester: pytest.Pytester) -> None:
    pytester.makefile("", kept="")
    ran = pytester.runpytest_subprocess("--byzverify-save", "kept", *ALONE)
    assert "ERROR: --byzverify-save: cannot make kept: File exists" in ran.errlines
    assert ran.ret == pytest.ExitCode.USAGE_ERROR


def test_a_test_that_fails_for_another_reason_is_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): assert 1 == 2")
    ran = pytester.runpytest_subprocess("--byzverify-save", "kept", *ALONE)
    ran.stdout.no_fnmatch_line("*byzverify -*")
    assert list((pytester.path / "kept").iterdir()) == []


@pytest.mark.slow
def test_the_suite_in_the_documentation_ends_as_it_is_told_there(pytester: pytest.Pytester) -> None:
    files = {text.partition("\n")[0]: text for kind, text in blocks(HOWTO) if kind == "python"}
    pytester.makepyfile(my_general=files["# my_general.py"], test_my_general=files["# test_my_general.py"])
    (told,) = (text for kind, text in blocks(HOWTO) if kind == "text")
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--hypothesis-seed=0")
    ran.assert_outcomes(passed=1, failed=1)
    lines = [line.replace("[", "[[]") for line in told.splitlines() if "Failing test case" not in line]
    ran.stdout.fnmatch_lines(lines)  # what hypothesis calls it depends on its version
