"""The museum at every size: where each mistake fails first, or why byzverify cannot say it; and the repairs, proved.

What `prove` says is compared with `check`, at the smallest size of each condition and at all sizes below it. These
sizes are found here by trying all, not by the engine. The tables of docs/howto/museum.md are made from those below:
`BYZVERIFY_REWRITE=1 pytest tests/museum/test_all_sizes.py` writes them anew.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.catalogue.configurations import exhibit, exhibits
from byzverify.engines.parameterized.families import Family
from byzverify.errors import UsageError, Vacuous
from byzverify.language.protocol import Protocol
from byzverify.questions.families import FamilyVerdict
from byzverify.questions.proving import prove

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "museum.md"

HEADING = "## Mistakes at every size"

INTRODUCTION = """\
`byzverify prove` asks about all sizes at once. For most exhibits it finds the smallest size at which the mistake shows,
for each condition, and proves the repaired program for every size for which it is meant. Some mistakes need no traitor:
with `own_vote_left_out` a general who is alone, and hears nobody, gives up his own order.

```console
$ byzverify prove museum.tie_to_own
REFUTED museum.tie_to_own for every n > 3*m and t <= m, 2 orders
  refuted  IC1: all loyal lieutenants obey the same order (fails first at n=5, m=1, t=1)
  proved   IC2: if the commander is loyal, every loyal lieutenant obeys his order
...
```

