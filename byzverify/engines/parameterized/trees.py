"""Trees of any depth: what a program resolves at a root, by induction over paths.

A program relays all that it hears along paths, for a number of rounds that is not known, and resolves the tree by a
rule. The argument is that of Lamport, Shostak & Pease 1982 for OM(m) and of Pease, Shostak & Lamport 1980, for a rule:

(1) *A path that ends with a loyal general* has the same value for all loyal generals: what he says. At a leaf that is
    what they were told. Elsewhere the rule gets it as what was told, and the values of the paths that extend the path;
    those that extend it by a loyal general are that value, too, since he relays it.
(2) *A path of traitors alone* has the same value for all loyal generals. Two of them were told x and y along it; what
    extends it has the same values for both, by (1) and by induction, but for the two themselves: in an open tree each
    has the other's word in place of his own. So the rule must give the same for x and a bag with y as for y and the
    same bag with x; in a closed tree, for x and a bag as for y and the same bag.
(3) A path of traitors alone is shorter than the tree is deep.

So all loyal generals resolve the same at each root, and what a loyal root said if the root is loyal. (1) and (2) are
lemmas about the rule, which is run on a bag of values of unknown size; (3) is one about the depth. The induction itself
is trusted (docs/explanation/all-sizes.md). This module knows rules and sums. It does not know what is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from byzverify.engines.parameterized.choices import choice
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.groups import Bits, GroupOrder, LinearAlgebra, Source
from byzverify.engines.parameterized.lengths import all_builtins, lengths_of_groups
from byzverify.engines.parameterized.sizes import linear
from byzverify.errors import Breaches, ProtocolError, RuleBroken
from byzverify.language.gathering import Rule, Tree
from byzverify.language.quantities import Quantity
from byzverify.language.values import Order
from byzverify.loading.blaming import place, told_of
from byzverify.logic.linear import FALSE, TRUE, Formula, Linear, total, unknown, unknowns


@dataclass(frozen=True)
class PathStep:
    """A lemma about a rule or the depth of a tree: its name, its premises and its goal. keeps: whether it is about
    paths that end with a loyal general, and not about those of traitors alone.
    """

    name: str
    premises: tuple[Formula, ...]
    goal: Formula
    keeps: bool


@dataclass(frozen=True)
class Resolving:
    """What the induction is about, as data.

    closed: whether the tree is closed. levels: how many levels it has. told: what a general may be told along a path.
    values: what a path may come to. rules: for each rule, what it makes of each word that may be told, as formulas
    about the sizes and how often each value occurs (`occurs`).
    """

    closed: bool
    levels: Linear
    told: tuple[str, ...]
    values: tuple[str, ...]
    rules: tuple[Mapping[str, Bits], ...]


def occurs(value: str) -> str:
    """The unknown that says how many of the paths that extend a path have this value."""
    return f"values {value}"


def _bag(values: Sequence[str]) -> dict[str, Linear]:
    """How often each value occurs among the paths that extend a path."""
    return {value: unknown(occurs(value)) for value in values}


def _code_of(rule: Rule) -> object:
    """What is the same of rules that do the same; of a rule that refers to something else, the rule itself."""
    function: Any = getattr(rule, "__func__", rule)
    plain = isinstance(function, FunctionType) and not function.__closure__
    return (function.__code__, function.__defaults__) if plain and not function.__kwdefaults__ else rule


class Induction:
    """The induction over the paths of a tree.

    tree: a general's tree. rules: those by which generals resolve roots in any world. rounds: in how many rounds they
    relay. parts: in how many parts values are listed to see that it makes no difference. values: what a path may come
    to.
    """

    def __init__(self, family: Family, tree: Tree, rules: Sequence[Rule], rounds: Quantity, parts: int) -> None:
        self.family = family
        self.algebra: LinearAlgebra = family.algebra
        self.arithmetic = family.arithmetic
        self._tree = tree
        self._rules = rules
        self._parts = parts
        self._levels = linear(rounds) + (0 if tree.closed else 1)
        self._words = [order.name for order in family.protocol.words]
        self._told = [*self._words, *([] if tree.missing.name in self._words else [tree.missing.name])]
        self.values = self._closed_under_rules()
        self._rules = [rules[0]]
        self._rule = self._table(rules[0])
        self.demand(rules)

    def demand(self, rules: Sequence[Rule]) -> None:
        """Raise RuleBroken unless all these rules do what the rule of the induction does.

        Another rule would come to another value, even at the same root.
        """
        for rule in {_code_of(rule): rule for rule in rules}.values():
            if self._table(rule) != self._rule:
                raise RuleBroken("resolves a tree by several rules, or by one that depends on who is faulty")

    def steps(self) -> Iterator[PathStep]:
        """The lemmas. Raises ProtocolError if the rule breaks a rule of the language."""
        arithmetic, family = self.arithmetic, self.family
        k, b = unknown("path length"), unknown("traitors off the path")
        inner = [family.region, arithmetic.at_least(k, 1), arithmetic.at_least(self._levels - 1, k)]
        inner += [arithmetic.at_least(b, 0), arithmetic.at_least(family.liars, b)]
        for number, rule in enumerate(self._rules):
            which = f", rule {number + 1}" if number else ""
            for word in self._told:
                yield self._ends_loyal(rule, word, inner, k, b, which)
            yield self._all_traitors(rule, inner, k, b, which)
        deep = arithmetic.at_least(self._levels - 1, family.liars)
        yield PathStep("a path of traitors alone is no leaf", (family.region,), deep, False)
        a_level = arithmetic.at_least(self._levels - 1, 0)
        yield PathStep("there is a round of relaying", (family.region,), a_level, True)

    def resolving(self) -> Resolving:
        """What the induction is about."""
        return Resolving(self._tree.closed, self._levels, tuple(self._told), tuple(self.values), (self._rule,))

    def _table(self, rule: Rule) -> Mapping[str, Bits]:
        bag = _bag(self.values)
        said = {word: self.algebra.constant(Order(word)) for word in self._told}
        return {word: dict(self.algebra.bits(self._applied(rule, order, bag))) for word, order in said.items()}

    def _ends_loyal(
        self, rule: Rule, word: str, inner: Sequence[Formula], k: Linear, b: Linear, which: str
    ) -> PathStep:
        size = self.family.everyone - k - (0 if self._tree.closed else 1)
        bag = _bag(self.values)
        premises = [*inner, *self._is_bag(bag, size), self.arithmetic.at_least(bag[word], size - b)]
        said = self.algebra.constant(Order(word))
        resolved = self._applied(rule, said, bag)
        goal = self.algebra.bits(resolved).get(word, FALSE)
        return PathStep(f"a path that ends loyal has the value said, {word}{which}", tuple(premises), goal, True)

    def _all_traitors(self, rule: Rule, inner: Sequence[Formula], k: Linear, b: Linear, which: str) -> PathStep:
        arithmetic, algebra = self.arithmetic, self.algebra
        told = [Order(name) for name in self._told]
        x, y = (choice(algebra, f"told {name}", told) for name in ("x", "y"))
        size = self.family.everyone - k - (0 if self._tree.closed else 2)
        bag = _bag(self.values)
        traitors = arithmetic.at_least(self.family.liars, k + b)
        two = arithmetic.at_least(self.family.everyone, k + b + 2)
        premises = (*inner, *self._is_bag(bag, size), traitors, two)
        one, other = (self._applied(rule, *pair, bag) for pair in ((x, y), (y, x)))
        goal = algebra.formula(algebra.equal(one, other))
        return PathStep(f"a path of traitors has one value{which}", premises, goal, False)

    def _is_bag(self, bag: dict[str, Linear], size: Linear) -> Iterator[Formula]:
        yield self.arithmetic.at_least(size, 0)
        yield self.arithmetic.equal(total(bag.values()), size)
        yield from (self.arithmetic.at_least(number, 0) for number in bag.values())

    def _applied(self, rule: Rule, told: Order, *rest: Any) -> Order:
        """What the rule makes of what was told, a bag, and in an open tree the word of another general.

        Raises RuleBroken if the result depends on the sequence of the values, or on anything but these.
        """
        *other, bag = rest
        others = [] if self._tree.closed else other
        once = self._run(rule, told, [self._group(bag), *others])
        parts = [
            {value: unknown(f"some values {value}, part {part}") for value in bag} for part in range(1, self._parts)
        ]
        parts.append({value: number - total(part[value] for part in parts) for value, number in bag.items()})
        twice = self._run(rule, told, [*others, *map(self._group, parts)])
        if dict(self.algebra.bits(once)) != dict(self.algebra.bits(twice)):
            raise RuleBroken("a tree's rule depends on the length of a list, or on places in it")
        numbers, truths = unknowns(self.arithmetic, self.algebra.bits(once).values())
        strange = [name for name in numbers if name not in self.family.sizes and not name.startswith("values ")]
        strange += [name for name in truths if not name.startswith("told ")]
        if strange:
            raise RuleBroken("a tree's rule depends on something else than what was told, the values and the sizes")
        return once

    def _group(self, counts: dict[str, Linear]) -> Order:
        return GroupOrder(self.algebra, Source(counts), {word: {word: TRUE} for word in counts})

    def _run(self, rule: Rule, told: Order, values: Sequence[Order]) -> Order:
        """The rule's result. Raises ProtocolError if the rule's code fails or breaks a rule of the language."""
        code: Any = getattr(rule, "__code__", None)
        with Breaches() as breaches, lengths_of_groups(self.algebra, lambda general: None, all_builtins()):
            try:
                result = rule(told, values)
                self.algebra.bits(result)
            except Exception as error:
                where = f"{place(error, code.co_filename, code.co_firstlineno)}: " if code else ""
                raise ProtocolError(f"{where}the rule of a tree cannot be applied: {told_of(error)}") from error
            if breaches.messages:
                raise ProtocolError(f"the rule of a tree breaks a rule of the language: {breaches.messages[-1]}")
        return result

    def _closed_under_rules(self) -> list[str]:
        """All values that a path may have."""
        values = [*self._told]
        while True:
            bag = _bag(values)
            found = [
                name
                for rule in self._rules
                for word in self._told
                for name in self.algebra.bits(self._run(rule, self.algebra.constant(Order(word)), [self._group(bag)]))
            ]
            more = [name for name in dict.fromkeys(found) if name not in values]
            if not more:
                return values
            values += more
