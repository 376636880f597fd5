"""The museum: every exhibit falls and is repaired as it says, and what its story says of other sizes is true."""

import re
import tomllib
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration, exhibit, exhibits
from byzverify.language.protocol import Protocol
from byzverify.questions.exhibits import visit
from byzverify.questions.verdict import Proved, Refuted

MUSEUM = "byzverify.models.museum"
NAMES = [one.name for one in exhibits()]
FILES = sorted(path.stem for path in Path(str(files(MUSEUM))).glob("*.py") if path.stem[0] != "_")
REPAIRS = {"signed_consensus"}
"""Files of the museum that are no mistakes."""

HOLDS: dict[str, list[tuple[int, ...]]] = {
    "flat_tally": [(4, 1)],
    "one_level_too_many": [(5, 2, 1)],
    "tie_to_own": [(4, 1), (6, 1)],
    "majority_of_all": [(5, 1)],
    "every_descendant": [(4, 1), (5, 1)],
    "order_of_the_moment": [(4, 1), (5, 1), (7, 2, 1)],
    "one_slot_per_sender": [(4, 1), (5, 1)],
    "own_vote_left_out": [(8, 1), (10, 1)],
    "sure_too_early": [(5, 1), (6, 1), (8, 2)],
    "chains_of_three": [(3, 1), (4, 1), (5, 1)],
    "crusader_too_lenient": [(4, 1), (6, 1)],
    "grade_two_too_early": [(5, 1), (6, 1), (8, 2)],
}
"""Where the story says that a mistake does no harm: (n, m) or (n, m, t)."""

FALLS: dict[str, list[tuple[int, int | None, int, list[str]]]] = {
    "tie_to_own": [(7, 1, 1, ["IC1"])],
    "echo": [(5, None, 1, ["IC1"]), (7, None, 1, ["IC1"])],
    "one_phase_short": [(4, 0, 0, ["Agreement"])],
    "relays_once": [(10, 1, 2, ["IC1"])],
    "swapped_bound": [(6, 1, 2, ["IC1"])],
    "own_value_left_out": [(5, 1, 1, ["IC1"]), (6, 1, 1, ["IC1"])],
    "integer_division": [(6, 0, 1, ["Agreement"]), (7, 0, 1, ["Agreement"])],
    "bare_majority": [(6, 1, 1, ["Agreement"]), (9, 1, 1, ["Agreement"])],
    "deaf_king": [(9, 1, 1, ["Agreement"])],
    "own_vote_left_out": [(n, 1, 1, ["Agreement"]) for n in (7, 9, 11)],
    "more_than_m_votes": [(5, 1, 1, ["Agreement"]), (6, 1, 1, ["Agreement"])],
    "sure_too_early": [(7, 2, 2, ["Agreement"])],
    "adopted_too_early": [(n, 1, 1, ["Agreement", "Validity"]) for n in (5, 6)],
    "any_first_signer": [(4, 1, 1, ["IC2"])],
    "wrong_sender": [(3, 1, 1, ["IC2"])],
    "unsigned_messages": [(4, 1, 1, ["IC1", "IC2"])],
    "crusader_without_commander": [(5, 1, 1, ["IC2"]), (6, 1, 1, ["IC2"])],
    "grade_two_too_early": [(7, 2, 2, ["Closeness"])],
    "grade_one_too_early": [(n, 1, 1, ["Validity", "Consistency"]) for n in (5, 6)],
}
"""Where the story says that it falls, too, and what falls there: (n, m, t, conditions)."""


@cache
def visited(name: str) -> tuple[Refuted, Proved]:
    return visit(exhibit(name).mistake, exhibit(name).repair)


def refuted(verdict: byzverify.Proved | byzverify.Refuted | byzverify.Unknown) -> list[str]:
    assert not isinstance(verdict, byzverify.Unknown)
    return [known.condition.name for known in verdict.conditions if known.verdict == "refuted"]


def mistake(name: str, n: int, m: int | None) -> Protocol:
    return Configuration(model=exhibit(name).mistake.model, n=n, m=m).build()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_mistake_breaks_exactly_what_the_exhibit_says(name: str) -> None:
    broken, _ = visited(name)
    assert refuted(broken) == exhibit(name).breaks


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_attack_survives_its_file(name: str, tmp_path: Path) -> None:
    broken, _ = visited(name)
    broken.attack.save(tmp_path / "attack.json")
    attack, replay = byzverify.load(tmp_path / "attack.json")
    assert attack == broken.attack
    assert replay.violated


