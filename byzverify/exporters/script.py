"""The script of a run: what each general reads in each round, and what he must remember for later.

A model that is checked state by state should keep nothing that no longer matters. So this module works backwards from
the decisions: what must be known at the end of each round, what must be read for it, and what the senders must know to
say it. It knows expressions and what each general does, and of fault modes only whether signatures matter. It must not
know in which syntax the script is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from byzverify.exporters.properties import Property, claims
from byzverify.ir.expressions import Choice, Equal, Expression, Not, Read, Recorder, Threshold, Word
from byzverify.ir.recording import Conduct, conduct
from byzverify.language.decisions import Decision
from byzverify.language.faults import Budget, lies
from byzverify.language.labels import Label, Part, is_arrival, signers_of
from byzverify.language.messages import General, Site
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Count, Order, Truth


@dataclass(frozen=True)
class Reading:
    """One site that is read or, for a chain, could be overheard.

    honest: what a loyal sender says. silence: what the receiver reads if nothing comes.
    """

    site: Site
    honest: Expression
    silence: str = ABSENT.name

    @property
    def is_field(self) -> bool:
        """Whether it is a field of a message. Whether the message comes is a separate reading."""
        return type(self.site[3]) is Part and not is_arrival(self.site[3])

    @property
    def place(self) -> tuple[General, Label]:
        """The sender and the label, for any receiver."""
        _, sender, _, label = self.site
        return sender, label


@dataclass(frozen=True)
class Turn:
    """The end of a round for one general: what he reads, and what he remembers from then on."""

    me: General
    hears: tuple[Reading, ...]
    keeps: tuple[Expression, ...]


@dataclass(frozen=True)
class ScriptRound:
    """One round. A general without a turn remembers what he remembered before.

    overheard: the chains that liars could use if they got them.
    """

    number: int
    turns: tuple[Turn, ...]
    overheard: tuple[Reading, ...]

    @property
    def letters(self) -> list[Reading]:
        """All readings of the round, overheard ones included."""
        return [*(letter for turn in self.turns for letter in turn.hears), *self.overheard]

    @property
    def chains(self) -> list[Reading]:
        """The readings under chains of signatures, each site once."""
        return list({letter.site: letter for letter in self.letters if signers_of(letter.site[3])}.values())

    @property
    def places(self) -> list[tuple[General, Label]]:
        """The senders and labels that occur in this round, each once."""
        return list(dict.fromkeys(letter.place for letter in self.letters))


QUICK = (Equal, Not, Choice, Threshold)
"""Expressions that are computed again instead of remembered, if all their parts are remembered."""


class Needs:
    """What must be read and remembered.

    until: the round to whose end an expression must be remembered. owner: the general who remembers it. silences: by
    site, the names of what is read there if nothing comes.
    """

    def __init__(self, conducts: Sequence[Conduct], recorder: Recorder) -> None:
        self.until: dict[Expression, int] = {}
        self.owner: dict[Expression, General] = {}
        self.silences: dict[Site, set[str]] = {}
        self._conducts = conducts
        self._recorder = recorder
        self._computed: set[Expression] = set()

    def keep(self, expression: Expression, until: int, owner: General) -> None:
        """Let `owner` remember an expression to the end of round `until`, and all generals what that needs."""
        pending = [(expression, until, owner)]
        while pending:
            expression, until, owner = pending.pop()
            if expression.round and until > self.until.get(expression, -1):
                self.until[expression] = until
                self.owner[expression] = owner
                pending += self._what_it_takes(expression, owner)

    def spare(self, decided: Collection[Expression]) -> None:
        """Drop expressions that are quickly computed from what is remembered, but keep those that are `decided`."""
        for order, truths in self._compared().items():
            if len(truths) > 1:
                self.keep(order, max(self.until[truth] for truth in truths), self.owner[truths[0]])
        for one in list(self.until):
            if one not in decided and isinstance(one, QUICK) and self._at_hand(one):
                del self.until[one]

    def _compared(self) -> dict[Expression, list[Expression]]:
        """The orders that remembered truths compare with words, each with these comparisons."""
        compared: dict[Expression, list[Expression]] = {}
        for truth in self.until:
            if isinstance(truth, Equal) and isinstance(truth.parts[1], Word):
                compared.setdefault(truth.parts[0], []).append(truth)
        return compared

    def _at_hand(self, expression: Expression) -> bool:
        """Whether all parts of an expression are remembered as long as the expression."""
        until = self.until[expression]
        return all(not part.round or self.until.get(part, -1) >= until for part in expression.parts)

    def honest(self, site: Site) -> Expression:
        """What a loyal sender says at a site."""
        round, sender, receiver, label = site
        return self._conducts[sender].says(round, receiver, label, self._recorder)

    def _what_it_takes(self, expression: Expression, owner: General) -> Iterator[tuple[Expression, int, General]]:
        """What computing it at the end of its round needs: what must be known from earlier rounds, and by whom."""
        pending = [expression]
        while pending:
            one = pending.pop()
            if one in self._computed:
                continue
            self._computed.add(one)
            if isinstance(one, Read):
                self.silences.setdefault(one.site, set()).add(one.silence)
                yield self.honest(one.site), one.round - 1, one.site[1]
            for part in one.parts:
                if part.round == one.round:
                    pending.append(part)
                else:
                    yield part, one.round - 1, owner


class RunScript:
    """The script of all runs of a protocol in which no more generals fail than the budget allows.

    Raises ProtocolError if a program or a condition breaks a rule of the language.
    """

    def __init__(self, protocol: Protocol, budget: Budget) -> None:
        self.protocol = protocol
        self.budget = budget
        self.recorder = Recorder(protocol.words)
        self._conducts = [conduct(protocol, me, self.recorder) for me in range(protocol.n)]
        self.decisions: dict[General, Decision] = {
            general: self._conducts[general].decision for general in protocol.problem.deciders(protocol.n)
        }
        last = max((self._conducts[general].rounds for general in self.decisions), default=0)
        self.needs = Needs(self._conducts, self.recorder)
        decided = {
            leaf: general for general, decision in self.decisions.items() for _, leaf in leaves(decision, self.recorder)
        }
        for leaf, general in decided.items():
            self.needs.keep(leaf, last, general)
        overheard = self._overheard()
        for letter in overheard:
            self.needs.keep(letter.honest, letter.site[0] - 1, letter.site[1])
        self.needs.spare(decided)
        self.rounds = [self._round(number, overheard) for number in range(1, last + 1)]

    @cached_property
    def claims(self) -> list[Property]:
        """The properties that must hold at the end."""
        return claims(self.protocol, self.budget, self.decisions, self.recorder)

    @cached_property
    def last_chain(self) -> int:
        """The last round in which a chain of signatures is read; 0 if none is read or nobody can lie."""
        rounds = [site[0] for site in self.needs.silences if signers_of(site[3])]
        return max(rounds, default=0) if self.has_liars else 0

    @cached_property
    def has_fields(self) -> bool:
        """Whether messages of several fields are read."""
        return any(type(site[3]) is Part for site in self.needs.silences)

    def overhears(self, round: int) -> bool:
        """Whether it matters which chains reach liars in this round."""
        return round < self.last_chain + (1 if self.protocol.rushing else 0)

    @property
    def has_liars(self) -> bool:
        """Whether somebody may lie."""
        return any(lies(mode) for mode in self.budget)

    def known(self, round: int) -> list[Expression]:
        """What all generals together remember at the end of a round."""
        return [one for one, until in self.needs.until.items() if one.round <= round <= until]

    def remembered(self, general: General, round: int) -> tuple[Expression, ...]:
        """What `general` remembers at the end of a round."""
        mine = [one for one in self.known(round) if self.needs.owner[one] == general]
        return tuple(sorted(mine, key=lambda one: one.round))

    def _round(self, number: int, overheard: Sequence[Reading]) -> ScriptRound:
        turns = [self._turn(number, general) for general in range(self.protocol.n)]
        changing = [turn for turn in turns if turn.keeps != self.remembered(turn.me, number - 1)]
        return ScriptRound(number, tuple(changing), tuple(letter for letter in overheard if letter.site[0] == number))

    def _turn(self, round: int, general: General) -> Turn:
        sites = [site for site in self.needs.silences if site[0] == round and site[2] == general]
        hears = [self._letter(site) for site in sorted(sites, key=lambda site: site[1])]
        return Turn(general, tuple(hears), self.remembered(general, round))

    def _letter(self, site: Site) -> Reading:
        silences = self.needs.silences[site]
        return Reading(site, self.needs.honest(site), *(silences if len(silences) == 1 else ()))

    def _overheard(self) -> list[Reading]:
        """The chains that generals send in rounds in which liars can still use them."""
        nothing = self.recorder.order(ABSENT)
        return [
            Reading((round, sender.me, receiver, label), honest)
            for sender in self._conducts
            for round, sent in enumerate(sender.sent, start=1)
            for label in (sent.chains() if self.overhears(round) else ())
            for receiver in range(self.protocol.n)
            if receiver != sender.me and self.protocol.linked(sender.me, receiver)
            if (honest := sender.says(round, receiver, label, self.recorder)) is not nothing
        ]


def leaves(decision: Decision, recorder: Recorder, name: str = "decision") -> Iterator[tuple[str, Expression]]:
    """The orders and truths of which a decision consists, each with a name."""
    if isinstance(decision, dict):
        for general, part in decision.items():
            yield from leaves(part, recorder, f"{name}_on_{general}")
    elif isinstance(decision, tuple):
        for number, part in enumerate(decision, start=1):
            yield from leaves(part, recorder, f"{name}_{number}")
    elif isinstance(decision, Count):
        for number, (_, truth) in enumerate(decision.weighted, start=1):
            yield f"{name}_count_{number}", recorder.truth(truth)
    elif isinstance(decision, Order):
        yield name, recorder.order(decision)
    elif isinstance(decision, Truth):
        yield name, recorder.truth(decision)