The sizes in this table are those at which `byzverify check` finds the first attack, too, and none below."""

Sizes = tuple[int, int, int]
"""n, m and t."""


@dataclass(frozen=True)
class Everywhere:
    """What is known of a mistake at all sizes.

    first: for each condition the smallest size at which an attack breaks it; None if it is proved for all sizes.
    assuming: for which sizes the mistake was believed to work, if its program does not claim that itself. unknown:
    conditions of which nothing is found out.
    """

    first: dict[str, Sizes | None]
    assuming: str | None = None
    unknown: dict[str, str] = field(default_factory=dict)


EVERYWHERE = {
    "swapped_bound": Everywhere({"IC1": (3, 0, 1), "IC2": (5, 1, 2)}, "n > 2*m + t"),
    "one_level_too_many": Everywhere({"IC1": (4, 2, 1), "IC2": (4, 2, 1)}, "n > 3*t and m == t + 1"),
    "relays_once": Everywhere({"IC1": (7, 1, 2), "IC2": None}, "n > 3*t and m == 1"),
    "third_of_the_generals": Everywhere({"IC1": (6, 2, 2), "IC2": (3, 1, 1)}, "n >= 3*m"),
    "tie_to_own": Everywhere({"IC1": (5, 1, 1), "IC2": None}),
    "majority_of_all": Everywhere({"IC1": (4, 1, 1), "IC2": (4, 1, 1)}),
    "own_value_left_out": Everywhere({"IC1": (4, 1, 1), "IC2": (4, 1, 1)}),
    "phase_king_at_4t": Everywhere({"Agreement": (4, 1, 1), "Validity": (4, 1, 1)}, "n >= 4*m"),
    "quarter_rounded_down": Everywhere({"Agreement": (4, 1, 1), "Validity": None}, "n >= 4*m"),
    "integer_division": Everywhere(
        {"Agreement": (5, 0, 1), "Validity": None}, "n >= 4*m + 4 and n <= 4*m + 7 and n > 4*t"
    ),
    "phase_king_at_3t": Everywhere({"Agreement": (3, 1, 1), "Validity": None}, "n >= 3*m"),
    "bare_majority": Everywhere({"Agreement": (5, 1, 1), "Validity": None}),
    "deaf_king": Everywhere(
        {"Agreement": (5, 1, 1)},
        unknown={"Validity": "phases keep it, but not what the last king said, which generals carry as well"},
    ),
    "king_keeps_his_own": Everywhere({"Agreement": (2, 0, 0), "Validity": None}),
    "own_vote_left_out": Everywhere({"Agreement": (3, 0, 0), "Validity": (1, 0, 0)}),
    "more_than_m_votes": Everywhere({"Agreement": (4, 1, 1), "Validity": None}),
    "one_phase_short": Everywhere({"Agreement": (2, 0, 0), "Validity": None}),
    "sure_too_early": Everywhere({"Agreement": (4, 1, 1), "Validity": None}),
    "adopted_too_early": Everywhere({"Agreement": (4, 1, 1), "Validity": (1, 0, 0)}),
    "crusader_without_commander": Everywhere({"CR1": None, "IC2": (2, 0, 0)}),
    "crusader_too_lenient": Everywhere({"CR1": (5, 1, 1), "IC2": None}),
    "grade_two_too_early": Everywhere({"Validity": None, "Closeness": (4, 1, 1), "Consistency": None}),
    "grade_one_too_early": Everywhere({"Validity": (2, 0, 0), "Closeness": None, "Consistency": (4, 1, 1)}),
    "one_round_turpin_coan": Everywhere({"Agreement": (4, 1, 1), "Validity": None}),
}

AS_A_NUMBER = "uses a size that is not known as a number"
SIGNED = "signed messages are not understood for all sizes"

NOT_UNDERSTOOD = {
    "flat_tally": (
        "general computes with a general",
        "orders travel along walks, which are no paths of a tree",
    ),
    "echo": ("an order from each general of a group", "a general answers each other general on his own question"),
    "every_descendant": (
        "general puts a list of generals, or what each of them said, into another list",
        "longer paths vote, too, so no rule resolves the tree path by path",
    ),
    "order_of_the_moment": ("run calls .append", "the runs of OM(m-1) follow one another, and there are many"),
    "one_slot_per_sender": (
        "run stores something under a general",
        "the runs of OM(m-1) follow one another, and there are many",
    ),
    "counts_never_reset": ("puts a list of generals", "generals carry all votes from phase to phase"),
    "signers_repeat": (AS_A_NUMBER, SIGNED),
    "late_chains": (AS_A_NUMBER, SIGNED),
    "chains_of_three": (AS_A_NUMBER, SIGNED),
    "any_first_signer": (AS_A_NUMBER, SIGNED),
    "wrong_sender": (AS_A_NUMBER, SIGNED),
    "unsigned_messages": (AS_A_NUMBER, "names of signers are labels, which grow with the number of rounds"),
    "one_round_short": (AS_A_NUMBER, SIGNED),
    "connectivity_2t": ("has a graph|" + AS_A_NUMBER, "a graph is not understood for all sizes"),
    "z": ("general calls .relays", "marks grow with the number of rounds"),
}
"""What `prove` says, in part, of an exhibit that it does not understand, and the reason."""

CLAIM_NOTHING = ("flat_tally", "connectivity_2t")
"""Exhibits whose programs claim nothing, or nothing without a graph."""

REPAIRS = ("om", "phase_king_two_round", "phase_king", "phase_queen", "crusader", "gradecast", "turpin_coan")
"""The repairs that are proved for all sizes; the others are signed, or have marks that grow."""

SLOW = {
    "swapped_bound",
    "third_of_the_generals",
    "phase_king_at_3t",
    "deaf_king",
    "sure_too_early",
    "adopted_too_early",
    "grade_two_too_early",
    "grade_one_too_early",
    "one_round_turpin_coan",
    "turpin_coan",
}


def by_speed(names: Iterable[str]) -> list[object]:
    return [pytest.param(name, marks=pytest.mark.campaign if name in SLOW else []) for name in names]


@cache
def everywhere(name: str) -> FamilyVerdict:
    mistake = exhibit(name).mistake
    assuming = EVERYWHERE[name].assuming if name in EVERYWHERE else "n > 3*m" if name in CLAIM_NOTHING else None
    return prove(library.find(mistake.model), assuming=assuming, graph=mistake.graph or "")


def is_meant(protocol: Protocol, name: str, n: int, m: int, t: int) -> bool:
    """Whether the mistake was believed to work at this size."""
    text = EVERYWHERE[name].assuming
    if text is None:
        return protocol.tolerates(t)
    return bool(eval(text, {"n": n, "m": m, "t": t})) and (t <= m or re.search(r"\bt\b", text) is not None)


def sizes_up_to(name: str, last: Sizes) -> Iterator[Sizes]:
    """All sizes at which the mistake was believed to work, up to one, by n, then by m, then by t."""
    kind = library.find(exhibit(name).mistake.model)
    for n, m, t in product(range(last[0] + 1), repeat=3):
        try:
            protocol = library.build(kind, {"n": n, "m": m})
        except UsageError:
            continue
        if (n, m, t) <= last and t <= n and is_meant(protocol, name, n, m, t):
            yield n, m, t


def breaks(name: str, sizes: Sizes, condition: str) -> bool:
    """Whether a check finds an attack on a condition at one size."""
    n, m, t = sizes
    protocol = library.build(library.find(exhibit(name).mistake.model), {"n": n, "m": m})
    try:
        verdict = byzverify.check(protocol, t, condition=condition)
    except Vacuous:
        return False
    assert not isinstance(verdict, byzverify.Unknown)
    return isinstance(verdict, byzverify.Refuted)


def test_every_exhibit_is_in_one_table() -> None:
    assert sorted([*EVERYWHERE, *NOT_UNDERSTOOD]) == sorted(one.name for one in exhibits())


@pytest.mark.slow
@pytest.mark.parametrize("name", by_speed(EVERYWHERE))
def test_a_mistake_fails_first_at_these_sizes(name: str) -> None:
    found = {
        known.condition.name: tuple(known.smallest.values()) if known.smallest else None
        for known in everywhere(name).conditions
        if known.verdict != "unknown"
    }
    unknown = [known.condition.name for known in everywhere(name).conditions if known.verdict == "unknown"]
    assert (found, unknown) == (EVERYWHERE[name].first, [*EVERYWHERE[name].unknown])


@pytest.mark.slow
@pytest.mark.parametrize("name", by_speed(EVERYWHERE))
def test_a_check_finds_the_same_first_sizes(name: str) -> None:
    for condition, first in EVERYWHERE[name].first.items():
        if first is not None:
            sizes = list(sizes_up_to(name, first))
            assert sizes[-1] == first
            assert [size for size in sizes if breaks(name, size, condition)] == [first]


@pytest.mark.parametrize("name", EVERYWHERE)
def test_what_an_exhibit_says_it_breaks_is_broken_at_some_size(name: str) -> None:
    known = EVERYWHERE[name]
    assert {condition for condition, first in known.first.items() if first} >= set(exhibit(name).breaks)


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_what_is_not_understood_says_why(name: str) -> None:
    said, _ = NOT_UNDERSTOOD[name]
    assert everywhere(name).verdict == "unknown"
    assert re.search(said, str(everywhere(name).reason))


@pytest.mark.slow
@pytest.mark.parametrize("model", by_speed(REPAIRS))
def test_a_repair_is_proved_for_every_size_that_it_claims(model: str) -> None:
    assert prove(library.find(model)).verdict == "proved"


def test_every_repair_that_is_not_signed_is_proved() -> None:
    others = {one.repair.model for one in exhibits() if one.name in EVERYWHERE} - {*REPAIRS}
    assert others == {"sm", "museum.signed_consensus"}


def statement(model: str, assuming: str | None = None) -> str:
    """For which sizes a model was believed to work, in words."""
    return Family(library.find(model), {}, assuming).statement


def fails(condition: str, first: Sizes | None) -> str:
    if first is None:
        return f"{condition} holds at every size"
    return "{} fails first at n={}, m={}, t={}".format(condition, *first)


def row(name: str) -> str:
    known, repair = EVERYWHERE[name], exhibit(name).repair.model
    said = [fails(condition, first) for condition, first in known.first.items()]
    said += [f"of {condition} nothing is known: {reason}" for condition, reason in known.unknown.items()]
    proved = f"`{repair}`, for every {statement(repair)}" if repair in REPAIRS else f"`{repair}`, not for all sizes"
    meant = statement(exhibit(name).mistake.model, known.assuming)
    return f"| `{name}` | {meant} | {'; '.join(said)} | {proved} |"


def section() -> str:
    """What the page says of all sizes."""
    return "\n".join(
        [
            HEADING,
            "",
            INTRODUCTION,
            "",
            "| exhibit | believed to work for every | but | the repair, proved |",
            "| --- | --- | --- | --- |",
            *map(row, EVERYWHERE),
            "",
            "Of the other exhibits `prove` says `UNKNOWN`, and why:",
            "",
            *(f"- `{name}`: {reason}." for name, (_, reason) in NOT_UNDERSTOOD.items()),
            "",
        ]
    )


def test_the_page_has_these_tables() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before = text.partition(HEADING)[0]
    if os.environ.get("BYZVERIFY_REWRITE"):
        PAGE.write_text(before + section(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == before + section()
