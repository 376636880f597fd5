"""Terms as SMT-LIB 2.6: each node is a Boolean, defined by a sum of zeros and ones. The file knows the terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from byzverify.logic.terms import TRUE, AtLeast, Literal, Terms, cone

Key = TypeVar("Key", bound=Hashable)

THEORY = {"true", "false", "not", "and", "or", "xor", "ite", "distinct", "div", "mod", "abs"}
"""Symbols that mean something, also between bars."""


def smtlib(terms: Terms, goal: Literal, called: Mapping[int, str]) -> Iterator[str]:
    """The lines of a script that declares variables, defines nodes and asserts `goal`. It has no `check-sat`.

    called: the symbol of each variable that `goal` is built from; node number 12 is n12.
    """
    symbols = {**called, TRUE: "true"}
    yield "(set-logic QF_LIA)\n"
    for number in cone(terms, [goal]):
        node = terms.nodes[number]
        if node is not None:
            symbols[number] = f"n{number}"
            yield f"(define-fun n{number} () Bool {_at_least(node, symbols)})\n"
        elif number != TRUE:
            yield f"(declare-const {symbols[number]} Bool)\n"
    yield f"(assert {_signed(goal, symbols)})\n"


def _at_least(node: AtLeast, symbols: Mapping[int, str]) -> str:
    parts = [(weight, _signed(literal, symbols)) for weight, literal in node.weighted]
    if node.k in (1, sum(weight for weight, _ in parts)):
        return f"({'or' if node.k == 1 else 'and'} {' '.join(part for _, part in parts)})"
    counted = " ".join(f"(ite {part} {weight} 0)" for weight, part in parts)
    return f"(>= (+ {counted}) {node.k})"


def _signed(literal: Literal, symbols: Mapping[int, str]) -> str:
    return symbols[literal] if literal > 0 else f"(not {symbols[-literal]})"


def symbols(said: Mapping[Key, str]) -> dict[Key, str]:
    """An SMT-LIB symbol for each meaning: the meaning between bars, with a number if it is not the only one so called.

    A letter, with or without a number, needs no bars.
    """
    plain = {key: re.sub(r"[^ -[\]-{}~]", "_", text) for key, text in said.items()}
    often = Counter([*plain.values(), *THEORY])
    called = {
        key: text if often[text] == 1 else f"{text} #{number}" for number, (key, text) in enumerate(plain.items(), 1)
    }
    return {key: text if re.fullmatch("[A-Za-z][0-9]*", text) else f"|{text}|" for key, text in called.items()}
