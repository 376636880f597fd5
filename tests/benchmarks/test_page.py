"""The page about speed is what the script writes: its text, and a row for everything that is asked."""

import json
import re
from itertools import dropwhile, pairwise, takewhile
from pathlib import Path
from string import Template

import pytest

from tests.benchmarks import tables
from tests.benchmarks.contestants import CONTESTANTS, Contestant, Size
from tests.benchmarks.everywhere import FAMILIES
from tests.benchmarks.existence import EXISTENCE
from tests.benchmarks.measuring import Cost, Limit
from tests.benchmarks.page import TEMPLATE, Measured, growth, page
from tests.benchmarks.published import REPORTED
from tests.benchmarks.questions import QUESTIONS
from tests.benchmarks.race import NOTHING, Heat, Results
from tests.benchmarks.reach import LADDERS, Reach
from tests.benchmarks.run import ATTACKS, PAGE, PICTURE, PROOFS

ROOT = Path(__file__).parents[2]


def heat(seconds: float, megabytes: float = 100.0, stopped: str = "") -> Heat:
    return Heat(NOTHING, Cost(seconds, megabytes, stopped, json.dumps({"variables": 1000})))


def test_the_written_page_has_the_text_of_the_template() -> None:
    written, at = PAGE.read_text(encoding="utf-8"), 0
    for piece in re.split(r"\$\w+", TEMPLATE.read_text(encoding="utf-8")):
        assert piece in written[at:], f"write the page anew: {piece!r} is not in it, or not there"
        at = written.index(piece, at) + len(piece)
    assert at == len(written)


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    after = dropwhile(lambda line: not line.startswith("|"), text.partition(f"# {heading}\n")[2].splitlines())
    lines = takewhile(lambda line: line.startswith("|"), after)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def written() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_every_question_has_a_row_with_its_target(written: str) -> None:
    found = [(row[0], row[-1]) for row in rows(written, "Questions that have a target")[2:]]
    assert found == [(question.name, question.target) for question in QUESTIONS]


@pytest.mark.parametrize(("heading", "sizes"), [("Proofs: n = 3m+1", PROOFS), ("Attacks: n = 3m", ATTACKS)])
def test_every_contestant_is_in_the_tables(written: str, heading: str, sizes: tuple[Size, ...]) -> None:
    header, _, *asked = rows(written, heading)
    assert header == ["size", *(contestant.name for contestant in CONTESTANTS)]
    assert [row[0] for row in asked] == list(map(str, sizes))[: len(asked)]
    for column in range(1, len(header)):
        answered = [row[column] for row in asked if row[column]]
        assert answered, header[column]
        assert not any(cell.startswith(">") for cell in answered[:-1]), "after the limit nobody is asked again"


def test_every_model_with_a_ladder_is_in_the_table(written: str) -> None:
    assert [row[:2] for row in rows(written, "Where each model stops")[2:]] == [
        [f"`{ladder.model}`", ladder.bound] for ladder in LADDERS
    ]


def test_every_published_number_has_a_row(written: str) -> None:
    assert len(rows(written, "What SAL was reported to take")[2:]) == len(REPORTED)


def test_every_family_has_a_row_with_its_target(written: str) -> None:
    found = [(row[0], row[3], row[-1]) for row in rows(written, "At every size")[2:]]
    assert found == [(f"`{one.model}`", f"`{' '.join(one.check[2:])}`", one.target) for one in FAMILIES]


def test_every_question_about_every_protocol_has_a_row_with_its_answer(written: str) -> None:
    found = [(row[0], row[1], row[-1]) for row in rows(written, "For every protocol")[2:]]
    assert found == [(f"`{' '.join(one.command)}`", one.verdict.word, one.target) for one in EXISTENCE]


def test_a_proof_for_all_sizes_has_its_ratio_to_a_check() -> None:
    (row,) = tables.of_proofs([(FAMILIES[0], Cost(2.0, 60.0), Cost(0.5, 40.0))]).splitlines()[2:]
    assert row == "| `om` | 2 | 60 | `-n 4 -m 1` | 4× | 1 s |"


