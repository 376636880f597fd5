"""The checker of chains and covers: right files are accepted, and others are refused, each for one reason."""

import copy
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from byzverify.certificates import checking_impossibility
from byzverify.certificates.checking_impossibility import check
from tests.support.damaging import damaged
from tests.support.impossibility_referee import is_right
from tests.support.impossible import (
    File,
    complete,
    execution,
    found,
    gap,
    hexagon,
    hexagon_for_consensus,
    liar_between,
    no_majority,
    one_by_one,
    scene,
    setting,
    shortest,
    silent,
    two_faces,
    written_by_hand,
)

SEEDS = int(os.environ.get("BYZVERIFY_CASES", "40000"))

DAMAGED_BY_DEFAULT = 2000

ACCEPTED = {
    "hexagon": "no protocol for broadcast among 3 generals, at most 1 byzantine faulty, in any number of rounds: "
    "a cover with 3 scenes",
    "hexagon for consensus": "no protocol for consensus among 3 generals, at most 1 byzantine faulty, in any number of "
    "rounds: a cover with 3 scenes",
    "silent generals between": "no protocol with signed messages for broadcast among 4 generals on a graph of 4 edges "
    "with commander 0, at most 1 crash and 1 manifest faulty, in any number of rounds: a cover with 2 scenes",
    "two faces": "no protocol for broadcast among 4 generals, at most 1 byzantine faulty, in 1 round: "
    "a chain of 3 executions",
    "a liar between": "no protocol that sends the same to all neighbours for broadcast among 3 generals on a graph of "
    "2 edges with commander 0, at most 1 symmetric faulty, in 2 rounds: a chain of 2 executions",
    "one by one": "no protocol for broadcast among 3 generals, at most 1 crash faulty, in 1 round: "
    "a chain of 4 executions",
    "no majority": "no protocol for consensus among 4 generals, at most 1 crash and 1 manifest faulty, in any number "
    "of rounds: a chain of 3 executions",
    "no majority, signed": "no protocol with signed messages for consensus among 4 generals, at most 1 crash and 1 "
    "manifest faulty, in any number of rounds: a chain of 3 executions",
    "no majority, approximate": "no protocol for approximate agreement within less than 1 among 4 generals, at most 1 "
    "crash and 1 manifest faulty, in any number of rounds: a chain of 3 executions",
    "a chain for approximate agreement": "no protocol for approximate agreement within less than 1/2 among 3 generals, "
    "at most 1 crash faulty, in 1 round: a chain of 4 executions",
    "a chain for signed messages": "no protocol with signed messages for broadcast among 3 generals, at most 1 crash "
    "faulty, in 1 round: a chain of 4 executions",
}


@pytest.mark.parametrize("name", written_by_hand())
def test_what_is_written_by_hand_is_accepted(name: str) -> None:
    text = json.dumps(written_by_hand()[name])
    assert check(text) == ACCEPTED.get(name, check(text))
    assert is_right(text)


def test_only_a_symmetric_general_who_deviates_limits_what_is_shown() -> None:
    """One thing to all is not what a protocol sends that tells each neighbour something else."""
    idle = two_faces() | {"faults": {"byzantine": 1, "symmetric": 1}}
    idle["executions"][0]["faulty"] = {"3": "symmetric"}
    assert check(json.dumps(idle)).startswith(
        "no protocol for broadcast among 4 generals, at most 1 byzantine and 1 sym"
    )
    assert check(json.dumps(liar_between())).startswith("no protocol that sends the same to all neighbours for")


APART = setting("consensus", [[0, 1]], 1, omission=0) | {
    "generals": 3,
    "executions": [execution({0: 0, 1: 0, 2: 0}), execution({0: 0, 1: 0, 2: 1}), execution({0: 1, 1: 1, 2: 1})],
    "witnesses": [0, 2],
}


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (APART, "no protocol for consensus among 3 generals on a graph of 1 edge, none faulty, in 1 round:"),
        (APART | {"problem": "approximate"}, "no protocol for approximate agreement within less than 1 among"),
        (liar_between() | {"problem": "approximate"}, "no protocol that .* for approximate agreement among"),
        (two_faces() | {"problem": "approximate"}, "no protocol for approximate agreement within less than 1 among"),
    ],
)
def test_the_statement_says_what_is_shown(file: File, says: str) -> None:
    assert re.match(says, check(json.dumps(file)))


