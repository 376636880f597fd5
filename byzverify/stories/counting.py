"""What a threshold counts, as a person would say it: the votes, what each is compared with, and their weights.

A program may ask for `2 * count(votes, ATTACK) > n`, where people say that 3 of 5 are needed. So a factor that all
weights share is divided out. This module knows recorded expressions. It must not know their values in a run, or how a
count is put in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd

from byzverify.ir.expressions import Equal, Expression, Not, Threshold, Word


@dataclass(frozen=True)
class Ballot:
    """A vote, what it is compared with, and its weight if it agrees: negative in a count that is subtracted."""

    weight: int
    vote: Expression
    named: Expression


@dataclass(frozen=True)
class Counting:
    """A threshold on votes, which is true if the weights of the votes that agree sum to at least `least`."""

    least: int
    ballots: tuple[Ballot, ...]

    @property
    def is_uniform(self) -> bool:
        """Whether every vote can count for the same words, and all votes for a word have the same weight."""
        named = {one.named for one in self.ballots}
        each = len(named) == 1 or len(self.ballots) == len({one.vote for one in self.ballots}) * len(named)
        return each and len({(one.named, one.weight) for one in self.ballots}) == len(named)


def counting(threshold: Threshold) -> Counting | None:
    """What a threshold counts; None if it counts no votes.

    A threshold counts votes if it compares at least two expressions with words, or all with one expression. The weights
    of a count that is subtracted from another are negative; for these the language counts the votes that do not name
    the order.
    """
    signed = [_signed(part) for part in threshold.parts]
    parts = [part for _, part in signed]
    if not all(isinstance(part, Equal) for part in parts):
        return None
    common = set(parts[0].parts).intersection(*(part.parts for part in parts[1:]))
    weights: dict[tuple[Expression, Expression], int] = {}
    for weight, (sign, part) in zip(threshold.weights, signed, strict=True):
        vote, named = reversed(part.parts) if part.parts[0] in common else part.parts
        weights[vote, named] = weights.get((vote, named), 0) + sign * weight
    ballots = [Ballot(weight, vote, named) for (vote, named), weight in weights.items() if weight]
    against_words = all(isinstance(one.named, Word) for one in ballots)
    several = len({one.vote for one in ballots}) > 1 and max(one.weight for one in ballots) > 0
    return _reduced(threshold, ballots) if several and (common or against_words) else None


def _reduced(threshold: Threshold, ballots: list[Ballot]) -> Counting:
    """The counting with the common factor of all weights divided out.

    Where a count is subtracted, the language counts the votes against it, which raises the threshold by their weights;
    this is undone.
    """
    pairs = zip(threshold.weights, threshold.parts, strict=True)
    least = threshold.least - sum(weight for weight, part in pairs if _signed(part)[0] < 0)
    shared = gcd(*(one.weight for one in ballots))
    return Counting(-(-least // shared), tuple(replace(one, weight=one.weight // shared) for one in ballots))


def _signed(truth: Expression) -> tuple[int, Expression]:
    """A truth without its negation, and -1 if it was negated, else 1."""
    sign = 1
    while isinstance(truth, Not):
        sign, truth = -sign, truth.parts[0]
    return sign, truth
