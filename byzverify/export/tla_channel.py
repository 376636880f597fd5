"""What can be heard from whom, in TLA+: the fault modes, and which signatures liars can have.

Each mode is one line of a definition, and is written only where somebody can fail in it. What one choice of a faulty
general decides for several receivers is chosen once a round, in `choice`; what concerns one receiver only is an element
of the set that he hears. What the modes mean is said in `language/faults.py`. This module must not know programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from byzverify.export.script import Letter, Round, Script
from byzverify.export.tla_syntax import TLASyntax, string, wrapped
from byzverify.language.faults import Fault
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
"""The operators of the channel, with all that they may have to be told."""

ARRIVES = {
    Fault.OMISSION: ['fault[sender] = "omission" -> {honest, Absent}'],
    Fault.CRASH: [
        'fault[sender] = "crash" /\\ sender \\in silent -> {Absent}',
        'fault[sender] = "crash" /\\ sender \\in choice.crashing -> {honest, Absent}',
    ],
    Fault.MANIFEST: ['fault[sender] = "manifest" /\\ <<sender, place>> \\in choice.missing -> {Absent}'],
    Fault.SYMMETRIC: [
        'fault[sender] = "symmetric" /\\ choice.wrong[<<sender, place>>] # Honestly ->'
        " {choice.wrong[<<sender, place>>]}"
    ],
}
"""What can come from those who fail in each mode, other than what they should say."""


class Channel:
    """The channel of a script's module."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._modes = set(script.budget)
        self._last_chain = script.last_chain
        self._losable = bool(self._last_chain and self._modes & {Fault.OMISSION, Fault.CRASH})
        self._chooses = bool(self._modes & {Fault.CRASH, Fault.SYMMETRIC, Fault.MANIFEST} or self._losable)
        placed = self._losable or self._modes & {Fault.SYMMETRIC, Fault.MANIFEST}
        self._untold = {*([] if placed else ["place"]), *([] if self._chooses else ["choice"])}
        self._labels: dict[Label, str] = {}
        self.variables: dict[str, str] = {}
        if Fault.CRASH in self._modes:
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
        if Fault.SYMMETRIC in self._modes:
            yield from ("", 'Honestly == "as he should"')
        yield from self._hears()
        if self._last_chain:
            yield from self._signatures()

    def _hears(self) -> Iterator[str]:
        cases = [case for mode in ARRIVES if mode in self._modes for case in ARRIVES[mode]]
        yield from ("", "\\* What can arrive from somebody who does not make up everything, and should say `honest`.")
        yield f"{self._head('Arrives')} =="
        yield from (f"  {'[]' if number else 'CASE'} {case}" for number, case in enumerate(cases))
        yield "  [] OTHER -> {honest}" if cases else "  {honest}"
        yield from ("", "\\* What can be heard from somebody; nothing is heard as `silence`.")
        yield f"{self._head('Hears')} =="
        yield '  IF fault[sender] = "byzantine" THEN Words \\cup {silence}'
        yield f"  ELSE {{OrElse(word, silence) : word \\in {self._head('Arrives')}}}"
        if self._script.has_fields:
            yield from self._hears_in_message()

    def _hears_in_message(self) -> Iterator[str]:
        """What is in a field counts where its message comes, which is heard for itself: so it does not lapse alone."""
        yield from ("", "\\* What can be heard in a field of a message, if the message comes.")
        yield f"{self._head('HearsField')} =="
        yield '  IF fault[sender] = "byzantine" THEN Words \\cup {Absent}'
        if Fault.SYMMETRIC in self._modes:
            wrong = "choice.wrong[<<sender, place>>]"
            yield '  ELSE IF fault[sender] = "symmetric" /\\ choice.wrong[<<sender, message>>] # Honestly'
            yield f"  THEN {{IF {wrong} = Honestly THEN Absent ELSE {wrong}}}"
        yield "  ELSE {honest}"

    def _signatures(self) -> Iterator[str]:
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
            '  IN CASE fault[sender] = "byzantine" -> made',
            *self._hears_from_symmetric(),
            f"       [] OTHER -> {self._head('Arrives')}",
        )

    def _hears_from_symmetric(self) -> Iterator[str]:
        if Fault.SYMMETRIC in self._modes:
            wrong = "choice.wrong[<<sender, place>>]"
            yield f'       [] fault[sender] = "symmetric" /\\ {wrong} # Honestly ->'
            yield f"            {{IF {wrong} \\in made THEN {wrong} ELSE Absent}}"
            yield f"       [] receiver \\in Liars -> {{{self._head('AtLiar')}}}"

    def round_definitions(self, round: Round, said: Mapping[Letter, str]) -> Iterator[str]:
        """The operators of one round: what is chosen once for all, and what liars know in it."""
        if self._chooses:
            yield from ("", f"Choices{round.number} ==")
            fields = self._chosen(round)
            for number, field in enumerate(fields, start=1):
                yield from wrapped(f"  {' ' if number > 1 else '['}{field}{',' if number < len(fields) else ']'}")
        if self._script.overhears(round.number):
            overheard = [self._call("Overhears", letter, said[letter]) for letter in round.overheard]
            yield from ("", f"Known{round.number}{self._told()} == overheard")
            yield from (line for one in overheard for line in wrapped(f"  \\cup {one}"))

    def _chosen(self, round: Round) -> list[str]:
        places = f"{{{', '.join(self._place(letter) for letter in round.letters)}}}"
        senders = f"{{{', '.join(sorted({str(letter.site[1]) for letter in round.letters}))}}}"
        fields = []
        if Fault.CRASH in self._modes:
            fields.append(f'crashing : SUBSET {{g \\in {senders} : fault[g] = "crash" /\\ g \\notin silent}}')
        if Fault.SYMMETRIC in self._modes:
            wrong = f'{{place \\in {places} : fault[place[1]] = "symmetric"}}'
            fields.append(f"wrong : [{wrong} -> Words \\cup {{Absent, Honestly}}]")
        if Fault.MANIFEST in self._modes:
            fields.append(f'missing : SUBSET {{place \\in {places} : fault[place[1]] = "manifest"}}')
        if self._losable:
            ways = ", ".join(
                f"<<{letter.site[1]}, {letter.site[2]}, {self._label(letter)}>>" for letter in round.chains
            )
            modes = ", ".join(f'"{mode}"' for mode in (Fault.OMISSION, Fault.CRASH) if mode in self._modes)
            losing = f"fault[way[1]] \\in {{{modes}}} /\\ way[2] \\in Liars"
            fields.append(f"lost : SUBSET {{way \\in {{{ways}}} : {losing}}}")
        return fields

    def hears(self, letter: Letter, honest: str) -> str:
        """The set of what can be heard at a place."""
        signed = self._last_chain and signers_of(letter.site[3])
        operator = "HearsSigned" if signed else "HearsField" if letter.is_field else "Hears"
        return self._call(operator, letter, honest)

    def parameters(self, round: Round) -> list[str]:
        """What the turns of a round have to be told."""
        return [*(["choice"] if self._chooses else []), *(["known"] if self._reads_chains(round) else [])]

    def opening(self, round: Round) -> tuple[str, list[str]]:
        """How the step of a round begins: the indentation of what follows, and the lines."""
        if not self._chooses and not self._last_chain:
            return "  ", []
        lines = [f"  /\\ \\E choice \\in Choices{round.number} :"] if self._chooses else []
        if self._reads_chains(round):
            rushing = self._script.protocol.rushing and self._script.overhears(round.number)
            known = f"Known{round.number}{self._told()}" if rushing else "overheard"
            lines.append(f"  {'  ' if lines else AND}   LET known == {known} IN")
        return ("       " if lines else "  "), lines

    def changes(self, round: Round, indent: str) -> Iterator[str]:
        """What becomes of the channel's variables."""
        if Fault.CRASH in self._modes:
            yield f"{indent}/\\ silent' = silent \\cup choice.crashing"
        if self._last_chain:
            after = f"Known{round.number}{self._told()}" if round.number < self._last_chain else "{}"
            yield f"{indent}/\\ overheard' = {after}"

    def _reads_chains(self, round: Round) -> bool:
        heard = [letter for turn in round.turns for letter in turn.hears]
        return bool(self._last_chain) and any(signers_of(letter.site[3]) for letter in heard)

    def _told(self) -> str:
        return "(choice)" if self._chooses else ""

    def _head(self, operator: str) -> str:
        """An operator with its parameters, which everything that uses it calls the same."""
        return f"{operator}({', '.join(name for name in SIGNATURES[operator] if name not in self._untold)})"

    def _call(self, operator: str, letter: Letter, honest: str) -> str:
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

    def _place(self, letter: Letter) -> str:
        return f"<<{letter.site[1]}, {self._label(letter)}>>"

    def _label(self, letter: Letter) -> str:
        return self._named(letter.site[3])

    def _named(self, label: Label) -> str:
        """The label as a text that no other label has."""
        if label not in self._labels:
            texts = (string(f"{spelled(label)}{number or ''}") for number in count())
            self._labels[label] = next(text for text in texts if text not in self._labels.values())
        return self._labels[label]
