"""Packages of models: each model has its own modules, whenever and however it imports them, and has them fresh."""

import inspect
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from byzverify import check
from byzverify.campaign.mutants import mutants
from byzverify.catalogue import library
from byzverify.errors import ProtocolError
from byzverify.language import Protocol
from byzverify.models import om
from byzverify.models.museum import echo
from byzverify.questions.verdict import Refuted

MODEL = """
from byzverify.language import Protocol

class Mine(Protocol):
    def general(self, me, order):
        yield None
        return order
"""

Find = Callable[[str], ModuleType]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """The module of the model in a folder, loaded as byzverify loads it."""

    def found(folder: str) -> ModuleType:
        return sys.modules[library.find(str(tmp_path / folder / "mine.py:Mine")).__module__]

    return found


def write(folder: Path, files: dict[str, str]) -> None:
    """Write a model, which has a protocol if it brings none, and what is beside it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text + (MODEL if name == "mine.py" and "class Mine" not in text else ""))


def two(folder: Path, files: dict[str, str]) -> None:
    """The same files in the folders a and b; `WHICH` in them is the folder."""
    for which in ("a", "b"):
        write(folder / which, {name: text.replace("WHICH", repr(which)) for name, text in files.items()})


FORMS = [
    "import helper\ndef value(): return helper.NAME",
    "import helper as other\ndef value(): return other.NAME",
    "from helper import NAME\ndef value(): return NAME",
    "from helper import *\ndef value(): return NAME",
    "import package.sub\ndef value(): return package.sub.NAME",
    "import package.sub as other\ndef value(): return other.NAME",
    "from package import sub\ndef value(): return sub.NAME",
    "from package.sub import NAME\ndef value(): return NAME",
    "from package import *\ndef value(): return sub.NAME",
    "from . import helper\ndef value(): return helper.NAME",
    "from .package.sub import NAME\ndef value(): return NAME",
    "import nameless.deep.inner as inner\ndef value(): return inner.NAME",
    "from nameless.deep import inner\ndef value(): return inner.NAME",
    "import ring\ndef value(): return ring.value()",
    "def value():\n    import helper\n    return helper.NAME",
    "def value():\n    from package.sub import NAME\n    return NAME",
    "import importlib\ndef value(): return importlib.import_module('helper').NAME",
    "import importlib\ndef value(): return importlib.import_module('package.sub').NAME",
    "import importlib\ndef value(): return importlib.import_module('.sub', 'package').NAME",
    "from importlib import import_module\ndef value(): return import_module('helper').NAME",
    "import importlib.util\ndef value(): return importlib.import_module('helper').NAME",
    "def value(): return __import__('helper').NAME",
    "def value():\n    space = {}\n    exec('import helper', space)\n    return space['helper'].NAME",
    "import pkgutil\ndef value(): return pkgutil.resolve_name('helper:NAME')",
    "import runpy\ndef value(): return runpy.run_module('helper')['NAME']",
]

BESIDE = {
    "helper.py": "NAME = WHICH",
    "package/__init__.py": "from . import sub\n__all__ = ['sub']",
    "package/sub.py": "NAME = WHICH",
    "nameless/deep/inner.py": "NAME = WHICH",
    "ring.py": "import gnir\nNAME = WHICH\ndef value(): return gnir.value()",
    "gnir.py": "import ring\ndef value(): return ring.NAME",
}


@pytest.mark.parametrize("form", FORMS)
def test_two_models_with_helpers_of_one_name_each_get_their_own(form: str, find: Find, tmp_path: Path) -> None:
    two(tmp_path, BESIDE | {"mine.py": form})
    modules = [find(folder) for folder in ("a", "b", "a")]
    assert [module.value() for module in modules] == ["a", "b", "a"]
    assert not {"helper", "package", "nameless", "ring", "gnir", "mine"} & sys.modules.keys()


@pytest.mark.parametrize("form", FORMS[:-2])
def test_a_helper_that_the_session_has_imported_is_not_taken_for_the_models(
    form: str, find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("helper", "package", "package.sub", "nameless", "ring", "gnir"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    two(tmp_path, BESIDE | {"mine.py": form})
    assert [find(folder).value() for folder in ("a", "b")] == ["a", "b"]


def test_a_lazy_import_finds_its_helper_in_any_thread_and_in_the_middle_of_another_model(
    find: Find, tmp_path: Path
) -> None:
    generator = "def value():\n    yield 0\n    import helper\n    yield helper.NAME"
    two(tmp_path, BESIDE | {"mine.py": generator})
    interleaved = [find("a").value(), find("b").value()]
    assert [[next(running) for running in interleaved] for _ in range(2)] == [[0, 0], ["a", "b"]]
    found: list[Any] = []
    other = threading.Thread(target=lambda: found.extend(find("b").value()))
    other.start()
    other.join()
    assert found == [0, "b"]


def test_what_functions_import_is_loaded_before_they_are_executed(find: Find, tmp_path: Path) -> None:
    importing = """
