"""Different code: settings read from a file beside the model, and changed after a map. Right: a map shows the cell refuted: with the other
settings each keeps his own order.
"""

import json
from pathlib import Path

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

SETTINGS = json.loads(Path(__file__).with_name("settings.json").read_text())


class Settings(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals) if SETTINGS["vote"] else order