@cache
def chains() -> dict[str, File]:
    return found()


EXECUTIONS = {
    "byzantine 3,1,2": 3,
    "consensus 4,1,1": 4,
    "consensus, symmetric 3,2,1": 3,
    "approximate, omission 3,1,1": 5,
    "omission on a path": 2,
    "manifest on a ring": 2,
    "crash and byzantine 3,2,1": 3,
}


def test_every_chain_that_brute_force_finds_is_accepted() -> None:
    assert {name: len(file["executions"]) for name, file in chains().items()} == EXECUTIONS
    for file in chains().values():
        check(json.dumps(file))
        assert is_right(json.dumps(file))


@pytest.mark.slow
def test_the_chain_of_two_crashes_has_fourteen_executions() -> None:
    file = shortest(setting("broadcast", complete(4), 2, crash=2))
    assert file is not None
    assert check(json.dumps(file)).endswith("in 2 rounds: a chain of 14 executions")


@pytest.mark.parametrize("mode", ["omission", "crash", "manifest"])
def test_there_is_no_chain_where_rounds_are_enough(mode: str) -> None:
    assert shortest(setting("broadcast", complete(3), 2, **{mode: 1})) is None


@pytest.mark.parametrize("silent", [1, 2])
def test_a_message_after_lost_ones_tells_what_was_lost(silent: int) -> None:
    text = json.dumps(gap(silent))
    assert not is_right(text)
    with pytest.raises(ValueError, match="the witness of executions 1 and 2 must see the same in both"):
        check(text)


def test_a_liar_owes_nothing_after_a_lost_message() -> None:
    """A byzantine general may speak in round 2 as if he had started with anything. Only the next step is wrong."""
    file = gap() | {"faults": {"byzantine": 1}}
    for one in file["executions"][:2]:
        one["faulty"] = {"0": "byzantine"}
    with pytest.raises(ValueError, match="the witness of executions 2 and 3 must see the same in both"):
        check(json.dumps(file))


DELETE = object()

TWO, ONE, LIAR, SIX, SIXES = two_faces(), one_by_one(), liar_between(), hexagon(), hexagon_for_consensus()
QUIET, HALVES = silent(), no_majority()
LATE = setting("broadcast", [[0, 1], [1, 2]], 2, crash=1, byzantine=1) | {
    "executions": [
        execution({0: 0}, {1: "crash"}, lost=[(1, 1, 2), (2, 1, 0), (2, 1, 2)]),
        execution({0: 1}, {1: "crash"}, lost=[(1, 1, 2), (2, 1, 0), (2, 1, 2)]),
    ],
    "witnesses": [2],
}
SILENT = setting("broadcast", [[0, 1], [1, 2]], 2, manifest=1) | {
    "executions": [execution({0: order}, {1: "manifest"}, lost=[(2, 1, 0), (2, 1, 2)]) for order in (0, 1)],
    "witnesses": [2],
}
LOSSES = setting("broadcast", [[0, 1], [1, 2]], 2, omission=1) | {
    "executions": [execution({0: order}, {1: "omission"}, lost=[(2, 1, 2)]) for order in (0, 1)],
    "witnesses": [2],
}
ALL = setting("consensus", complete(3), 1, byzantine=1) | {
    "executions": [
        execution({0: 0, 1: 0, 2: 0}),
        execution({0: 1, 1: 0, 2: 0}, {0: "byzantine"}, said=[(1, 0, 1, 0)]),
        execution({0: 1, 1: 1, 2: 0}, {1: "byzantine"}, said=[(1, 1, 2, 0)]),
        execution({0: 1, 1: 1, 2: 1}, {2: "byzantine"}, said=[(1, 2, 0, 0)]),
    ],
    "witnesses": [1, 2, 0],
}
"""Chains that other tests do not have: crashes, silence and losses in the second round, and starts of all."""

EX, SAID = "executions", {"round": 1, "from": 0, "to": 2, "says": 1}
LONG = [ONE[EX][0], *[ONE[EX][1]] * 3, ONE[EX][2], ONE[EX][3]]


@pytest.mark.parametrize("file", [LATE, SILENT, LOSSES, ALL])
def test_the_chains_that_are_spoilt_below_are_right(file: File) -> None:
    check(json.dumps(file))
    assert is_right(json.dumps(file))


