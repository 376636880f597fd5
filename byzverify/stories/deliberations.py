"""How the loyal generals whose decisions break a condition were deceived, and the reasoning of any one general.

This module chooses whose reasoning a story shows, and how much of it. `outline.py` puts the steps into words;
`narration.py` tells the rest of the story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from byzverify.attacks.attack import MOST_TOLD
from byzverify.attacks.run_log import RunLog
from byzverify.errors import UsageError
from byzverify.language.decisions import Decision, written
from byzverify.language.faults import lies
from byzverify.language.messages import General, spelled
from byzverify.scenario.wording import decided, failing
from byzverify.simulation.judging import Judgement, Replay
from byzverify.simulation.rounds import Run
from byzverify.stories.outline import Line, Outliner
from byzverify.stories.reasoning import Reasoning, VoteCount

SHORT = 14
"""How many lines of reasoning a story has. `ASIDE` lines are reserved for each general after the first."""

ASIDE = 5

WHOLE = 300
"""How many lines of one general's reasoning are shown on request."""


@dataclass(frozen=True)
class Deliberation:
    """How one loyal general came to his decision.

    heading: what he decides, and what he would have decided if all had been loyal. lines: his reasoning, the decision
    first. tipped: which votes turned the decision, and whether each did so alone; empty if no count was turned.
    """

    general: General
    heading: str
    lines: tuple[Line, ...]
    tipped: str


def followed(replay: Replay, general: General) -> tuple[Deliberation, str]:
    """The whole reasoning of one general, and how to read a path in it.

    Raises UsageError if he does not exist, if he is faulty, or if the run has too many messages.
    """
    run = replay.run
    if general not in range(run.protocol.n):
        raise UsageError(f"general {general} does not exist; there are 0 to {run.protocol.n - 1}")
    if general in run.faults:
        raise UsageError(
            f"general {general} is {failing(run.faults[general])}, and his decision does not count; these are loyal: "
            + ", ".join(map(str, run.loyal))
        )
    if run.messages > MOST_TOLD:
        raise UsageError(f"{run.messages:,} orders were told, too many to follow one general's reasoning")
    reasoning = Reasoning(RunLog(replay))
    outliner = Outliner(reasoning, whole=True)
    found = _deliberation(reasoning, outliner, general, list(reasoning.conclusions(general)), WHOLE)
    return found, _path(outliner, replay.run)


@dataclass
class _Issue:
    """The parts of one general's decision that make conditions fail."""

    general: General
    places: list[tuple[int, ...]]
    conditions: list[str]


def deliberations(reasoning: Reasoning) -> tuple[tuple[Deliberation, ...], str]:
    """The deliberations of the witnesses for whom conditions fail, and how to read a path in them.

    The witnesses of the condition that the attack is about come first.
    """
    violated = reasoning.log.replay.explained
    issues = _issues(reasoning, violated)
    outliner = Outliner(reasoning, whole=False)
    found: list[Deliberation] = []
    left = SHORT + ASIDE * sum(violated[0].condition.name not in issue.conditions for issue in issues)
    for number, issue in enumerate(issues, start=1):
        kept = ASIDE * (len(issues) - number)
        told = _deliberation(reasoning, outliner, issue.general, issue.places, left - kept)
        if violated[1:]:
            told = replace(told, heading=f"{told.heading} ({', '.join(issue.conditions)})")
        found.append(told)
        left -= sum(map(_height, told.lines))
    return tuple(found), _path(outliner, reasoning.log.run)


def _issues(reasoning: Reasoning, violated: Sequence[Judgement]) -> list[_Issue]:
    """What to explain, condition by condition: for each, deceived witnesses first, and nothing twice.

    If a condition fails because of a deceived witness who was explained already, witnesses who were not deceived need
    no explanation.
    """
    issues: list[_Issue] = []
    for judgement in violated:
        witnesses = judgement.witnesses or ()
        new = [_Issue(one, _at_issue(reasoning, one, witnesses), [judgement.condition.name]) for one in witnesses]
        known = [(old, one) for old in issues for one in new if (old.general, old.places) == (one.general, one.places)]
        for old, one in known:
            old.conditions += one.conditions
            new.remove(one)
        explained = any(_deceived(reasoning, old) for old, _ in known)
        new = [one for one in new if not explained or _deceived(reasoning, one)]
        issues += sorted(new, key=lambda issue: not _deceived(reasoning, issue))
    return issues


