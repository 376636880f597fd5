"""The channel in Promela: what can be heard from whom in each fault mode, and which signatures liars can have.

A choice of a faulty general that affects several receivers is made when a round begins, and forgotten when it ends. A
choice that affects one receiver is made when he reads. The table in `promela_modes.py` has the text for each fault
mode; only modes in which somebody can fail are written. This module must not know programs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from byzverify.exporters.notation import Syntax
from byzverify.exporters.promela_modes import PROMELA_MODES
from byzverify.exporters.script import Reading, RunScript, ScriptRound
from byzverify.ir.expressions import Expression
from byzverify.language.faults import lies
from byzverify.language.messages import Chain, General, Label
from byzverify.language.records import Part

Thing = TypeVar("Thing", bound=Hashable)


class PromelaChannel:
    """The channel of a script's model. memory: the names of all expressions that are ever remembered."""

    def __init__(self, script: RunScript, syntax: Syntax, memory: Mapping[Expression, str]) -> None:
        self._script = script
        self._syntax = syntax
        self._memory = memory
        self._modes = {mode: row for mode, row in PROMELA_MODES.items() if mode in script.budget}
        self._signed = script.last_chain > 0
        self._crashable = any(row.crashes for row in self._modes.values())
        self._shared = any(row.wrong for row in self._modes.values())
        self._losable = self._signed and any(row.loses for row in self._modes.values())
        self._places = [_numbered(round.places) for round in script.rounds]
        self._ways = [_numbered(letter.site for letter in round.chains) for round in script.rounds]
        parts = (part for round in script.rounds for letter in round.overheard for part in _parts(letter))
        self._chains: dict[Chain, int] = _numbered(parts)

    def known(self, round: int) -> dict[Expression, str]:
        """The names of what all generals together remember at the end of a round."""
        return {one: self._memory[one] for one in self._script.known(round)}

    def variables(self) -> Iterator[str]:
        """The variables of the channel."""
        n = self._script.protocol.n
        yield from (f"byte {mode}_left = {number};" for mode, number in self._script.budget.items())
        if self._crashable:
            yield f"bool crashing[{n}];  /* who crashes in this round */"
            yield f"bool silent[{n}];  /* who has crashed before */"
        if self._shared:
            yield f"mtype wrong[{_longest(self._places)}];  /* what all are told instead of what is right */"
        if self._losable:
            yield f"bool lost[{_longest(self._ways)}];  /* which chains are left out in this round */"
        if self._chains:
            yield f"bool known[{len(self._chains)}];  /* which chains of signatures have reached liars */"
            for chain, number in self._chains.items():
                yield f"/* known[{number}]: {str(chain).replace('*/', '* /')} */"

    def definitions(self) -> Iterator[str]:
        """The inlines that the rounds use."""
        words = " ".join(f":: word = {self._syntax.word(word.name)}" for word in self._script.protocol.words)
        yield from ("", f"#define is_liar(g) {self._is_liar('g')}")
        yield from ("", *_inline("may_fail(general)", self._may_fail()))
        yield from ("", *_inline("any_word(word)", [f"if {words} fi"]))
        yield from ("", *_inline("anything(word)", [f"if {words} :: word = ABSENT fi"]))
        rows = self._modes.values()
        cases = [case for row in rows for case in row.arrives]
        yield "\n/* What arrives from somebody who does not make up everything, and should say `honest`. */"
        yield from _inline("arrives(word, sender, place, honest)", _if([*cases, "else -> word = honest"]))
        arrives = "arrives(word, sender, place, honest)"
        yield "\n/* What is heard from somebody; and the same where nothing is heard as `silence`. */"
        head = "hears(word, sender, place, honest)"
        yield from _inline(head, _unless([row.hears for row in rows], arrives))
        or_else = f"{arrives}; if :: word == ABSENT -> word = silence :: else fi"
        head = "hears_or(word, sender, place, honest, silence)"
        yield from ("", *_inline(head, _unless([row.hears_or for row in rows], or_else)))
        if self._script.has_fields:
            yield from self._hears_in_message()
        if self._signed:
            yield from self._hears_signed()

    def _hears_in_message(self) -> Iterator[str]:
        """The inline for fields. Whether the message comes is heard separately, so a field cannot lapse alone."""
        yield "\n/* What is heard in a field of a message, if the message comes. */"
        head = "hears_field(word, sender, place, honest, message)"
        yield from _inline(head, _unless([row.field for row in self._modes.values()], "word = honest"))

    def _is_liar(self, general: str) -> str:
        liars = [mode for mode in self._modes if lies(mode)]
        return "(" + (" || ".join(f"fault[{general}] == {mode.upper()}" for mode in liars) or "false") + ")"

    def _may_fail(self) -> list[str]:
        modes = self._script.budget
        fails = [f"{mode}_left > 0 -> {mode}_left--; fault[general] = {mode.upper()}" for mode in modes]
        return _if(["skip", *fails])

    def _hears_signed(self) -> Iterator[str]:
        yield "\n/* What is heard under a chain of the order `signed`, which liars can make where it is `possible`. */"
        head = "hears_signed(word, sender, place, honest, signed, possible)"
        otherwise = "arrives(word, sender, place, honest)"
        yield from _inline(head, _unless([row.signed for row in self._modes.values()], otherwise))

    def makes_all_up(self, general: General) -> str:
        """Whether a general runs no program."""
        modes = [mode for mode, row in self._modes.items() if row.hears]
        return " || ".join(f"fault[{general}] == {mode.upper()}" for mode in modes) or "false"

    def opening(self, round: ScriptRound) -> Iterator[str]:
        """The beginning of a round: choices that affect several receivers, and what liars hear if they rush."""
        choices = [*self._crashing(round), *self._wrong(round), *self._lost(round)]
        yield from step("atomic", choices)
        if self._script.protocol.rushing:
            yield from step("d_step", self._overheard(round))

    def closing(self, round: ScriptRound) -> Iterator[str]:
        """The assignments at the end of a round, before anything is forgotten."""
        if not self._script.protocol.rushing:
            yield from self._overheard(round)
        if self._crashable:
            for sender in _senders(round):
                yield f"silent[{sender}] = silent[{sender}] || crashing[{sender}]; crashing[{sender}] = false"
        if self._shared:
            yield from (f"wrong[{number}] = 0" for number in self._places[round.number - 1].values())
        if self._losable:
            yield from (f"lost[{number}] = false" for number in self._ways[round.number - 1].values())
        if round.number == self._script.last_chain:
            yield from (f"known[{number}] = false" for number in self._chains.values())

    def _crashing(self, round: ScriptRound) -> Iterator[str]:
        for sender in _senders(round) if self._crashable else ():
            able = f"fault[{sender}] == CRASH && !silent[{sender}]"
            yield f"if :: {able} -> if :: skip :: crashing[{sender}] = true fi :: else fi"

    def _wrong(self, round: ScriptRound) -> Iterator[str]:
        for (sender, _), number in self._places[round.number - 1].items() if self._shared else ():
            choices = {mode: row.wrong.format(place=number) for mode, row in self._modes.items() if row.wrong}
            cases = [f":: fault[{sender}] == {mode.upper()} -> if :: skip :: {choices[mode]} fi " for mode in choices]
            yield f"if {''.join(cases)}:: else fi"

    def _lost(self, round: ScriptRound) -> Iterator[str]:
        for (_, sender, receiver, _), number in self._ways[round.number - 1].items() if self._losable else ():
            able = [row.loses.format(sender=sender) for row in self._modes.values() if row.loses]
            losing = f"is_liar({receiver}) && ({' || '.join(able)})"
            yield f"if :: {losing} -> if :: skip :: lost[{number}] = true fi :: else fi"

    def _overheard(self, round: ScriptRound) -> Iterator[str]:
        """The chains that liars learn in a round from generals who are not liars."""
        for letter in round.overheard:
            _, sender, receiver, _ = letter.site
            learnt = "; ".join(f"known[{self._chains[part]}] = true" for part in _parts(letter))
            came = f"is_liar({receiver}) && !is_liar({sender}) && {self._at_liar(round, letter)} != ABSENT"
            yield f"if :: {came} -> {learnt} :: else fi"

    def _at_liar(self, round: ScriptRound, letter: Reading) -> str:
        """What reaches a liar under a chain from a general who is not a liar."""
        gone = [
            *([f"silent[{letter.site[1]}]"] if self._crashable else []),
            *([f"lost[{self._ways[round.number - 1][letter.site]}]"] if self._losable else []),
            *([f"wrong[{self._place(round, letter)}] == ABSENT"] if self._shared else []),
        ]
        honest = self._honest(round, letter)
        return f"({' || '.join(gone)} -> ABSENT : {honest})" if gone else honest

    def hears(self, round: ScriptRound, letter: Reading, word: str) -> str:
        """The statement that assigns what is heard at a place to the variable `word`."""
        _, sender, _, label = letter.site
        honest = self._honest(round, letter)
        first = f"said = {honest}; " if " " in honest else ""  # Spin fails on some expressions as arguments of inlines
        given = ", ".join([word, str(sender), str(self._place(round, letter)), "said" if first else honest])
        if isinstance(label, Chain) and self._signed:
            heard = f"hears_signed({given}, {self._syntax.word(label.order)}, {self._signable(label)})"
            return first + (self._hears_as_liar(round, letter, word, heard) if self._losable else heard)
        if letter.is_field:
            whole = self._places[round.number - 1][sender, Part(label.form, None)]
            return f"{first}hears_field({given}, {whole})"
        if letter.silence == "ABSENT":
            return f"{first}hears({given})"
        return f"{first}hears_or({given}, {self._syntax.word(letter.silence)})"

    def _hears_as_liar(self, round: ScriptRound, letter: Reading, word: str, heard: str) -> str:
        """The same for a receiver who may be a liar but runs his program: he hears what was overheard through him."""
        _, sender, receiver, _ = letter.site
        known = f"is_liar({receiver}) && !is_liar({sender})"
        return f"if :: {known} -> {word} = {self._at_liar(round, letter)} :: else -> {heard} fi"

    def _signable(self, chain: Chain) -> str:
        """Whether liars can make a chain: they must know it up to its last signature that is not a liar's."""
        possible = "true"
        for part in chain.parts():
            known = f"known[{self._chains[part]}]" if part in self._chains else "false"
            signer = f"is_liar({part.signers[-1]})"
            possible = f"({signer} && {possible} || !{signer} && {known})"
        return possible

    def _honest(self, round: ScriptRound, letter: Reading) -> str:
        return self._syntax.write(letter.honest, self.known(round.number - 1))

    def _place(self, round: ScriptRound, letter: Reading) -> int:
        return self._places[round.number - 1][letter.place]


