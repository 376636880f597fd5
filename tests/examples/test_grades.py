"""The sketch of graded broadcast has the published thresholds, and no others, at the smallest size."""

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.models.gradecast import Gradecast
from examples.grades import Grades


def test_with_the_published_thresholds_it_does_what_the_model_does() -> None:
    filled = library.build(Grades, {"n": 4, "m": 1, "enough": 3, "some": 2})
    for seed in range(10):
        ended = [byzverify.simulate(one, [1], ["ATTACK"], "random", seed).run for one in (filled, Gradecast(n=4, m=1))]
        assert str(ended[0].decisions) == str(ended[1].decisions)


@pytest.mark.slow
def test_the_published_sums_fit() -> None:
    sizes = [(4, 1), (5, 1), (7, 2)]
    found = byzverify.complete([library.build(Grades, {"n": n, "m": m}) for n, m in sizes])
    fits = [{name: str(one) for name, one in fit.items()} for fit in found.fits]
    assert fits == [{"enough": "n - m", "some": "m + 1"}, {"enough": "n - m", "some": "n - 2 * m"}]
