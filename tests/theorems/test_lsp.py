"""The published theorems, cell by cell: LSP 1982 for OM(m), Berman, Garay & Perry 1989 for the phase king."""

from itertools import product

import pytest

import byzverify
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram

CELLS = [
    (n, m, t) for n, m, t in product(range(2, 11), range(4), range(5)) if m <= n - 2 and t <= n
]  # LSP state OM(m) for m <= n-2


def verdicts(n: int, m: int, t: int) -> dict[str, str]:
    verdict = byzverify.check(OM(n=n, m=m), t)
    return {known.condition.name: known.verdict for known in verdict.conditions}


@pytest.mark.parametrize(("n", "m", "t"), CELLS)
def test_theorem_1_and_lemma_1_say_of_each_cell_what_comes_out(n: int, m: int, t: int) -> None:
    """One check for all that is known of a cell."""
    found = verdicts(n, m, t)
    if n > 3 * m and t <= m:
        assert found == {"IC1": "proved", "IC2": "proved"}, "theorem 1: OM(m) solves the problem for more than 3m"
        assert OM(n=n, m=m).tolerates(t)
    if n > 2 * t + m:
        assert found["IC2"] == "proved", "lemma 1: IC2 holds for more than 2t + m generals"
    elif m > 0 and t > 0:
        assert found["IC2"] == "refuted", "lemma 1 is tight"
    if n > 2 * t + m and t <= m:
        assert found == {"IC1": "proved", "IC2": "proved"}, "not in the paper: docs/reference/models.md"


@pytest.mark.parametrize("m", [1, 2, 3, pytest.param(4, marks=pytest.mark.slow)])
def test_no_solution_with_3m_generals(m: int) -> None:
    """LSP 1982, section 2: three generals cannot cope with one traitor, nor 3m with m."""
    verdict = byzverify.check(OM(n=3 * m, m=m))
    assert isinstance(verdict, byzverify.Refuted)
    assert verdict.attack.replay().violated


@pytest.mark.parametrize("m", [0, 1, 2, 3])
def test_more_traitors_than_rounds_of_relaying_break_agreement(m: int) -> None:
    """Fischer & Lynch 1982: m+1 rounds are not enough against m+1 traitors, however many generals there are."""
    assert verdicts(n=3 * m + 4, m=m, t=m + 1)["IC1"] == "refuted"


KINGS = [(1, 0), (2, 0), (4, 1), (5, 1), (7, 2), pytest.param(8, 2, marks=pytest.mark.slow)]


@pytest.mark.parametrize(("n", "m"), KINGS)
def test_phase_king_solves_consensus_for_more_than_3m_generals(n: int, m: int) -> None:
    assert PhaseKing(n=n, m=m).tolerates(m)
    assert isinstance(byzverify.check(PhaseKing(n=n, m=m)), byzverify.Proved)


@pytest.mark.parametrize(("n", "m"), [(3, 1), (6, 2)])
def test_phase_king_fails_with_3m_generals(n: int, m: int) -> None:
    assert not PhaseKing(n=n, m=m).tolerates(m)
    assert isinstance(byzverify.check(PhaseKing(n=n, m=m)), byzverify.Refuted)


def test_om_and_phase_king_agree_on_more_than_two_orders() -> None:
    assert isinstance(byzverify.check(OM(n=7, m=2, values=3)), byzverify.Proved)
    assert isinstance(byzverify.check(OM(n=6, m=2, values=3)), byzverify.Refuted)
    assert isinstance(byzverify.check(PhaseKing(n=4, m=1, values=3)), byzverify.Proved)


@pytest.mark.parametrize(("n", "m"), [(7, 2), (10, 3)])
def test_the_flat_tally_breaks_where_om_holds(n: int, m: int) -> None:
    assert isinstance(byzverify.check(OM(n=n, m=m)), byzverify.Proved)
    assert isinstance(byzverify.check(ReadmeProgram(n=n, m=m)), byzverify.Refuted)
