"""Formulas of linear arithmetic drawn at random, over unknowns with few values, and every choice of these values."""

from collections.abc import Iterator, Sequence
from itertools import product

from hypothesis import strategies as st

from byzverify.logic.linear import Arithmetic, Formula, Linear, Valuation, unknown

NUMBERS = ("n", "values: ATTACK", "or")
TRUTHS = ("arrives", "n")
"""Names of which one is a number's, too, and one means something to SMT-LIB."""

MOST = 3
"""The largest value of a number."""

SUMS = st.builds(
    lambda factors, constant: Linear.of(dict(zip(NUMBERS, factors, strict=True)), constant),
    st.lists(st.integers(-3, 3), min_size=len(NUMBERS), max_size=len(NUMBERS)),
    st.integers(-4, 4),
)


@st.composite
def arithmetics(draw: st.DrawFn) -> tuple[Arithmetic, list[Formula]]:
    """An arithmetic, and formulas of which some can hold together only where the numbers are from 0 to MOST."""
    arithmetic = Arithmetic()
    known = [arithmetic.truth(name) for name in TRUTHS]
    for _ in range(draw(st.integers(2, 8))):
        parts = [one * draw(st.sampled_from([1, -1])) for one in draw(st.lists(st.sampled_from(known), max_size=3))]
        if draw(st.booleans()):
            known.append(arithmetic.at_least_0(draw(SUMS), [(part, draw(SUMS)) for part in parts]))
        else:
            known.append(arithmetic.all_of(parts))
    asked = [one * draw(st.sampled_from([1, -1])) for one in draw(st.lists(st.sampled_from(known), max_size=4))]
    ends = [(unknown(name), -unknown(name) + MOST) for name in NUMBERS]
    return arithmetic, [*(arithmetic.at_least_0(end) for pair in ends for end in pair), *asked]


def can_hold(arithmetic: Arithmetic, formulas: Sequence[Formula]) -> bool:
    """Whether some choice of values makes all of the formulas hold."""
    return any(all(map(values.holds, formulas)) for values in valuations(arithmetic))


def valuations(arithmetic: Arithmetic) -> Iterator[Valuation]:
    """Every choice of values."""
    for numbers in product(range(MOST + 1), repeat=len(NUMBERS)):
        for truths in product([False, True], repeat=len(TRUTHS)):
            true = [name for name, holds in zip(TRUTHS, truths, strict=True) if holds]
            yield Valuation(arithmetic, dict(zip(NUMBERS, numbers, strict=True)), true)
