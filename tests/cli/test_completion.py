"""What the shell completes: commands, options, models and exhibits, without a wait."""

import os
import subprocess
import sys

import pytest

PROGRAM = "import sys; sys.argv = ['byzverify', *sys.argv[1:]]; from byzverify.cli import main; main()"


def run(*arguments: str, **environment: str) -> str:
    """What byzverify prints, under its own name."""
    ended = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("byzverify che", {"check"}),
        ("byzverify check phase_k", {"phase_king", "phase_king_two_round"}),
        ("byzverify map phase_q", {"phase_queen"}),
        ("byzverify museum tie", {"tie_to_own"}),
        ("byzverify test --model crus", {"crusader"}),
        ("byzverify check om --mini", {"--minimal"}),
    ],
)
def test_bash_completes(words: str, completed: set[str]) -> None:
    number = str(len(words.split()) - 1)
    out = run(_BYZVERIFY_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=number)
    assert {line.removeprefix("plain,") for line in out.split()} == completed


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_what_it_needs(shell: str) -> None:
    assert "_BYZVERIFY_COMPLETE" in run(_BYZVERIFY_COMPLETE=f"{shell}_source")


def test_a_model_that_is_a_file_is_completed_by_the_shell() -> None:
    out = run(_BYZVERIFY_COMPLETE="bash_complete", COMP_WORDS="byzverify check ./my_", COMP_CWORD="2")
    assert out == "file,./my_\n"


def test_completing_a_model_imports_nothing_heavy() -> None:
    program = PROGRAM.replace("main()", "sys.excepthook = None\ntry:\n main()\nfinally:\n print(*sys.modules)")
    ended = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"_BYZVERIFY_COMPLETE": "bash_complete", "COMP_WORDS": "byzverify check o", "COMP_CWORD": "2"},
    )
    loaded = {word.removeprefix("plain,") for word in ended.stdout.split()}
    assert {"om", "om_graph", "byzverify.models"} <= loaded, "the names are completions, the rest are modules"
    assert not loaded & {"z3", "networkx", "rich.table", "byzverify.engines.finite"}


@pytest.mark.parametrize(
    "variables",
    [{"_BYZVERIFY_COMPLETE": "perhaps"}, {"_BYZVERIFY_COMPLETE": "bash_complete", "COMP_WORDS": "byzverify c"}],
)
def test_completion_that_no_shell_asks_for_is_refused(variables: dict[str, str]) -> None:
    command = [sys.executable, "-P", "-c", PROGRAM, "check", "om", "-n", "4", "-m", "1"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | variables)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "_BYZVERIFY_COMPLETE is for shells" in ended.stderr
