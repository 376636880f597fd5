"""State: a database on the disk keeps who was first. Check: -n 3 -t 0. Right: REFUTED, or refused: of generals who each have a disk of their
own, everyone is the first and attacks.
"""

import sqlite3

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast


def calm(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


class Recorded(Protocol):
    problem = Problem("calm", (Condition("Calm", "nobody attacks", calm, 1),), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        with sqlite3.connect("recorded.sqlite") as database:
            database.execute("CREATE TABLE IF NOT EXISTS recorded (general)")
            known = database.execute("SELECT general FROM recorded").fetchall()
            database.execute("INSERT INTO recorded VALUES (1)")
        return RETREAT if known else ATTACK
