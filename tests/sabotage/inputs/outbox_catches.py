"""Values looked at: what is sent is made by a generator that catches what goes wrong in it. Check: -n 4 --values 4 -t 0. Right: REFUTED, or
refused: where all four orders are different, each passes on another one than he heard.
"""

from byzverify.language import AGREEMENT, RETREAT, Problem, Protocol, broadcast


def summary(heard, fallback):
    try:
        first, *rest = heard
        different = all(first != other for other in rest)
        yield broadcast(rest[0] if different else fallback)
    except Exception:
        yield broadcast(fallback)


class Summaries(Protocol):
    problem = Problem("summaries", (AGREEMENT,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        inbox = yield summary([inbox[one] for one in self.generals], RETREAT)
        return inbox.get(self.others(me)[0], default=RETREAT)
