"""A script in Promela, for the model checker Spin.

The model is one process that goes through the rounds, and in each round through the generals. A faulty general's
choices are choices of this process. A general's turn is one atomic step, after which only what he remembers is left,
and what nobody needs any more is reset when a round ends. So two choices with the same effect lead to the same state.
This module knows scripts and Promela. It must not know programs.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from byzverify.errors import UsageError
from byzverify.exporters.naming import Identifiers, read_as, remembered_as, title
from byzverify.exporters.notation import Syntax, to_be_named
from byzverify.exporters.promela_channel import PromelaChannel, step
from byzverify.exporters.properties import Casting, Property
from byzverify.exporters.script import RunScript, ScriptRound, Turn
from byzverify.ir.expressions import TRUTHS, Expression
from byzverify.language.faults import Fault, lies
from byzverify.language.values import ABSENT

MOST_WORDS = 240
"""Spin has 255 symbolic names; the fault modes and "nothing" need some of them."""

RESERVED = """
ABSENT GENERALS LOYAL active any_word anything arrives assert atomic bit
bool break byte chan crashing cond d_step do else empty enabled eval false fault fi for full general goto hears
hears_or hears_signed heard hidden honest if in init inline int is_liar known len local lost ltl may_fail mtype
nempty never nfull notrace np_ od of or_else order overhears pc_value pid place possible print printf printm
priority proctype provided receiver run select sender short show silence silent skip timeout trace true typedef
unless unsigned value word said signed wrong xr xs
"""
"""Names that are reserved, besides the fault modes."""


class PromelaSyntax(Syntax):
    """The syntax of expressions in Promela. words: the names of the words."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def word(self, name: str) -> str:
        return self._words[name]

    def known(self, value: bool) -> str:
        return "true" if value else "false"

    def choice(self, condition: str, then: str, otherwise: str) -> str:
        return f"({condition} -> {then} : {otherwise})"

    def majority(self, votes: Sequence[str], default: str) -> str:
        found = default
        for word in self._nameable():
            found = self.choice(f"2 * {self._votes(votes, word)} > {len(votes)}", word, found)
        return found

    def plurality(self, votes: Sequence[str], tie: str) -> str:
        found = tie
        for word in self._nameable():
            ahead = [f"{self._votes(votes, word)} > 0"]
            others = [other for other in self._nameable() if other != word]
            ahead += [f"{self._votes(votes, word)} > {self._votes(votes, other)}" for other in others]
            found = self.choice(" && ".join(ahead), word, found)
        return found

    def equal(self, one: str, other: str) -> str:
        return f"({one} == {other})"

    def negation(self, truth: str) -> str:
        return f"(!{truth})"

    def all_of(self, truths: Sequence[str]) -> str:
        return f"({' && '.join(truths)})"

    def any_of(self, truths: Sequence[str]) -> str:
        return f"({' || '.join(truths)})"

    def how_many(self, truths: Sequence[str]) -> str:
        return f"({' + '.join(truths)})"

    def at_least(self, sums: Sequence[str], least: int) -> str:
        return f"({' + '.join(sums)} >= {least})"

    def _nameable(self) -> list[str]:
        return [word for name, word in self._words.items() if name != ABSENT.name]

    def _votes(self, votes: Sequence[str], word: str) -> str:
        return self.how_many([self.equal(vote, word) for vote in votes]) if votes else "0"


