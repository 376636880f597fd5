"""Verdicts for all sizes on a terminal."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from byzverify.catalogue import library
from byzverify.errors import UsageError, counted
from byzverify.language.protocol import Protocol, parameters
from byzverify.questions.bounding import Bounds
from byzverify.questions.families import ConditionEverywhere, FamilyVerdict
from byzverify.rendering.verdict.text import STYLES, print_verdict

if TYPE_CHECKING:
    from byzverify.certificates.certifying_lemmas import CertifiedForAll


def print_everywhere(console: Console, verdict: FamilyVerdict) -> None:
    """Print the verdict, for which sizes it is, each condition's, what it rests on, and the attack if there is one."""
    console.print(Text(verdict.verdict.upper(), STYLES[verdict.verdict]), Text(_question(verdict)))
    shared = _shared_reason(verdict.conditions)
    for known in verdict.conditions:
        console.print(_condition(known, shared))
    if shared is not None:
        console.print(Text(f"  why: {shared}", STYLES["unknown"]))
    console.print(Text(_rests_on(verdict), "dim"))
    if verdict.certificate is not None:
        command = f"byzverify certify {shlex.quote(str(verdict.certificate))}"
        console.print(Text(f"certificate in {verdict.certificate}; check it with: {command}"))
    if verdict.refuted is not None:
        smallest = next(known.smallest for known in verdict.conditions if known.smallest is not None)
        console.print(Text(f"\nat {sizes(smallest)}, the smallest size at which this condition fails:"))
        print_verdict(console, verdict.refuted)


def print_certified_for_all(console: Console, found: CertifiedForAll) -> None:
    """Print what a certificate for all sizes shows."""
    about = f"{_named(found.kind)} for every {found.statement}, {counted(found.orders, 'order')}"
    console.print(Text("CERTIFIED", STYLES["proved"]), Text(about))
    for name, lemmas in found.conditions.items():
        console.print(Text(f"  {name}: {counted(lemmas, 'lemma')} of its own"))
    proof = f"{counted(found.lemmas, 'lemma')}: {counted(found.clauses, 'clause')}"
    sums = f"{found.sums} of them by sums of inequalities, refuted in {counted(found.steps, 'step')}"
    console.print(f"{proof}, {sums}", style="dim")


def _question(verdict: FamilyVerdict) -> str:
    name = _named(verdict.question.kind)
    by_default = {one.name: one.default for one in parameters(verdict.question.kind) if type(one.default) is bool}
    fixed = {**by_default, **verdict.question.fixed}
    shown = {key: value for key, value in fixed.items() if key not in ("values", "n", "m")}
    given = f" with {sizes(shown)}" if shown else ""
    return f"{name}{given} for every {verdict.statement}, {counted(verdict.orders, 'order')}"


def _named(kind: type[Protocol]) -> str:
    """A model's name; a protocol that is in no file has its class's."""
    try:
        return library.reference_to(kind)
    except UsageError:
        return kind.__qualname__


def _shared_reason(conditions: Sequence[ConditionEverywhere]) -> str | None:
    """Why nothing is known of several conditions, if it is the same reason for all of these."""
    reasons = [known.reason for known in conditions if known.reason is not None]
    return reasons[0] if len(reasons) > 1 and len({*reasons}) == 1 else None


def _condition(known: ConditionEverywhere, shared: str | None) -> Text:
    line = Text.assemble("  ", (f"{known.verdict:8}", STYLES[known.verdict]), f" {known.condition.name}: ")
    line.append(known.condition.statement)
    if known.smallest is not None:
        line.append(f" (fails first at {sizes(known.smallest)})", STYLES["refuted"])
    if known.reason is not None and known.reason != shared:
        line.append(f" ({known.reason})", STYLES["unknown"])
    return line


def _rests_on(verdict: FamilyVerdict) -> str:
    """What a verdict rests on, in one line."""
    words = Counter[str](one.verdict for one in verdict.obligations)
    count = ", ".join(f"{words[word]} {said}" for word, said in WORDS.items() if words[word])
    if verdict.verdict == "proved" and words["fails"]:
        count += ", which the proof does not need"
    parts = [f"{verdict.argument}: {counted(len(verdict.obligations), 'lemma')}, {count}" if count else "no lemma"]
    if verdict.verdict == "proved":
        checked = "; ".join(map(sizes, verdict.confirmed.checked))
        parts.append(f"the same is proved at {checked}" if checked else "not compared with a check of any size")
        parts.append(f"{counted(verdict.confirmed.simulated, 'simulated run')} of other sizes agree")
    return "; ".join([*parts, f"{verdict.seconds:.2f} s"])


def print_bounds(console: Console, found: Bounds) -> None:
    """Print the weakest assumptions for each condition, with the attack just below each."""
    beside = f", if {found.beside}" if found.beside else ""
    console.print(Text("BOUND", "bold"), Text(f"{_named(found.kind)}, {counted(found.orders, 'order')}{beside}"))
    for condition, bounds in found.conditions.items():
        console.print(Text.assemble("  ", (condition.name, "bold"), f": {condition.statement}"))
        for one in bounds:
            broken = f"broken at {sizes(one.below)}" if one.below else "no attack was found just below"
            console.print(Text.assemble("    proved for every ", (one.text, STYLES["proved"]), f"; {broken}"))
    if found.reason is not None:
        console.print(Text(f"  {found.reason}", STYLES["unknown"]))
    console.print(Text(f"{found.seconds:.2f} s", "dim"))


WORDS = {"proved": "hold", "fails": "fail", "unknown": "undecided"}


def sizes(numbers: Mapping[str, object]) -> str:
    """Sizes in words: `n=4, m=1, t=1`."""
    return ", ".join(f"{name}={number}" for name, number in numbers.items())
