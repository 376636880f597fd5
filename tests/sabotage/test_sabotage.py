"""Protocols that ordinary Python makes wrong are never proved, and correct ones that use it keep their verdicts.

`inputs.toml` lists the wrong ones, `correct.toml` the correct ones, with the verdicts, and `refuted.toml` those for
which an attack was found that is none. Each is checked by the installed command in a process of its own. That an input
is wrong is shown by the oracle, which exhibits a run that breaks a condition.

The guards are tried by themselves, too: the mends that concern an input are taken back in the commands that are run
(`unmended/`), and what is left must notice it, or the list says why it does not.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.sabotage.oracle import RUNS
from tests.sabotage.running import HERE, Ended, copied, run

LISTED: dict[str, Any] = tomllib.loads((HERE / "inputs.toml").read_text("utf-8"))
CORRECT: dict[str, Any] = tomllib.loads((HERE / "correct.toml").read_text("utf-8"))
REFUTED: dict[str, Any] = tomllib.loads((HERE / "refuted.toml").read_text("utf-8"))
INPUTS: dict[str, Any] = LISTED["input"]
SEQUENCES: dict[str, Any] = LISTED["sequence"]

EXHIBITED = [name for name, one in INPUTS.items() if "REFUTED" in one["right"]]
"""The inputs that a run can show to be wrong."""

NOTICED = {"REFUTED", "refused", "UNKNOWN", "contradiction"}
"""How a check ends that is not wrong."""

REFUSED_WHEREVER_IT_RUNS = ["numbers", "view"]
"""The mends without which a run of an input would not come to its end."""

FEW_RUNS = 30
"""So many runs of a model that is proved must all be as it was proved."""

SEARCHES_OF_CHANCE = 10
"""How many searches share the runs of an input of chance. Each starts its processes anew: what a process draws once is
the same for all four generals in one search of eight, where two values are likely.
"""

FALSELY_REFUTED = [pytest.param(name, marks=[pytest.mark.slow] * (turn > 0)) for turn, name in enumerate(REFUTED)]
"""The inputs for which an attack was found that is none, of which the first is no slow test."""


def files(folder: str) -> set[str]:
    """The models in a folder, without the files that only help them."""
    return {path.stem for path in (HERE / folder).glob("*.py") if not path.read_text("utf-8").startswith('"""No model')}


def first_of_each_kind() -> list[Any]:
    """All inputs, of which the first of each kind is no slow test."""
    firsts = {one["kind"]: name for name, one in reversed(INPUTS.items())}
    return [
        name if firsts[one["kind"]] == name else pytest.param(name, marks=pytest.mark.slow)
        for name, one in INPUTS.items()
    ]


def mends_of(name: str) -> list[str]:
    """The mends that concern an input."""
    mends: list[str] = INPUTS[name].get("mends", LISTED["mends"].get(INPUTS[name]["kind"], []))
    return mends


TRIED = [name for name in INPUTS if mends_of(name) and "chance" not in INPUTS[name]]
"""The inputs that are checked without their mends. What the guards alone notice at times only shows nothing."""

SEVERAL = [
    (name, mend)
    for name in TRIED
    for mend in mends_of(name)
    if len(mends_of(name)) > 1 and "guards_miss" not in INPUTS[name]
]
"""Those that several mends concern and that the guards alone notice, with each of these mends."""


def figures(kind: str) -> str:
    """A row of the page's table: of one kind, or of all together."""
    inputs = [name for name, one in INPUTS.items() if kind in ("", one["kind"])]
    sequences = [one for one in SEQUENCES.values() if kind in ("", one["kind"])]
    before = sum(one["before"] == "PROVED" for one in (*(INPUTS[name] for name in inputs), *sequences))
    tried = [name for name in inputs if mends_of(name)]
    alone = [len(tried), sum("guards_miss" in INPUTS[name] for name in tried)] if tried else ["-", "-"]
    return " | ".join(map(str, [len(inputs), len(sequences), before, *alone])) + " |"


