"""How long chains of executions are in two rounds: observed, not proved; docs/explanation/findings.md quotes it."""

from math import ceil

import pytest

from byzverify.engines.solvability import deciding
from byzverify.questions.existence import question_of


@pytest.mark.parametrize(("n", "t"), [(n, t) for t in (2, 3, 4) for n in range(2 * t + 1, 18)])
def test_a_shortest_chain_in_two_rounds_is_as_long_as_the_formula_says(n: int, t: int) -> None:
    (_, found), *_ = deciding.decide([question_of(n, t, rounds=2).setting])
    assert found.chain is not None
    assert found.shortest
    assert len(found.chain.runs) == max(1, ceil((n - 1 - 2 * t) / (t - 1))) + 2


@pytest.mark.parametrize(("n", "t"), [(n, t) for t in (2, 3, 4) for n in range(3 * t + 1, 18)])
def test_a_chain_rules_out_graded_broadcast_in_two_rounds_if_there_are_fewer_than_5t_minus_1(n: int, t: int) -> None:
    question = question_of(n, t, rounds=2, problem="graded")
    (_, found), *_ = deciding.decide([question.setting], deciding.longest("graded", None))
    assert (found.chain is not None) == (n < 5 * t - 1)
