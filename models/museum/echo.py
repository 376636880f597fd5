"""The lieutenants ask each other the wrong question: what did I tell you, in place of what did the commander tell you.

`main.py` of jaredraycoleman/byzantine_generals (GitHub, commit 8b33764, lines 14-33) writes OM(m) as a recursion in
which a lieutenant hands his own order down and collects the answers. So every loyal general repeats to him what he
said, and what the commander told them stays unknown to him. In LSP 1982, section 3, Step 2 of OM(m), lieutenant j
sends on v_j, what he had from the commander. This is one level of it, which is all that one traitor should need.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, majority, send


class Echo(Protocol):
    """The order, a question that names it, and the answer: three rounds."""

    claim = "none holds; believed to solve the problem for n > 3 and one traitor"

    def tolerates(self, t: int) -> bool:
        return t <= 1 and self.n > 3

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, without=[me])
            return order

        inbox = yield None
        told = inbox.get(COMMANDER, default=RETREAT)
        others = self.others(me, COMMANDER)
        asked = yield send(told, to=others)
        answers = yield [send(asked.get(j, default=RETREAT), to=[j]) for j in others]
        return majority([told, *(answers.get(j, default=RETREAT) for j in others)], default=told)