import importlib

def inside():
    import package.sub
    from helper import NAME, value
    from folder import one, other
    return importlib.import_module("named")

def never():
    import breaks
    import ends

if __name__ == "__main__":
    import script
"""
    empty = dict.fromkeys(("package/__init__.py", "package/sub.py", "folder/one.py", "folder/other.py", "named.py"), "")
    more = {"helper.py": "def value():\n    import deeper", "deeper.py": "", "script.py": "", "unnamed.py": ""}
    write(tmp_path / "a", {"mine.py": importing, "breaks.py": "1 / 0", "ends.py": "raise SystemExit", **empty, **more})
    package = find("a").__name__.partition(".")[0]
    loaded = {name.partition(".")[2] for name in sys.modules if name.startswith(f"{package}.")}
    assert loaded >= {"package.sub", "helper", "deeper", "folder.one", "folder.other", "named"}
    assert not loaded & {"breaks", "ends", "script", "unnamed"}


def test_so_is_what_they_import_by_a_relative_name(find: Find, tmp_path: Path) -> None:
    many = "".join(f"    number = {one}.5\n" for one in range(300))  # one byte does not number its constants
    imports = (
        "from . import beside",
        "from .deeper.down import NAME",
        "from .. import out",
        "from .... import nowhere",
    )
    inside = f"def inside():\n{many}" + "".join(f"    {one}\n" for one in imports)
    files = {"mine.py": "import package.here\ndef value():\n    from . import top", "top.py": "", "out.py": ""}
    files |= {f"package/{name}.py": "" for name in ("__init__", "beside", "deeper/__init__", "deeper/down")}
    write(tmp_path / "a", files | {"package/here.py": inside})
    package = find("a").__name__.partition(".")[0]
    loaded = {name.partition(".")[2] for name in sys.modules if name.startswith(f"{package}.")}
    assert loaded >= {"top", "out", "package.beside", "package.deeper.down"}


VALUES = """
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

@dataclass(frozen=True)
class Vote:
    by: "int"
    names: "list[Colour]"

class Colour(Enum):
    RED = 1

class Pair(NamedTuple):
    one: Vote
    other: Colour

def value():
    return Pair(Vote(1, [Colour.RED]), Colour.RED)
