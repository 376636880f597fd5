"""The code that a verdict depends on: it is another when anything in it is, and the same when nothing is."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from importlib import import_module, metadata
from pathlib import Path

import pytest

from byzverify.catalogue import dependencies, library
from byzverify.catalogue.dependencies import Code, code_of, same_code
from byzverify.errors import Outdated
from byzverify.loading import installed


def code(file: Path | str) -> Code:
    """The code of the model that is found there now."""
    return code_of(library.find(str(file)))


def holds(known: Code, file: Path) -> bool:
    """Whether a cell that was decided by this code would be recalled for the model that is in the file now."""
    return code(file).key == known.key and code(file).agrees(known.record.text())


def test_it_stays_the_same_wherever_the_file_is(mine: Path) -> None:
    moved = mine.parent / "elsewhere"
    moved.mkdir()
    (mine.parent / "aside.py").write_text("A = 1\n")
    mine.write_text("import aside\n" + mine.read_text())
    shutil.copy(mine.parent / "aside.py", moved)
    before = code(mine)
    assert before == code(f"{mine}:Mine")
    assert holds(before, Path(shutil.copy(mine, moved)))


def test_it_changes_when_the_model_is_edited(mine: Path) -> None:
    before = code(mine)
    mine.write_text(mine.read_text().replace("t == 0", "t <= 0"))
    assert not holds(before, mine)


WAYS_TO_LOAD = [
    "import aside",
    "from aside import A",
    "from aside import *",
    "import importlib\nimportlib.import_module('aside')",
    "from importlib import import_module\nimport_module('aside')",
    "import importlib.util\nimportlib.import_module('aside')",
    "__import__('aside')",
    "def load():\n    import aside\nload()",
    "exec('import aside')",
    "exec('import aside', {})",
    "eval('__import__(\"aside\")')",
    "import runpy\nrunpy.run_module('aside')",
    "import runpy\nrunpy.run_path(HERE + '/aside.py')",
    "exec(open(HERE + '/aside.py').read())",
    "from pathlib import Path\nexec(compile(Path(HERE, 'aside.py').read_text(), 'aside', 'exec'))",
    "import os\nexec(os.read(os.open(HERE + '/aside.py', os.O_RDONLY), 1000))",
    "from importlib.util import module_from_spec, spec_from_file_location\n"
    "spec = spec_from_file_location('anything', HERE + '/aside.py')\n"
    "spec.loader.exec_module(module_from_spec(spec))",
    "import sys\nsys.path.append(HERE + '/more')\nimport further",
    "exec(open(HERE + '/more/rules.txt').read())",
    "import pkgutil\npkgutil.resolve_name('aside:A')",
]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS_TO_LOAD)
def test_it_changes_when_what_the_model_loads_is_edited_however_it_is_loaded(way: str, mine: Path) -> None:
    (mine.parent / "more").mkdir()
    for helper in ("aside.py", "more/further.py", "more/rules.txt", "not_loaded.py"):
        (mine.parent / helper).write_text("A = 1\n")
    mine.write_text(f"HERE = {str(mine.parent)!r}\n{way}\n" + mine.read_text())
    before = code(mine)
    (mine.parent / "not_loaded.py").write_text("A = 2\n")
    assert holds(before, mine)
    for helper in ("aside.py", "more/further.py", "more/rules.txt"):
        (mine.parent / helper).write_text("A = 2\n")
    assert not holds(before, mine)


def test_it_changes_when_two_helpers_are_swapped_though_size_and_time_say_nothing(mine: Path) -> None:
    one, other = mine.with_name("one.py"), mine.with_name("other.py")
    one.write_text("A = 1\n")
    other.write_text("A = 2\n")
    for file in (one, other):
        os.utime(file, (10**9, 10**9))
    mine.write_text("import one, other\n" + mine.read_text())
    before = code(mine)
    one.rename(mine.with_name("kept"))
    other.rename(one)
    mine.with_name("kept").rename(other)
    assert not holds(before, mine)
    assert vars(sys.modules[library.find(str(mine)).__module__])["one"].A == 2


def test_it_changes_when_another_module_takes_the_place_of_one(mine: Path) -> None:
    (mine.parent / "aside").mkdir()
    (mine.parent / "aside" / "__init__.py").write_text("")
    (mine.parent / "aside" / "part.py").write_text("A = 1\n")
    mine.write_text(f"import sys\nsys.path.append({str(mine.parent / 'more')!r})\nimport colorsys\n" + mine.read_text())
    mine.write_text("import aside.part, further\n".join(mine.read_text().split("import colorsys\n")))
    (mine.parent / "more").mkdir()
    (mine.parent / "more" / "further.py").write_text("A = 1\n")
    before = code(mine)
    assert holds(before, mine)
    (mine.parent / "further.py").write_text("A = 1\n")  # before the other on the path
    assert not holds(before, mine)
    (mine.parent / "further.py").unlink()
    assert holds(before, mine)
    (mine.parent / "aside" / "part").mkdir()
    (mine.parent / "aside" / "part" / "__init__.py").write_text("A = 1\n")  # before `part.py`
    assert not holds(before, mine)


@pytest.mark.parametrize("missing", ["not_there_yet", "colorsys"])
def test_it_changes_when_there_is_a_module_where_there_was_none_or_another(missing: str, mine: Path) -> None:
    attempt = f"try:\n    import {missing}\nexcept ImportError:\n    pass\n"
    mine.write_text(attempt + mine.read_text())
    before = code(mine)
    assert holds(before, mine)
    mine.with_name(f"{missing}.py").write_text("A = 1\n")
    assert not holds(before, mine)


def test_it_changes_with_what_is_loaded_while_a_program_runs(mine: Path) -> None:
    mine.with_name("late.py").write_text("A = 1\n")
    computed = "\n\ndef load() -> None:\n    import importlib\n    importlib.import_module('la' + 'TE'.lower())\n"
    mine.write_text(mine.read_text() + computed)
    protocol = library.find(str(mine))
    before = code_of(protocol)
    vars(sys.modules[protocol.__module__])["load"]()
    after = code_of(protocol)
    mine.with_name("late.py").write_text("A = 2\n")
    assert holds(before, mine)
    assert not holds(after, mine)


WAYS_TO_LIST = [
    "import os\nos.listdir(HERE + '/more')",
    "import os\nlist(os.scandir(HERE + '/more'))",
    "import os\nlist(os.walk(HERE))",
    "import glob\nglob.glob(HERE + '/more/*.rules')",
    "from pathlib import Path\nlist(Path(HERE).rglob('*.rules'))",
    "from pathlib import Path\nlist(Path(HERE, 'more').iterdir())",
    "import pkgutil\nlist(pkgutil.iter_modules([HERE + '/more']))",
]


@pytest.mark.parametrize("way", WAYS_TO_LIST)
def test_it_changes_when_there_is_another_file_in_a_folder_that_the_model_lists(way: str, mine: Path) -> None:
    more, elsewhere = mine.with_name("more"), mine.with_name("elsewhere")
    for folder in (more, elsewhere):
        folder.mkdir()
    mine.write_text(f"HERE = {str(mine.parent)!r}\n{way}\n" + mine.read_text())
    known = code(mine)
    (more / "__pycache__").mkdir()
    (elsewhere / "other.rules").write_text("")
    assert holds(known, mine) == ("walk" not in way and "rglob" not in way)
    known = code(mine)
    (more / "some.rules").write_text("")
    assert not holds(known, mine)
    (more / "some.rules").unlink()
    assert holds(known, mine)


def test_a_folder_where_modules_are_looked_for_is_not_listed_by_the_model(mine: Path) -> None:
    mine.write_text("import sys\nimport importlib.metadata\nimport colorsys\n" + mine.read_text())
    known = code(mine)
    assert known.record.listings == {}
    mine.with_name("new.txt").write_text("")
    assert holds(known, mine)


def test_a_listed_folder_that_fills_meanwhile_is_no_edit_of_the_model(mine: Path) -> None:
    mine.write_text(f"import os\nos.listdir({str(mine.parent)!r})\n" + mine.read_text())
    asked = code(mine)
    mine.with_name("map.svg").write_text("")
    assert not holds(asked, mine)
    assert same_code(library.find(str(mine)), asked).record.listings != asked.record.listings


@pytest.mark.parametrize("name", ["kept.sqlite", "file:kept.sqlite?mode=ro", b"kept.sqlite"])
def test_it_changes_with_a_database_that_the_model_reads(
    name: str | bytes, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)

    def put(value: int) -> None:
        with closing(sqlite3.connect("kept.sqlite")) as kept:
            kept.execute("CREATE TABLE IF NOT EXISTS kept (value)")
            kept.execute("INSERT INTO kept VALUES (?)", [value])
            kept.commit()

    put(1)
    mine.write_text(
        f"import sqlite3\nsqlite3.connect({name!r}, uri=True)\nsqlite3.connect(':memory:')\n" + mine.read_text()
    )
    known = code(mine)
    assert holds(known, mine)
    put(2)
    assert not holds(known, mine)


def test_what_is_written_or_made_up_by_the_system_is_nothing_that_is_loaded(mine: Path) -> None:
    writing = f"open({str(mine.with_name('log'))!r}, 'a').write('loaded')\n"
    reading = "try:\n    open('/proc/self/stat').read()\nexcept OSError:\n    pass\n"
    mine.write_text(writing + reading + mine.read_text())
    known = code(mine)
    assert set(known.record.files) == {"mine.py"}
    assert holds(known, mine)


def test_what_a_program_opens_is_noted_where_that_is_asked_for(mine: Path) -> None:
    mine.with_name("rules.txt").write_text("1")
    protocol = library.find(str(mine))
    with dependencies.noting(protocol):
        mine.with_name("rules.txt").read_text()
    before = code_of(protocol)
    assert holds(before, mine)
    mine.with_name("rules.txt").write_text("2")
    assert not holds(before, mine)


def test_it_changes_when_the_file_of_a_base_is_edited(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = mine.parent / "bases" / "base_of_mine.py"
    base.parent.mkdir()
    mine.rename(base)
    monkeypatch.syspath_prepend(str(base.parent))
    derived = mine.parent / "derived.py"
    derived.write_text("from base_of_mine import Mine\n\n\nclass Derived(Mine):\n    pass\n")
    before = code(derived)
    base.write_text(base.read_text() + "\n# edited\n")
    assert not holds(before, derived)


def test_two_classes_of_one_file_have_two(mine: Path) -> None:
    mine.write_text(mine.read_text() + "\n\nclass Other(Mine):\n    pass\n")
    assert code(f"{mine}:Mine").key != code(f"{mine}:Other").key


def test_two_classes_of_one_name_in_files_that_import_each_other_have_two(mine: Path) -> None:
    other = mine.with_name("other.py")
    other.write_text(f"import {mine.stem}\n" + mine.read_text().replace("t == 0", "t <= 1"))
    mine.write_text("import other\n\n\n" + mine.read_text())
    one, two = code(mine), code(other)
    assert set(one.record.files) == set(two.record.files) == {"mine.py", "other.py"}
    assert one.key != two.key


def test_a_class_that_python_has_imported_is_known_by_what_its_modules_were_then(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, helper = f"imported_{mine.parent.name}", f"helper_{mine.parent.name}"
    (mine.parent / f"{helper}.py").write_text("A = 1\n")
    (mine.parent / f"{name}.py").write_text(f"import {helper}\n" + mine.read_text())
    monkeypatch.syspath_prepend(str(mine.parent))
    imported = import_module(name).Mine
    where = library.location(imported)
    assert where is not None
    assert same_code(where.load(), code_of(imported)).record.files[f"{helper}.py"]
    (mine.parent / f"{helper}.py").write_text("A = 2\n")
    with pytest.raises(Outdated, match=rf"^{helper}\.py differs here"):
        same_code(where.load(), code_of(imported))


def test_a_checkout_of_byzverify_beside_the_model_is_not_read_again(mine: Path) -> None:
    (mine.parent / "byzverify").mkdir()
    (mine.parent / "byzverify" / "__init__.py").touch()
    assert set(code(mine).record.files) == {"mine.py"}


def test_it_changes_with_the_version_of_a_package_that_the_model_imports(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine.write_text("import pluggy\n" + mine.read_text())
    before = code(mine)
    assert before.record.versions["pluggy"] == metadata.version("pluggy")
    monkeypatch.setattr("byzverify.loading.record.version_of", lambda name: "99")
    installed.version_here.cache_clear()
    assert not code(mine).agrees(before.record.text())
    installed.version_here.cache_clear()


@pytest.mark.parametrize("changed", dependencies.DECIDING)
def test_it_changes_with_the_version_of_what_decides(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, version = code("om"), metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == changed else version(name))
    dependencies._ours.cache_clear()
    assert code("om").key != before.key
    dependencies._ours.cache_clear()


def test_it_changes_with_byzverify_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copied = [Path(shutil.copytree(folder, tmp_path / str(n))) for n, folder in enumerate(dependencies._folders())]
    monkeypatch.setattr(dependencies, "_folders", lambda: tuple(copied))
    found = set()

    def look() -> None:
        dependencies._ours.cache_clear()
        found.add(dependencies._ours())

    for edited in ("0/engines/finite/symbolic.py", "1/om.py"):
        with (tmp_path / edited).open("a") as file:
            file.write("# edited\n")
        look()
    (tmp_path / "0/engines/finite/symbolic.py").rename(tmp_path / "0/engines/finite/other.py")
    look()
    monkeypatch.undo()
    look()
    assert len(found) == 4


def test_a_process_with_other_code_says_what_differs(mine: Path) -> None:
    mine.with_name("aside.py").write_text("A = 1\n")
    mine.write_text("import aside\n" + mine.read_text())
    asked = code(mine)
    assert same_code(library.find(str(mine)), asked) == asked
    mine.with_name("aside.py").write_text("A = 2\n")
    with pytest.raises(Outdated, match=r"^aside\.py differs here from where the question was asked: was it edited"):
        same_code(library.find(str(mine)), asked)
    mine.write_text(mine.read_text().replace("class Mine", "class Other"))
    with pytest.raises(Outdated, match=r"^aside\.py, mine\.py differs here"):
        same_code(library.find(str(mine)), asked)
