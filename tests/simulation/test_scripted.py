"""Scripted traitors: every strategy that users know by name, against every model."""

import pytest

from byzverify.catalogue import configurations, library
from byzverify.commands.programs import STRATEGIES
from byzverify.simulation.judging import judge
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import SCRIPTED, scripted

PROVED = {entry.model: entry for entry in configurations.manifest() if entry.verdict == "proved"}
"""A configuration of each model that withstands everything."""


def test_the_command_line_knows_every_strategy() -> None:
    assert set(STRATEGIES) == SCRIPTED.keys(), "name the strategy in commands/programs.py"


@pytest.mark.slow
@pytest.mark.parametrize("strategy", SCRIPTED)
@pytest.mark.parametrize("model", library.names())
def test_what_is_proved_withstands_every_strategy(model: str, strategy: str) -> None:
    entry = PROVED[model]
    protocol, faults = entry.build(), entry.budget()
    modes = [mode for mode, number in faults.items() for _ in range(number)]
    failing = dict(zip(reversed(range(protocol.n)), modes, strict=False))
    starts = dict.fromkeys(protocol.problem.starters(protocol.n), protocol.orders[-1])
    ended = run(protocol, failing, starts, scripted(strategy, protocol.words, 7))
    assert [str(one) for one in judge(ended) if not one.holds] == []
