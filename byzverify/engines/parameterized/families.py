"""A family of instances: a protocol with sizes that are not known, and for which sizes something is asked.

The sizes are the parameters that are whole numbers, but for `values`, and how many generals are faulty: t byzantine
ones, and one number for each milder mode that the protocol's claim names. A family is bounded by the protocol's own
checks of its parameters, and by its claim or by another assumption in its place. This module knows protocols and sums;
it runs no programs.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from byzverify.engines.parameterized.groups import LinearAlgebra
from byzverify.engines.parameterized.instances import protocol_with, stored_in
from byzverify.engines.parameterized.sizes import Explorer, SymbolicSize, UsedAsNumber
from byzverify.errors import NotUnderstood, RuleBroken, UsageError, described
from byzverify.language.faults import Budget, Fault
from byzverify.language.holes import holes_of
from byzverify.language.protocol import Protocol, parameters
from byzverify.language.values import Truth
from byzverify.loading.blaming import place
from byzverify.logic.linear import (
    TRUE,
    Arithmetic,
    Atom,
    Both,
    Formula,
    Linear,
    equality,
    inequality,
    total,
    unknown,
    unknowns,
)

SIZES = ("n", "m")
"""Parameters of which the program is run for all values, even if they are given."""

LYING = (Fault.BYZANTINE, Fault.SYMMETRIC)
"""Modes in which a general says something else. What he may do is what byzantine ones may do, or less."""

MILDER = (Fault.OMISSION, Fault.CRASH, Fault.MANIFEST)
"""Modes in which a general only fails to send. What he may do is less than with omission faults, or as much."""


class Family:
    """A protocol of any size. fixed: the values of parameters that are given. assuming: an assumption in place of the
    claim's own on the sizes, such as `n > 3*m - 1`.

    sizes: the sizes that are not known. faulty: those of them that say how many generals are faulty. region: the
    formula that says for which sizes the family is asked about.

    Raises UsageError for an assumption that cannot be read, or if there is neither a claim nor an assumption,
    NotUnderstood if the protocol's checks or its claim compute something that is not understood.
    """

    def __init__(self, kind: type[Protocol], fixed: Mapping[str, Any], assuming: str | None = None) -> None:
        if holes := holes_of(kind):
            raise NotUnderstood(
                f"{kind.__name__} has holes ({', '.join(holes)}), which are filled at single sizes only"
            )
        self.kind = kind
        self._fixed = fixed
        self.algebra = LinearAlgebra(Arithmetic())
        self.arithmetic = self.algebra.arithmetic
        self.parameters = {
            one.name: self._parameter(one.name, one.type, one.default, fixed) for one in parameters(kind)
        }
        if self.parameters.get("graph"):
            raise NotUnderstood(f"{kind.__name__} has a graph; for all sizes everyone can send to everyone")
        self.protocol = protocol_with(kind, self.parameters, None)
        modes = [name for name in inspect.signature(self.protocol.tolerates).parameters if name in [*Fault]]
        self.faulty = ("t", *modes)
        self.sizes = (
            *(name for name, value in self.parameters.items() if isinstance(value, SymbolicSize)),
            *self.faulty,
        )
        if both := sorted({*self.faulty} & {*self.parameters}):
            raise NotUnderstood(
                f"{kind.__name__} calls a parameter {' and '.join(both)}, as numbers of faulty generals are called; "
                "call it something else"
            )
        self.region = self._region(assuming)

    def _parameter(self, name: str, kind: Any, default: Any, fixed: Mapping[str, Any]) -> Any:
        if name in SIZES or (name not in fixed and name != "values" and getattr(kind, "__name__", kind) == "int"):
            return self.size(name)
        if name not in fixed and default is MISSING:
            raise UsageError(f"{self.kind.__name__} needs a value for {name}: --set {name}=...")
        return fixed.get(name, default)

    def size(self, name: str) -> SymbolicSize:
        """The size of this name."""
        return SymbolicSize(self.algebra, unknown(name))

    def seen_by(self, listed: Sequence[Any]) -> Protocol:
        """The protocol as a general sees it who lists the generals so."""
        return protocol_with(self.kind, self.parameters, listed)

    @property
    def everyone(self) -> Linear:
        """How many generals there are."""
        return unknown("n")

    @property
    def omits(self) -> bool:
        """Whether generals may have milder faults."""
        return len(self.faulty) > 1

    def budget(self, sizes: Mapping[str, int]) -> Budget:
        """How many generals may fail in each mode at these sizes."""
        return {_mode(name): sizes[name] for name in self.faulty}

    def faulty_in(self, budget: Budget) -> dict[str, int]:
        """How many generals are faulty, by the names of sizes, if so many may fail in each mode."""
        numbers = {mode: budget.get(_mode(mode), 0) for mode in self.faulty[1:]}
        return {"t": sum(budget.values()) - sum(numbers.values()), **numbers}

    @property
    def modes(self) -> set[Fault]:
        """The modes in which generals may fail."""
        return {*map(_mode, self.faulty)}

    @property
    def liars(self) -> Linear:
        """How many generals may be byzantine; those with symmetric faults do less."""
        return total(unknown(name) for name in self.faulty if name in ("t", *LYING))

    @property
    def omitters(self) -> Linear:
        """How many generals may have milder faults."""
        return total(unknown(name) for name in self.faulty if name in MILDER)

    def _region(self, assuming: str | None) -> Formula:
        arithmetic = self.arithmetic
        sensible = self._found("__post_init__", self._demand_sense)
        self.assuming = assuming and assuming.strip()
        assumed, named = (TRUE, set[str]()) if assuming is None else self._read(assuming)
        claimed = [] if {*self.faulty} <= named else self._found("tolerates", self._claim)
        self._demand_plain(claimed)
        if assuming is not None:
            kept = [[one for one in path if self._stays(one, named)] for path in claimed]
            claimed = kept if kept and all(kept) else self._default(named)
        elif not claimed:
            raise UsageError(
                f"{self.kind.__name__} claims nothing (its `tolerates` is never true): say for which sizes it is asked "
                "about, as --assuming 'n > 3*m'"
            )
        self._claimed = claimed
        natural = [arithmetic.at_least(unknown(name), 0) for name in self.faulty]
        positive = arithmetic.at_least(self.everyone, 1)
        sides = [arithmetic.any_of(arithmetic.all_of(path) for path in paths) for paths in (sensible, claimed)]
        given = [arithmetic.equal(unknown(name), value) for name, value in self._fixed.items() if name in SIZES]
        return arithmetic.all_of([positive, *natural, *sides, assumed, *given])

    @property
    def statement(self) -> str:
        """For which sizes the family is asked about, in words: `n > 3*m and t <= m`; `n` for every size."""
        given = [f"{name} = {value}" for name, value in self._fixed.items() if name in SIZES]
        beside = f"({self.beside})" if " or " in self.beside and (self.assuming or given) else self.beside
        return " and ".join(filter(None, [self.assuming, beside, *given])) or "n"

    @property
    def beside(self) -> str:
        """What is assumed as the claim says it, in words; without the assumption that is given."""
        ways = [" and ".join(sorted(filter(None, {*map(self._worded, path)}), key=_n_first)) for path in self._claimed]
        return " or ".join(dict.fromkeys(ways)) if all(ways) else ""

    def _worded(self, formula: Formula) -> str:
        node = self.arithmetic.nodes[abs(formula)]
        if isinstance(node, Both) and formula > 0 and (equal := self._equated(node)) is not None:
            return equality(equal)
        if isinstance(node, Both):
            words = (" and " if formula > 0 else " or ").join(
                self._worded(part * (1 if formula > 0 else -1)) for part in node.parts
            )
            return words if formula > 0 else f"({words})"
        if not isinstance(node, Atom):
            return ""
        return inequality(node.always if formula > 0 else -node.always - 1)

    def _equated(self, both: Both) -> Linear | None:
        """The sum that is 0 if these formulas say just that; else None."""
        nodes = [(self.arithmetic.nodes[abs(part)], part > 0) for part in both.parts]
        sums = [node.always if holds else -node.always - 1 for node, holds in nodes if isinstance(node, Atom)]
        if len(nodes) != 2 or len(sums) != 2 or sums[0] != -sums[1]:
            return None
        return sums[0] if sums[0].factors and sums[0].factors[0][1] > 0 else sums[1]

    def _demand_plain(self, claimed: list[list[Formula]]) -> None:
        """Raise NotUnderstood for a claim that counts truths: it could not be said in words."""
        for node in (self.arithmetic.nodes[abs(part)] for path in claimed for part in self._parts_of(path)):
            if isinstance(node, Atom) and node.conditional:
                raise NotUnderstood(
                    f"{self.kind.__name__}.tolerates counts truths; at every size a claim compares sums of sizes, "
                    "as in self.n > 3 * self.m, and may use `if`, `and` and `or`"
                )

    def _parts_of(self, formulas: Sequence[Formula]) -> Iterator[Formula]:
        for formula in formulas:
            yield formula
            node = self.arithmetic.nodes[abs(formula)]
            if isinstance(node, Both):
                yield from self._parts_of(node.parts)

    def _default(self, named: set[str]) -> list[list[Formula]]:
        """Without a claim: at most m byzantine generals, unless the assumption says something else of t."""
        least = self.arithmetic.at_least(unknown("m"), unknown("t")) if "m" in self.sizes and "t" not in named else TRUE
        return [[least]]

    def _anew(self) -> Protocol:
        """An instance in which nothing is stored that an earlier outcome of comparisons led to."""
        return protocol_with(self.kind, self.parameters, None)

    def _demand_sense(self) -> bool:
        made = self._anew()
        before = stored_in(made)
        made.__post_init__()
        after = stored_in(made)
        if after.keys() != before.keys() or any(after[name] is not before[name] for name in before):
            raise RuleBroken("stores something in the instance; compute it where it is used, as a method does")
        return True

    def _claim(self) -> object:
        claim: Callable[..., object] = self._anew().tolerates
        return claim(self.size("t"), **{mode: self.size(mode) for mode in self.faulty[1:]})

    def _found(self, what: str, code: Callable[[], object]) -> list[list[Formula]]:
        """The ways in which a piece of the author's code comes to something true."""
        try:
            return self.ways(code)
        except Exception as error:  # the code of an author who did not think of sizes that are not known
            said = error.what if isinstance(error, UsedAsNumber) else described(error)
            code_of = getattr(getattr(self.kind, what), "__code__", None)
            where = f"{place(error, code_of.co_filename, code_of.co_firstlineno)}: " if code_of else ""
            raise NotUnderstood(f"{where}{self.kind.__name__}.{what} {said}") from None

    def ways(self, code: Callable[[], object]) -> list[list[Formula]]:
        """The outcomes of comparisons of sizes for which the code, which may look at them, returns something true and
        raises no UsageError.
        """
        outer, explorer = self.algebra.explorer, Explorer()
        self.algebra.explorer = explorer
        found = []
        try:
            for _ in explorer.runs():
                try:
                    holds = bool(code())
                except UsageError:
                    continue
                if holds:
                    found.append([*explorer.path])
        finally:
            self.algebra.explorer = outer
        return found

    def _stays(self, formula: Formula, named: set[str]) -> bool:
        """Whether a part of the claim stays beside an assumption: it is about the number of faulty generals, and the
        assumption says nothing of these.
        """
        about, _ = unknowns(self.arithmetic, [formula])
        faulty = set(about) & {*self.faulty}
        return bool(faulty) and "n" not in about and not named & faulty

    def _read(self, text: str) -> tuple[Formula, set[str]]:
        """An assumption as a formula, and the sizes that it names."""
        if "#" in text or "\n" in text.strip():
            raise self._unreadable(text)
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError):
            raise self._unreadable(text) from None
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if unknown_names := named - set(self.sizes):
            raise UsageError(
                f"the assumption {text!r} names {', '.join(sorted(unknown_names))}; there are {', '.join(self.sizes)}"
            )
        try:
            found = _evaluated(tree.body, {name: self.size(name) for name in named})
        except (RuleBroken, TypeError, KeyError):
            raise self._unreadable(text) from None
        if not isinstance(found, Truth):
            raise self._unreadable(text)
        return self.algebra.formula(found), named

    def _unreadable(self, text: str) -> UsageError:
        return UsageError(
            f"the assumption {text!r} cannot be read: write comparisons of sums of sizes, joined by `and`, such as "
            "'n > 3*m - 1'"
        )