def _deceived(reasoning: Reasoning, issue: _Issue) -> bool:
    """Whether lies have turned the parts at issue."""
    return any(reasoning.conclusions(issue.general)[place].turned for place in issue.places)


def _height(line: Line) -> int:
    return 1 + sum(map(_height, line.below))


def _path(outliner: Outliner, run: Run) -> str:
    """How to read a path, with a short one that was mentioned as the example, from a lie if possible; else empty."""
    lied = {lie.label for lie in run.lies}
    mentioned = sorted(outliner.paths, key=lambda path: (path not in lied, len(path)))
    path = next((path for path in mentioned if path[1:]), ())
    if not path:
        return ""
    says = " says that ".join(map(str, reversed(path[1:])))
    return f"{spelled(path)}: what general {says} says that {path[0]} told him"


def _at_issue(reasoning: Reasoning, general: General, witnesses: Sequence[General]) -> list[tuple[int, ...]]:
    """The places of a general's decision that differ from other witnesses' or, for a single witness, that lies turned.

    If a number differs, everything that it counts is at issue.
    """
    decisions = reasoning.log.run.decisions
    others = [decisions[other] for other in witnesses if other != general] or [reasoning.decided(general)]
    compared = [dict(_numbers_and_orders(other)) for other in others]
    differ = [
        place
        for place, part in _numbers_and_orders(decisions[general])
        if any(place in other and other[place] != part for other in compared)
    ]
    own = list(reasoning.conclusions(general))
    return [place for place in own if any(place[: len(part)] == part for part in differ)] or own


def _numbers_and_orders(decision: Decision, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The parts of a plain decision in the form of JSON, by their places; a count is one part."""
    if isinstance(decision, dict | tuple):
        for key, part in decision.items() if isinstance(decision, dict) else enumerate(decision):
            yield from _numbers_and_orders(part, (*place, key))
    else:
        yield place, written(decision)


def _deliberation(
    reasoning: Reasoning, outliner: Outliner, general: General, places: list[tuple[int, ...]], lines: int
) -> Deliberation:
    steps = [reasoning.conclusions(general)[place] for place in places]
    outline = outliner.outline(general, steps, lines)
    return Deliberation(
        general, _heading(reasoning, general, places), outline, _tipped(reasoning, general, outliner.turned)
    )


def _heading(reasoning: Reasoning, general: General, places: list[tuple[int, ...]]) -> str:
    decision, honest = reasoning.log.run.decisions[general], reasoning.decided(general)
    about = ""
    if isinstance(decision, dict) and len(places) == 1:
        ((of, *_),) = places
        decision, honest, about = decision[of], honest[of], f" for general {of}"
    otherwise = "" if written(decision) == written(honest) else f" instead of {decided(honest)}"
    return f"General {general} decides {decided(decision)}{otherwise}{about}"


def _tipped(reasoning: Reasoning, general: General, tally: VoteCount | None) -> str:
    """A sentence about the votes that tipped a count; empty if there is none."""
    if tally is None or not tally.turned:
        return ""
    turned = len(tally.turned)
    run = reasoning.log.run
    told = {"lies" if lies(run.faults[lie.sender]) else "lapses" for lie in run.lies}
    what = " and ".join(sorted(told, reverse=True)).capitalize()
    alone = len(tally.tipping)
    changed = f"{what} changed {turned} of general {general}'s {len(tally.votes)} votes"
    if not alone:
        return f"{changed}; together they tip the count, none of them alone"
    each = (
        "it" if turned == 1 else f"each of the {turned}" if alone == turned else f"{alone} of the {turned}, each alone,"
    )
    return f"{changed}, and {each} tips the count: had it been honest, the count would differ"
