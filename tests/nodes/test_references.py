"""OM(m), written from the paper in three languages without byzverify, against the simulator: run for run.

The programs in `examples/nodes/` share no line with the package and know none of its words but those of the node
protocol. Where a run of theirs is the simulator's in every decision and every letter, two readings of the paper agree;
the program that is wrong must be the README program, and fall where that falls.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest

import byzverify
from byzverify.attacks.attack import Attack
from byzverify.catalogue import configurations
from byzverify.catalogue.configurations import Expectation
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from byzverify.models.om import OM
from byzverify.models.readme_program import ReadmeProgram
from byzverify.nodes.harness import meet
from byzverify.nodes.team import Team
from byzverify.simulation.judging import judge
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import Script
from tests.nodes.adversaries import BABBLING, Adversary, scripts
from tests.nodes.references import FLAT, LANGUAGES, PATIENCE, References

TEAMS = [*LANGUAGES, "mixed"]
Teams = Callable[[str, int], Team]

GRID = [entry for entry in configurations.manifest() if entry.model == "om"]
FLAT_GRID = [entry for entry in configurations.manifest() if entry.model == "readme_program"]
SMALL = 5
"""With so many generals, others than those in C are left to the long campaign: their processes take longer to start."""

LARGE = 11
"""From so many generals on a run takes seconds, and is left to the long campaign."""


def named(entry: Expectation) -> str:
    return entry.command().removeprefix("byzverify check ")


@pytest.fixture
def team(command: References) -> Teams:
    """The team of this name; in the mixed one the model's own program plays, too."""

    def team(name: str, n: int) -> Team:
        if name != "mixed":
            return Team(command(name))
        return Team(others={g: command(LANGUAGES[g % 4]) for g in range(n) if g % 4 < len(LANGUAGES)})

    return team


@cache
def attacks(entry: str) -> list[Attack]:
    """The attack that a check finds, and a smallest one where that is quick."""
    one = next(one for one in [*GRID, *FLAT_GRID] if named(one) == entry)
    model = one.build()
    found = []
    for minimal in (False, True) if model.n < 9 else (False,):
        verdict = byzverify.check(model, one.budget(), minimal=minimal)
        assert isinstance(verdict, byzverify.Refuted)
        found.append(verdict.attack)
    return found


def scripted_attack(attack: Attack) -> Adversary:
    return Adversary(attack.traitors, dict(attack.orders), partial(Script, attack.said))


def adversaries(entry: Expectation, numbers: range) -> Iterator[Adversary]:
    if entry.verdict == "refuted":
        yield from map(scripted_attack, attacks(named(entry)))
    yield from (scripts(entry.build(), entry.budget(), number) for number in numbers)


def one_adversary(entry: Expectation, number: int) -> Iterator[Adversary]:
    """The smallest attack at hand; where there is none, somebody who talks nonsense."""
    if entry.verdict == "refuted":
        yield scripted_attack(attacks(named(entry))[-1])
    else:
        yield scripts(entry.build(), entry.budget(), 4 * number + BABBLING)


def against(model: Protocol, adversary: Adversary, team: Team) -> Run:
    """The run of a team, which must be the simulator's: in decisions, in letters, and in everybody's lies."""
    met = meet(model, adversary.faults, adversary.orders, adversary.strategy(), team, deadline=PATIENCE)[0]
    simulated = run(model, adversary.faults, adversary.orders, adversary.strategy())
    assert met.difference is None, "a loyal general does not send what the model sends"
    for general in simulated.loyal:
        assert met.run.decisions[general] == simulated.decisions[general]
    assert (met.run.said, met.run.lies, met.run.messages) == (simulated.said, simulated.lies, simulated.messages)
    assert met.remarks == [], "each program ends by itself"
    return met.run


def fails(played: Run) -> set[str]:
    return {judgement.condition.name for judgement in judge(played) if not judgement.holds}


def meet_all(entry: Expectation, adversaries: Iterator[Adversary], team: Team) -> None:
    """Play against these: what is proved holds, and what is refuted fails."""
    model = entry.build()
    broken = {condition for adversary in adversaries for condition in fails(against(model, adversary, team))}
    assert broken <= set(entry.breaks)
    assert bool(broken) == (entry.verdict == "refuted")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entry", "name"),
    [
        pytest.param(entry, name, id=f"{named(entry)}-{name}")
        for entry in GRID
        for name in TEAMS
        if entry.build().n < (LARGE if name == "C" else SMALL)
    ],
)
def test_a_reference_does_what_the_simulator_does(entry: Expectation, name: str, team: Teams) -> None:
    meet_all(entry, one_adversary(entry, TEAMS.index(name)), team(name, entry.build().n))


@pytest.mark.campaign
@pytest.mark.parametrize("name", TEAMS)
@pytest.mark.parametrize("entry", GRID, ids=named)
def test_a_reference_does_what_the_simulator_does_whatever_traitors_say(
    entry: Expectation, name: str, team: Teams
) -> None:
    number = 12 if entry.build().n < LARGE else 2
    meet_all(entry, adversaries(entry, range(number)), team(name, entry.build().n))


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_is_no_majority_for_a_reference(language: str, command: References) -> None:
    """Each of the two other orders has one vote of two: neither is used, whichever comes first."""
    model = OM(n=3, m=1, values=3)
    retreat, *others = model.orders
    for order, lie in (others, reversed(others)):
        said = {(2, 2, 1): {(0, 2): lie}}
        adversary = Adversary({2: Fault.BYZANTINE}, {0: order}, partial(Script, said))
        assert against(model, adversary, Team(command(language))).decisions[1] == retreat


@pytest.mark.slow
@pytest.mark.parametrize("entry", [entry for entry in FLAT_GRID if entry.build().n < LARGE], ids=named)
def test_the_wrong_program_is_the_readme_program(entry: Expectation) -> None:
    meet_all(entry, one_adversary(entry, 0), Team(FLAT))


@pytest.mark.slow
@pytest.mark.parametrize("entry", FLAT_GRID, ids=named)
def test_the_wrong_program_is_the_readme_program_whatever_traitors_say(entry: Expectation) -> None:
    meet_all(entry, adversaries(entry, range(24)), Team(FLAT))


def played_as_om(n: int, m: int, adversary: Adversary, team: Team) -> set[str]:
    """What fails when a team plays OM(m)."""
    met = meet(OM(n=n, m=m), adversary.faults, adversary.orders, adversary.strategy(), team, deadline=PATIENCE)[0]
    return fails(met.run)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEAMS)
def test_played_as_om_the_wrong_program_falls_at_seven_and_a_reference_does_not(name: str, team: Teams) -> None:
    verdict = byzverify.check(ReadmeProgram(n=7, m=2))
    assert isinstance(verdict, byzverify.Refuted)
    adversary = scripted_attack(verdict.attack)
    assert played_as_om(7, 2, adversary, Team(FLAT))
    assert not played_as_om(7, 2, adversary, team(name, 7))


@pytest.mark.slow
def test_played_as_om_the_wrong_program_looks_right_at_four() -> None:
    """The README program is proved at n=4, m=1: no traitor's lies, in its own labels or in OM's, tell it from OM."""
    for number in range(16):
        adversary = scripts(ReadmeProgram(n=4, m=1), {Fault.BYZANTINE: 1}, number)
        assert not played_as_om(4, 1, adversary, Team(FLAT))
