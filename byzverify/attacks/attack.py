"""An attack: everything that traitors say in a run that breaks a condition, and how to play it again.

An `Attack` exists only for a run that the simulator has played and that the judge has found to break a condition.
`confirmation.py` makes one from a solver's claim, `loading.py` from a file; `notebooks.py` shows one in a notebook.
This module does not know the checker.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from byzverify.language.faults import Faults
from byzverify.language.messages import General, Label
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import NO_LIMIT, Limit
from byzverify.notebooks import shown
from byzverify.scenario.behaviour import Address, Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import Script, Strategy

if TYPE_CHECKING:
    from byzverify.attacks.attack_file import AttackFile


TERMINATION = "Termination"
"""The condition that fails if a program fails in a loyal general's place: all must decide. No decisions are known."""


MOST_TOLD = 100_000
"""Reports leave the votes out of runs with more messages than this: nobody could read them."""


def played_out(
    protocol: Protocol,
    faults: Faults,
    orders: Mapping[General, Order],
    strategy: Strategy,
    awaited: Collection[General] | None = None,
    limit: Limit = NO_LIMIT,
) -> Run:
    """The run until all loyal generals have decided; a long run (`MOST_TOLD`) only until the `awaited` have decided."""
    ended = run(protocol, faults, orders, strategy, awaited=awaited, limit=limit)
    if ended.messages <= MOST_TOLD and ended.decided != ended.loyal:
        return run(protocol, faults, orders, strategy, limit=limit)
    return ended


@dataclass(frozen=True)
class Attack:
    """Faulty generals and a behaviour of theirs that breaks a condition. It names everything that they say to others.

    condition: the name of the condition that fails. decisions: what each loyal general decides, in the form of
    `written`; in a long run, only the decisions that were awaited. programs: what played the loyal generals, if it was
    not the model's program; the model may withstand such an attack.
    """

    protocol: Protocol
    traitors: Faults
    behaviour: Behaviour = field(repr=False)
    condition: str
    decisions: Mapping[General, Any]
    programs: str | None = None

    @property
    def orders(self) -> Mapping[General, Order]:
        """What each general starts with; for a traitor, what he pretends to start with."""
        return self.behaviour.starts

    @property
    def said(self) -> Mapping[Address, dict[Label, Order]]:
        """What traitors say to others, by letter."""
        return self.behaviour.letters

    def replay(self, limit: Limit = NO_LIMIT) -> Replay:
        """Play the attack in the simulator. Raises Stopped at the limit."""
        script, awaited = Script(self.said), self.decisions or None
        ended = played_out(self.protocol, self.traitors, self.orders, script, awaited, limit)
        return Replay.of(ended, self.condition)

    def file(self) -> AttackFile:
        """The attack in the form of its file. Raises UsageError for a protocol that is not defined in a file."""
        from byzverify.attacks.attack_file import AttackFile

        return AttackFile.of(self)

    def as_json(self) -> dict[str, Any]:
        """The attack as the JSON object that its file contains."""
        return self.file().model_dump(mode="json")

    def save(self, path: str | Path) -> None:
        """Write the attack's file. Raises UsageError if it cannot be written."""
        self.file().write(Path(path))

    def _repr_svg_(self) -> str | None:
        return shown("attack_as_svg", self)
