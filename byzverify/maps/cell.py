"""Decides one cell, from its configuration.

This module is executed in the workers. It keeps nothing, and knows nothing about the other cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from byzverify.attacks.attack_file import AttackFile
from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration
from byzverify.catalogue.dependencies import Code, noting, same_code
from byzverify.crosscheck.examining import IN_A_MAP
from byzverify.errors import ByzverifyError, ProtocolError, Stopped, UsageError, Vacuous
from byzverify.language.faults import Budget
from byzverify.language.protocol import Protocol
from byzverify.loading.record import LoadRecord
from byzverify.maps.landscape import Known, Word
from byzverify.questions import pipeline
from byzverify.questions.question import budget_for
from byzverify.questions.unsolvable import no_protocol_can
from byzverify.questions.verdict import Proved, Refuted, Unknown
from byzverify.workers.worker import Allowance


@dataclass(frozen=True)
class CellQuestion:
    """A question to a worker: a cell of a model with this code, to be decided within this allowance."""

    cell: Configuration
    code: Code
    allowance: Allowance


def decide(question: CellQuestion) -> tuple[Known, LoadRecord]:
    """The result for a cell, and a record of what the model has loaded by then.

    Raises errors that end a map: Outdated if the code is not the code of the question, before or after the check; any
    other ByzverifyError as `check` does, with the command for this cell.
    """
    cell = question.cell
    protocol = library.find(cell.model, anew=True)  # loaded anew, so that nothing of other cells is left
    same_code(protocol, question.code)
    with noting(protocol):
        known = _known_of(cell, question.allowance.seconds)
    return known, same_code(library.find(cell.model), question.code).record


def _known_of(cell: Configuration, seconds: float | None) -> Known:
    try:
        return _decided(cell, seconds)
    except Stopped as stop:
        return Known(verdict="unknown", reason=str(stop))
    except ByzverifyError as error:
        raise type(error)(f"{cell.command()}: {error}") from None


def _decided(cell: Configuration, seconds: float | None) -> Known:
    start = monotonic()
    try:
        model, faults = built(cell)
    except UsageError as impossible:
        return Known(verdict="inapplicable", reason=str(impossible))
    claimed = claim(model, faults)
    try:
        verdict = pipeline.check(model, faults, timeout=seconds, effort=IN_A_MAP)
    except Vacuous as nothing:
        return Known(verdict="inapplicable", reason=str(nothing), seconds=monotonic() - start)
    except MemoryError:
        return Known(verdict="unknown", reason="out of memory", claimed=claimed, seconds=monotonic() - start)
    return _known(verdict, claimed)


def built(cell: Configuration) -> tuple[Protocol, Budget]:
    """The cell's instance, and how many may fail in it. Raises UsageError if there is no such instance."""
    said = cell.budget() if cell.faults or cell.t is not None else None
    model = cell.build()
    return model, budget_for(model, said)


def claim(model: Protocol, faults: Budget) -> bool:
    """Whether the authors claim that all conditions hold. Raises ProtocolError if the model cannot say."""
    try:
        return bool(model.claims(faults))
    except Exception as error:
        raise ProtocolError(f"{type(model).__name__}.tolerates fails: {type(error).__name__}: {error}") from None


def claimed(cell: Configuration) -> bool:
    """Whether the authors claim that all conditions hold in the cell. Raises the errors of `built` and `claim`."""
    model, faults = built(cell)
    return claim(model, faults)


def _known(verdict: Proved | Refuted | Unknown, claimed: bool) -> Known:
    word: Word = "refuted" if isinstance(verdict, Refuted) else "unknown" if isinstance(verdict, Unknown) else "proved"
    return Known(
        verdict=word,
        breaks=tuple(known.condition.name for known in verdict.conditions if known.verdict == "refuted"),
        reason=verdict.reason if isinstance(verdict, Unknown) else "",
        claimed=claimed,
        seconds=verdict.seconds,
        attack=AttackFile.of(verdict.attack).text() if isinstance(verdict, Refuted) else None,
        no_protocol_can=no_protocol_can(verdict) if isinstance(verdict, Refuted) else None,
    )
