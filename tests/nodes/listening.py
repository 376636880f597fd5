"""A model as a node without a process: in a thread, with queues for pipes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Any

import pytest
from anyio.abc import TaskGroup

from byzverify.catalogue import library
from byzverify.language.values import Order
from byzverify.nodes import harness
from byzverify.nodes.conversation import Conversation, NodeTurn
from byzverify.nodes.guard import Guard
from byzverify.nodes.players import Player
from byzverify.nodes.pool import Pool
from byzverify.nodes.serving import serve
from byzverify.nodes.team import Command
from byzverify.simulation.post import Content

COMMAND = ("served",)
"""What plays the node, for `Team`."""


class Served(Player):
    """In the place of `players.Node`. wrote: per general, what went over the line, in both directions."""

    wrote: dict[str, list[bytes]]

    def __init__(
        self,
        conversation: Conversation,
        command: Command,
        guard: Guard,
        deadline: float,
        tasks: TaskGroup,
        pool: Pool | None = None,
    ) -> None:
        self._conversation = conversation
        self.title = conversation.title
        self._protocol = library.find(conversation._reference)
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        self._said: SimpleQueue[bytes] = SimpleQueue()

    async def begin(self, order: Order | None) -> None:
        Thread(target=serve, args=(self._protocol, {}, iter(self._lines.get, None), self._said.put)).start()
        self._answer(self._conversation.begin(order))

    async def answer(self, letters: Sequence[Content]) -> NodeTurn:
        return self._answer(self._conversation.next_round(letters))

    def kill(self) -> None:
        self._lines.put(None)

    def _answer(self, text: bytes) -> NodeTurn:
        for line in text.splitlines():
            self._lines.put(line)
        answer = None
        while answer is None:
            said = self._said.get(timeout=60)
            self.wrote.setdefault(self.title, []).extend([*text.splitlines(), *said.splitlines()])
            text = b""
            for line in said.splitlines():
                assert answer is None
                answer = self._conversation.read(line)
        return answer


@contextmanager
def no_processes(patch: pytest.MonkeyPatch) -> Iterator[dict[str, list[bytes]]]:
    """Nodes are models that are served here, whatever their command; what goes over the line."""
    wrote: dict[str, list[bytes]] = {}
    with patch.context() as inside:
        inside.setattr(harness, "Node", type("Served", (Served,), {"wrote": wrote}))
        yield wrote


def told(run: Any) -> dict[str, Any]:
    """All that a run records, to be compared."""
    return {
        "lies": [(lie.round, lie.sender, lie.receiver, lie.label, lie.honest.name, lie.said.name) for lie in run.lies],
        "said": {
            letter: {label: order.name for label, order in content.items()} for letter, content in run.said.items()
        },
        "bent": run.bent,
        "rounds": run.rounds,
        "messages": run.messages,
        "orders": {general: order.name for general, order in run.orders.items()},
    }
