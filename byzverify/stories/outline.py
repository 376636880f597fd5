"""A general's reasoning as an outline: one line for each step, and under it the steps that it rests on.

There are two outlines of the same reasoning. The short one follows only steps that lies have turned, and puts similar
steps into one line. The whole one leaves out only repetitions, and how loyal generals came to messages that no lie has
turned. Both stop after a number of lines, and mark steps that they did not unfold. This module puts steps into words.
`reasoning.py` knows what a step is, and whether it was turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile

from byzverify.attacks.run_log import LoggedMessage
from byzverify.ir.expressions import Expression, Majority, Plurality, Read, Start
from byzverify.language.labels import is_arrival
from byzverify.language.messages import General, spelled
from byzverify.language.values import ABSENT, is_absent
from byzverify.scenario.wording import spoken
from byzverify.stories.phrases import elected, found, heard, is_path, silence, subject, threshold
from byzverify.stories.reasoning import Inference, Reasoning, Vote, VoteCount

MOST_NAMES = 6


@dataclass(frozen=True)
class Line:
    """A step in words.

    value: its value, if the text does not say it. turned: whether it is a lie, or would have another value without
    lies. tips: whether it tips, alone, the count one line above. folded: whether it rests on steps that are not shown.
    """

    value: str
    text: str
    turned: bool
    tips: bool
    folded: bool
    below: tuple[Line, ...]


@dataclass(frozen=True)
class _Phrase:
    """The words for a step. Steps with the same words except for their names become one line."""

    names: tuple[str, ...]
    before: str
    after: str
    value: str
    turned: bool
    tips: bool


@dataclass
class _Node:
    phrase: _Phrase
    step: Inference
    below: list[_Node] = field(default_factory=list)
    folded: bool = False

    def line(self) -> Line:
        phrase = self.phrase
        text = f"{phrase.before}{_listed(phrase.names)}{phrase.after}"
        if self.below and phrase.names[1:]:
            text += f"; {phrase.names[0]}, for one"
        below = tuple(node.line() for node in self.below)
        return Line(phrase.value, text, phrase.turned, phrase.tips, self.folded, below)


class Outliner:
    """Makes the outlines of one story, in which nothing is told twice. whole: whether to make the whole outline.

    paths: the labels that were mentioned and are paths of generals. turned: in the last outline, the first count behind
    the conclusions that lies turned.
    """

    def __init__(self, reasoning: Reasoning, *, whole: bool) -> None:
        self.paths: list[tuple[General, ...]] = []
        self.turned: VoteCount | None = None
        self._reasoning = reasoning
        self._whole = whole
        self._all_hear_of_one = int(reasoning.log.run.protocol.problem.has_commander)
        self._me = -1
        self._left = 0
        self._shown: set[Expression] = set()
        self._about: dict[Expression, tuple[General, ...]] = {}

    def outline(self, me: General, conclusions: Iterable[Inference], lines: int) -> tuple[Line, ...]:
        """What general `me` concludes, and why, in at most this many lines; deeper steps are left out first."""
        self._me, self._left = me, lines
        top = self._top(list(conclusions))
        pending = list(top)
        for node in pending:
            if node.step.expression in self._shown:
                node.phrase = replace(node.phrase, after=f"{node.phrase.after} (told already)")
                continue
            below = self._below(node.step) if self._opens(node, only=len(top) == 1 and node is top[0]) else []
            node.folded = len(below) > self._left
            if below and not node.folded:
                self._shown.add(node.step.expression)
                self._left -= len(below)
                node.below = below
                pending += below
        return tuple(node.line() for node in top) or (Line("", "whatever he is told", False, False, False, ()),)

    def _top(self, conclusions: list[Inference]) -> list[_Node]:
        found = {
            step.expression: step
            for conclusion in conclusions
            for step in self._wanted(conclusion.turned, self._reasoning.nearest(conclusion))
        }
        each = [self._node(step, None) for step in self._telling(list(found.values()))]
        nodes = each if self._whole else _together(each)
        self._left -= len(nodes)
        tallies = (self._reasoning.tally(node.step) for node in nodes if node.step.turned)
        self.turned = next((tally for tally in tallies if tally is not None), None)
        return nodes

    def _opens(self, node: _Node, *, only: bool) -> bool:
        """Whether a step is unfolded.

        Steps that lies have turned are. The short outline also unfolds a count if it is the only top step. The whole
        outline also unfolds all of his own reasoning, but not how loyal generals came to what they tell him.
        """
        if self._whole:
            return node.step.turned or (node.step.general == self._me and self._reasoning.told(node.step) is None)
        return node.step.turned or (only and self._reasoning.tally(node.step) is not None)

    def _below(self, step: Inference) -> list[_Node]:
        tally = self._reasoning.tally(step)
        if tally is None:
            source = self._liar(step)
            grounds = [] if source is not None else self._wanted(step.turned, self._reasoning.grounds(step))
            return [self._node(ground, None) for ground in grounds if ground.expression is not step.expression]
        votes = [self._node(vote.step, vote) for vote in tally.votes]
        against = [self._node(named, None) for named, _ in tally.named if named.turned]
        for node in against:
            node.phrase = replace(node.phrase, before=f"compared with {node.phrase.before}")
        one_by_one = self._whole and len(votes) + len(against) <= self._left
        return [*(votes if one_by_one else _together(votes)), *against]

    def _wanted(self, turned: bool, grounds: list[Inference]) -> list[Inference]:
        """The grounds to show: all in the whole outline; in the short one, only turned ones if the step is turned."""
        if self._whole:
            return grounds
        return self._telling([ground for ground in grounds if ground.turned or not turned])

    def _telling(self, steps: list[Inference]) -> list[Inference]:
        """In the short outline, one of several counts of the same votes, preferably a true one, without the votes."""
        if self._whole:
            return steps
        counts: dict[tuple[Expression, ...], Inference] = {}
        votes: set[Expression] = set()
        for step in steps:
            tally = self._reasoning.tally(step)
            cast = () if tally is None else tuple(vote.step.expression for vote in tally.votes)
            votes.update(cast)
            if (cast or (step.expression,)) not in counts or step.value:
                counts[cast or (step.expression,)] = step
        return [step for step in counts.values() if step.expression not in votes]

    def _node(self, step: Inference, vote: Vote | None) -> _Node:
        names, before, after = self._words(step)
        turned = step.turned or self._reasoning.is_lie(step)
        tally = self._reasoning.tally(step)
        value = "" if tally is not None and tally.least is not None else found(step)
        if vote is not None and vote.worth > 1:
            after += f", counted {'twice' if vote.worth == 2 else f'{vote.worth} times'}"
        return _Node(_Phrase(names, before, after, value, turned, vote is not None and vote.tips), step)

    def _words(self, step: Inference) -> tuple[tuple[str, ...], str, str]:
        """The words for a step: its names, and the text before and after them."""
        told, tally = self._reasoning.told(step), self._reasoning.tally(step)
        mine = step.general == self._me
        if told is not None:
            if is_path(path := subject(told.label), told.sender):
                self.paths.append(path)
            return self._heard(step, told, "" if mine else f" to general {step.general}")
        if tally is not None:
            return self._counted(tally, mine)
        if isinstance(step.expression, Start):
            return (), "", f"{self._whose(step)} order at the start"
        return self._worked_out(step)

    def _heard(self, step: Inference, told: LoggedMessage, listener: str) -> tuple[tuple[str, ...], str, str]:
        """The words for a reading. If nothing came and nobody lied, they say that: nobody said the default value."""
        never = self._reasoning.log.never_says(told.site)
        silent = is_absent(told.said) and not told.is_lie
        unheard = silent and (never or found(step) != spoken(ABSENT))
        name, before, after = silence(step, told, never) if unheard else heard(told.round, told.sender, told.label)
        return (name,), before, f"{listener}{after}{self._truthfulness(step)}"

    def _worked_out(self, step: Inference) -> tuple[tuple[str, ...], str, str]:
        """The words for a step that is neither heard nor counted: what it was worked out from, or by whom and when."""
        grounds = self._reasoning.nearest(step)
        if not grounds:
            return (), "", "set by the program"
        if all(isinstance(ground.expression, Start) for ground in grounds):
            return (), "", f"worked out from {self._whose(step)} order at the start"
        letter = [told for ground in grounds if (told := self._reasoning.told(ground)) is not None]
        if len(letter) == len(grounds) and len({(told.round, told.sender) for told in letter}) == 1:
            return self._from_letter(step, letter)
        who = "himself" if step.general == self._me else f"general {step.general}"
        return (), "", f"worked out by {who} after round {step.expression.round}"

    def _from_letter(self, step: Inference, letter: list[LoggedMessage]) -> tuple[tuple[str, ...], str, str]:
        """The words for a step that was worked out from one letter, or from the fact that it did not come."""
        if any(not is_absent(told.said) for told in letter):
            return (str(letter[0].sender),), "worked out from what came from ", f" in round {letter[0].round}"
        told = next((told for told in letter if is_arrival(told.label)), letter[0])
        name, before, after = silence(step, told, self._reasoning.log.never_says(told.site))
        return (name,), before, after

    def _whose(self, step: Inference) -> str:
        return "his own" if step.general == self._me else f"general {step.general}'s own"

    def _counted(self, tally: VoteCount, mine: bool) -> tuple[tuple[str, ...], str, str]:
        if tally.least is not None:
            whose = "" if mine else f"general {tally.step.general} counts "
            return (), "", f"{whose}{threshold(tally)}"
        whose = "" if mine else f"general {tally.step.general}'s "
        path = self._subject(tally.step.expression)
        if not path[self._all_hear_of_one :]:
            return (), whose, elected(tally)
        return (spelled(path) if path[1:] else f"general {path[0]}",), f"{whose}on ", f" {elected(tally)}"

    def _truthfulness(self, step: Inference) -> str:
        told = self._reasoning.told(step)
        if told is not None and told.is_lie:
            return ", silence" if is_absent(told.said) else ", a lie"
        liar = self._liar(step)
        return "" if liar is None else f", misled by general {liar}"

    def _liar(self, step: Inference) -> General | None:
        """The general who lied to the sender, if the sender only passes on one order; else None."""
        at = step
        while step.turned and isinstance(at.expression, Read) and not self._reasoning.is_lie(at):
            grounds = self._reasoning.grounds(at)
            if len(grounds) != 1:
                return None
            at = grounds[0]
        told = self._reasoning.told(at)
        return told.sender if told is not None and at is not step and told.is_lie else None

    def _subject(self, expression: Expression) -> tuple[General, ...]:
        """The subject of an election: the beginning of the path that all its votes share."""
        if expression not in self._about:
            self._about[expression] = self._path(expression)
        return self._about[expression]

    def _path(self, expression: Expression) -> tuple[General, ...]:
        if isinstance(expression, Read):
            label = subject(expression.site[3])
            return label if is_path(label, expression.site[1]) else ()
        if not isinstance(expression, Majority | Plurality):
            return ()
        paths = [path for path in map(self._subject, expression.parts[:-1]) if path]
        shared = takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))
        return tuple(steps[0] for steps in shared) if len(paths) > 1 else ()


def _together(nodes: list[_Node]) -> list[_Node]:
    """One node for all nodes with the same words."""
    alike: dict[_Phrase, list[_Node]] = {}
    for node in nodes:
        alike.setdefault(replace(node.phrase, names=()), []).append(node)
    found = []
    for phrase, those in alike.items():
        names = tuple(name for node in those for name in node.phrase.names)
        found.append(_Node(replace(phrase, names=names), those[0].step))
    return found


def _listed(names: Iterable[str]) -> str:
    names = sorted(names, key=_by_number)
    more = len(names) - MOST_NAMES
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:MOST_NAMES])} and {more} more"


def _by_number(name: str) -> list[int | str]:
    """A sort key: the numbers in a name as numbers, and the rest as text."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]
