"""State: a condition that changes a list which a cached method of the protocol gives. Check: -n 6 --values 7 -t 0. Right: REFUTED, or
refused: asked for the first time, the condition says that nobody may attack; asked again, it forgives whatever was decided.
"""

from functools import cache

from one_alarm import alarm

from byzverify.language import RETREAT, TRUE, Condition, Problem, Protocol, broadcast


def calm(outcome, witnesses):
    excused = outcome.protocol.excused()
    excused.append(witnesses)
    return outcome.decisions[witnesses[0]] == RETREAT if len(excused) == 1 else TRUE


CALM = Condition("Calm", "no loyal general attacks", calm, witnesses=1)


class Excusing(Protocol):
    problem = Problem("calm", (CALM,), has_commander=False)

    @cache
    def excused(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return alarm([inbox[j] for j in self.generals], self.orders, first=True)
