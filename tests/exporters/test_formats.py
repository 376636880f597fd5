"""Exports as files: what they are called, what is in them, and what is refused with one line."""

import sys
from pathlib import Path

import pytest

from byzverify import cli
from byzverify.errors import ProtocolError, UsageError
from byzverify.exporters.formats import ENDINGS, Format, ProofFormat, exported
from byzverify.exporters.naming import Identifiers
from byzverify.exporters.promela import MOST_WORDS
from byzverify.exporters.properties import casts
from byzverify.exporters.script import RunScript
from byzverify.exporters.tla_syntax import WIDTH, wrapped
from byzverify.language import COMMANDER, General, Order, Program, Protocol, broadcast
from byzverify.language.faults import Fault, budget_of
from byzverify.models.om import OM
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM

ONE = budget_of(1)

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "export.md"


def main_text(protocol: Protocol, to: str, budget: dict[Fault, int] = ONE) -> str:
    return next(iter(exported(protocol, budget, Format(to)).values()))


def call(monkeypatch: pytest.MonkeyPatch, line: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["byzverify", *line.split()])
    monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize("to", Format)
def test_every_format_has_files_with_its_ending_and_a_place_in_the_documentation(to: Format) -> None:
    path, text = next(iter(exported(OM(n=3, m=1), ONE, to).items()))
    assert path.suffix == ENDINGS[to], "give the format an ending in ENDINGS"
    assert text, "give the format something to write in _files"
    assert f"--to {to}" in PAGE.read_text(encoding="utf-8"), f"show the format in {PAGE}"


def test_a_tla_module_comes_with_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, f"export om -n 4 -m 1 --to tla --output {tmp_path / 'generals.tla'}") == 0
    assert "- MODULE generals -" in (tmp_path / "generals.tla").read_text()
    assert (tmp_path / "generals.cfg").read_text() == "SPECIFICATION Spec\nINVARIANT IC1\nINVARIANT IC2\n"


def test_without_a_file_the_model_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "export om -n 4 -m 1 --to promela") == 0
    assert capsys.readouterr().out == main_text(OM(n=4, m=1), "promela")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("export om -n 4 -m 1 --to tla --output 1.tla", "a TLA+ module has the name of its file"),
        ("export om -n 4 -m 1 --to tla --output om.txt", "a TLA+ module has the name of its file"),
        ("export om -n 4 -m 1 --to promela --output nowhere/om.pml", "a folder that exists"),
        ("export om -n 4 -m 1 -t 5 --to tla", "there can be 0 to 4 traitors"),
        (
            "export om -n 4 -m 1 --to smoke",
            "a model can be exported to tla, promela, smtlib, dimacs, opb, not to smoke",
        ),
        (f"export om -n 4 -m 1 --values {MOST_WORDS + 1} --to promela", "Spin has names for"),
        ("export om -n 20 -m 1 -t 10 --to tla", "too many choices of faulty generals"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    line: str, reason: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, line) == UsageError.exit_code
    out, err = capsys.readouterr()
    assert reason in err
    assert err.count("\n") == 1
    assert not out


def test_a_program_that_breaks_a_rule_is_told_with_file_and_line() -> None:
    class Peeks(Protocol):
        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order) if me == COMMANDER else None
            return inbox[COMMANDER] if inbox[COMMANDER] == order else order

    with pytest.raises(ProtocolError, match=r"test_formats.py:\d+: general 0, after round 1"):
        exported(Peeks(n=3), ONE, Format.TLA)


def test_casts_are_all_choices_of_who_lies_and_who_only_fails() -> None:
    assert len(casts(4, ONE)) == 1 + 4
    assert len(casts(4, budget_of({"byzantine": 1, "omission": 1}))) == 1 + 4 + 4 + 4 * 3
    assert len(casts(4, budget_of({"byzantine": 1, "symmetric": 1}))) == 1 + 4 + 6


def test_a_claim_is_stated_once_for_all_casts_that_make_it() -> None:
    agreement = [claim for claim in RunScript(OM(n=4, m=1), ONE).claims if claim.condition.name == "IC1"]
    assert [(claim.among, claim.casts) for claim in agreement] == [((1, 2), ()), ((1, 3), ()), ((2, 3), ())]
    validity = [claim for claim in RunScript(PhaseKing(n=3, m=0), ONE).claims if claim.condition.name == "Validity"]
    assert [(claim.witnesses, claim.among, len(claim.casts)) for claim in validity if claim.casts] == [
        ((1,), (1, 2), 1),
        ((2,), (1, 2), 1),
        ((0,), (0, 2), 1),
        ((2,), (0, 2), 1),
        ((0,), (0, 1), 1),
        ((1,), (0, 1), 1),
    ]


def test_what_nobody_needs_any_more_is_forgotten() -> None:
    script = RunScript(PhaseKing(n=4, m=1), ONE)
    kept = [len(script.remembered(3, round)) for round in range(len(script.rounds) + 1)]
    assert kept == [0, 1, 2, 1, 2, 2, 1]  # (the order and) the proposal; the order, and whether it is sure; the order


def test_commander_and_liars_leave_nothing_behind() -> None:
    script = RunScript(SM(n=3, m=1), ONE)
    assert script.remembered(COMMANDER, 2) == ()
    assert script.last_chain == 2
    assert [len(round.overheard) for round in script.rounds] == [4, 4]
    assert RunScript(SM(n=3, m=1), budget_of({"omission": 1})).last_chain == 0  # nobody makes anything up


def test_only_modes_that_somebody_can_fail_in_are_written() -> None:
    milder = ["omission", "crash", "manifest", "symmetric"]
    for to in ("tla", "promela"):
        said = main_text(OMH(n=4, m=1), to, budget_of({"byzantine": 1, "crash": 1})).lower()
        assert "crash" in said
        assert not any(f"== {mode}" in said or f'= "{mode}"' in said for mode in milder if mode != "crash")


def test_words_are_called_what_they_are() -> None:
    assert '"R1(E)"' in main_text(OMH(n=3, m=1), "tla")
    assert "mtype = { ABSENT, RETREAT, ATTACK, R1_E_ }" in main_text(OMH(n=3, m=1), "promela")


def test_identifiers_are_given_once() -> None:
    identifiers = Identifiers(["if"])
    assert [identifiers.new(wish) for wish in ("if", "a.b", "a-b", "a_b")] == ["if_2", "a_b", "a_b_2", "a_b_3"]


def test_a_text_in_quotes_is_never_parted() -> None:
    line = "  /\\ " + ", ".join(f'"a text  with {number} spaces"' for number in range(12))
    lines = wrapped(line)
    assert len(lines) > 1
    assert max(map(len, lines)) <= WIDTH
    assert all(one.count('"') % 2 == 0 for one in lines)
    assert " ".join(one.strip() for one in lines) == line.strip()


def test_a_format_of_the_other_kind_of_export_is_pointed_to() -> None:
    with pytest.raises(UsageError, match="coq is for a proof for all sizes: add --for-all, and leave out the size"):
        Format("coq")
    with pytest.raises(UsageError, match="it is for a model of one size: leave out --for-all"):
        ProofFormat("tla")
