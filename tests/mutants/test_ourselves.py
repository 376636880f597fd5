"""How our own mutants are named, so that what is known of them outlives moves; `nox -s mutants` does the rest."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.mutants.keys import Key, change, changes_something, fingerprint, functions, normalised, read, written

HERE = Path(__file__).parent

LISTED = tomllib.loads((HERE / "ourselves.toml").read_text(encoding="utf-8"))["survivors"]

LINES = [line for group in LISTED for line in group["mutants"]]

FUNCTION = '''
def enough(votes: list[int], most: int) -> bool:
    """Whether there are enough."""
    # counted, not weighed
    return sum(votes) >= most
'''

MOVED = """
import math

class Tally:

    def enough(votes: list[int],
               most: int) -> bool:
        return (sum(votes)
                >= most)

def other() -> None:
    pass
"""


def keys_of(module: str) -> dict[str, str]:
    return {name: fingerprint(text) for name, text in functions(module)}


def test_a_function_has_the_same_key_wherever_it_stands_and_however_it_is_laid_out() -> None:
    assert keys_of(FUNCTION)["enough"] == keys_of(MOVED)["Tally.enough"]


def test_a_change_elsewhere_in_the_module_leaves_the_key_as_it_is() -> None:
    changed = MOVED.replace("pass", "print()")
    assert keys_of(changed)["Tally.enough"] == keys_of(MOVED)["Tally.enough"]
    assert keys_of(changed)["other"] != keys_of(MOVED)["other"]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (">=", ">"),
        ("most: int", "most: float"),
        ("votes: list", "votes: tuple"),
        ("sum(votes)", "len(votes)"),
        ("enough", "few"),
    ],
)
def test_a_change_of_the_function_changes_the_key(was: str, now: str) -> None:
    (changed,) = keys_of(FUNCTION.replace(was, now)).values()
    assert changed != keys_of(FUNCTION)["enough"]


def test_a_mutated_text_is_compared_under_the_function_s_own_name() -> None:
    mutant = FUNCTION.replace(">=", ">").replace("enough(", "x_enough__mutmut_1(")
    ((name, text),) = functions(FUNCTION)
    assert change(text, normalised(mutant, name)) == "return sum(votes) >= most -> return sum(votes) > most"
    assert normalised(FUNCTION, "enough") == text


def test_a_method_may_be_indented_and_a_docstring_may_be_all_that_there_is() -> None:
    assert (
        normalised('    async def rest(self) -> None:\n        """Nothing."""\n', "rest")
        == "async def rest(self) -> None:\n    pass"
    )


def test_a_key_can_be_read_from_its_line_whose_name_does_not_count() -> None:
    key = Key(fingerprint("def f(): pass"), 'raise Error("a: b") -> raise Error(None)')
    assert read(written(key, "checking.names.f")) == read(written(key, "elsewhere.Class.f")) == key


@pytest.mark.parametrize(
    ("was", "now", "differs"),
    [
        ("raise Error(f'no {x}')", "raise Error(None)", False),
        ("raise Error(x)", "raise Other(x)", True),
        ("zip(a, b, strict=True)", "zip(a, b)", False),
        ("zip(a, b, strict=True)", "zip(a, None, strict=True)", True),
        ("sorted(a, strict=True)", "sorted(a)", True),
        ("match a:\n case 1: pass\n case _: assert_never(a)", "match a:\n case 1: pass", False),
        ("match a:\n case 1: pass\n case _: assert_never(a)", "match a:\n case _: assert_never(a)", True),
    ],
)
def test_a_change_of_what_an_error_says_or_of_what_cannot_happen_makes_no_mutant(
    was: str, now: str, differs: bool
) -> None:
    assert changes_something(was, now) is differs


def test_every_survivor_has_a_reason_and_only_one() -> None:
    assert all(group["reason"] for group in LISTED)
    assert len(set(map(read, LINES))) == len(LINES)


def test_the_page_counts_as_many_survivors_for_each_reason_as_are_listed() -> None:
    page = (HERE.parents[1] / "docs" / "explanation" / "mutants.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)
    assert {reason: int(number) for number, reason in rows} == {g["reason"]: len(g["mutants"]) for g in LISTED}


def test_every_line_of_the_list_is_a_key() -> None:
    for line in LINES:
        assert re.fullmatch(r"[0-9a-f]{12} [\w.]+: .+ -> .*", line, re.DOTALL), line


def test_of_what_is_known_as_many_survive_as_are_listed() -> None:
    known = json.loads((HERE / "hunted.json").read_text(encoding="utf-8"))
    survivors = [read(line).function for line in LINES]
    for function, found in known.items():
        assert found["mutants"] - found["killed"] == survivors.count(function), found["name"]