def unmended(mends: Iterable[str]) -> str:
    """What to write before a command in which these mends are taken back. Its sets have one order in every test."""
    return f"PYTHONHASHSEED=1 PYTHONPATH={HERE / 'unmended'} BYZVERIFY_UNMENDED={','.join(mends)}"


def without(mends: list[str], name: str, folder: Path) -> Ended:
    """How the check of an input ends where these mends are taken back: PROVED only if everything is proved."""
    checking = f"byzverify check {name}.py {INPUTS[name]['options']} --certificate evidence"
    ended = run([f"{unmended(mends)} {checking}"], copied("inputs", folder))
    assert "Traceback" not in ended.errors
    assert (folder / "inputs" / "evidence").exists() == (ended.outcome == "PROVED")
    return ended


def test_every_file_is_listed() -> None:
    scripts = [path.read_text("utf-8") for path in (HERE / "inputs").glob("*.py") if path.stem not in files("inputs")]
    steps = [step for one in SEQUENCES.values() for step in one["steps"]]
    in_sequences = set(re.findall(r"\w+(?=\.py)", "\n".join(steps + scripts)))
    assert files("inputs") - in_sequences <= set(INPUTS)
    assert set(INPUTS) <= files("inputs")
    assert set(CORRECT) == files("correct")
    assert set(REFUTED) == files("refuted")


def test_every_kind_has_four_inputs_or_more() -> None:
    kinds = Counter(one["kind"] for one in (*INPUTS.values(), *SEQUENCES.values()))
    assert {kind: number for kind, number in kinds.items() if number < 4} == {}


def test_the_page_gives_the_figures_of_the_list() -> None:
    page = (HERE.parents[1] / "docs/explanation/sabotage.md").read_text("utf-8")
    given = dict(re.findall(r"^\| ([^|]+) \| ((?:[-\d]+ \| ?)+)$", page, re.MULTILINE))
    kinds = {one["kind"] for one in (*INPUTS.values(), *SEQUENCES.values())}
    assert given == {kind: figures(kind) for kind in kinds} | {"all": figures("")}
    assert re.findall(r"names (\d+) programs", page) == [str(len(REFUTED))]


@pytest.mark.slow
@pytest.mark.parametrize("name", first_of_each_kind())
def test_no_input_is_proved_or_certified(name: str, tmp_path: Path) -> None:
    listed = INPUTS[name]
    ended = run([f"byzverify check {name}.py {listed['options']} --certificate evidence"], copied("inputs", tmp_path))
    assert ended.outcome in {*listed["right"], "contradiction"}, ended
    assert "Traceback" not in ended.errors
    assert not (tmp_path / "inputs" / "evidence").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", SEQUENCES)
def test_no_sequence_ends_in_a_proof(name: str, tmp_path: Path) -> None:
    ended = run(SEQUENCES[name]["steps"], copied("inputs", tmp_path))
    assert ended.outcome in {*NOTICED, "not proved"}, ended
    assert "byzverify " not in SEQUENCES[name]["steps"][-1] or "Traceback" not in ended.errors


def test_what_takes_mends_back_knows_all_that_are_listed(tmp_path: Path) -> None:
    listed = {mend for name in INPUTS for mend in mends_of(name)} | {"repeating"}
    listed |= {mend for one in REFUTED.values() for mend in one["mends"]}
    script = "import sitecustomize; print(*sitecustomize.MENDS)"
    ended = run([f"{unmended(listed)} python -c '{script}'"], tmp_path)
    assert set(ended.printed.split()) == listed, ended


def test_without_mends_a_correct_model_is_proved_still(tmp_path: Path) -> None:
    listed = {mend for name in INPUTS for mend in mends_of(name)} | {"repeating"}
    ended = run([f"{unmended(listed)} byzverify check om -n 4 -m 1"], tmp_path)
    assert ended.outcome == "PROVED", ended


@pytest.mark.campaign
@pytest.mark.parametrize("name", TRIED)
def test_guards_alone_notice_an_input_or_the_list_says_why_not(name: str, tmp_path: Path) -> None:
    listed = INPUTS[name]
    ended = without(mends_of(name), name, tmp_path)
    if listed.get("crashes"):
        assert ended.outcome == "crashed", ended
    elif "guards_miss" not in listed:
        assert ended.outcome in NOTICED, ended
    else:
        assert ended.outcome == "PROVED", f"the guards do notice it: {ended}"


