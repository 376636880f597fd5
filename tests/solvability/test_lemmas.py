"""The lemmas on which the engine rests, each against computations that do not use it.

docs/explanation/every-protocol.md states and proves them.
"""

from __future__ import annotations

from itertools import product
from math import inf

import pytest

from byzverify.engines.solvability import chains
from byzverify.engines.solvability.chains import ChainSearch
from byzverify.engines.solvability.demands import Demand, Steps
from byzverify.engines.solvability.executions import executions as with_words
from byzverify.engines.solvability.settings import Ground
from byzverify.scenario.impossibility import Setting
from tests.solvability.asking import connected_graphs, decided, executions, setting
from tests.solvability.histories import Histories
from tests.solvability.paths import Paths
from tests.solvability.sightings import distance

CYCLE = ((0, 1), (0, 3), (1, 2), (2, 3))
PATH = ((0, 1), (1, 2), (2, 3))

TINY = [
    setting(3, 1, 1),
    setting(3, 1, 2),
    setting(3, 2, 2),
    setting(2, 1, 2, "consensus"),
    setting(3, 1, 1, "consensus"),
    setting(4, 1, 1),
    setting(4, 2, 1),
    setting(4, 1, 2, edges=CYCLE),
    setting(4, 1, 2, edges=PATH, commander=1),
    setting(4, 1, 1, edges=PATH),
]


def named(asked: Setting) -> str:
    edges = ",".join(f"{one}{other}" for one, other in asked.edges)
    return f"{asked.problem} on {edges} {sum(asked.faults.values())} in {asked.rounds}"


@pytest.mark.parametrize("asked", TINY, ids=named)
@pytest.mark.parametrize("junk", [(None,), ("?",), ("?", None)], ids=str)
def test_lemmas_1_and_2_lies_that_are_no_state_and_silence_add_nothing(
    asked: Setting, junk: tuple[str | None, ...]
) -> None:
    anything = [*Histories(asked, junk).sightings()]
    well_formed = [*Histories(asked).sightings()]
    assert len(anything) > len(well_formed)
    assert distance(anything) == distance(well_formed)


@pytest.mark.slow
@pytest.mark.parametrize("asked", [setting(4, 1, 2), setting(3, 1, 2, "consensus")], ids=named)
def test_lemmas_1_and_2_silence_adds_nothing_where_there_is_a_protocol_and_for_consensus(asked: Setting) -> None:
    assert distance(Histories(asked, (None,)).sightings()) == distance(Histories(asked).sightings())


ON_WALKS = [
    *(setting(n, faults, rounds) for n, faults, rounds in ((3, 1, 3), (3, 2, 3), (4, 1, 3))),
    setting(3, 1, 2, "consensus"),
    setting(4, 1, 3, edges=CYCLE),
    setting(4, 1, 4, edges=PATH, commander=1),
    setting(4, 1, 3, edges=((0, 1), (0, 2), (0, 3), (2, 3)), commander=2),
]


@pytest.mark.parametrize("asked", ON_WALKS, ids=named)
def test_lemma_3_walks_lead_no_further_than_simple_paths(asked: Setting) -> None:
    walks, paths = Paths(asked, walks=True), Paths(asked)
    assert walks.views > paths.views
    assert walks.distance() == paths.distance()


def test_lemma_3_each_chain_found_on_simple_paths_has_executions_with_walks() -> None:
    found = 0
    for n, faults, rounds in product((3, 4, 5), (1, 2, 3), (1, 2, 3)):
        for problem in ("broadcast", "consensus") if n < 5 and rounds < 3 else ("broadcast",):
            ground = Ground(setting(n, faults, rounds, problem), rounds)
            outline = ChainSearch(Steps(ground, faults)).run()
            if outline is not None:
                found += 1
                assert with_words(ground, outline) is not None
    assert found > 20


def test_lemma_4_exactly_as_many_traitors_as_there_may_be_are_enough() -> None:
    for n, faults, rounds in ((3, 1, 1), (4, 1, 1), (4, 1, 2), (4, 2, 2), (5, 1, 2), (5, 2, 2), (6, 2, 2), (7, 2, 2)):
        asked = setting(n, faults, rounds)
        assert Paths(asked, sizes=[faults]).distance() == Paths(asked).distance()
    for edges in connected_graphs(4):
        for commander in range(4):
            asked = setting(4, 1, 2, edges=edges, commander=commander)
            assert Paths(asked, sizes=[1]).distance() == Paths(asked).distance()


