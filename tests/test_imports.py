"""The law that imports go down, read off the import statements of every module."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx

import byzverify
import byzverify.models
from byzverify import cli

PACKAGE = Path(byzverify.__file__).parent
MODELS = Path(byzverify.models.__file__).parent

LAYERS = (
    {"errors", "memory", "notebooks", "signals"},
    {"limits", "files", "traps"},
    {"loading"},
    {"language"},
    {"scenario", "ir", "logic", "catalogue", "workers", "models"},
    {"solvers", "simulation"},
    {"engines", "nodes"},
    {"attacks", "crosscheck", "exporters"},
    {"certificates"},
    {"questions"},
    {"stories", "campaign", "maps"},
    {"board"},
    {"rendering"},
    {"commands", "interface", "testing", "strategies"},
    {"cli"},
    {"__main__", "__init__"},
)
"""The rooms, from the lowest layer up. A room is a package or a module right below `byzverify`."""

BANS = {
    "simulation": {"logic", "ir", "solvers", "engines"},
    "nodes": {"logic", "ir", "solvers", "engines"},
    "attacks": {"logic", "solvers", "engines"},
    "engines": {"simulation"},
    "loading": {"limits"},
    "traps": {"errors", "limits"},
    "models": {"errors", "limits", "files", "traps", "loading"},
    "cli": {"rendering", "questions", "attacks"},
    "commands": {"engines", "solvers", "logic", "ir"},
}
"""What a room must not import though it stands lower: who checks another shares no code with it."""

NAMED_IN_SCHEMAS = {"Letter", "Message", "Record", "Round"}
"""Classes that JSON Schemas name, so that they share a name with what they write down."""

CIRCLES = {frozenset({"byzverify.attacks.attack", "byzverify.attacks.attack_file"})}
"""Modules that know each other: an attack makes its own file when it is asked for it, so that nobody else waits."""

ONLY_HOME = {
    "z3": {"solvers/z3.py"},
    "cvc5": {"solvers/cvc5.py"},
    "exact": {"solvers/exact.py"},
    "pysat": {"solvers/cadical.py"},
    "pysolvers": {"solvers/cadical.py"},
    "click": {
        "cli.py",
        "commands/parsing.py",
        "commands/options.py",
        "commands/attacks.py",
        "commands/everywhere.py",
        "commands/existence.py",
        "commands/maps.py",
        "commands/programs.py",
        "commands/sketches.py",
        "commands/verifying.py",
    },
    "pydantic": {
        "certificates/lemma_manifest.py",
        "attacks/attack_file.py",
        "attacks/letter.py",
        "attacks/trace.py",
        "attacks/loading.py",
        "catalogue/configurations.py",
        "certificates/impossibility_file.py",
        "certificates/manifest.py",
        "maps/landscape.py",
        "rendering/map/map_file.py",
        "nodes/wire.py",
        "nodes/conversation.py",
        "nodes/players.py",
        "nodes/serving.py",
    },
    "anyio": {
        "nodes/program.py",
        "nodes/players.py",
        "nodes/harness.py",
        "nodes/conformance.py",
        "nodes/pool.py",
        "campaign/arena.py",
    },
    "networkx": {
        "language/topology.py",
        "engines/solvability/covers.py",
        "engines/solvability/executions.py",
        "engines/solvability/settings.py",
    },
    "hypothesis": {"strategies.py"},
    "pytest": {"testing.py"},
    "distributed": {"workers/cluster.py"},
    "resvg_py": {"rendering/picture.py"},
    "pyarrow": {"rendering/map/table.py"},
}
"""Libraries that one file keeps to itself."""


@cache
def imports(path: Path, for_types: bool = True) -> set[str]:
    """The modules that a file imports, anywhere in it. for_types: also what only a type checker reads."""
    found = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unread = [one for one in ast.walk(tree) if isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING"]
    left_out = set() if for_types else {node for one in unread for node in ast.walk(one)}
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(module: str) -> str:
    return module.removeprefix("byzverify.").split(".")[0]


def module_of(path: Path) -> str:
    return ".".join(("byzverify", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def module_at(name: str) -> str:
    """The module that a name imported from it, or the module itself, belongs to."""
    inside = name.removeprefix("byzverify.").replace(".", "/")
    is_module = any((home / f"{inside}{end}").exists() for home in (PACKAGE,) for end in (".py", "/__init__.py"))
    return name if is_module or "." not in name else module_at(name.rpartition(".")[0])


@cache
def graph(for_types: bool = True) -> "nx.DiGraph[str]":
    """Which module imports which, anywhere in it. for_types: also where only a type checker reads the import."""
    made: nx.DiGraph[str] = nx.DiGraph()
    for path in PACKAGE.rglob("*.py"):
        if path != PACKAGE / "__init__.py" and not path.is_relative_to(MODELS):
            names = {module_at(name) for name in imports(path, for_types) if name.startswith("byzverify.")}
            made.add_edges_from((module_of(path), name) for name in names - {"byzverify", module_of(path)})
    return made


def crossings() -> Iterator[tuple[str, str]]:
    """The imports that leave a room."""
    return ((one, other) for one, other in graph().edges if room(one) != room(other))


def test_every_room_stands_in_one_layer() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    listed = [one for layer in LAYERS for one in layer]
    assert sorted(listed) == sorted(rooms | {"models"}), "give a new room its place in LAYERS"


def test_imports_go_down() -> None:
    layer_of = {one: number for number, layer in enumerate(LAYERS) for one in layer}
    wrong = [
        f"{one} imports {other}, but {room(one)} stands in layer {layer_of[room(one)]} and {room(other)} in layer "
        f"{layer_of[room(other)]}: move what both need below {room(one)}, or let a room above both ask both"
        for one, other in crossings()
        if layer_of[room(other)] >= layer_of[room(one)]
    ]
    assert wrong == []


def test_rooms_that_check_each_other_share_no_code() -> None:
    wrong = [
        f"{one} imports {other}, which {room(one)} must not know: "
        f"say it there once more, or move it to a room that both may know"
        for one, other in crossings()
        if room(other) in BANS.get(room(one), ())
    ]
    assert wrong == []


def test_no_engine_knows_another() -> None:
    parts = [(one.split(".")[1:3], other.split(".")[1:3]) for one, other in graph().edges]
    wrong = [
        f"engines/{one[1]} imports engines/{other[1]}: move what both need below the engines"
        for one, other in parts
        if one[0] == other[0] == "engines" and len(one) == len(other) == 2 and one != other
    ]
    assert wrong == []


def test_every_engine_yields_what_it_has_decided() -> None:
    """Decision 28: in `deciding.py` of each engine, a class `Decided` is what it answers."""
    engines = {path.parent.name for path in (PACKAGE / "engines").glob("*/__init__.py")}
    assert engines >= {"finite", "parameterized"}
    for engine in engines:
        module = (PACKAGE / "engines" / engine / "deciding.py").read_text(encoding="utf-8")
        assert re.search(r"^(class )?Decided\b", module, re.MULTILINE), f"engines/{engine}/deciding.py has no Decided"
        assert "Iterator[Decided]" in module


def test_the_wheel_has_every_package() -> None:
    """An editable install finds packages that pyproject.toml does not list; a wheel does not have them."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    made = {module_of(path) for path in PACKAGE.rglob("__init__.py")} | {
        ".".join(("byzverify.models", *path.relative_to(MODELS).parent.parts)) for path in MODELS.rglob("__init__.py")
    }
    assert set(project["tool"]["setuptools"]["packages"]) == made, "list each package in pyproject.toml"


