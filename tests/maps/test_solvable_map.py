"""`byzverify map --solvable`: which cells a table has, what is known of them, what is printed, and how it ends."""

import csv
import io
import json
import shlex
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import byzverify as public
from byzverify.errors import UsageError
from byzverify.language.faults import Fault
from byzverify.language.topology import alike_nodes, graph_of
from byzverify.limits import NO_LIMIT
from byzverify.maps import tabulating
from byzverify.maps.networks import cells_of
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.maps.proof_files import name_of
from byzverify.rendering import objects
from byzverify.rendering.periodic.signs import sign
from byzverify.workers.crew import Crew
from byzverify.workers.worker import Allowance
from tests.maps.conftest import Call
from tests.rendering.test_json import demand_form

COMMAND = [sys.executable, "-P", "-m", "byzverify", "map", "--solvable"]

NO_PROTOCOL = LeastRounds("impossible", impossible_rounds="any", executions=3)
TWO = LeastRounds("solvable", 2, 1, executions=3, shortest=True, rule="Obey.", views=24, free=6, alike=1)
THREE = LeastRounds("solvable", 3, 2, executions=4, shortest=True, rule="Obey twice.")


def limits(**numbers: int) -> tuple[tuple[Fault, int], ...]:
    return tuple((Fault(mode), number) for mode, number in numbers.items())


# Which cells there are


def test_every_combination_is_a_cell_and_each_fault_option_a_panel() -> None:
    cells = cells_of(n="3..4", faults=["crash=1..2", "byzantine=1,omission=0..1"])
    assert [(cell.n, dict(cell.limits)) for cell in cells[:4]] == [
        (3, {"crash": 1}),
        (4, {"crash": 1}),
        (3, {"crash": 2}),
        (4, {"crash": 2}),
    ]
    assert [dict(cell.limits) for cell in cells[4::2]] == [
        {"byzantine": 1, "omission": 0},
        {"byzantine": 1, "omission": 1},
    ]


def test_without_a_limit_one_general_may_be_a_traitor() -> None:
    assert [cell.faults for cell in cells_of(n="4")] == [{Fault.BYZANTINE: 1}]


def test_cells_with_more_faults_than_generals_are_left_out() -> None:
    assert [(cell.n, cell.limits[0][1]) for cell in cells_of(n="2..3", t="3")] == [(3, 3)]


@pytest.mark.parametrize(("nodes", "rooted"), [(2, 1), (3, 3), (4, 11), (5, 58)])
def test_on_all_connected_graphs_each_general_commands_once_up_to_symmetry(nodes: int, rooted: int) -> None:
    """Connected graphs with a marked node: sequence A126100 of the OEIS."""
    assert len(cells_of(graphs=f"connected:{nodes}", t="1")) == rooted


def test_generals_that_an_automorphism_exchanges_are_alike() -> None:
    def classes(text: str) -> list[list[int]]:
        return alike_nodes(graph_of(text), NO_LIMIT.check)

    assert classes("wheel:5") == [[0], [1, 2, 3, 4]]
    assert classes("path:4") == [[0, 3], [1, 2]]
    assert classes("cycle:6") == [[0, 1, 2, 3, 4, 5]]


def test_where_nobody_commands_a_graph_is_one_cell() -> None:
    assert [cell.commander for cell in cells_of(graphs="connected:3", problem="consensus")] == [None, None]


@pytest.mark.parametrize(
    "asked",
    [
        {"n": "3..6", "t": "1..2"},
        {"n": "4", "faults": ["crash=1..2", "crash=1,omission=0..1"], "signed": True},
        {"graphs": "connected:3..4", "problem": "graded"},
    ],
)
def test_a_cells_command_asks_the_same_and_its_name_is_its_own(asked: dict[str, object]) -> None:
    cells = cells_of(**asked)  # type: ignore[arg-type]
    assert len({name_of(cell) for cell in cells}) == len(cells)
    for cell in cells:
        words = shlex.split(cell.command())
        options = dict(zip(words[2::2], words[3::2], strict=False))
        assert int(options.get("--commander", 0)) == (cell.commander or 0)
        assert options.get("--graph") == cell.graph
        assert words[:2] == ["byzverify", "solvable"]
        assert ("--signed" in words) == cell.signed