@pytest.mark.campaign
@pytest.mark.parametrize(("name", "mend"), SEVERAL)
def test_without_one_of_several_mends_an_input_is_noticed(name: str, mend: str, tmp_path: Path) -> None:
    ended = without([mend], name, tmp_path)
    assert ended.outcome in NOTICED, ended


def attacked(name: str, taken_back: list[str], folder: Path) -> tuple[Ended, bool]:
    """How the check of a program ends whose attack is none, and whether it is saved, where these are taken back."""
    checking = f"byzverify check {name}.py {REFUTED[name]['options']} --save attack.json"
    ended = run([f"{unmended(taken_back)} {checking}"], copied("refuted", folder))
    assert "Traceback" not in ended.errors
    return ended, (folder / "refuted" / "attack.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", FALSELY_REFUTED)
def test_no_attack_is_believed_that_is_none(name: str, tmp_path: Path) -> None:
    ended, saved = attacked(name, [], tmp_path)
    assert ended.outcome in {"PROVED", "refused"}, ended
    assert not saved


@pytest.mark.slow
@pytest.mark.parametrize("name", FALSELY_REFUTED)
def test_an_attack_that_is_none_is_noticed_where_it_is_played_once_more(name: str, tmp_path: Path) -> None:
    ended, saved = attacked(name, REFUTED[name]["mends"], tmp_path)
    assert (ended.outcome, saved) == ("refused", False), ended
    assert "a program may depend only on what its general is given" in ended.errors


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUTED)
def test_an_attack_that_is_none_is_believed_where_nobody_plays_it_once_more(name: str, tmp_path: Path) -> None:
    ended, saved = attacked(name, [*REFUTED[name]["mends"], "repeating"], tmp_path)
    assert saved, ended


@pytest.mark.campaign
@pytest.mark.parametrize("name", REFUTED)
def test_runs_of_separate_processes_show_no_attack_where_none_is(name: str, tmp_path: Path) -> None:
    assert not exhibited(HERE / "refuted" / f"{name}.py", REFUTED[name]["options"], FEW_RUNS, [], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", CORRECT)
def test_correct_models_keep_their_verdicts(name: str, tmp_path: Path) -> None:
    listed = CORRECT[name]
    ended = run([f"byzverify check {listed['model']} {listed['options']}"], copied("correct", tmp_path))
    assert ended.outcome == listed["verdict"], ended


def exhibited(model: Path, options: str, runs: int, mends: list[str], folder: Path) -> bool:
    """Whether the oracle, in a process of its own, which loads the model, finds a run that breaks a condition."""
    oracle = f"python {HERE / 'oracle.py'} {model} --runs {runs} {options}"
    ended = run([f"{unmended(mends)} {oracle}"], folder)
    assert re.search(r"fails in run|no violation in", ended.printed), ended
    return "no violation in" not in ended.printed


@pytest.mark.campaign
@pytest.mark.parametrize("name", EXHIBITED)
def test_a_run_of_separate_processes_shows_that_an_input_is_wrong(name: str, tmp_path: Path) -> None:
    refusing = [mend for mend in mends_of(name) if mend in REFUSED_WHEREVER_IT_RUNS]
    model, options = HERE / "inputs" / f"{name}.py", INPUTS[name]["options"]
    searches = SEARCHES_OF_CHANCE if "chance" in INPUTS[name] else 1
    assert any(exhibited(model, options, RUNS // searches, refusing, tmp_path) for _ in range(searches))


@pytest.mark.campaign
@pytest.mark.parametrize("name", CORRECT)
def test_runs_of_separate_processes_agree_with_the_verdict_on_a_correct_model(name: str, tmp_path: Path) -> None:
    listed = CORRECT[name]
    runs = RUNS if listed["verdict"] == "REFUTED" else FEW_RUNS
    found = exhibited(HERE / "correct" / listed["model"], listed["options"], runs, [], tmp_path)
    assert found == (listed["verdict"] == "REFUTED")
