"""How a general came to his decision: the value of each step, and its honest value, had nobody lied.

The honest values come from the run in which every faulty general does what a loyal one would do in his place. A step is
*turned* if its value differs from its honest value. Turned votes tip a tally: one vote tips it *alone* if the tally's
result changes when this vote gets its honest value and everything else stays as it is; if no vote tips it alone, all
turned votes tip it together. Every turned step rests on a turned step or on a lie, so the turned steps lead to the
lies. This module computes. It must not know how a story is told, or where it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from byzverify.attacks.run_log import LoggedMessage, RunLog
from byzverify.ir.expressions import (
    Choice,
    Expression,
    Majority,
    Plurality,
    Read,
    RecordedOrder,
    RecordedTruth,
    Start,
    Threshold,
    Word,
)
from byzverify.language.decisions import Decision, leaves, written
from byzverify.language.messages import General
from byzverify.language.values import PLAIN, Order, Truth
from byzverify.stories.counting import counting


@dataclass(frozen=True)
class Inference:
    """Something that a general knew or concluded. honest: its value, had nobody lied."""

    general: General
    expression: Expression
    value: Order | Truth
    honest: Order | Truth

    @property
    def turned(self) -> bool:
        """Whether lies changed its value."""
        return bool(written(self.value) != written(self.honest))


@dataclass(frozen=True)
class Vote:
    """A step that is counted.

    weight: what it adds to the tally; 1 in an election. tips: whether it tips the tally alone. worth: the vote's weight
    if it agrees; 1 if votes for several orders are counted.
    """

    step: Inference
    weight: int
    tips: bool
    worth: int = 1


@dataclass(frozen=True)
class VoteCount:
    """A count of votes.

    least: the sum that makes a threshold true; None if a majority or plurality decides. named: what the votes of a
    threshold are compared with, words or another step, each with the weight of a vote that agrees, which is negative in
    a count that is subtracted from another. If that other step is turned, it can turn the tally, with the votes or
    alone. is_uniform: whether all votes for one word have the same weight; if not, `named` has the weight of one.
    """

    step: Inference
    votes: tuple[Vote, ...]
    least: int | None
    named: tuple[tuple[Inference, int], ...]
    is_uniform: bool = True

    @property
    def tipping(self) -> tuple[Vote, ...]:
        """The votes that each tip it alone."""
        return tuple(vote for vote in self.votes if vote.tips)

    @property
    def turned(self) -> tuple[Vote, ...]:
        """The votes that would have had another value, had nobody lied."""
        return tuple(vote for vote in self.votes if vote.step.turned)


class Reasoning:
    """The steps of all generals in one log."""

    def __init__(self, log: RunLog) -> None:
        self.log = log
        self._tallies: dict[tuple[General, Expression], VoteCount | None] = {}

    def decided(self, general: General) -> Decision:
        """What a general would have decided, had nobody lied."""
        return self.log.faultless.decision(self.log.conducts[general].decision)

    def conclusions(self, general: General) -> dict[tuple[int, ...], Inference]:
        """The computed parts of a general's decision as steps, by their places in the decision."""
        return {
            place: self.step(general, part.expression)
            for place, part in leaves(self.log.conducts[general].decision)
            if isinstance(part, RecordedOrder | RecordedTruth)
        }

    def step(self, general: General, expression: Expression) -> Inference:
        """An expression in a general's reasoning."""
        return Inference(general, expression, self.log.value(expression), self.log.faultless.value(expression))

    def told(self, step: Inference) -> LoggedMessage | None:
        """What was said at the site that a step reads; None for a step that reads nothing."""
        return self.log.at(step.expression.site) if isinstance(step.expression, Read) else None

    def is_lie(self, step: Inference) -> bool:
        """Whether what a step reads is a lie, or a lapse."""
        told = self.told(step)
        return told is not None and told.is_lie

    def grounds(self, step: Inference) -> list[Inference]:
        """The nearest readings, starts and tallies from which a step got its value; none for a lie."""
        if isinstance(step.expression, Read):
            if self.is_lie(step):
                return []
            sender = step.expression.site[1]
            return self._nearest(sender, [self.log.expression(step.expression.site)])
        tally = self.tally(step)
        if tally is not None:
            against = [named for named, _ in tally.named if not isinstance(named.expression, Word)]
            return [*(vote.step for vote in tally.votes), *against]
        return self._nearest(step.general, self._bearing(step.expression))

    def tally(self, step: Inference) -> VoteCount | None:
        """The vote count that a step is; None if it is none."""
        key = step.general, step.expression
        if key not in self._tallies:
            self._tallies[key] = self._count(step)
        return self._tallies[key]

    def _count(self, step: Inference) -> VoteCount | None:
        expression = step.expression
        if isinstance(expression, Majority | Plurality) and _notable(expression):
            return self._elected(step, expression)
        return self._threshold(step, expression) if isinstance(expression, Threshold) else None

    def essence(self, step: Inference) -> Inference:
        """The step itself; or, if it only passes on one reading, start or tally, that one."""
        nearest = self.nearest(step)
        same = len(nearest) == 1 and (written(nearest[0].value), written(nearest[0].honest)) == (
            written(step.value),
            written(step.honest),
        )
        return nearest[0] if same else step

    def nearest(self, step: Inference) -> list[Inference]:
        """The step itself if it is a reading, a start or a tally, else its grounds."""
        return self._nearest(step.general, [step.expression])

    def _nearest(self, general: General, expressions: Sequence[Expression]) -> list[Inference]:
        """The readings, starts and tallies that expressions rest on, directly or through steps in between."""
        found: dict[Expression, None] = {}
        seen: set[Expression] = set()
        pending = list(reversed(expressions))
        while pending:
            one = pending.pop()
            if one in seen:
                continue
            seen.add(one)
            if _notable(one):
                found[one] = None
            else:
                pending += reversed(self._bearing(one))
        return [self.step(general, one) for one in found]

    def _bearing(self, expression: Expression) -> Sequence[Expression]:
        """The parts that determine the value of an expression: of a choice, only the branch that was taken."""
        match expression:
            case Choice():
                condition, then, otherwise = expression.parts
                return condition, then if self._holds(condition) else otherwise
            case Threshold():
                holds = self._holds(expression)
                one_is_enough = expression.least <= min(expression.weights) if holds else _needs_all(expression)
                parts = [part for part in expression.parts if self._holds(part) == holds]
                return parts if one_is_enough else expression.parts
        return expression.parts

    def _elected(self, step: Inference, election: Majority | Plurality) -> VoteCount:
        voters = [self.essence(self.step(step.general, part)) for part in election.parts[:-1]]
        default = _order(self.log.value(election.parts[-1]))
        elect = PLAIN.majority if isinstance(election, Majority) else PLAIN.plurality
        cast = [_order(voter.value) for voter in voters]

        @cache  # votes with the same value and the same honest value either all tip it, or none does
        def tips(said: str, honest: str) -> bool:
            place = next(place for place, vote in enumerate(cast) if vote.name == said)
            other = [*cast[:place], Order(honest), *cast[place + 1 :]]
            return bool(elect(other, default).name != written(step.value))

        votes = (Vote(voter, 1, tips(written(voter.value), written(voter.honest))) for voter in voters)
        return VoteCount(step, tuple(votes), None, ())

    def _threshold(self, step: Inference, threshold: Threshold) -> VoteCount | None:
        counted = counting(threshold)
        if counted is None:
            return None
        wanted: dict[Expression, list[tuple[int, Order]]] = {}
        for one in counted.ballots:
            wanted.setdefault(one.vote, []).append((one.weight, _order(self.log.value(one.named))))
        voters = {vote: self.essence(self.step(step.general, vote)) for vote in wanted}
        weights = {vote: _weight(voter.value, wanted[vote]) for vote, voter in voters.items()}
        total = sum(weights.values())

        def tips(vote: Expression) -> bool:
            other = total - weights[vote] + _weight(voters[vote].honest, wanted[vote])
            return (other >= counted.least) != (total >= counted.least)

        named = {one.named: one.weight for one in counted.ballots}
        worth = {one.vote: 1 if len(named) > 1 else one.weight for one in counted.ballots}
        votes = (Vote(voter, weights[vote], tips(vote), worth[vote]) for vote, voter in voters.items())
        steps = tuple((self.step(step.general, what), weight) for what, weight in named.items())
        return VoteCount(step, tuple(votes), counted.least, steps, counted.is_uniform)

    def _holds(self, truth: Expression) -> bool:
        return bool(self.log.value(truth))


def _order(value: Order | Truth) -> Order:
    assert isinstance(value, Order)
    return value


def _weight(value: Order | Truth, wanted: list[tuple[int, Order]]) -> int:
    """What a vote adds to a threshold."""
    return sum(weight for weight, order in wanted if order.name == _order(value).name)


def _notable(expression: Expression) -> bool:
    """Whether a person would call it a step: something heard, given at the start, or counted."""
    if isinstance(expression, Threshold):
        return counting(expression) is not None
    if isinstance(expression, Majority | Plurality):
        return len(expression.parts) > 2  # two votes or more, and the default
    return isinstance(expression, Read | Start)


def _needs_all(threshold: Threshold) -> bool:
    return sum(threshold.weights) - min(threshold.weights) < threshold.least
