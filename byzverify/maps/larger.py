"""Decides what holds beyond the edge of a map, at every size that the authors claim, by the lemmas for all sizes.

This module is executed in the workers, as `cell.py` is. It keeps nothing, and knows nothing of what the cells say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, replace
from itertools import product
from time import monotonic
from typing import Any

from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration
from byzverify.catalogue.dependencies import Code, noting, same_code
from byzverify.errors import TWO_READINGS, ProtocolError, ReplayMismatch, Stopped, UsageError
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol, parameters
from byzverify.limits import Limit
from byzverify.loading.record import LoadRecord
from byzverify.maps.landscape import AllSizes, Landscape, Place, Value
from byzverify.questions.everywhere import FamilyProof
from byzverify.questions.families import FamilyQuestion
from byzverify.questions.question import in_silence
from byzverify.workers.worker import Allowance

SECONDS = 60.0
"""How long the lemmas of a map may take, if there is no other limit."""

FAR = 1_000_000
"""How far beyond the map the number of generals is looked for, from which on everything is proved."""

SIZE_AXES = ("n", "m", "t", *Fault)
"""Axes that are sizes. Each combination of values of the others has lemmas of its own."""


@dataclass(frozen=True)
class LargerQuestion:
    """A question to a worker: what is proved for those cells of a landscape that have `common` on the axes that are no
    sizes?
    """

    landscape: Landscape
    common: Mapping[str, Value]
    code: Code
    allowance: Allowance

    def unknown(self, reason: str, seconds: float = 0.0) -> AllSizes:
        """The answer if nothing is proved, for this reason."""
        return AllSizes(common=dict(self.common), reason=reason, seconds=seconds)


def questions(landscape: Landscape, code: Code, allowance: Allowance) -> Iterator[LargerQuestion]:
    """What to ask about a landscape; nothing if n does not vary, or if not everyone can send to everyone."""
    axes = [axis for axis in landscape.axes if axis.name not in SIZE_AXES]
    allowance = replace(allowance, seconds=SECONDS if allowance.seconds is None else allowance.seconds)
    if landscape.largest is None or landscape.fixed.graph is not None or any(axis.name == "graph" for axis in axes):
        return
    for values in product(*(axis.values for axis in axes)):
        common = dict(zip((axis.name for axis in axes), values, strict=True))
        yield LargerQuestion(landscape, common, code, allowance)


def decide_larger(question: LargerQuestion) -> tuple[AllSizes, LoadRecord]:
    """The answer, and a record of what the model has loaded by then. Raises Outdated if the code is another."""
    model = question.landscape.fixed.model
    protocol = library.find(model, anew=True)
    same_code(protocol, question.code)
    start = monotonic()
    with noting(protocol):
        try:
            found = _proved(protocol, question)
        except UsageError as error:  # the advice behind the colon is about an option that maps do not have
            found = question.unknown(str(error).partition(": ")[0])
        except (Stopped, ProtocolError) as error:
            found = question.unknown(str(error))
        except MemoryError:
            found = question.unknown("out of memory")
    record = same_code(library.find(model), question.code).record
    return found.model_copy(update={"seconds": monotonic() - start}), record


def _proved(protocol: type[Protocol], question: LargerQuestion) -> AllSizes:
    limit = Limit.within(question.allowance.seconds)
    cells = {question.landscape.row(place): cell for place, cell in _cells(question)}
    fixed = _parameters(protocol, next(iter(cells.values())))
    lemmas = FamilyProof(FamilyQuestion(protocol, fixed), limit, ("z3",), in_silence)
    lemmas.decide()
    conditions = lemmas.family.protocol.problem.conditions
    proved = [one for one in conditions if lemmas.prove(one)]
    try:
        lemmas.compared(proved)
    except ReplayMismatch as error:
        return question.unknown("").refused(str(error).removesuffix(f"; {TWO_READINGS}"))
    doubtful = [one.name for one in conditions if one not in proved]
    return AllSizes(
        common=dict(question.common),
        statement=lemmas.family.statement,
        orders=len(lemmas.family.protocol.orders),
        argument=lemmas.argument,
        proved=tuple(one.name for one in proved),
        larger=() if doubtful else tuple(_larger(lemmas, question, cells, limit)),
        reason=f"no lemmas prove {', '.join(doubtful)}" if doubtful else "",
    )


def _cells(question: LargerQuestion) -> Iterator[tuple[Place, Configuration]]:
    """The cells that the question is about, with their places."""
    names = [axis.name for axis in question.landscape.axes]
    for place in question.landscape.places:
        if question.common.items() <= dict(zip(names, place, strict=True)).items():
            yield place, question.landscape.cell(place)


def _parameters(protocol: type[Protocol], cell: Configuration) -> dict[str, Any]:
    """The parameters of a cell's instance other than its sizes."""
    given = cell.set | ({} if cell.values is None else {"values": cell.values})
    defaults = {one.name: one.default for one in parameters(protocol) if one.default is not MISSING}
    return {name: value for name, value in (defaults | given).items() if name not in ("n", "m", "graph")}


def _larger(
    lemmas: FamilyProof, question: LargerQuestion, cells: Mapping[Place, Configuration], limit: Limit
) -> Iterator[tuple[Place, int]]:
    """The rows in which everything is proved from some number of generals on, with the least beyond the map."""
    largest = question.landscape.largest
    assert largest is not None
    numbers = range(largest + 1, largest + FAR)
    for row, cell in cells.items():
        limit.check()
        budget = cell.budget()
        if {*budget} <= lemmas.family.modes:
            sizes = {"m": sum(budget.values()) if cell.m is None else cell.m, **lemmas.family.faulty_in(budget)}
            place = bisect_left(numbers, True, key=lambda least: lemmas.means_from(least, sizes))
            if place < len(numbers):
                yield row, numbers[place]
