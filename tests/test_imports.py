"""The law that data flows one way, read off the import statements of every module."""

import ast
import subprocess
import sys
from pathlib import Path

import byzverify.models

import byzverify

PACKAGE = Path(byzverify.__file__).parent
MODELS = Path(byzverify.models.__file__).parent

ALLOWED = {
    "errors": set(),
    "limits": {"errors"},
    "language": {"errors", "language"},
    "logic": {"limits", "logic"},
    "library": {"errors", "language"},
    "checking": {"errors", "limits", "language", "logic", "checking"},
    "simulation": {"errors", "limits", "language", "simulation"},
    "attacks": {"errors", "limits", "language", "library", "simulation", "attacks", "checking.claims"},
    "verdict": {"language", "attacks"},
    "questions": {"errors", "limits", "language", "checking", "simulation", "attacks", "verdict"},
    "report": {"language", "library", "simulation", "attacks", "verdict"},
    "models": {"language"},
    "cli": {"errors", "limits", "library", "questions", "report", "verdict", "attacks", "language"},
    "__main__": {"cli"},
    "__init__": {"questions", "attacks", "verdict"},
}
"""Who may import whom, by the first part of a module's name below byzverify."""

ONLY_HOME = {"z3": {"checking/solving.py"}, "typer": {"cli.py"}, "pydantic": {"attacks/file.py"}}
"""Libraries that one file keeps to itself."""


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def part(module: str) -> str:
    return module.removeprefix("byzverify.").split(".")[0]


def test_every_import_points_the_way_that_data_flows() -> None:
    broken = []
    for path in PACKAGE.rglob("*.py"):
        relative = path.relative_to(PACKAGE)
        allowed = ALLOWED[relative.parts[0].removesuffix(".py")]
        for module in sorted(imports(path)):
            if not module.startswith("byzverify."):
                continue
            inside = module.removeprefix("byzverify.")
            if part(module) not in allowed and not any(inside.startswith(one) for one in allowed if "." in one):
                broken.append(f"{relative} imports {module}")
    assert broken == []


def test_a_model_imports_the_language_and_nothing_else() -> None:
    for path in MODELS.rglob("*.py"):
        outside = {module for module in imports(path) if module.split(".")[0] not in sys.stdlib_module_names}
        assert all(module.startswith("byzverify.language") for module in outside), path


def test_reading_an_attack_file_needs_no_checker() -> None:
    program = (
        "import sys, byzverify\n"
        "byzverify.load\n"
        "loaded = [m for m in sys.modules if m == 'z3' or m.startswith(('byzverify.logic', 'byzverify.checking'))]\n"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    ended = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_the_language_knows_neither_terms_nor_solvers() -> None:
    for path in (PACKAGE / "language").rglob("*.py"):
        outside = {module.split(".")[0] for module in imports(path)} - set(sys.stdlib_module_names)
        assert outside <= {"byzverify"}, path


def test_each_library_has_one_home() -> None:
    for library, homes in ONLY_HOME.items():
        users = {
            path.relative_to(PACKAGE).as_posix()
            for path in PACKAGE.rglob("*.py")
            if any(module.split(".")[0] == library for module in imports(path))
        }
        assert users == homes


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, byzverify.cli\n"
        "heavy = {'z3', 'pydantic', 'networkx', 'rich.table'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    ended = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_nothing_that_an_author_writes_is_given_the_traitors() -> None:
    """The second law: no parameter in the language or in a model is a set of traitors, conditions apart."""
    for path in [*PACKAGE.rglob("language/*.py"), *MODELS.rglob("*.py")]:
        if path.name == "conditions.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = {argument.arg for argument in node.args.args + node.args.kwonlyargs}
                assert not names & {"traitors", "loyal", "faulty", "faults"}, f"{path}: {node.name}"