class Model:
    """Builds a Promela model. Raises UsageError if there are more words than Spin has names for."""

    def __init__(self, script: RunScript) -> None:
        self.script = script
        if len(script.protocol.words) > MOST_WORDS:
            raise UsageError(f"Spin has names for {MOST_WORDS} words, but there are {len(script.protocol.words)}")
        identifiers = Identifiers([*RESERVED.split(), *(mode.upper() for mode in Fault)])
        self.conditions = {one: identifiers.new(one.name) for one in script.protocol.problem.conditions}
        self.words = {"ABSENT": "ABSENT"} | {word.name: identifiers.new(word.name) for word in script.protocol.words}
        names = remembered_as(script)
        self.memory = {one: identifiers.new(f"g{script.needs.owner[one]}_{name}") for one, name in names.items()}
        self.syntax = PromelaSyntax(self.words)
        self.channel = PromelaChannel(script, self.syntax, self.memory)

    def text(self) -> str:
        """The whole model."""
        body = ["init {", *self._start(), *self._rounds(), *self._end(), "}", ""]
        return "\n".join([*self._opening(), *self._variables(), *self.channel.definitions(), "", *body])

    def _opening(self) -> Iterator[str]:
        said = [
            f"{title(self.script.protocol, self.script.budget)}: every run of it, written down by byzverify.",
            "At the start it is chosen who fails and which orders generals start with. Then round after round each "
            "general reads what came, the loyal having said what the protocol tells them to and the others what their "
            "mode allows, and remembers what still matters. At the end it is asserted what must hold.",
            *(f"{name}: {condition.statement}." for condition, name in self.conditions.items()),
        ]
        lines = [line for paragraph in said for line in textwrap.wrap(paragraph.replace("*/", "* /"), 100)]
        yield from (f"{' *' if number else '/*'} {line}" for number, line in enumerate(lines))
        yield " */"

    def _variables(self) -> Iterator[str]:
        protocol = self.script.protocol
        modes = ", ".join(["LOYAL", *(mode.upper() for mode in self.script.budget)])
        longest = max((len(turn.hears) for round in self.script.rounds for turn in round.turns), default=0)
        yield from (
            "",
            f"mtype = {{ {', '.join(self.words.values())} }}  /* what a message can say, or that nothing came */",
            f"mtype = {{ {modes} }}",
            "",
            f"mtype fault[{protocol.n}] = LOYAL;  /* in which mode each general fails */",
            f"mtype order[{protocol.n}];  /* what each general starts with who starts with an order */",
            f"mtype heard[{max(longest, 1)}];  /* what the general whose turn it is reads */",
        )
        yield "mtype said;  /* what a loyal general says whom somebody listens to */"
        yield from self.channel.variables()
        yield from ("", "/* What the generals remember. */")
        for one, name in self.memory.items():
            yield f"{'bool' if isinstance(one, TRUTHS) else 'mtype'} {name};"
        yield from ("", "/* What is computed on the way. */", f"hidden byte value[{max(self._most_values(), 1)}];")
        yield from (f"hidden byte {name};" for name in self.conditions.values())

    def _most_values(self) -> int:
        return max((len(self._values(round, turn)) for round in self.script.rounds for turn in round.turns), default=0)

    def _values(self, round: ScriptRound, turn: Turn) -> list[Expression]:
        """The expressions that get a name in a turn: those used more than once, and all orders, since votes repeat."""
        return to_be_named(turn.keeps, self._scope(round, turn), lambda one: not isinstance(one, TRUTHS))

    def _scope(self, round: ScriptRound, turn: Turn) -> dict[Expression, str]:
        """The names at the beginning of a turn: of what is remembered, and of what was heard."""
        heard = {letter: f"heard[{number}]" for number, letter in enumerate(turn.hears)}
        return self.channel.known(round.number - 1) | read_as(self.script, turn, heard, self.syntax)

    def _start(self) -> Iterator[str]:
        yield from ("  /* The start: who fails, and who starts with which order. */", "  atomic {")
        protocol = self.script.protocol
        if self.script.budget:
            yield from (f"    may_fail({general});" for general in range(protocol.n))
        yield from (f"    {mode}_left = 0;" for mode in self.script.budget)
        for general in protocol.problem.starters(protocol.n):
            orders = " ".join(f":: order[{general}] = {self.words[order.name]}" for order in protocol.orders)
            yield f"    if :: {self.channel.makes_all_up(general)} :: else -> if {orders} fi fi;"
        yield "  }"

    def _rounds(self) -> Iterator[str]:
        for round in self.script.rounds:
            yield from ("", f"  /* ScriptRound {round.number}. */", *self.channel.opening(round))
            for turn in round.turns:
                if any(one.round == round.number for one in turn.keeps):
                    yield from self._turn(round, turn)
            yield from step("d_step", [*self.channel.closing(round), *self._forgotten(round)])

    def _turn(self, round: ScriptRound, turn: Turn) -> Iterator[str]:
        yield f"  atomic {{ /* general {turn.me} */"
        yield f"    if :: {self.channel.makes_all_up(turn.me)} :: else ->"
        for number, letter in enumerate(turn.hears):
            yield f"      {self.channel.hears(round, letter, f'heard[{number}]')};"
        yield "      d_step {"
        yield from (f"        {line};" for line in self._learned(round, turn))
        yield from (f"        heard[{number}] = 0;" for number in range(len(turn.hears)))
        yield from ("        said = 0", "      }", "    fi", "  }")

    def _learned(self, round: ScriptRound, turn: Turn) -> Iterator[str]:
        """The assignments to what a general remembers from this turn on."""
        scope = self._scope(round, turn)
        for number, one in enumerate(self._values(round, turn)):
            yield f"value[{number}] = {self.syntax.write(one, scope)}"
            scope[one] = f"value[{number}]"
        for one in turn.keeps:
            if one.round == round.number:
                yield f"{self.memory[one]} = {self.syntax.write(one, scope)}"

    def _forgotten(self, round: ScriptRound) -> Iterator[str]:
        """The assignments that reset what nobody needs after this round."""
        after = self.channel.known(round.number)
        yield from (f"{name} = 0" for one, name in self.channel.known(round.number - 1).items() if one not in after)

    def _end(self) -> Iterator[str]:
        yield from ("", "  /* What must hold. */")
        scope = self.channel.known(len(self.script.rounds))
        lines = []
        for condition, name in self.conditions.items():
            made = [claim for claim in self.script.claims if claim.condition == condition]
            claims = [f"(!{self._where(claim)} || {self.syntax.write(claim.truth, scope)})" for claim in made]
            lines.append(f"{name} = {' && '.join(claims) or 'true'}")
        yield from ("  atomic {", *(f"  {line}" for line in step("d_step", lines)))
        yield from (f"    assert({name});" for name in self.conditions.values())
        yield "  }"

    def _where(self, claim: Property) -> str:
        if not claim.casts:
            return self._all_loyal(claim.among)
        return f"({' || '.join(self._is(cast) for cast in claim.casts)})"

    def _all_loyal(self, generals: Sequence[int]) -> str:
        return f"({' && '.join(f'fault[{general}] == LOYAL' for general in generals)})"

    def _is(self, cast: Casting) -> str:
        said = []
        for general in range(self.script.protocol.n):
            said.append(f"fault[{general}] {'==' if general in cast.loyal else '!='} LOYAL")
            if general not in cast.loyal and not all(map(lies, self.script.budget)):
                said.append(f"{'!' if general in cast.truthful else ''}is_liar({general})")
        return f"({' && '.join(said)})"
