"""Locations: a fresh interpreter finds the same class again, or it is said beforehand that it cannot."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from byzverify.catalogue import library
from byzverify.errors import ProtocolError, UsageError
from byzverify.language import Protocol
from byzverify.models.museum.echo import Echo
from byzverify.models.om import OM

MODEL = """
from byzverify.language import Protocol

class {name}(Protocol):
    motto = {motto!r}

    class Inner(Protocol):
        pass

    def general(self, me, order):
        yield None
        return order
"""


class Here(Protocol):
    """Nothing but a class of this module, which pytest has imported without a folder on the path."""


LOOKER = "import pickle, sys; print(repr(pickle.load(sys.stdin.buffer).load()), end='')"


def found_by_a_fresh_interpreter(where: library.Location | None) -> str:
    """What the location's class is called there."""
    assert where is not None
    looker = [sys.executable, "-P", "-c", LOOKER]
    return subprocess.run(looker, input=pickle.dumps(where), capture_output=True, check=True, cwd="/").stdout.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a model, and a package with one."""
    (tmp_path / "mine.py").write_text(MODEL.format(name="Mine", motto="mine") + "from helper import Base\n")
    (tmp_path / "helper.py").write_text(MODEL.format(name="Base", motto="base"))
    (tmp_path / "whole" / "inside").mkdir(parents=True)
    (tmp_path / "whole" / "__init__.py").touch()
    (tmp_path / "whole" / "outside.py").write_text("NAME = 'outside'\n")
    model = "from ..outside import NAME\n" + MODEL.format(name="Deep", motto="deep")
    (tmp_path / "whole" / "inside" / "deep.py").write_text(model)
    return tmp_path


@pytest.mark.parametrize("protocol", [OM, Echo])
def test_a_model_of_byzverify_is_its_module(protocol: type[Protocol]) -> None:
    where = library.location(protocol)
    assert found_by_a_fresh_interpreter(where) == repr(protocol)
    assert where is not None
    assert where.load() is protocol


def test_a_model_in_a_file_is_found_from_anywhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    protocol = library.find("mine.py:Mine")
    assert ".mine.Mine'" in found_by_a_fresh_interpreter(library.location(protocol))
    inner: type[Protocol] = protocol.Inner  # type: ignore[attr-defined]
    assert ".mine.Mine.Inner'" in found_by_a_fresh_interpreter(library.location(inner))


def test_a_class_that_the_model_imports_is_found_in_its_module(folder: Path) -> None:
    base: type[Protocol] = vars(sys.modules[library.find(str(folder / "mine.py")).__module__])["Base"]
    assert ".helper.Base'" in found_by_a_fresh_interpreter(library.location(base))


IMPORTER = """
import pickle, sys
sys.path.insert(0, {folder!r})
from byzverify.catalogue import library
from whole.inside.deep import Deep
sys.stdout.buffer.write(pickle.dumps(library.location(Deep)))
"""


def test_a_class_in_a_package_of_the_users_is_found_with_its_relative_imports(folder: Path) -> None:
    importer = [sys.executable, "-P", "-c", IMPORTER.format(folder=str(folder))]
    where = pickle.loads(subprocess.run(importer, capture_output=True, check=True).stdout)
    assert ".whole.inside.deep.Deep'" in found_by_a_fresh_interpreter(where)


def test_a_class_of_a_test_is_found_in_its_module() -> None:
    assert ".tests.loading.test_locations.Here'" in found_by_a_fresh_interpreter(library.location(Here))


SCRIPT = f"""
import pickle, sys
from pathlib import Path
import byzverify
from byzverify.catalogue import library
from byzverify.models.om import OM
{MODEL.format(name="Mine", motto="mine")}
print("executed", __name__)
byzverify.check(OM(n=4, m=1))
print("answered", __name__)
if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pickle.dumps(library.location(Mine)))
"""


@pytest.mark.slow
def test_a_running_script_is_executed_again_up_to_its_first_question(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    script = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "where")]
    assert subprocess.run(script, capture_output=True, check=True).stdout == b"executed __main__\nanswered __main__\n"
    found = found_by_a_fresh_interpreter(pickle.loads((tmp_path / "where").read_bytes()))
    assert "executed" in found
    assert "answered" not in found
    assert ".script.Mine'" in found


@pytest.mark.slow
def test_a_module_that_runs_as_a_script_is_found_in_its_package(folder: Path, tmp_path: Path) -> None:
    text = "from .outside import NAME\n" + SCRIPT
    (folder / "whole" / "script.py").write_text(text)
    script = [sys.executable, "-m", "whole.script", str(tmp_path / "where")]
    subprocess.run(script, capture_output=True, check=True, cwd=folder)
    where = pickle.loads((tmp_path / "where").read_bytes())
    assert ".whole.script.Mine'" in found_by_a_fresh_interpreter(where)


def test_a_script_that_was_stopped_at_a_question_is_executed_whole_when_it_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text(SCRIPT.replace('if __name__ == "__main__":', "DONE = True\nif False:"))
    stopped = library.Location("script", "Mine", str(file), "script").load()
    assert not hasattr(sys.modules[stopped.__module__], "DONE")
    assert hasattr(sys.modules[library.find(str(file)).__module__], "DONE")


def test_a_class_that_a_fresh_interpreter_cannot_find_has_no_location() -> None:
    class Inside(Protocol):
        pass

    assert library.location(Inside) is None
    assert library.location(type("Made", (OM,), {})) is None
    assert library.location(type("Made", (OM,), {"__module__": "nowhere"})) is None
    told = "from byzverify.catalogue import library\nfrom byzverify.models.om import OM\nclass M(OM): pass\n"
    asked = [sys.executable, "-P", "-c", f"{told}print(library.location(M))"]
    assert subprocess.run(asked, capture_output=True, check=True).stdout == b"None\n"


def test_what_is_not_there_any_more_is_said_in_a_line(folder: Path) -> None:
    where = library.location(library.find(str(folder / "mine.py:Mine")))
    assert where is not None
    (folder / "mine.py").write_text("A = 1\n")
    with pytest.raises(UsageError, match=r"does not find Mine in .*mine\.py: define it at the top level"):
        where.load()
    (folder / "mine.py").write_text("A = 1 / 0\n")
    with pytest.raises(ProtocolError, match=r"^\S+mine\.py:1: ZeroDivisionError: division by zero$"):
        where.load()
    (folder / "mine.py").unlink()
    with pytest.raises(UsageError, match=r"there is no file .*mine\.py"):
        where.load()
