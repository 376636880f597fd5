"""Programs that can be initialised again: how often they are started, that they start afresh, and that they end."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from byzverify.campaign.campaign import Campaign, run_campaign
from byzverify.errors import NodeError
from byzverify.models.om import OM
from byzverify.nodes.conformance import AGAIN, ConformanceTest, Grade, StepResult
from byzverify.nodes.team import Command, Team
from tests.nodes.faulty import command_of
from tests.nodes.marked import survivors
from tests.nodes.references import NODES, PATIENCE

OWN = NODES / "om.py"
FRESH = "general = General("
READY = '{"type": "init_ok", "again": True}'

NOTES_ITS_START = "import os\nopen({log!r}, 'a').write(f'{{os.getpid()}}\\n')\n"


def program(folder: Path, mark: str, *changes: tuple[str, str]) -> Command:
    """OM in Python with some lines changed; each process notes in `folder/started` that it was started."""
    text = OWN.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    head, line, rest = text.partition("import json\n")
    return command_of(head + NOTES_ITS_START.format(log=str(folder / "started")) + line + rest, folder / "om.py", mark)


def started(folder: Path) -> int:
    return len((folder / "started").read_text().splitlines())


def campaign(node: Command, attacks: int = 12) -> Campaign:
    return run_campaign(OM(n=4, m=1), Team(node), attacks=attacks, deadline=PATIENCE)


def findings(node: Command) -> Sequence[StepResult]:
    return list(ConformanceTest(node, OM(n=4, m=1), PATIENCE).findings())


@pytest.fixture(autouse=True)
def _one_trial_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)


@pytest.mark.slow
def test_a_campaign_starts_as_many_as_play_at_once_and_ends_them_all(tmp_path: Path, marked: str) -> None:
    ended = campaign(program(tmp_path, marked))
    assert ended.exit_code == 0
    assert all(played.as_model for played in ended.played)
    assert len(ended.played) > 12
    assert started(tmp_path) == 4
    assert survivors(marked) == []


@pytest.mark.slow
def test_several_trials_at_once_share_programs(tmp_path: Path, marked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    ended = campaign(program(tmp_path, marked), attacks=30)
    assert ended.exit_code == 0
    assert all(played.as_model for played in ended.played)
    assert 4 < started(tmp_path) <= 12
    assert survivors(marked) == []


@pytest.mark.slow
def test_who_does_not_say_so_is_started_for_every_trial(tmp_path: Path, marked: str) -> None:
    ended = campaign(program(tmp_path, marked, (READY, '{"type": "init_ok"}')), attacks=3)
    assert ended.exit_code == 0
    loyal = sum(4 - len(played.planned.trial.faults) for played in ended.played)
    assert started(tmp_path) == loyal > 4


def test_the_conformance_test_plays_on_with_one_process_and_it_must_start_afresh(tmp_path: Path, marked: str) -> None:
    last = findings(program(tmp_path, marked))[-1]
    assert (last.step, last.grade) == (AGAIN, Grade.RIGHT)
    assert survivors(marked) == []


KEEPS = ("self.received: dict[Path, str] = {}", "self.received: dict[Path, str] = KEPT")
KEPT = ("class General:", "KEPT: dict[Path, str] = {}\n\n\nclass General:")


def test_who_keeps_something_is_told_so_by_the_conformance_test(tmp_path: Path, marked: str) -> None:
    *others, last = findings(program(tmp_path, marked, KEEPS, KEPT))
    assert {finding.grade for finding in others} == {Grade.RIGHT}
    assert (last.step, last.grade) == (AGAIN, Grade.WRONG)
    assert "initialised again" in last.lines[0]


@pytest.mark.slow
def test_what_breaks_only_a_used_process_is_no_finding_of_a_campaign(tmp_path: Path, marked: str) -> None:
    value = "self.received.get(path, self.retreat)"
    kept = (f"return {value}", f"return 'NONE' if self.used else {value}")
    count = ("self.round = 0", "self.round, self.used = 0, bool(KEPT)\n        KEPT[()] = ''")
    ended = campaign(program(tmp_path, marked, kept, count, KEPT), attacks=3)
    assert ended.exit_code == 0
    assert all(not played.failed for played in ended.played)


def test_what_comes_after_the_decision_is_a_fault_of_the_run_that_it_comes_in(tmp_path: Path, marked: str) -> None:
    last = '        write(name, "network", answer)\n'
    order = "{'type': 'order', 'round': 3, 'order': 'ATTACK'}"
    late = (f"{last}\n", f"{last}        if 'decision' in answer:\n            write(name, 'n2', {order})\n\n")
    with pytest.raises(NodeError, match="after its decision: writes order, but had already decided"):
        campaign(program(tmp_path, marked, late))
    assert survivors(marked) == []


def test_who_says_so_and_ends_is_at_fault(tmp_path: Path, marked: str) -> None:
    init = 'if body["type"] == "init":'
    once = (init, f"if body['type'] == 'init' and general:\n                return\n            {init}")
    with pytest.raises(NodeError, match="after its decision: ended with exit status 0"):
        campaign(program(tmp_path, marked, once))
