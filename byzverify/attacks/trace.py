"""The trace of an attack, in the Informal Trace Format (ITF) of Apalache and Quint, and back.

A trace has a state for the start, one for the end of each round, and one for the decisions; docs/reference/trace.md
describes them. A trace is checked more strictly than an attack file: the messages of faulty generals are taken from it
and replayed, and then the whole trace, with the messages of loyal generals, must equal the trace of that replay. The
format's source is ADR-015 of Apalache. This module knows the format and the log of an attack. It must not know the
checker.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from typing_extensions import TypeAliasType

from byzverify.attacks.attack import Attack
from byzverify.attacks.attack_file import AttackFile, reproduced
from byzverify.attacks.letter import Letter, first_of
from byzverify.attacks.letter import Message as Fielded
from byzverify.attacks.run_log import LoggedMessage, RunLog
from byzverify.errors import AttackFileError, ProtocolError
from byzverify.files.texts import text_of
from byzverify.language.decisions import written
from byzverify.language.faults import Fault
from byzverify.language.labels import signers_of, without_fields
from byzverify.language.messages import General
from byzverify.language.records import Form, Record
from byzverify.language.values import ABSENT, Order, is_absent
from byzverify.simulation.judging import Replay

FORMAT = {"format": "ITF", "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html"}
Variable = Literal["round", "faults", "orders", "messages", "lies", "decisions", "violated"]
VARS = get_args(Variable)


def trace(attack: Attack, replay: Replay) -> str:
    """The trace of a replayed attack. Raises ProtocolError for labels that the format cannot write."""
    return json.dumps(_trace(attack, replay)) + "\n"


def _trace(attack: Attack, replay: Replay) -> dict[str, Any]:
    file = AttackFile.of(attack)
    described = {
        "version": 1,
        "model": file.model,
        "parameters": file.parameters,
        "condition": file.condition,
    }
    return {"#meta": FORMAT | {"byzverify": described}, "vars": list(VARS), "states": list(_states(RunLog(replay)))}


def _states(log: RunLog) -> Iterator[dict[str, Any]]:
    run, told = log.run, list(log.told())
    still: dict[str, Any] = {
        "faults": _map({general: mode.value for general, mode in run.faults.items()}),
        "orders": _map({general: order.name for general, order in run.orders.items()}),
    }
    undecided = {"decisions": _map({}), "violated": _set([])}
    state: dict[str, Any] = {}
    for round in range(run.rounds + 1):
        now = [one for one in told if one.round == round]
        said = [_message(one) for one in (*now, *_unopened(log, round)) if not is_absent(one.said)]
        lies = [_message(one) | {"instead": one.honest.name} for one in now if one.is_lie]
        state = {"round": _coded(round), **still, "messages": _set(said), "lies": _set(lies), **undecided}
        yield state
    yield state | {
        "decisions": _map({general: _decision(written(run.decisions[general])) for general in run.loyal}),
        "violated": _set(judgement.condition.name for judgement in log.replay.violated),
    }


def _unopened(log: RunLog, round: int) -> Iterator[LoggedMessage]:
    """What faulty generals send each other in the last round. Nobody reads it, but it can be part of a fault."""
    run = log.run
    for (sent, sender, receiver), content in run.said.items():
        if sent == round == run.rounds and receiver in run.faults:
            yield from (log.at((sent, sender, receiver, label)) for label in content)


def _message(told: LoggedMessage) -> dict[str, Any]:
    label, signers = told.label, signers_of(told.label)
    message = {
        "sender": _coded(told.sender),
        "receiver": _coded(told.receiver),
        "about": _coded(() if signers else without_fields(label)),
        "signed_by": [_coded(general) for general in signers],
        "says": told.said.name,
    }
    return message | (_fields(label, told.said) if isinstance(label, Form) else {})


def _fields(form: Form, said: Order) -> dict[str, Any]:
    """The fields of a message with their orders, ABSENT for an empty field; no fields if nothing came."""
    parts = said.parts if isinstance(said, Record) else {}
    return {"fields": [{"#tup": [_coded(name), parts[name].name]} for name in form.names() if parts]}


def _coded(value: Any) -> Any:
    """A label or a number in the form of ITF."""
    if type(value) is int:
        return {"#bigint": str(value)}
    if isinstance(value, tuple):
        return {"#tup": [_coded(part) for part in value]}
    if type(value) is str:
        return value
    raise ProtocolError(f"a label must be a number, a string or a tuple of labels in a trace, not {value!r}")


def _map(items: Mapping[General, Any]) -> dict[str, Any]:
    return {"#map": [[_coded(general), value] for general, value in items.items()]}


def _set(members: Iterable[Any]) -> dict[str, Any]:
    return {"#set": list(members)}


def _decision(shown: Any) -> Any:
    """A decision, given in the form of `written`, in the form of ITF."""
    if isinstance(shown, dict):
        return _map({int(general): _decision(part) for general, part in shown.items()})
    if isinstance(shown, list):
        return {"#tup": [_decision(part) for part in shown]}
    return shown if isinstance(shown, bool) else _coded(shown)


def _inside(value: Any, tag: str) -> Any:
    """The value that ITF wraps in an object with this one field."""
    if not isinstance(value, dict) or value.keys() != {tag}:
        raise ValueError(f"it must be an object with {tag} and nothing else")
    return value[tag]


def _whole(value: Any) -> int:
    text = _inside(value, "#bigint")
    if not isinstance(text, str) or not text.removeprefix("-").isdecimal():
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


def _mapped(value: Any) -> dict[int, Any]:
    pairs = _inside(value, "#map")
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ValueError("a #map must be a list of pairs")
    keys = [_whole(key) for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError("a #map must not have a key twice")
    return dict(zip(keys, (said for _, said in pairs), strict=True))


Number = Annotated[int, BeforeValidator(_whole)]
AS_TUPLE = BeforeValidator(partial(_inside, tag="#tup"))
AS_SET = BeforeValidator(partial(_inside, tag="#set"))
AS_MAP = BeforeValidator(_mapped)
About = TypeAliasType("About", "Number | str | Annotated[tuple[About, ...], AS_TUPLE]")
Decided = TypeAliasType(
    "Decided", "bool | Number | str | Annotated[tuple[Decided, ...], AS_TUPLE] | Annotated[dict[int, Decided], AS_MAP]"
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Filled = Annotated[tuple[About, str], AS_TUPLE]


class TraceMessage(_Part):
    """One order, told; or a message of several fields."""

    sender: Number
    receiver: Number
    about: About
    signed_by: tuple[Number, ...]
    says: str
    instead: str = ""
    fields: tuple[Filled, ...] = ()


class State(_Part):
    """What there is to see at the start, after a round, or when all loyal generals have decided."""

    meta: Annotated[Any, Field(alias="#meta")] = None
    round: Number
    faults: Annotated[dict[int, Fault], AS_MAP]
    orders: Annotated[dict[int, str], AS_MAP]
    messages: Annotated[frozenset[TraceMessage], AS_SET]
    lies: Annotated[frozenset[TraceMessage], AS_SET]
    decisions: Annotated[dict[int, Decided], AS_MAP]
    violated: Annotated[frozenset[str], AS_SET]

    def differs(self, other: State) -> str:
        """The first variable in which two states differ, if any."""
        return next((name for name in VARS if getattr(self, name) != getattr(other, name)), "")


class Described(_Part):
    """What is attacked, and which condition is said to fail."""

    version: Literal[1]
    model: str
    parameters: dict[str, bool | int | float | str]
    condition: str


class Meta(BaseModel):
    """What the trace says of itself; other programs may have added to it."""

    byzverify: Described


class Trace(_Part):
    """A trace as its file has it."""

    meta: Annotated[Meta, Field(alias="#meta")]
    params: tuple[()] = ()
    vars: Annotated[frozenset[Variable], Field(min_length=len(VARS))]
    states: Annotated[tuple[State, ...], Field(min_length=2)]
    loop: None = None

    def file(self) -> AttackFile:
        """The attack file that says the same. Raises ValidationError for what cannot be in one."""
        described, end = self.meta.byzverify, self.states[-1]
        return AttackFile(
            format="byzverify-attack",
            version=1,
            model=described.model,
            parameters=described.parameters,
            traitors=end.faults,
            orders=end.orders,
            letters=list(self._letters()),
            condition=described.condition,
            decisions={general: _plain(decision) for general, decision in end.decisions.items()},
        )

    def _letters(self) -> Iterator[Letter]:
        faulty = self.states[-1].faults
        for round, state in enumerate(self.states[:-1]):
            for one in state.messages:
                if one.sender in faulty:
                    yield _letter(round, one)


def _letter(round: int, one: TraceMessage) -> Letter:
    """A letter with one message from a faulty general."""
    signed, said, told = [], [], []
    if one.signed_by:
        signed = [":".join([one.says, *map(str, one.signed_by)])]
    elif one.fields:
        orders = [(name, None if order == ABSENT.name else order) for name, order in one.fields]
        told = [Fielded(label=one.about, fields=orders)]
    else:
        said = [(one.about, one.says)]
    return Letter(round=round, sender=one.sender, receiver=one.receiver, says=said, signed=signed, messages=told)


def _plain(decision: Any) -> Any:
    """A decision in the form of an attack file."""
    if isinstance(decision, dict):
        return {str(general): _plain(part) for general, part in decision.items()}
    return [_plain(part) for part in decision] if isinstance(decision, tuple) else decision


def read(path: Path, model: str | None = None) -> tuple[Attack, Replay]:
    """Read a trace and replay it, on this model if one is given.

    Raises AttackFileError if the trace is malformed or differs from the replay; UsageError as `load` does.
    """
    try:
        found = Trace.model_validate_json(text_of(path, AttackFileError))
        file = found.file()
    except ValidationError as error:
        raise AttackFileError(f"{path} is not a trace of an attack, of version 1: {first_of(error)}") from None
    attack, replay = reproduced(file.on_model_for(path, model), path)
    played = Trace.model_validate(_trace(attack, replay))
    for number, (one, other) in enumerate(zip_longest(found.states, played.states)):
        what = one.differs(other) if one and other else "variables"
        if what:
            raise AttackFileError(f"{path} does not reproduce: in state {number}, the simulator has other {what}")
    return attack, replay
