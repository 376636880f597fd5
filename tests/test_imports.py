"""The law that data flows one way, read off the import statements of every module."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import byzverify
import byzverify.models

PACKAGE = Path(byzverify.__file__).parent
MODELS = Path(byzverify.models.__file__).parent

ALLOWED = {
    "errors": set(),
    "limits": {"errors"},
    "crossing": {"errors", "loading.origins"},
    "aside": {"errors", "limits", "crossing", "loading.blaming"},
    "provenance": {"errors"},
    "reading": {"errors"},
    "notebooks": set(),
    "saving": {"errors"},
    "language": {"errors", "language", "loading.blaming", "loading.imported", "loading.origins"},
    "logic": {"limits", "logic"},
    "loading": {"errors", "loading", "traps.remedies"},
    "locations": {"errors", "language", "loading"},
    "traps": {"traps"},
    "library": {"errors", "language", "loading", "locations", "traps"},
    "catalogue": {"errors", "language", "library"},
    "sources": {"errors", "language", "library", "loading"},
    "crews": {"errors", "limits", "aside", "crews"},
    "checking": {"errors", "limits", "aside", "language", "logic", "checking"},
    "simulation": {"errors", "limits", "language", "simulation"},
    "nodes": {"errors", "limits", "language", "library", "simulation", "nodes"},
    "attacks": {
        "errors",
        "limits",
        "language",
        "loading",
        "library",
        "recording",
        "provenance",
        "reading",
        "saving",
        "simulation",
        "attacks",
        "checking.claims",
        "notebooks",
    },
    "certificates": {
        "errors",
        "limits",
        "aside",
        "provenance",
        "reading",
        "saving",
        "language",
        "loading",
        "library",
        "logic",
        "checking",
        "crosscheck",
        "certificates",
    },
    "crosscheck": {
        "errors",
        "limits",
        "aside",
        "crossing",
        "language",
        "library",
        "loading",
        "sources",
        "logic",
        "checking",
        "simulation",
        "attacks.wording",  # what generals and faults are called in a sentence, and nothing of attacks
        "crosscheck",
    },
    "recording": {"errors", "language", "recording"},
    "board": {"errors", "language", "logic", "checking", "recording", "attacks", "board"},
    "export": {"errors", "limits", "aside", "language", "logic", "checking", "recording", "export"},
    "dividing": {
        "errors",
        "limits",
        "aside",
        "language",
        "library",
        "sources",
        "logic",
        "checking",
        "crews",
        "dividing",
    },
    "exhibits": {"errors", "catalogue", "questions"},
    "questions": {
        "errors",
        "limits",
        "language",
        "library",
        "loading",
        "logic",
        "crews",
        "dividing",
        "checking",
        "simulation",
        "attacks",
        "nodes",
        "certificates",
        "crosscheck",
        "questions",
        "notebooks",
    },
    "campaign": {
        "errors",
        "limits",
        "language",
        "loading",
        "library",
        "catalogue",
        "logic",
        "checking",
        "simulation",
        "nodes",
        "recording",
        "attacks",
        "questions",
        "campaign",
    },
    "maps": {
        "errors",
        "limits",
        "aside",
        "language",
        "loading",
        "library",
        "catalogue",
        "sources",
        "crews",
        "questions",
        "attacks",
        "provenance",
        "reading",
        "saving",
        "maps",
        "crosscheck",
    },
    "report": {
        "questions",
        "errors",
        "provenance",
        "reading",
        "saving",
        "language",
        "library",
        "catalogue",
        "logic",
        "simulation",
        "attacks",
        "certificates",
        "board",
        "nodes",
        "campaign",
        "maps",
        "report",
    },
    "strategies": {
        "limits",
        "language",
        "checking.failure_semantics",
        "recording",
        "simulation",
        "questions",
        "campaign",
    },
    "testing": {"errors", "limits", "simulation", "nodes", "attacks", "questions", "campaign", "report"},
    "models": {"language", "models"},  # which of them, a test of their own says
    "cli": {"errors", "limits", "loading.blaming", "traps", "commands"},
    "commands": {
        "certificates",
        "errors",
        "limits",
        "library",
        "catalogue",
        "questions",
        "exhibits",
        "report",
        "attacks",
        "language",
        "export",
        "nodes",
        "campaign",
        "crews",
        "maps",
        "provenance",
        "reading",
        "saving",
        "commands",
    },
    "__main__": {"cli"},
    "__init__": {"questions", "attacks", "certificates"},
}
"""Who may import whom, by the first part of a module's name below byzverify."""

ONLY_HOME = {
    "z3": {"checking/solvers/z3.py"},
    "cvc5": {"checking/solvers/cvc5.py"},
    "exact": {"checking/solvers/exact.py"},
    "pysat": {"checking/solvers/cadical.py"},
    "pysolvers": {"checking/solvers/cadical.py"},
    "typer": {
        "cli.py",
        "commands/options.py",
        "commands/attacks.py",
        "commands/maps.py",
        "commands/programs.py",
        "commands/verifying.py",
    },
    "pydantic": {
        "attacks/file.py",
        "attacks/letter.py",
        "attacks/trace.py",
        "attacks/loading.py",
        "catalogue.py",
        "certificates/manifest.py",
        "maps/landscape.py",
        "report/chart/file.py",
        "nodes/wire.py",
        "nodes/conversation.py",
        "nodes/players.py",
        "nodes/serving.py",
    },
    "anyio": {
        "nodes/process.py",
        "nodes/players.py",
        "nodes/harness.py",
        "nodes/interview.py",
        "nodes/pool.py",
        "campaign/playing.py",
    },
    "networkx": {"language/topology.py"},
    "hypothesis": {"strategies.py"},
    "pytest": {"testing.py"},
    "distributed": {"crews/cluster.py"},
    "resvg_py": {"report/picture.py"},
    "pyarrow": {"report/chart/table.py"},
}
"""Libraries that one file keeps to itself."""


@cache
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


CHECKER = ("z3", "byzverify.logic", "byzverify.checking")


def test_a_model_for_other_tools_is_made_without_the_checker() -> None:
    loads_nothing_of(
        CHECKER,
        "from byzverify.export.formats import exported\n"
        "from byzverify.models.om import OM\n"
        "for to in ('tla', 'promela'): exported(OM(n=4, m=1), {}, to)",
    )


def test_reading_an_attack_file_needs_no_checker() -> None:
    loads_nothing_of(CHECKER, "import byzverify; byzverify.load")


def test_the_simulator_needs_neither_z3_nor_terms() -> None:
    loads_nothing_of(
        CHECKER,
        "from byzverify.models.om import OM\n"
        "from byzverify.simulation import judging, rounds, strategies\n"
        "judging.judge(rounds.run(OM(n=4, m=1), {3}, {}, strategies.Silent()))",
    )


def test_the_checker_of_proofs_shares_no_code_with_what_makes_them() -> None:
    outside = {module.split(".")[0] for module in imports(PACKAGE / "certificates" / "lrat.py")}
    assert outside <= set(sys.stdlib_module_names)


def test_checking_a_certificate_needs_no_solver() -> None:
    loads_nothing_of(("z3", "pysat", "pysolvers", "cvc5", "exact"), "import byzverify.certificates.certifying")


def test_help_imports_nothing_heavy() -> None:
    loads_nothing_of(("z3", "pydantic", "networkx", "rich.table"), "import byzverify.cli")


def test_a_picture_and_a_page_need_no_terminal() -> None:
    loads_nothing_of(
        ("rich",), "import byzverify.report.diagram, byzverify.report.writing, byzverify.report.chart.page"
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
