"""What generals tell each other under the full-information protocol, in words.

A *report* is one thing that a message says about the start: along a path of generals, each of whom was told by the next
one, an order came, or nothing did. This module knows messages. It must not know where words are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from byzverify.errors import counted, several
from byzverify.language.messages import General
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.scenario.full_information import Belated, Knowledge, Message, neighbours_of
from byzverify.scenario.impossibility import Setting

MOST_LINES = 12
"""How many lines of a view are shown."""


@dataclass(frozen=True)
class Report:
    """Who told whom, from the last teller to the first one; and the order, or None for silence."""

    path: tuple[General, ...]
    order: int | None


def reports(
    setting: Setting, story: Message, path: tuple[General, ...], told: bool = True, hearer: General | None = None
) -> Iterator[Report]:
    """All that a message from the last general of `path` says. told: whether there was a message at all. hearer: if
    given, reports that have passed through him, or twice through another general, are left out.

    A general who starts with no order says nothing about it; this is no report.
    """
    if not told:
        yield Report(path, None)
    elif isinstance(story, Belated):
        for one in (*story.earlier, story.now):
            yield from reports(setting, one, path, hearer=hearer)
    elif isinstance(story, Mapping):
        for general in neighbours_of(setting)[path[-1]]:
            if hearer is None or general not in (hearer, *path):
                yield from reports(setting, story.get(general), (*path, general), general in story, hearer)
    elif story is not None:
        yield Report(path, story)


def view(setting: Setting, known: Knowledge, general: General) -> list[str]:
    """All that a general has learnt, in lines of text, without what follows from the rest."""
    started = [f"he starts with {orders_of(setting)[known.start]}"] if known.start is not None else []
    if setting.rounds is None:
        return [*started, "he receives what the protocol lets everybody send after these starts"]
    heard = [line for number, inbox in enumerate(known.heard, 1) for line in _round(setting, number, inbox, general)]
    lines = [*started, *heard] or ["he hears nothing about the order"]
    rest = len(lines) - MOST_LINES
    return lines if rest <= 0 else [*lines[:MOST_LINES], f"and {counted(rest, 'more report')}"]


def _round(setting: Setting, number: int, inbox: Mapping[General, Message], general: General) -> Iterator[str]:
    """What a general hears in one round, without what he has heard before."""
    speakers: dict[Report, list[General]] = {}
    for sender in neighbours_of(setting)[general]:
        for one in reports(setting, inbox.get(sender), (sender,), sender in inbox, general):
            speakers.setdefault(Report(one.path[1:], one.order), []).append(sender)
    when = f"round {number}: " if setting.rounds != 1 else ""
    for report, senders in speakers.items():
        yield when + _said(senders, report, orders_of(setting))


def _said(speakers: Sequence[General], report: Report, orders: Sequence[str]) -> str:
    if not report.path and report.order is None:
        return f"nothing comes from {listed(speakers)}"
    verb = "says" if len(speakers) == 1 else "say"
    return f"{listed(speakers)} {verb} {quoted(report, orders)}"


def quoted(report: Report, orders: Sequence[str]) -> str:
    """What a speaker says who reports this: `ATTACK`, or `“0 told me ATTACK”`."""
    if not report.path:
        return "nothing" if report.order is None else orders[report.order]
    told = None if report.order is None else orders[report.order]
    return f"“{_relayed(report.path, told, 'me', 'I')}”"


def _relayed(path: Sequence[General], order: str | None, whom: str, who: str) -> str:
    source, *more = path
    if more:
        return f"{source} told {whom} that {_relayed(more, order, 'him', 'he')}"
    return f"{who} heard nothing from {source}" if order is None else f"{source} told {whom} {order}"


def differences(setting: Setting, said: Message, honest: Message, sender: General) -> list[Report]:
    """What a message says that an honest one would not; paths begin behind the sender."""
    every = list(reports(setting, said, (sender,)))
    true = set(reports(setting, honest, (sender,)))
    false = [one for one in every if one not in true]
    plain = [one for one in false if len(set(one.path)) == len(one.path)]
    return [Report(one.path[1:], one.order) for one in plain or false]


def listed(generals: Iterable[General]) -> str:
    """Numbers of generals in a sentence: `1, 2 and 3`."""
    return joined([str(one) for one in generals])


def named(generals: Sequence[General]) -> str:
    """Generals in a sentence: `general 1`, `generals 1 and 2`."""
    return f"{'general' if len(generals) == 1 else several('general')} {listed(generals)}"


def joined(parts: Sequence[str]) -> str:
    """Parts of a sentence: `this, that and those`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
