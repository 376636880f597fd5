"""A position: a board under one assignment of its variables, on which everything has a plain value.

It knows the board and what terms come to; it makes nothing of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from byzverify.checking.symbolic import Bits, SymbolicOrder
from byzverify.language.conditions import Condition, remade, written
from byzverify.language.messages import General
from byzverify.language.values import ABSENT, FALSE, TRUE, Order, Truth
from byzverify.logic.evaluation import evaluate
from byzverify.logic.terms import Literal

if TYPE_CHECKING:
    from byzverify.board.board import Board


class Position:
    """What a board comes to where these variables are true and all others are false."""

    def __init__(self, board: Board, true_variables: Collection[int]) -> None:
        self._board = board
        numbers = range(1, len(board.terms.nodes))
        self._truths = [False, *evaluate(board.terms, numbers, true_variables)]

    def holds(self, literal: Literal) -> bool:
        """Whether a literal is true."""
        return self._truths[abs(literal)] == (literal > 0)

    def word(self, bits: Bits) -> str:
        """The name of the word that these bits stand for, ABSENT's for none."""
        said = [word.name for word, bit in zip(self._board.protocol.words, bits, strict=True) if self.holds(bit)]
        return said[0] if said else ABSENT.name

    def decision(self, general: General) -> Any:
        """What a loyal general decides, as JSON has it."""
        return written(remade(self._board.decisions[general], self._plain))

    def fails(self, condition: Condition) -> tuple[General, ...] | None:
        """The first witnesses before whom a condition fails; None if it holds."""
        broken = (case for case in self._board.cases if case.condition == condition and not self.holds(case.holds))
        return next((case.witnesses for case in broken), None)

    def _plain(self, one: Order | Truth) -> Order | Truth:
        if isinstance(one, SymbolicOrder):
            return Order(self.word(one.bits))
        if isinstance(one, Truth):
            return TRUE if self.holds(self._board.algebra.literal(one)) else FALSE
        return one
