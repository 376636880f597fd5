"""Language: the commander is no root of the tree, and so his order goes to nobody. Check: -n 4 --values 4 -t 0. Right: REFUTED, or refused:
where all want different things, they do not do what he wants.
"""

from byzverify.language import COMMANDER, RETREAT, Condition, Problem, Protocol, Tree, all_of, count, ite


def followed(outcome, witnesses):
    orders = outcome.orders.values()
    torn = all_of(count(orders, one) == 1 for one in outcome.protocol.orders)
    return outcome.decisions[witnesses[0]] == ite(torn, outcome.orders[COMMANDER], RETREAT)


class Committee(Protocol):
    problem = Problem("torn", (Condition("Followed", "if torn, they follow", followed, 1),), has_commander=False)

    def general(self, me, order):
        heard = Tree(self, me, roots=self.lieutenants, own=order, closed=True)
        heard.grow((yield heard.relays()))
        wish = heard.told((COMMANDER,))
        torn = all_of(
            count([wish, *(heard.told((one,)) for one in self.lieutenants)], word) == 1 for word in self.orders
        )
        return ite(torn, wish, RETREAT)
