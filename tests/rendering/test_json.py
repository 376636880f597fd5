"""What commands print with --json: one object on standard output and nothing else, of the form that the schema gives.

`BYZVERIFY_REWRITE=1 pytest tests/rendering/test_json.py` writes the schema anew, after a change of `objects.py`.
"""

import json
import os
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

import jsonschema
import pytest
from pydantic import TypeAdapter

from byzverify.rendering import objects
from byzverify.rendering.map.map_file import MapFile
from tests.support.calling import Call, byzverify
from tests.support.impossible import hexagon

__all__ = ["byzverify"]

SCHEMA = "output.schema.json"
GOLDEN = Path(__file__).parents[1] / "golden" / "attacks"
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
FLAT = Path(__file__).parents[2] / "examples" / "nodes" / "flat.py"
FORMS = (
    objects.Checked,
    objects.Everywhere,
    objects.Bounded,
    objects.Completed,
    objects.Existence,
    objects.Tabulated,
    objects.CellTabulated,
    objects.Played,
    objects.Tested,
    objects.Interviewed,
    objects.CertificateChecked,
    objects.CertificateForAllChecked,
    objects.ImpossibilityChecked,
    objects.Models,
    objects.Exhibits,
    objects.Visited,
)

NODE = f"{sys.executable} -P -m byzverify node om"


def schema_of_the_forms() -> dict[str, Any]:
    """The JSON Schema of every form, under its name in `$defs`; no object has other fields."""
    adapters = [(form.__name__, "serialization", TypeAdapter(form)) for form in FORMS]
    _, schema = TypeAdapter.json_schemas(adapters, title="What byzverify prints with --json")  # type: ignore[arg-type]
    for form in schema["$defs"].values():
        if "properties" in form:
            form["additionalProperties"] = False
    return schema


def in_package() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("byzverify.rendering").joinpath(SCHEMA).read_text(encoding="utf-8"))
    return found


def demand_form(printed: str, form: type) -> Any:
    """Demand that a text is one JSON object of this form; what it says."""
    found = json.loads(printed)
    jsonschema.validate(found, in_package() | {"$ref": f"#/$defs/{form.__name__}"})
    return found


def test_the_schema_in_the_package_is_that_of_the_forms() -> None:
    if os.environ.get("BYZVERIFY_REWRITE"):
        text = json.dumps(schema_of_the_forms(), indent=2) + "\n"
        Path(str(files("byzverify.rendering").joinpath(SCHEMA))).write_text(text, encoding="utf-8")
    assert in_package() == schema_of_the_forms()


def test_every_field_is_explained_on_the_page() -> None:
    rows = [line.split(" | ")[0] for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    explained = {field for row in rows for field in re.findall(r"`(\w+)`", row)}
    for form in FORMS:
        assert set(get_type_hints(form)) <= explained, form


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code", "form"),
    [
        ("check om -n 4 -m 1", 0, objects.Checked),
        ("check om -n 6 -m 2", 1, objects.Checked),
        ("check om -n 4 -m 1 -t 2 --minimal", 1, objects.Checked),
        ("check om -n 13 -m 4 --timeout 0", 3, objects.Checked),
        ("prove crusader", 0, objects.Everywhere),
        ("prove gradecast --assuming 'n>3*m-1'", 1, objects.Everywhere),
        ("prove sm", 3, objects.Everywhere),
        ("bound crusader", 0, objects.Bounded),
        (f"replay {GOLDEN / 'om-6-2.json'}", 1, objects.Played),
        (f"replay {GOLDEN / 'om-3-1.json'} --node '{NODE}'", 1, objects.Played),
        ("simulate om -m 1 -G l,t,l,l", 0, objects.Played),
        ("simulate readme_program -m 4 -G l,t,l,l,l", 1, objects.Played),
        ("simulate gradecast -m 1 -G l,s,l,l", 0, objects.Played),
        (f"simulate om -m 1 -G l,t,l,l --node '{NODE}'", 0, objects.Played),
        ("models", 0, objects.Models),
        ("museum", 0, objects.Exhibits),
        ("museum echo", 0, objects.Visited),
        (f"node-check '{NODE}'", 0, objects.Interviewed),
        ("node-check false", 2, objects.Interviewed),
    ],
)
def test_what_is_printed_has_the_form_and_the_exit_code_stays(
    line: str, code: int, form: type, byzverify: Call
) -> None:
    ended = byzverify(f"{line} --json")
    assert ended.code == code
    demand_form(ended.out, form)


def test_a_certificate_that_was_checked(byzverify: Call, tmp_path: Path) -> None:
    byzverify(f"check om -n 4 -m 1 --certificate {tmp_path}")
    found = demand_form(byzverify(f"certify {tmp_path} --json").out, objects.CertificateChecked)
    assert (found["conditions"], found["clauses"]) == ({"IC1": 3, "IC2": 2}, 142)


