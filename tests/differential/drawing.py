"""Random trees, drawn by hypothesis part by part, simple parts first so that what fails shrinks to something readable.

Here is drawn what programs and conditions have in common, and the conditions; programs are in `protocols.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.differential import syntax as tree
from tests.differential.syntax import Node, People, Person, Several

T = TypeVar("T")

ABSENT = tree.Named("ABSENT")

DEEP = 2
"""How many operators can be nested."""

Bound = tuple[Person, ...]
"""Who can be named where something is drawn."""

Part = Callable[[Bound, int], Node]
"""Draws a part of which so many operators can be nested."""


@dataclass
class Author:
    """Draws what programs and conditions have in common.

    draw: gives an example of a strategy. words: the names of all that can be said.
    """

    draw: Callable[[st.SearchStrategy[Any]], Any]
    words: tuple[str, ...]

    def leaf(self, bound: Bound, depth: int = 0) -> Node:
        """An order that is no operator's."""
        raise NotImplementedError

    def fact(self, bound: Bound, depth: int = 0) -> Node:
        """A truth that is no operator's."""
        raise NotImplementedError

    def many(self) -> People:
        """Some people."""
        raise NotImplementedError

    def pick(self, *options: T) -> T:
        """One of these."""
        drawn: T = self.draw(st.sampled_from(options))
        return drawn

    def one(self, *parts: Callable[[], Node]) -> Node:
        """One of these, drawn."""
        part: Callable[[], Node] = self.pick(*parts)
        return part()

    def word(self) -> Node:
        """A word, or none."""
        return tree.Named(self.pick(*self.words, "ABSENT"))

    def order(self, bound: Bound, depth: int = DEEP) -> Node:
        """An order."""
        match self.pick("leaf", "leaf", "operator", "operator", "word"):
            case "word":
                return self.word()
            case "operator" if depth > 0:
                return self.operator(bound, depth - 1)
        return self.leaf(bound)

    def operator(self, bound: Bound, depth: int = DEEP) -> Node:
        """An order that is computed."""
        match self.pick("majority", "choice", "plurality"):
            case "choice":
                return tree.Choice(self.truth(bound, depth), self.order(bound, depth), self.order(bound, depth))
            case "plurality":
                return tree.Plurality(self.votes(bound, depth), self.otherwise(bound))
        return tree.Majority(self.votes(bound, depth), self.otherwise(bound))

    def otherwise(self, bound: Bound) -> Node:
        """What stands in where there is nothing."""
        return self.one(lambda: tree.Named("RETREAT"), self.word, lambda: self.leaf(bound))

    def votes(self, bound: Bound, depth: int) -> Several:
        """Some orders."""
        return self.several(self.pick(self.leaf, self.leaf, self.order), bound, depth)

    def several(self, part: Part, bound: Bound, depth: int) -> Several:
        """Something for each of some people, and perhaps one more."""
        more = (part(bound, depth),) if self.pick(False, True, True) else ()
        return (self.each(part, bound, depth), *more)

    def each(self, part: Part, bound: Bound, depth: int) -> Node:
        """Something for each of some people, unless people have been named twice around it."""
        free = [variable for variable in "ij" if variable not in bound]
        if not free:
            return part(bound, depth)
        return tree.For(free[0], self.many(), part((*bound, free[0]), depth))

    def truth(self, bound: Bound, depth: int = DEEP) -> Node:
        """A truth."""
        kinds = ("fact", "same") if depth == 0 else ("fact", "some", "compare", "same", "all", "not")
        match self.pick(*kinds):
            case "same":
                return tree.Same(self.leaf(bound), self.one(lambda: self.leaf(bound), self.word))
            case "some":
                return tree.Some(self.several(self.truth, bound, depth - 1))
            case "all":
                return tree.All(self.several(self.truth, bound, depth - 1))
            case "not":
                return tree.Not(self.truth(bound, depth - 1))
            case "compare":
                sign = self.pick(">=", ">", "<=", "<", "==", "!=")
                return tree.Compare(self.sum(bound, depth - 1, 1, 1, 2), sign, self.sum(bound, depth - 1, 0, 0, 1))
        return self.fact(bound)

    def sum(self, bound: Bound, depth: int, *numbers: int) -> tree.Sum:
        """A sum of one of these numbers of counts, and a constant."""
        counts = [self.count(bound, depth) for _ in range(self.pick(*numbers))]
        return tree.Sum(tuple(counts), number=self.pick(0, 0, 1, 2, -1) if counts else self.pick(1, 2, 0, 3))

    def count(self, bound: Bound, depth: int) -> Node:
        """One count."""
        weight = self.pick(1, 1, 2, -1, 3)
        if self.pick(True, False):
            return tree.Tally(self.votes(bound, depth), self.one(self.word, lambda: self.leaf(bound)), weight=weight)
        return tree.HowMany(self.several(self.truth, bound, depth), weight=weight)


