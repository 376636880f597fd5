"""Correct: a logger by the name of the module, and the file's own name. Check: -n 3 -t 0. Right: PROVED."""

import logging
import sys

import byzverify
from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class LogsByModule(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        log = logging.getLogger(__name__)
        log.debug("a general of %s begins", __file__)
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)


if __name__ == "__main__":
    sys.exit(not isinstance(byzverify.check(LogsByModule(n=3), 0), byzverify.Proved))
