"""For people's test suites: does my implementation withstand this? And the plugin of pytest that comes with it.

    def test_my_general():
        withstands("./my_general", Trial(OM(n=4, m=1), {3}, {0: "ATTACK"}, {(2, 3, 1, (0, 3)): "RETREAT"}))

pytest loads this module whenever it runs in an environment in which byzverify is installed. So all that is not needed
before something is played is imported then, and a test sees to it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from byzverify.attacks.attack import Attack, Replay
    from byzverify.nodes.harness import Encounter
    from byzverify.nodes.team import Routine, Team
    from byzverify.simulation.trial import Trial

    Player = str | Routine
    Implementation = Player | Mapping[int, Player] | Team

WIDTH = 1000
"""Columns in which a story is told: its lines are broken by whoever shows it."""


class Broken(AssertionError):
    """A condition failed before programs. The message tells the story; `encounter` and `replay` have it in parts."""

    def __init__(self, encounter: Encounter, replay: Replay, team: Team) -> None:
        self.encounter = encounter
        self.replay = replay
        self.team = team
        super().__init__(_told(encounter, replay, team))

    @property
    def attack(self) -> Attack:
        """What the traitors said, as an attack on these programs, for a file that `byzverify replay --node` plays."""
        from byzverify.attacks.attack import Attack
        from byzverify.language.conditions import written

        run = self.encounter.run
        decisions = {general: written(decision) for general, decision in run.decisions.items()}
        failed = self.replay.violated[0].condition.name
        return Attack(run.protocol, run.faults, run.orders, run.said, failed, decisions, str(self.team))


class AtFault(AssertionError):
    """A program crashed, did not answer, or did what no general may do. The message says which, when and what."""


def withstands(implementation: Implementation, trial: Trial | Attack, *, deadline: float | None = None) -> Encounter:
    """Play a trial, or an attack, against an implementation, and return what happened; the model's conditions must hold.

    implementation: a command, as `./my_general --flag`; or a generator function; or one of these for some generals,
    by number, where the model plays the others. deadline: seconds that a command may take for each answer. Waits until
    all is over, and must not be called where an event loop runs. Raises Broken where a condition fails, AtFault where a
    program does.
    """
    __tracebackhide__ = True
    from byzverify.attacks.attack import Replay
    from byzverify.errors import NodeError
    from byzverify.nodes.harness import DEADLINE, play
    from byzverify.simulation.judging import judge

    team = _team(implementation)
    try:
        encounter = play(*_arranged(trial), team, deadline=deadline or DEADLINE)
    except NodeError as error:
        fault = str(error)
    else:
        replay = Replay(encounter.run, judge(encounter.run))
        if replay.violated:
            raise Broken(encounter, replay, team)
        return encounter
    raise AtFault(fault)


def _arranged(trial: Trial | Attack) -> tuple[Any, ...]:
    """What the harness plays."""
    from byzverify.simulation.strategies import Script
    from byzverify.simulation.trial import Trial

    if isinstance(trial, Trial):
        return trial.protocol, trial.faults, trial.start, trial.strategy
    return trial.protocol, trial.traitors, trial.orders, Script(trial.said)


def _team(implementation: Implementation) -> Team:
    from byzverify.nodes.team import Team, command_of

    def player(one: Player) -> Any:
        return command_of(one) if isinstance(one, str) else one

    if isinstance(implementation, Team):
        return implementation
    if isinstance(implementation, Mapping):
        return Team(others={general: player(one) for general, one in implementation.items()})
    return Team(player(implementation))


def _told(encounter: Encounter, replay: Replay, team: Team) -> str:
    """The story of how a condition failed, and how to keep it."""
    from rich.console import Console

    from byzverify.report.encounter import print_encounter

    told = StringIO()
    print_encounter(Console(file=told, width=WIDTH, color_system=None), encounter, replay)
    lines = [line.rstrip() for line in told.getvalue().splitlines()]
    failed = ", ".join(judgement.condition.name for judgement in replay.violated)
    return "\n".join([f"{team} does not withstand it: {failed}", *lines])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--byzverify-save`."""
    group = parser.getgroup("byzverify")
    group.addoption("--byzverify-save", metavar="DIR", type=Path, help="keep the attacks that programs fall to in DIR")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder for attacks."""
    folder: Path | None = config.getoption("--byzverify-save")
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise pytest.UsageError(f"--byzverify-save: cannot make {folder}: {error.strerror}") from None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the attacks that made a test fail, and say where they are."""
    report = yield
    found = list(_broken(call.excinfo.value)) if call.excinfo else []
    if found:
        folder: Path | None = item.config.getoption("--byzverify-save")
        lines = _save(found, folder, item.nodeid) if folder else ["to keep the attack: pytest --byzverify-save DIR"]
        report.sections.append(("byzverify", "\n".join(lines)))
    return report


def _broken(error: BaseException) -> Iterator[Broken]:
    """What broke, if that is what was raised; hypothesis raises several errors as a group."""
    if isinstance(error, Broken):
        yield error
    for one in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _broken(one)


def _save(found: list[Broken], folder: Path, test: str) -> Iterator[str]:
    """Write an attack file for each, called like the test; what there is to say about it."""
    from byzverify.errors import ByzverifyError

    for number, broken in enumerate(found):
        name = re.sub(r"[^\w.\[\]-]+", "-", test) + (f"-{number}" if number else "")
        path = folder / f"{name}.json"
        try:
            broken.attack.save(path)
        except ByzverifyError as error:
            yield f"the attack cannot be kept: {error}"
        else:
            yield f"saved; replay it with: byzverify replay {path} --node ..."
