"""The TLA+ text for each fault mode.

The table `TLA_MODES` is this export's own account of the fault modes. It must share nothing with the accounts of the
checker, the simulator or Promela, so that they check one another. Operators and variables are those of
`tla_channel.py`. This module must not know programs or rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.faults import Fault


@dataclass(frozen=True)
class TLAMode:
    """The text for one mode.

    hears: the case of `Hears`, for a mode in which a general may send something that does not depend on his program's
    message; such a mode is always written. arrives: the cases of `Arrives`, for a mode in which it does depend on it.
    field, signed: the cases of `HearsField` and `HearsSigned`, if `Arrives` is not right for a lie in a field or under
    a chain. chooses: the entry of `CHOICES` that is chosen for the general once a round. omits: whether a message can
    be omitted to one receiver and not to another. In a case, `round` is the number of rounds that are over.
    """

    hears: str = ""
    arrives: tuple[str, ...] = ()
    field: str = ""
    signed: str = ""
    chooses: str = ""
    omits: bool = False


TLA_MODES: Mapping[Fault, TLAMode] = {
    Fault.BYZANTINE: TLAMode(
        hears='fault[sender] = "byzantine" THEN Words \\cup {silence}',
        field='fault[sender] = "byzantine" THEN Words \\cup {Absent}',
        signed='fault[sender] = "byzantine" -> made',
    ),
    Fault.OMISSION: TLAMode(arrives=('fault[sender] = "omission" -> {honest, Absent}',), omits=True),
    Fault.CRASH: TLAMode(
        arrives=(
            'fault[sender] = "crash" /\\ sender \\in silent -> {Absent}',
            'fault[sender] = "crash" /\\ sender \\in choice.crashing -> {honest, Absent}',
        ),
        chooses="crashing",
        omits=True,
    ),
    Fault.MANIFEST: TLAMode(
        arrives=('fault[sender] = "manifest" /\\ <<sender, place>> \\in choice.missing -> {Absent}',),
        chooses="missing",
    ),
    Fault.SYMMETRIC: TLAMode(
        arrives=(
            'fault[sender] = "symmetric" /\\ choice.wrong[<<sender, place>>] # Honestly ->'
            " {choice.wrong[<<sender, place>>]}",
        ),
        field="""fault[sender] = "symmetric" /\\ choice.wrong[<<sender, message>>] # Honestly
  THEN {IF choice.wrong[<<sender, place>>] = Honestly THEN Absent ELSE choice.wrong[<<sender, place>>]}""",
        signed="""fault[sender] = "symmetric" /\\ choice.wrong[<<sender, place>>] # Honestly ->
            {IF choice.wrong[<<sender, place>>] \\in made THEN choice.wrong[<<sender, place>>] ELSE Absent}
       [] receiver \\in Liars -> {AtLiar(sender, receiver, place, honest, choice)}""",
        chooses="wrong",
    ),
}
"""The table: a row for each mode."""

CHOICES = {
    "crashing": 'SUBSET {{g \\in {senders} : fault[g] = "crash" /\\ g \\notin silent}}',
    "wrong": '[{{place \\in {places} : fault[place[1]] = "symmetric"}} -> Words \\cup {{Absent, Honestly}}]',
    "missing": 'SUBSET {{place \\in {places} : fault[place[1]] = "manifest"}}',
    "lost": "SUBSET {{way \\in {ways} : fault[way[1]] \\in {omitting} /\\ way[2] \\in Liars}}",
}
"""What can be chosen once a round. `lost`: the chains from generals who omit that do not reach a liar."""
