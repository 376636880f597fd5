"""State: a class-level dictionary that all generals write on. Check: -n 3 -t 0. Right: REFUTED, or refused: each general
alone is the first to sit down, so each obeys himself, and orders A, R, R give different decisions.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Board(Protocol):
    problem = CONSENSUS
    board = {}

    def interchangeable(self):
        return []

    def general(self, me, order):
        chair = self.board.setdefault("chair", me)
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
