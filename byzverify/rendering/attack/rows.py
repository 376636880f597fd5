"""An attack as CSV: one row for each order that was told, or that should have been told and was not.

The table is for spreadsheets and data frames. Unlike in texts for people, labels are exact: they are JSON, so that
`(0, 2)` and "0-2" differ, and no spreadsheet takes one for a date. A message of several fields is one row, with a JSON
list of names and orders. This module knows rows. It must not know how to tell a story.
"""

from __future__ import annotations

import csv
import io
import json

from byzverify.attacks.run_log import LoggedMessage, RunLog
from byzverify.language.labels import signers_of, without_fields
from byzverify.language.records import Record
from byzverify.language.values import Order

HEADER = ("round", "sender", "receiver", "label", "signers", "said", "honest", "lie", "fault")


def rows(log: RunLog) -> str:
    """The whole table, with its header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_row(told, log.run.faults.get(told.sender, "")) for told in log.told())
    return text.getvalue()


def _row(told: LoggedMessage, fault: str) -> tuple[object, ...]:
    signers = " ".join(map(str, signers_of(told.label)))
    label = "" if signers else json.dumps(without_fields(told.label))
    lie = "yes" if told.is_lie else "no"
    said, honest = map(_said, (told.said, told.honest))
    return (told.round, told.sender, told.receiver, label, signers, said, honest, lie, fault)


def _said(order: Order) -> str:
    """An order's name; for a message of several fields, its fields as JSON."""
    return (
        json.dumps([(name, order.part(name).name) for name in order.names()])
        if isinstance(order, Record)
        else order.name
    )
