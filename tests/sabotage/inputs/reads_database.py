"""Different code: a database beside the model, which is changed after a map. Right: a map shows the cell refuted: with another number in
it each keeps his own order.
"""

import sqlite3
from pathlib import Path

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

PLACE = Path(__file__).with_name("rules.sqlite")


class Stored(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        database = sqlite3.connect(PLACE)
        keep = database.execute("SELECT max(keep) FROM rules").fetchone()[0]
        database.close()
        return order if keep else majority(inbox.get(j, default=RETREAT) for j in self.generals)
