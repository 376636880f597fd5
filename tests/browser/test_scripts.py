"""The page's scripts by themselves: their types, and the evaluator against Python's."""

import json
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Terms
from tests.browser.conftest import from_npm
from tests.other_tools import program

SCRIPTS = files("byzverify.report") / "page"

ANSWERING = """
const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { nodes, trueVariables } = JSON.parse(line);
  console.log(JSON.stringify([...evaluate(nodes, new Set(trueVariables))]));
});
"""

Answer = Callable[[list[object], list[int]], list[int]]


@pytest.fixture(scope="module")
def answer() -> Iterator[Answer]:
    """What the page's evaluator says, under Node."""
    source = (SCRIPTS / "evaluator.js").read_text(encoding="utf-8") + ANSWERING
    with subprocess.Popen(
        [program("node"), "-e", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        asks, answers = node.stdin, node.stdout

        def ask(nodes: list[object], true_variables: list[int]) -> list[int]:
            asks.write(json.dumps({"nodes": nodes, "trueVariables": true_variables}) + "\n")
            asks.flush()
            found: list[int] = json.loads(answers.readline())
            return found

        yield ask
        asks.close()


@st.composite
def graphs(draw: st.DrawFn) -> Terms:
    """Variables, and nodes over all that was made before them."""
    terms = Terms()
    literals = [terms.variable(number) for number in range(draw(st.integers(1, 6)))]
    for _ in range(draw(st.integers(0, 25))):
        signed = st.sampled_from(literals).flatmap(lambda literal: st.sampled_from([literal, -literal]))
        parts = draw(st.lists(signed, min_size=1, max_size=6))
        weights = draw(st.none() | st.lists(st.integers(1, 4), min_size=len(parts), max_size=len(parts)))
        literals.append(terms.at_least(draw(st.integers(1, sum(weights or [1] * len(parts)))), parts, weights))
    return terms


@settings(max_examples=300, deadline=None)
@given(terms=graphs(), true=st.sets(st.integers(2, 7)))
def test_the_page_evaluates_terms_as_python_does(answer: Answer, terms: Terms, true: set[int]) -> None:
    nodes: list[object] = [
        0 if node is None else [node.k, list(node.literals), *([list(node.weights)] if node.weights else [])]
        for node in terms.nodes
    ]
    expected = evaluate(terms, range(1, len(nodes)), true)
    assert answer(nodes, sorted(true))[1:] == [int(truth) for truth in expected]


def test_the_scripts_are_well_typed() -> None:
    compiler = from_npm("typescript/bin/tsc")
    checked = subprocess.run(
        [program("node"), str(compiler), "-p", str(SCRIPTS / "tsconfig.json")], capture_output=True, text=True
    )
    assert checked.stdout == ""
    assert checked.returncode == 0


def test_the_type_checker_sees_every_script() -> None:
    for script in SCRIPTS.iterdir():
        if script.name.endswith(".js"):
            assert script.read_text(encoding="utf-8").startswith("// @ts-check\n"), script.name
