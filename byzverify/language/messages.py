"""What a general hands to the network, and what the network hands to him.

A message is one order under a label; the label says what the order is about (OM labels an order with the path that
it came along). Orders that belong together are the fields of one message, which arrives whole or not at all
(`records.py`). In one round a general sends a receiver at most one message under each label. A signed message is an
order under a `Chain` of signatures: only a general that has read a chain can extend it, and each can sign only for
himself. This module knows values, but not how messages travel: the simulator and the checker each bring an `Inbox` of
their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Self
from typing import Protocol as Interface

from byzverify.errors import RuleBroken
from byzverify.language.labels import Chain as Chain
from byzverify.language.labels import Form, Part, Special, form_of, names_of, plain_label
from byzverify.language.labels import Label as Label
from byzverify.language.labels import spelled as spelled
from byzverify.language.records import Record
from byzverify.language.unseen import Public
from byzverify.language.values import ABSENT, TRUE, Order, Truth, all_of, is_absent, ite

if TYPE_CHECKING:
    from byzverify.language.gathering import Rule, Tree

General = int
"""A general's number, 0 to n-1. Where a problem has a commander, he is number 0."""

Site = tuple[int, General, General, Label]
"""One place in a run where an order is sent: (round, counted from 1; sender; receiver; label)."""

EVERYONE: General = -1
"""The receiver in a site that stands for one word said to all others alike."""


class Likeness(Interface):
    """Groups of sites that are alike, each group with one site that represents it."""

    def representative(self, site: Site) -> Site:
        """The site that represents the group of this site."""

    def labels(self, site: Site, sender: General, receiver: General) -> Iterator[Label]:
        """The labels of the sites from this sender to this receiver that are in the group of `site`."""

    def how_many_labels(self, site: Site, sender: General, receiver: General) -> int:
        """How many labels `labels` gives."""


@dataclass(frozen=True)
class Signed:
    """What `inbox.signed` found under a chain: `came` is whether it came. Only `inbox.signed` creates one."""

    order: Order
    signers: tuple[General, ...]
    came: Truth


class Dispatch:
    """One message and its receivers: an order under a label, or a record under a form."""

    __slots__ = ("label", "to", "value", "without")

    def __init__(
        self, value: Order, label: Label, to: Collection[General] | None, without: Collection[General]
    ) -> None:
        if to is not None and not isinstance(to, Collection):
            raise RuleBroken("to=...: give a collection of generals, such as [me]")
        if not isinstance(without, Collection):
            raise RuleBroken("without=...: give a collection of generals, such as [me]")
        self.value = value
        self.label = label
        self.to = to if to is None else tuple(to)  # a copy: the author may change his list later
        self.without = tuple(without)

    def reaches(self, receiver: General) -> bool:
        """Whether `receiver` is one of the receivers."""
        return receiver not in self.without and (self.to is None or receiver in self.to)


class SignedDispatch(Dispatch):
    """One order under a chain, to which the sender's seat adds his signature."""

    __slots__ = ()


class Bundle(Dispatch):
    """Several dispatches that travel as one message to each receiver; the sender's seat assembles it."""

    __slots__ = ("outbox", "when")

    def __init__(self, outbox: Outbox, label: Label, when: Truth) -> None:
        super().__init__(ABSENT, label, None, ())
        self.outbox = outbox
        self.when = when

    def __iter__(self) -> Iterator[Dispatch]:
        """Yield the bundle itself, so that `[*tree.relays(), ...]` works for bundled and unbundled trees."""
        yield self


Outbox = Dispatch | Iterable[Dispatch] | None
"""What a general yields: one dispatch, several, or None to send nothing this round."""

Said = Order | Mapping[Label, Order]
"""What one message says: an order, or an order in each of its fields, by name."""


def broadcast(
    value: Said, label: Label = (), without: Collection[General] = (), *, when: Truth | bool = TRUE
) -> Dispatch:
    """Send `value` under `label` to every neighbour and to oneself, but not to those in `without`.

    value: an order; or, for one message of several fields, a mapping from field names to orders. A field may be empty
    (ABSENT). when: if this is false, nothing is sent.
    """
    return _dispatch(value, label, None, without, when)


def send(value: Said, to: Collection[General], label: Label = (), *, when: Truth | bool = TRUE) -> Dispatch:
    """Send `value` under `label` to the generals in `to`; otherwise like `broadcast`."""
    return _dispatch(value, label, to, (), when)


def bundle(outbox: Outbox, label: Label = (), *, when: Truth | bool = TRUE) -> Dispatch:
    """Send a whole outbox as one message under `label` to each general that receives any of it.

    The fields have the names of the labels in the outbox, the same for every receiver; a field is empty if its order
    is not for him. when: if this is false, nothing is sent.
    """
    if isinstance(outbox, Order) or not isinstance(outbox, Dispatch | Iterable | None):
        raise RuleBroken("bundle(...) takes what a program can yield: broadcast(...), send(...) or a list of them")
    return Bundle(outbox if isinstance(outbox, Dispatch | None) else tuple(outbox), label, when & TRUE)


def _dispatch(
    value: Said, label: Label, to: Collection[General] | None, without: Collection[General], when: Truth | bool
) -> Dispatch:
    condition = TRUE if when is TRUE else when & TRUE
    if isinstance(value, Mapping):
        said = dict(zip(names_of(value), value.values(), strict=True))
        return Dispatch(Record(said, condition), form_of(label, value), to, without)
    return Dispatch(value if condition is TRUE else ite(condition, value, ABSENT), label, to, without)


