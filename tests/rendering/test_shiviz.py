"""Logs for ShiViz, held against the rules of its parser and of vector clocks, written here a second time.

Sources, in the repository DistributedClocks/shiviz: the first two lines of a file are its parser's and delimiter's
expressions, and the default ones where they are blank (`js/shiviz.js`); the text is trimmed and searched for matches
(`js/model/parser.js`); own clocks go 1, 2, 3, ..., clocks name only events that exist, and each is what its own last
event and those that it newly knows of add up to (`js/model/modelGraph.js`).
"""

import json
import re
from typing import NamedTuple

import pytest
from hypothesis import given, settings

from byzverify.attacks.attack import Attack
from byzverify.attacks.run_log import RunLog
from byzverify.language import Label
from byzverify.rendering.attack.letters import letters
from byzverify.rendering.attack.shiviz import shiviz
from tests.rendering.attacks import FALLING, LABELS, attack_on, attack_under

DEFAULT = re.compile(r"(?P<event>[^\n\r\u2028\u2029]*)\n(?P<host>\S*) (?P<clock>{[^\n\r\u2028\u2029]*})")
"""ShiViz's default, (?<event>.*)\\n(?<host>\\S*) (?<clock>{.*}), where `.` is what it is in JavaScript."""


class Event(NamedTuple):
    host: str
    what: str
    clock: dict[str, int]


def parsed(log: str) -> list[Event]:
    """What ShiViz reads, which must be all that there is."""
    first, second, body = log.split("\n", 2)
    assert first.strip() == second.strip() == ""
    matches = list(DEFAULT.finditer(body.strip()))
    assert "\n".join(match.group() for match in matches) == body.strip()
    return [Event(match["host"], match["event"], json.loads(match["clock"])) for match in matches]


def merged(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {host: max(one.get(host, 0), other.get(host, 0)) for host in {*one, *other}}


def heard_from(events: list[Event]) -> list[set[str]]:
    """For each event whom it hears from, by its clock alone; fails where a clock is impossible."""
    known = {(event.host, event.clock[event.host]): event for event in events}
    assert len(known) == len(events)
    last: dict[str, dict[str, int]] = {}
    heard = []
    for event in events:
        before = last.get(event.host, {})
        assert event.clock[event.host] == before.get(event.host, 0) + 1
        news = {host: time for host, time in event.clock.items() if host != event.host and time != before.get(host, 0)}
        expected = before | {event.host: event.clock[event.host]}
        for host, time in news.items():
            expected = merged(expected, known[host, time].clock)
        assert event.clock == expected
        carried = [known[host, time].clock for host, time in news.items()]
        heard.append({h for h, t in news.items() if sum(clock.get(h, 0) == t for clock in carried) == 1})
        last[event.host] = event.clock
    return heard


def log_of(attack: Attack) -> str:
    return shiviz(RunLog(attack.replay()))


@pytest.mark.parametrize("name", FALLING)
def test_clocks_step_as_shiviz_wants_and_come_from_whom_the_event_names(name: str) -> None:
    events = parsed(log_of(attack_on(name)))
    for event, senders in zip(events, heard_from(events), strict=True):
        hears = re.match(r"round \d+: hears from (\d+): (.*)", event.what)
        said = hears and not all(re.match("(LIE|LAPSE): nothing ", phrase) for phrase in hears[2].split("; "))
        assert senders == ({f"general{hears[1]}"} if hears and said else set()), event


@pytest.mark.parametrize("name", FALLING)
def test_every_general_and_every_letter_is_in_the_log(name: str) -> None:
    attack = attack_on(name)
    events = parsed(log_of(attack))
    assert {event.host for event in events} == {f"general{general}" for general in range(attack.protocol.n)}
    told = list(letters(RunLog(attack.replay())))
    assert sum(" hears from " in event.what for event in events) == len(told)
    assert sum("at the end decides" in event.what for event in events) == len(attack.decisions)


def test_a_clock_that_jumps_or_knows_too_much_is_noticed() -> None:
    events = parsed(log_of(attack_on("om")))
    jumping = [e._replace(clock=e.clock | {e.host: e.clock[e.host] + (number > 5)}) for number, e in enumerate(events)]
    knowing = [*events[:-1], events[-1]._replace(clock=events[-1].clock | {"general0": 3})]
    for broken in (jumping, knowing):
        with pytest.raises(AssertionError):
            assert heard_from(broken) == heard_from(events)


@given(label=LABELS)
@settings(max_examples=60, deadline=None)
def test_no_label_confuses_the_parser(label: Label) -> None:
    plain, hostile = parsed(log_of(attack_under("plain"))), parsed(log_of(attack_under(label)))
    assert [event._replace(what="") for event in hostile] == [event._replace(what="") for event in plain]
