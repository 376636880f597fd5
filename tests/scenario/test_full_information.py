"""The full-information protocol: who tells whom what, and what each general has learnt."""

from itertools import pairwise

import pytest

from byzverify.language.faults import Fault
from byzverify.scenario.full_information import Belated, Knowledge, Message, played
from byzverify.scenario.impossibility import FaultyRun, Setting
from tests.rendering.impossibilities import CHAINS, complete


def test_in_each_round_a_general_passes_on_what_he_received_in_the_round_before() -> None:
    known = played(complete(3, 3), FaultyRun({}, {0: 1})).known
    second: dict[int, Message] = {0: {1: None, 2: None}, 2: {0: 1, 1: None}}
    third: dict[int, Message] = {
        0: {1: {0: 1, 2: None}, 2: {0: 1, 1: None}},
        2: {0: {1: None, 2: None}, 1: {0: 1, 2: None}},
    }
    assert known[1] == Knowledge(None, ({0: 1, 2: None}, second, third))


def test_what_is_said_in_place_of_the_truth_is_passed_on_as_it_was_heard() -> None:
    run = FaultyRun({0: Fault.BYZANTINE}, {0: 0}, {(1, 0, 2): 1})
    found = played(complete(3, 2), run)
    assert found.known[1].heard == ({0: 0, 2: None}, {0: {1: None, 2: None}, 2: {0: 1, 1: None}})
    assert found.honest[1, 0, 2] == 0
    assert found.told[1, 0, 2] == 1


def test_a_message_that_is_not_sent_is_missing_and_it_is_passed_on_that_it_was() -> None:
    run = FaultyRun({0: Fault.CRASH}, {0: 0}, lost=frozenset({(1, 0, 2), (2, 0, 1), (2, 0, 2)}))
    found = played(complete(3, 2), run)
    assert found.known[1].heard == ({0: 0, 2: None}, {2: {1: None}})
    assert found.known[2].heard == ({1: None}, {1: {0: 0, 2: None}})
    assert (1, 0, 2) not in found.told
    assert found.honest[1, 0, 2] == 0


def test_what_an_honest_general_has_not_sent_is_repeated_in_the_next_message_that_arrives() -> None:
    lost = frozenset({(1, 0, 2)})
    honest = played(complete(3, 2), FaultyRun({0: Fault.OMISSION}, {0: 1}, lost=lost))
    assert honest.known[2].heard == ({1: None}, {0: Belated((1,), {1: None, 2: None}), 1: {0: 1, 2: None}})
    liar = played(complete(3, 2), FaultyRun({0: Fault.BYZANTINE}, {0: 1}, lost=lost))
    assert liar.known[2].heard == ({1: None}, {0: {1: None, 2: None}, 1: {0: 1, 2: None}})


def test_only_neighbours_talk() -> None:
    line = Setting("broadcast", 3, ((0, 1), (1, 2)), 0, 2, {Fault.BYZANTINE: 1})
    found = played(line, FaultyRun({}, {0: 1}))
    assert {address[1:] for address in found.told} == {(0, 1), (1, 0), (1, 2), (2, 1)}
    assert found.known[2].heard == ({1: None}, {1: {0: 1, 2: None}})


@pytest.mark.parametrize("name", CHAINS)
def test_the_chains_of_these_tests_are_chains(name: str) -> None:
    chain = CHAINS[name]()
    for (before, after), witness in zip(pairwise(chain.runs), chain.witnesses, strict=True):
        assert witness not in {*before.faulty, *after.faulty}
        assert played(chain.setting, before).known[witness] == played(chain.setting, after).known[witness]
