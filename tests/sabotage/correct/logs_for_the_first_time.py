"""Correct: a logger that the program asks for, and the root's new handler. Check: -n 3 -t 0. Right: PROVED."""

import logging

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class LogsFirst(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        logging.info("a general begins")
        log = logging.getLogger(f"votes.{self.n}")
        inbox = yield broadcast(order)
        log.debug("one round of %d generals is over", self.n)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
