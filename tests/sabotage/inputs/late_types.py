"""Generals as objects: a helper that the program imports itself asks for types. Check: -n 4 -t 0. Right: REFUTED, or refused: the helper is
not there yet when the model is looked at first, and what stands for a general is no number.
"""

from byzverify.language import CONSENSUS, Protocol, broadcast


class Late(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        from late_types_rule import decided

        inbox = yield broadcast(order)
        return decided(me, [inbox[j] for j in self.generals])
