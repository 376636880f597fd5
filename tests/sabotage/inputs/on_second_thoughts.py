"""Language: silence is taken for assent, after the chair has said what he heard. Check: -n 3 --faults crash=1. Right: REFUTED, or refused:
what the chair relayed is RETREAT, though his tree would say ATTACK by now.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, Tree, all_of, any_of, ite

CHAIR = 0


def assent(outcome, witnesses):
    return any_of(order != ATTACK for order in outcome.orders.values()) | (outcome.decisions[witnesses[0]] == ATTACK)


class Chaired(Protocol):
    problem = Problem(
        "assent",
        (
            Condition(
                "Assent", "if all wish it, all attack", assent, 1, concerns=lambda protocol, loyal: CHAIR in loyal
            ),
        ),
        has_commander=False,
    )

    def general(self, me, order):
        heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT)
        heard.grow((yield heard.relays()))
        heard.grow((yield heard.relays()))
        heard.missing = ATTACK
        if me == CHAIR:
            told = [heard.told((one,)) for one in self.others(me)]
        else:
            told = [heard.told((CHAIR,)), *(heard.told((one, CHAIR)) for one in self.others(me, CHAIR))]
        return ite(all_of(one == ATTACK for one in told), ATTACK, RETREAT)
