"""For users' test suites: does my implementation withstand this trial? With a pytest plugin.

    def test_my_general():
        withstands("./my_general", Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "RETREAT"}))

pytest loads this module whenever it runs in an environment in which byzverify is installed. So this module imports what
it needs for playing only when something is played, and a test checks that.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from byzverify.attacks.attack import Attack
    from byzverify.campaign.arena import PlayedTrial
    from byzverify.nodes.harness import Encounter
    from byzverify.nodes.team import Implementation, Team
    from byzverify.simulation.judging import Replay
    from byzverify.simulation.trial import Trial

WIDTH = 1000
"""The width for stories, so large that no line is broken: whoever shows a story breaks its lines."""


class Fallen(AssertionError):
    """An implementation does not withstand a trial. `attack` is what the traitors said, to be saved and replayed."""

    def __init__(self, told: str, played: PlayedTrial, team: Team) -> None:
        super().__init__(told)
        self.played = played
        self.team = team

    @property
    def attack(self) -> Attack:
        """The trial as an attack on these programs."""
        from byzverify.campaign.arena import attack_on

        return attack_on(self.played, self.team)


class Broken(Fallen):
    """A condition failed. The message tells the story."""


class AtFault(Fallen):
    """A program crashed, did not answer, or broke the rules. The message says which program, when and what."""


def withstands(implementation: Implementation, trial: Trial | Attack, *, deadline: float | None = None) -> Encounter:
    """Play a trial or an attack against an implementation, and demand that the model's conditions hold.

    Returns what happened. implementation: a command such as `./my_general --flag`, a generator function, or a mapping
    of some generals to these; then the model plays the others. deadline: seconds that a command may take for each
    answer. The call blocks until the run is over, and must not be made while an event loop runs in this thread. Raises
    Broken if a condition fails, AtFault if a program fails, UsageError for input that makes no sense.
    """
    __tracebackhide__ = True
    from byzverify.errors import NodeError
    from byzverify.nodes.team import team_for

    team = team_for(implementation)
    played = _played(trial, team, deadline)
    if isinstance(played.outcome, NodeError):
        raise AtFault(str(played.outcome), played, team)
    if played.failed:
        raise Broken(_told(played, team), played, team)
    return played.outcome[0]


def _played(trial: Trial | Attack, team: Team, deadline: float | None) -> PlayedTrial:
    from byzverify.attacks.attack import Attack
    from byzverify.campaign.arena import Arena, PlayedTrial
    from byzverify.campaign.proposals import Planned
    from byzverify.errors import NodeError, UsageError
    from byzverify.limits import DEADLINE, NO_LIMIT
    from byzverify.questions.simulating import face
    from byzverify.simulation.trial import Trial

    if not isinstance(trial, Trial | Attack):
        raise UsageError(f"expected a Trial or an Attack, not {trial!r}")
    team.demand_generals(trial.protocol.n)
    seconds = DEADLINE if deadline is None else deadline
    if isinstance(trial, Trial):
        trial.demand_sense()
        with Arena(team, seconds, NO_LIMIT) as arena:
            return arena.play(Planned("", "", trial))
    outcome: tuple[Encounter, Replay] | NodeError
    try:
        outcome = face(trial, team, seconds)
    except NodeError as fault:
        outcome = fault
    return PlayedTrial(Planned("", "", Trial.of(trial.replay().run)), outcome, 0)


def _told(played: PlayedTrial, team: Team) -> str:
    """The story of how a condition failed."""
    from rich.console import Console

    from byzverify.errors import NodeError
    from byzverify.rendering.programs.encounter import print_encounter

    assert not isinstance(played.outcome, NodeError)
    met, replay = played.outcome
    told = StringIO()
    print_encounter(Console(file=told, width=WIDTH, color_system=None), met, replay)
    lines = [line.rstrip() for line in told.getvalue().splitlines()]
    return "\n".join([f"{team} does not withstand it: {', '.join(played.failed)}", *lines])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--byzverify-save`."""
    group = parser.getgroup("byzverify")
    group.addoption("--byzverify-save", metavar="DIR", type=Path, help="save the attacks that break programs in DIR")


def pytest_configure(config: pytest.Config) -> None:
    """Create the folder for attacks."""
    folder: Path | None = config.getoption("--byzverify-save")
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise pytest.UsageError(f"--byzverify-save: cannot make {folder}: {error.strerror}") from None


@pytest.hookimpl(hookwrapper=True)  # the old style of wrapper, since a user's pytest may not know the new one
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    """Save the attacks that made a test fail, and say where they are."""
    report: pytest.TestReport = (yield).get_result()
    found = list(_fallen(call.excinfo.value)) if call.excinfo else []
    if found:
        folder: Path | None = item.config.getoption("--byzverify-save")
        lines = _save(found, folder, item.nodeid) if folder else ["to keep the attack: pytest --byzverify-save DIR"]
        report.sections.append(("byzverify", "\n".join(lines)))


def _fallen(error: BaseException) -> Iterator[Fallen]:
    """All `Fallen` errors in this error; hypothesis raises several errors as a group."""
    if isinstance(error, Fallen):
        yield error
    for one in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _fallen(one)


def _save(found: list[Fallen], folder: Path, test: str) -> Iterator[str]:
    """Write an attack file for each error, named after the test. Returns lines about the files."""
    from byzverify.errors import ByzverifyError

    for number, fallen in enumerate(found):
        name = re.sub(r"[^\w.\[\]-]+", "-", test) + (f"-{number}" if number else "")
        path = folder / f"{name}.json"
        try:
            fallen.attack.save(path)
        except ByzverifyError as error:
            yield f"the attack cannot be kept: {error}"
        else:
            yield f"saved; replay it with: byzverify replay {path} {_options(fallen.team)}"


def _options(team: Team) -> str:
    """The options with which `byzverify replay` plays the attack against the same programs, if it can start them."""
    players = [player for player in (team.node, *team.others.values()) if player is not None]
    return " ".join(team.options()) if all(isinstance(player, tuple) for player in players) else "--node ..."
