"""Reads what a lemma of linear integer arithmetic says, from its SMT-LIB script, and makes it clauses.

The script declares unknowns, defines formulas, asserts formulas, and ends with `check-sat`. A formula is made of `not`,
`and`, `or`, and comparisons `>=` and `<` of sums; a part of a sum may be `ite`. Each different formula gets a variable,
in the order in which it is read, with clauses that say what it is. The last one, the *goal*, is the conjunction of all
that is asserted. The variable of a comparison is an *atom*: it is true if a sum of integers is 0 or more. So the script
can hold if and only if there are integers, and truth values with which the clauses and the goal are true, and in which
each atom is what its sum says.

This file imports nothing from byzverify but the error, so it shares no code with what writes the script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import gcd
from typing import Any, NamedTuple

from byzverify.certificates.lrat import Clause, Rejected

Sum = Mapping[str, int]
"""What each unknown is multiplied by. The constant is under the empty name, which no unknown has."""

TOKEN = re.compile(r"\s+|;[^\n]*|(\|[^|\\]*\||[()]|[^\s()|;\"]+)")
PLAIN = re.compile(r"\|([A-Za-z][A-Za-z0-9]*)\|")
NUMERAL = re.compile(r"0|[1-9][0-9]{0,17}")
TAKEN = {"true", "false", "not", "and", "or", "ite"}


class Alternative(NamedTuple):
    """An `ite` in a sum: an unknown of its own. If the condition holds, so do the atoms `yes`, otherwise those `no`."""

    condition: int
    yes: tuple[int, ...]
    no: tuple[int, ...]


class Statement:
    """The clauses of a script. Raises Rejected if it says anything that is not understood.

    gates: the variables of conjunctions, with the literals of their parts. atoms: the variables of comparisons, with
    the sums that are 0 or more. choices: the unknowns that stand for `ite`. goal: the literal that says that all holds.
    """

    def __init__(self, script: str) -> None:
        self.variables = 0
        self.clauses: list[Clause] = []
        self.gates: dict[int, Clause] = {}
        self.atoms: dict[int, Sum] = {}
        self.choices: dict[str, Alternative] = {}
        self._numbers: set[str] = set()
        self._truths: dict[str, int] = {}
        self._known: dict[Any, Any] = {}
        self._true = self._fresh()
        self._asserted = [self._true]
        commands = expressions(script)
        if not commands or commands.pop() != ["check-sat"]:
            raise Rejected("the script does not end with (check-sat)")
        for command in commands:
            self._follow(command)
        self.goal = self._all(tuple(self._asserted))

    def inequality(self, literal: int) -> Sum:
        """The sum that is 0 or more if this literal of an atom is true. Raises Rejected for another literal."""
        if abs(literal) not in self.atoms:
            raise Rejected(f"variable {abs(literal)} is not a comparison")
        atom = self.atoms[abs(literal)]
        return atom if literal > 0 else _plus({"": -1}, atom, -1)

    def formula(self, expression: Any) -> int:
        """The literal of a formula."""
        match expression:
            case "true":
                return self._true
            case "false":
                return -self._true
            case str() if expression in self._truths:
                return self._truths[expression]
            case ["not", one]:
                return -self.formula(one)
            case ["and", *parts]:
                return self._all(tuple(map(self.formula, parts)))
            case ["or", *parts]:
                return -self._all(tuple(-self.formula(part) for part in parts))
            case [">=", left, right]:
                return self._atom(_plus(self._sum(left), self._sum(right), -1))
            case ["<", left, right]:
                return -self._atom(_plus(self._sum(left), self._sum(right), -1))
        raise Rejected(f"the script has no formula {_shown(expression)}")

    def _follow(self, command: Any) -> None:
        match command:
            case ["set-logic", "QF_LIA"]:
                pass
            case ["declare-const", str(name), "Int"]:
                self._demand_new(name)
                self._numbers.add(name)
            case ["declare-const", str(name), "Bool"]:
                self._demand_new(name)
                self._truths[name] = self._fresh()
            case ["define-fun", str(name), [], "Bool", body]:
                self._demand_new(name)
                self._truths[name] = self.formula(body)
            case ["assert", asserted]:
                self._asserted.append(self.formula(asserted))
            case _:
                raise Rejected(f"the script has no command {_shown(command)}")

    def _demand_new(self, name: str) -> None:
        if name in self._numbers or name in self._truths or name in TAKEN or NUMERAL.fullmatch(name):
            raise Rejected(f"the script uses the name {name} twice")

    def _fresh(self) -> int:
        self.variables += 1
        return self.variables

    def _demand(self, *literals: int) -> None:
        """Add a clause, with each literal once, unless it is always true."""
        if not any(-literal in literals for literal in literals):
            self.clauses.append(tuple(dict.fromkeys(literals)))

    def _all(self, parts: Clause) -> int:
        """The variable of a conjunction."""
        if parts not in self._known:
            gate = self._known[parts] = self._fresh()
            self.gates[gate] = parts
            for part in parts:
                self._demand(-gate, part)
            self._demand(gate, *(-part for part in parts))
        found: int = self._known[parts]
        return found

    def _atom(self, total: Sum) -> int:
        """The literal that says that a sum is 0 or more. It is of integers: so all is divided by what the factors have
        in common, and the constant rounded down. Of a sum s and -s-1, one is an atom, and the other its negation.
        """
        factors = sorted((name, factor) for name, factor in total.items() if name)
        constant = total.get("", 0)
        if not factors:
            return self._true if constant >= 0 else -self._true
        if factors[0][1] < 0:
            return -self._atom(_plus({"": -1}, total, -1))
        common = gcd(*(factor for _, factor in factors))
        atom = (*((name, factor // common) for name, factor in factors), ("", constant // common))
        if atom not in self._known:
            self._known[atom] = self._fresh()
            self.atoms[self._known[atom]] = dict(atom)
        found: int = self._known[atom]
        return found

    def _sum(self, expression: Any) -> Sum:
        match expression:
            case str() if NUMERAL.fullmatch(expression):
                return {"": int(expression)}
            case str() if expression in self._numbers:
                return {expression: 1}
            case ["+", *parts]:
                return self._added({}, parts, 1)
            case ["-", first, *rest] if rest:
                return self._added(self._sum(first), rest, -1)
            case ["*", str(factor), part] if NUMERAL.fullmatch(factor):
                return _plus({}, self._sum(part), int(factor))
            case ["ite", condition, yes, no]:
                return {self._choice(self.formula(condition), self._sum(yes), self._sum(no)): 1}
        raise Rejected(f"the script has no sum {_shown(expression)}")

    def _added(self, total: Sum, parts: Sequence[Any], factor: int) -> Sum:
        for part in parts:
            total = _plus(total, self._sum(part), factor)
        return total

    def _choice(self, condition: int, yes: Sum, no: Sum) -> str:
        """The unknown that is one sum if the condition holds, otherwise the other."""
        key = (condition, *(tuple(sorted(one.items())) for one in (yes, no)))
        if key not in self._known:
            name = self._known[key] = f"(ite {len(self.choices) + 1})"
            sides = [
                (self._atom(_plus({name: 1}, one, -1)), self._atom(_plus(one, {name: 1}, -1))) for one in (yes, no)
            ]
            self.choices[name] = Alternative(condition, *sides)
            for literal, atoms in ((-condition, sides[0]), (condition, sides[1])):
                for atom in atoms:
                    self._demand(literal, atom)
        found: str = self._known[key]
        return found


def expressions(text: str) -> list[Any]:
    """The expressions in a text, as lists of lists of words. Raises Rejected if they are not well-formed."""
    stack: list[list[Any]] = [[]]
    place = 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            raise Rejected(f"the script is no SMT-LIB at {text[place : place + 20]!r}")
        place = token.end()
        if token[1] == "(":
            stack.append([])
        elif token[1] == ")":
            if len(stack) == 1:
                raise Rejected("the script closes a parenthesis that it has not opened")
            closed = stack.pop()
            stack[-1].append(closed)
        elif token[1]:
            stack[-1].append(PLAIN.sub(r"\1", token[1]))
    if len(stack) > 1:
        raise Rejected("the script does not close all of its parentheses")
    return stack[0]


def _plus(one: Sum, other: Sum, factor: int) -> Sum:
    """One sum, and a multiple of another."""
    total = dict(one)
    for name, number in other.items():
        total[name] = total.get(name, 0) + factor * number
    return {name: number for name, number in total.items() if number}


def _shown(expression: Any) -> str:
    text = expression if isinstance(expression, str) else f"({' '.join(map(_shown, expression))})"
    return text if len(text) < 60 else f"{text[:60]}..."
