"""Relaying: how orders travel along routes that were laid out beforehand, one edge a round.

This module knows messages, and which order stands for a missing one. It does not know graphs, or what the orders mean.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from byzverify.language.messages import General, Inbox, Label, Outbox, send
from byzverify.language.values import RETREAT, Order


def along(
    me: General, held: Mapping[Label, Order], routes: Mapping[Label, Sequence[General]]
) -> Generator[Outbox, Inbox, dict[Label, Order]]:
    """Send orders along their routes, one edge a round, and return those whose routes end at `me`.

    Use it with `yield from`, in the program of every general in the same round. routes: under the label of each order,
    its route from the sender to the receiver. held: the orders that `me` sends himself. An order that does not come is
    passed on as RETREAT. It takes as many rounds as the longest route has edges.
    """
    carried = dict(held)
    for hop in range(max(map(len, routes.values()), default=1) - 1):
        edges = {label: route[hop : hop + 2] for label, route in routes.items() if len(route) > hop + 1}
        inbox = yield [send(carried[label], [there], label) for label, (here, there) in edges.items() if here == me]
        for label, (here, there) in edges.items():
            if there == me:
                carried[label] = inbox.get(here, label, default=RETREAT)
    return {label: carried[label] for label, route in routes.items() if route[-1] == me}
