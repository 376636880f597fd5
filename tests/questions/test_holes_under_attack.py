"""Ordinary Python must not make `complete` find values that are not right, or lose values that are."""

from pathlib import Path

import pytest

import byzverify
from byzverify.errors import ProtocolError
from byzverify.questions.completion import SketchVerdict

HEAD = """
from functools import cache, cached_property
from byzverify.language import *

K = {}


@cache
def kept(sketch):
    return sketch.p


class Same:
    def __init__(self, p):
        self.p = p

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1

"""

BODY = """
class S(Protocol):
    m: int = 1
    problem = CRUSADER_AGREEMENT

    {member}

    def general(self, me, order):
        {first}
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        reports = [inbox[j] for j in self.lieutenants]
        decision = FAULTY
        for candidate in self.orders:
            decision = ite(count(reports, candidate) >= {value}, candidate, decision)
        return decision
"""

ASKED = 'self.hole("k", range(self.n))'

PROBLEM = """@property
    def problem(self):
        return Problem("p", (Condition("C", "they agree", {holds}, witnesses=2, needs_loyal=2),), has_commander=True)
"""

AGREE = "outcome.decisions[pair[0]] == outcome.decisions[pair[1]]"


def completed(folder: Path, value: str, first: str = "pass", member: str = "") -> SketchVerdict:
    path = folder / "sketch.py"
    path.write_text(HEAD + BODY.format(value=value, first=first, member=member))
    return byzverify.complete(byzverify.protocol(path, n=4)).sizes[0]


@pytest.mark.parametrize(
    ("value", "first", "member"),
    [
        ("self.k_", "pass", f"@property\n    def k_(self):\n        return {ASKED}\n"),
        ("self.k_", "pass", f"@cached_property\n    def k_(self):\n        return {ASKED}\n"),
        ("self.k_()", "pass", f"@cache\n    def k_(self):\n        return {ASKED}\n"),
        (f"kept(Same({ASKED}))", "pass", ""),
        (f"(lambda: {ASKED})()", "pass", ""),
        (ASKED, "me % 2 and self.hole('k', range(self.n))", ""),
        (ASKED, "self.n > 100 and self.hole('idle', [1, 2])", ""),
        ('{"low": 1, "mid": 2, "high": 3}[self.hole("k", ["low", "mid", "high"])]', "pass", ""),
    ],
)
def test_in_whatever_way_a_program_asks_the_same_is_found(value: str, first: str, member: str, tmp_path: Path) -> None:
    assert completed(tmp_path, value, first, member).proved in (((2,),), (("mid",),))


@pytest.mark.parametrize(
    ("value", "first", "member", "complaint"),
    [
        ('self.hole("k", range(me + 1))', "pass", "", "in another place"),
        ('self.hole("j", range(self.hole("k", range(self.n)) + 1))', "pass", "", "in another place"),
        (f'K.setdefault("k", {ASKED})', "pass", "", "keeps something in K"),
        ("K[me]", f"K[me] = {ASKED}", "", "keeps something in K"),
        ("type(self).last", f"type(self).last = {ASKED}", "last = None", "keeps something in S"),
        (ASKED, "pass", f"def tolerates(self, t):\n        return {ASKED} == 2\n", "outside of a general's program"),
        (ASKED, "pass", "def tolerates(self, t):\n        return self.k == 2\n", r"reads self\.k"),
        (
            ASKED,
            "pass",
            f"def __post_init__(self):\n        super().__post_init__()\n        self.require({ASKED} == 2, 'no')\n",
            "outside of a general's program",
        ),
        (ASKED, "pass", PROBLEM.format(holds=f"lambda outcome, pair: {ASKED} == 0"), "outside of a general's program"),
        (ASKED, "pass", PROBLEM.format(holds=f"lambda outcome, pair: self.k == 0 or {AGREE}"), r"reads self\.k"),
        (
            ASKED,
            "pass",
            PROBLEM.format(holds=f"lambda outcome, pair: outcome.protocol.k == 0 or {AGREE}"),
            "what must hold does not depend on holes",
        ),
        (
            ASKED,
            "pass",
            PROBLEM.format(holds=f"lambda outcome, pair: outcome.protocol.hole('k', range(4)) == 0 or {AGREE}"),
            "outside of a general's program",
        ),
        (f"6 // {ASKED}", "pass", "", "ZeroDivisionError"),
        ('[1, 2][self.hole("k", [1, 0])]', "me and self.hole('k', [0, 1])", "", "in another place"),
    ],
)
def test_what_would_depend_on_more_than_the_value_is_refused(
    value: str, first: str, member: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(ProtocolError, match=complaint):
        completed(tmp_path, value, first, member)


def test_a_hole_in_the_body_of_a_class_is_an_error_of_its_author(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="TypeError"):
        completed(tmp_path, "1", member="k = Protocol.hole('k', range(4))")


def test_a_hole_that_only_some_values_of_another_reach_is_met(tmp_path: Path) -> None:
    value = f'({ASKED} if self.hole("asks", [False, True]) else 2)'
    found = completed(tmp_path, value)
    assert {"asks", "k"} == {*found.choices}
    asks, k = list(found.choices).index("asks"), list(found.choices).index("k")
    right = {(values[asks], values[k]) for values in found.proved}
    assert right == {(True, 2), *((False, number) for number in range(4))}


def test_an_idle_hole_is_named(tmp_path: Path) -> None:
    found = completed(tmp_path, ASKED, "self.n > 100 and self.hole('idle', [1, 2])")
    assert (found.idle, list(found.choices)) == (("idle",), ["k"])
