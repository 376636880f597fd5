"""Attacks of long runs, which end when those have decided who were awaited: what is told of them, and what is not."""

from pathlib import Path

import pytest

import byzverify
from byzverify.attacks import attack as attacks
from byzverify.attacks.loading import load
from byzverify.attacks.run_log import RunLog
from byzverify.errors import UsageError
from byzverify.models.om import OM
from byzverify.questions import search
from byzverify.stories.narration import tell


def saved(folder: Path) -> Path:
    """An attack, found as in a long run."""
    verdict = byzverify.check(OM(n=6, m=1), 2)
    assert isinstance(verdict, byzverify.Refuted)
    verdict.attack.save(folder / "attack.json")
    return folder / "attack.json"


def test_an_attack_of_few_orders_is_played_until_all_have_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LONG_RUN", 0)
    attack, replay = load(saved(tmp_path))
    assert replay.run.decided == replay.run.loyal == sorted(attack.decisions)
    assert RunLog(replay).run is replay.run


def test_of_an_attack_of_many_orders_no_account_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LONG_RUN", 0)
    monkeypatch.setattr(attacks, "MOST_TOLD", 0)
    monkeypatch.setattr("byzverify.stories.narration.MOST_TOLD", 0)
    attack, replay = load(saved(tmp_path))
    assert replay.run.decided == sorted(attack.decisions)
    assert replay.run.decided != replay.run.loyal
    assert "too many" not in str(tell(replay, None))
    with pytest.raises(UsageError, match="too many"):
        RunLog(replay)


def test_a_file_of_few_orders_must_name_all_decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(search, "LONG_RUN", 0)
        patched.setattr(attacks, "MOST_TOLD", 0)
        path = saved(tmp_path)
    with pytest.raises(UsageError, match="does not reproduce"):
        load(path)
