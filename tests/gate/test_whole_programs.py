"""Each lemma about a whole program without phases says at a size what the finite engine says there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

import pytest

from byzverify.engines.parameterized.lemmas import Lemma
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from byzverify.models.crusader import Crusader
from byzverify.models.gradecast import Gradecast
from tests.gate.asking import asked, built, commanders_fault
from tests.gate.finite import Numbers, Remembered, Scene, first_fails, within
from tests.gate.programs import SMALL

PROGRAMS: tuple[type[Protocol], ...] = (Crusader, Gradecast, *SMALL)

MODES = {"t": Fault.BYZANTINE, "omission": Fault.OMISSION}
"""What the parameters of `tolerates` count."""


def compared(kind: type[Protocol], parameters: Mapping[str, int], most: Mapping[str, int]) -> Counter[str]:
    """Compare all lemmas with the finite engine at one size. most: how many may fail, by parameter of `tolerates`.

    Counts the answers.
    """
    protocol = built(kind, parameters)
    tally: Counter[str] = Counter()
    for lemma in asked(kind).lemmas if protocol is not None else ():
        assert protocol is not None
        fails = Remembered(partial(exactly, protocol, lemma))
        for numbers in within({MODES[name]: number for name, number in most.items()}):
            sizes = {**parameters, **{name: numbers[MODES[name]] for name in most}}
            broken = asked(kind).broken(lemma, sizes) is not None
            assert broken == fails(numbers), f"{kind.__name__} {sizes}: {lemma.name}"
            tally["broken" if broken else "holds"] += 1
    return tally


def exactly(protocol: Protocol, lemma: Lemma, numbers: Numbers) -> bool:
    """Whether the condition of a lemma can be broken while exactly so many generals fail."""
    fault = commanders_fault(lemma) if protocol.problem.has_commander else None
    faults = first_fails(protocol.n, fault, numbers)
    assert lemma.condition is not None
    return faults is not None and Scene(protocol, faults).breaks(lemma.condition)


def cells(kind: type[Protocol], generals: range) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """The sizes of a program, and the most generals that may fail there."""
    for n in generals:
        for number in range(n):
            if hasattr(kind, "o"):
                yield {"n": n, "o": number}, {"t": 1 if n < 5 else 0, "omission": number}
            else:
                yield {"n": n, "m": number}, {"t": number}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_lemmas_agree_with_the_finite_engine(kind: type[Protocol]) -> None:
    tally: Counter[str] = Counter()
    for parameters, most in cells(kind, range(1, 5)):
        tally += compared(kind, parameters, most)
    assert tally["broken"] >= 5
    assert tally["holds"] >= 5


BOUNDS = [(Crusader, 6, 2), (Crusader, 5, 1), (Crusader, 7, 2), (Gradecast, 6, 2), (Gradecast, 5, 1), (Gradecast, 7, 2)]


@pytest.mark.parametrize(("kind", "n", "m"), BOUNDS)
def test_lemmas_agree_with_the_finite_engine_at_the_bound(kind: type[Protocol], n: int, m: int) -> None:
    assert compared(kind, {"n": n, "m": m}, {"t": m})["holds"]


@pytest.mark.campaign
@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("n", [5, 6, 7])
def test_lemmas_agree_with_the_finite_engine_at_larger_sizes(kind: type[Protocol], n: int) -> None:
    for parameters, most in cells(kind, range(n, n + 1)):
        compared(kind, parameters, most)
