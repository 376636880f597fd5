"""The command line: exit codes, one JSON object on stdout, one line for every error, and no traceback ever."""

import errno
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from functools import partial
from io import StringIO
from pathlib import Path

import click
import pytest
from rich.console import Console

from byzverify import cli
from byzverify.commands.terminal import progress_shown
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]


MINE = '''
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class Gossip(Protocol):
    """Tell everyone what the commander said, and believe the majority."""

    trust: int = 1
    sceptical: bool = False
    weight: float = 0.5
    title: str = "gossip"

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        return majority([inbox.get(j, default=RETREAT) for j in self.others(COMMANDER)])
'''


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "my_protocol.py"
    path.write_text(MINE)
    return f"{path}:Gossip"


def test_a_proof_exits_with_0(byzverify: Call) -> None:
    ended = byzverify("check om -n 7 -m 2")
    assert ended.code == 0
    assert ended.out.startswith("PROVED om(n=7, m=2) with at most 2 traitors")
    assert "29 sets of traitors in 2 scenarios; 3 cases: 3 decided by simplification, 0 by z3" in ended.out


def test_raw_terms_leave_every_case_to_z3(byzverify: Call) -> None:
    ended = byzverify("check om -n 7 -m 2 --raw")
    assert ended.code == 0
    assert "3 cases: 0 decided by simplification, 3 by z3" in ended.out


def test_an_attack_exits_with_1_and_says_who_lies_to_whom_and_what_breaks(byzverify: Call) -> None:
    ended = byzverify("check om -n 6 -m 2")
    assert ended.code == 1
    assert ended.out.startswith("REFUTED om(n=6, m=2)")
    for expected in ["traitors 4, 5", "instead of", "decisions of the loyal", "IC2 FAILS", "round"]:
        assert expected in ended.out