def test_the_page_on_architecture_lists_the_layers() -> None:
    page = (Path(__file__).parents[1] / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", page, re.MULTILINE)
    listed = {int(number): set(re.findall(r"`(\w+)`", rooms)) for number, rooms in rows}
    assert listed == dict(enumerate(LAYERS)), "list the rooms in docs/explanation/architecture.md as LAYERS does"


def test_modules_import_each_other_in_no_circle() -> None:
    circles = {frozenset(one) for one in nx.strongly_connected_components(graph(for_types=False)) if len(one) > 1}
    assert circles <= CIRCLES, "take what two modules need of each other into a third one"


def test_a_model_imports_the_language_and_nothing_else_and_an_exhibit_the_models_too() -> None:
    models = {f"byzverify.models.{path.stem}" for path in MODELS.glob("*.py")}
    for path in MODELS.rglob("*.py"):
        outside = {module for module in imports(path) if module.split(".")[0] not in sys.stdlib_module_names}
        if path.parent.name == "museum":
            outside = {module for module in outside if module.rpartition(".")[0] not in models}
        assert all(module.startswith("byzverify.language.") for module in outside), path


def loads_nothing_of(unwanted: tuple[str, ...], program: str) -> None:
    """Run `program` in a process of its own, which must load no module whose name starts with one of `unwanted`."""
    report = f"import sys; sys.exit(str([m for m in sys.modules if m.startswith({unwanted!r})] or '') or 0)"
    command = [sys.executable, "-P", "-c", f"{program}\n{report}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


CHECKER = ("z3", "byzverify.logic", "byzverify.engines", "byzverify.solvers")


def test_a_model_for_other_tools_is_made_without_the_checker() -> None:
    loads_nothing_of(
        CHECKER,
        "from byzverify.exporters.formats import exported\n"
        "from byzverify.models.om import OM\n"
        "for to in ('tla', 'promela'): exported(OM(n=4, m=1), {}, to)",
    )


def test_reading_an_attack_file_needs_no_checker() -> None:
    loads_nothing_of(CHECKER, "import byzverify; byzverify.load")


def test_the_simulator_needs_neither_z3_nor_terms() -> None:
    loads_nothing_of(
        CHECKER,
        "from byzverify.models.om import OM\n"
        "from byzverify.simulation import judging, rounds, traitors\n"
        "judging.judge(rounds.run(OM(n=4, m=1), {3}, {}, traitors.Silent()))",
    )


def test_the_checker_of_proofs_shares_no_code_with_what_makes_them() -> None:
    outside = {module.split(".")[0] for module in imports(PACKAGE / "certificates" / "lrat.py")}
    assert outside <= set(sys.stdlib_module_names)


def test_the_checker_of_impossibility_imports_nothing_but_json() -> None:
    assert imports(PACKAGE / "certificates" / "checking_impossibility.py") == {"json", "sys", "typing.Any"} | {
        "__future__.annotations"
    }


def test_checking_a_certificate_needs_no_solver() -> None:
    loads_nothing_of(("z3", "pysat", "pysolvers", "cvc5", "exact"), "import byzverify.certificates.certifying")


def test_help_imports_nothing_heavy() -> None:
    loads_nothing_of(
        ("z3", "pydantic", "networkx", "rich", "byzverify.language", "byzverify.engines"), "import byzverify.cli"
    )


def test_a_proof_that_is_decided_while_it_is_built_needs_no_solver_and_no_story() -> None:
    loads_nothing_of(
        ("z3", "pydantic", "networkx", "rich", "byzverify.stories", "byzverify.certificates", "byzverify.nodes"),
        "import byzverify; byzverify.check(byzverify.protocol('om', n=4, m=1))",
    )


def test_a_picture_and_a_page_need_no_terminal() -> None:
    loads_nothing_of(
        ("rich",), "import byzverify.rendering.attack.diagram, byzverify.rendering.output, byzverify.rendering.map.page"
    )


def test_the_language_knows_neither_terms_nor_solvers() -> None:
    for path in (PACKAGE / "language").rglob("*.py"):
        outside = {module.split(".")[0] for module in imports(path)} - set(sys.stdlib_module_names)
        assert outside <= ({"byzverify", "networkx"} if path.name == "topology.py" else {"byzverify"}), path


def test_each_library_has_one_home() -> None:
    for library, homes in ONLY_HOME.items():
        users = {
            path.relative_to(PACKAGE).as_posix()
            for path in PACKAGE.rglob("*.py")
            if any(module.split(".")[0] == library for module in imports(path))
        }
        assert users == homes


def test_nothing_that_an_author_writes_is_given_the_traitors() -> None:
    """The second law: no parameter in the language or in a model is a set of traitors, conditions and modes apart."""
    for path in [*PACKAGE.rglob("language/*.py"), *MODELS.rglob("*.py")]:
        if path.name in ("conditions.py", "problems.py", "faults.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = {argument.arg for argument in node.args.args + node.args.kwonlyargs}
                assert not names & {"traitors", "loyal", "faulty", "faults"}, f"{path}: {node.name}"


def test_no_room_has_the_name_of_a_command_or_of_a_public_function() -> None:
    rooms = {one for layer in LAYERS for one in layer}
    commands = set(cli.app.commands)
    assert rooms & {*commands, *byzverify.__all__} == {"models"}, "`byzverify models` lists what is in there"


def test_no_two_classes_have_one_name() -> None:
    """A reader who has met a name once knows what it means. Names that start with an underscore are a file's own."""
    places: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if not path.is_relative_to(MODELS):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places.setdefault(node.name, []).append(module_of(path))
    twice = {name: where for name, where in places.items() if len(where) > 1 and name not in NAMED_IN_SCHEMAS}
    assert twice == {}
