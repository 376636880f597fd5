"""Stores and models of a test's own; nothing is kept in the cache of whoever runs the tests."""

import shutil
from pathlib import Path

import pytest

from tests.support.calling import Call, byzverify

__all__ = ["Call", "byzverify"]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the default store is during a test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "byzverify" / "maps.sqlite"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the model in `mine.py`, to be edited; its notes are beside it."""
    return Path(shutil.copy(Path(__file__).with_name("mine.py"), tmp_path / "mine.py"))
