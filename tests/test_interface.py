"""The functions of `byzverify`: one for each command, each with what the command does."""

import inspect
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

import byzverify
from byzverify import cli
from byzverify.errors import UsageError
from byzverify.models.om import OM

NAMED_OTHERWISE = {"models": "list_models"}
"""Commands whose functions are called otherwise: `byzverify.models` is a package."""

WITHOUT_FUNCTION = {"node", "node-check"}
"""Commands that speak with a program over its standard streams, or write what they find as they go."""


def test_every_command_has_a_function() -> None:
    wanted = {NAMED_OTHERWISE.get(name, name) for name in cli.app.commands if name not in WITHOUT_FUNCTION}
    assert wanted <= set(byzverify.__all__)


@pytest.mark.parametrize("name", byzverify.__all__)
def test_what_is_public_says_what_it_is(name: str) -> None:
    assert inspect.getdoc(getattr(byzverify, name))


def test_a_protocol_is_found_by_its_name_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(Path(inspect.getfile(OM)).read_text(encoding="utf-8"), encoding="utf-8")
    assert byzverify.protocol("om", n=4, m=1) == OM(n=4, m=1)
    mine = byzverify.protocol(file, n=4, m=1)
    assert isinstance(byzverify.check(mine), byzverify.Proved)
    assert byzverify.list_models()["om"] is OM
    with pytest.raises(UsageError, match="no model"):
        byzverify.protocol("omm", n=4)


@pytest.fixture
def attack() -> byzverify.Attack:
    verdict = byzverify.check(OM(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    return verdict.attack


def test_an_attack_and_its_file_are_replayed_explained_and_drawn_alike(
    attack: byzverify.Attack, tmp_path: Path
) -> None:
    path = tmp_path / "attack.json"
    attack.save(path)
    assert byzverify.replay(path).run.decisions == byzverify.replay(attack).run.decisions
    assert byzverify.replay(attack).violated
    assert byzverify.explain(path) == byzverify.explain(attack)
    for drawn in (attack, path):
        byzverify.report(drawn, tmp_path / "attack.svg")
        assert (tmp_path / "attack.svg").read_text(encoding="utf-8") == attack._repr_svg_()
    byzverify.report([attack, path], tmp_path / "both.html")
    assert "attack.json" in (tmp_path / "both.html").read_text(encoding="utf-8")


def obeys_nobody() -> Generator[Any, Any, str]:
    """A general who retreats whatever he is told."""
    for _ in range(2):
        yield {}
    return "RETREAT"


@pytest.mark.slow
def test_programs_are_simulated_and_meet_an_attack(attack: byzverify.Attack) -> None:
    met, replay = byzverify.replay(attack, {1: "byzverify node om"})
    assert met.difference is None
    assert replay.violated
    encounter, judged = byzverify.simulate(OM(n=3, m=1), {2}, ["ATTACK"], node={1: "byzverify node om"})
    assert (encounter.difference, judged.run.faults) == (
        None,
        byzverify.simulate(OM(n=3, m=1), {2}, ["ATTACK"]).run.faults,
    )
    with pytest.raises(UsageError, match="general 7"):
        byzverify.replay(attack, {7: "byzverify node om"})


def test_a_campaign_finds_the_program_that_obeys_nobody() -> None:
    campaign = byzverify.test(OM(n=4, m=1), {1: obeys_nobody}, attacks=5)
    assert campaign.exit_code == 1
    assert campaign.attack is not None


@pytest.mark.slow
def test_a_map_is_made_stored_and_drawn(tmp_path: Path) -> None:
    sizes: dict[str, Any] = {"n": "3..4", "m": 1, "t": 1, "store": tmp_path / "maps.sqlite"}
    found = byzverify.map("om", **sizes)
    assert {place: known.verdict for place, known in found.known.items()} == {(3,): "refuted", (4,): "proved"}
    assert byzverify.map("om", **sizes).recalled == 2
    byzverify.report(found, tmp_path / "map.json")
    byzverify.report(tmp_path / "map.json", tmp_path / "map.svg")
    assert "<svg" in (tmp_path / "map.svg").read_text(encoding="utf-8")


def test_models_and_attacks_are_exported(attack: byzverify.Attack, tmp_path: Path) -> None:
    attack.save(tmp_path / "attack.json")
    assert [path.name for path in byzverify.export(OM(n=3, m=1), "tla")] == ["om.tla", "om.cfg"]
    ((path, text),) = byzverify.export(tmp_path / "attack.json", "mermaid", output="attack.mmd").items()
    assert path == Path("attack.mmd")
    assert text.startswith("sequenceDiagram")
    assert not path.exists()


def test_the_museum_lists_its_exhibits_and_visits_one() -> None:
    assert "tie_to_own" in [exhibit.name for exhibit in byzverify.museum()]
    broken, repaired = byzverify.museum("tie_to_own")
    assert isinstance(broken, byzverify.Refuted)
    assert isinstance(repaired, byzverify.Proved)
