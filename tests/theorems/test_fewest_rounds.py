"""The models' rounds beside the fewest of any protocol: the table in docs/reference/models.md, row by row."""

import re
from pathlib import Path
from typing import Any

import pytest

import byzverify
from byzverify.language.protocol import Protocol

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "models.md"

RIM = "edges:0-1,0-2,0-6,1-2,1-3,1-4,1-5,1-6,2-3,3-4,4-5,5-6"
"""The wheel of seven generals with the commander on its rim: generals 0 and 1 of `wheel:7` have exchanged numbers."""

MODELS: list[tuple[str, dict[str, Any], int]] = [
    ("om", {"n": 4, "m": 1}, 2),
    ("om", {"n": 7, "m": 2}, 3),
    ("eig", {"n": 4, "m": 1}, 2),
    ("sm", {"n": 4, "m": 2}, 3),
    ("dolev_strong", {"n": 4, "m": 2}, 3),
    ("phase_king", {"n": 4, "m": 1}, 6),
    ("phase_queen", {"n": 5, "m": 1}, 4),
    ("phase_king_two_round", {"n": 5, "m": 1}, 4),
    ("crusader", {"n": 7, "m": 2}, 2),
    ("gradecast", {"n": 7, "m": 2}, 3),
    ("gradecast", {"n": 9, "m": 2}, 3),
    ("dolev_relay", {"n": 7, "m": 1, "graph": "wheel:7"}, 5),
    ("dolev_relay", {"n": 7, "m": 1, "graph": RIM}, 8),
]

QUESTIONS: list[tuple[dict[str, Any], int]] = [
    ({"n": 4, "traitors": 1}, 2),
    ({"n": 7, "traitors": 2}, 3),
    ({"n": 4, "traitors": 1, "problem": "interactive"}, 2),
    ({"n": 4, "traitors": 2, "signed": True}, 3),
    ({"n": 4, "traitors": 1, "problem": "consensus"}, 2),
    ({"n": 5, "traitors": 1, "problem": "consensus"}, 2),
    ({"n": 4, "traitors": 1, "problem": "crusader"}, 2),
    ({"n": 7, "traitors": 2, "problem": "crusader"}, 2),
    ({"n": 7, "traitors": 2, "problem": "graded"}, 3),
    ({"n": 9, "traitors": 2, "problem": "graded"}, 2),
    ({"graph": "wheel:7", "traitors": 1}, 4),
    ({"graph": "wheel:7", "traitors": 1, "commander": 1}, 5),
]


def rounds_of(model: Protocol) -> int:
    return byzverify.simulate(model, {}, ["ATTACK"]).run.rounds


@pytest.mark.parametrize(("name", "parameters", "rounds"), MODELS)
def test_a_model_takes_so_many_rounds(name: str, parameters: dict[str, Any], rounds: int) -> None:
    assert rounds_of(byzverify.protocol(name, **parameters)) == rounds


@pytest.mark.slow
@pytest.mark.parametrize(("question", "fewest"), QUESTIONS)
def test_no_protocol_takes_fewer_rounds_and_one_takes_so_many(question: dict[str, Any], fewest: int) -> None:
    verdict = byzverify.solvable(**question)
    assert (verdict.verdict, verdict.rounds, verdict.open) == ("solvable", fewest, ())
    assert verdict.impossible is not None
    assert verdict.impossible.setting.rounds == fewest - 1


def test_the_page_has_these_rows() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("## Are their rounds the fewest?")[2].partition("## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+) \| ([\d; ]+) \| ([\d; ]+) \|", text, re.MULTILINE)
    named = {name for names, *_ in rows for name in re.findall(r"`(\w+)`", names)}
    assert named == {name for name, _, _ in MODELS}
    for names, _, own, fewest in rows:
        known = {str(rounds) for name, _, rounds in MODELS if name in re.findall(r"`(\w+)`", names)}
        assert {*own.replace(" ", "").split(";")} <= known
        assert {*fewest.replace(" ", "").split(";")} <= {str(rounds) for _, rounds in QUESTIONS}