def sign(
    what: Order | Signed,
    when: Truth | bool = TRUE,
    to: Collection[General] | None = None,
    without: Collection[General] = (),
) -> Dispatch:
    """Sign and send an order of the domain, or add one's signature to a signed order, if it came; only if `when` holds.

    The receivers are those in `to`, or by default every neighbour and oneself, except those in `without`. To sign an
    order that is known only when the program runs, sign each order that it may be: `[sign(v, order == v) for v in
    self.orders]`.
    """
    if isinstance(what, Signed):
        order, signers, condition = what.order, what.signers, what.came & when
    else:
        order, signers, condition = what, (), when & TRUE
    if type(order) is not Order or is_absent(order):
        raise RuleBroken(
            "signs something other than one order of the domain; write [sign(v, order == v) for v in self.orders]"
        )
    return SignedDispatch(ite(condition, order, ABSENT), Chain(order.name, signers), to, without)


NOT_READ = (Order, Special)
"""Types that must not be a label in `get`: an order there is a slip, and special labels are read by other methods."""


class Message:
    """A message of several fields as one general received it, or the fact that it did not come. See `inbox.message`.

    came: whether it came, with an order in each field that may not be empty. `message["value"]` is the order in that
    field; ABSENT if the message did not come or the field is empty.
    """

    __slots__ = ("_form", "_inbox", "_sender", "came")

    def __init__(self, inbox: Inbox, sender: General, form: Form, filled: Iterable[Label] = ()) -> None:
        self._inbox = inbox
        self._sender = sender
        self._form = form
        self.came = all_of(self._read(name) != ABSENT for name in (None, *filled))

    def get(self, field: Label, default: Order = ABSENT) -> Order:
        """The order in a field, or `default` if the message did not come or the field is empty."""
        if field not in self._form.fields:
            raise RuleBroken(f"takes the field {field!r} of a message that is read without it")
        order = self._read(plain_label(field))
        return ite(self.came & (order != ABSENT), order, default)

    def __getitem__(self, field: Label) -> Order:
        return self.get(field)

    def _read(self, name: Label | None) -> Order:
        return self._inbox._read(self._sender, Part(self._form, name), ABSENT)

    def __iter__(self) -> NoReturn:
        raise RuleBroken("iterates over a message; take each of its fields by name, such as message['value']")

    def __bool__(self) -> NoReturn:
        raise RuleBroken("a message where a truth is expected; whether it came is message.came")

    __contains__ = __iter__


class Inbox(Public, ABC):
    """What reached one general in one round.

    `inbox[sender]` is the order that came from `sender` without a label, `inbox[sender, label]` the one under
    `label`; both are `ABSENT` if nothing came. `inbox.message` reads a message of several fields. Assumptions A1-A3
    of LSP 1982: what a loyal general sends arrives, the receiver knows from whom, and he notices when nothing comes.
    """

    called = "an inbox"

    def get(self, sender: General, label: Label = (), default: Order = ABSENT) -> Order:
        """The order from `sender` under `label`, or `default` if nothing came."""
        if issubclass(type(label), NOT_READ):
            what = "an order" if isinstance(label, Order) else "a chain" if isinstance(label, Chain) else "a form"
            raise RuleBroken(f"{what} where a label is expected: inbox.get(sender, label, default=order)")
        return self._read(_plain(sender), plain_label(label), default)

    def message(
        self, sender: General, label: Label = (), *, fields: Collection[Label] = (), optional: Collection[Label] = ()
    ) -> Message:
        """The message from `sender` under `label` that has exactly these fields, whole or not at all.

        fields: the names of the fields that may not be empty: if one is empty, the message did not come. optional: the
        names of the fields that may be empty. If the sender sends other fields under the label, or an order without
        fields, the message did not come either.
        """
        if issubclass(type(label), NOT_READ):
            raise RuleBroken(
                "something that is not a label, where a label is expected: "
                'inbox.message(sender, "report", fields=("value",))'
            )
        filled = names_of(fields)
        return Message(self, _plain(sender), form_of(plain_label(label), [*filled, *names_of(optional)]), filled)

    def signed(self, order: Order, signers: Collection[General]) -> Signed:
        """Whether `order` came with exactly these signatures, from the last of the signers."""
        signers = tuple(signers)
        if type(order) is not Order or is_absent(order) or not signers:
            raise RuleBroken("inbox.signed(order, signers) takes one order of the domain and one signer or more")
        came = self._read(signers[-1], Chain(order.name, signers), ABSENT) == order
        return Signed(order, signers, came)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self  # it does not change, and reading it always gives the same result

    @abstractmethod
    def _read(self, sender: General, label: Label, default: Order) -> Order:
        """The result of `get`; each execution implements it in its own way."""

    def resolved(self, tree: Tree, rule: Rule, path: tuple[General, ...]) -> Order:
        """The result of `tree.resolved` if this is the inbox of the last round; an execution may override it."""
        return tree.by_recursion(rule, path)

    def __iter__(self, *asked: object) -> NoReturn:
        raise RuleBroken("iterates over an inbox; read from each sender: [inbox[sender] for sender in self.generals]")

    __contains__ = __iter__
    if not TYPE_CHECKING:  # a type checker reports by itself that these do not exist
        __len__ = keys = values = items = __iter__

    def __bool__(self) -> bool:
        return True  # whatever it holds

    def __getitem__(self, key: Any) -> Order:
        if issubclass(type(key), tuple):  # isinstance would ask a general for his type
            sender, label = key
            return self.get(sender, label)
        return self.get(key)


def _plain(general: Any) -> Any:
    """A general's number as a plain int, without its author's class (such as an enum); a name unchanged."""
    kind = type(general)
    return int.__int__(general) if kind is not int and issubclass(kind, int) else general
