"""Maps as files: nothing is lost on the way to JSON and back, tables have a row a cell, and errors are one line."""

import csv
import io
import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyarrow import parquet

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.maps.landscape import Axis, Known, Landscape, Map
from byzverify.rendering.map.map_file import MapFile, as_json, read_map
from byzverify.rendering.map.shown import ENDINGS, save_map
from byzverify.rendering.map.table import as_csv, as_parquet, rows
from tests.rendering.maps import maps, mixed, om
from tests.support.calling import Call
from tests.support.calling import byzverify as byzverify  # a fixture
from tests.support.other_tools import missing


def saved(shown: Map, folder: Path, ending: str = "json") -> Path:
    path = folder / f"map.{ending}"
    try:
        save_map(shown, path)
    except UsageError as error:
        if "font" in str(error):
            missing("font to write with")
        raise
    return path


@pytest.mark.slow
def test_a_map_comes_back_from_its_file_as_it_was_with_its_attacks(tmp_path: Path) -> None:
    for shown in (mixed(), om(6, 2, 2)):
        assert read_map(saved(shown, tmp_path)) == shown


@pytest.mark.slow
@given(maps())
@settings(max_examples=50)
def test_any_map_comes_back_from_its_file_as_it_was(shown: Map) -> None:
    assert MapFile.model_validate_json(as_json(shown)).map() == shown


@pytest.mark.slow
@given(maps())
@settings(max_examples=50)
def test_every_decided_cell_is_a_row(shown: Map) -> None:
    columns, found = rows(shown)
    assert len(found) == len(shown.known)
    assert all(list(row) == list(columns) for row in found)
    names = [axis.name for axis in shown.landscape.axes]
    read = csv.DictReader(io.StringIO(as_csv(shown).decode(), newline=""))
    for place, row in zip((p for p in shown.landscape.places if p in shown.known), read, strict=True):
        known = shown.known[place]
        assert [row[name] for name in names] == [str(value) for value in place]
        assert (row["verdict"], row["reason"]) == (known.verdict, known.reason)
        assert row["claimed"] == {True: "true", False: "false", None: ""}[known.claimed]
        assert row["contradicts"] == str(known.verdict == "refuted" and known.claimed is True).lower()
        assert float(row["seconds"]) == known.seconds


@pytest.mark.slow
def test_parquet_has_the_same_columns_and_rows_as_csv_with_their_types(tmp_path: Path) -> None:
    table = parquet.read_table(saved(mixed(), tmp_path, "parquet"))
    columns, found = rows(mixed())
    assert table.column_names == columns
    assert table.to_pylist() == found
    assert [str(table.schema.field(name).type) for name in ("n", "claimed", "seconds")] == ["int64", "bool", "double"]


def test_columns_are_the_parameters_that_are_given_and_one_called_like_a_column_stays_apart() -> None:
    fixed = Configuration(model="my models/om.py", m=1, faults={"manifest": 1}, set={"verdict": 3, "p": 2})
    landscape = Landscape(fixed, (Axis("n", (4, 5)), Axis("byzantine", (0, 1))))
    columns, (row,) = rows(Map(landscape, {(5, 1): Known(verdict="proved")}))
    assert columns[:7] == ["model", "n", "m", "manifest", "byzantine", "set.verdict", "p"]
    assert (row["n"], row["byzantine"], row["set.verdict"], row["verdict"]) == (5, 1, 3, "proved")
    assert shlex.split(row["command"])[2] == "my models/om.py"


