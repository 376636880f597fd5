"""The attack file: JSON, versioned, self-contained, and read with suspicion.

`attack.schema.json` beside this file is the JSON Schema of `AttackFile`. A file is accepted if it has the right form,
if everything in it is possible (generals that exist, letters from faulty generals only, orders of the domain, no forged
signature, nothing that a fault mode forbids), and if the simulator, playing it, finds exactly the decisions and the
violation that the file states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from typing_extensions import TypeAliasType

from byzverify.attacks.attack import TERMINATION, Attack
from byzverify.attacks.letter import Letter, Number, Strict
from byzverify.catalogue import library
from byzverify.errors import AttackFileError, ProtocolError, UsageError
from byzverify.files.provenance import model_for
from byzverify.files.saving import write
from byzverify.language.decisions import written
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.scenario.behaviour import Address, Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.post import Content

Decided = TypeAliasType("Decided", "str | bool | int | list[Decided] | dict[str, Decided]")


def _plain(key: object) -> object:
    """Keys are numbers as Python writes them: not 04 or 4.0."""
    if isinstance(key, str) and not (key.isdecimal() and str(int(key)) == key):
        raise ValueError(f"{key!r} is not the number of a general")
    return int(key) if isinstance(key, str) else key


Mode = Annotated[Fault, Field(strict=False)]

Key = Annotated[Number, BeforeValidator(_plain)]


class AttackFile(Strict):
    """An attack on a protocol: traitors, orders at the start, all that the traitors say, and what breaks."""

    format: Literal["byzverify-attack"]
    version: Annotated[int, Field(ge=1, le=1)]
    model: Annotated[str, Field(description="a model's short name, or path/to/file.py:Class")]
    parameters: dict[str, bool | int | float | str]
    traitors: Annotated[dict[Key, Mode], Field(description="each faulty general's mode")]
    orders: Annotated[dict[Key, str], Field(description="what generals start with; of a traitor, what he feigns")]
    letters: list[Letter]
    condition: Annotated[str, Field(description="the condition that fails")]
    decisions: Annotated[
        dict[Key, Decided],
        Field(
            description="what each loyal general decides: an order, a truth, a number, or lists and objects of these; "
            "in a long run, what those decide who were awaited"
        ),
    ]
    programs: Annotated[
        str | None,
        Field(description="what played the loyal generals, if not the model: the model may withstand the attack"),
    ] = None

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Of what played the generals nothing is said where the model did."""
        return {name: part for name, part in write(self).items() if part is not None}

    @classmethod
    def of(cls, attack: Attack) -> AttackFile:
        """The file of an attack. Raises UsageError for a protocol in no file, ProtocolError for impossible labels."""
        return cls(
            format="byzverify-attack",
            version=1,
            model=library.reference_to(type(attack.protocol)),
            parameters=library.parameters_of(attack.protocol),
            traitors=dict(attack.traitors),
            orders={general: order.name for general, order in attack.orders.items()},
            letters=[Letter.of(address, content) for address, content in attack.said.items()],
            condition=attack.condition,
            decisions=dict(attack.decisions),
            programs=attack.programs,
        )

    def text(self) -> str:
        """What the file contains. Raises ProtocolError for a label that no file can contain."""
        try:
            return self.model_dump_json(indent=1) + "\n"
        except ValueError as error:
            raise ProtocolError(f"a label that no file can contain: {error}") from None

    def write(self, path: Path) -> None:
        """Write the file. Raises UsageError if that fails, ProtocolError as `text` does."""
        write(path, self.text())

    def on_model_for(self, path: Path, model: str | None) -> AttackFile:
        """The same, as read from `path`, with the model as it is found from here. Raises UsageError as `load` does."""
        return self.model_copy(update={"model": model_for(self.model, path, model)})

    def attack(self) -> Attack:
        """The attack that the file describes, not yet replayed. Raises AttackFileError for an impossible one."""
        protocol = library.build(library.find(self.model), dict(self.parameters))
        for fault in self._faults(protocol):
            raise AttackFileError(fault)
        names = {order.name: order for order in protocol.words}
        return Attack(
            protocol,
            dict(sorted(self.traitors.items())),
            Behaviour.of_letters({general: names[name] for general, name in self.orders.items()}, self._said(names)),
            self.condition,
            dict(self.decisions),
            self.programs,
        )

    def _faults(self, protocol: Protocol) -> Iterator[str]:
        """What is impossible in this file, one line each."""
        people = {g for x in self.letters for g in (x.sender, x.receiver)}
        people |= {g for x in self.letters for g in x.signers()}
        for general in sorted({*self.traitors, *self.orders, *self.decisions, *people}):
            if general >= protocol.n:
                yield f"general {general} does not exist; there are 0 to {protocol.n - 1}"
        for letter in self.letters:
            if letter.sender not in self.traitors:
                yield f"general {letter.sender} sends a letter but is loyal; only traitors' letters are listed"
            if letter.sender == letter.receiver:
                yield f"general {letter.sender} sends a letter to himself"
            if not protocol.linked(letter.sender, letter.receiver):
                yield f"general {letter.sender} sends a letter to general {letter.receiver}, who is not a neighbour"
        starters = protocol.problem.starters(protocol.n)
        if set(self.orders) != set(starters):
            yield f"orders must list exactly the generals that start with one: {_listed(starters)}"
        loyal = [general for general in range(protocol.n) if general not in self.traitors]
        failed = self.programs is not None and self.condition == TERMINATION
        if bool(self.decisions) is failed or not set(self.decisions) <= set(loyal):
            must = "be empty: a program failed" if failed else f"be those of some loyal generals, of {_listed(loyal)}"
            yield f"decisions must {must}"
        for known, told in ((protocol.orders, self.orders.values()), (protocol.words, self._told())):
            names = [order.name for order in known]
            for name in told:
                if name not in names:
                    yield f"{name!r} is not an order; there are {_listed(names)}"
        conditions = [condition.name for condition in protocol.problem.conditions]
        if self.condition not in conditions and not failed:
            yield f"{self.condition!r} is not a condition of this model; there are {_listed(conditions)}"

    def _said(self, names: dict[str, Order]) -> dict[Address, Content]:
        said: dict[Address, Content] = {}
        for letter in self.letters:
            letter.add_to(said.setdefault((letter.round, letter.sender, letter.receiver), {}), names)
        return said

    def _told(self) -> Iterator[str]:
        """The names of all orders in all letters."""
        for letter in self.letters:
            yield from letter.told()


