"""The lemmas of proofs for all sizes, read by solvers that know nothing of us: they answer what `prove` says."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import cvc5
import pytest
import z3

import byzverify
from byzverify import cli
from byzverify.errors import NotUnderstood, OutOfTime, UsageError
from byzverify.exporters.formats import ENDINGS, ProofFormat, exported_for_all
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.models.crusader import Crusader
from byzverify.models.gradecast import Gradecast
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.questions.proving import prove

ASKED: list[tuple[type[Protocol], dict[str, Any], str | None]] = [
    (OM, {}, None),
    (OM, {}, "n > 3*m - 1"),
    (Crusader, {"values": 3}, None),
    (Gradecast, {}, None),
    (PhaseKing, {}, None),
    (PhaseKing, {}, "n > 3*m - 2"),
]

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "export.md"


def script(kind: type[Protocol], assuming: str | None = None, **fixed: int) -> str:
    return next(iter(exported_for_all(kind, fixed, assuming, ProofFormat.SMTLIB).values()))


def answers_of_cvc5(text: str) -> list[str]:
    """What cvc5 says, command by command. It checks each answer against the script's `:status`."""
    engine = cvc5.Solver(cvc5.TermManager())
    engine.setOption("incremental", "true")
    parser = cvc5.InputParser(engine)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "script")
    said = []
    while not (command := parser.nextCommand()).isNull():
        said.append(command.invoke(engine, parser.getSymbolManager()))
    return "".join(said).split()


def answers_of_z3(text: str) -> list[str]:
    context = z3.Context()
    said: str = z3.Z3_eval_smtlib2_string(context.ref(), text)
    return said.split()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "fixed", "assuming"), ASKED)
def test_solvers_answer_what_we_say(kind: type[Protocol], fixed: dict[str, Any], assuming: str | None) -> None:
    text = script(kind, assuming, **fixed)
    verdict = prove(kind, assuming=assuming, **fixed)
    expected = [{"proved": "unsat", "fails": "sat"}[one.verdict] for one in verdict.obligations]
    assert "sat" in expected or assuming is None
    assert re.findall(r"^\(set-info :status (\w+)\)$", text, re.MULTILINE) == expected
    assert answers_of_z3(text) == answers_of_cvc5(text) == expected
    for number, one in enumerate(verdict.obligations, start=1):
        assert f"; lemma {number}, {verdict.argument}: {one.name}\n" in text or one.condition is not None


@pytest.mark.slow
def test_a_script_says_what_it_is_about() -> None:
    text = script(PhaseKing)
    assert text.startswith("; PhaseKing for every n > 3*m and t <= m, 2 orders: 11 lemmas\n")
    assert "; lemma 11, counting: Validity\n" in text
    assert "(declare-const |loyal, saying 'ATTACK' to the leader in round 1| Int)\n" in text
    assert "(assert (and (>= m 0) (< m n) (>= m t) (< (* 3 m) n) (>= t 0) (>= n 1)))\n" in text


def test_the_file_has_its_ending_and_a_place_in_the_documentation() -> None:
    for to in ProofFormat:
        [path] = exported_for_all(OM, {}, None, to)
        assert path == Path(f"om{ENDINGS[to]}")
        assert f"--for-all --to {to}" in PAGE.read_text(encoding="utf-8"), f"show the format in {PAGE}"


@pytest.mark.slow
def test_a_class_is_exported_for_all_sizes() -> None:
    assert byzverify.export(OM, "smtlib", assuming="n > 4*m", values=3, output="lemmas.smt2") == {
        Path("lemmas.smt2"): script(OM, "n > 4*m", values=3)
    }


def test_an_export_stops_at_the_time_limit() -> None:
    with pytest.raises(OutOfTime):
        exported_for_all(OM, {}, None, ProofFormat.SMTLIB, limit=Limit.within(0))


@pytest.mark.slow
def test_without_a_file_the_script_is_printed() -> None:
    line = [
        sys.executable,
        "-P",
        "-m",
        "byzverify",
        "export",
        "om",
        "--for-all",
        "--to",
        "smtlib",
        "--assuming",
        "n > 5*m",
    ]
    ended = subprocess.run(line, capture_output=True, text=True, check=True)
    assert ended.stdout == script(OM, "n > 5*m")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("om --for-all --to smtlib -n 4", "--for-all is about every size: give only"),
        ("om --for-all --to smtlib --graph cycle:5", "--for-all is about every size: give only"),
        ("om --for-all --to tla", "a proof for all sizes can be exported to smtlib"),
        ("om --for-all --to smtlib --assuming n>k", "the assumption 'n>k' names k"),
        ("om -n 4 -m 1 --to smtlib --assuming n>3", "--assuming is for --for-all"),
        ("attack.json --for-all --to dot", "attack.json is an attack"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    line: str, reason: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["byzverify", "export", *line.split()])
    monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == UsageError.exit_code
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(f"byzverify: {reason}")


def test_what_is_not_understood_is_not_exported() -> None:
    with pytest.raises(NotUnderstood, match="uses a size that is not known"):
        script(SM)
