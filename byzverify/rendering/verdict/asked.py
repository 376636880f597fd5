"""What was asked and what an answer rests on, in words, for terminals, pages and pictures."""

from __future__ import annotations

from collections.abc import Sequence

from byzverify.catalogue import library
from byzverify.errors import UsageError, counted
from byzverify.language.faults import Budget, Fault
from byzverify.language.protocol import Protocol
from byzverify.questions.verdict import Proved, Refuted, Verdict


def describe(protocol: Protocol) -> str:
    """The instance as a person would write it: `om(n=7, m=2)`. A protocol that is in no file has its class's name."""
    try:
        name = library.reference_to(type(protocol))
    except UsageError:
        name = type(protocol).__qualname__
    unsaid: list[tuple[str, object]] = [("graph", "")]
    if type(protocol).values == 2:
        unsaid.append(("values", 2))
    shown = {k: v for k, v in library.parameters_of(protocol).items() if (k, v) not in unsaid}
    return f"{name}({', '.join(f'{key}={value}' for key, value in shown.items())})"


def question(protocol: Protocol, faults: Budget) -> str:
    """What was asked: `om(n=7, m=2) with at most 2 traitors`."""
    milder = [f"{number} {mode}" for mode, number in faults.items() if mode is not Fault.BYZANTINE]
    byzantine = faults.get(Fault.BYZANTINE, 0)
    if not milder:
        return f"{describe(protocol)} with at most {counted(byzantine, 'traitor')}"
    named = [f"{byzantine} {Fault.BYZANTINE}", *milder] if byzantine else milder
    noun = "fault" if sum(faults.values()) == 1 else "faults"
    return f"{describe(protocol)} with at most {' and '.join(named)} {noun}"


def looked_at(verdict: Verdict) -> str:
    """What a verdict rests on, in one line."""
    evidence = verdict.evidence
    if evidence.lemmas:
        return (
            f"{counted(evidence.traitor_sets, 'set')} of traitors, all at once: {evidence.argument}, "
            f"{counted(evidence.lemmas, 'lemma')} by {_each(evidence.solvers)}; "
            f"{counted(evidence.compared.runs, 'simulated run')} of other sizes agree; {verdict.seconds:.2f} s"
        )
    parts = [
        f"{counted(evidence.traitor_sets, 'set')} of traitors in {counted(evidence.scenarios, 'scenario')}",
        f"{counted(evidence.cases, 'case')}: {evidence.while_built} decided by simplification, "
        f"{evidence.cases - evidence.while_built} by {_each(evidence.solvers)}",
    ]
    if evidence.doubted:
        parts.append(
            f"every number of faults was tried for {_each(evidence.doubted)}, whose needs_loyal could not be confirmed"
        )
    if evidence.unasked:
        parts.append(f"{counted(evidence.unasked, 'choice')} of faulty generals left nothing to check")
    if all(known.loyal and known.fallible for known in verdict.conditions):
        parts.append("not vacuous")
    if evidence.compared.runs:
        parts.append(_compared(verdict))
    elif isinstance(verdict, Proved):
        parts.append("not compared with simulated runs, each of which would be too long")
    if isinstance(verdict, Refuted) and verdict.unrepeated is not None:
        parts.append(f"the attack was not played once more in a fresh process: {verdict.unrepeated}")
    return "; ".join([*parts, f"{verdict.seconds:.2f} s"])


def _compared(verdict: Verdict) -> str:
    """What the verdict was compared with."""
    runs, smaller = counted(verdict.evidence.compared.runs, "simulated run"), verdict.evidence.compared.smaller
    agree = "agrees" if verdict.evidence.compared.runs == 1 else "agree"
    if smaller is None:
        return f"{runs} {agree}"
    return f"no run of this size was simulated; {runs} of {describe(type(verdict.model)(**smaller))} {agree}"


def _each(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
