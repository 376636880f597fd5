"""State: a file in the folder for temporary files. Check: -n 3 -t 0. Right: REFUTED, or refused: generals have disks of their
own, so each finds no file, writes his own number, and obeys himself.
"""

import tempfile
from pathlib import Path

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class OnDisk(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        file = Path(tempfile.gettempdir(), "chair.txt")
        if not file.exists():
            file.write_text(str(me))
        chair = int(file.read_text())
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
