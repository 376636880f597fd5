"""Votes are put in columns A, B, ... Z (string.ascii_uppercase): from n = 27 on the rest is left out."""

import string

from byzverify.language import ATTACK, RETREAT, VALIDITY, Problem, Protocol, broadcast, count, ite


class Columns(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = {column: inbox[j] for j, column in zip(self.generals, string.ascii_uppercase)}
        return ite(count([*votes.values()], ATTACK) >= self.n, ATTACK, RETREAT)
