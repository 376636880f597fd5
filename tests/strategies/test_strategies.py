"""What is drawn is all that can happen, and nothing that cannot.

Of small models hypothesis draws everything that there is, no two alike, before it ends; so what it has drawn is
compared with everything, counted by hand from the paper.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import product

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis.strategies import SearchStrategy

from byzverify.errors import UsageError
from byzverify.language.messages import EVERYONE, Chain, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import RETREAT
from byzverify.models.crusader import Crusader
from byzverify.models.dolev_relay import DolevRelay
from byzverify.models.om import OM
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.strategies import MOST_SITES, Trial, scenarios, trials, trials_of

everything = settings(
    max_examples=100_000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)

OM3 = OM(n=3, m=1)

TOLD_BY: Mapping[int, list[Site]] = {
    0: [(1, 0, 1, (0,)), (1, 0, 2, (0,))],
    1: [(2, 1, 2, (0, 1))],
    2: [(2, 2, 1, (0, 2))],
}
"""Where each general of OM(1) among three tells anything."""

Lies = frozenset[tuple[Site, str]]

Shape = tuple[frozenset[tuple[int, str]], str, Lies, frozenset[tuple[int, int]]]


def drawn(strategy: SearchStrategy[Trial]) -> list[Trial]:
    """All that a strategy can draw."""
    found: list[Trial] = []
    settings(everything)(given(strategy)(lambda trial: found.append(trial)))()
    assert len(found) < everything.max_examples
    return found


def shape(trial: Trial) -> Shape:
    faults = frozenset((general, mode.value) for general, mode in trial.faults.items())
    return faults, trial.orders[0].name, lies(trial), frozenset(trial.crashed.items())


def lies(trial: Trial) -> Lies:
    return frozenset((site, order.name) for site, order in trial.said.items())


def at_will(sites: Iterable[Site], words: Iterable[str]) -> list[Lies]:
    """Every way to say one of the words, or nothing else than a loyal general, at each site."""
    sites = list(sites)
    return [
        frozenset((site, word) for site, word in zip(sites, told, strict=True) if word)
        for told in product(["", *words], repeat=len(sites))
    ]


def to_everyone(sites: Iterable[Site]) -> list[Site]:
    return list({(round, sender, EVERYONE, label) for round, sender, _, label in sites})


@pytest.mark.slow
def test_every_scenario_is_drawn() -> None:
    expected = {
        (frozenset(who), order)
        for who in [(), (0,), (1,), (2,), (3,), (0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
        for order in ("ATTACK", "RETREAT")
    }
    found = drawn(scenarios(OM(n=4, m=1), 2))
    assert {(frozenset(trial.faults), trial.orders[0].name) for trial in found} == expected
    assert all(not trial.said and not trial.crashed for trial in found)


def test_every_start_is_drawn() -> None:
    starts = [tuple(map(str, trial.orders.values())) for trial in drawn(scenarios(PhaseKing(n=3, m=0)))]
    assert set(starts) == set(product(["ATTACK", "RETREAT"], repeat=3))


def test_in_a_mixture_of_faults_everyone_can_fail_in_each_mode() -> None:
    found = drawn(scenarios(OMH(n=3, m=1), {"byzantine": 1, "manifest": 1}))
    assert {tuple(sorted((general, mode.value) for general, mode in trial.faults.items())) for trial in found} == {
        (),
        *(((general, mode),) for general in range(3) for mode in ("byzantine", "manifest")),
        *(tuple(sorted([(a, "byzantine"), (b, "manifest")])) for a in range(3) for b in range(3) if a != b),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "ways"),
    [
        ("byzantine", lambda sites: at_will(sites, ["RETREAT", "ATTACK", "ABSENT"])),
        ("symmetric", lambda sites: at_will(to_everyone(sites), ["RETREAT", "ATTACK", "ABSENT"])),
        ("omission", lambda sites: at_will(sites, ["ABSENT"])),
        ("manifest", lambda sites: at_will(to_everyone(sites), ["ABSENT"])),
    ],
)
def test_everything_that_a_mode_allows_is_drawn_and_nothing_else(
    mode: str, ways: Callable[[list[Site]], list[Lies]]
) -> None:
    found = drawn(trials(OM3, {mode: 1}))
    nobody: set[Shape] = {(frozenset(), order, frozenset(), frozenset()) for order in ("ATTACK", "RETREAT")}
    expected: set[Shape] = {
        (frozenset({(general, mode)}), order, told, frozenset())
        for general, sites in TOLD_BY.items()
        for order in ("ATTACK", "RETREAT")
        for told in ways(sites)
    }
    assert {shape(trial) for trial in found} == nobody | expected
    assert [trial.simulate().bent for trial in found] == [[]] * len(found)


def test_every_crash_is_drawn_with_every_part_of_what_is_said_in_its_round() -> None:
    found = drawn(trials(OM3, {"crash": 1}))
    expected = {
        (frozenset({(general, "crash")}), order, told, frozenset(crashed))
        for general, sites in TOLD_BY.items()
        for order in ("ATTACK", "RETREAT")
        for crashed in ([], [(general, 1)], [(general, 2)])
        for told in at_will([site for site in sites if crashed and site[0] == crashed[0][1]], ["ABSENT"])
    }
    assert {shape(trial) for trial in found if trial.faults} == expected
    assert [trial.simulate().bent for trial in found] == [[]] * len(found)


def test_traitors_tell_each_other_nothing_that_is_drawn() -> None:
    found = drawn(trials_of(Trial(OM3, {0, 1}, {0: "ATTACK"})))
    assert {site for trial in found for site in trial.said} == {(1, 0, 2, (0,)), (2, 1, 2, (0, 1))}


@pytest.mark.slow
def test_who_fails_in_a_milder_mode_acts_on_what_traitors_tell_him() -> None:
    found = drawn(trials_of(Trial(OM3, {0: "byzantine", 1: "manifest"}, {0: "ATTACK"})))
    assert (1, 0, 1, (0,)) in {site for trial in found for site in trial.said}


def test_who_signs_says_only_what_is_signed_and_of_that_everything() -> None:
    found = drawn(trials_of(Trial(SM(n=3, m=1), {1}, {0: "ATTACK"})))
    chains = [Chain(order, (0, 1)) for order in ("ATTACK", "RETREAT")]
    expected = {
        frozenset(((2, 1, 2, chain), word) for chain, word in zip(chains, told, strict=True) if word)
        for told in product(["", "ATTACK", "ABSENT"], ["", "RETREAT", "ABSENT"])
    }
    assert {lies(trial) for trial in found} == expected
    bent = [line for trial in found for line in trial.simulate().bent]
    assert bent, "the commander has not signed RETREAT"
    assert all("RETREAT:0:1 in round 2, which is forged" in line for line in bent)


@pytest.mark.slow
@pytest.mark.parametrize(
    "model",
    [PhaseKing(n=4, m=1), Crusader(n=4, m=1), OM(n=4, m=1, values=3), DolevRelay(n=4, graph="cycle:4", m=1)],
    ids=str,
)
def test_of_larger_models_everything_drawn_is_possible(model: Protocol) -> None:
    lied: list[int] = []

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(trials(model))
    def trying(trial: Trial) -> None:
        happened = trial.simulate()
        assert happened.bent == []
        lied.append(len(happened.lies))

    trying()
    assert max(lied) > 2


@pytest.mark.slow
def test_what_is_drawn_shrinks_to_nobody_failing_and_the_first_order() -> None:
    model = OM(n=5, m=1)
    quick = settings(everything, max_examples=1000, derandomize=True)
    assert find(trials(model, 2), lambda trial: True, settings=quick) == Trial(model, {}, {0: "RETREAT"})
    least = find(trials(model, 2), lambda trial: len(trial.said) >= 3, settings=quick)
    assert len(least.said) == 3
    assert len(least.faults) == 1
    assert least.orders == {0: RETREAT}


@pytest.mark.slow
def test_of_too_many_sites_a_few_are_drawn() -> None:
    model = OM(n=13, m=3)
    scenario = Trial(model, {9, 10, 11, 12}, {0: "ATTACK"})
    told: list[int] = []

    @settings(everything, max_examples=20, derandomize=True)
    @given(trials_of(scenario))
    def trying(trial: Trial) -> None:
        told.append(len(trial.said))

    trying()
    assert 0 < max(told) < MOST_SITES


def test_impossible_numbers_of_traitors_are_refused_at_once() -> None:
    with pytest.raises(UsageError, match="0 to 4 traitors among 4 generals, not 5"):
        trials(OM(n=4, m=1), 5)
    with pytest.raises(UsageError, match="no fault mode is called 'sleepy'"):
        scenarios(OM(n=4, m=1), {"sleepy": 1})
