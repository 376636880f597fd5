"""A general's reasoning as an outline: one line for each step, and under it the steps that it rests on.

Two outlines can be had of the same reasoning: the short one follows what lies have turned, and says alike steps in one
line; the whole one leaves nothing out but what it has said already. Either stops at a number of lines and marks what it
did not unfold. This module words steps. What a step is, and whether it was turned, `reasoning.py` knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from byzverify.attacks.reasoning import Reasoning, Step, Tally, Vote
from byzverify.attacks.wording import spoken
from byzverify.language.messages import Chain, General, Label, spelled
from byzverify.language.values import ABSENT
from byzverify.recording.expressions import Expression, Majority, Plurality, Read, Start

MOST_NAMES = 6


@dataclass(frozen=True)
class Line:
    """A step in words.

    value: what it came to, where the text does not say it. turned: whether it is a lie, or would be otherwise without
    lies. tips: whether it tips, by itself, what is counted one line above. folded: whether it rests on steps that are
    not shown.
    """

    value: str
    text: str
    turned: bool
    tips: bool
    folded: bool
    below: tuple[Line, ...]


@dataclass(frozen=True)
class _Phrase:
    """Steps that are said alike, but for their names, become one line."""

    names: tuple[str, ...]
    before: str
    after: str
    value: str
    turned: bool
    tips: bool


@dataclass
class _Node:
    phrase: _Phrase
    step: Step
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
    """Makes the outlines of one story, in which nothing is told twice. whole: leave out nothing.

    paths: the labels that were mentioned which say along which generals an order came.
    """

    def __init__(self, reasoning: Reasoning, *, whole: bool) -> None:
        self.paths: list[tuple[General, ...]] = []
        self._reasoning = reasoning
        self._whole = whole
        self._me = -1
        self._left = 0
        self._shown: set[Expression] = set()
        self._about: dict[Expression, tuple[General, ...]] = {}

    def outline(self, me: General, conclusions: Iterable[Step], lines: int) -> tuple[Line, ...]:
        """What general `me` concludes, and why, in so many lines; where they are not enough, depth is lost first."""
        self._me, self._left = me, lines
        top = self._top(list(conclusions))
        pending = list(top)
        for node in pending:
            if node.step.expression in self._shown:
                node.phrase = replace(node.phrase, after=f"{node.phrase.after} (told already)")
                continue
            below = self._below(node.step) if self._opens(node, top) else []
            node.folded = len(below) > self._left
            if below and not node.folded:
                self._shown.add(node.step.expression)
                self._left -= len(below)
                node.below = below
                pending += below
        return tuple(node.line() for node in top)

    def _top(self, conclusions: list[Step]) -> list[_Node]:
        found = {
            step.expression: step
            for conclusion in conclusions
            for step in self._wanted(conclusion.turned, self._reasoning.nearest(conclusion))
        }
        nodes = [self._node(step, None) for step in self._telling(list(found.values()))]
        self._left -= len(nodes)
        return nodes

    def _opens(self, node: _Node, top: list[_Node]) -> bool:
        """What lies have turned is unfolded; in short, nothing else but the one count of who was not deceived.

        Of the whole also all that he reasons himself: not how loyal generals came to what they tell him.
        """
        if self._whole:
            return node.step.turned or (node.step.general == self._me and self._reasoning.told(node.step) is None)
        return node.step.turned or (top == [node] and self._reasoning.tally(node.step) is not None)

    def _below(self, step: Step) -> list[_Node]:
        tally = self._reasoning.tally(step)
        if tally is None:
            source = self._liar(step)
            grounds = [] if source is not None else self._wanted(step.turned, self._reasoning.grounds(step))
            return [self._node(ground, None) for ground in grounds if ground.expression is not step.expression]
        votes = [self._node(vote.step, vote) for vote in tally.votes]
        against = [self._node(named, None) for named, _ in tally.named if named.turned]
        for node in against:
            node.phrase = replace(node.phrase, before=f"compared with {node.phrase.before}")
        return [*(votes if self._whole else _together(votes)), *against]

    def _wanted(self, turned: bool, grounds: list[Step]) -> list[Step]:
        """All grounds; in short, of what lies have turned those grounds that they have turned."""
        if self._whole:
            return grounds
        return self._telling([ground for ground in grounds if ground.turned or not turned])

    def _telling(self, steps: list[Step]) -> list[Step]:
        """In short, one of several counts of the same votes, the one that came out true, and without the votes."""
        if self._whole:
            return steps
        counts: dict[tuple[Expression, ...], Step] = {}
        votes: set[Expression] = set()
        for step in steps:
            tally = self._reasoning.tally(step)
            cast = () if tally is None else tuple(vote.step.expression for vote in tally.votes)
            votes.update(cast)
            if (cast or (step.expression,)) not in counts or step.value:
                counts[cast or (step.expression,)] = step
        return [step for step in counts.values() if step.expression not in votes]

    def _node(self, step: Step, vote: Vote | None) -> _Node:
        names, before, after = self._words(step)
        turned = step.turned or self._reasoning.is_lie(step) or (vote is not None and vote.turned)
        tally = self._reasoning.tally(step)
        value = "" if tally is not None and tally.least is not None else spoken(step.value)
        return _Node(_Phrase(names, before, after, value, turned, vote is not None and vote.alone), step)

    def _words(self, step: Step) -> tuple[tuple[str, ...], str, str]:
        """A name, and what is said before and after it."""
        told = self._reasoning.told(step)
        tally = self._reasoning.tally(step)
        mine = step.general == self._me
        if told is not None:
            if _is_path(told.label, told.sender):
                self.paths.append(told.label)
            listener = "" if mine else f" to general {step.general}"
            name, before, after = _heard(told.round, told.sender, told.label)
            return (name,), before, f"{listener}{after}{self._truthfulness(step)}"
        if tally is not None:
            path = self._subject(step.expression)
            about = spelled(path) if path[1:] else ""
            whose = "" if mine else f"general {step.general} counts "
            count = _elected(tally) if tally.least is None else _threshold(tally)
            return ((about,), "on ", f": {whose}{count}") if about else ((), "", f"{whose}{count}")
        whose = "his own" if mine else f"general {step.general}'s own"
        if isinstance(step.expression, Start):
            return (), "", f"{whose} order at the start"
        return (), "", f"{whose}, after round {step.expression.round}"

    def _truthfulness(self, step: Step) -> str:
        told = self._reasoning.told(step)
        if told is not None and told.is_lie and told.said.name == ABSENT.name:
            return f", withheld{_assumed(step)}"
        if told is not None and told.is_lie:
            return ", a lie"
        liar = self._liar(step)
        return "" if liar is None else f", misled by general {liar}"

    def _liar(self, step: Step) -> General | None:
        """Who lied to the sender, where the sender only passes on one order."""
        at = step
        while step.turned and isinstance(at.expression, Read) and not self._reasoning.is_lie(at):
            grounds = self._reasoning.grounds(at)
            if len(grounds) != 1:
                return None
            at = grounds[0]
        told = self._reasoning.told(at)
        return told.sender if told is not None and at is not step and told.is_lie else None

    def _subject(self, expression: Expression) -> tuple[General, ...]:
        """What an election is about: the path that all its votes came along, as far as they share it."""
        if expression not in self._about:
            self._about[expression] = self._path(expression)
        return self._about[expression]

    def _path(self, expression: Expression) -> tuple[General, ...]:
        if isinstance(expression, Read):
            label = expression.site[3]
            return label if _is_path(label, expression.site[1]) else ()
        if not isinstance(expression, Majority | Plurality):
            return ()
        paths = [path for path in map(self._subject, expression.parts[:-1]) if path]
        shared = [steps[0] for steps in zip(*paths, strict=False) if len(set(steps)) == 1]
        return tuple(shared) if len(paths) > 1 else ()


def _heard(round: int, sender: General, label: Label) -> tuple[str, str, str]:
    """How a reading is named: `0-2`, or what came, from whom, in which round."""
    if _is_path(label, sender):
        return spelled(label), "" if label[1:] else "from ", ""
    if isinstance(label, Chain):
        return str(label), "", f" from general {sender}"
    if label == ():
        return str(sender), "from ", f" in round {round}"
    return spelled(label), "", f" from general {sender} in round {round}"


def _is_path(label: Label, sender: General) -> bool:
    """Whether a label says along which generals an order came, the sender last."""
    return isinstance(label, tuple) and label[-1:] == (sender,) and all(type(step) is int for step in label)


def _assumed(step: Step) -> str:
    return "" if spoken(step.value) == spoken(ABSENT) else f" and taken for {spoken(step.value)}"


def _elected(tally: Tally) -> str:
    cast = Counter(spoken(vote.step.value) for vote in tally.votes)
    word = "majority" if isinstance(tally.step.expression, Majority) else "plurality"
    if _leads(tally, cast):
        return f"{word} of {len(tally.votes)}, {_shares(cast)}"
    return f"no {word} of {len(tally.votes)}, {_shares(cast)}, so {spoken(tally.step.value)}"


def _leads(tally: Tally, cast: Counter[str]) -> bool:
    """Whether an election has a winner, so that its default plays no part."""
    named = {name: number for name, number in cast.items() if name != spoken(ABSENT)}
    most = max(named.values(), default=0)
    if isinstance(tally.step.expression, Majority):
        return 2 * most > len(tally.votes)
    return list(named.values()).count(most) == 1


def _shares(cast: Counter[str]) -> str:
    return " : ".join(f"{name} {number}" for name, number in cast.most_common())


def _threshold(tally: Tally) -> str:
    assert tally.least is not None
    total = sum(vote.weight for vote in tally.votes)
    verdict = "enough" if total >= tally.least else "too few"
    if len(tally.named) == 1 and all(vote.weight in (0, 1) for vote in tally.votes):
        ((named, _),) = tally.named
        return f"{spoken(named.value)} from {total} of {len(tally.votes)}: {verdict}, {tally.least} needed"
    weights = ", ".join(f"{spoken(named.value)} {weight}" for named, weight in tally.named)
    cast = Counter(spoken(vote.step.value) for vote in tally.votes)
    return f"{_shares(cast)}; at {weights} each they weigh {total}: {verdict}, {tally.least} needed"


def _together(nodes: list[_Node]) -> list[_Node]:
    """One node for all that are said alike."""
    alike: dict[_Phrase, list[_Node]] = {}
    for node in nodes:
        alike.setdefault(replace(node.phrase, names=()), []).append(node)
    found = []
    for phrase, those in alike.items():
        names = tuple(name for node in those for name in node.phrase.names)
        found.append(_Node(replace(phrase, names=names), those[0].step))
    return found


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:MOST_NAMES])} and {more} more"
