"""The failure semantics of each fault mode: the checker's account of what a mode allows, as one table.

Whatever depends on a mode in the checker, on the board and in drawn trials is derived from it. The simulator and the
exports to TLA+ and Promela have accounts of their own and must not read this one: the accounts check one another. Which
modes make things up is said once for all of them, in `language/faults.py`. This module knows modes. It must not know
variables, terms or programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.faults import Fault
from byzverify.language.messages import EVERYONE, General


@dataclass(frozen=True)
class FailureSemantics:
    """How a general fails in one mode.

    runs_program: whether he says what his program says, except where he *lapses*; if not, he says anything at any site.
    symmetric: whether he lapses, under a label of a round, towards all receivers in one way, and not towards each in
    another. halts: whether he lapses in one round only, and says nothing after it.

    Where a general lapses, he says any word or none if his mode lies (`faults.lies`), otherwise nothing.
    """

    runs_program: bool
    symmetric: bool
    halts: bool

    def concerns(self, receiver: General) -> General:
        """Whom one choice concerns that is about this receiver: him alone, or `EVERYONE`."""
        return EVERYONE if self.symmetric else receiver


SEMANTICS: Mapping[Fault, FailureSemantics] = {
    Fault.BYZANTINE: FailureSemantics(runs_program=False, symmetric=False, halts=False),
    Fault.SYMMETRIC: FailureSemantics(runs_program=True, symmetric=True, halts=False),
    Fault.OMISSION: FailureSemantics(runs_program=True, symmetric=False, halts=False),
    Fault.CRASH: FailureSemantics(runs_program=True, symmetric=False, halts=True),
    Fault.MANIFEST: FailureSemantics(runs_program=True, symmetric=True, halts=False),
}
"""The table: a row for each mode."""


def runs_program(mode: Fault | None) -> bool:
    """Whether what a general says is what his program says, lapses apart; mode: in which he fails, if he does."""
    return mode is None or SEMANTICS[mode].runs_program
