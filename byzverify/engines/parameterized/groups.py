"""What a general computes if he hears from groups of generals: orders, truths and counts over linear sums.

A general does not tell the members of a group apart. What he reads from a group is a *group value*: for each word, how
many members said it, and what the program makes of that word. A program may treat each member alike (compare, choose),
and then count; it may not take one member's word for that of the group, or combine two messages of one member, since
nothing says which member said which. This module knows sums, and no programs or traitors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from byzverify.engines.parameterized.sizes import Explorer, linear
from byzverify.errors import Looked, RuleBroken, described
from byzverify.language.quantities import Whole
from byzverify.language.unseen import Unseen
from byzverify.language.values import ABSENT, Algebra, Order, PlainTruth, Truth
from byzverify.logic.linear import FALSE, TRUE, Arithmetic, Atom, Formula, Linear, summed

Bits = Mapping[str, Formula]
"""For each word that an order may be, by name, whether it is; exactly one holds. Other words are impossible."""

ONE = Linear((), 1)


class LinearTruth(Unseen, Truth):
    """A truth that is not known yet, as a formula."""

    __slots__ = ("formula",)

    def __init__(self, algebra: LinearAlgebra, formula: Formula) -> None:
        self.algebra = algebra
        self.formula = formula

    def __bool__(self) -> bool:  # type: ignore[override]
        algebra: Any = self.algebra
        if self.formula in (TRUE, FALSE) and algebra.explorer is not None:
            return self.formula == TRUE
        if algebra.explorer is None:
            raise Looked(self.called)
        return bool(algebra.explorer.decide(self.formula))


class LinearOrder(Unseen, Order):
    """An order that is not known yet."""

    __slots__ = ("bits",)

    def __init__(self, algebra: LinearAlgebra, bits: Bits) -> None:
        self.algebra = algebra
        self.bits = {name: formula for name, formula in bits.items() if formula != FALSE}


class Source:
    """One message from each member of a group. counts: how many members said each word, by its name."""

    __slots__ = ("counts",)

    def __init__(self, counts: Mapping[str, Linear]) -> None:
        self.counts = counts


class GroupTruth(Unseen, Truth):
    """For each member of a group a truth, which follows from the word that he said."""

    __slots__ = ("by_word", "source")
    called = "a truth about each general of a group"

    def __init__(self, algebra: LinearAlgebra, source: Source, by_word: Mapping[str, Formula]) -> None:
        self.algebra = algebra
        self.source = source
        self.by_word = by_word


class GroupOrder(Unseen, Order):
    """For each member of a group an order, which follows from the word that he said."""

    __slots__ = ("by_word", "source")
    called = "an order from each general of a group"

    def __init__(self, algebra: LinearAlgebra, source: Source, by_word: Mapping[str, Bits]) -> None:
        self.algebra = algebra
        self.source = source
        self.by_word = by_word


Made = TypeVar("Made")


class LinearAlgebra(Algebra):
    """The operations of the language on groups.

    explorer: decides comparisons of sizes while code runs that may look at them; None while a program runs. counted:
    the sums that authors' code counts, while somebody collects them.
    """

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.explorer: Explorer | None = None
        self.counted: set[Atom] | None = None

    def note(self, always: Linear, conditional: Iterable[tuple[Formula, Linear]] = ()) -> None:
        """Collect a sum that an author's code counts."""
        if self.counted is not None:
            self.counted.add(summed(always, conditional))

    def truth(self, formula: Formula) -> Truth:
        """The truth that a formula stands for."""
        return LinearTruth(self, formula)

    def formula(self, truth: Truth) -> Formula:
        """The formula of one truth. Raises RuleBroken for a truth about each member of a group."""
        if isinstance(truth, LinearTruth):
            return truth.formula if truth.algebra is self else _foreign()
        if isinstance(truth, PlainTruth):
            return TRUE if truth.value else FALSE
        raise RuleBroken(f"{described(truth)} where one truth is expected; {INSTEAD}")

    def order(self, bits: Bits) -> Order:
        """The order that may be these words."""
        return LinearOrder(self, bits)

    def bits(self, order: Order) -> Bits:
        """The words that one order may be. Raises RuleBroken for an order of each member of a group."""
        if isinstance(order, LinearOrder):
            return order.bits if order.algebra is self else _foreign()
        if type(order) is Order:
            return {order.name: TRUE}
        raise RuleBroken(f"{described(order)} where one order is expected; {INSTEAD}")

    def formulas(self, value: Order | Truth) -> Sequence[Formula]:
        """All formulas in a value, in a fixed sequence."""
        if isinstance(value, GroupOrder):
            return [formula for bits in value.by_word.values() for formula in bits.values()]
        if isinstance(value, GroupTruth):
            return [*value.by_word.values()]
        return [self.formula(value)] if isinstance(value, Truth) else [*self.bits(value).values()]

    def constant(self, order: Order) -> Order:
        """A known order, at which a program cannot look."""
        return LinearOrder(self, {order.name: TRUE})

    # Each operation on single values, and the same for each word of a group.

    def equal(self, left: Order, right: Order) -> Truth:
        return self._truths(self._equal, self._cases(left), self._cases(right))

    def negate(self, truth: Truth) -> Truth:
        return self._truths(lambda formula: -formula, self._cases(truth))

    def both(self, one: Truth, other: Truth) -> Truth:
        return self._truths(lambda *parts: self.arithmetic.all_of(parts), self._cases(one), self._cases(other))

    def either(self, one: Truth, other: Truth) -> Truth:
        return self._truths(lambda *parts: self.arithmetic.any_of(parts), self._cases(one), self._cases(other))

    def choose(self, condition: Truth, then: Order, otherwise: Order) -> Order:
        cases = self._cases(condition), self._cases(then), self._cases(otherwise)
        source, by_word = _pointwise(self._choose, *cases)
        return self.order(by_word[""]) if source is None else GroupOrder(self, source, by_word)

    # Counting.

    def at_least(self, k: int, weighted: Sequence[tuple[int, Truth]]) -> Truth:
        return self.sums_to(k, weighted)

    def sums_to(self, k: Whole, weighted: Sequence[tuple[Whole, Truth]]) -> Truth:
        parts = [part for weight, truth in weighted for part in self._weighted(linear(weight), truth)]
        self.note(-linear(k), parts)
        return self.truth(self.arithmetic.at_least_0(-linear(k), parts))

    def every(self, truths: Sequence[Truth]) -> Truth:
        return self.truth(self.arithmetic.all_of(one for truth in truths for one in self._of_all(truth)))

    def some(self, truths: Sequence[Truth]) -> Truth:
        return self.truth(self.arithmetic.any_of(-one for truth in truths for one in self._of_all(~truth)))

    def majority(self, votes: Sequence[Order], default: Order) -> Order:
        tally = self._tally(votes)
        everyone = [(TRUE, number) for _, number in self._said(votes)]
        self.note(Linear(), everyone)
        leads = {
            name: self.arithmetic.at_least_0(
                Linear((), -1), [*((one, part * 2) for one, part in named), *((one, -part) for one, part in everyone)]
            )
            for name, named in tally.items()
        }
        return self._winner(leads, default)

    def plurality(self, votes: Sequence[Order], tie: Order) -> Order:
        tally = self._tally(votes)
        leads = {
            name: self.arithmetic.all_of(
                self.arithmetic.at_least_0(Linear((), -1), [*named, *((one, -part) for one, part in other)])
                for other_name, other in [*tally.items(), ("", [])]
                if other_name != name
            )
            for name, named in tally.items()
        }
        return self._winner(leads, tie)

    def _winner(self, leads: Mapping[str, Formula], default: Order) -> Order:
        """The order that leads, else the default. No two lead, since the numbers of members are not negative."""
        nobody = self.arithmetic.all_of(-lead for lead in leads.values())
        fallback = self.bits(default)
        names = {*leads, *fallback}
        return self.order(
            {
                name: self.arithmetic.any_of(
                    [leads.get(name, FALSE), self.arithmetic.all_of([nobody, fallback.get(name, FALSE)])]
                )
                for name in sorted(names)
            }
        )

    def _tally(self, votes: Sequence[Order]) -> dict[str, list[tuple[Formula, Linear]]]:
        """For each order, how many votes name it, as parts that count where their formulas hold."""
        tally: dict[str, list[tuple[Formula, Linear]]] = {}
        for bits, number in self._said(votes):
            for name, formula in bits.items():
                if name != ABSENT.name:
                    tally.setdefault(name, []).append((formula, number))
        for named in tally.values():
            self.note(Linear(), named)
        return tally

    def _said(self, votes: Sequence[Order]) -> Iterator[tuple[Bits, Linear]]:
        """What each vote may be, and how many generals vote so."""
        for vote in votes:
            if isinstance(vote, GroupOrder):
                yield from ((bits, vote.source.counts[word]) for word, bits in self._own(vote).by_word.items())
            else:
                yield self.bits(vote), ONE

    def _weighted(self, weight: Linear, truth: Truth) -> Iterator[tuple[Formula, Linear]]:
        if not isinstance(truth, GroupTruth):
            yield self.formula(truth), weight
            return
        if not weight.is_constant:
            raise RuleBroken("multiplies the number of generals that said something by a size that is not known")
        for word, formula in self._own(truth).by_word.items():
            yield formula, truth.source.counts[word] * weight.constant

    def _of_all(self, truth: Truth) -> Iterator[Formula]:
        """Formulas that all hold if the truth holds for all that it is about."""
        if not isinstance(truth, GroupTruth):
            yield self.formula(truth)
            return
        for word, formula in self._own(truth).by_word.items():
            yield self.arithmetic.implies(self.arithmetic.at_least(truth.source.counts[word], 1), formula)

    def _cases(self, value: Order | Truth) -> tuple[Source | None, Mapping[str, Any]]:
        """What a value is for each word of its group; a single value, for the word "" of no group."""
        if isinstance(value, GroupOrder | GroupTruth):
            return value.source, self._own(value).by_word
        return None, {"": self.formula(value) if isinstance(value, Truth) else self.bits(value)}

    def _own(self, value: Made) -> Made:
        return value if getattr(value, "algebra", None) is self else _foreign()

    def _truths(self, make: Callable[..., Formula], *cases: tuple[Source | None, Mapping[str, Any]]) -> Truth:
        source, by_word = _pointwise(make, *cases)
        return self.truth(by_word[""]) if source is None else GroupTruth(self, source, by_word)

    def _equal(self, left: Bits, right: Bits) -> Formula:
        both = (self.arithmetic.all_of((formula, right[name])) for name, formula in left.items() if name in right)
        return self.arithmetic.any_of(both)

    def _choose(self, condition: Formula, then: Bits, otherwise: Bits) -> Bits:
        return {
            name: formula
            for name in sorted({*then, *otherwise})
            if (formula := self.arithmetic.choose(condition, then.get(name, FALSE), otherwise.get(name, FALSE)))
            != FALSE
        }


INSTEAD = "count(...), how_many(...), majority(...), plurality(...), all_of(...) or any_of(...) tells what a group says"


def _pointwise(
    make: Callable[..., Made], *cases: tuple[Source | None, Mapping[str, Any]]
) -> tuple[Source | None, dict[str, Made]]:
    """Apply an operation to values word by word. Raises RuleBroken if they are about two messages of group members."""
    sources = {id(source): source for source, _ in cases if source is not None}
    if len(sources) > 1:
        raise RuleBroken("combines two messages of a general, or messages of two generals; count those of each round")
    source = next(iter(sources.values()), None)
    words: Iterable[str] = source.counts if source is not None else ("",)
    return source, {
        word: make(*(by_word[""] if one is None else by_word[word] for one, by_word in cases)) for word in words
    }


def _foreign() -> Any:
    raise RuleBroken("uses a value of another execution: keep no values in a cache, a global or an object")