def test_a_saved_attack_replays(byzverify: Call, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    assert byzverify(f"check om -n 6 -m 2 --save {path}").code == 1
    ended = byzverify(f"replay {path}")
    assert ended.code == 1
    assert "IC2 FAILS" in ended.out


def test_a_saved_attack_is_explained_in_the_words_of_the_check(byzverify: Call, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    checked = byzverify(f"check om -n 6 -m 2 --save {path}")
    explained = byzverify(f"explain {path}")
    assert explained.code == 1
    heading, _, story = explained.out.partition("\n")
    assert heading == "om(n=6, m=2)"
    assert story.startswith("ATTACK replayed in the simulator; traitors 4, 5")
    assert story in checked.out


def test_one_loyal_generals_reasoning_is_followed_and_a_traitors_is_not(byzverify: Call) -> None:
    path = Path(__file__).parents[1] / "golden" / "attacks" / "om-6-2.json"
    followed = byzverify(f"explain {path} --general 1")
    assert followed.code == 1
    assert "General 1 decides RETREAT instead of ATTACK" in followed.out
    for general, reason in ((4, "is a traitor"), (6, "does not exist")):
        refused = byzverify(f"explain {path} --general {general}")
        assert (refused.code, refused.out) == (2, "")
        assert f"general {general} {reason}" in refused.err


def test_a_wrong_option_is_answered_with_the_help_of_the_command(byzverify: Call) -> None:
    assert "export --help says what there is" in byzverify("export om -n 4 -m 1").err
    assert "report --help says what there is" in byzverify("report attack.json").err


@pytest.mark.parametrize("command", cli.app.commands.values(), ids=list(cli.app.commands))
def test_the_help_of_a_command_explains_its_arguments_and_options(command: click.Command) -> None:
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
        else:
            for word in (parameter.metavar or str(parameter.name).upper()).split("|"):
                assert re.search(rf"\b{word} (is|are) ", command.help or ""), word


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file that is always full")
def test_what_cannot_be_written_is_one_line_that_says_so(byzverify: Call) -> None:
    refused = byzverify("export om -n 4 -m 1 --to smtlib -o /dev/full")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("byzverify: cannot write /dev/full: ")


@pytest.mark.parametrize(
    ("line", "code", "verdict"),
    [
        ("check om -n 6 -m 2", 1, "refuted"),
        ("check om -n 7 -m 2", 0, "proved"),
        ("check om -n 13 -m 4 --timeout 0", 3, "unknown"),
    ],
)
def test_json_is_one_object_and_nothing_else(line: str, code: int, verdict: str, byzverify: Call) -> None:
    ended = byzverify(f"{line} --json")
    found = json.loads(ended.out)
    assert (ended.code, found["verdict"]) == (code, verdict)
    assert {"model", "parameters", "traitors", "conditions", "cases", "seconds"} <= set(found)
    assert set(found["conditions"]) == {"IC1", "IC2"}
    assert found["interchangeable"] is (None if verdict == "unknown" else True)
    assert ("attack" in found, "reason" in found) == (verdict == "refuted", verdict == "unknown")


def test_the_attack_in_json_is_what_the_file_contains(byzverify: Call, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    found = json.loads(byzverify(f"check om -n 6 -m 2 --json --save {path}").out)
    assert found["attack"] == json.loads(path.read_text())


@pytest.mark.slow
def test_a_protocol_of_ones_own_is_checked(byzverify: Call, mine: str) -> None:
    assert byzverify(f"check {mine} -n 5 -t 1").code == 0
    assert byzverify(f"check {mine} -n 3 -t 1").code == 1
    assert byzverify(f"check {mine} -n 5 -t 1 --set trust=3").code == 0
    assert byzverify(f"check {mine.removesuffix(':Gossip')} -n 5 -t 1").code == 0


@pytest.mark.parametrize("setting", ["trust=x", "trust=1.5", "sceptical=maybe", "weight=heavy"])
def test_a_setting_of_the_wrong_type_is_refused(setting: str, byzverify: Call, mine: str) -> None:
    ended = byzverify(f"check {mine} -n 4 -t 1 --set {setting}")
    assert ended.code == 2
    assert "must be" in ended.err


def test_settings_have_the_types_of_their_parameters(byzverify: Call, mine: str, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    line = f"check {mine} -n 3 -t 1 --set trust=7 --set sceptical=true --set weight=2 --set title=hearsay"
    assert byzverify(f"{line} --save {path}").code == 1
    expected = {"n": 3, "values": 2, "graph": "", "trust": 7, "sceptical": True, "weight": 2.0, "title": "hearsay"}
    assert json.loads(path.read_text())["parameters"] == expected
    assert byzverify(f"replay {path}").code == 1


PEEKING = """
from byzverify.language import ATTACK, COMMANDER, RETREAT, Protocol, broadcast


class Peeking(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        if {look}:
            return RETREAT
        return order if me == COMMANDER else told
"""


@pytest.mark.parametrize(
    ("look", "code", "what"),
    [
        ("'Symb' not in str(type(told))", 4, "; check the program and its conditions first: the sequence of a set"),
        ("hasattr(told, 'name') and told.name == 'ATTACK'", 2, "takes name of a symbolic value"),
    ],
)
def test_a_program_that_does_something_else_in_the_simulator_is_not_proved(
    look: str, code: int, what: str, byzverify: Call, tmp_path: Path
) -> None:
    path = tmp_path / "peeking.py"
    path.write_text(PEEKING.format(look=look))
    ended = byzverify(f"check {path} -n 3 -t 0")
    assert ended.code == code
    assert what in ended.err


def test_what_a_protocol_prints_does_not_spoil_the_json(byzverify: Call, tmp_path: Path) -> None:
    path = tmp_path / "chatty.py"
    path.write_text(MINE.replace("        inbox = yield", "        print('hello')\n        inbox = yield", 1))
    assert json.loads(byzverify(f"check {path} -n 4 -t 1 --json").out)["verdict"] == "proved"


@pytest.mark.slow
def test_a_decision_may_be_absent_and_its_attack_replays(byzverify: Call, tmp_path: Path) -> None:
    (tmp_path / "obey.py").write_text(PEEKING.format(look="False").replace(", default=RETREAT", ""))
    assert byzverify(f"check {tmp_path}/obey.py -n 3 -t 1 --save {tmp_path}/attack.json").code == 1
    assert byzverify(f"replay {tmp_path}/attack.json").code == 1


def test_a_file_may_import_what_is_beside_it(byzverify: Call, tmp_path: Path) -> None:
    (tmp_path / "beside_it.py").write_text("LEVELS = 1")
    (tmp_path / "mine.py").write_text("from beside_it import LEVELS\n" + MINE)
    assert byzverify(f"check {tmp_path}/mine.py -n 4 -t 1").code == 0


def full(file: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_result_is_printed_although_it_cannot_be_saved(
    byzverify: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byzverify.files.saving.os.fsync", full)
    ended = byzverify(f"check om -n 3 -m 1 --save {tmp_path}/attack.json")
    assert ended.code == 2
    assert ended.out.startswith("REFUTED")
    assert "cannot write" in ended.err


def test_labels_in_an_attack_file_cannot_speak_to_the_terminal(byzverify: Call, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    byzverify(f"check om -n 3 -m 1 --save {path}")
    attack = json.loads(path.read_text(encoding="utf-8"))
    attack["letters"][0]["says"].append(["\x1b[31m[/red][link=x]:heart:\r\n", "ATTACK"])
    path.write_text(json.dumps(attack), encoding="utf-8")
    for command in ("explain", "replay"):
        ended = byzverify(f"{command} {path}")
        assert (ended.code, ended.err) == (1, "")
        assert "\\x1b[31m[/red][link=x]:heart:\\r\\n" in ended.out
    path.write_text(json.dumps(attack | {"model": "\x1b[31m.py:X"}), encoding="utf-8")
    assert "\x1b" not in byzverify(f"explain {path}").err


def test_a_line_of_progress_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = StringIO()
    monkeypatch.setattr(
        "byzverify.commands.terminal.terminal", lambda stderr: Console(file=terminal, force_terminal=True, width=100)
    )
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_shown() as progress:
        progress("looking for an attack on general, line 3: reply[king] -> said['[/b]']")
    assert "reply[king] -> said['[/b]']" in terminal.getvalue()


class Full(StringIO):
    """A stream to a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_progress_that_cannot_be_written_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 100, 10))
    monkeypatch.setattr("byzverify.commands.terminal.monotonic", lambda: next(seconds))
    monkeypatch.setattr(sys, "stderr", Full())
    with progress_shown() as progress:
        progress("comparing with the simulator")
    assert not isinstance(sys.stderr, Full)  # nobody writes there again


def test_an_unforeseen_error_is_one_line_and_exit_code_4(byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.engines.finite.promises.scenarios", partial(divmod, 1, 0))
    ended = byzverify("check om -n 3 -m 1")
    assert ended.code == 4
    assert ended.err.count("\n") == 1
    assert "bug in byzverify" in ended.err


def test_the_version_is_printed(byzverify: Call) -> None:
    assert byzverify("--version").out.startswith("byzverify 0.")


def test_more_orders_and_fewer_traitors(byzverify: Call) -> None:
    assert byzverify("check om -n 7 -m 2 --values 3").code == 0
    assert byzverify("check om -n 6 -m 2 -t 1").code == 0
    assert byzverify("check om -n 7 -m 2 --traitors 3").code == 1


def test_time_runs_out(byzverify: Call) -> None:
    ended = byzverify("check om -n 13 -m 4 --timeout 0")
    assert ended.code == 3
    assert ended.out.startswith("UNKNOWN")
    assert "the time limit passed" in ended.out


def test_simulate_prints_the_published_table(byzverify: Call) -> None:
    ended = byzverify("simulate readme_program -m 4 -G l,t,l,l,l -O ATTACK")
    assert ended.code == 1
    assert "General 0: [('RETREAT', 62), ('ATTACK', 46)]" in ended.out
    assert "General 1: [('ATTACK', 55), ('RETREAT', 53)]" in ended.out


@pytest.mark.parametrize("strategy", ["alternate", "silent", "random --seed 4"])
def test_simulate_judges_om(strategy: str, byzverify: Call) -> None:
    ended = byzverify(f"simulate om -m 3 -G l,l,l,t,t,l,l,t,l,l -O ATTACK --strategy {strategy}")
    assert ended.code == 0
    assert "IC2 holds" in ended.out


def test_simulate_takes_an_order_for_each_general(byzverify: Call) -> None:
    ended = byzverify("simulate phase_king -m 1 -G l,l,l,t -O ATTACK,RETREAT,ATTACK,RETREAT")
    assert ended.code == 0
    assert "Agreement holds" in ended.out


def test_models_are_listed_with_their_claims(byzverify: Call) -> None:
    out = byzverify("models").out
    for expected in ["om", "phase_king", "readme_program", "Theorem 1", "Berman"]:
        assert expected in out


WRONG = {
    "check nothing -n 4 -m 1": "no model is called 'nothing'",
    "check nothing.py -n 4 -m 1": "there is no file nothing.py",
    "check om -n 4": "needs a value for m",
    "check om -n 4 -m 3": "0 <= m <= n-2",
    "check om -n 4 -m 1 -t 5": "0 to 4 traitors",
    "check om -n 4 -m 1 --values 1": "2 to 1000 values",
    "check om -n 4 -m 1 --set depth=2": "OM has no parameter 'depth'; all of its parameters have options of their own",
    "check om_graph -n 4 -m 1 --set p": "--set takes name=value, such as --set p=3, not 'p'",
    "check om -n 4 -m 1 --set m=2": "m has an option of its own: -m",
    "check om -n 1000000000 -m 1": "1 to 1000 generals",
    "check om -n 4 -m 1 --timeout inf": "a number of seconds",
    "check om -n 3 -m 1 --save .": "a file in a folder that exists",
    "check om -n 3 -m 1 --save /nowhere/attack.json": "a file in a folder that exists",
    "simulate om -m 1 -G l,t,x": "-G takes a letter for each general, with commas between them: l loyal, t byzantine",
    "simulate om -m 1 -G l,t,l,l -O FLEE": "'FLEE' is not an order",
    "simulate om -m 1 -G l,t,l,l -O ATTACK,RETREAT": "only the commander starts with an order: give that one",
    "simulate phase_king -m 1 -G l,t,l,l -O ATTACK,RETREAT": "give one order for all, or one for each of the 4",
    "replay nowhere.json": "cannot read nowhere.json",
    "check omm -n 4 -m 1": "; did you mean 'om'?",
    "check Phase_King_ -n 4 -m 1": "; did you mean 'phase_king'?",
    "check museum.ecko -n 4 -m 1": "; did you mean 'museum.echo'?",
    "museum ecko": "; did you mean 'echo'?",
    "check om_graph -n 4 -m 1 --set P=2": "OMGraph has no parameter 'P'; it has p; did you mean 'p'?",
    "check om -n 4 -m 1 --set valus=2": "; did you mean 'values'?",
    "check om -n 4 -m 1 --faults byzantin=1": "; did you mean 'byzantine'?",
    "check om -n 4 -m 1 --solver cadicle": "; did you mean 'cadical'?",
    "check om --graph cycl:5 -m 1": "; did you mean 'cycle'?",
    "export om -n 4 -m 1 --to promla": "; did you mean 'promela'?",
    "export attack.json --to mermade": "; did you mean 'mermaid'?",
    "map om -n 4 -m 1 --export jsn": "; did you mean 'json'?",
    "simulate om -m 1 -G l,t,l,l -O ATACK": "; did you mean 'ATTACK'?",
    "check models/om.py:Omm -n 4 -m 1": "; did you mean 'OM'?",
    "check om -n abc -m 1": "-n takes a whole number, not 'abc' (byzverify check --help says",
    "check om -n 4 -m 1.5": "-m takes a whole number, not '1.5'",
    "check om -n 4 -m 1 --timeout soon": "--timeout takes a number, not 'soon'",
    "check om -n 4 -m 1 --timeout -1": "--timeout takes a number from 0 on, not '-1'",
    "check om -n 4 -m 1 --timeout 1_0": "--timeout takes a number, not '1_0'",
    "check om -n 4 -m 1 --timeout nan": "--timeout takes a number from 0 on, not 'nan'",
    "check om -n 4 -m 1 --solver ''": "'' is not a solver",
    "check om -n 4 -m 1 --jobs 2000": "--jobs takes a number up to 1000, not '2000'",
    "check om -m 1": "say how many generals there are with -n, or give a --graph",
    "check om -n 6 -m 1 --graph cycle:5": "the graph cycle:5 has 5 nodes, and there are n=6 generals",
    "check om -m 1 --graph nowhere.gml": "there is no such file, and no such generator; there are complete:N",
    "check om -m 1 --graph circulant:7": "write circulant:N:D1,D2,...",
    "check om_graph --graph circulant:7:1,2 -m 1 --set p=5": "p=5 is more than the 4 neighbours that general 0 has",
    "check om_graph --graph bipartite:2:5 -m 1 --set p=2": "the graph is not 2-regular",
    "check sm --graph cycle:6 -m 1": "the graph has diameter 3: d=1 is less than that",
    "check sm --graph edges:0-1,2-3 -m 1": "is not connected",
    "check om -n 4 -m 1 --faults lazy=1": "no fault mode is called 'lazy'; there are byzantine, symmetric",
    "check om -n 4 -m 1 --faults crash": "byzantine=1,manifest=1",
    "check om -n 4 -m 1 --faults crash=5": "there can be 0 to 4 traitors among 4 generals, not 5",
    "check om -n 4 -m 1 -t 1 --faults crash=1": "give either -t or --faults",
    "check om -n 4 --faults byzantine=1,crash=1": "needs a value for m",
    "check museum.nothing -n 4 -m 1": "no model is called 'museum.nothing'",
    "check museum -n 4 -m 1": "no model is called 'museum'",
}


@pytest.mark.slow
def test_as_many_generals_as_the_graph_has_nodes(byzverify: Call) -> None:
    ended = byzverify("check sm --graph cycle:4 -m 1 --set d=2 --json")
    assert ended.code == 0
    assert json.loads(ended.out)["parameters"] == {"n": 4, "values": 2, "graph": "cycle:4", "m": 1, "d": 2}


@pytest.mark.slow
def test_an_attack_on_a_graphs_file_replays_without_the_file(byzverify: Call, tmp_path: Path) -> None:
    graph, attack = tmp_path / "ring.edgelist", tmp_path / "attack.json"
    graph.write_text("0 1\n1 2\n2 3\n3 0\n")
    assert byzverify(f"check dolev_relay --graph {graph} -m 1 --save {attack}").code == 1
    graph.unlink()
    assert json.loads(attack.read_text())["parameters"]["graph"] == "edges:0-1,0-3,1-2,2-3"
    assert "FAILS" in byzverify(f"replay {attack}").out


def test_faults_are_counted_by_mode(byzverify: Call) -> None:
    found = json.loads(byzverify("check z -n 5 -m 1 --faults manifest=1,byzantine=1 --json").out)
    assert found["faults"] == {"byzantine": 1, "manifest": 1}
    assert found["traitors"] == 2
    assert found["attack"]["traitors"]["0"] == "manifest"


def test_simulated_generals_fail_in_their_mode(byzverify: Call) -> None:
    said = byzverify("simulate om -m 1 -G m,l,l,s --strategy random --seed 3")
    assert "manifest-faulty" in said.out
    assert "symmetric traitor" in said.out


@pytest.mark.slow
def test_the_museum_lists_its_exhibits_and_runs_one(byzverify: Call) -> None:
    assert "swapped_bound" in byzverify("museum").out
    ended = byzverify("museum z")
    assert ended.code == 0
    for part in ("Lincoln & Rushby", "REFUTED z(n=5, m=1)", "IC1 FAILS", "REPAIR", "PROVED omh(n=5, m=1)"):
        assert part in ended.out


def test_an_exhibit_that_does_not_exist_is_refused_with_those_that_do(byzverify: Call) -> None:
    ended = byzverify("museum mona_lisa")
    assert ended.code == 2
    assert "the museum has no exhibit 'mona_lisa'; it has flat_tally" in ended.err


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_request_is_one_line_on_stderr_and_exit_code_2(line: str, byzverify: Call) -> None:
    ended = byzverify(line)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert WRONG[line] in ended.err


@pytest.mark.parametrize("line", ["check om -n four -m 1", "check om -m 1", "simulate om -G l,l --strategy lazy -m 0"])
def test_what_cannot_be_parsed_is_one_line_and_exits_with_2(line: str, byzverify: Call) -> None:
    ended = byzverify(line)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert "Traceback" not in ended.err


TWICE = "leave out @dataclass: Gossip is one already, as every subclass of Protocol is"

PROMISES_IN_TEXT = """from byzverify.language import Condition, Problem
    problem = Problem("p", (Condition("Odd", "is odd", len, witnesses=1, needs_loyal="2"),), has_commander=True)"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(:\n", "my_protocol.py:1: SyntaxError"),
        ("\n1 / 0\n", "my_protocol.py:2: ZeroDivisionError"),
        ("x = 1\n", "defines no Protocol"),
        (MINE + "class Other(Gossip):\n    pass\n", "Gossip, "),
        ("raise SystemExit(0)\n", "my_protocol.py:1: SystemExit"),
        (MINE.replace("trust: int = 1", "trust: list = ()"), "write one of int, bool, float, str"),
        (
            MINE.replace("trust: int = 1", "trust: int | None = 1"),
            "trust is annotated int | None; write one of int, bool",
        ),
        (
            MINE.replace("class Gossip", "import dataclasses\n\n\n@dataclasses.dataclass(frozen=True)\nclass Gossip"),
            TWICE,
        ),
        (MINE.replace("class Gossip", "import dataclasses\n\n\n@dataclasses.dataclass\nclass Gossip"), TWICE),
        (MINE.replace("trust: int = 1", PROMISES_IN_TEXT), "Odd must have a number as needs_loyal, not '2'"),
        (MINE.replace("trust: int = 1", "problem = 'consensus'"), "problem must be"),
        (MINE + "    def interchangeable(self):\n        return 5\n", "interchangeable fails"),
        (MINE + "    def __post_init__(self):\n        self.x = 1\n", "cannot be built"),
        (
            MINE + "    @property\n    def problem(self):\n        raise SystemExit(0)\n",
            "my_protocol.py:20: SystemExit: 0",
        ),
        (MINE + "    @property\n    def rushing(self):\n        return {}[1]\n", "my_protocol.py:20: KeyError: 1"),
        (MINE + "    @property\n    def problem(self):\n        raise BaseException('x')\n", "20: BaseException: x"),
        (
            MINE.replace("        told =", "        raise GeneratorExit('y')\n        told ="),
            "general 1, after round 1: GeneratorExit: y",
        ),
    ],
)
def test_a_users_file_that_fails_is_named_with_its_line(
    text: str, expected: str, byzverify: Call, tmp_path: Path
) -> None:
    path = tmp_path / "my_protocol.py"
    path.write_text(text)
    ended = byzverify(f"check {path} -n 4 -t 1")
    assert ended.code == 2
    assert expected in ended.err
    assert ended.err.count("\n") == 1


def test_a_contradiction_of_our_own_exits_with_4(byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that always finds the condition to hold stands for any disagreement between it and z3."""
    monkeypatch.setattr("byzverify.simulation.judging.judge", lambda run: [])
    ended = byzverify("check om -n 3 -m 1")
    assert ended.code == 4
    assert "check the program and its conditions first: the sequence of a set, a cache, " in ended.err
    assert "bug in byzverify" in ended.err


@pytest.mark.parametrize("said", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_ctrl_c_and_kill_end_a_check_with_130_and_a_verdict_of_unknown(said: signal.Signals) -> None:
    command = [sys.executable, "-P", "-m", "byzverify", "check", "phase_king", "-n", "13", "-m", "4"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    assert "scenario" in running.stderr.readline()  # progress begins after a second: it is at work
    running.send_signal(said)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out.startswith("UNKNOWN")
    assert "interrupted" in out
    assert "Traceback" not in err


SLOW = """
from byzverify.language import AGREEMENT, Problem, Protocol, broadcast, any_of, all_of

class Pigeons(Protocol):
    \"\"\"A question that takes solvers for ever: more pigeons than holes.\"\"\"
    problem = Problem("pigeons", (AGREEMENT,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        everyone = range(self.n)
        holes = self.orders[:-1]
        homes = [[inbox[g] == hole for hole in holes] for g in everyone]
        housed = all_of(any_of(home) for home in homes)
        crowded = any_of(homes[g][h] & homes[k][h] for h in range(len(holes)) for g in everyone for k in range(g))
        return self.orders[0] if me == 0 else ite(housed & ~crowded, self.orders[1], self.orders[0])
""".replace("any_of, all_of", "any_of, all_of, ite")


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["cadical", "cvc5"])
def test_ctrl_c_at_a_terminal_ends_solvers_too(solver: str, tmp_path: Path) -> None:
    """There the whole group of processes is interrupted, and libraries have handlers of their own."""
    (tmp_path / "pigeons.py").write_text(SLOW)
    asked = ["check", "pigeons.py", "-n", "13", "-t", "0", "--values", "13", "--solver", solver]
    command = [sys.executable, "-P", "-m", "byzverify", *asked]
    running = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(2)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert out.startswith("UNKNOWN")


@pytest.mark.slow
def test_a_reader_who_closes_the_pipe_ends_it_quietly() -> None:
    command = [sys.executable, "-P", "-m", "byzverify", "check", "readme_program", "-n", "10", "-m", "3", "--json"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    err = running.stderr.read()
    assert running.wait(60) == -signal.SIGPIPE
    assert b"byzverify" not in err  # on a slow machine there may be progress
    assert b"Traceback" not in err


SCRIPT = """
import byzverify
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast


class Echo(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)


verdict = byzverify.check(Echo(n=4), 1)
verdict.attack.save("attack.json")
byzverify.load("attack.json")
"""


ODD = """
import sys
from pathlib import Path

import click

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast


class Odd(Protocol):
    @property
    def rushing(self):
        {what}

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


@pytest.mark.parametrize(
    "what",
    [
        "raise click.exceptions.Exit(0)",
        "raise click.UsageError('all is well')",
        "raise KeyboardInterrupt",
        "sys.exit(0)",
    ],
)
@pytest.mark.parametrize("command", ["check", "simulate"])
def test_an_error_of_the_parser_that_a_model_raises_is_its_author_s(
    what: str, command: str, byzverify: Call, tmp_path: Path
) -> None:
    model = tmp_path / "odd.py"
    model.write_text(ODD.format(what=what), encoding="utf-8")
    ended = byzverify(f"{command} {model} {'-n 3 -t 1' if command == 'check' else '-G l,t,l'}")
    assert (ended.code, ended.out) == (2, "")
    assert f"{model}:13: " in ended.err


DIES = """
import os
import sys

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast

if "byzverify.crosscheck.server" in " ".join(sys.orig_argv):
    os._exit(1)


class Dies(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("traitors", "code", "said"), [(0, 3, "not compared with the simulator"), (1, 1, "was not played")]
)
def test_the_verdict_survives_if_the_guards_process_ends_while_it_loads_the_model(
    traitors: int, code: int, said: str, tmp_path: Path
) -> None:
    model = tmp_path / "dies.py"
    model.write_text(DIES, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "byzverify", "check", str(model), "-n", "3", "-t", str(traitors)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == code
    assert said in ended.stdout


@pytest.mark.slow
def test_a_script_that_checks_itself_can_be_checked_too(
    byzverify: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").write_text(SCRIPT)
    assert byzverify("check script.py -n 4 -t 1 --save attack.json").code == 1
    assert byzverify("replay attack.json").code == 1


def test_where_there_is_nothing_to_ask_it_is_said(byzverify: Call) -> None:
    ended = byzverify("check om -n 2 -m 0 -t 2")
    assert (
        "IC1: all loyal lieutenants obey the same order (no choice of faulty generals leaves anything to check)"
        in ended.out
    )
    assert "3 choices of faulty generals left nothing to check" in ended.out
    found = json.loads(byzverify("check sm --graph cycle:5 -m 1 --set d=2 --json").out)
    assert (found["unasked"], found["conditions"]["IC2"]["cases"]) == (5, 4)


def test_a_proof_leaves_nothing_to_save_and_says_so(byzverify: Call, tmp_path: Path) -> None:
    ended = byzverify(f"check om -n 4 -m 1 --save {tmp_path / 'attack.json'}")
    assert "no attack was found: nothing is saved" in ended.err
    assert not (tmp_path / "attack.json").exists()


@pytest.mark.slow
def test_a_time_limit_on_a_large_instance_ends_in_a_verdict_and_no_traceback() -> None:
    endless = ["check", "om", "-n", "30", "-m", "9", "--raw", "--timeout", "0.3"]
    ended = subprocess.run([sys.executable, "-P", "-m", "byzverify", *endless], capture_output=True, text=True)
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr


def test_a_visit_to_the_museum_that_is_interrupted_says_so(byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("byzverify.signals._interrupted", True)
    assert byzverify("museum z").code == 130


def limited(program: list[str], kilobytes: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run Python with so much address space."""
    command = shlex.join([sys.executable, "-P", *program])
    return subprocess.run(
        ["bash", "-c", f"ulimit -v {kilobytes}; exec {command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of one process")
@pytest.mark.slow
def test_out_of_memory_ends_in_unknown_and_not_in_death(tmp_path: Path) -> None:
    ended = limited(["-m", "byzverify", "check", "om", "-n", "30", "-m", "9", "--raw"], 300_000, tmp_path)
    assert ended.returncode == 3
    assert ended.stdout.startswith("UNKNOWN om(n=30, m=9)")
    assert "out of memory" in ended.stdout
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of one process")
def test_an_allocation_beyond_the_machines_memory_fails(tmp_path: Path) -> None:
    program = "from byzverify.memory import heed_memory; heed_memory(); x = bytearray(2**44)"
    assert "MemoryError" in limited(["-c", program], 2**50, tmp_path).stderr
    asked = "import resource as r, byzverify.memory as m; m.heed_memory(); print(*r.getrlimit(r.RLIMIT_AS))"
    lower = limited(["-c", asked], 2**20, tmp_path)
    assert lower.stdout == f"{2**30} {2**30}\n"  # what the user has set lower stays


@pytest.mark.slow
def test_a_certificate_is_written_and_certified(byzverify: Call, tmp_path: Path) -> None:
    folder = tmp_path / "certificate"
    ended = byzverify(f"check om -n 4 -m 1 --certificate {folder}")
    assert ended.code == 0
    assert f"certificate in {folder}; check it with: byzverify certify {folder}" in ended.out
    ended = byzverify(f"certify {folder}")
    assert ended.code == 0
    assert ended.out.startswith(
        "CERTIFIED om(n=4, m=1) with at most 1 traitor\n  IC1: 3 cases\n  IC2: 2 cases\n142 clauses,"
    )
    ended = byzverify(f"certify {folder} --timeout 0")
    assert (ended.code, ended.out, ended.err) == (3, "", "byzverify: the time limit passed\n")
    (folder / "case1.lrat").write_text("")
    ended = byzverify(f"certify {folder}")
    assert (ended.code, ended.out) == (2, "")
    assert "case1.lrat has been changed" in ended.err
    assert byzverify(f"certify {tmp_path}").code == 2
    assert "it exists" in byzverify(f"check om -n 4 -m 1 --certificate {folder}").err


@pytest.mark.slow
def test_json_names_the_certificate_and_the_solvers(byzverify: Call, tmp_path: Path) -> None:
    found = json.loads(byzverify(f"check om -n 4 -m 1 --solver all --certificate {tmp_path} --json").out)
    assert found["certificate"] == str(tmp_path)
    assert set(found["solvers"]) >= {"z3", "cadical", "cvc5"}
    assert json.loads(byzverify("check om -n 4 -m 1 --json").out)["certificate"] is None


@pytest.mark.parametrize(
    "solver", ["z3", "all", *(pytest.param(s, marks=pytest.mark.slow) for s in ("cvc5", "cadical"))]
)
def test_every_solver_proves_and_refutes(byzverify: Call, solver: str) -> None:
    assert byzverify(f"check om -n 7 -m 2 --solver {solver}").code == 0
    assert byzverify(f"check om -n 6 -m 2 --solver {solver}").code == 1
    assert byzverify(f"check sm -n 4 -m 2 --solver {solver}").code == 0
    assert byzverify(f"check gradecast -n 4 -m 1 -t 2 --solver {solver}").code == 1


def test_an_unknown_solver_is_refused(byzverify: Call) -> None:
    ended = byzverify("check om -n 4 -m 1 --solver minisat")
    assert ended.code == 2
    assert "'minisat' is not a solver; there are z3, cvc5, cadical, exact, and all" in ended.err
