"""The lemmas of a proof for all sizes as one SMT-LIB script, for users' own solvers.

Each lemma stands between a push and a pop, with declarations of its own, and asks whether its premises can hold and its
goal not: `unsat` means that the lemma holds. Names say what the unknowns count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from byzverify.engines.parameterized.deciding import Decided, Engine
from byzverify.engines.parameterized.families import Family
from byzverify.errors import counted
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT
from byzverify.logic.linear_smtlib import LinearScript

STATUS = {True: "unsat", False: "sat"}


def smtlib(kind: type[Protocol], fixed: Mapping[str, Any], assuming: str | None) -> str:
    """The script for a protocol whose parameters have these fixed values, for the sizes that are assumed.

    Raises what `prove` raises.
    """
    family = Family(kind, fixed, assuming)
    return "".join(_script(family, list(Engine(family, NO_LIMIT).decided())))


def _script(family: Family, lemmas: list[Decided]) -> Iterator[str]:
    orders = counted(len(family.protocol.orders), "order")
    yield _comment(f"{family.kind.__name__} for every {family.statement}, {orders}: {counted(len(lemmas), 'lemma')}")
    yield _comment("unsat: the lemma holds, since its goal follows from its premises")
    yield "(set-logic QF_LIA)\n"
    for number, decided in enumerate(lemmas, start=1):
        yield from _lemma(family, number, decided)


def _lemma(family: Family, number: int, decided: Decided) -> Iterator[str]:
    lemma = decided.lemma
    formulas = [*lemma.premises, -lemma.goal]
    script = LinearScript(family.arithmetic, formulas)
    yield "\n(push 1)\n"
    yield _comment(f"lemma {number}, {lemma.argument}: {lemma.name}")
    if decided.holds is not None:
        yield f"(set-info :status {STATUS[decided.holds]})\n"
    yield from script.declared()
    yield _comment("the premises")
    yield from (f"(assert {script.text(premise)})\n" for premise in lemma.premises)
    yield _comment("and not the goal")
    yield f"(assert {script.text(-lemma.goal)})\n"
    yield "(check-sat)\n(pop 1)\n"


def _comment(text: str) -> str:
    """A comment of one line: what follows a line end would not be part of it."""
    return f"; {' '.join(text.split())}\n"