@pytest.mark.parametrize(("n", "faults"), [(3, 2), (3, 3), (4, 3), (4, 4), (5, 5)])
def test_lemma_4_fails_where_fewer_than_two_would_be_loyal_and_the_engine_knows(n: int, faults: int) -> None:
    """Then no execution has two loyal generals who compare decisions, though there may be fewer traitors."""
    for rounds in (1, 2):
        asked = setting(n, faults, rounds)
        assert Paths(asked, sizes=[faults]).distance() == inf
        assert Paths(asked).distance() == 1
        assert executions(asked) == 3


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_lemma_4_at_the_ends_of_a_chain_for_consensus_all_but_one_may_be_traitors(rounds: int) -> None:
    """A general who is alone among traitors must keep his order; so agreement fails where the two are loyal."""
    asked = setting(2, 1, rounds, "consensus")
    assert Paths(asked, sizes=[0]).distance() == inf
    assert Paths(asked, sizes=[1]).distance() == inf
    assert Paths(asked).distance() == 1
    outline = ChainSearch(Steps(Ground(asked, rounds), 1)).run()
    assert outline is not None
    assert len(outline.traitors) == 3


def hard_settings() -> list[Setting]:
    """Settings in which names matter: long chains, chains that there are not, graphs with few symmetries."""
    sizes = ((4, 1, 2), (5, 2, 2), (6, 2, 2), (7, 2, 2), (8, 2, 2), (5, 1, 2), (6, 3, 2))
    asked = [setting(n, faults, rounds) for n, faults, rounds in sizes]
    asked += [
        setting(n, faults, rounds, "consensus") for n, faults, rounds in ((4, 1, 1), (3, 1, 2), (5, 1, 1), (5, 2, 1))
    ]
    asked += [setting(4, 1, rounds, edges=edges, commander=2) for edges in connected_graphs(4) for rounds in (2, 3)]
    return asked + [setting(5, 1, 2, edges=edges, commander=3) for edges in connected_graphs(5)]


def test_lemma_5_names_up_to_symmetry_change_no_answer_and_no_length(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed, looked_at = [], []
    for asked in hard_settings():
        renamed.append(executions(asked))
        looked_at.append(demands(asked))
    monkeypatch.setattr(chains, "canonical_names", lambda steps, demand: {one: one for one in steps.ground.generals})
    assert [executions(asked) for asked in hard_settings()] == renamed
    assert sum(demands(asked) for asked in hard_settings()) > sum(looked_at), "names save nothing"


def test_dropping_what_demands_more_changes_no_answer_and_no_length(monkeypatch: pytest.MonkeyPatch) -> None:
    dropped = [executions(asked) for asked in hard_settings()]
    looked_at = sum(demands(asked) for asked in hard_settings())
    monkeypatch.setattr(Demand, "follows_from", lambda weaker, stricter: weaker == stricter)
    assert [executions(asked) for asked in hard_settings()] == dropped
    assert sum(demands(asked) for asked in hard_settings()) > looked_at, "dropping saves nothing"


def demands(asked: Setting) -> int:
    search = ChainSearch(Steps(Ground(asked, asked.rounds or 1), sum(asked.faults.values())))
    search.run()
    return search.demands


@pytest.mark.parametrize(("n", "faults", "rounds"), [(3, 1, 1), (4, 1, 1), (4, 2, 1), (4, 2, 2), (4, 3, 2), (5, 2, 2)])
@pytest.mark.parametrize("signed", [False, True])
def test_lemma_6_a_chain_of_crashes_is_one_for_every_stronger_adversary(
    n: int, faults: int, rounds: int, signed: bool
) -> None:
    crash = executions(setting(n, {"crash": faults}, rounds))
    assert crash is not None
    for stronger in ("omission", "byzantine"):
        if stronger == "byzantine" and not signed:
            continue
        found = decided(setting(n, {stronger: faults}, rounds, signed=signed))
        assert found.chain is not None
        assert len(found.chain.runs) == crash
        assert {mode for run in found.chain.runs for mode in run.faulty.values()} == {stronger}
        assert not found.shortest, "a stronger adversary may have a shorter chain"
    unsigned = executions(setting(n, faults, rounds))
    assert unsigned is not None
    assert unsigned <= crash


@pytest.mark.parametrize(("n", "faults", "rounds"), [(3, 1, 2), (4, 1, 2), (4, 2, 3)])
@pytest.mark.parametrize("stronger", ["omission", "signed"])
def test_lemma_6_that_no_chain_of_crashes_exists_says_nothing_of_a_stronger_adversary(
    n: int, faults: int, rounds: int, stronger: str
) -> None:
    assert executions(setting(n, {"crash": faults}, rounds)) is None
    mode = "byzantine" if stronger == "signed" else stronger
    found = decided(setting(n, {mode: faults}, rounds, signed=stronger == "signed"))
    assert found.chain is None
    assert not found.exhausted


def test_lemma_6_holds_for_omission_by_whole_histories() -> None:
    for n, faults, rounds in ((3, 1, 1), (3, 1, 2), (3, 2, 2), (4, 1, 1), (4, 2, 1)):
        crash, omission = (
            distance(Histories(setting(n, {mode: faults}, rounds)).sightings()) for mode in ("crash", "omission")
        )
        assert omission <= crash
        assert (omission == inf) == (crash == inf), "in these settings the two are alike"