def _parts(letter: Reading) -> list[Chain]:
    label: Label = letter.site[3]
    return label.parts() if isinstance(label, Chain) else []


def _senders(round: ScriptRound) -> list[General]:
    return sorted({letter.site[1] for letter in round.letters})


def _unless(cases: Iterable[str], otherwise: str) -> list[str]:
    """A choice between the cases of some modes, with `otherwise` for all others."""
    return _if([*filter(None, cases), f"else -> {otherwise}"])


def _if(cases: list[str]) -> list[str]:
    """A choice between cases, one on each line."""
    return ["if", *(f":: {case}" for case in cases), "fi"]


def _inline(head: str, lines: list[str]) -> Iterator[str]:
    yield from (f"inline {head} {{", *(f"  {line}" for line in lines), "}")


def step(kind: str, lines: Iterable[str]) -> Iterator[str]:
    """The statements as one step of the process, `atomic` or `d_step`; nothing if there are none."""
    lines = list(lines)
    if lines:
        yield from (f"  {kind} {{", *(f"    {line};" for line in lines), "    skip", "  }")


def _numbered(things: Iterable[Thing]) -> dict[Thing, int]:
    return {thing: number for number, thing in enumerate(dict.fromkeys(things))}


def _longest(numberings: Sequence[Mapping[Thing, int]]) -> int:
    return max(1, *(len(numbering) for numbering in numberings))
