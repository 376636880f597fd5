"""The tutorial notebook does what it says: it is executed by a kernel of its own, and shows what its text speaks of."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    folder = tmp_path_factory.mktemp("notebook")
    return NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()


def shown(executed: Any) -> list[tuple[str, str]]:
    """What the cells show, in their order: the kind of each output, and the output."""
    found: list[tuple[str, str]] = []
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            found += output.data.items() if "data" in output else [("text", output.text)]
    return found


@pytest.mark.slow
def test_it_goes_from_a_proof_to_an_attack_its_picture_and_its_terms(executed: Any) -> None:
    pages = [text for kind, text in shown(executed) if kind == "text/html"]
    pictures = [text for kind, text in shown(executed) if kind == "image/svg+xml"]
    assert [word for page in pages for word in ("PROVED", "REFUTED", "too many to draw") if word in page] == [
        "PROVED",
        "REFUTED",
        "too many to draw",
        "PROVED",
    ]
    assert ["byzverify-diagram" in picture for picture in pictures] == [True, False]
    assert "round 2: 2 to 1 about 0-2 says ATTACK" in pictures[1]


def test_its_table_has_the_lies_that_its_picture_shows(executed: Any) -> None:
    (table,) = (text for kind, text in shown(executed) if kind == "text")
    rows = {tuple(map(int, line.split()[:3])) for line in table.splitlines()[1:]}
    (picture,) = (text for kind, text in shown(executed) if kind == "image/svg+xml" and "byzverify-diagram" in text)
    for round, sender, receiver in rows:
        place = f'data-round="{round}" data-sender="{sender}" data-receiver="{receiver}"'
        assert f'class="letter lie" {place}' in picture or f'class="letter silent" {place}' in picture
    assert picture.count('class="letter lie" ') + picture.count('class="letter silent" ') == len(rows)


def test_it_is_kept_without_outputs() -> None:
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)
