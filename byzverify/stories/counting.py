"""What a threshold counts: the votes, what each is compared with, and what an agreement weighs, as a person says it.

A program may ask for `2 * count(votes, ATTACK) > n`; people say that 3 of 5 are needed. So a factor that all weights
share is divided out. This module knows recorded expressions. It must not know what they come to in a run, or how a
count is put in words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd

from byzverify.ir.expressions import Equal, Expression, Not, Threshold, Word


@dataclass(frozen=True)
class Ballot:
    """A vote, what it is compared with, and what an agreement weighs: less than 0 in a count that is subtracted."""

    weight: int
    vote: Expression
    named: Expression


@dataclass(frozen=True)
class Counting:
    """A threshold on votes, which is true where the weights of all that agree sum to `least` or more."""

    least: int
    ballots: tuple[Ballot, ...]

    @property
    def is_uniform(self) -> bool:
        """Whether each vote is counted for the same, and those for the same weigh the same."""
        named = {one.named for one in self.ballots}
        each = len(named) == 1 or len(self.ballots) == len({one.vote for one in self.ballots}) * len(named)
        return each and len({(one.named, one.weight) for one in self.ballots}) == len(named)


def counting(threshold: Threshold) -> Counting | None:
    """What a threshold counts; None if no votes are counted.

    Votes are counted where two or more things are compared with words, or all with one thing. The weights of a count
    that is subtracted from another are negative: the language counts the votes that do not name its order instead.
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
    """A counting without what all weights have in common.

    The language counts the votes against what is subtracted, which makes the threshold higher by their weights.
    """
    pairs = zip(threshold.weights, threshold.parts, strict=True)
    least = threshold.least - sum(weight for weight, part in pairs if _signed(part)[0] < 0)
    shared = gcd(*(one.weight for one in ballots))
    return Counting(-(-least // shared), tuple(replace(one, weight=one.weight // shared) for one in ballots))


def _signed(truth: Expression) -> tuple[int, Expression]:
    """A truth without what negates it, and -1 if it is negated, else 1."""
    sign = 1
    while isinstance(truth, Not):
        sign, truth = -sign, truth.parts[0]
    return sign, truth
