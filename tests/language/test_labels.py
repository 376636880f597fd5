"""What can be asked of a label, whichever kind it is of."""

from typing import Any

from byzverify.engines.finite.names import Name
from byzverify.language.labels import (
    Chain,
    Form,
    Part,
    chains_in,
    is_arrival,
    is_plain,
    message_of,
    readings_of,
    signers_of,
    without_fields,
)

CHAIN = Chain("ATTACK", (0, 2))
FORM = Form("report", frozenset({"value", "flag"}))
CAME, FLAG, VALUE = Part(FORM, None), Part(FORM, "flag"), Part(FORM, "value")
NAME: Any = Name(1, frozenset({1, 2}))

PLAIN = [(), 3, "report", (0, 2), ("said", (1, 2)), NAME, (NAME, 0)]


def test_a_plain_label_is_itself_whatever_it_is_asked() -> None:
    for label in PLAIN:  # not as parameters: pytest would ask a general's name of which type it is
        assert is_plain(label)
        assert signers_of(label) == ()
        assert [*chains_in([label])] == []
        assert not is_arrival(label)
        for found in (without_fields(label), message_of(label), *readings_of(label)):
            assert found is label


def test_a_chain_is_known_by_its_signers() -> None:
    assert not is_plain(CHAIN)
    assert signers_of(CHAIN) == (0, 2)
    assert [*chains_in(["x", CHAIN, FORM])] == [CHAIN]
    assert without_fields(CHAIN) == message_of(CHAIN) == CHAIN
    assert [*readings_of(CHAIN)] == [CHAIN]


def test_a_message_of_several_fields_is_read_part_by_part() -> None:
    assert not any(map(is_plain, (FORM, CAME, FLAG)))
    assert without_fields(FORM) == "report"
    assert [*readings_of(FORM)] == [CAME, FLAG, VALUE]
    assert [message_of(part) for part in (FORM, CAME, FLAG)] == [FORM] * 3
    assert [is_arrival(label) for label in (FORM, CAME, FLAG)] == [False, True, False]
    assert signers_of(FORM) == signers_of(FLAG) == ()