WRONG: dict[str, tuple[File, list[tuple[list[Any], Any]], str]] = {
    "a field too few": (TWO, [(["signed"], DELETE)], "must have the fields format, version"),
    "a field too many": (TWO, [(["extra"], 1)], "must have the fields format, version"),
    "a format without a checker": (TWO, [(["format"], "byzverify-attack")], "format must be one of"),
    "no text for a format": (TWO, [(["format"], [])], "format must be one of"),
    "another version": (TWO, [(["version"], 2)], "version must be a whole number from 1 to 1"),
    "a version that only equals one": (TWO, [(["version"], True)], "version must be a whole number"),
    "no generals": (TWO, [(["generals"], 0)], "generals must be a whole number from 1"),
    "too many generals": (TWO, [(["generals"], 1001)], "generals must be a whole number from 1 to 1000"),
    "edges that are no list": (TWO, [(["edges"], {})], "edges must be a list"),
    "an edge of three": (TWO, [(["edges", 0], [0, 1, 2])], "edges must be pairs"),
    "an edge to nobody": (TWO, [(["edges", 0], [0, 4])], "a general in edges must be"),
    "an edge from larger to smaller": (TWO, [(["edges", 0], [1, 0])], "the smaller general first"),
    "an edge to oneself": (TWO, [(["edges", 0], [1, 1])], "the smaller general first"),
    "an edge twice": (TWO, [(["edges", 0], [0, 2])], "each pair once"),
    "an unknown problem": (TWO, [(["problem"], "leader")], "problem must be one of"),
    "a problem that is no text": (TWO, [(["problem"], {})], "problem must be one of"),
    "a commander who does not exist": (TWO, [(["commander"], 4)], "commander must be"),
    "a commander who is a truth": (TWO, [(["commander"], False)], "commander must be"),
    "a broadcast without a commander": (TWO, [(["commander"], None)], "consensus has no commander"),
    "consensus with a commander": (SIXES, [(["commander"], 0)], "consensus has no commander"),
    "faults that are a list": (TWO, [(["faults"], [])], "faults must be an object"),
    "an unknown mode": (TWO, [(["faults", "sleepy"], 1)], "a fault mode must be one of"),
    "a negative budget": (ONE, [(["faults", "omission"], -1)], "the number of omission generals"),
    "a budget that is a truth": (TWO, [(["faults", "byzantine"], True)], "the number of byzantine generals"),
    "signed by a number": (TWO, [(["signed"], 0)], "signed must be true or false"),
    "no rounds": (TWO, [(["rounds"], 0)], "rounds must be a whole number from 1"),
    "lies in any number of rounds": (TWO, [(["rounds"], None)], "execution 2: for any number .* nobody may deviate"),
    "losses in any number of rounds": (ONE, [(["rounds"], None)], "execution 2: for any number .* nobody may deviate"),
    "losses that are no list in any number of rounds": (HALVES, [([EX, 0, "lost"], {})], "nobody may deviate"),
    "no list of lies in any number of rounds": (HALVES, [([EX, 0, "said"], None)], "nobody may deviate"),
    "another start of a faulty general": (HALVES, [([EX, 0, "starts", "3"], 0)], "1 and 2 must see the same in both"),
    "another start of a loyal one": (HALVES, [([EX, 1, "starts", "1"], 1)], "1 and 2 must see the same in both"),
    "two starts exchanged": (
        HALVES,
        [([EX, 1, "starts", "1"], 1), ([EX, 1, "starts", "2"], 0)],
        "1 and 2 must see the same in both",
    ),
    "a majority of loyal generals": (HALVES, [(["faults"], {"crash": 1})], "a mode that faults does not list"),
    "a majority of one mode": (HALVES, [(["faults", "manifest"], 0)], "too many generals are manifest"),
    "nobody faulty at the end": (HALVES, [([EX, 2, "faulty"], {})], "in the last execution the loyal must start"),
    "too few faulty at the end": (HALVES, [([EX, 2, "faulty", "1"], DELETE)], "in the last execution the loyal must"),
    "all faulty at an end": (
        HALVES,
        [(["faults", "crash"], 3), *(([EX, 2, "faulty", one], "crash") for one in "023")],
        "the witness of executions 2 and 3 must be loyal in both",
    ),
    "no execution between": (HALVES, [([EX, 1], DELETE), (["witnesses"], [0])], "1 and 2 must be loyal in both"),
    "one order for all": (
        HALVES,
        [([EX, place, "starts", one], 0) for place in range(3) for one in "23"],
        "in the last execution the loyal must start with 1",
    ),
    "no rounds, which are not any number": (HALVES, [(["rounds"], 0)], "rounds must be a whole number from 1"),
    "too many rounds": (TWO, [(["rounds"], 101)], "rounds must be a whole number from 1 to 100"),
    "one execution": (TWO, [([EX], [TWO[EX][0]]), (["witnesses"], [])], "there must be 2 or more"),
    "no execution": (TWO, [([EX], []), (["witnesses"], [])], "there must be 2 or more"),
    "executions that are no list": (TWO, [([EX], {})], "executions must be a list"),
    "a long chain for crusader agreement": (ONE, [(["problem"], "crusader")], "for crusader at most 3"),
    "a long chain for graded broadcast": (
        ONE,
        [(["problem"], "graded"), ([EX], LONG), (["witnesses"], [1, 1, 1, 2, 1])],
        "for graded at most 5",
    ),
    "a witness too few": (ONE, [(["witnesses"], [1, 2])], "one witness fewer"),
    "a witness too many": (ONE, [(["witnesses"], [1, 2, 1, 1])], "one witness fewer"),
    "a witness who does not exist": (ONE, [(["witnesses", 0], 3)], "the witness of executions 1 and 2 must be a whole"),
    "a witness who is no number": (ONE, [(["witnesses", 0], [])], "the witness of executions 1 and 2 must be a whole"),
    "the commander as witness": (LATE, [(["witnesses"], [0])], "is the commander, who decides nothing"),
    "a witness who fails in both": (LATE, [(["witnesses"], [1])], "must be loyal in both"),
    "a witness who fails in the first": (ALL, [(["witnesses", 2], 1)], "must be loyal in both"),
    "a witness who fails in the second": (ALL, [(["witnesses", 1], 1)], "must be loyal in both"),
    "a witness who sees a difference": (ONE, [(["witnesses", 0], 2)], "must see the same in both"),
    "a witness with two starts": (ALL, [([EX, 0, "starts", "1"], 1)], "must see the same in both"),
    "another order in the first": (LATE, [([EX, 0, "starts", "0"], 1)], "in the first execution the loyal must"),
    "another order in the last": (LATE, [([EX, 1, "starts", "0"], 0)], "in the last execution the loyal must"),
    "no commander in the first": (TWO, [([EX, 0], TWO[EX][1]), (["witnesses"], [1, 2])], "in the first execution"),
    "no commander in the last": (TWO, [([EX, 2], TWO[EX][1]), (["witnesses"], [1, 1])], "in the last execution"),
    "another start in the first": (ALL, [([EX], ALL[EX][2:]), (["witnesses"], [0])], "in the first execution"),
    "another start in the last": (ALL, [([EX], ALL[EX][:2]), (["witnesses"], [1])], "in the last execution"),
    "an execution that is a list": (TWO, [([EX, 0], [])], "execution 1: it must be an object"),
    "an execution without lost": (TWO, [([EX, 0, "lost"], DELETE)], "execution 1: it must have the fields faulty"),
    "a faulty general who does not exist": (TWO, [([EX, 1, "faulty", "4"], "byzantine")], "faulty must have generals"),
    "a faulty general called 00": (TWO, [([EX, 1, "faulty"], {"00": "byzantine"})], "faulty must have generals"),
    "a mode without a budget": (TWO, [([EX, 1, "faulty", "0"], "omission")], "a mode that faults does not list"),
    "a mode that is no text": (TWO, [([EX, 1, "faulty", "0"], [])], "a mode that faults does not list"),
    "too many faulty": (TWO, [([EX, 1, "faulty", "3"], "byzantine")], "too many generals are byzantine"),
    "a start too many": (TWO, [([EX, 1, "starts", "1"], 0)], "starts must list exactly"),
    "a start too few": (ALL, [([EX, 1, "starts", "2"], DELETE)], "starts must list exactly"),
    "a start with order 2": (TWO, [([EX, 1, "starts", "0"], 2)], "the start of general 0 must be"),
    "a start that is a truth": (TWO, [([EX, 1, "starts", "0"], False)], "the start of general 0 must be"),
    "a loyal liar": (TWO, [([EX, 1, "said", 0, "from"], 3)], "general 3 is loyal, and cannot deviate"),
    "a loyal general who loses": (TWO, [([EX, 1, "lost"], [[1, 3, 1]])], "general 3 is loyal, and cannot deviate"),
    "a lie without an edge": (TWO, [(["edges", 1], DELETE)], "no edge between generals 0 and 2"),
    "a lie to oneself": (TWO, [([EX, 1, "said", 0, "to"], 0)], "no edge between generals 0 and 0"),
    "a lie in round 0": (TWO, [([EX, 1, "said", 0, "round"], 0)], "the round of a message must be"),
    "a lie after the last round": (TWO, [([EX, 1, "said", 0, "round"], 2)], "the round of a message must be"),
    "a lie with a field too many": (TWO, [([EX, 1, "said", 0, "extra"], 2)], "a part of said must have the fields"),
    "a lie said twice": (TWO, [([EX, 1, "said"], [SAID, SAID])], r"\[1, 0, 2\] is listed twice"),
    "a lie that is lost": (TWO, [([EX, 1, "lost"], [[1, 0, 2]])], r"\[1, 0, 2\] is listed twice"),
    "a message lost twice": (ONE, [([EX, 1, "lost"], [[1, 0, 2], [1, 0, 2]])], r"\[1, 0, 2\] is listed twice"),
    "a lost message of two": (ONE, [([EX, 1, "lost"], [[1, 0]])], "a round, a sender and a receiver"),
    "a lost message of four": (ONE, [([EX, 1, "lost"], [[1, 0, 2, 2]])], "a round, a sender and a receiver"),
    "said that is no list": (ONE, [([EX, 1, "said"], {})], "said must be a list"),
    "lost that is no list": (ONE, [([EX, 1, "lost"], {})], "lost must be a list"),
    "a sender who does not exist": (ONE, [([EX, 1, "lost", 0, 1], 3)], "the sender of a message must be"),
    "a receiver who does not exist": (ONE, [([EX, 1, "lost", 0, 2], -1)], "the receiver of a message must be"),
    "a lie under signatures": (TWO, [(["signed"], True)], "general 0 cannot lie"),
    "a story with order 2": (TWO, [([EX, 1, "said", 0, "says"], 2)], "a story must end with"),
    "a story that is a truth": (TWO, [([EX, 1, "said", 0, "says"], True)], "a story must end with"),
    "a commander without an order": (TWO, [([EX, 1, "said", 0, "says"], None)], "a story must end with"),
    "an object in round 1": (TWO, [([EX, 1, "said", 0, "says"], {})], "a story must end with"),
    "an order of a lieutenant": (LIAR, [([EX, 0, "said", 0, "says", "2"], 0)], "a story must end with"),
    "an order in round 2": (LIAR, [([EX, 0, "said", 0, "says"], 0)], "a story must be an object"),
    "null in round 2": (LIAR, [([EX, 0, "said", 0, "says"], None)], "a story must be an object"),
    "a story of himself": (LIAR, [([EX, 0, "said", 0, "says", "1"], None)], "does not hear from all"),
    "a story of nobody": (LIAR, [([EX, 0, "said", 0, "says", "3"], None)], "a story must have generals as keys"),
    "a symmetric general with two faces": (LIAR, [([EX, 0, "said", 0], DELETE)], "does not treat all neighbours alike"),
    "a symmetric general who loses one": (
        LIAR,
        [([EX, 0, "said", 0], DELETE), ([EX, 0, "lost"], [[2, 1, 0]])],
        "general 1 is symmetric, but does not treat all",
    ),
    "a manifest general who loses one": (SILENT, [([EX, 0, "lost", 0], DELETE)], "general 1 is manifest, but does not"),
    "a crashed general who sends": (LATE, [([EX, 0, "lost", 1], DELETE)], "sends although he has crashed"),
    "a crashed general who sends to all": (LATE, [([EX, 0, "lost"], [[1, 1, 2]])], "sends although he has crashed"),
    **{
        f"a lie of a general with the mode {file['executions'][0]['faulty']['1']}": (
            file,
            [([EX, 0, "said"], [{"round": 1, "from": 1, "to": 0, "says": None}])],
            "general 1 cannot lie",
        )
        for file in (LATE, SILENT, LOSSES)
    },
    "a cover with rounds": (SIX, [(["rounds"], 1)], "a cover is for any number of rounds"),
    "a cover under signatures": (SIX, [(["signed"], True)], "the faulty differ, and .* messages are signed"),
    "crossed without an edge": (SIX, [(["generals"], 4), (["crossed"], [[0, 3]])], "crossed has something that is no"),
    "a crossed edge twice": (SIX, [(["crossed"], [[0, 2], [0, 2]])], "crossed must have each pair once"),
    "other crossed edges": (SIX, [(["crossed"], [[0, 1]])], "scene 1: no edge joins"),
    "no crossed edges": (SIX, [(["crossed"], [])], "scene 3: no edge joins these copies of generals 0 and 2"),
    "scenes that are no list": (SIX, [(["scenes"], {})], "scenes must be a list"),
    "a scene with a field too many": (SIX, [(["scenes", 0, "extra"], 1)], "scene 1 must have the fields"),
    "a faulty general of a scene who does not exist": (SIX, [(["scenes", 0, "faulty", 0], 3)], "a faulty general must"),
    "a faulty general of a scene twice": (
        SIX,
        [(["faults", "byzantine"], 2), (["scenes", 0, "faulty"], [2, 2])],
        "or one is named twice",
    ),
    "a scene with too many faulty": (SIX, [(["scenes", 0], scene([0, 2], {1: 0}))], "scene 1: more generals fail"),
    "a cover of symmetric liars": (SIX, [(["faults"], {"symmetric": 1})], "more generals fail than may be byzantine"),
    "a faulty general with a sheet": (SIX, [(["scenes", 0, "sheets", "2"], 0)], "sheets must list all but the faulty"),
    "a loyal general without a sheet": (SIX, [(["scenes", 0, "sheets", "1"], DELETE)], "sheets must list all but"),
    "a third sheet": (SIX, [(["scenes", 0, "sheets", "1"], 2)], "the sheet of general 1 must be"),
    "no sheet": (SIX, [(["scenes", 0, "sheets", "1"], None)], "the sheet of general 1 must be"),
    "a witness with two copies": (SIX, [(["scenes", 1], scene([0], {1: 1, 2: 1}))], "must see the same in both"),
    "silent generals of whom one is loyal once": (
        QUIET,
        [(["scenes", 1], scene([1], {0: 1, 2: 1, 3: 1}))],
        "the faulty differ, and more generals fail than may be byzantine",
    ),
    "more silent generals than may fail": (QUIET, [(["faults", "manifest"], 0)], "scene 1: more generals fail"),
    "silent generals who separate nobody": (QUIET, [(["edges", 0], [0, 2])], "no edge joins these copies"),
    "a cover that begins with 1": (
        SIXES,
        [(["scenes"], SIXES["scenes"][::-1]), (["witnesses"], [2, 0])],
        "in the first",
    ),
    "a cover that ends with 0": (SIX, [(["scenes"], SIX["scenes"][:2]), (["witnesses"], [1])], "in the last execution"),
}


