"""A file is not the way to have a program run: what is run is in the working directory, or named by the user."""

import json
import shutil
from pathlib import Path

import pytest

import byzverify as package
from byzverify.certificates.certifying import Certified
from byzverify.errors import UsageError
from byzverify.files.provenance import located, model_for
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

MODEL = """
from pathlib import Path

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast

Path({mark!r}).touch()


class Obey(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


class Place:
    """A folder with a model, which leaves a mark when it is run; and with files that name the model."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = folder.parent / "was-run"
        self.model = folder / "obey.py"
        self.attack = folder / "attack.json"
        self.trace = folder / "attack.itf.json"
        self.certificate = folder / "certificate"
        self.map = folder / "map.json"


@pytest.fixture
def place(tmp_path: Path, byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> Place:
    there = Place(tmp_path / "there")
    there.folder.mkdir()
    (tmp_path / "here").mkdir()
    there.model.write_text(MODEL.format(mark=str(there.mark)))
    monkeypatch.chdir(there.folder)
    for line, code in (
        ("check obey.py -n 3 -t 1 --save attack.json", 1),
        ("export attack.json --to itf -o attack.itf.json", 0),
        ("check obey.py -n 3 -t 0 --certificate certificate", 0),
        ("map obey.py -n 3 -t 0..1 --no-store -o map.json", 0),
    ):
        assert byzverify(line).code == code
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr("byzverify.files.provenance._is_running", lambda path: False)  # as in a process that begins
    there.model.write_text(there.model.read_text() + "# once more\n")  # and so it is loaded anew
    there.mark.unlink()
    return there


COMMANDS = {
    "replay {0.attack}": 1,
    "replay {0.trace}": 1,
    "replay {0.attack} --node 'python none.py'": 2,
    "explain {0.attack}": 1,
    "report {0.attack} -o page.html": 0,
    "report {0.map} -o map.html": 0,
    "export {0.attack} --to csv": 0,
    "certify {0.certificate}": 0,
}


@pytest.mark.slow
@pytest.mark.parametrize(("line", "code"), COMMANDS.items())
def test_a_model_elsewhere_is_run_only_if_the_user_names_it(
    line: str, code: int, place: Place, byzverify: Call
) -> None:
    line = line.format(place)
    refused = byzverify(line)
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert f"would run {place.model}" in refused.err
    assert f"--model {place.model}" in refused.err
    assert not place.mark.exists()
    assert byzverify(f"{line} --model {place.model}:Obey").code == code
    assert place.mark.exists()
    assert byzverify(f"{line} --model {place.model}").code == code


@pytest.mark.slow
@pytest.mark.parametrize(("line", "code"), COMMANDS.items())
def test_files_travel_with_their_model(line: str, code: int, place: Place, byzverify: Call) -> None:
    line = line.format(Place(Path("moved")))
    shutil.move(place.folder, Path.cwd() / "moved")  # the files say obey.py, which is not here
    assert byzverify(line).code == code
    assert place.mark.exists()
    Path("moved/obey.py").unlink()
    missing = byzverify(line)
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "say where the model is with --model" in missing.err or "map" in line


@pytest.mark.slow
def test_what_the_user_types_after_a_refusal_is_what_the_refusal_says(place: Place, byzverify: Call) -> None:
    refused = byzverify(f"replay {place.attack}")
    option = refused.err[refused.err.index("--model") :].strip()
    assert byzverify(f"replay {place.attack} {option}").code == 1


@pytest.mark.slow
def test_an_absolute_path_and_a_link_lead_no_further_than_the_working_directory(
    place: Place, byzverify: Call, tmp_path: Path
) -> None:
    said = json.loads(place.attack.read_text())
    mine = Path("attack.json")
    mine.write_text(json.dumps(said | {"model": f"{place.model}:Obey"}))
    assert f"would run {place.model}" in byzverify("replay attack.json").err
    Path("obey.py").symlink_to(place.model)
    mine.write_text(json.dumps(said))
    assert f"would run {place.model}" in byzverify("replay attack.json").err
    mine.write_text(json.dumps(said | {"model": "../there/obey.py:Obey"}))
    assert f"would run {place.model}" in byzverify("replay attack.json").err
    assert not place.mark.exists()


@pytest.mark.slow
def test_an_attack_inside_a_map_runs_no_other_model_than_the_maps(place: Place, byzverify: Call) -> None:
    said = json.loads(byzverify("map om -n 3..4 -m 1 --no-store --export json").out)
    for cell in said["cells"]:
        if cell["attack"]:
            cell["attack"]["model"] = f"{place.model}:Obey"
    Path("map.json").write_text(json.dumps(said))
    assert byzverify("report map.json -o map.html").code == 0
    assert not place.mark.exists()


@pytest.mark.slow
def test_the_same_from_python(place: Place) -> None:
    with pytest.raises(UsageError, match="would run"):
        package.load(place.attack)
    with pytest.raises(UsageError, match="would run"):
        package.certify(place.certificate)
    assert not place.mark.exists()
    assert package.load(place.attack, model=f"{place.model}:Obey")[0].condition == "IC1"
    found = package.certify(place.certificate, model=str(place.model))
    assert isinstance(found, Certified)
    assert found.steps > 0


def test_what_this_process_runs_already_need_not_be_named(tmp_path: Path) -> None:
    file = tmp_path / "attack.json"
    assert located(f"{__file__}:Place", file) == f"{__file__}:Place"
    (tmp_path / "other.py").touch()
    with pytest.raises(UsageError, match="if you trust that program"):
        located("other.py:Place", file)


def test_a_model_that_comes_with_byzverify_is_just_named(tmp_path: Path) -> None:
    assert model_for("om", tmp_path / "attack.json") == "om"
    assert model_for("om", tmp_path / "attack.json", "mine.py:OM") == "mine.py:OM"
    assert model_for("old.py:OM", tmp_path / "attack.json", "om") == "om"
    assert model_for("old.py:OM", tmp_path / "attack.json", "new.py") == "new.py:OM"


def test_a_model_is_no_option_for_a_model(byzverify: Call) -> None:
    refused = byzverify("export om -n 4 -m 1 --to tla --model om.py")
    assert (refused.code, refused.out) == (2, "")
    assert "--model is for attack files" in refused.err