@pytest.mark.parametrize("name", NAMES)
def test_the_repair_claims_what_is_proved_of_it(name: str) -> None:
    repair = exhibit(name).repair
    assert repair.build().claims(repair.budget())


@pytest.mark.parametrize("name", NAMES)
def test_the_repair_stands_at_least_what_the_mistake_falls_to(name: str) -> None:
    fallen, repair = exhibit(name).mistake, exhibit(name).repair
    assert repair.build().n == fallen.build().n
    assert all(repair.budget()[mode] >= number for mode, number in fallen.budget().items())


@pytest.mark.parametrize("name", [name for name in NAMES if name in FILES])
def test_a_program_of_the_museum_falls_where_it_was_believed_to_work(name: str) -> None:
    fallen = exhibit(name).mistake
    assert fallen.build().claims(fallen.budget())


@pytest.mark.parametrize("name", NAMES)
def test_an_exhibit_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    one = exhibit(name)
    assert all(text.strip() for text in (one.title, one.story, one.source, one.repaired))
    assert "slip" in one.source or re.search(r"commit\s[0-9a-f]{7}|19[0-9]{2}|20[0-9]{2}", one.source)
    if name in FILES:
        commits = re.findall(r"commit\s([0-9a-f]{7})", one.source)
        docstring = import_module(f"{MUSEUM}.{name}").__doc__ or ""
        assert all(commit in docstring for commit in commits)


def test_every_name_is_there_once() -> None:
    content = files(MUSEUM).joinpath("exhibits.toml").read_text(encoding="utf-8")
    assert list(tomllib.loads(content)) == NAMES  # which refuses a name that is there twice
    assert len({one.title for one in exhibits()}) == len(NAMES)


def test_every_program_is_an_exhibit_of_its_name() -> None:
    assert {one.mistake.model: one.name for one in exhibits() if one.mistake.model.startswith("museum.")} == {
        f"museum.{name}": name for name in FILES if name not in REPAIRS
    }
    assert {one.repair.model for one in exhibits()} >= {f"museum.{name}" for name in REPAIRS}


def test_every_program_says_itself_what_is_claimed_of_it() -> None:
    assert [name for name in FILES if "claim" not in vars(library.find(f"museum.{name}"))] == []


def test_every_story_that_says_that_it_holds_somewhere_is_checked() -> None:
    said = {one.name for one in exhibits() if re.search(r"\bholds? (again )?at n=", one.story)}
    assert said <= {*HOLDS, "z"}


def sized(*case: Any, n: int) -> Any:
    """A case, which is left to the long campaign where there are many generals."""
    return pytest.param(*case, marks=pytest.mark.slow if n > 5 else [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "where"), [sized(name, where, n=where[0]) for name, some in HOLDS.items() for where in some]
)
def test_it_holds_where_the_story_says_so(name: str, where: tuple[int, ...]) -> None:
    n, m, *t = where
    assert refuted(byzverify.check(mistake(name, n, m), t[0] if t else m)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "n", "m", "t", "breaks"),
    [sized(name, *where, n=where[0]) for name, some in FALLS.items() for where in some],
)
def test_it_falls_where_the_story_says_so(name: str, n: int, m: int | None, t: int, breaks: list[str]) -> None:
    assert refuted(byzverify.check(mistake(name, n, m), t)) == breaks


@pytest.mark.parametrize(("n", "faults"), [(4, {"byzantine": 1}), (3, {"manifest": 1})])
def test_z_holds_with_one_kind_of_faults(n: int, faults: dict[str, int]) -> None:
    assert refuted(byzverify.check(mistake("z", n, 1), faults)) == []


def test_grade_two_falls_with_grades_0_and_2() -> None:
    broken, _ = visited("grade_two_too_early")
    grades = {decision[1] for decision in broken.attack.decisions.values()}
    assert {0, 2} <= grades


@pytest.mark.slow
def test_one_round_turpin_coan_falls_with_two_orders_as_with_three() -> None:
    fallen = exhibit("one_round_turpin_coan").mistake
    two = Configuration(model=fallen.model, n=4, m=1, values=2)
    assert refuted(byzverify.check(two.build(), two.budget())) == ["Agreement"]