REFUSED = [
    ("map", "name a model, or give --solvable"),
    ("map om --solvable -n 4", "leave MODEL out"),
    ("map --solvable -n 4 -m 1", "leave -m out"),
    ("map --solvable -n 4 --set p=3", "leave --set out"),
    ("map --solvable -n 4 --values 3", "leave --values out"),
    ("map --solvable -n 4 --save-attacks there", "leave --save-attacks out"),
    ("map --solvable -n 4 --dask local", "leave --dask out"),
    ("map --solvable -n 4 --store there", "leave --store out"),
    ("map --solvable -n 4 --no-store", "leave --no-store out"),
    ("map om -n 4 -m 1 --signed", "--signed goes with --solvable"),
    ("map om -n 4 -m 1 --problem graded", "--problem goes with --solvable"),
    ("map om -n 4 -m 1 --certificates there", "--certificates goes with --solvable"),
    ("map om -n 4 --faults crash=1 --faults omission=1", "give --faults once"),
    ("map --solvable", "say how many generals there are"),
    ("map --solvable -n 1", "there must be 2 to 200 generals"),
    ("map --solvable -n 3 -t 4", "more faults than generals in every cell"),
    ("map --solvable -n 4 -t 1 --faults crash=1", "give either -t or --faults"),
    ("map --solvable -n 4 --faults treason=1", "no fault mode is called 'treason'"),
    ("map --solvable -n 4 --graphs connected:3", "leave -n out"),
    ("map --solvable -n 4 --graph cycle:5", "leave -n out"),
    ("map --solvable --graph complete:1", "there must be 2 generals or more"),
    ("map --solvable -n 4 --problem grading", "no problem is called 'grading'"),
    ("map --solvable -n 4 --problem approximate", "a table has no epsilon"),
    ("map --solvable -n 4 --export parquet", "--export takes json or csv"),
    ("map --solvable -n 4 --json --export csv", "--json is --export json"),
    ("map --solvable -n 4 -o table.html", "a table is written as .svg, .png, .json, .csv;"),
    ("map --solvable -n 4 --certificates /dev/null", "it is no folder"),
    ("map --solvable -n 4 --timeout 1e99", "a time limit is a number of seconds"),
    ("map --solvable -n 2..1000 --faults byzantine=0..999,crash=0..999", "a table has at most"),
]


@pytest.mark.parametrize(("line", "said"), REFUSED)
def test_what_cannot_be_asked_is_one_line_and_exit_code_2(byzverify: Call, line: str, said: str) -> None:
    refused = byzverify(line)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert refused.err.count("\n") == 1


# What two cells say of each other


def table(**known: LeastRounds) -> PeriodicTable:
    """A table of four generals. known: for limits such as `crash2`, what is known."""
    cells = {name: PeriodicCell("broadcast", 4, ((Fault(name.rstrip("0123456789")), int(name[-1])),)) for name in known}
    return PeriodicTable(tuple(cells.values()), {cells[name]: one for name, one in known.items()})


def test_a_protocol_withstands_fewer_and_milder_faults() -> None:
    assert table(byzantine1=TWO, byzantine2=THREE).contradictions == []
    assert table(crash1=TWO, omission1=TWO, byzantine1=NO_PROTOCOL).contradictions == []
    assert len(table(byzantine1=NO_PROTOCOL, byzantine2=THREE).contradictions) == 1
    assert len(table(byzantine1=THREE, byzantine2=TWO).contradictions) == 1
    assert len(table(crash1=THREE, byzantine1=TWO).contradictions) == 1
    assert len(table(crash1=NO_PROTOCOL, omission2=TWO).contradictions) == 1
    assert table(omission1=THREE, crash1=TWO).contradictions == []
    assert len(table(omission1=TWO, manifest1=NO_PROTOCOL).contradictions) == 1
    assert table(symmetric1=NO_PROTOCOL, omission1=TWO).contradictions == []