def test_a_file_of_version_1_says_nothing_of_all_sizes_or_of_other_protocols() -> None:
    old = json.loads(as_json(om(6, 2, 2))) | {"version": 1}
    del old["all_sizes"]
    for cell in old["cells"]:
        del cell["no_protocol_can"]
    known = {place: one.model_copy(update={"no_protocol_can": None}) for place, one in om(6, 2, 2).known.items()}
    expected = replace(om(6, 2, 2), known=known, all_sizes=())
    assert MapFile.model_validate_json(json.dumps(old)).map() == expected


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda file: file.update(version=4), "is not a map file of version 1, 2 or 3: version"),
        (lambda file: file.update(colour="red"), "is not a map file of version 1, 2 or 3: colour"),
        (lambda file: file["axes"].append(file["axes"][0]), "is there twice: n, m, t, n"),
        (lambda file: file["axes"][0]["values"].append(3), "is there twice: 3, 4, 5, 6, 3"),
        (lambda file: file["axes"][0].update(values=[]), "axes.0.values"),
        (lambda file: file["cells"].append(file["cells"][0]), "the cell at [3, 0, 0] is listed twice"),
        (lambda file: file["cells"][0].update(place=[9, 0, 0]), "the cell at [9, 0, 0] is not on the axes"),
        (lambda file: file["cells"][0].update(place=[3, 0]), "the cell at [3, 0] is not on the axes"),
        (lambda file: file["cells"][0].update(contradicts=True), "has contents that do not follow from its verdict"),
        (lambda file: file["cells"][0].update(no_protocol_can=True), "contents that do not follow from its verdict"),
        (lambda file: file["cells"][0].update(command="rm -r /"), "has contents that do not follow from its verdict"),
        (lambda file: file["cells"][0].update(seconds=-1), "cells.0.seconds"),
        (lambda file: file["cells"][1]["attack"].update(model=3), "cells.1.attack.model"),
        (lambda file: file["all_sizes"][0].update(common={"p": 3}), "is proved for p 3, which is not on the axes"),
        (lambda file: file["all_sizes"][0].update(larger=[[[9, 0], 7]]), "beyond a row that is not on the map"),
        (lambda file: file["all_sizes"][0].update(larger=[[[0, 0], 6]]), "beyond a row that is not on the map"),
    ],
)
def test_a_file_with_something_impossible_in_it_is_refused_in_one_line(
    tmp_path: Path, byzverify: Call, change: Change, says: str
) -> None:
    path = saved(om(6, 2, 2), tmp_path)
    file = json.loads(path.read_text())
    change(file)
    path.write_text(json.dumps(file))
    ended = byzverify(f"report {path} -o {tmp_path / 'map.svg'}")
    assert ended.code == 2
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "map.svg").exists()


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_map_is_drawn_again_from_its_file_as_it_was_drawn_at_first(
    tmp_path: Path, byzverify: Call, ending: str
) -> None:
    path = saved(mixed(), tmp_path)
    again = tmp_path / f"again.{ending}"
    first = saved(mixed(), tmp_path, ending)
    ended = byzverify(f"report {path} -o {again}")
    assert (ended.code, ended.err) == (0, f"wrote {again}\n")
    assert again.read_bytes() == first.read_bytes()


def test_a_map_and_an_attack_are_not_drawn_together(tmp_path: Path, byzverify: Call) -> None:
    path = saved(mixed(), tmp_path)
    ended = byzverify(f"report {path} {path} -o {tmp_path / 'map.html'}")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.endswith("map.json is a map; use report\n")


@pytest.mark.parametrize("output", ["map.pdf", "map", "missing/map.svg"])
def test_what_cannot_be_written_is_said_before_anything_is_made(tmp_path: Path, output: str) -> None:
    with pytest.raises(UsageError, match=r"a map is written as|it must be a file in a folder that exists"):
        save_map(mixed(), tmp_path / output)
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_there_is_one_line_that_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'byzverify\[parquet\]'"):
        as_parquet(mixed())


def test_a_text_that_no_file_can_contain_is_said_to_be_one() -> None:
    landscape = Landscape(Configuration(model="\udcff.py"), ())
    with pytest.raises(UsageError, match="a text that no file can contain"):
        as_json(Map(landscape, {(): Known(verdict="proved")}))
