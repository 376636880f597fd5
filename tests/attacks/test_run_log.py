"""The log of an attack, held against what the simulator recorded of the same run."""

import pytest

from byzverify.attacks.run_log import RunLog
from tests.rendering.attacks import FALLING, attack_on


@pytest.mark.parametrize("name", FALLING)
def test_the_account_finds_the_lies_that_the_simulator_saw(name: str) -> None:
    replay = attack_on(name).replay()
    told = list(RunLog(replay).told())
    seen = {(lie.round, lie.sender, lie.receiver, lie.label, lie.honest.name, lie.said.name) for lie in replay.run.lies}
    assert {(t.round, t.sender, t.receiver, t.label, t.honest.name, t.said.name) for t in told if t.is_lie} == seen
