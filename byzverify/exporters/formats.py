"""The formats of exports, and the files of each.

This module knows which module writes which format. It must not know what is in the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from byzverify.errors import Stopped, UsageError, meant
from byzverify.limits import NO_LIMIT, Limit

if TYPE_CHECKING:
    from byzverify.exporters.formulas import Formula
    from byzverify.exporters.script import RunScript
    from byzverify.language.faults import Budget
    from byzverify.language.protocol import Protocol

Written = TypeVar("Written")


class Format(StrEnum):
    """What a protocol instance can be exported to."""

    TLA = "tla"
    """TLA+, for TLC, with a configuration beside it."""
    PROMELA = "promela"
    """Promela, for Spin."""
    SMTLIB = "smtlib"
    """The formula, for SMT solvers."""
    DIMACS = "dimacs"
    """The formula, for SAT solvers."""
    OPB = "opb"
    """The formula, for pseudo-Boolean solvers."""

    @classmethod
    def _missing_(cls, value: object) -> None:
        if value in [*ProofFormat]:
            raise UsageError(f"{value} is for a proof for all sizes: add --for-all, and leave out the size")
        raise UsageError(f"a model can be exported to {', '.join(cls)}, not to {value}{meant(str(value), cls)}")


class ProofFormat(StrEnum):
    """What the lemmas of a proof for all sizes can be exported to."""

    SMTLIB = "smtlib"
    """The lemmas, for SMT solvers."""
    COQ = "coq"
    """The induction over paths, for Coq."""

    @classmethod
    def _missing_(cls, value: object) -> None:
        hint = "; it is for a model of one size: leave out --for-all" if value in [*Format] else ""
        raise UsageError(f"a proof for all sizes can be exported to {', '.join(cls)}, not to {value}{hint}")


ENDINGS: dict[Format | ProofFormat, str] = {
    ProofFormat.COQ: ".v",
    Format.TLA: ".tla",
    Format.PROMELA: ".pml",
    Format.SMTLIB: ".smt2",
    Format.DIMACS: ".cnf",
    Format.OPB: ".opb",
    ProofFormat.SMTLIB: ".smt2",
}
"""The suffix of the main file."""


def exported(
    protocol: Protocol, budget: Budget, to: Format, path: Path | None = None, limit: Limit = NO_LIMIT
) -> dict[Path, str]:
    """The contents of the export's files, the main file first. Nothing is written.

    The export is about all runs in which no more generals fail than the budget allows. path: the main file; by default
    it is named like the protocol's class. Raises UsageError for what cannot be exported, ProtocolError if a program
    breaks a rule of the language, Stopped at the limit or if memory runs out.
    """
    to = Format(to)
    path = path or Path(type(protocol).__name__.lower() + ENDINGS[to])
    return _aside(lambda: _files(protocol, budget, to, path), limit)


def exported_for_all(
    kind: type[Protocol],
    fixed: Mapping[str, Any],
    assuming: str | None,
    to: ProofFormat,
    path: Path | None = None,
    limit: Limit = NO_LIMIT,
) -> dict[Path, str]:
    """The file with the lemmas of a proof for all sizes. Nothing is written.

    kind, fixed, assuming: as for `prove`. path: as for `exported`. Raises what `prove` raises, Stopped as `exported`.
    """
    to = ProofFormat(to)
    return {
        path or Path(kind.__name__.lower() + ENDINGS[to]): _aside(lambda: _lemmas(kind, fixed, assuming, to), limit)
    }


def _aside(work: Callable[[], Written], limit: Limit) -> Written:
    from byzverify.workers.background import Died, in_a_process

    try:
        written: Written = in_a_process(work, limit)
    except Died as error:
        raise Stopped(f"the export {error}") from None
    return written


def _lemmas(kind: type[Protocol], fixed: Mapping[str, Any], assuming: str | None, to: ProofFormat) -> str:
    match to:
        case ProofFormat.SMTLIB:
            from byzverify.exporters.lemmas import smtlib

            return smtlib(kind, fixed, assuming)
        case ProofFormat.COQ:
            from byzverify.exporters.coq import coq

            return coq(kind, fixed, assuming)
        case _:
            assert_never(to)


def _files(protocol: Protocol, budget: Budget, to: Format, path: Path) -> dict[Path, str]:
    match to:
        case Format.SMTLIB:
            return {path: "".join(_formula(protocol, budget).smtlib())}
        case Format.DIMACS:
            return {path: "".join(_formula(protocol, budget).dimacs())}
        case Format.OPB:
            return {path: "".join(_formula(protocol, budget).opb())}
        case Format.PROMELA:
            from byzverify.exporters.promela import Model

            return {path: Model(_script(protocol, budget)).text()}
        case Format.TLA:
            return _tla(_script(protocol, budget), path)
        case _:
            assert_never(to)


def _formula(protocol: Protocol, budget: Budget) -> Formula:
    from byzverify.exporters.formulas import Formula

    return Formula(protocol, budget)


def _script(protocol: Protocol, budget: Budget) -> RunScript:
    from byzverify.exporters.properties import casts
    from byzverify.exporters.script import RunScript

    casts(protocol.n, budget)  # too many are refused before anything is executed
    return RunScript(protocol, budget)


def _tla(script: RunScript, path: Path) -> dict[Path, str]:
    from byzverify.exporters.tla import Module

    if not re.fullmatch(r"\w*[A-Za-z]\w*", path.stem, re.ASCII) or path.suffix != ENDINGS[Format.TLA]:
        raise UsageError(f"a TLA+ module has the name of its file, such as om.tla; {path.name} is not a possible name")
    module = Module(script, path.stem)
    return {path: module.text(), path.with_suffix(".cfg"): module.configuration()}
