"""Rules of the literature, written out as protocol files: a check proves each where it is meant for, and not beyond."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import byzverify
from byzverify.exporters.protocols.candidates import candidates
from byzverify.exporters.protocols.weights import are_enough, every_path, votes
from byzverify.exporters.protocols.writing import Proposal
from byzverify.language.faults import Fault, budget_of
from byzverify.questions.verdict import Proved, Refuted, Unknown
from byzverify.scenario.impossibility import ProblemName, Setting

Edges = tuple[tuple[int, int], ...]
Faulty = int | Mapping[str, int] | Mapping[Fault, int]
Case = tuple[ProblemName, int, int | Mapping[str, int], int | None]

EVERYONE_STARTS: tuple[ProblemName, ...] = ("consensus", "interactive")
FLOODED: tuple[ProblemName, ...] = ("broadcast", *EVERYONE_STARTS)
ALL: tuple[ProblemName, ...] = (*FLOODED, "crusader", "graded")


def edges_of(graph: Any) -> Edges:
    return tuple(sorted((min(edge), max(edge)) for edge in graph.edges))


def setting(
    problem: ProblemName,
    n: int,
    faults: int | Mapping[str, int],
    rounds: int | None,
    *,
    graph: Any = None,
    commander: int = 0,
    signed: bool = False,
) -> Setting:
    edges = tuple(combinations(range(n), 2)) if graph is None else edges_of(graph)
    start = None if problem == "consensus" else commander
    return Setting(problem, n, edges, start, rounds, budget_of(faults), signed)


def checked(found: Proposal, faults: Faulty, folder: Path, **other: Any) -> Proved | Refuted | Unknown:
    file = folder / "found.py"
    file.write_text(found.text)
    return byzverify.check(byzverify.protocol(file, **{**found.parameters, **other}), faults)


def demand_proved(asked: Setting, folder: Path) -> list[Proposal]:
    """Check every candidate; there must be one."""
    found = list(candidates(asked))
    assert found
    for number, one in enumerate(found):
        place = folder / str(number)
        place.mkdir(exist_ok=True)
        assert isinstance(checked(one, asked.faults, place), Proved), one.text
    return found


BYZANTINE: tuple[Case, ...] = (
    ("broadcast", 4, 0, 1),
    ("broadcast", 2, 1, 1),
    ("broadcast", 4, 1, 2),
    ("broadcast", 5, 1, 3),
    ("broadcast", 7, 2, 3),
    ("consensus", 4, 1, 2),
    ("consensus", 4, 1, None),
    ("interactive", 4, 1, 2),
    ("interactive", 2, 1, 1),
    ("crusader", 7, 2, 2),
    ("graded", 4, 1, 2),
    ("graded", 9, 2, 2),
    ("graded", 10, 2, 2),
    ("graded", 14, 3, 2),
    ("graded", 8, 2, 3),
    ("approximate", 4, 1, 2),
)

SIGNED: tuple[Case, ...] = (
    ("broadcast", 3, 1, 2),
    ("broadcast", 4, 2, 3),
    ("broadcast", 4, 3, 3),
    ("crusader", 5, 3, 2),
    ("graded", 4, 2, 3),
    ("consensus", 5, 2, 3),
    ("interactive", 4, 2, 3),
)

MILDER: tuple[Case, ...] = (
    *((problem, 5, {"crash": 2}, 3) for problem in FLOODED),
    *((problem, 5, {"omission": 2}, 3) for problem in FLOODED),
    ("broadcast", 4, {"crash": 3}, 3),
    ("broadcast", 6, {"crash": 1, "manifest": 1}, 2),
    ("crusader", 5, {"omission": 2}, 1),
    ("graded", 5, {"omission": 3}, 2),
    ("broadcast", 5, {"symmetric": 2}, 1),
    ("consensus", 5, {"symmetric": 2}, 1),
    ("graded", 5, {"manifest": 2}, 1),
    ("interactive", 5, {"symmetric": 1, "manifest": 1}, 1),
    ("broadcast", 5, {"byzantine": 1, "manifest": 1}, 2),
)


@pytest.mark.parametrize("case", [*BYZANTINE, *MILDER], ids=str)
def test_what_is_proposed_is_proved(case: Case, tmp_path: Path) -> None:
    demand_proved(setting(*case), tmp_path)


@pytest.mark.parametrize("case", SIGNED, ids=str)
def test_what_is_proposed_with_signatures_is_proved(case: Case, tmp_path: Path) -> None:
    demand_proved(setting(*case, signed=True), tmp_path)


IMPOSSIBLE: tuple[Case, ...] = (
    ("broadcast", 3, 1, 3),
    ("broadcast", 4, 1, 1),
    ("broadcast", 6, 2, None),
    ("broadcast", 7, 2, 2),
    ("broadcast", 3, {"crash": 1}, 1),
    ("broadcast", 4, {"crash": 2}, 2),
    ("consensus", 4, 1, 1),
    ("consensus", 4, {"crash": 2}, None),
    ("graded", 8, 2, 2),
    ("graded", 13, 3, 2),
)


@pytest.mark.parametrize("case", IMPOSSIBLE, ids=str)
def test_nothing_is_proposed_where_no_protocol_exists(case: Case) -> None:
    assert not list(candidates(setting(*case)))


BEYOND: tuple[Case, ...] = (
    ("broadcast", 4, 1, 2),
    ("broadcast", 7, 2, 3),
    ("consensus", 4, 1, None),
    ("interactive", 4, 1, 2),
    ("crusader", 7, 2, 2),
    ("graded", 9, 2, 2),
    ("graded", 7, 2, 3),
)


@pytest.mark.parametrize("case", BEYOND, ids=str)
def test_one_traitor_more_refutes(case: Case, tmp_path: Path) -> None:
    _, _, faults, _ = case
    assert isinstance(faults, int)
    for found in candidates(setting(*case)):
        assert isinstance(checked(found, faults + 1, tmp_path), Refuted), found.rule


def test_the_thresholds_of_graded_broadcast_in_two_rounds_fit_no_smaller_size(tmp_path: Path) -> None:
    (found,) = candidates(setting("graded", 9, 2, 2))
    assert isinstance(checked(found, 2, tmp_path, n=8), Refuted)


STEPS = ((6, 2, 1), (7, 2, 2), (8, 2, 3), (9, 2, 4), (13, 3, 3))
"""Generals, traitors, and how many steps two rounds can tell apart."""


@pytest.mark.parametrize(("n", "m", "number"), STEPS)
def test_two_rounds_bring_the_loyal_as_near_as_they_can(n: int, m: int, number: int, tmp_path: Path) -> None:
    asked = setting("approximate", n, m, 2)
    assert not list(candidates(asked, Fraction(1, number + 1)))
    *_, found = candidates(asked, Fraction(1, number))
    assert found.epsilon == Fraction(1, number)
    assert isinstance(checked(found, m, tmp_path), Proved)
    assert isinstance(checked(found, m, tmp_path, steps=number + 1), Refuted)


def test_one_round_is_right_within_a_half_if_nobody_invents_anything(tmp_path: Path) -> None:
    for mode in ("crash", "omission", "manifest"):
        *_, found = candidates(setting("approximate", 4, {mode: 2}, 1), Fraction(1, 2))
        assert found.epsilon == Fraction(1, 2)
        assert isinstance(checked(found, {mode: 2}, tmp_path), Proved)
        assert isinstance(checked(found, 1, tmp_path), Refuted), "a liar tells some 0 and others 1"
    assert not list(candidates(setting("approximate", 4, {"crash": 2}, 1), Fraction(1, 3)))
    assert not list(candidates(setting("approximate", 4, 1, 1), Fraction(1, 2)))


def test_one_round_is_right_within_1_whoever_fails(tmp_path: Path) -> None:
    for faults in (0, 1, 3, {"symmetric": 2}, {"byzantine": 1, "crash": 1}):
        *_, found = candidates(setting("approximate", 4, faults, 1), Fraction(1))
        assert "0 if he says nothing" in found.rule or not faults
        assert isinstance(checked(found, faults, tmp_path), Proved)
    assert isinstance(checked(found, 0, tmp_path, steps=2), Refuted), "an attack must be at the last step"


LIARS_ARE_LESS_THAN_A_THIRD = "n > 3*m and t <= m"

EVERY_SIZE = (
    (setting("broadcast", 4, 1, 2), ["n > 3 and t <= 1", LIARS_ARE_LESS_THAN_A_THIRD]),
    (setting("consensus", 7, 2, None), [LIARS_ARE_LESS_THAN_A_THIRD] * 2),
    (setting("interactive", 7, 2, 3), [LIARS_ARE_LESS_THAN_A_THIRD]),
    (setting("crusader", 7, 2, 2), [LIARS_ARE_LESS_THAN_A_THIRD]),
    (setting("graded", 9, 2, 2), ["n >= 5*m - 1 and m - 1 >= 0 and t <= m"]),
    (setting("graded", 7, 2, 3), [LIARS_ARE_LESS_THAN_A_THIRD]),
)


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "statements"), EVERY_SIZE, ids=lambda one: getattr(one, "problem", None))
def test_rules_that_count_and_trees_are_proved_at_every_size(
    asked: Setting, statements: list[str], tmp_path: Path
) -> None:
    verdicts = []
    for number, found in enumerate(candidates(asked)):
        file = tmp_path / f"found{number}.py"
        file.write_text(found.text)
        verdicts.append(byzverify.prove(type(byzverify.protocol(file, **found.parameters))))
    assert [verdict.exit_code for verdict in verdicts] == [0] * len(statements)
    assert [verdict.statement for verdict in verdicts] == statements


def without(n: int, *edges: tuple[int, int]) -> Any:
    graph = nx.complete_graph(n)
    graph.remove_edges_from(edges)
    return graph


ON_GRAPHS: tuple[tuple[ProblemName, Any, int, int], ...] = (
    ("broadcast", without(5, (0, 4)), 0, 2),
    ("broadcast", without(5, (1, 4)), 1, 2),
    ("broadcast", nx.wheel_graph(7), 0, 4),
    ("broadcast", nx.wheel_graph(7), 3, 5),
    ("crusader", nx.wheel_graph(5), 1, 3),
    ("graded", nx.wheel_graph(5), 1, 3),
    ("consensus", nx.wheel_graph(5), 0, 3),
    ("interactive", nx.wheel_graph(5), 0, 3),
)

QUICK = ("broadcast", "crusader")
"""The problems of which every default run tries one graph; the others have longer paths to be outvoted."""


def graph_cases() -> Iterator[Any]:
    """Every case; in a default run, the first one of each quick problem."""
    first = [next(one for one in ON_GRAPHS if one[0] == problem) for problem in QUICK]
    for one in ON_GRAPHS:
        yield pytest.param(*one, marks=() if one in first else pytest.mark.slow)


@pytest.mark.parametrize(("problem", "graph", "commander", "rounds"), list(graph_cases()), ids=str)
def test_paths_of_a_graph_outvote_a_traitor(
    problem: ProblemName, graph: Any, commander: int, rounds: int, tmp_path: Path
) -> None:
    asked = setting(problem, len(graph), 1, rounds, graph=graph, commander=commander)
    for found in demand_proved(asked, tmp_path):
        assert isinstance(checked(found, 2, tmp_path), Refuted)
    fewer = setting(problem, len(graph), 1, rounds - 1, graph=graph, commander=commander)
    assert problem in EVERYONE_STARTS or not list(candidates(fewer))


@pytest.mark.parametrize("mode", ["crash", "omission", "manifest"])
def test_flooding_needs_no_more_than_that_the_loyal_are_joined(mode: str, tmp_path: Path) -> None:
    for problem in FLOODED:
        demand_proved(setting(problem, 5, {mode: 1}, None, graph=nx.cycle_graph(5), commander=2), tmp_path)


@pytest.mark.parametrize("problem", ["broadcast", "graded", "consensus"])
def test_signed_orders_go_around_a_traitor_on_a_ring(problem: ProblemName, tmp_path: Path) -> None:
    demand_proved(setting(problem, 5, 1, None, graph=nx.cycle_graph(5), commander=2, signed=True), tmp_path)


def test_two_traitors_on_a_graph_are_outvoted_along_disjoint_paths(tmp_path: Path) -> None:
    demand_proved(setting("broadcast", 8, 2, None, graph=without(8, (0, 1))), tmp_path)


def test_an_order_along_every_path_is_preferred_to_a_list_of_paths() -> None:
    first, second = candidates(setting("broadcast", 5, 1, 2, graph=without(5, (0, 4))))
    assert "PATHS" not in first.text
    assert "PATHS" in second.text


def test_votes_are_as_few_as_possible() -> None:
    graph = without(5, (0, 4))
    neighbours = {general: sorted(graph[general]) for general in graph}
    assert votes(neighbours, 0, 1) is None
    found = votes(neighbours, 0, 2)
    assert found is not None
    assert {len(paths) for paths in found.values()} == {3}
    assert are_enough(found)
    assert are_enough(every_path(neighbours, 0, 2))
    assert not are_enough({receiver: paths[:1] for receiver, paths in found.items()})


def test_a_file_states_its_own_size_and_how_to_check_it(tmp_path: Path) -> None:
    first, *_ = candidates(setting("broadcast", 5, {"crash": 2}, 3))
    assert "byzverify check FILE --faults crash=2" in first.text
    file = tmp_path / "found.py"
    file.write_text(first.text)
    command = [sys.executable, "-P", "-m", "byzverify", "check", str(file), "--faults", "crash=2"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "Found(n=5, m=2)" in said.stdout


def every_kind() -> Iterator[Proposal]:
    """Proposals of every kind."""
    for case in (*BYZANTINE, *MILDER):
        yield from candidates(setting(*case))
    for case in SIGNED:
        yield from candidates(setting(*case, signed=True))
    for problem, graph, commander, rounds in ON_GRAPHS:
        yield from candidates(setting(problem, len(graph), 1, rounds, graph=graph, commander=commander))
    for problem in ALL:
        yield from candidates(setting(problem, 5, {"crash": 1}, None, graph=nx.cycle_graph(5), commander=2))
        yield from candidates(setting(problem, 5, 1, None, graph=nx.cycle_graph(5), commander=2, signed=True))
        yield from candidates(setting(problem, 8, 2, None, graph=without(8, (0, 1))))
    yield from candidates(setting("approximate", 8, 2, 2), Fraction(1))
    yield from candidates(setting("approximate", 4, {"crash": 2}, 1), Fraction(1))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of every kind."""
    folder = tmp_path_factory.mktemp("written")
    texts = dict.fromkeys(found.text for found in every_kind())
    for number, text in enumerate(texts):
        (folder / f"found_{number}.py").write_text(text)
    return folder


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=str)
def test_files_are_written_as_a_formatter_would(command: list[str], written: Path) -> None:
    asked = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), str(written)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.slow