def test_the_picture_has_a_line_for_every_contestant() -> None:
    drawn = PICTURE.read_text(encoding="utf-8")
    assert f"pictures/{PICTURE.name}" in PAGE.read_text(encoding="utf-8")
    for contestant in CONTESTANTS:
        assert drawn.count(f">{contestant.name}</text>") == 2  # seconds and megabytes


def test_the_names_of_contestants_and_models_exist_in_the_tree() -> None:
    named = re.findall(r"`(tests/\S+)`", "\n".join(contestant.how for contestant in CONTESTANTS))
    assert named
    assert all((ROOT / name).exists() for name in named)


def measured() -> Measured:
    """What might have been measured: everybody takes ten times as long at each size and then too long."""
    nobody: tuple[Contestant, ...] = tuple(
        Contestant(one.name, one.how, lambda: "1.0", one.asked, one.made) for one in CONTESTANTS
    )
    results: Results = {
        one.name: {size: heat(at * 10.0**step) for step, size in enumerate(PROOFS[:3])}
        | {PROOFS[3]: heat(60, 9, "> 60 s")}
        for at, one in enumerate(nobody, start=1)
    }
    return Measured(
        Limit(),
        nobody,
        [(question, Cost(1.5, 50.0)) for question in QUESTIONS],
        results,
        results,
        [Reach(ladder, 2, Cost(2.0, 60.0), 3, "> 60 s") for ladder in LADDERS],
        [(one, Cost(1.0, 50.0)) for one in REPORTED],
        [(one, Cost(2.0, 60.0), Cost(0.5, 40.0)) for one in FAMILIES],
        [(one, Cost(2.0, 60.0)) for one in EXISTENCE],
    )


def test_a_page_is_the_template_with_nothing_left_open() -> None:
    text = page(measured())
    assert not re.search(r"\$\w", text)
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in TEMPLATE.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    ]
    assert Template(TEMPLATE.read_text(encoding="utf-8")).is_valid()
    assert "> 60 s or 8 GB" not in text
    assert "60 s or 8 GB" in text


def test_all_rows_of_a_table_are_of_one_length() -> None:
    lines = page(measured()).splitlines()
    for line, after in pairwise(lines):
        if line.startswith("| ") and after.startswith("| "):
            assert line.count("|") == after.count("|")


def test_ratios_are_to_the_first_contestant() -> None:
    a, b = Size(4, 1), Size(7, 2)
    results = {"ours": {a: heat(2.0), b: heat(60.0, stopped="> 60 s")}, "theirs": {a: heat(3.0), b: heat(5.0)}}
    assert tables.of_race(results, tables.seconds).splitlines()[2:] == [
        "| n = 4, m = 1 | 2 | 3 (1.5×) |",
        "| n = 7, m = 2 | > 60 s | 5 |",
    ]


def test_a_model_that_could_not_be_made_in_time_is_told_from_a_search_that_did_not_end() -> None:
    a = Size(4, 1)
    never = Heat(Cost(60.0, 9.0, "> 60 s"), NOTHING)
    row = tables.of_race({"ours": {a: heat(2.0)}, "theirs": {a: never}}, tables.seconds).splitlines()[-1]
    assert row == "| n = 4, m = 1 | 2 | > 60 s to make |"


def test_the_distance_is_memory_by_variables_and_time_by_orders() -> None:
    row = tables.of_distance({Size(4, 1): heat(9e-6 * 9, 5.0), Size(7, 2): heat(60, 9, "> 60 s")}).splitlines()[2:]
    assert row == ["| n = 4, m = 1 | 1,000 | 5 kB | 9 | 9 µs |"]


def test_the_picture_says_in_words_how_far_everybody_comes() -> None:
    drawn = growth(measured().proofs, Limit())
    assert "byzverify: up to n = 10, in 100 s and 100 MB;" in drawn
