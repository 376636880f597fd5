"""What fault modes allow stands in tables, one for each account, and each table has a row for every mode.

A table is found by what it is: a literal mapping that names two modes or more, among its keys or its values.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import byzverify
from byzverify.engines.parameterized.families import LYING, MILDER
from byzverify.language.faults import Fault, lies

PACKAGE = Path(byzverify.__file__).parent
ROOT = Path(__file__).parents[1]

ACCOUNTS = {
    "engines/finite/failure_semantics.py: SEMANTICS": "the checker, the board and drawn trials",
    "simulation/granting.py: GRANTS": "the simulator",
    "exporters/tla_modes.py: TLA_MODES": "models in TLA+",
    "exporters/promela_modes.py: PROMELA_MODES": "models in Promela",
    "rendering/attack/inviting.py: MAY": "what pages say of a mode",
    "maps/periodic.py: INCLUDES": "which cells of a periodic table must agree",
    "commands/programs.py: MODES": "the letters of `simulate -G`",
}
"""The tables that there are, each with what derives from it."""

DERIVE = ("engines", "board", "crosscheck", "questions", "strategies.py")
"""What derives from the checker's account."""

EXECUTE = (*DERIVE, "exporters", "simulation/channel.py")
"""The places that execute a mode. They must read the table instead of comparing a mode with `BYZANTINE`."""

FOR_ALL_SIZES = "engines/parameterized/"
"""The engine for all sizes knows generals who lie and generals who omit, and widens other modes into one of these."""

OF_EVERY_PROTOCOL = (
    *("engines/solvability/", "exporters/protocols/", "rendering/impossibility/"),
    *("questions/solving.py", "questions/unsolvable.py"),
)
"""What decides whether any protocol exists. Its arguments are theorems about named modes: chains of crashes, covers of
liars, the published protocols for each mixture. A mode that no theorem is about is answered with UNKNOWN.
"""

MODES = {mode.name: mode for mode in Fault}


@dataclass(frozen=True)
class Table:
    """A table of modes. where: its file and what it is called. lines: which it takes up. rows: the modes in it."""

    where: str
    lines: range
    rows: frozenset[Fault]


def mode_of(node: ast.AST | None) -> Fault | None:
    """The mode that an expression names: `Fault.CRASH`, or "crash"."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Fault":
        return MODES.get(node.attr)
    if isinstance(node, ast.Constant) and node.value in [mode.value for mode in Fault]:
        return Fault(node.value)
    return None


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def tables() -> Iterator[Table]:
    for name, tree in parsed():
        for statement in ast.walk(tree):
            if not isinstance(statement, ast.Assign | ast.AnnAssign):
                continue
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            for node in ast.walk(statement):
                rows = {mode_of(part) for part in [*node.keys, *node.values]} if isinstance(node, ast.Dict) else set()
                named = frozenset(filter(None, rows))
                if len(named) > 1:
                    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
                    yield Table(f"{name}: {ast.unparse(target)}", lines, named)


TABLES = list(tables())


def test_the_tables_of_modes_are_those_that_are_known() -> None:
    assert {table.where for table in TABLES} == {*ACCOUNTS}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.where)
@pytest.mark.parametrize("mode", list(Fault))
def test_every_table_has_a_row_for_every_mode(table: Table, mode: Fault) -> None:
    assert mode in table.rows, f"{table.where} has no row for {mode}: {ACCOUNTS.get(table.where, 'see there')}"


@pytest.mark.slow
def test_nothing_but_a_table_says_what_a_mode_allows() -> None:
    """Code that asks for one mode forgets the next; what it wants to know is a column of a table."""
    asked = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and mode_of(node) is not None and name != "language/faults.py"
        if not name.startswith((FOR_ALL_SIZES, *OF_EVERY_PROTOCOL))
        if mode_of(node) is not Fault.BYZANTINE or name.startswith(EXECUTE)
        if not any(table.where.startswith(f"{name}:") and node.lineno in table.lines for table in TABLES)
    ]
    assert asked == []


def test_the_engine_for_all_sizes_widens_every_mode() -> None:
    assert {*MILDER, *LYING} == {*Fault}
    assert all(lies(mode) is (mode in LYING) for mode in Fault)


@pytest.mark.slow
def test_no_account_reads_another() -> None:
    modules = {f"byzverify.{where.partition('.py')[0].replace('/', '.')}" for where in list(ACCOUNTS)[:4]}
    allowed = {
        "byzverify.engines.finite.failure_semantics": DERIVE,
        "byzverify.simulation.granting": ("simulation",),
        "byzverify.exporters.tla_modes": ("exporters/tla",),
        "byzverify.exporters.promela_modes": ("exporters/promela",),
    }
    assert {*allowed} == modules
    for name, tree in parsed():
        read = {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        for module in read & modules:
            assert name.startswith(allowed[module]), f"{name} reads {module}, an account that is not its own"


@pytest.mark.parametrize("mode", list(Fault))
def test_every_mode_is_explained(mode: Fault) -> None:
    wanted = {
        ROOT / "docs" / "howto" / "faults.md": f"\n| `{mode}` | ",
        ROOT / "docs" / "glossary.md": f"`{mode}`",
        PACKAGE / "attacks" / "attack.schema.json": f'"{mode}"',
    }
    missing = [path.name for path, text in wanted.items() if text not in path.read_text(encoding="utf-8")]
    assert missing == [], f"these say nothing of {mode}"
