"""The failure semantics of each fault mode: the checker's account of what a mode allows, as one table.

Everything in the checker, on the board and in random trials that depends on a mode is derived from this table. The
simulator and the exports to TLA+ and Promela have accounts of their own and must not read this one: the accounts check
one another. Only one fact is shared by all, in `language/faults.py`: in which modes a general can invent messages. This
module knows modes. It must not know variables, terms or programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from byzverify.language.faults import Fault
from byzverify.language.messages import EVERYONE, General


@dataclass(frozen=True)
class FailureSemantics:
    """How a general fails in one mode.

    runs_program: whether the general says what his program says, except where he *lapses*; if not, he says anything at
    any site. symmetric: whether a lapse under a label of a round concerns all receivers alike, instead of each by
    himself. halts: whether he lapses in one round only, and says nothing after it.

    At a lapse, the general says any word or none if his mode lies (`faults.lies`), otherwise nothing.
    """

    runs_program: bool
    symmetric: bool
    halts: bool

    def concerns(self, receiver: General) -> General:
        """The receiver that a choice about this receiver affects: only this one, or `EVERYONE`."""
        return EVERYONE if self.symmetric else receiver


SEMANTICS: Mapping[Fault, FailureSemantics] = {
    Fault.BYZANTINE: FailureSemantics(runs_program=False, symmetric=False, halts=False),
    Fault.SYMMETRIC: FailureSemantics(runs_program=True, symmetric=True, halts=False),
    Fault.OMISSION: FailureSemantics(runs_program=True, symmetric=False, halts=False),
    Fault.CRASH: FailureSemantics(runs_program=True, symmetric=False, halts=True),
    Fault.MANIFEST: FailureSemantics(runs_program=True, symmetric=True, halts=False),
}
"""The table, with a row for each mode."""


def runs_program(mode: Fault | None) -> bool:
    """Whether a general says what his program says, apart from lapses. mode: his fault mode; None if he is loyal."""
    return mode is None or SEMANTICS[mode].runs_program
