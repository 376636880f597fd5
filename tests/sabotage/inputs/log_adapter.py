"""State: what a log's lines have in common counts the runs. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: the
first to run does something else.
"""

import logging
import logging.handlers

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast

log = logging.LoggerAdapter(logging.getLogger("vote"), {"line": 0})


class Logged(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        log.extra["line"] += 1
        log.debug("counted")
        first = log.extra["line"] == 1
        return alarm([inbox[j] for j in self.generals], self.orders, first)
