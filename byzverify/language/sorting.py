"""Sorting what a general yields by label, and the rules that an outbox must keep.

This module knows outboxes. It does not know programs, or what happens to what is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from byzverify.errors import RuleBroken, described
from byzverify.language.labels import Chain, Form, Label, Part, form_of, plain_label, without_fields
from byzverify.language.messages import Bundle, Dispatch, General, Outbox, SignedDispatch
from byzverify.language.outgoing import Listed
from byzverify.language.records import Record
from byzverify.language.values import ABSENT, Count, Order, Truth


class Sorter:
    """Sorts what general `me` sends in a round to `generals`. known: the names of all words of a message, and ABSENT.

    sorted: what has been added so far. Methods raise RuleBroken if a rule is broken.
    """

    def __init__(self, me: General, generals: Collection[General], known: Collection[str]) -> None:
        self.sorted = Listed()
        self._called: dict[Label, list[Dispatch]] = {}
        self._me = me
        self._generals = generals
        self._existing = frozenset(generals)
        self._known = known

    def add(self, outbox: Outbox) -> None:
        """Add all dispatches of an outbox."""
        for dispatch in dispatches(outbox):
            for message in self._bundled(dispatch) if isinstance(dispatch, Bundle) else (dispatch,):
                self._add(message)

    def _add(self, dispatch: Dispatch) -> None:
        """Add a message. Raises RuleBroken if a receiver would get two under one label."""
        value = dispatch.value
        for part in value.parts.values() if isinstance(value, Record) else (value,):
            demand_order(part, self._known, "sends")
        if dispatch.to is not None and not self._existing.issuperset(dispatch.to):
            raise RuleBroken("sends to a general that does not exist")
        label = self._label(dispatch)
        called = without_fields(label)
        others = self._called.setdefault(called, [])
        for other in others:
            if any(dispatch.reaches(general) and other.reaches(general) for general in self._generals):
                what = "messages" if isinstance(value, Record) or isinstance(other.value, Record) else "orders"
                raise RuleBroken(f"sends a receiver two {what} under the label {described(called)}")
        others.append(dispatch)
        self.sorted.setdefault(label, []).append(dispatch)

    def _label(self, dispatch: Dispatch) -> Label:
        """The label that a dispatch travels under; for a signed order, the chain with this general's signature."""
        label = dispatch.label
        if isinstance(dispatch, SignedDispatch):
            return dispatch.label.signed(self._me)
        called, has_fields = without_fields(label), type(label) is Form
        if type(called) is Chain:
            raise RuleBroken("sends a chain of signatures as a label; sign(...) makes one")
        if type(label) is Part or has_fields is not isinstance(dispatch.value, Record):
            raise RuleBroken("sends a form as a label; broadcast({name: order, ...}, label) makes one")
        plain = plain_label(called)
        return Form(plain, label.fields) if has_fields else plain

    def _bundled(self, bundle: Bundle) -> Iterator[Dispatch]:
        """The messages that a bundle consists of: one for each set of receivers with the same contents."""
        inside = Sorter(self._me, self._generals, self._known)
        for dispatch in dispatches(bundle.outbox):
            if isinstance(dispatch, SignedDispatch | Bundle) or isinstance(dispatch.value, Record):
                raise RuleBroken(
                    "bundles something other than one order; signed orders and messages with fields are sent by "
                    "themselves"
                )
            inside._add(dispatch)
        told: dict[tuple[Dispatch | None, ...], list[General]] = {}
        for general in self._generals:
            told.setdefault(tuple(_reaching(some, general) for some in inside.sorted.values()), []).append(general)
        for chosen, receivers in told.items():
            if any(chosen):
                orders = [ABSENT if one is None else one.value for one in chosen]
                fields = dict(zip(inside.sorted, orders, strict=True))
                yield Dispatch(Record(fields, bundle.when), form_of(bundle.label, fields), receivers, ())


def dispatches(outbox: Outbox) -> Iterator[Dispatch]:
    """The dispatches in an outbox, one by one."""
    if isinstance(outbox, Order):
        raise RuleBroken("yields an order; yield broadcast(order) or send(order, to=[...])")
    for dispatch in () if outbox is None else (outbox,) if isinstance(outbox, Dispatch) else outbox:
        if not isinstance(dispatch, Dispatch):
            raise RuleBroken(f"yields {described(dispatch)}; yield broadcast(...), send(...) or a list of them")
        yield dispatch


def _reaching(some: Collection[Dispatch], general: General) -> Dispatch | None:
    return next((one for one in some if one.reaches(general)), None)


def demand_order(value: object, known: Collection[str], does: str) -> None:
    """Raise RuleBroken unless `value` is an order; a plain order must also be one of the `known` ones."""
    if not isinstance(value, Order):
        raise RuleBroken(f"{does} {described(value)}, which is not an order{_instead(value)}")
    if type(value) is Order and value.name not in known:
        raise RuleBroken(f"{does} {value}, which is not one of {', '.join(sorted(known))}")


def _instead(value: object) -> str:
    """What to write instead of something that is not an order, if that can be guessed."""
    if isinstance(value, Truth | Count):
        return "; write ite(condition, ATTACK, RETREAT) for the order that follows from it"
    if isinstance(value, int):
        return "; say a number as one of self.orders, with more values, or as a mark"
    return "; `order` is None for a general that starts without one, such as a lieutenant" if value is None else ""
