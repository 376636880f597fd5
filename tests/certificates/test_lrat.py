"""The checker of proofs: against truth tables, and against proofs that it must not accept."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.certificates.lrat import DimacsText, Rejected, check, without_hints

LITERALS = st.sampled_from([-3, -2, -1, 1, 2, 3])
CLAUSES = st.lists(st.lists(LITERALS, max_size=3), min_size=1, max_size=7)
STEPS = st.lists(
    st.tuples(st.lists(LITERALS, max_size=2), st.lists(st.integers(1, 12), max_size=5)), min_size=1, max_size=4
)

CONTRADICTION = b"p cnf 2 4\n1 2 0\n1 -2 0\n-1 2 0\n-1 -2 0\n"
PROOF = b"5 1 0 1 2 0\n5 d 1 2 0\n6 2 0 5 3 0\n7 0 5 6 4 0\n"


def written(clauses: list[list[int]]) -> bytes:
    lines = [f"p cnf 3 {len(clauses)}"] + [" ".join(map(str, [*clause, 0])) for clause in clauses]
    return "".join(line + "\n" for line in lines).encode()


def models(clauses: list[list[int]]) -> list[tuple[bool, ...]]:
    return [
        row
        for row in product([False, True], repeat=3)
        if all(any(row[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses)
    ]


def test_a_proof_is_followed_to_the_empty_clause() -> None:
    assert check(DimacsText(CONTRADICTION), PROOF) == 3


@given(clauses=CLAUSES, steps=STEPS)
def test_a_step_is_accepted_only_if_it_follows(
    clauses: list[list[int]], steps: list[tuple[list[int], list[int]]]
) -> None:
    """Each step is the only one of a proof, and without the empty clause the proof is refused at its end."""
    for clause, hints in steps:
        step = f"{len(clauses) + 1} {' '.join(map(str, [*clause, 0, *hints, 0]))}\n".encode()
        follows = models(clauses) == models([*clauses, clause])
        try:
            check(DimacsText(written(clauses)), step)
            accepted = True
        except Rejected as reason:
            accepted = "without the empty clause" in str(reason)
        assert follows or not accepted


@given(clauses=CLAUSES.filter(models), steps=STEPS)
def test_no_proof_refutes_what_has_a_model(clauses: list[list[int]], steps: list[tuple[list[int], list[int]]]) -> None:
    proof = "".join(
        f"{number} {' '.join(map(str, [*clause, 0, *hints, 0]))}\n"
        for number, (clause, hints) in enumerate(steps, start=len(clauses) + 1)
    )
    with pytest.raises(Rejected):
        check(DimacsText(written(clauses)), proof.encode())


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        (b"", "without the empty clause"),
        (b"5 1 0 1 2 0\n", "without the empty clause"),
        (b"5 0 1 2 0\n", "line 1 of the proof: clause 1 has more than one literal left"),
        (b"5 1 0 1 0\n", "clause 5 does not follow from the clauses that it names"),
        (b"5 1 0 0\n", "clause 5 does not follow"),
        (b"5 1 0 1 9 0\n", "there is no clause 9"),
        (b"5 1 0 -1 2 0\n", "there is no clause -1"),
        (b"4 1 0 1 2 0\n", "clause 4 comes after clause 4"),
        (b"1 d 1 0\n5 1 0 1 2 0\n", "line 2 of the proof: there is no clause 1"),
        (b"1 d 1 1 0\n", "there is no clause 1"),
        (b"1 d 9 0\n", "there is no clause 9"),
        (b"5 1 0 1 2\n", "line 1 of the proof is not a step"),
        (b"5 1  0 1 2 0\n", "line 1 of the proof is not a step"),
        (b"5 1 0 1 2 0 0\n", "line 1 of the proof is not a step"),
        (b"5 +1 0 1 2 0\n", "line 1 of the proof is not a step"),
        (PROOF + b"8 1 0 5 0\n", "line 5 of the proof comes after the empty clause"),
        (PROOF + b"x y z\n", "line 5 of the proof is not a step"),
        (b"x\n", "line 1 of the proof is not a step"),
    ],
)
def test_what_is_no_proof_is_refused(proof: bytes, says: str) -> None:
    with pytest.raises(Rejected) as raised:
        check(DimacsText(CONTRADICTION), proof)
    assert says in str(raised.value)


def test_a_deleted_clause_that_was_added_is_gone() -> None:
    with pytest.raises(Rejected, match="line 3 of the proof: there is no clause 5"):
        check(DimacsText(CONTRADICTION), b"5 1 0 1 2 0\n5 d 5 0\n6 2 0 5 3 0\n")


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        (b"", "has no header"),
        (b"p cnf 1\n1 0\n", "has no header"),
        (b"p cnf 1 2\n1 0\n", "has 1 lines of clauses, and its header says 2"),
        (b"p cnf 1 1\n1 0", "has 0 lines of clauses"),
        (b"p cnf 1 1\n1 0\n-1 0", "has 1 lines of clauses"),
        (b"p cnf 1 1\n1\n", "clause 1 of the formula is not a list of literals that ends with 0"),
        (b"p cnf 1 1\n1 0 0\n", "clause 1 of the formula is not a list"),
        (b"p cnf 1 1\n2 0\n", "clause 1 of the formula has a variable above 1"),
    ],
)
def test_what_is_no_formula_is_refused(formula: bytes, says: str) -> None:
    with pytest.raises(Rejected) as raised:
        check(DimacsText(formula), b"2 0 1 0\n")
    assert says in str(raised.value)


def test_a_comment_is_no_clause() -> None:
    assert check(DimacsText(b"c 1 0\nc\n" + CONTRADICTION), PROOF) == 3


def test_without_hints_a_proof_is_its_clauses() -> None:
    assert without_hints(PROOF) == b"1 0\n2 0\n0\n"