def _mode(name: str) -> Fault:
    """The mode of which a size says how many generals have it."""
    return Fault.BYZANTINE if name == "t" else Fault(name)


def _n_first(words: str) -> tuple[bool, str]:
    return not words.startswith("n "), words


OPERATIONS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Eq: lambda left, right: left == right,
}


def _evaluated(node: ast.AST, sizes: Mapping[str, SymbolicSize]) -> Any:
    """The value of a part of an assumption. Raises KeyError for what an assumption cannot contain."""
    match node:
        case ast.Constant(value=int() as number) if type(number) is int:
            return number
        case ast.Name(id=name):
            return sizes[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluated(operand, sizes)
        case ast.BinOp(left=left, op=operation, right=right):
            return OPERATIONS[type(operation)](_evaluated(left, sizes), _evaluated(right, sizes))
        case ast.BoolOp(op=ast.And(), values=values):
            return _conjunction([_evaluated(value, sizes) for value in values])
        case ast.Compare(left=left, ops=operations, comparators=others):
            sides = [_evaluated(one, sizes) for one in (left, *others)]
            pairs = zip(operations, sides, sides[1:], strict=False)
            return _conjunction([OPERATIONS[type(operation)](one, other) for operation, one, other in pairs])
    raise KeyError(type(node))


def _conjunction(truths: Sequence[Any]) -> Any:
    if any(not isinstance(one, Truth | bool) for one in truths):
        raise TypeError
    found = truths[0]
    for one in truths[1:]:
        found = found & one
    return found