@pytest.mark.slow
def test_a_certificate_for_all_sizes_has_a_form_of_its_own(byzverify: Call, tmp_path: Path) -> None:
    assert byzverify(f"prove om --certificate {tmp_path}").code == 0
    found = demand_form(byzverify(f"certify {tmp_path} --json").out, objects.CertificateForAllChecked)
    assert (found["model"], found["conditions"]) == ("om", {"IC1": 2, "IC2": 1})
    refuted = byzverify(f"prove om --assuming n>3*m-1 --certificate {tmp_path / 'none'}")
    assert refuted.code == 1
    assert f"nothing is proved: no certificate is written to {tmp_path / 'none'}" in refuted.err


def test_a_file_about_every_protocol_has_a_form_of_its_own(byzverify: Call, tmp_path: Path) -> None:
    (tmp_path / "hexagon.json").write_text(json.dumps(hexagon()))
    found = demand_form(byzverify(f"certify {tmp_path / 'hexagon.json'} --json").out, objects.ImpossibilityChecked)
    assert (found["kind"], found["executions"], found["rounds"]) == ("cover", 3, None)


@pytest.mark.slow
def test_a_map_is_the_map_file(byzverify: Call, tmp_path: Path) -> None:
    line = "map om -n 3..4 -m 1 --no-store"
    ended = byzverify(f"{line} --json")
    assert [cell.verdict for cell in MapFile.model_validate_json(ended.out).cells] == ["refuted", "proved"]
    assert byzverify(f"{line} --json --export csv").code == 2


def test_a_run_says_who_decides_what_and_what_fails(byzverify: Call) -> None:
    found = json.loads(byzverify("simulate readme_program -m 4 -G l,t,l,l,l --json").out)
    assert found["faults"] == {"1": "byzantine"}
    assert found["decisions"]["0"] == "RETREAT"
    assert found["tallies"]["0"] == {"RETREAT": 62, "ATTACK": 46}
    assert found["holds"] is False
    assert found["conditions"]["IC2"]["holds"] is False
    assert "programs" not in found


@pytest.mark.slow
def test_a_campaign_that_breaks_a_program_and_one_that_does_not(byzverify: Call, tmp_path: Path) -> None:
    line = f"test --model om --save {tmp_path}/broken.json --json"
    broken = byzverify(f"{line} -n 7 -m 2 --node '{sys.executable} {FLAT}' --attacks 30")
    found = demand_form(broken.out, objects.Tested)
    assert (broken.code, found["outcome"]) == (1, "broken")
    assert found["broken"]["attack"] == json.loads((tmp_path / "broken.json").read_text())
    survived = byzverify(f"{line} -n 4 -m 1 --node '{NODE}' --attacks 3")
    found = demand_form(survived.out, objects.Tested)
    assert (survived.code, found["outcome"], found["broken"]) == (0, "survived", None)
    assert found["trials"] == sum(kind["trials"] for kind in found["kinds"].values())


@pytest.mark.parametrize("line", ["replay none.json", "museum none", "certify none", "simulate none -G l,l"])
def test_where_nothing_can_be_said_nothing_is_printed(line: str, byzverify: Call) -> None:
    ended = byzverify(f"{line} --json")
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)


CHATTY = """
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast

print("loaded")


class Chatty(Protocol):
    def general(self, me, order):
        print("I am", me)
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
"""


@pytest.mark.slow
def test_what_a_model_prints_does_not_spoil_the_object(
    byzverify: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("chatty.py").write_text(CHATTY)
    for line in (
        "check chatty.py -n 3 -t 1 --save attack.json",
        "replay attack.json",
        "simulate chatty.py -G l,l,t",
        "map chatty.py -n 3 -t 1 --no-store",
        f"node-check '{sys.executable} -P -m byzverify node chatty.py' --model chatty.py",
    ):
        assert isinstance(json.loads(byzverify(f"{line} --json").out), dict), line


@pytest.mark.slow
def test_an_attack_that_cannot_be_saved_is_printed_and_the_exit_code_is_1(byzverify: Call, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no file that is always full")
    (tmp_path / "broken.json").symlink_to("/dev/full")
    line = f"test --model om -n 7 -m 2 --node '{sys.executable} {FLAT}' --attacks 30 --save {tmp_path}/broken.json"
    ended = byzverify(line)
    assert ended.code == 1
    assert "BROKEN" in ended.out
    assert "IC2 FAILS" in ended.out or "IC1 FAILS" in ended.out
    assert f"byzverify: cannot write {tmp_path}/broken.json: the disk of {tmp_path} is full" in ended.err


@pytest.mark.slow
def test_a_campaign_begins_where_nothing_may_be_written_and_tells_what_it_finds(
    byzverify: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byzverify.files.saving.os.access", lambda path, mode: False)
    line = f"test --model om -n 7 -m 2 --node '{sys.executable} {FLAT}' --attacks 30 --save {tmp_path}/broken.json"
    ended = byzverify(f"{line} --junit {tmp_path}/junit.xml")
    assert ended.code == 1
    assert "BROKEN" in ended.out
    assert ended.err.count(f"you may not write to {tmp_path}") == 2
    refused = byzverify(f"check om -n 3 -m 1 --save {tmp_path}/attack.json")
    assert (refused.code, refused.out) == (2, "")
