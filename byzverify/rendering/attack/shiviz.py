"""An attack as a log for ShiViz: two lines for each event, what happened, and the general with his vector clock.

The file starts with two empty lines. ShiViz reads the first two lines of a file as regular expressions, for its parser
and for what separates executions; if they are empty, it uses its defaults, which fit. The rules of vector clocks: a
host's own clock starts at 1 and grows by 1 with each of his events; a host who hears something then knows all that its
sender knew when sending it. A letter that was not sent transfers no knowledge. This module knows clocks. It must not
know how a letter is put into words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby

from byzverify.attacks.run_log import RunLog
from byzverify.language.messages import General
from byzverify.rendering.attack.letters import DrawnLetter, letters
from byzverify.rendering.attack.phrasing import beginning, ending, introduced, phrases


def shiviz(log: RunLog) -> str:
    """The log."""
    return "\n\n" + "\n".join(_events(log)) + "\n"


def _events(log: RunLog) -> Iterator[str]:
    run = log.run
    clocks = _Clocks()
    for general in range(run.protocol.n):
        begins = beginning(run, general)
        yield clocks.event(general, introduced(run, general) + (f", {begins}" if begins else ""), {})
    for _, sent in groupby(letters(log), lambda letter: letter.round):
        yield from _round(list(sent), log, clocks)
    for general in run.loyal:
        yield clocks.event(general, f"at the end {ending(run, general)}", {})


def _round(sent: list[DrawnLetter], log: RunLog, clocks: _Clocks) -> Iterator[str]:
    """The events of a round: everything is sent before anything is heard."""
    posted: dict[General, dict[str, int]] = {}
    spoken = [letter for letter in sent if letter.kind != "silent"]
    for sender, own in groupby(spoken, lambda letter: letter.sender):
        receivers = ", ".join(str(letter.receiver) for letter in own)
        yield clocks.event(sender, f"round {sent[0].round}: tells {receivers}", {})
        posted[sender] = clocks.now(sender)
    for letter in sent:
        said = "; ".join(phrases(letter, log.run.faults))
        what = f"round {letter.round}: hears from {letter.sender}: {said}"
        yield clocks.event(letter.receiver, what, {} if letter.kind == "silent" else posted[letter.sender])


class _Clocks:
    """The vector clock of every general."""

    def __init__(self) -> None:
        self._clocks: dict[General, dict[str, int]] = {}

    def now(self, general: General) -> dict[str, int]:
        """What this general knows about all clocks."""
        return dict(self._clocks[general])

    def event(self, general: General, what: str, heard: Mapping[str, int]) -> str:
        """The lines of a general's next event, in which he learns the clocks in `heard`."""
        host, known = f"general{general}", self._clocks.setdefault(general, {})
        for other, time in heard.items():
            known[other] = max(time, known.get(other, 0))
        known[host] = known.get(host, 0) + 1
        return f"{what}\n{host} {json.dumps(known)}"