def spoilt(file: File, edits: list[tuple[list[Any], Any]]) -> str:
    made = copy.deepcopy(file)
    for (*path, key), new in edits:
        owner: Any = made
        for step in path:
            owner = owner[step]
        if new is DELETE:
            del owner[key]
        else:
            owner[key] = copy.deepcopy(new)
    return json.dumps(made)


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_refused_in_one_line(what: str) -> None:
    file, edits, message = WRONG[what]
    text = spoilt(file, edits)
    with pytest.raises(ValueError, match=message) as raised:
        check(text)
    assert "\n" not in str(raised.value)
    assert not is_right(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expecting value"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "format must be one of"),
        (json.dumps(TWO).replace('"rounds": 1', '"rounds": 1, "rounds": 1'), "an object has a key twice"),
        (json.dumps(ONE).replace('"0": 0', '"0": 0, "0": 0'), "an object has a key twice"),
        (json.dumps(TWO).replace('"rounds": 1', '"rounds": 1.0'), "rounds must be a whole number"),
        (json.dumps(TWO).replace('"rounds": 1', '"rounds": NaN'), "rounds must be a whole number"),
    ],
)
def test_a_text_that_is_no_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(text)


RIGHT: dict[str, tuple[File, list[tuple[list[Any], Any]]]] = {
    "a greater budget": (TWO, [(["faults"], {"byzantine": 2, "crash": 1})]),
    "a byzantine general who also loses": (TWO, [([EX, 1, "lost"], [[1, 0, 3]])]),
    "graded broadcast with five executions": (
        ONE,
        [(["problem"], "graded"), ([EX], [*LONG[:2], *LONG[3:]]), (["witnesses"], [1, 1, 2, 1])],
    ),
    "a cover for a mixed budget": (SIX, [(["faults", "symmetric"], 3)]),
    "a general without neighbours": (TWO, [(["generals"], 5)]),
    "the last general as commander": (
        APART,
        [
            (["problem"], "broadcast"),
            (["commander"], 2),
            ([EX], [execution({2: order}) for order in (0, 1)]),
            (["witnesses"], [0]),
        ],
    ),
    "a crash in the last round": (LATE, [([EX, place, "lost"], [[2, 1, 2]]) for place in (0, 1)]),
    "halves that need one general less": (
        HALVES,
        [
            (["generals"], 3),
            (["edges"], [[0, 1], [0, 2], [1, 2]]),
            *(([EX, place, "starts", "3"], DELETE) for place in range(3)),
            ([EX, 0, "faulty", "3"], DELETE),
        ],
    ),
    "halves of a network without edges": (HALVES, [(["edges"], [])]),
    "halves where an execution stands twice": (
        HALVES,
        [([EX], [*HALVES[EX][:2], *HALVES[EX][1:]]), (["witnesses"], [0, 1, 2])],
    ),
    "a mode that nobody has": (TWO, [(["faults", "crash"], 0)]),
    "a cover whose edges are all crossed": (
        SIX,
        [
            (["crossed"], SIX["edges"]),
            (["scenes"], [scene([2], {0: 0, 1: 1}), scene([0], {1: 1, 2: 0}), scene([1], {0: 1, 2: 0})]),
        ],
    ),
    "a fault that does not act": (TWO, [([EX, 0, "faulty", "3"], "byzantine")]),
}


