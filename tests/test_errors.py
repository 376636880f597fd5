"""What every message is made of: numbers with their nouns, and names that somebody may have meant."""

import pytest

from byzverify.errors import counted, rounded, several


@pytest.mark.parametrize(
    ("number", "noun", "written"),
    [
        (0, "lie", "0 lies"),
        (1, "lie", "1 lie"),
        (2, "lie", "2 lies"),
        (1, "box", "1 box"),
        (2, "box", "2 boxes"),
        (2, "copy", "2 copies"),
        (2, "relay", "2 relays"),
        (2, "simulated run", "2 simulated runs"),
        (10**289 * 7 + 10**288 * 4, "set", "about 7.4e289 sets"),
    ],
)
def test_things_are_counted(number: int, noun: str, written: str) -> None:
    assert counted(number, noun) == written


def test_a_number_is_written_out_as_long_as_somebody_can_read_it() -> None:
    assert rounded(999_999_999_999_999) == "999999999999999"
    assert rounded(10**15) == "about 1.0e15"
    assert rounded(-(10**15)) == "about -1.0e15"
    assert rounded(6**1000).startswith("about 1.4e778")


def test_regular_plurals() -> None:
    assert [several(noun) for noun in ("clause", "match", "class", "choice")] == [
        "clauses",
        "matches",
        "classes",
        "choices",
    ]
