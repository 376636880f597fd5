"""A board as JSON, for the page, on which people play without Python.

Only nodes on which something on the board depends are packed, and they get smaller numbers. A node is [k, literals] or
[k, literals, weights], or 0 for a variable and for the constant 1. A word is its number among `words`; -1 means that
nothing is said. Each field of a message is a place; whether the message comes is another place, with a word of its own.
This module knows the board. It must not know what a page looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from byzverify.board.board import Board, BoardCase, Place, message_at
from byzverify.board.choices import Option
from byzverify.engines.finite.symbolic import Bits
from byzverify.ir.expressions import Expression, Read, RecordedOrder, RecordedTruth, Start, Threshold, Word
from byzverify.language.conditions import COMMANDER
from byzverify.language.decisions import Decision, leaves
from byzverify.language.faults import lies
from byzverify.language.labels import Form, is_arrival, spelled
from byzverify.language.messages import General, Site
from byzverify.language.values import ABSENT, Count, Order, Truth
from byzverify.logic.terms import FALSE, Literal, cone
from byzverify.scenario.wording import failing, starting
from byzverify.stories.counting import counting

JSON = dict[str, Any]

CAME = "it came"
"""The word that means that a message of several fields comes."""


def packed(board: Board) -> JSON:
    """The board in the form of JSON."""
    return _Packing(board).board()


class _Packing:
    def __init__(self, board: Board) -> None:
        self._board = board
        self._words = {word.name: number for number, word in enumerate(board.protocol.words)} | {ABSENT.name: -1}
        self._decisions = {general: board.log.conducts[general].decision for general in board.run.loyal}
        self._expressions = self._listed([*(place.why for place in board.places), *self._decided()])
        self._places = {place.site: number for number, place in enumerate(board.places)}
        self._came = len(board.protocol.words)
        self._messages = {site: number for number, site in enumerate(board.messages)}
        self._numbers = {old: new for new, old in enumerate(cone(board.terms, [1, *self._literals()]), start=1)}

    def board(self) -> JSON:
        board = self._board
        return {
            "words": [*(word.name for word in board.protocol.words), *([CAME] if self._has_fields() else [])],
            "rounds": board.run.rounds,
            "generals": [self._general(general) for general in range(board.protocol.n)],
            "nodes": [0, *(self._node(number) for number in self._numbers)],
            "initial": sorted(self._numbers[number] for number in board.initial),
            "starts": [
                {"general": general, "says": self._all(board.begins(general)), "options": self._options(options)}
                for general, options in board.starts.items()
            ],
            "places": [self._place(place) for place in board.places],
            "expressions": [self._expression(one) for one in self._expressions],
            "decisions": {str(general): self._decision(decision) for general, decision in self._decisions.items()},
            "conditions": [self._condition(one.name, one.statement) for one in board.protocol.problem.conditions],
        }

    def _has_fields(self) -> bool:
        return any(type(site[3]) is Form for site in self._messages)

    def _decided(self) -> Iterator[Expression]:
        for decision in self._decisions.values():
            yield from (self._recorded(part) for _, part in leaves(decision))

    def _recorded(self, value: Order | Truth) -> Expression:
        if isinstance(value, RecordedOrder | RecordedTruth):
            return value.expression
        recorder = self._board.log.recorder
        return recorder.order(value) if isinstance(value, Order) else recorder.truth(value)

    def _listed(self, wanted: Iterable[Expression]) -> dict[Expression, int]:
        """These expressions and all their parts, each with its number."""
        found = dict.fromkeys(wanted)
        pending = list(found)
        while pending:
            one = pending.pop()
            for part in one.parts:
                if part not in found:
                    found[part] = None
                    pending.append(part)
        return {expression: number for number, expression in enumerate(found)}

    def _literals(self) -> Iterator[Literal]:
        """All literals that occur on the board."""
        board = self._board
        for general, options in board.starts.items():
            yield from board.begins(general)
            yield from (one for option in options for one in option.setting)
        for place in board.places:
            yield from (*place.said, *place.honest, *(one for option in place.options for one in option.setting))
        for expression in self._expressions:
            value = board.value(expression)
            yield from (value,) if isinstance(value, int) else value
        yield from (case.holds for case in board.cases)

    def _node(self, number: int) -> Any:
        node = self._board.terms.nodes[number]
        if node is None:
            return 0
        return [node.k, self._all(node.literals), *([node.weights] if node.weights else [])]

    def _literal(self, literal: Literal) -> int:
        number = self._numbers[abs(literal)]
        return number if literal > 0 else -number

    def _all(self, literals: Iterable[Literal]) -> list[int]:
        return [self._literal(literal) for literal in literals]

    def _general(self, general: General) -> JSON:
        commands = self._board.protocol.problem.has_commander and general == COMMANDER
        mode = self._board.run.faults.get(general)
        fault = failing(mode) if mode else None
        return {"commands": commands, "fault": fault, "lies": lies(mode), "starts": starting(mode)}

    def _options(self, options: Sequence[Option], came: int | None = None) -> list[JSON]:
        """The options of a place. came: the word `CAME`, if the place is about whether a message comes."""
        return [{"says": self._word(one.says, came), "set": self._all(one.setting)} for one in options]

    def _word(self, says: str | None, came: int | None) -> int | None:
        number = None if says is None else self._words[says]
        return number if came is None or number is None or number < 0 else came

    def _bits(self, site: Site, bits: Bits) -> list[int]:
        """What is said at a site, as a literal for each word. If it is whether a message comes, the word is `CAME`."""
        return self._all([*[FALSE] * self._came, bits[0]] if is_arrival(site[3]) else bits)

    def _place(self, place: Place) -> JSON:
        round, sender, receiver, label = place.site
        return {
            "round": round,
            "sender": sender,
            "receiver": receiver,
            "label": spelled(label),
            "message": self._messages[message_at(place.site)],
            "said": self._bits(place.site, place.said),
            "honest": self._bits(place.site, place.honest),
            "why": self._expressions[place.why],
            "options": self._options(place.options, self._came if is_arrival(place.site[3]) else None),
        }

    def _expression(self, one: Expression) -> JSON:
        value = self._board.value(one)
        packed: JSON = {
            "kind": type(one).__name__,
            "parts": [self._expressions[part] for part in one.parts],
            "value": self._literal(value) if isinstance(value, int) else self._all(value),
        }
        if isinstance(one, Read) and not isinstance(value, int):
            packed["value"] = self._bits(one.site, value)
        match one:
            case Word():
                packed["word"] = self._words[one.name]
            case Start():
                packed["general"] = one.general
            case Read():
                packed |= {"place": self._places.get(one.site), "sender": one.site[1]}
            case Threshold():
                packed |= {"least": one.least, "weights": list(one.weights)} | self._counting(one)
        return packed

    def _counting(self, threshold: Threshold) -> JSON:
        """What a threshold counts; empty if it counts no votes."""
        counted = counting(threshold)
        if counted is None:
            return {}
        votes = [[one.weight, self._expressions[one.vote], self._expressions[one.named]] for one in counted.ballots]
        return {"counting": {"least": counted.least, "votes": votes, "uniform": counted.is_uniform}}

    def _decision(self, decision: Decision) -> JSON:
        match decision:
            case dict():
                return {"by": {str(general): self._decision(part) for general, part in sorted(decision.items())}}
            case tuple():
                return {"parts": [self._decision(part) for part in decision]}
            case Count():
                counted = [[weight, self._expressions[self._recorded(one)]] for weight, one in decision.weighted]
                return {"counted": counted, "constant": decision.constant}
        return {"expression": self._expressions[self._recorded(decision)]}

    def _condition(self, name: str, statement: str) -> JSON:
        cases: list[BoardCase] = [case for case in self._board.cases if case.condition.name == name]
        return {
            "name": name,
            "statement": statement,
            "cases": [{"witnesses": list(case.witnesses), "holds": self._literal(case.holds)} for case in cases],
        }