def test_mixtures_are_compared_only_mode_by_mode() -> None:
    mixed, crashes, alone = cells_of(n="4", faults=["byzantine=1,crash=1", "crash=2", "byzantine=1,crash=0"])
    cells = (mixed, crashes, alone)
    assert PeriodicTable(cells, {mixed: NO_PROTOCOL, crashes: TWO, alone: TWO}).contradictions == []
    assert len(PeriodicTable(cells, {mixed: TWO, alone: NO_PROTOCOL}).contradictions) == 1


def test_cells_of_different_networks_are_not_compared() -> None:
    cells = cells_of(n="4..5", t="1..2")
    known = {cell: TWO if cell.n == 5 else NO_PROTOCOL for cell in cells}
    assert PeriodicTable(cells, known).contradictions == []


def test_a_table_of_which_all_is_known_exits_with_0_and_otherwise_with_3() -> None:
    assert table(byzantine1=TWO, byzantine2=NO_PROTOCOL).exit_code == 0
    assert table(byzantine1=TWO, byzantine2=LeastRounds("unknown", reason="why")).exit_code == 3
    assert table(byzantine1=LeastRounds("solvable", 3, 1, open=(2,))).exit_code == 3
    assert table(byzantine1=NO_PROTOCOL, byzantine2=TWO).exit_code == 4


def test_each_kind_of_knowledge_has_its_sign() -> None:
    shown = {
        "…": None,
        "✗": NO_PROTOCOL,
        "2": TWO,
        "2..4": LeastRounds("solvable", 4, 1, open=(2, 3)),
        ">2": LeastRounds("unknown", impossible_rounds=2),
        "?": LeastRounds("unknown"),
    }
    assert {one: sign(known) for one, known in shown.items()} == {one: one for one in shown}


# What is printed


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, LeastRounds]:
    """What the command finds for -n 3..4 -t 1..2 in place of deciding anything, by `n t`; a test may change it."""
    known = {"3 1": NO_PROTOCOL, "4 1": TWO, "3 2": NO_PROTOCOL, "4 2": LeastRounds("unknown", reason="why [not]")}

    def found(cells: tuple[PeriodicCell, ...], *_: object) -> PeriodicTable:
        names = {cell: f"{cell.n} {sum(cell.faults.values())}" for cell in cells}
        return PeriodicTable(cells, {cell: known[name] for cell, name in names.items() if name in known})

    monkeypatch.setattr("byzverify.commands.tabulating._found", found)
    return known


ASKED = "map --solvable -n 3..4 -t 1..2"


@pytest.mark.usefixtures("made")
def test_a_grid_has_more_generals_to_the_right_and_more_traitors_above(byzverify: Call) -> None:
    ended = byzverify(ASKED)
    assert ended.code == 3
    lines = [line.rstrip() for line in ended.out.splitlines()]
    at = lines.index("byzantine")
    assert lines[at + 1 : at + 4] == ["t 2  ✗  ?", "t 1  ✗  2", "  n  3  4"]
    assert "1 cell unknown: why [not]" in ended.out
    assert "4 cells: 3 decided, 1 not fully decided" in ended.out
    assert "shortest chain of 3  2^6    A" in ended.out
    assert "rule A: Obey." in ended.out


def test_a_gap_in_a_grid_is_explained_where_there_is_one(byzverify: Call) -> None:
    assert " ·  more faults than generals" in byzverify("map --solvable -n 2..3 -t 1..3").out
    assert "more faults than generals" not in byzverify("map --solvable -n 3..4 -t 1").out


@pytest.mark.usefixtures("made")
def test_json_has_the_form_of_the_schema(byzverify: Call) -> None:
    ended = byzverify(f"{ASKED} --json")
    found = demand_form(ended.out, objects.Tabulated)
    assert [cell["verdict"] for cell in found["cells"]] == ["impossible", "solvable", "impossible", "unknown"]
    assert found["cells"][1]["rules"] == 2
    assert found["cells"][1]["command"] == "byzverify solvable -n 4 -t 1"


