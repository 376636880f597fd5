"""`byzverify export ATTACK.json` and `byzverify replay TRACE.itf.json`, as a user meets them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from byzverify import cli
from byzverify.attacks.run_log import RunLog
from byzverify.rendering.attack.exports import AttackFormat, exported
from byzverify.rendering.attack.rows import rows
from tests.rendering.attacks import attack_on

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "attacks.md"

Call = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command line in a folder with an attack."""
    attack_on("om").save(tmp_path / "attack.json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)

    def call(line: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["byzverify", *line.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), *capsys.readouterr()

    return call


@pytest.mark.parametrize("to", AttackFormat)
def test_every_format_has_a_writer_and_a_place_in_the_documentation(to: AttackFormat, tmp_path: Path) -> None:
    attack_on("om").save(tmp_path / "attack.json")
    assert exported(tmp_path / "attack.json", to)
    assert f"--to {to}" in PAGE.read_text(encoding="utf-8"), f"show the format in {PAGE}"


def test_an_export_is_printed_or_written_to_a_file(call: Call) -> None:
    table = rows(RunLog(attack_on("om").replay()))
    assert call("export attack.json --to csv") == (0, table, "")
    assert call("export attack.json --to csv -o told.csv") == (0, "", "wrote told.csv\n")
    assert Path("told.csv").read_text(encoding="utf-8") == table


def test_a_trace_replays_like_the_attack_that_it_came_from(call: Call) -> None:
    call("export attack.json --to itf -o attack.itf.json")
    code, out, _ = call("replay attack.itf.json")
    assert (code, out, "") == call("replay attack.json")
    assert code == 1


def test_a_trace_can_be_exported_in_its_turn(call: Call) -> None:
    call("export attack.json --to itf -o attack.itf.json")
    for to in AttackFormat:
        assert exported(Path("attack.itf.json"), to) == exported(Path("attack.json"), to)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("export attack.json --to tla", f"an attack can be exported to {', '.join(AttackFormat)}, not to tla"),
        ("export om -n 3 -m 1 --to csv", "a model can be exported to tla, promela, smtlib, dimacs, opb, not to csv"),
        ("export attack.json --to csv -n 3", "is an attack, which has a model and a size"),
        ("export attack.json --to csv -m 0", "is an attack, which has a model and a size"),
        ("export attack.json --to csv --set a=1", "is an attack, which has a model and a size"),
        ("export attack.json --to csv --timeout 1", "is an attack, which has a model and a size"),
        ("export absent.json --to csv", "cannot read absent.json"),
        ("export attack.json --to csv -o nowhere/told.csv", "a folder that exists"),
        ("replay absent.itf.json", "cannot read absent.itf.json"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_one_line(call: Call, line: str, reason: str) -> None:
    code, out, err = call(line)
    assert (code, out) == (2, "")
    assert reason in err
    assert err.count("\n") == 1
