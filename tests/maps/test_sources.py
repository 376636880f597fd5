"""The fingerprint: it changes with everything that a verdict depends on, and with nothing else."""

import shutil
from importlib import metadata
from pathlib import Path

import pytest

from byzverify import library, sources
from byzverify.sources import fingerprint


def test_it_stays_the_same_wherever_the_file_is(mine: Path) -> None:
    moved = mine.parent / "elsewhere"
    moved.mkdir()
    assert fingerprint(str(mine)) == fingerprint(str(shutil.copy(mine, moved))) == fingerprint(f"{mine}:Mine")


def test_it_changes_when_the_model_is_edited(mine: Path) -> None:
    before = fingerprint(str(mine))
    mine.write_text(mine.read_text().replace("t == 0", "t <= 0"))
    assert fingerprint(str(mine)) != before


def test_it_changes_when_what_the_model_imports_from_its_folder_is_edited(mine: Path) -> None:
    (mine.parent / "first_part.py").write_text("import second_part\n")
    (mine.parent / "second_part.py").write_text("A = 1\n")
    (mine.parent / "not_imported.py").write_text("A = 1\n")
    mine.write_text("import first_part\n" + mine.read_text())
    before = fingerprint(str(mine))
    (mine.parent / "not_imported.py").write_text("A = 2\n")
    assert fingerprint(str(mine)) == before
    (mine.parent / "second_part.py").write_text("A = 2\n")
    assert fingerprint(str(mine)) != before


def test_it_changes_when_the_file_of_a_base_is_edited(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = mine.parent / "bases" / "base_of_mine.py"
    base.parent.mkdir()
    mine.rename(base)
    monkeypatch.syspath_prepend(str(base.parent))
    derived = mine.parent / "derived.py"
    derived.write_text("from base_of_mine import Mine\n\n\nclass Derived(Mine):\n    pass\n")
    before = fingerprint(str(derived))
    base.write_text(base.read_text() + "\n# edited\n")
    assert fingerprint(str(derived)) != before


def test_two_classes_of_one_file_have_two(mine: Path) -> None:
    mine.write_text(mine.read_text() + "\n\nclass Other(Mine):\n    pass\n")
    assert fingerprint(f"{mine}:Mine") != fingerprint(f"{mine}:Other")


def test_two_classes_of_one_name_in_files_that_import_each_other_have_two(mine: Path) -> None:
    other = mine.with_name("other.py")
    other.write_text(f"import {mine.stem}\n" + mine.read_text().replace("t == 0", "t <= 1"))
    mine.write_text("def others():\n    import other\n\n\n" + mine.read_text())
    assert sources._texts(library.find(str(mine))) == sources._texts(library.find(str(other))) == {mine, other}
    assert fingerprint(str(mine)) != fingerprint(str(other))


def test_a_checkout_of_byzverify_beside_the_model_is_not_read_again(mine: Path) -> None:
    (mine.parent / "byzverify").mkdir()
    (mine.parent / "byzverify" / "__init__.py").touch()
    assert sources._texts(library.find(str(mine))) == {mine}


@pytest.mark.parametrize("changed", sources.DECIDING)
def test_it_changes_with_the_version_of_what_decides(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, version = fingerprint("om"), metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == changed else version(name))
    sources._ours.cache_clear()
    assert fingerprint("om") != before
    sources._ours.cache_clear()


def test_it_changes_with_byzverify_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copied = [Path(shutil.copytree(folder, tmp_path / str(n))) for n, folder in enumerate(sources._folders())]
    monkeypatch.setattr(sources, "_folders", lambda: tuple(copied))
    found = set()
    for edited in ("0/checking/symbolic.py", "1/om.py"):
        with (tmp_path / edited).open("a") as file:
            file.write("# edited\n")
        sources._ours.cache_clear()
        found.add(sources._ours())
    sources._ours.cache_clear()
    monkeypatch.undo()
    assert len(found | {sources._ours()}) == 3