@pytest.mark.usefixtures("made")
def test_tables_are_printed_or_written_as_asked(byzverify: Call, tmp_path: Path) -> None:
    printed = byzverify(f"{ASKED} --export csv -o {tmp_path}/table.json -o {tmp_path}/table.csv")
    assert (tmp_path / "table.csv").read_text(encoding="utf-8") == printed.out
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    cells = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))["cells"]
    assert [(row["n"], row["verdict"], row["faults"]) for row in rows] == [
        (str(cell["n"]), cell["verdict"], f"byzantine={cell['faults']['byzantine']}") for cell in cells
    ]


def test_a_contradiction_is_printed_with_the_table_and_exits_with_4(
    byzverify: Call, made: dict[str, LeastRounds]
) -> None:
    made |= {"4 1": THREE, "4 2": TWO}
    ended = byzverify(ASKED)
    assert ended.code == 4
    assert "t 2" in ended.out
    assert "byzverify solvable -n 4 -t 2 finds a protocol with 2 rounds, which" in ended.err
    assert ended.err.count("\n") == 1


def test_what_was_not_decided_in_time_has_a_sign_of_its_own(byzverify: Call, made: dict[str, LeastRounds]) -> None:
    del made["4 2"]
    ended = byzverify(ASKED)
    assert "t 2  ✗  …" in ended.out
    assert "1 not decided yet" in ended.out


# How cells are decided


def in_threads() -> Crew:
    return Crew(ThreadPoolExecutor(1), 1, 1, Allowance())


def test_whoever_interrupts_gets_the_cells_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabulating, "_answered", lambda cell, allowance: TWO)

    def progress(found: PeriodicTable, running: int) -> None:
        monkeypatch.setattr("byzverify.limits.interrupted", lambda: len(found.known) == 2)

    found = tabulating.tabulated_by(in_threads(), cells_of(n="4..9"), progress)
    assert [cell.n for cell in found.known] == [4, 5]
    assert found.stopped == "interrupted"
    assert found.exit_code == 130


def test_an_error_says_which_cell_it_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **given: object) -> None:
        raise UsageError("no")

    monkeypatch.setattr(tabulating, "solvable", fail)
    with pytest.raises(UsageError, match="byzverify solvable -n 4 -t 1: no"):
        tabulating.answer(cells_of(n="4")[0], None)


def test_three_generals_have_no_protocol_and_four_have_one_with_two_rounds(tmp_path: Path) -> None:
    """Lamport, Shostak & Pease 1982."""
    found = public.map_solvable(n="3..4", jobs=1, certificates=tmp_path)
    three, four = found.known.values()
    assert (three.verdict, three.impossible_rounds, three.executions) == ("impossible", "any", 3)
    assert (four.rounds, four.impossible_rounds, four.executions, four.shortest) == (2, 1, 3, True)
    assert four.free == 0
    assert found.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "n3-byzantine1.json",
        "n4-byzantine1.json",
        "n4-byzantine1.py",
    ]
    assert public.certify(tmp_path / "n4-byzantine1.json")


@pytest.mark.slow
def test_both_proofs_of_each_cell_are_accepted(byzverify: Call, tmp_path: Path) -> None:
    line = "map --solvable -n 3..5 --faults byzantine=1 --faults crash=1..2 --signed"
    assert byzverify(f"{line} --certificates {tmp_path}").code == 0
    for file in tmp_path.glob("*.json"):
        assert byzverify(f"certify {file}").code == 0
    for file in tmp_path.glob("*.py"):
        mode, number = file.stem.split("-")[-1][:-1], file.stem[-1]
        assert byzverify(f"check {file} --faults {mode}={number}").code == 0


@pytest.mark.slow
def test_a_cell_that_takes_too_long_is_unknown_and_the_others_go_on() -> None:
    known = list(public.map_solvable(n="3..4", t="1", timeout=0).known.values())
    assert [one.verdict for one in known] == ["impossible", "unknown"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be sent Ctrl-C alone")
def test_ctrl_c_prints_what_is_known_and_exits_with_130() -> None:
    asked = [*COMMAND, *shlex.split("-n 3,16 -t 1..5 --jobs 1")]
    running = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    while not running.stderr.readline().startswith("1/"):
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate()
    assert running.returncode == 130
    assert "t 1  ✗  " in out
    assert "stopped: interrupted" in out
