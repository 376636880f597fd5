"""The table of all that was told."""

import csv
import io
import json

import pytest
from hypothesis import given, settings

from byzverify.attacks.run_log import RunLog
from byzverify.language import Label, Order
from byzverify.language.messages import Chain
from byzverify.language.records import Form, Record
from byzverify.rendering.attack.rows import rows
from byzverify.simulation.post import as_label
from tests.rendering.attacks import FALLING, LABELS, attack_on, attack_under


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def label_of(row: dict[str, str]) -> Label:
    if row["signers"]:
        order = row["honest"] if row["said"] == "ABSENT" else row["said"]
        return Chain(order, tuple(map(int, row["signers"].split())))
    return as_label(json.loads(row["label"]))


def said_in(text: str) -> str:
    """The name of what is said; of a message of several fields, that of the record that they make."""
    if not text.startswith("["):
        return text
    return Record({as_label(name): Order(order) for name, order in json.loads(text)}).name


def about(label: Label) -> Label:
    return label.label if isinstance(label, Form) else label


@pytest.mark.slow
@pytest.mark.parametrize("name", FALLING)
def test_the_table_has_a_row_for_each_order_that_was_told(name: str) -> None:
    log = RunLog(attack_on(name).replay())
    found = [
        (
            *(int(row[column]) for column in ("round", "sender", "receiver")),
            label_of(row),
            said_in(row["said"]),
            said_in(row["honest"]),
        )
        for row in read(rows(log))
    ]
    assert found == [
        (one.round, one.sender, one.receiver, about(one.label), one.said.name, one.honest.name) for one in log.told()
    ]


@pytest.mark.parametrize("name", FALLING)
def test_lies_are_marked_and_who_fails_is_named_with_his_mode(name: str) -> None:
    run = attack_on(name).replay().run
    found = read(rows(RunLog(attack_on(name).replay())))
    assert sum(row["lie"] == "yes" for row in found) == len(run.lies)
    assert {int(row["sender"]): row["fault"] for row in found if row["fault"]}.items() <= run.faults.items()
    assert all((int(row["sender"]) in run.faults) == bool(row["fault"]) for row in found)


@given(label=LABELS)
@settings(max_examples=60, deadline=None)
def test_any_label_is_read_back(label: Label) -> None:
    found = read(rows(RunLog(attack_under(label).replay())))
    assert {label_of(row) for row in found} == {label}
