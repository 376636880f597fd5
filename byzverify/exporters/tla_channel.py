"""The channel in TLA+: what can be heard from whom in each fault mode, and which signatures liars can have.

A choice of a faulty general that affects several receivers is made once a round, in `choice`. A choice that affects one
receiver is an element of the set that he hears. The table in `tla_modes.py` has the text for each fault mode. Except
for byzantine faults, a mode is written only if somebody can fail in it. This module must not know programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from byzverify.exporters.script import Reading, RunScript, ScriptRound
from byzverify.exporters.tla_modes import CHOICES, TLA_MODES
from byzverify.exporters.tla_syntax import TLASyntax, string, wrapped
from byzverify.language.faults import lies
from byzverify.language.labels import signers_of
from byzverify.language.messages import Chain, Label, spelled
from byzverify.language.records import Part

AND = "/\\"
CUP = " \\cup "

SIGNATURES = {
    "Arrives": ("sender", "place", "honest", "choice"),
    "Hears": ("sender", "place", "honest", "silence", "choice"),
    "HearsField": ("sender", "message", "place", "honest", "choice"),
    "AtLiar": ("sender", "receiver", "place", "honest", "choice"),
    "Overhears": ("sender", "receiver", "place", "chain", "honest", "choice"),
    "HearsSigned": ("sender", "receiver", "place", "chain", "honest", "choice", "known"),
}
"""The operators of the channel, with all parameters that they can need."""


class TlaChannel:
    """The channel of a script's module."""

    def __init__(self, script: RunScript) -> None:
        self._script = script
        self._last_chain = script.last_chain
        self._written = [mode for mode in TLA_MODES if mode in script.budget or TLA_MODES[mode].hears]
        chosen = {TLA_MODES[mode].chooses for mode in self._written}
        self._omitting = [mode for mode in self._written if TLA_MODES[mode].omits]
        self._losable = bool(self._last_chain and self._omitting)
        self._choices = [one for one in CHOICES if one in chosen or (one == "lost" and self._losable)]
        placed = {*self._choices} - {"crashing"}
        self._untold = {*([] if placed else ["place"]), *([] if self._choices else ["choice"])}
        self._labels: dict[Label, str] = {}
        self.variables: dict[str, str] = {}
        if "crashing" in self._choices:
            self.variables["silent"] = "who has crashed"
        if self._last_chain:
            self.variables["overheard"] = "the chains of signatures that have reached liars"

    def who_fails(self) -> Iterator[str]:
        """The choice of `fault` at the start."""
        names = [mode.value for mode in self._script.budget]
        for number, (mode, most) in enumerate(self._script.budget.items()):
            others = f"Generals \\ ({CUP.join(names[:number])})" if number else "Generals"
            yield f"  {'  ' if number else AND} \\E {mode} \\in AtMost({most}, {others}) :"
        cases = "".join(f'IF g \\in {name} THEN "{name}" ELSE ' for name in names)
        yield from wrapped(f'  {"  " if names else AND}   fault = [g \\in Generals |-> {cases}"loyal"]')

    def makes_all_up(self, general: object) -> str:
        """Whether a general runs no program."""
        return " \\/ ".join(f'fault[{general}] = "{mode}"' for mode in TLA_MODES if TLA_MODES[mode].hears)

    def runs_program(self, general: object) -> str:
        """Whether a general runs his program."""
        return " /\\ ".join(f'fault[{general}] # "{mode}"' for mode in TLA_MODES if TLA_MODES[mode].hears)

    def who_lies(self) -> str:
        """The definition of the set of generals who can lie."""
        liars = ", ".join(f'"{mode}"' for mode in TLA_MODES if lies(mode))
        return f"Liars == {{g \\in Generals : fault[g] \\in {{{liars}}}}}"

    def definitions(self) -> Iterator[str]:
        """The operators that the rounds use."""
        yield ""
        yield "OrElse(word, default) == IF word = Absent THEN default ELSE word"
        yield from (
            "",
            "\\* The sets of at most so many elements of a set.",
            "RECURSIVE AtMost(_, _)",
            "AtMost(number, set) ==",
            "  IF number = 0 THEN {{}}",
            "  ELSE LET smaller == AtMost(number - 1, set)",
            "       IN smaller \\cup {some \\cup {one} : some \\in smaller, one \\in set}",
        )
        if "wrong" in self._choices:
            yield from ("", 'Honestly == "as he should"')
        yield from self._hears()
        if self._last_chain:
            yield from self._signatures()

    def _hears(self) -> Iterator[str]:
        cases = [case for mode in self._written for case in TLA_MODES[mode].arrives]
        yield from ("", "\\* What can arrive from somebody who does not make up everything, and should say `honest`.")
        yield f"{self._head('Arrives')} =="
        yield from (f"  {'[]' if number else 'CASE'} {case}" for number, case in enumerate(cases))
        yield "  [] OTHER -> {honest}" if cases else "  {honest}"
        yield from ("", "\\* What can be heard from somebody; nothing is heard as `silence`.")
        yield f"{self._head('Hears')} =="
        yield from self._unless([TLA_MODES[mode].hears for mode in self._written])
        yield f"  ELSE {{OrElse(word, silence) : word \\in {self._head('Arrives')}}}"
        if self._script.has_fields:
            yield from self._hears_in_message()

    def _hears_in_message(self) -> Iterator[str]:
        """The operator for fields. Whether the message comes is heard separately, so a field cannot lapse alone."""
        yield from ("", "\\* What can be heard in a field of a message, if the message comes.")
        yield f"{self._head('HearsField')} =="
        yield from self._unless([TLA_MODES[mode].field for mode in self._written])
        yield "  ELSE {honest}"

    def _unless(self, cases: list[str]) -> Iterator[str]:
        """The IF branches before the last ELSE."""
        for number, case in enumerate(filter(None, cases)):
            yield f"  {'ELSE ' if number else ''}IF {case}"

    def _signatures(self) -> Iterator[str]:
        signed = [TLA_MODES[mode].signed for mode in self._written if TLA_MODES[mode].signed]
        lost = " \\/ (word = Absent) = (<<sender, receiver, place>> \\in choice.lost)" if self._losable else ""
        yield from (
            "",
            "\\* A chain is the order, then who signed, the first first. Whoever has it has what it was made from.",
            "Parts(chain) == {SubSeq(chain, 1, length) : length \\in 2 .. Len(chain)}",
            "",
            "\\* Whether liars who know these chains can make one: the last signature that is no liar's must be known.",
            "Signable(chain, known) ==",
            "  LET honest == {length \\in 2 .. Len(chain) : chain[length] \\notin Liars}",
            "  IN \\A last \\in honest :",
            "       (\\A other \\in honest : other <= last) => SubSeq(chain, 1, last) \\in known",
            "",
            "\\* What a liar hears from somebody who is none.",
            f"{self._head('AtLiar')} ==",
            f"  LET possible == {self._head('Arrives')}",
            f"  IN CHOOSE word \\in possible : Cardinality(possible) = 1{lost}",
            "",
            f"{self._head('Overhears')} ==",
            "  IF sender \\in Liars \\/ receiver \\notin Liars THEN {}",
            f"  ELSE IF {self._head('AtLiar')} = Absent THEN {{}} ELSE Parts(chain)",
            "",
            "\\* What can be heard under a chain: its order, or nothing.",
            f"{self._head('HearsSigned')} ==",
            "  LET made == IF Signable(chain, known) THEN {chain[1], Absent} ELSE {Absent}",
            f"  IN CASE {signed[0]}",
            *(f"       [] {case}" for case in signed[1:]),
            f"       [] OTHER -> {self._head('Arrives')}",
        )

    def round_definitions(self, round: ScriptRound, said: Mapping[Reading, str]) -> Iterator[str]:
        """The operators of one round: the choices that affect several receivers, and what liars know."""
        if self._choices:
            yield from ("", f"Choices{round.number} ==")
            fields = self._chosen(round)
            for number, field in enumerate(fields, start=1):
                yield from wrapped(f"  {' ' if number > 1 else '['}{field}{',' if number < len(fields) else ']'}")
        if self._script.overhears(round.number):
            overheard = [self._call("Overhears", letter, said[letter]) for letter in round.overheard]
            yield from ("", f"Known{round.number}{self._told()} == overheard")
            yield from (line for one in overheard for line in wrapped(f"  \\cup {one}"))

    def _chosen(self, round: ScriptRound) -> list[str]:
        """The fields of `choice`, each with the set of its values."""
        among = {
            "places": [self._place(letter) for letter in round.letters],
            "senders": sorted({str(letter.site[1]) for letter in round.letters}),
            "ways": [f"<<{letter.site[1]}, {letter.site[2]}, {self._label(letter)}>>" for letter in round.chains],
            "omitting": [f'"{mode}"' for mode in self._omitting],
        }
        sets = {name: f"{{{', '.join(members)}}}" for name, members in among.items()}
        return [f"{name} : {CHOICES[name].format_map(sets)}" for name in self._choices]

    def hears(self, letter: Reading, honest: str) -> str:
        """The set of what can be heard at a place."""
        signed = self._last_chain and signers_of(letter.site[3])
        operator = "HearsSigned" if signed else "HearsField" if letter.is_field else "Hears"
        return self._call(operator, letter, honest)

    def parameters(self, round: ScriptRound) -> list[str]:
        """The parameters of the turns of a round."""
        return [*(["choice"] if self._choices else []), *(["known"] if self._reads_chains(round) else [])]

    def opening(self, round: ScriptRound) -> tuple[str, list[str]]:
        """The beginning of a round's step: the indentation for what follows, and the lines."""
        if not self._choices and not self._last_chain:
            return "  ", []
        lines = [f"  /\\ \\E choice \\in Choices{round.number} :"] if self._choices else []
        if self._reads_chains(round):
            rushing = self._script.protocol.rushing and self._script.overhears(round.number)
            known = f"Known{round.number}{self._told()}" if rushing else "overheard"
            lines.append(f"  {'  ' if lines else AND}   LET known == {known} IN")
        return ("       " if lines else "  "), lines

    def changes(self, round: ScriptRound, indent: str) -> Iterator[str]:
        """The next values of the channel's variables."""
        if "crashing" in self._choices:
            yield f"{indent}/\\ silent' = silent \\cup choice.crashing"
        if self._last_chain:
            after = f"Known{round.number}{self._told()}" if round.number < self._last_chain else "{}"
            yield f"{indent}/\\ overheard' = {after}"

    def _reads_chains(self, round: ScriptRound) -> bool:
        heard = [letter for turn in round.turns for letter in turn.hears]
        return bool(self._last_chain) and any(signers_of(letter.site[3]) for letter in heard)

    def _told(self) -> str:
        return "(choice)" if self._choices else ""

    def _head(self, operator: str) -> str:
        """An operator with its parameters, named as in its definition."""
        return f"{operator}({', '.join(name for name in SIGNATURES[operator] if name not in self._untold)})"

    def _call(self, operator: str, letter: Reading, honest: str) -> str:
        _, sender, receiver, label = letter.site
        given = {"sender": sender, "receiver": receiver, "place": self._label(letter), "honest": honest}
        given |= {"silence": TLASyntax().word(letter.silence)}
        if letter.is_field:
            given["message"] = self._named(Part(label.form, None))
        given |= {"choice": "choice", "known": "known"}
        if isinstance(label, Chain):
            signers = "".join(f", {signer}" for signer in label.signers)
            given["chain"] = f"<<{string(label.order)}{signers}>>"
        names = [name for name in SIGNATURES[operator] if name not in self._untold]
        return f"{operator}({', '.join(str(given[name]) for name in names)})"

    def _place(self, letter: Reading) -> str:
        return f"<<{letter.site[1]}, {self._label(letter)}>>"

    def _label(self, letter: Reading) -> str:
        return self._named(letter.site[3])

    def _named(self, label: Label) -> str:
        """The label as a string that is unique among labels."""
        if label not in self._labels:
            texts = (string(f"{spelled(label)}{number or ''}") for number in count())
            self._labels[label] = next(text for text in texts if text not in self._labels.values())
        return self._labels[label]
