"""What is written of each fault mode in TLA+.

This is the account of the modes that this export has, as one table. It must share nothing with those of the checker,
the simulator or Promela: they check one another. Operators and variables are those of `tla_channel.py`. This module
must not know programs or rounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.faults import Fault


@dataclass(frozen=True)
class TLAMode:
    """What is written of one mode.

    hears: the case of `Hears`, if nothing that a general of this mode says has to do with what he should say; of such a
    mode it is always written. arrives: the cases of `Arrives`, otherwise. field, signed: the cases of `HearsField` and
    `HearsSigned`, if a lie under a field or a chain is not what `Arrives` makes of it. chooses: what is chosen for him
    once a round, among `CHOICES`. omits: whether he can say something to one and not to another.
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
"""What can be chosen once a round; `lost` are the chains that do not reach a liar, from whoever omits."""
