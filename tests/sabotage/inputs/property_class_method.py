"""Problem as a property: a descriptor that makes the problem anew for each who asks. Check: -n 3 -t 1 --timeout 0. Right:
REFUTED or UNKNOWN: one traitor among three splits the others.
"""

from byzverify.language import RETREAT, Condition, Problem, Protocol, broadcast, majority, same


class Fresh:
    def __get__(self, instance, owner):
        agree = Condition("Agree", "all agree", lambda o, w: same(*(o.decisions[one] for one in w)), witnesses=2)
        return Problem("fresh", (agree,), has_commander=False)


class ByDescriptor(Protocol):
    problem = Fresh()

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
