"""A model as a node without a process: each time it is asked, it is read the whole conversation again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from anyio.abc import TaskGroup

from byzverify import library
from byzverify.language.values import Order
from byzverify.nodes import harness
from byzverify.nodes.conversation import Answer, Conversation
from byzverify.nodes.players import Player
from byzverify.nodes.process import Program
from byzverify.nodes.serving import serve
from byzverify.simulation.post import Content

COMMAND = ("served",)
"""What plays the node, for `Team`."""


class Served(Player):
    """In the place of `players.Node`. wrote: per general, what went over the line, in both directions."""

    wrote: dict[str, list[bytes]]

    def __init__(self, conversation: Conversation, program: Program, deadline: float, tasks: TaskGroup) -> None:
        self._conversation = conversation
        self.title = conversation.title
        self._protocol = library.find(conversation._reference)
        self._asked: list[bytes] = []
        self._read = 0

    async def begin(self, order: Order | None) -> None:
        self._answer(self._conversation.begin(order))

    async def answer(self, letters: Sequence[Content]) -> Answer:
        answer = self._answer(self._conversation.next_round(letters))
        assert answer is not None
        return answer

    def _answer(self, text: bytes) -> Answer | None:
        self._asked += text.splitlines()
        said: list[bytes] = []
        serve(self._protocol, {}, self._asked, said.append)
        lines = b"".join(said).splitlines()[self._read :]
        self._read += len(lines)
        self.wrote.setdefault(self.title, []).extend([*text.splitlines(), *lines])
        answers = [self._conversation.read(line) for line in lines]
        assert answers[:-1] == [None] * (len(answers) - 1)
        return answers[-1]


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