def reproduced(file: AttackFile, path: Path) -> tuple[Attack, Replay]:
    """The attack that came from `path`, replayed. Raises AttackFileError if it is impossible or does not reproduce."""
    attack, replay = _possible(file, path)
    for letter in file.letters:
        if letter.round > replay.run.rounds:
            raise AttackFileError(
                f"{path} does not reproduce: it has a letter in round {letter.round}, but all loyal generals have "
                f"decided by the end of round {replay.run.rounds}"
            )
    decided = {general: written(replay.run.decisions[general]) for general in replay.run.decided}
    if decided != file.decisions or file.condition not in [judgement.condition.name for judgement in replay.violated]:
        broken = ", ".join(judgement.condition.name for judgement in replay.violated) or "no condition"
        raise AttackFileError(
            f"{path} does not reproduce: it says that {file.condition} breaks with the decisions "
            f"{_shown(file.decisions)}; in the simulator {broken} breaks, with {_shown(decided)}"
        )
    return attack, replay


def _possible(file: AttackFile, path: Path) -> tuple[Attack, Replay]:
    """The attack, played in the simulator, whatever its result. Raises AttackFileError if it is impossible."""
    attack = described(file, path)
    replay = attack.replay()
    for impossible in replay.run.bent:
        raise AttackFileError(f"{path}: {impossible}")
    return attack, replay


def described(file: AttackFile, path: Path) -> Attack:
    """The attack that came from `path`, not replayed. Raises AttackFileError for an impossible one."""
    try:
        return file.attack()
    except UsageError as error:
        raise AttackFileError(f"{path}: {error}") from None


def _listed(things: Iterable[object]) -> str:
    return ", ".join(str(thing) for thing in things)


def _shown(decisions: Mapping[General, object]) -> str:
    return _listed(f"{general}: {name}" for general, name in sorted(decisions.items()))