@dataclass
class Critic(Author):
    """Draws the conditions of a protocol whose generals decide a `shape`: an order, a pair or a vector.

    deciders: how many of them decide.
    """

    has_commander: bool
    shape: str
    deciders: int

    def conditions(self) -> Several:
        """One condition or more."""
        published = [tree.Published(name, at_least=self.pick(True, True, False)) for name in self._published()]
        claims = [self.claim() for _ in range(self.pick(0, 2, 3))]
        return (*published, *claims)

    def _published(self) -> list[str]:
        names = ["IC1", "IC2"] if self.has_commander else ["Agreement", "Validity"]
        return names if self.shape == "order" else names[:1]

    def claim(self) -> Node:
        """A condition of the tree's own, with one witness to three."""
        witnesses = self.pick(1, 1, *range(2, min(3, self.deciders) + 1))
        bound: Bound = tuple(f"w{number}" for number in range(witnesses))
        bound = (*bound, "commander") if self.has_commander else bound
        concerns = self.pick("always", "always", "the commander is loyal", "an even number is loyal")
        start = tree.Same(tree.Started(bound[-1]), self.word())
        facts = self.one(
            lambda: tree.Some((tree.Not(start), tree.Not(self.fact(bound)))),
            lambda: tree.Some((tree.Not(self.fact(bound)), tree.Not(self.fact(bound)))),
            lambda: tree.Some((self.fact(bound), self.truth(bound))),
        )
        return tree.Claim(witnesses, facts, concerns=concerns)

    def many(self) -> People:
        odd = self.pick("last starter", "second entry" if self.shape == "vector" else "first loyal")
        return self.pick("loyal starters", "starters", "loyal", odd)

    def leaf(self, bound: Bound, depth: int = 0) -> Node:
        if self.pick(True, False):
            return tree.Started(bound[-1])
        witness = self.witness(bound)
        return tree.Entry(witness, bound[-1]) if self.shape == "vector" else tree.Decided(witness)

    def fact(self, bound: Bound, depth: int = 0) -> Node:
        """That two witnesses decide the same, or one something."""
        if "w1" in bound and self.pick(True, True, True, False):
            return tree.Agree("w0", self.pick(*(person for person in bound[1:] if person in ("w1", "w2"))))
        if self.shape == "vector":
            return tree.Same(tree.Entry("w0", bound[-1]), self.word())
        return tree.Same(tree.Decided("w0"), self.one(self.word, lambda: tree.Started(bound[-1])))

    def witness(self, bound: Bound) -> Person:
        """One of the witnesses."""
        return self.pick(*(person for person in bound if str(person).startswith("w")))

    def count(self, bound: Bound, depth: int) -> Node:
        if self.shape == "pair" and self.pick(True, False):
            return tree.Grade(self.witness(bound), weight=self.pick(1, -1, 2))
        return super().count(bound, depth)
