"""Correct: warnings that are issued, and silenced for a while. Check: -n 3 -t 0. Right: PROVED."""

import warnings

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Warns(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        warnings.warn("votes are counted", UserWarning, stacklevel=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.warn("votes are counted in silence", UserWarning, stacklevel=1)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
