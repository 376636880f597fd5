"""Different code: a rule that is read as a text and executed, and changed after a map. Right: a map shows the cell refuted: by the other rule
each keeps his own order.
"""

from pathlib import Path

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Executes(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        rule = {}
        exec(Path(__file__).with_name("helper_late.py").read_text(), rule)
        inbox = yield broadcast(order)
        return rule["rule"](order, [inbox.get(j, default=RETREAT) for j in self.generals])
