"""A script in TLA+, for the model checker TLC.

A step is a round. A choice of faulty generals is made where it has an effect, as an element of the set of what can be
heard there; no choice is made in advance and then ignored. The possible memories of each general at the end of a round
form a set, so two choices with the same effect on him are one. This module knows scripts and TLA+. It must not know
programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from byzverify.exporters.naming import Identifiers, read_as, remembered_as, sender_and_label, title
from byzverify.exporters.notation import grouped, to_be_named
from byzverify.exporters.properties import Casting, Property
from byzverify.exporters.script import Reading, RunScript, ScriptRound, Turn
from byzverify.exporters.tla_channel import TlaChannel
from byzverify.exporters.tla_syntax import OPERATIONS, VOTES, TLASyntax, comment, wrapped
from byzverify.ir.expressions import Expression
from byzverify.language.faults import lies
from byzverify.language.messages import General

RESERVED = """
ABSENT Absent Arrives AtLiar AtMost Chains Choices FALSE Generals Hears HearsSigned Honestly HowMany Init Known Len
Liars Loyal MajorityOf Next Nothing OrElse Orders Over Overhears Parts Places PluralityOf Rounds Signable Spec
Starters TRUE Truthful Votes Words choice fault known memory order overheard round silent vars Append BOOLEAN
BoundedSeq Cardinality CASE CHOOSE CONSTANT DOMAIN ELSE EXCEPT Head IF IN INSTANCE IsFiniteSet LET MODULE Nat OTHER
STRING SUBSET SelectSeq Seq SubSeq THEN Tail UNCHANGED UNION VARIABLE
"""
"""Names that are reserved."""


def _set(generals: Sequence[General]) -> str:
    return f"{{{', '.join(map(str, generals))}}}"


class Module:
    """Builds a TLA+ module."""

    def __init__(self, script: RunScript, name: str) -> None:
        self.script = script
        self.name = name
        self.syntax = TLASyntax()
        self.channel = TlaChannel(script)
        self.memory = remembered_as(script)
        identifiers = Identifiers(RESERVED.split())
        self.conditions = {one: identifiers.new(one.name) for one in script.protocol.problem.conditions}

    def text(self) -> str:
        """The whole module."""
        body = [*self._rounds(), *self._next(), *self._invariants()]
        head = [*self._constants(), *self._variables(), *self._operations("\n".join(body)), *self.channel.definitions()]
        title_line = f" MODULE {self.name} ".center(79, "-")
        return "\n".join([title_line, *self._opening(), *head, *self._init(), *body, "=" * 79, ""])

    def configuration(self) -> str:
        """The configuration file: what TLC checks."""
        return "".join(["SPECIFICATION Spec\n", *(f"INVARIANT {name}\n" for name in self.conditions.values())])

    def _opening(self) -> Iterator[str]:
        protocol = self.script.protocol
        yield from comment(
            f"{title(protocol, self.script.budget)}: every run of it, written down by byzverify.",
            "At the start it is chosen who fails and which orders generals start with. A step is a round: the loyal "
            "say what the protocol tells them to, the others what their mode allows; everyone reads what came, and "
            "remembers what still matters. After the last round the invariants say what must hold.",
            "Invariants: "
            + "; ".join(f"{name}: {condition.statement}" for condition, name in self.conditions.items())
            + ".",
            f"For TLC, in {self.name}.cfg: " + "; ".join(self.configuration().splitlines()),
        )
        yield "EXTENDS Naturals, Sequences, FiniteSets"

    def _constants(self) -> Iterator[str]:
        protocol = self.script.protocol
        orders = ", ".join(self.syntax.word(order.name) for order in protocol.orders)
        marks = ", ".join(self.syntax.word(mark.name) for mark in protocol.marks)
        yield from (
            "",
            f"Generals == 0 .. {protocol.n - 1}",
            f"Starters == {_set(protocol.problem.starters(protocol.n))}  \\* who starts with an order",
            f"Orders == {{{orders}}}",
            f"Words == Orders \\cup {{{marks}}}  \\* all that a message can say" if marks else "Words == Orders",
            'Absent == "ABSENT"  \\* that nothing came',
            f"Rounds == {len(self.script.rounds)}",
            "Nothing == <<>>",
        )

    def _variables(self) -> Iterator[str]:
        names = {
            "round": "how many rounds are over",
            "fault": 'in which mode each general fails, or "loyal"',
            "order": "which order each general starts with who starts with one",
            "memory": "what each general remembers; who makes everything up needs no memory",
            **self.channel.variables,
        }
        yield from ("", "VARIABLES")
        for number, (name, meaning) in enumerate(names.items(), start=1):
            yield f"  {name}{',' if number < len(names) else ''}  \\* {meaning}"
        yield from ("", f"vars == <<{', '.join(names)}>>")
        yield from ("", 'Loyal == {g \\in Generals : fault[g] = "loyal"}')
        yield self.channel.who_lies()
        yield "Truthful == Generals \\ Liars  \\* who makes nothing up, and may yet fail to say it"

    def _operations(self, body: str) -> Iterator[str]:
        used = [text for name, text in OPERATIONS.items() if f"{name}(" in body]
        votes = [VOTES] if "Of(<<" in body else []
        if used:
            yield from ("", *comment("The operations that the protocol computes with."), *votes, *used)

    def _init(self) -> Iterator[str]:
        yield from ("", *comment("The start: every choice of who fails, and of orders."))
        yield from (
            "Init ==",
            "  /\\ round = 0",
            *self.channel.who_fails(),
            f"  /\\ \\E started \\in [{{g \\in Starters : {self.channel.runs_program('g')}}} -> Orders] :",
            "       order = [g \\in Starters |-> IF g \\in DOMAIN started THEN started[g] ELSE Absent]",
            "  /\\ memory = [g \\in Generals |-> Nothing]",
            *(f"  /\\ {name} = {{}}" for name in self.channel.variables),
        )

    def _rounds(self) -> Iterator[str]:
        for round in self.script.rounds:
            yield from ("", *comment(f"Round {round.number}."))
            yield from self.channel.round_definitions(round, self._say(round))
            for turn in round.turns:
                yield from self._turn(round, turn)
            yield from self._step(round)

    def _say(self, round: ScriptRound) -> dict[Reading, str]:
        """What loyal senders say in a round."""
        return {letter: self.syntax.write(letter.honest, self._known(round.number - 1)) for letter in round.letters}

    def _known(self, round: int) -> dict[Expression, str]:
        """The texts of what all generals together remember at the end of a round."""
        owner = self.script.needs.owner
        return {one: f"memory[{owner[one]}].{self.memory[one]}" for one in self.script.known(round)}

    def _turn(self, round: ScriptRound, turn: Turn) -> Iterator[str]:
        identifiers = Identifiers(RESERVED.split())
        heard = {letter: identifiers.new(sender_and_label(letter)) for letter in turn.hears}
        scope = self._known(round.number - 1)
        scope |= read_as(self.script, turn, heard, self.syntax)
        yield ""
        if turn.keeps:
            yield f"{self._learns(round, turn, heard)} =="
            yield from self._learned(turn, scope, identifiers)
        yield f"General{turn.me}After{round.number}{_arguments(self.channel.parameters(round))} =="
        yield f"  IF {self.channel.makes_all_up(turn.me)} THEN {{Nothing}}"
        yield from self._results(round, turn, heard)

    def _learns(self, round: ScriptRound, turn: Turn, heard: dict[Reading, str]) -> str:
        return f"General{turn.me}Learns{round.number}{_arguments(list(heard.values()))}"

    def _learned(self, turn: Turn, scope: dict[Expression, str], identifiers: Identifiers) -> Iterator[str]:
        """The memory of a general at the end of his turn."""
        opening = "  LET "
        for one in to_be_named(turn.keeps, scope, lambda _: False):
            name = identifiers.new("value")
            yield from wrapped(f"{opening}{name} == {self.syntax.write(one, scope)}")
            scope[one] = name
            opening = "      "
        fields = [f"{self.memory[one]} |-> {self.syntax.write(one, scope)}" for one in turn.keeps]
        yield from wrapped(f"{'  IN ' if opening != '  LET ' else '  '}[{', '.join(fields)}]")

    def _results(self, round: ScriptRound, turn: Turn, heard: dict[Reading, str]) -> Iterator[str]:
        """The memories that a general can have after his turn."""
        said = self._say(round)
        result = self._learns(round, turn, heard) if turn.keeps else "Nothing"
        hears = [f"{name} \\in {self.channel.hears(letter, said[letter])}" for letter, name in heard.items()]
        yield from wrapped(f"  ELSE {{{result}{' :' if hears else '}'}")
        for number, choice in enumerate(hears, start=1):
            yield from wrapped(f"          {choice}{',' if number < len(hears) else '}'}")

    def _step(self, round: ScriptRound) -> Iterator[str]:
        yield from (
            "",
            f"Round{round.number} ==",
            f"  /\\ round = {round.number - 1}",
            f"  /\\ round' = {round.number}",
        )
        indent, opening = self.channel.opening(round)
        body = [*self._remembering(round, indent), *self.channel.changes(round, indent)]
        yield from (*opening, *body) if body else ()
        yield f"  /\\ UNCHANGED <<fault, order{'' if round.turns else ', memory'}>>"

    def _remembering(self, round: ScriptRound, indent: str) -> Iterator[str]:
        """The choice of what everyone remembers after a round."""
        arguments = _arguments(self.channel.parameters(round))
        chosen = [f"m{turn.me} \\in General{turn.me}After{round.number}{arguments}" for turn in round.turns]
        changes = ", ".join(f"![{turn.me}] = m{turn.me}" for turn in round.turns)
        if chosen:
            yield from wrapped(f"{indent}/\\ \\E {', '.join(chosen)} :")
            yield from wrapped(f"{indent}     memory' = [memory EXCEPT {changes}]")

    def _next(self) -> Iterator[str]:
        steps = " \\/ ".join([*(f"Round{round.number}" for round in self.script.rounds), "Over"])
        yield from ("", "Over == round = Rounds /\\ UNCHANGED vars", "", *wrapped(f"Next == {steps}"))
        yield from ("", "Spec == Init /\\ [][Next]_vars")

    def _invariants(self) -> Iterator[str]:
        yield from ("", *comment("What must hold after the last round."))
        scope = self._known(len(self.script.rounds))
        for condition, name in self.conditions.items():
            made = [claim for claim in self.script.claims if claim.condition == condition]
            yield f"{name} ==" + (" round = Rounds =>" if made else " TRUE")
            for claim in made:
                truth = grouped(self.syntax.write(claim.truth, scope))
                yield from wrapped(f"    /\\ {self._where(claim)} => {truth}")
            yield ""

    def _where(self, claim: Property) -> str:
        if not claim.casts:
            return f"({_set(claim.among)} \\subseteq Loyal)"
        return "(" + " \\/ ".join(self._is(cast) for cast in claim.casts) + ")"

    def _is(self, cast: Casting) -> str:
        loyal = f"Loyal = {_set(cast.loyal)}"
        return loyal if all(map(lies, self.script.budget)) else f"({loyal} /\\ Truthful = {_set(cast.truthful)})"


def _arguments(texts: Sequence[str]) -> str:
    return f"({', '.join(texts)})" if texts else ""
