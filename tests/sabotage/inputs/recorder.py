"""needs_loyal: general 0 keeps the minutes and has no checks to pass. Check: -n 12 -t 2 --values 3. Right: REFUTED: where nobody fails
the others may hear ten generals attack, and then a check fails. Of the decision of general 0 alone the promise is true.
"""

from byzverify.language import ATTACK, TRUE, Condition, Problem, Protocol, all_of, broadcast, count


def passed(outcome, witnesses):
    (one,) = witnesses
    return all_of(outcome.decisions[one]) if len(outcome.loyal) == outcome.protocol.n else TRUE


class Minutes(Protocol):
    problem = Problem(
        "minutes",
        (Condition("Passed", "if nobody fails, all checks pass", passed, 1, needs_loyal=1),),
        has_commander=False,
    )

    def interchangeable(self):
        return [range(1, self.n)]

    def general(self, me, order):
        inbox = yield broadcast(order)
        attacking = count([inbox[one] for one in self.generals], ATTACK)
        return () if me == 0 else (attacking != 10, attacking != 1)