"""


def test_values_can_be_pickled_and_sources_be_read(find: Find, tmp_path: Path) -> None:
    two(tmp_path, {"helper.py": VALUES, "mine.py": "from helper import value\nimport helper"})
    for module in (find("a"), find("b")):
        value = module.value()
        assert pickle.loads(pickle.dumps(value)) == value
        assert type(pickle.loads(pickle.dumps(value))) is module.helper.Pair
        assert (
            inspect.getsource(module.helper.value)
            == "def value():\n    return Pair(Vote(1, [Colour.RED]), Colour.RED)\n"
        )
        assert inspect.getmodule(module.Mine) is module
        assert "class Mine(Protocol)" in inspect.getsource(module.Mine)
        assert Path(inspect.getfile(module.helper.Pair)) == Path(module.__file__ or "").with_name("helper.py")


def test_what_is_found_is_the_same_class_until_something_changes(find: Find, tmp_path: Path) -> None:
    write(tmp_path / "a", {"mine.py": "import helper", "helper.py": "NAME = 1", "not_loaded.py": "A = 1"})
    first = find("a")
    (tmp_path / "a" / "not_loaded.py").write_text("A = 2")
    assert find("a") is first
    (tmp_path / "a" / "helper.py").write_text("NAME = 2")
    second = find("a")
    assert second.Mine is not first.Mine
    assert (first.helper.NAME, second.helper.NAME) == (1, 2)
    assert pickle.loads(pickle.dumps(first.Mine(n=4))) == first.Mine(n=4)


def test_an_edit_that_leaves_size_and_time_is_seen(find: Find, tmp_path: Path) -> None:
    """`__pycache__` would not be read anew."""
    write(tmp_path / "a", {"mine.py": "import helper", "helper.py": "NAME = 1"})
    for number in range(1, 4):
        (tmp_path / "a" / "helper.py").write_text(f"NAME = {number}")
        os.utime(tmp_path / "a" / "helper.py", (10**9, 10**9))
        assert number == find("a").helper.NAME
    assert not list(tmp_path.rglob("__pycache__"))


def test_what_a_model_does_to_the_path_is_for_itself(find: Find, tmp_path: Path) -> None:
    form = "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parent / 'more'))\nimport far"
    lazy = "\ndef value():\n    import further\n    return far.NAME, further.NAME"
    two(tmp_path, {"mine.py": form + lazy, "more/far.py": "NAME = WHICH", "more/further.py": "NAME = WHICH"})
    path = sys.path.copy()
    modules = find("a"), find("b")
    assert sys.path == path
    assert [module.value() for module in modules] == [("a", "a"), ("b", "b")]


def test_a_module_beside_the_model_comes_before_the_standard_library_as_for_a_script(
    find: Find, tmp_path: Path
) -> None:
    two(tmp_path, {"mine.py": "import colorsys, json, sys", "colorsys.py": "NAME = WHICH"})
    assert [find(folder).colorsys.NAME for folder in ("a", "b")] == ["a", "b"]
    assert find("a").json is __import__("json")
    assert find("a").sys is sys


def test_what_python_itself_is_made_of_stays_what_it_is(find: Find, tmp_path: Path) -> None:
    two(tmp_path, {"mine.py": "import os, sys, time", "os.py": "NAME = WHICH", "time.py": "", "sys.py": ""})
    modules = find("a"), find("b")
    assert all((module.os, module.sys, module.time) == (os, sys, time) for module in modules)


def test_a_package_that_is_installed_in_place_is_the_users(
    find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Editable:
        """As setuptools makes it for `pip install -e`."""

        @classmethod
        def find_spec(cls, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
            place = tmp_path / "project" / "src" / "in_place" / "__init__.py"
            return spec_from_file_location(name, place) if name == "in_place" else None

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Editable])
    write(tmp_path / "a", {"mine.py": "from in_place.part import NAME"})
    write(tmp_path / "project" / "src" / "in_place", {"__init__.py": "", "part.py": "NAME = 1"})
    assert find("a").NAME == 1
    assert find("a") is find("a")
    write(tmp_path / "project" / "src" / "in_place", {"part.py": "NAME = 2"})
    assert find("a").NAME == 2
    assert "in_place" not in sys.modules


def test_a_model_may_ask_for_itself_while_it_is_loaded(find: Find, tmp_path: Path) -> None:
    asking = f"\nfrom byzverify.catalogue import library\nSELF = library.find({str(tmp_path / 'a' / 'mine.py')!r})"
    write(tmp_path / "a", {"mine.py": ""})
    with (tmp_path / "a" / "mine.py").open("a") as file:
        file.write(asking)
    assert find("a").SELF is find("a").Mine


def test_helpers_may_import_the_model_and_get_the_same(find: Find, tmp_path: Path) -> None:
    write(tmp_path / "a", {"mine.py": "import helper", "helper.py": "def model():\n    import mine\n    return mine"})
    assert find("a").helper.model() is find("a")


@pytest.mark.parametrize(
    ("helper", "line"),
    [
        ("1 / 0", r"helper\.py:1: ZeroDivisionError: division by zero$"),
        ("import nowhere", r"helper\.py:1: ModuleNotFoundError: No module named 'nowhere'$"),
        ("from . import nothing", r"helper\.py:1: ImportError: cannot import name 'nothing' from "),
        ("import package.missing", r"helper\.py:1: ModuleNotFoundError: No module named 'package\.missing'$"),
    ],
)
def test_a_mistake_in_a_helper_is_one_line_and_leaves_nothing(
    helper: str, line: str, find: Find, tmp_path: Path
) -> None:
    write(tmp_path / "a", {"mine.py": "import helper", "helper.py": helper, "package/__init__.py": ""})
    before = set(sys.modules)
    with pytest.raises(ProtocolError, match=line) as raised:
        find("a")
    assert "byzverify_user" not in str(raised.value)
    assert not any("byzverify_user" in name for name in set(sys.modules) - before)
    (tmp_path / "a" / "helper.py").write_text("NAME = 1")
    assert find("a").helper.NAME == 1


def test_a_mistake_in_a_helper_is_told_with_its_line_when_a_general_runs(find: Find, tmp_path: Path) -> None:
    model = """
from byzverify.language import RETREAT, Protocol
from helper import decided

class Mine(Protocol):
    def general(self, me, order):
        yield None
        return decided()
"""
    write(tmp_path / "a", {"mine.py": model, "helper.py": "def decided():\n    return nobody"})
    with pytest.raises(ProtocolError, match=r"helper\.py:2: general \d, after round 1: NameError: name 'nobody'"):
        check(find("a").Mine(n=3), 0)
    (tmp_path / "a" / "helper.py").write_text("def decided():\n    return (")
    with pytest.raises(ProtocolError, match=r"helper\.py:2: SyntaxError: '\(' was never closed$"):
        find("a")


def test_a_mutant_imports_what_its_model_does(find: Find, tmp_path: Path) -> None:
    protocol = """
