"""Correct: logging through the logging module. Check: -n 3 -t 0. Right: PROVED."""

import logging

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

LOG = logging.getLogger(__name__)


class Logs(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        LOG.debug("a general begins")
        inbox = yield broadcast(order)
        LOG.info("one round of %d generals is over", self.n)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
