"""The channel: which letters really travel in a round, given what programs send and what faulty generals wish to say.

A faulty general may wish to say something impossible. The channel then lets him say only what is possible, and records
the difference. A general with a milder fault than byzantine can only deviate as his mode allows (`granting.py`),
nobody can make a chain with a loyal signature that no traitor has seen, and only edges of the graph carry letters.
This module knows letters and signatures. It runs no programs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from byzverify.errors import ProtocolError
from byzverify.language.faults import Fault, lies
from byzverify.language.labels import chains_in
from byzverify.language.messages import Chain, General, Label
from byzverify.language.outgoing import Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.records import Form, Record
from byzverify.language.values import Order, is_absent
from byzverify.simulation.granting import GRANTS
from byzverify.simulation.post import Content
from byzverify.simulation.traitors import Strategy


class Channel:
    """The channel of one run.

    bent: one line for each impossible wish, which says why it was not granted. lapsed: all letters of this round from
    generals with milder faults than byzantine, by sender and receiver.
    """

    def __init__(self, protocol: Protocol, faults: Mapping[General, Fault], strategy: Strategy) -> None:
        self.bent: list[str] = []
        self._protocol = protocol
        self._faults = faults
        self._strategy = strategy
        self._liars = [general for general, mode in faults.items() if lies(mode)]
        self._granted = {general: grant for general, mode in faults.items() if (grant := GRANTS[mode]) is not None}
        self._round = 0
        self._sent: Sequence[Outgoing] = ()
        self.lapsed: dict[General, dict[General, Content]] = {}
        self._crashed: set[General] = set()
        self._held: list[set[Chain]] = [set() for _ in range(protocol.n)]
        self._arriving: list[tuple[General, Chain]] = []

    def begin(self, sent: Sequence[Outgoing]) -> None:
        """Begin the next round, in which each general's program sends this.

        Raises ProtocolError if a program extends a chain that it has not received.
        """
        self._round += 1
        self._sent = sent
        self._deliver_chains()
        self.lapsed = {general: self._lapse(general) for general in self._granted if general not in self._liars}
        self._let_liars_hear()
        self.lapsed |= {general: self._lapse(general) for general in self._granted if general in self._liars}

    def honest(self, sender: General, receiver: General) -> Content:
        """What `sender`'s program sends `receiver`."""
        return addressed_to(receiver, self._sent[sender]) if self._protocol.linked(sender, receiver) else {}

    def letter(self, sender: General, receiver: General, honest: Content) -> Content:
        """What `sender` really sends `receiver` when his program sends `honest`."""
        if sender in self._granted and sender != receiver:
            content = self.lapsed[sender].get(receiver, {})
        elif sender in self._faults and sender not in self._granted:
            content = self._feasible(sender, receiver, self._wish(sender, receiver, honest))
        else:
            content = honest
        self._arriving += [(receiver, label) for label in chains_in(content)]
        return content

    def _wish(self, sender: General, receiver: General, honest: Content) -> Content:
        if not self._protocol.linked(sender, receiver):
            return {}
        said = self._strategy.says(self._round, sender, receiver, honest)
        return {label: order for label, order in said.items() if is_message(label, order)}

    def _lapse(self, sender: General) -> dict[General, Content]:
        """The letters that a general with a milder fault sends in this round."""
        receivers = [r for r in range(self._protocol.n) if r != sender and self._protocol.linked(sender, r)]
        honest = {receiver: self.honest(sender, receiver) for receiver in receivers}
        wished = {receiver: self._wish(sender, receiver, honest[receiver]) for receiver in receivers}
        grant = self._granted[sender]
        granted = {receiver: {} for receiver in receivers} if sender in self._crashed else grant.letters(honest, wished)
        if grant.crashes and granted != honest:
            self._crashed.add(sender)
        if granted != wished:
            mode = self._faults[sender]
            self.bent.append(
                f"general {sender} cannot send this in round {self._round}: the mode {mode} does not allow it"
            )
        if sender in self._liars:
            granted = {receiver: self._feasible(sender, receiver, content) for receiver, content in granted.items()}
        return granted

    def _feasible(self, sender: General, receiver: General, wished: Content) -> Content:
        """The part of a wish that is possible: everything but chains with forged signatures."""
        forged = [chain for chain in chains_in(wished) if not self._can_make(chain, wished[chain])]
        for label in forged:
            self.bent.append(
                f"general {sender} sends general {receiver} {label} in round {self._round}, which is forged: the "
                "traitors cannot have the loyal signatures in it by then"
            )
        return {label: order for label, order in wished.items() if label not in forged}

    def _can_make(self, wanted: Chain, order: Order) -> bool:
        loyal = [part for part in wanted.parts() if part.signers[-1] not in self._liars]
        return order.name == wanted.order and (
            not loyal or any(loyal[-1] in self._held[traitor] for traitor in self._liars)
        )

    def _deliver_chains(self) -> None:
        """Let every general hold the chains of the last round, and check that in this round he extends no others."""
        for receiver, came in self._arriving:
            self._held[receiver].update(came.parts())
        self._arriving = []
        for sender, sent in enumerate(self._sent):
            for label in sent.chains():
                says_it = any(not is_absent(dispatch.value) for dispatch in sent[label])
                if says_it and len(label.signers) > 1 and label.parts()[-2] not in self._held[sender]:
                    raise ProtocolError(
                        f"general {sender} signs {label} but has not received the chain that he extends"
                    )

    def _let_liars_hear(self) -> None:
        """If traitors rush, give them in this round already the chains that generals who cannot lie send them in it."""
        if not self._protocol.rushing:
            return
        for sender, sent in enumerate(self._sent):
            if sender not in self._liars and any(sent.chains()):
                for traitor in self._liars:
                    content = self.letter(sender, traitor, self.honest(sender, traitor))
                    self._held[traitor].update(chain.from_iterable(label.parts() for label in chains_in(content)))


def is_message(label: Label, order: Order) -> bool:
    """Whether this is a message. A message of several fields must have each of them: half a message is none."""
    if type(label) is Form:
        return isinstance(order, Record) and order.parts.keys() == label.fields and not is_absent(order)
    return not is_absent(order) and not isinstance(order, Record)


def addressed_to(receiver: General, sent: Outgoing) -> Content:
    """The part of `sent` that goes to `receiver`."""
    return {label: order for label, order in sent.to(receiver).items() if not is_absent(order)}