import helper
from byzverify.language import Protocol

class Mine(Protocol):
    def general(self, me, order):
        import package.sub
        for _ in range(3):
            yield None
        return helper.NAME, package.sub.NAME
"""
    two(tmp_path, BESIDE | {"mine.py": protocol})
    for folder in ("a", "b"):
        original = library.find(str(tmp_path / folder / "mine.py"))
        (mutant,) = mutants(original)
        running = mutant.build()(n=4).general(0, None)
        assert [next(running) for _ in range(2)] == [None, None]  # one round less
        with pytest.raises(StopIteration) as ended:
            next(running)
        assert ended.value.value == (folder, folder)


def test_a_model_that_is_asked_for_anew_has_kept_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"mine.py": "import helper", "helper.py": "KEPT = []"})
    file = str(tmp_path / "mine.py")
    kept = [sys.modules[library.find(file, anew=anew).__module__].helper.KEPT for anew in (False, False, True)]
    kept[0].append("something")
    assert kept == [["something"], ["something"], []]


@pytest.mark.parametrize("model", [om, echo])
def test_a_model_of_an_installed_package_can_be_named_by_its_file(model: ModuleType) -> None:
    found = library.find(str(model.__file__))
    assert found.__name__ in vars(model)


def test_a_model_may_be_what_makes_a_folder_a_package(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"whole/__init__.py": f"import helper\nfrom .helper import NAME\n{MODEL}", "whole/helper.py": "NAME = 1"},
    )
    found = library.find(str(tmp_path / "whole" / "__init__.py"))
    assert vars(sys.modules[found.__module__])["NAME"] == 1


INSIDE = {
    "whole/__init__.py": "TOP = 'whole'\n",
    "whole/outside.py": "from . import TOP\nNAME = TOP + '.outside'\n",
    "whole/inside/__init__.py": "",
    "whole/inside/beside.py": "from ..outside import NAME\n",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "imports", ["from ..outside import NAME", "from whole.outside import NAME", "from .beside import NAME"]
)
def test_a_model_that_imports_from_packages_around_it_is_a_module_of_these(
    imports: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = MODEL.replace("import", "import CONSENSUS,").replace("    def", "    problem = CONSENSUS\n\n    def", 1)
    write(tmp_path, INSIDE | {"whole/inside/mine.py": imports + model})
    monkeypatch.chdir(tmp_path / "whole" / "inside")
    found = library.find("mine.py")
    module = sys.modules[found.__module__]
    assert (module.__name__.partition(".")[2], vars(module)["NAME"]) == ("whole.inside.mine", "whole.outside")
    assert library.find("mine.py:Mine") is found
    where = library.location(found)
    assert where is not None
    assert (where.root, where.load()) == ("whole.inside.mine", found)
    assert isinstance(check(found(n=3), 0), Refuted)
    write(tmp_path, {"whole/outside.py": "NAME = 'edited'\n"})
    again = library.find("mine.py")
    assert again is not found
    assert vars(sys.modules[again.__module__])["NAME"] == "edited"


def test_a_model_in_a_package_that_imports_from_none_is_a_module_by_itself(tmp_path: Path) -> None:
    broken = {"whole/__init__.py": "import nothing_that_is_installed", "whole/helper.py": ""}
    write(tmp_path, {**broken, "whole/mine.py": f"import helper\n{MODEL}"})
    found = library.find(str(tmp_path / "whole" / "mine.py"))
    assert found.__module__.partition(".")[2] == "mine"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"mine.py": "from ..common import NAME"}, r"mine\.py:1: ImportError: attempted relative import beyond"),
        ({"mine.py": "from whole import NAME", "__init__.py": ""}, r"mine\.py:1: ImportError: cannot import name"),
        ({"mine.py": "from ..whole import NAME", "__init__.py": "1 / 0"}, r"__init__\.py:1: ZeroDivisionError"),
    ],
)
def test_what_packages_around_a_model_do_not_have_is_told_in_one_line(
    files: dict[str, str], told: str, tmp_path: Path
) -> None:
    write(tmp_path / "whole", files)
    with pytest.raises(ProtocolError, match=told):
        library.find(str(tmp_path / "whole" / "mine.py"))


def test_names_that_are_no_identifiers_are_names_of_files(tmp_path: Path) -> None:
    for name in ("my-model.py", "v1.2.py", "3.py", "byzverify.py"):
        (tmp_path / name).write_text(MODEL)
        found = library.find(str(tmp_path / name))
        assert issubclass(found, Protocol)
        assert library.location(found) is not None
