"""`byzverify complete`: exit codes, what is printed, and what is saved."""

import json
from pathlib import Path

import pytest

from byzverify.rendering import objects
from tests.rendering.test_json import demand_form
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

SKETCHES = Path(__file__).parents[1] / "questions" / "sketches.py"


@pytest.fixture
def sketch(tmp_path: Path) -> str:
    path = tmp_path / "sketch.py"
    path.write_text(SKETCHES.read_text())
    return f"{path}:Crusade"


def test_what_is_found_exits_with_0(byzverify: Call, sketch: str) -> None:
    ended = byzverify(f"complete {sketch} -n 4 -m 1")
    assert ended.code == 0
    assert ended.out.startswith(f"FOUND {sketch}(n=4, m=1) with at most 1 traitor: 1 of 4 choices is proved\n")
    assert "  enough = 2\n" in ended.out
    assert "4 choices: 1 proved, 3 refuted; 2 checks, 2 replays" in ended.out


def test_nothing_exits_with_1_and_names_the_next_question(byzverify: Call, sketch: str) -> None:
    ended = byzverify(f"complete {sketch} -n 3 -m 1 --save none.py")
    assert ended.code == 1
    assert "NONE" in ended.out
    assert "no choice of enough fits this sketch" in ended.out
    assert "byzverify solvable -n 3 -t 1 --problem crusader" in ended.out
    assert "nothing fits: nothing is written to none.py" in ended.err
    assert byzverify("solvable -n 3 -t 1 --problem crusader").code == 1


def test_what_is_undecided_exits_with_3_and_is_named(byzverify: Call, sketch: str) -> None:
    ended = byzverify(f"complete {sketch} -n 4 -m 1 --timeout 0")
    assert ended.code == 3
    assert "UNKNOWN" in ended.out
    assert "unknown: enough = 0, 1, 2, 3 (the time limit passed)" in ended.out


def test_json_has_every_choice_and_attacks_that_replay(byzverify: Call, sketch: str, tmp_path: Path) -> None:
    ended = byzverify(f"complete {sketch} -n 4 -m 1 --json --save {tmp_path}/saved.py")
    found = demand_form(ended.out, objects.Completed)
    (size,) = found["sizes"]
    assert (found["verdict"], size["proved"], found["fits"]) == ("found", [{"enough": 2}], [{"enough": "2"}])
    assert found["saved"]["rechecked"]
    assert [one["values"]["enough"] for one in size["refuted"]] == [0, 1, 3]
    for one in size["refuted"]:
        (tmp_path / "attack.json").write_text(json.dumps(one["attack"]))
        assert byzverify(f"replay {tmp_path}/attack.json").code == 1
    assert byzverify(f"check {tmp_path}/saved.py:Crusade -n 4 -m 1").code == 0


def test_the_attack_on_a_filled_sketch_replays(byzverify: Call, sketch: str, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    ended = byzverify(f"check {sketch} -n 4 -m 1 --set enough=1 --save {path}")
    assert ended.code == 1
    assert "(n=4, m=1, enough=1)" in ended.out
    assert json.loads(path.read_text())["parameters"]["enough"] == 1
    assert byzverify(f"replay {path}").code == 1


@pytest.mark.slow
def test_several_sizes_leave_out_what_is_not_claimed(byzverify: Call, sketch: str, tmp_path: Path) -> None:
    ended = byzverify(f"complete {sketch} -n 4..5,7 -m 1..2 --save {tmp_path}/saved.py")
    assert ended.code == 0
    assert "left out, since the sketch does not accept or claim them: n=4, m=2; n=5, m=2" in ended.err
    for line in (
        "at 4 sizes: 2 ways to fill enough at all of them",
        "  n=5, m=1  enough = 2, 3",
        "  fits all: enough = n - m - 1",
        "  refuted by prove: enough = 2 * m, at n=8, m=2, t=2",
        f"saved in {tmp_path}/saved.py with enough = n - m - 1",
        "  proved again by check at each of these sizes",
        "  proved for every n > 3*m and t <= m",
    ):
        assert f"{line}\n" in ended.out


def test_sizes_that_are_named_one_by_one_are_all_asked_about(byzverify: Call, sketch: str) -> None:
    ended = byzverify(f"complete {sketch} --at n=4,m=1 --at n=3,m=1")
    assert ended.code == 1
    assert "at 2 sizes: no choice of enough fits this sketch at every one of them" in ended.out
    assert "  n=3, m=1  none\n" in ended.out


def test_no_sum_is_not_no_function(byzverify: Call, tmp_path: Path) -> None:
    path = tmp_path / "sketch.py"
    secret = 'self.hole("secret", [2, 10, 37]) == {4: 10, 5: 37, 6: 2}[self.n]'
    text = SKETCHES.read_text().replace('self.hole("enough", range(self.n))', f"self.n * ({secret}) - 2 * ({secret})")
    path.write_text(text)
    ended = byzverify(f"complete {path}:Crusade --at n=4,m=1 --at n=5,m=1 --at n=6,m=1")
    assert ended.code == 1
    assert "no sum a*n + b*m + c (a and b from -3 to 3, c from -4 to 4) fits secret at every one of them" in ended.out
    assert "  n=5, m=1  secret = 37\n" in ended.out
    assert "other functions of n and m may fit" in ended.out


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("complete om -n 4 -m 1", "OM has no holes"),
        ("complete SKETCH -n 4 -m 1 --set enough=2", "the hole enough has a value already"),
        ("complete SKETCH -n x -m 1", "-n takes a number, a range 3..12, or a list 3,5,7"),
        ("complete SKETCH -m 1", "say how many generals there are"),
        ("complete SKETCH --at n=4 -n 4", "give either --at"),
        ("complete SKETCH --at n=4,t=1", "--at takes the sizes of one instance"),
        ("complete SKETCH --at m=1", "--at takes the sizes of one instance"),
        ("complete SKETCH -n 4 -m 1 -t 1 --faults crash=1", "give either -t or --faults"),
        ("complete SKETCH -n 4 -m 1 --save x.txt", "a protocol is saved in a file whose name ends in .py"),
        ("check SKETCH -n 4 -m 1", "find its values with `byzverify complete`"),
        ("simulate SKETCH -m 1 -G l,l,t,l", "find its values with `byzverify complete`"),
        ("prove SKETCH", "`byzverify complete` with several sizes"),
        ("check SKETCH -n 4 -m 1 --set enough=9", "not among the choices of this hole: 0, 1, 2, 3"),
    ],
)
def test_what_makes_no_sense_exits_with_2(line: str, complaint: str, byzverify: Call, sketch: str) -> None:
    ended = byzverify(line.replace("SKETCH", sketch))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert complaint in ended.err
