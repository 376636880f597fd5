"""The outcome of a run, in words: who failed, what the loyal generals decided, and which conditions that breaks."""

from __future__ import annotations

from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.scenario.wording import decided, fault, plural
from byzverify.simulation.judging import Judgement
from byzverify.simulation.rounds import Run


def faulty(run: Run) -> str:
    """Who fails, and how: `traitors 5, 6; manifest-faulty 0`."""
    if not run.faults:
        return "nobody fails"
    of_mode: dict[Fault, list[General]] = {}
    for general, mode in run.faults.items():
        of_mode.setdefault(mode, []).append(general)
    traitors = of_mode.pop(Fault.BYZANTINE, [])
    byzantine = [plural("traitor", traitors)] if traitors else []
    named = [f"{fault(mode)} {', '.join(map(str, who))}" for mode, who in of_mode.items()]
    return "; ".join([*byzantine, *named])


def decisions(run: Run) -> str:
    """What the loyal generals decide: `ATTACK: generals 0, 2; RETREAT: general 1`."""
    alike: dict[str, list[General]] = {}
    for general in run.decided:
        alike.setdefault(decided(run.decisions[general]), []).append(general)
    return "; ".join(f"{name}: {plural('general', who)}" for name, who in alike.items())


def broken(run: Run, judgement: Judgement) -> str:
    """For which generals a condition fails: `but general 1 decides RETREAT`; empty if it holds."""
    before = (f"general {w} decides {decided(run.decisions[w])}" for w in judgement.witnesses or ())
    return "" if judgement.holds else f"but {' and '.join(before)}"
