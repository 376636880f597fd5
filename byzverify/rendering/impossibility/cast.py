"""One execution in words: who fails, what the generals start with, and what faulty ones say or leave out.

This module knows executions. It must not know chains, or where words are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from byzverify.language.faults import Fault, Faults, lies
from byzverify.language.messages import General
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.rendering.impossibility.phrases import differences, joined, listed, named, quoted
from byzverify.scenario.full_information import PlayedRun
from byzverify.scenario.impossibility import Address, FaultyRun, Setting
from byzverify.scenario.wording import failing, failing_all

MOST_QUOTED = 3
"""How many false reports of one message are quoted."""


def tell(setting: Setting, run: FaultyRun, played: PlayedRun) -> list[str]:
    """Everything that distinguishes an execution, a sentence for each thing."""
    lines = [*_who_fails(setting, run), *_starts(setting, run)]
    lines += [_pretence(setting, one, run, played) for one in pretenders(setting, run)]
    lines += [*_lies(setting, run, played), *_lapses(setting, run)]
    if setting.rounds is None:
        return [*lines, "Everybody follows the protocol."]
    if setting.rounds == 1:
        return lines
    return [*lines, f"All {'others ' if run.faulty else ''}pass on what they hear."]


def failing_generals(faults: Faults) -> str:
    """Who fails, and how: `general 0 is a traitor`; `nobody fails`."""
    by_mode: dict[Fault, list[General]] = {}
    for general, mode in sorted(faults.items()):
        by_mode.setdefault(mode, []).append(general)
    parts = [
        f"{named(some)} is {failing(mode)}" if len(some) == 1 else f"{named(some)} are {failing_all(mode)}"
        for mode, some in by_mode.items()
    ]
    return joined(parts) or "nobody fails"


def pretenders(setting: Setting, run: FaultyRun) -> list[General]:
    """Those who start with an order and can say anything, so that what they start with means nothing. In any number of
    rounds, everybody follows the protocol.
    """
    if setting.rounds is None:
        return []
    return [one for one in sorted(run.faulty) if lies(run.faulty[one]) and _has_order(setting, one)]


def _has_order(setting: Setting, general: General) -> bool:
    return setting.commander in (None, general)


def _who_fails(setting: Setting, run: FaultyRun) -> Iterator[str]:
    others = {one: mode for one, mode in run.faulty.items() if one != setting.commander}
    if others or not run.faulty:
        yield sentence(failing_generals(others) + _but_loyally(others, run))


def _but_loyally(others: Faults, run: FaultyRun) -> str:
    """An addition for faulty generals who do what loyal ones would."""
    idle = not any(sender in others for _, sender, _ in (*run.said, *run.lost))
    both = "both " if len(others) == 2 else ""
    return f", but {both}{'acts' if len(others) == 1 else 'act'} loyally" if others and idle else ""


def _starts(setting: Setting, run: FaultyRun) -> Iterator[str]:
    if setting.commander is not None:
        yield _commander(setting, setting.commander, run)
        return
    holders: dict[int, list[General]] = {}
    for general, order in sorted(run.starts.items()):
        if general not in pretenders(setting, run):
            holders.setdefault(order, []).append(general)
    for order, generals in sorted(holders.items()):
        verb = "starts" if len(generals) == 1 else "start"
        yield sentence(f"{named(generals)} {verb} with {orders_of(setting)[order]}")


def _commander(setting: Setting, commander: General, run: FaultyRun) -> str:
    mode, order = run.faulty.get(commander), run.starts.get(commander)
    rank = f"General {commander}" if setting.problem == "interactive" else f"The commander, general {commander},"
    who = f"{rank} is {'loyal' if mode is None else failing(mode)}"
    if order is None or lies(mode):
        return f"{who}."
    word = orders_of(setting)[order]
    return f"{who} and orders {word}." if mode is None else f"{who}; his order is {word}."


def _pretence(setting: Setting, general: General, run: FaultyRun, played: PlayedRun) -> str:
    """What orders a faulty general hands out in the first round."""
    given: dict[str, list[General]] = {}
    for (number, sender, receiver), story in sorted(played.told.items(), key=lambda one: one[0]):
        if (number, sender) == (1, general):
            said = orders_of(setting)[story] if isinstance(story, int) else "nothing"
            given.setdefault(said, []).append(receiver)
    silent = [receiver for number, sender, receiver in sorted(run.lost) if (number, sender) == (1, general)]
    if silent:
        given.setdefault("nothing", []).extend(silent)
    parts = joined([f"{said} to {named(generals)}" for said, generals in given.items()])
    return sentence(f"general {general} says {parts}")


def _lies(setting: Setting, run: FaultyRun, played: PlayedRun) -> Iterator[str]:
    """The lies, alike ones in one sentence."""
    told: dict[tuple[int, str], list[Address]] = {}
    for address in sorted(run.said):
        number, sender, _ = address
        if number == 1 and sender in pretenders(setting, run):
            continue
        told.setdefault((number, false_report(setting, run, played, address)), []).append(address)
    for (number, said), addresses in told.items():
        senders = _in_order(sender for _, sender, _ in addresses)
        receivers = _in_order(receiver for _, _, receiver in addresses)
        verb = "lies" if len(senders) == 1 else "lie"
        when = f"in round {number} " if setting.rounds != 1 else ""
        yield sentence(f"{when}{named(senders)} {verb} to {listed(receivers)}: {said}")


def false_report(setting: Setting, run: FaultyRun, played: PlayedRun, address: Address) -> str:
    """What a lie says, where it is not honest."""
    false = differences(setting, run.said[address], played.honest.get(address), address[1])
    if not false:
        return "that he knows nothing"
    quotes = [quoted(one, orders_of(setting)) for one in false[:MOST_QUOTED]]
    rest = len(false) - MOST_QUOTED
    return joined([*quotes, f"{rest} more such things"] if rest > 0 else quotes)


def _lapses(setting: Setting, run: FaultyRun) -> Iterator[str]:
    """The messages that are not sent."""
    left_out: dict[General, dict[int, list[General]]] = {}
    for number, sender, receiver in sorted(run.lost):
        if not (number == 1 and sender in pretenders(setting, run)):
            left_out.setdefault(sender, {}).setdefault(number, []).append(receiver)
    for sender, rounds in left_out.items():
        if run.faulty.get(sender) is Fault.CRASH:
            yield _crash(setting, sender, rounds)
        else:
            yield from (_omission(setting, sender, number, some) for number, some in rounds.items())


def _crash(setting: Setting, sender: General, rounds: Mapping[int, list[General]]) -> str:
    number, missed = min(rounds.items())
    when = f" in round {number}" if setting.rounds != 1 else ""
    said = sentence(f"general {sender} crashes{when}: {named(missed)} {_do_not(missed)} hear from him")
    return said if number == setting.rounds else f"{said} After that he is silent."


def _do_not(generals: list[General]) -> str:
    return "does not" if len(generals) == 1 else "do not"


def _omission(setting: Setting, sender: General, number: int, receivers: list[General]) -> str:
    when = f"in round {number} " if setting.rounds != 1 else ""
    return sentence(f"{when}general {sender} sends nothing to {listed(receivers)}")


def _in_order(generals: Iterable[General]) -> list[General]:
    return sorted(set(generals))


def sentence(text: str) -> str:
    """A text as a sentence of its own."""
    return f"{text[0].upper()}{text[1:]}."
