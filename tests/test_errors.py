"""What every message is made of: numbers with their nouns, and names that authors know or may have meant."""

import pickle
import pkgutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest

import byzverify
from byzverify import language
from byzverify.errors import Breaches, Looked, RuleBroken, counted, rounded, several


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


WITHOUT_VALUES = ("byzverify.__main__", "byzverify.models", "byzverify.workers", "byzverify.solvers")
"""What runs something when it is imported, or needs a library that may not be there; no values come from these."""


def derived(kind: type[Any]) -> Iterator[type[Any]]:
    """All classes of this package that are derived from a class."""
    one: type[Any]
    for one in kind.__subclasses__():
        if one.__module__.startswith("byzverify."):
            yield one
        yield from derived(one)


def test_errors_of_python_s_call_values_and_inboxes_by_names_that_authors_know() -> None:
    for room in pkgutil.walk_packages(byzverify.__path__, "byzverify."):
        if not room.name.startswith(WITHOUT_VALUES):
            import_module(room.name)
    kinds = [one for base in (language.Order, language.Truth, language.Inbox) for one in derived(base)]
    assert {"SymbolicOrder", "RecordedTruth", "PlainTruth", "Mailbox"} <= {one.__qualname__ for one in kinds}
    for kind in kinds:
        assert kind.__name__ in language.__all__, kind


def test_a_look_at_a_value_says_the_same_in_another_process() -> None:
    looked = Looked("an order")
    sent = pickle.loads(pickle.dumps(looked))
    assert (str(sent), sent.what) == (str(looked), "an order")


def test_a_broken_rule_belongs_to_the_innermost_block_even_if_the_error_is_caught() -> None:
    with Breaches() as outer:
        with Breaches() as inner, suppress(RuleBroken):
            raise RuleBroken("inside")
        with suppress(RuleBroken):
            raise RuleBroken("outside")
    RuleBroken("afterwards")
    assert (outer.messages, inner.messages) == (["outside"], ["inside"])


def test_a_broken_rule_belongs_to_a_block_of_its_own_thread_and_if_there_is_none_to_every_block() -> None:
    def in_a_block() -> list[str]:
        with Breaches() as breaches:
            RuleBroken("another block's")
        return breaches.messages

    with Breaches() as outer, Breaches() as inner, ThreadPoolExecutor(1) as thread:
        assert thread.submit(in_a_block).result() == ["another block's"]
        thread.submit(RuleBroken, "nobody's own").result()
    assert outer.messages == inner.messages == ["nobody's own"]
