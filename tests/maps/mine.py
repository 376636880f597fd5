"""A model of one's own, which can do in a cell all that makes trouble, and writes down each time that it is built."""

import os
from pathlib import Path

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast

NOTES = Path(__file__).with_suffix(".notes").open("a", encoding="utf-8")


class Mine(Protocol):
    """The commander is believed, which one traitor can abuse."""

    does: str = "nothing"
    more: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        NOTES.write(f"n={self.n} does={self.does}\n")
        NOTES.flush()

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        if self.does == "print":
            print("what a model prints")
        if self.does == "exit":
            os._exit(7)
        if self.does == "fail":
            raise ValueError("a mistake of the author's")
        while self.does == "spin":
            pass
        hoard = []
        while self.does == "hoard":
            hoard.append(bytearray(10_000_000))
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
