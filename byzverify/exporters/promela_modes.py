"""The Promela text for each fault mode.

The table `PROMELA_MODES` is this export's own account of the fault modes. It must share nothing with the accounts of
the checker, the simulator or TLA+, so that they check one another. Variables and inlines are those of
`promela_channel.py`. This module must not know programs or rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.faults import Fault

OMITS = "if :: word = honest :: word = ABSENT fi"


@dataclass(frozen=True)
class PromelaMode:
    """The text for one mode.

    hears, hears_or: the cases of these inlines, for a mode in which a general may send something that does not depend
    on his program's message. arrives: the cases of `arrives`, for a mode in which it does depend on it. field, signed:
    the cases of `hears_field` and `hears_signed`, if `arrives` is not right for a lie in a field or under a chain.
    wrong: the statement that chooses the message to everyone, if the general chooses once a round. loses: the condition
    under which a chain may be lost on its way to a liar, if a message can be omitted to one receiver and not to
    another. crashes: whether the general can fall silent for good. A case does not know the number of the round.
    """

    hears: str = ""
    hears_or: str = ""
    arrives: tuple[str, ...] = ()
    field: str = ""
    signed: str = ""
    wrong: str = ""
    loses: str = ""
    crashes: bool = False


PROMELA_MODES: Mapping[Fault, PromelaMode] = {
    Fault.BYZANTINE: PromelaMode(
        hears="fault[sender] == BYZANTINE -> anything(word)",
        hears_or="fault[sender] == BYZANTINE -> any_word(word)",
        field="fault[sender] == BYZANTINE -> anything(word)",
        signed="fault[sender] == BYZANTINE -> if :: word = ABSENT :: possible -> word = signed fi",
    ),
    Fault.OMISSION: PromelaMode(
        arrives=(f"fault[sender] == OMISSION -> {OMITS}",),
        loses="fault[{sender}] == OMISSION",
    ),
    Fault.CRASH: PromelaMode(
        arrives=(
            "fault[sender] == CRASH && silent[sender] -> word = ABSENT",
            f"fault[sender] == CRASH && crashing[sender] -> {OMITS}",
        ),
        loses="crashing[{sender}]",
        crashes=True,
    ),
    Fault.SYMMETRIC: PromelaMode(
        arrives=("fault[sender] == SYMMETRIC && wrong[place] != 0 -> word = wrong[place]",),
        field="fault[sender] == SYMMETRIC && wrong[message] != 0 -> "
        "word = (wrong[place] == 0 -> ABSENT : wrong[place])",
        signed="fault[sender] == SYMMETRIC && wrong[place] != 0 -> "
        "word = (wrong[place] == signed && possible -> signed : ABSENT)",
        wrong="anything(wrong[{place}])",
    ),
    Fault.MANIFEST: PromelaMode(
        arrives=("fault[sender] == MANIFEST && wrong[place] != 0 -> word = wrong[place]",),
        wrong="wrong[{place}] = ABSENT",
    ),
}
"""The table: a row for each mode."""