def test_files_are_typed(written: Path) -> None:
    asked = [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", *map(str, written.glob("*.py"))]
    said = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert said.returncode == 0, said.stdout


def solvable_graphs() -> list[tuple[Any, int]]:
    """The connected graphs of up to six generals that can cope with one traitor, with each commander. Dolev 1982."""
    graphs = [graph for graph in nx.graph_atlas_g() if 4 <= len(graph) <= 6 and nx.is_connected(graph)]
    return [(graph, commander) for graph in graphs if nx.node_connectivity(graph) > 2 for commander in graph]


@pytest.mark.slow
def test_paths_are_found_on_every_graph_that_can_cope_with_one_traitor_and_on_no_other() -> None:
    able = solvable_graphs()
    assert len(able) == 121
    for graph, commander in able:
        first, *_ = candidates(setting("broadcast", len(graph), 1, 4, graph=graph, commander=commander))
        assert first
    for graph in nx.graph_atlas_g():
        if 3 <= len(graph) <= 5 and nx.is_connected(graph) and nx.node_connectivity(graph) <= 2:
            assert not list(candidates(setting("broadcast", len(graph), 1, None, graph=graph)))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(11))
def test_a_protocol_is_proved_on_every_graph_that_can_cope_with_one_traitor(part: int, tmp_path: Path) -> None:
    for graph, commander in solvable_graphs()[part::11]:
        demand_proved(setting("broadcast", len(graph), 1, 4, graph=graph, commander=commander), tmp_path)
