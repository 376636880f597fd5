"""Problem as a property: conditions that read a parameter of the protocol. Check: -n 4 -t 1 --timeout 0. Right: REFUTED or UNKNOWN:
a traitor makes the counts differ by 1, and `slack` is 0.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count


class Slack(Protocol):
    slack: int = 0

    @property
    def problem(self):
        def close(outcome, witnesses):
            one, other = (outcome.decisions[w] for w in witnesses)
            return (one - other <= self.slack) & (other - one <= self.slack)

        close_enough = Condition("Close", "counts differ by the slack at most", close, witnesses=2, needs_loyal=2)
        return Problem("poll", (close_enough,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)