@pytest.mark.parametrize("what", RIGHT)
def test_what_is_still_right_is_accepted(what: str) -> None:
    text = spoilt(*RIGHT[what])
    check(text)
    assert is_right(text)


def judged(seed: int) -> tuple[str, bool]:
    """A damaged file, and whether the checker accepts it."""
    rng = Random(seed)
    files = [*written_by_hand().values(), *chains().values(), LATE, SILENT, LOSSES, ALL, gap()]
    text = damaged(rng, rng.choice(files))
    try:
        check(text)
    except ValueError:
        return text, False
    return text, True


def demand_that_the_referee_agrees(seeds: range) -> None:
    accepted = 0
    for seed in seeds:
        text, is_accepted = judged(seed)
        assert is_accepted == is_right(text), f"seed {seed}: {text}"
        accepted += is_accepted
    assert 0 < accepted < len(seeds) / 3


def test_no_damaged_file_is_accepted_unless_it_is_still_right() -> None:
    demand_that_the_referee_agrees(range(DAMAGED_BY_DEFAULT))


@pytest.mark.slow
def test_no_damaged_file_is_accepted_unless_it_is_still_right_in_many_cases() -> None:
    demand_that_the_referee_agrees(range(DAMAGED_BY_DEFAULT, DAMAGED_BY_DEFAULT + SEEDS))


def test_many_rounds_take_no_time() -> None:
    """Histories have numbers, so that their size does not matter."""
    loyal = [execution({0: order}, {0: "crash"}, lost=[(1, 0, to) for to in range(1, 8)]) for order in (0, 1)]
    for one in loyal:
        one["lost"] += [[round, 0, to] for round in range(2, 101) for to in range(1, 8)]
    file = setting("broadcast", complete(8), 100, crash=1) | {"executions": loyal, "witnesses": [1]}
    with pytest.raises(ValueError, match="in the first execution the loyal must start with 0"):
        check(json.dumps(file))


@pytest.mark.parametrize(("file", "code", "says"), [(ONE, 0, "ACCEPTED: no protocol"), (gap(), 1, "REFUSED: the witn")])
def test_the_checker_runs_alone(file: File, code: int, says: str, tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text(json.dumps(file))
    alone = tmp_path / "checking_impossibility.py"
    alone.write_text(Path(checking_impossibility.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-I", str(alone), str(tmp_path / "file.json")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == code
    assert (ended.stdout + ended.stderr).startswith(says)
