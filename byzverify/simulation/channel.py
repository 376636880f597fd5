"""The channel: what really travels in a round, given what programs send and what faulty generals wish to say.

A wish that is impossible is bent to what is possible, and noted: a general with a milder fault than byzantine
can only lapse as his mode allows (`granting.py`), a chain with a loyal signature that no traitor has seen cannot be
made, and only edges of the graph carry letters. This module knows letters and signatures. It runs no programs.
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

    bent: of each impossible wish, in one line, why it was not granted. lapsed: in this round, all letters of those
    who fail in a milder mode than byzantine, by sender and receiver.
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

        Raises ProtocolError where a program extends a chain that it has not received.
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
        """What really goes from `sender` to `receiver`, where the program sends `honest`."""
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
        """The letters of a general with a milder fault."""
        receivers = [r for r in range(self._protocol.n) if r != sender and self._protocol.linked(sender, r)]
        honest = {receiver: self.honest(sender, receiver) for receiver in receivers}
        wished = {receiver: self._wish(sender, receiver, honest[receiver]) for receiver in receivers}
        grant = self._granted[sender]
        granted = {receiver: {} for receiver in receivers} if sender in self._crashed else grant.letters(honest, wished)
        if grant.crashes and granted != honest:
            self._crashed.add(sender)
        if granted != wished:
            mode = self._faults[sender]
            self.bent.append(f"general {sender} cannot say in round {self._round} what is no {mode} fault")
        if sender in self._liars:
            granted = {receiver: self._feasible(sender, receiver, content) for receiver, content in granted.items()}
        return granted

    def _feasible(self, sender: General, receiver: General, wished: Content) -> Content:
        """What of a wish can be made: chains without forged signatures."""
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
        """Let everyone hold what came in the last round, and see that he extends no other chain in this one."""
        for receiver, came in self._arriving:
            self._held[receiver].update(came.parts())
        self._arriving = []
        for sender, sent in enumerate(self._sent):
            for label in sent.chains():
                says_it = any(not is_absent(dispatch.value) for dispatch in sent[label])
                if says_it and len(label.signers) > 1 and label.parts()[-2] not in self._held[sender]:
                    raise ProtocolError(f"general {sender} signs {label} and has not received what he adds his name to")

    def _let_liars_hear(self) -> None:
        """If traitors rush, let them hold in this round already what those who make nothing up send them in it."""
        if not self._protocol.rushing:
            return
        for sender, sent in enumerate(self._sent):
            if sender not in self._liars and any(sent.chains()):
                for traitor in self._liars:
                    content = self.letter(sender, traitor, self.honest(sender, traitor))
                    self._held[traitor].update(chain.from_iterable(label.parts() for label in chains_in(content)))


def is_message(label: Label, order: Order) -> bool:
    """Whether anything is said; of several fields, whether the message has each: half a message is none."""
    if type(label) is Form:
        return isinstance(order, Record) and order.parts.keys() == label.fields and not is_absent(order)
    return not is_absent(order) and not isinstance(order, Record)


def addressed_to(receiver: General, sent: Outgoing) -> Content:
    """What somebody who sends this sends `receiver`."""
    return {label: order for label, order in sent.to(receiver).items() if not is_absent(order)}
