"""The thresholds of the counting protocols: only the published ones are proved for all sizes."""

import re

import pytest

from byzverify.catalogue import library
from tests.mutants.thresholds import MODELS, PAGE, TEMPLATE, section, shifted, variants
from tests.support.lemmas import is_proved


def sections() -> list[str]:
    """The sections of the page."""
    return re.split(r"^(?=## )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


@pytest.mark.slow
def test_only_the_published_one_of_27_phase_kings_is_proved() -> None:
    kind = library.find("phase_king")
    assert len(variants("phase_king")) == 27
    assert [steps for steps in variants("phase_king") if is_proved(shifted(kind, steps).build())] == [(0, 0, 0)]


def test_a_variant_has_the_text_of_the_model_but_for_its_thresholds() -> None:
    kind = library.find("gradecast")
    lines = [shifted(kind, steps).source.splitlines() for steps in ((0, 0, 0, 0), (0, -1, 0, 1))]
    assert [(one.strip(), other.strip()) for one, other in zip(*lines, strict=True) if one != other] == [
        (
            "decision = ite(count(names, candidate) > self.m, candidate, decision)",
            "decision = ite(count(names, candidate) > self.m - 1, candidate, decision)",
        ),
        (
            "sure = any_of((count(names, candidate) >= self.n - self.m for candidate in self.orders))",
            "sure = any_of((count(names, candidate) >= self.n - self.m + 1 for candidate in self.orders))",
        ),
    ]


def test_the_page_has_a_section_for_each_model() -> None:
    assert [re.findall(r"`(\w+)`", text)[0] for text in sections()] == list(MODELS)
    assert PAGE.read_text(encoding="utf-8").startswith(TEMPLATE.read_text(encoding="utf-8").partition("$")[0])


def test_only_the_published_row_of_each_table_is_proved() -> None:
    for text in sections():
        rows = [line for line in text.splitlines() if line.startswith("|")][2:]
        proved = [row for row in rows if not re.search(r"n=|unknown", row)]
        assert [re.findall(r"[+-]1", row) for row in proved] == [[]]


@pytest.mark.campaign
@pytest.mark.parametrize("model", MODELS)
def test_the_page_says_what_is_found(model: str) -> None:
    assert section(model).strip() in PAGE.read_text(encoding="utf-8")
