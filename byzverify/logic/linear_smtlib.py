"""Linear arithmetic as SMT-LIB 2.6, for solvers and for people. The file knows formulas, and no solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from byzverify.logic.linear import FALSE, TRUE, Arithmetic, Atom, Both, Formula, Linear, below, parts_of, unknowns
from byzverify.logic.smtlib import symbols


class LinearScript:
    """Formulas as text. numbers, truths: the symbols of the integer unknowns and of the Boolean unknowns, by name.

    What formulas are built from is written where it is used, or defined once if it is used more than once.
    """

    def __init__(self, arithmetic: Arithmetic, formulas: Sequence[Formula]) -> None:
        self._nodes = arithmetic.nodes
        self._below = below(arithmetic, formulas)
        numbers, truths = unknowns(arithmetic, formulas)
        used = Counter(map(abs, formulas))
        for number in self._below:
            used.update(map(abs, parts_of(self._nodes[number])))
        shared = [one for one in self._below if used[one] > 1 and not isinstance(self._nodes[one], str)]
        said: dict[tuple[str, str | int], str] = {("Int", name): name for name in numbers}
        said |= {("Bool", name): name for name in truths}
        said |= {("shared", number): f"f{number}" for number in shared}
        called = symbols(said)
        self.numbers = {name: called["Int", name] for name in numbers}
        self.truths = {name: called["Bool", name] for name in truths}
        self._shared = {number: called["shared", number] for number in shared}
        self._texts = {TRUE: "true", FALSE: "false"}

    def declared(self) -> Iterator[str]:
        """The lines that declare the unknowns and define what is used more than once."""
        for sort, names in (("Int", self.numbers), ("Bool", self.truths)):
            yield from (f"(declare-const {symbol} {sort})\n" for symbol in names.values())
        for number in self._below:
            node = self._nodes[number]
            if isinstance(node, str):
                self._call(number, self.truths[node])
            elif number in self._shared:
                yield f"(define-fun {self._shared[number]} () Bool {self._true(node)})\n"
                self._call(number, self._shared[number])
            else:
                self._texts |= {number: self._true(node), -number: self._false(node)}

    def _call(self, number: int, symbol: str) -> None:
        self._texts |= {number: symbol, -number: f"(not {symbol})"}

    def asserted(self, formulas: Sequence[Formula]) -> Iterator[str]:
        """The lines of a script that asserts formulas. It has no `check-sat`."""
        yield "(set-logic QF_LIA)\n"
        yield from self.declared()
        yield from (f"(assert {self.text(formula)})\n" for formula in formulas)

    def text(self, formula: Formula) -> str:
        """A formula, after `declared`."""
        return self._texts[formula]

    def _true(self, node: Atom | Both) -> str:
        if isinstance(node, Both):
            return f"(and {' '.join(map(self.text, node.parts))})"
        return self._compared(">=", node)

    def _false(self, node: Atom | Both) -> str:
        if isinstance(node, Both):
            return f"(or {' '.join(self.text(-part) for part in node.parts)})"
        return self._compared("<", node)

    def _compared(self, how: str, atom: Atom) -> str:
        left, right = self._sides(atom.always)
        left += [f"(ite {self.text(formula)} {self._sum(part)} 0)" for formula, part in atom.conditional]
        return f"({how} {_added(left)} {_added(right)})"

    def _sum(self, linear: Linear) -> str:
        left, right = self._sides(linear)
        if not right:
            return _added(left)
        return f"(- {_added(left)} {' '.join(right)})"

    def _sides(self, linear: Linear) -> tuple[list[str], list[str]]:
        """What is added in a sum, and what is subtracted."""
        sides: tuple[list[str], list[str]] = [], []
        for name, factor in linear.factors:
            symbol = self.numbers[name]
            sides[factor < 0].append(symbol if abs(factor) == 1 else f"(* {abs(factor)} {symbol})")
        if linear.constant:
            sides[linear.constant < 0].append(str(abs(linear.constant)))
        return sides


def _added(parts: Sequence[str]) -> str:
    return f"(+ {' '.join(parts)})" if len(parts) > 1 else next(iter(parts), "0")
