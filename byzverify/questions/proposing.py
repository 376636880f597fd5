"""Protocols for a problem: which of the known rules does a check prove?

Each rule is written out as a file, loaded and checked, as a user would do it. This module must not know how it is shown
that there is no protocol.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from byzverify.catalogue import library
from byzverify.crosscheck.examining import Effort
from byzverify.errors import ReplayMismatch, Vacuous
from byzverify.exporters.protocols.candidates import candidates
from byzverify.exporters.protocols.writing import Proposal
from byzverify.language.conditions import Problem
from byzverify.language.faults import lies
from byzverify.language.gathering import Path as TreePath
from byzverify.language.gathering import Rule, Tree
from byzverify.language.messages import General, Inbox, Label
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order
from byzverify.limits import Limit
from byzverify.questions.existence import FoundProtocol
from byzverify.questions.pipeline import check
from byzverify.questions.question import Progress
from byzverify.questions.unsolvable import NAMES
from byzverify.questions.verdict import Proved, Unknown
from byzverify.scenario.impossibility import Setting, is_complete


@dataclass
class KnownRules:
    """The rules of the literature, each tried by a check.

    effort: how many simulated runs each proof is compared with. reasons: why checks did not end.
    """

    effort: Effort
    progress: Progress
    reasons: list[str] = field(default_factory=list)

    def proved(self, setting: Setting, epsilon: Fraction, limit: Limit) -> FoundProtocol | None:
        """The first protocol for the setting that a check proves.

        epsilon: how far apart approximate decisions may be. limit: how long that may take.
        """
        for proposal in candidates(setting, epsilon):
            self.progress(f"trying this rule: {proposal.rule}")
            found = self._checked(setting, proposal, limit)
            if found is not None:
                return found
        return None

    def _checked(self, setting: Setting, proposal: Proposal, limit: Limit) -> FoundProtocol | None:
        """The protocol, if a check proves it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "found.py"
            path.write_text(proposal.text, encoding="utf-8")
            model = library.build(library.find(f"{path}:Found", anew=True), {})
            try:
                verdict = check(
                    model, setting.faults, timeout=limit.seconds(), effort=self.effort, progress=self.progress
                )
            except Vacuous:
                return None
            if isinstance(verdict, Unknown):
                self.reasons.append(f"the check of a protocol did not end ({verdict.reason}): {proposal.rule}")
            if not isinstance(verdict, Proved):
                return None
            rounds = demand_fit(model, proposal.text, setting)
        return FoundProtocol(proposal.rule, proposal.text, rounds, verdict)


def is_likely(setting: Setting) -> bool:
    """Whether a protocol is probably known from the literature; then it is tried before a search is made."""
    total = sum(setting.faults.values())
    unsigned_lies = any(map(lies, setting.faults)) and not setting.signed
    return is_complete(setting) and (setting.rounds or 0) > total and (not unsigned_lies or setting.n > 3 * total)


def _stronger(setting: Setting) -> str:
    """A problem of which each solution is one of the setting's problem: approximate agreement may be exact."""
    exact = "consensus" if setting.commander is None else "broadcast"
    return exact if setting.problem == "approximate" else setting.problem


APPROXIMATE = "approximate agreement"
"""What a file calls the problem in which decisions are steps."""


def demand_fit(model: Protocol, text: str, setting: Setting) -> int:
    """How many rounds a protocol takes. Raises ReplayMismatch if it is not one for the setting: a proof would be of
    something else.

    text: the protocol's file. The commander is general 0 in it, and general 0 is the commander.
    """
    moved = {setting.commander or 0: 0, 0: setting.commander or 0}
    edges = {frozenset(moved.get(general, general) for general in edge) for edge in setting.edges}
    linked = {frozenset(pair) for pair in combinations(range(model.n), 2) if model.linked(*pair)}
    rounds = rounds_of(model)
    fits = {
        "number of generals": model.n == setting.n,
        "network": linked == edges,
        "problem": _name_of(model.problem) in (setting.problem, _stronger(setting)),
        "number of rounds": setting.rounds is None or rounds <= setting.rounds,
        "kind of messages": setting.signed or "sign(" not in text,
    }
    wrong = [name for name, right in fits.items() if not right]
    if wrong:
        raise ReplayMismatch(f"a protocol was written for another {' and '.join(wrong)} than was asked about")
    return rounds


def _name_of(problem: Problem) -> str | None:
    """The name of a problem of the language; a file of approximate agreement makes its problem itself."""
    return "approximate" if problem.name == APPROXIMATE else NAMES.get(problem)


def rounds_of(model: Protocol) -> int:
    """How many rounds a protocol takes. A program knows no order while it runs, so silence makes it no shorter."""
    starters = model.problem.starters(model.n)
    seats = [Seat(model.seen_by(me), me, model.orders[0] if me in starters else None) for me in model.generals]
    for seat in seats:
        while seat.decision is None:
            seat.advance(_Silence())
    return max(seat.round for seat in seats) - 1


class _Silence(Inbox):
    """Nothing arrives. So a tree, however large it is, has one value."""

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        return default

    def resolved(self, tree: Tree, rule: Rule, path: TreePath) -> Order:
        return ABSENT
