"""The function `solvable`: is there any protocol for a problem?

A chain or a cover is accepted only by the checker that shares no code with the search. A protocol is solved only if
`check` proves it. What is neither is unknown. This module decides nothing itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from time import monotonic

from byzverify.catalogue import library
from byzverify.certificates import checking_impossibility, impossibility_file
from byzverify.crosscheck.examining import Effort
from byzverify.engines.solvability import deciding
from byzverify.engines.solvability.freedom import Freedom, freedom
from byzverify.engines.solvability.settings import Ground
from byzverify.errors import ReplayMismatch, Stopped, Vacuous, counted
from byzverify.exporters.protocols.candidates import candidates
from byzverify.exporters.protocols.writing import Proposal
from byzverify.files.saving import demand_permission, demand_place, write
from byzverify.language.faults import Fault, lies
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.questions.existence import ExistenceQuestion, ExistenceVerdict, FoundProtocol, question_of
from byzverify.questions.pipeline import check
from byzverify.questions.question import Progress, in_silence
from byzverify.questions.simulating import simulate
from byzverify.questions.unsolvable import NAMES
from byzverify.questions.verdict import Proved, Unknown
from byzverify.scenario.impossibility import DoubleCover, RunChain, Setting, is_complete


def solvable(
    n: int | None = None,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] = 1,
    *,
    rounds: int | None = None,
    problem: str = "broadcast",
    graph: str | None = None,
    commander: General | None = None,
    signed: bool = False,
    epsilon: Fraction | float | str | None = None,
    timeout: float | None = None,
    save: str | Path | None = None,
    certificate: str | Path | None = None,
    effort: Effort = Effort(),  # noqa: B008, it is frozen
    progress: Progress = in_silence,
) -> ExistenceVerdict:
    """Whether any deterministic protocol solves a problem, whatever it does.

    n: the number of generals; by default that of the graph. traitors: how many may be byzantine, or how many may fail
    in each mode. rounds: how many a protocol may take; None asks for the least number. problem: `broadcast`,
    `consensus`, `interactive`, `crusader`, `graded` or `approximate`. graph: who can send to whom, as for a model; by
    default everyone to everyone. commander: who starts with the order. signed: whether messages are signed. epsilon:
    for approximate agreement of orders 0 and 1, how far apart decisions may be. timeout: seconds after which the answer
    is unknown. save: a file for the protocol. certificate: a file for the chain or the cover, which `certify` checks.
    effort: how many simulated runs the proof of the protocol is compared with. progress: called with a line about each
    step.

    Raises UsageError for what does not exist or fit, ReplayMismatch if the independent checker refuses what was found:
    that is a bug. Sources: Fischer, Lynch & Merritt 1986; Dolev & Strong 1983; Dwork & Moses 1990.
    """
    question_begins()
    given = {"rounds": rounds, "problem": problem, "graph": graph, "commander": commander, "signed": signed}
    question = question_of(n, traitors, **given, epsilon=epsilon)  # type: ignore[arg-type]
    for path in (save, certificate):
        if path is not None:
            demand_place(Path(path))
            demand_permission(Path(path))
    began = monotonic()
    verdict = _Solving(question, Limit.within(timeout), progress, effort).verdict()
    return replace(_kept(verdict, save, certificate), seconds=monotonic() - began)


def _kept(verdict: ExistenceVerdict, save: str | Path | None, certificate: str | Path | None) -> ExistenceVerdict:
    """The verdict with its files written."""
    if save is not None and verdict.found is not None:
        write(Path(save), verdict.found.text)
        verdict = replace(verdict, found=replace(verdict.found, saved=Path(save)))
    if certificate is not None and verdict.impossible is not None:
        write(Path(certificate), impossibility_file.text(verdict.impossible))
        verdict = replace(verdict, certificate=Path(certificate))
    return verdict


@dataclass(frozen=True)
class _Answer:
    """What is known for one number of rounds."""

    searched: deciding.RuledOut | None = None
    found: FoundProtocol | None = None


class _Solving:
    """The way from a question to a verdict."""

    def __init__(self, question: ExistenceQuestion, limit: Limit, progress: Progress, effort: Effort) -> None:
        self.question = question
        self.setting = question.setting
        self.limit = limit
        self.progress = progress
        self.effort = effort
        self.below: deciding.RuledOut | None = None
        self.open: list[int] = []
        self.reasons: list[str] = []

    def verdict(self) -> ExistenceVerdict:
        """Look for an impossibility and a protocol. Raises ReplayMismatch if one of them turns out to be wrong."""
        try:
            return self._asked() if self.setting.rounds else self._least()
        except Stopped as stop:
            found = self._covered() if self.setting.rounds else None
            return found or self._unknown(str(stop), stop.exit_code)

    def _asked(self) -> ExistenceVerdict:
        answer = self._at(self.setting)
        if answer.found is not None:
            return ExistenceVerdict(self.question, "solvable", found=answer.found, exit_code=0)
        searched = answer.searched or deciding.RuledOut()
        return self._impossible(searched) if searched.chain else self._covered() or self._nothing_found(searched)

    def _least(self) -> ExistenceVerdict:
        covered = self._covered()
        if covered is not None:
            return covered
        for rounds in range(1, self.setting.n + 1):
            answer = self._at(replace(self.setting, rounds=rounds))
            if answer.found is not None:
                return self._with_shown(
                    ExistenceVerdict(self.question, "solvable", found=answer.found, open=tuple(self.open), exit_code=0)
                )
            if answer.searched is not None and answer.searched.chain is not None:
                self.below, self.open = answer.searched, []
            else:
                self.open.append(rounds)
        if not self.open:
            return self._unknown(f"more than {counted(self.setting.n, 'round')} were not looked at")
        return self._unknown("no protocol was found that a check proves")

    def _at(self, setting: Setting) -> _Answer:
        """What is known for the number of rounds of this setting."""
        if is_likely(setting) and (found := self._proposed(setting)):
            return _Answer(found=found)
        searched = self._searched(setting)
        if searched.chain is not None or is_likely(setting):
            return _Answer(searched)
        return _Answer(searched, self._proposed(setting))

    def _searched(self, setting: Setting) -> deciding.RuledOut:
        """What a search for a chain finds. In interactive consistency, it may be about the order of any general."""
        self.progress(f"is it possible in {setting.rounds} round{'s' * (setting.rounds != 1)}?")
        exhausted = True
        longest = deciding.longest(setting.problem, self.question.epsilon)
        for _, decided in deciding.decide(by_commander(setting), longest, self.limit, self.progress):
            if decided.chain is not None:
                return replace(decided, shortest=decided.shortest and setting.problem != "interactive")
            exhausted &= decided.exhausted
        return deciding.RuledOut(exhausted=exhausted)

    def _proposed(self, setting: Setting, epsilon: Fraction = Fraction(0)) -> FoundProtocol | None:
        """A protocol from the literature that a check proves. epsilon: how far apart approximate decisions may be."""
        for proposal in candidates(setting, self.question.epsilon or epsilon):
            self.progress(f"trying this rule: {proposal.rule}")
            found = self._proved(setting, proposal)
            if found is not None:
                return found
        return None

    def _proved(self, setting: Setting, proposal: Proposal) -> FoundProtocol | None:
        """The protocol, if a check proves it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "found.py"
            path.write_text(proposal.text, encoding="utf-8")
            model = library.build(library.find(f"{path}:Found", anew=True), {})
            demand_fit(model, proposal.text, setting)
            try:
                verdict = check(
                    model, setting.faults, timeout=self.limit.seconds(), effort=self.effort, progress=self.progress
                )
            except Vacuous:
                return None
        if isinstance(verdict, Unknown):
            self.reasons.append(f"the check of a protocol did not end ({verdict.reason}): {proposal.rule}")
        if not isinstance(verdict, Proved):
            return None
        return FoundProtocol(proposal.rule, proposal.text, setting.rounds or 0, verdict, self._freedom(setting))

    def _freedom(self, setting: Setting) -> Freedom | None:
        byzantine = set(setting.faults) <= {Fault.BYZANTINE} and not setting.signed
        if not byzantine or setting.problem not in ("broadcast", "consensus") or setting.rounds is None:
            return None
        try:
            return freedom(Ground(setting, setting.rounds), setting.faults.get(Fault.BYZANTINE, 0), self.limit)
        except Stopped:
            return None

    def _covered(self) -> ExistenceVerdict | None:
        longest = deciding.longest(self.setting.problem, self.question.epsilon)
        every = (deciding.in_any_rounds(setting, longest) for setting in by_commander(self.setting))
        found = next((one for one in every if one is not None), None)
        if found is None:
            return None
        return self._with_shown(self._no_protocol(found, shortest=isinstance(found, RunChain)))

    def _impossible(self, searched: deciding.RuledOut) -> ExistenceVerdict:
        assert searched.chain is not None
        verdict = self._with_shown(self._no_protocol(searched.chain, searched.shortest))
        if verdict.epsilon is None or not searched.shortest:
            return verdict
        try:
            found = self._proposed(self.setting, verdict.epsilon)
        except Stopped:
            return verdict
        return verdict if found is None else replace(verdict, verdict="solvable", found=found, exit_code=0)

    def _no_protocol(self, shown: RunChain | DoubleCover, shortest: bool) -> ExistenceVerdict:
        """Without an epsilon that was asked about, an approximate protocol is ruled out only below some epsilon."""
        steps = len(shown.witnesses) - 1
        open_ended = self.setting.problem == "approximate" and self.question.epsilon is None and steps > 0
        epsilon = Fraction(1, steps) if open_ended else None
        return ExistenceVerdict(self.question, "impossible", shown, shortest, epsilon=epsilon, exit_code=1)

    def _with_shown(self, verdict: ExistenceVerdict) -> ExistenceVerdict:
        """The verdict with what the independent checker says of its chain or cover."""
        if verdict.impossible is None and self.below is not None:
            verdict = replace(verdict, impossible=self.below.chain, shortest=self.below.shortest)
        if verdict.impossible is None:
            return verdict
        self.progress("the independent checker reads what was found")
        try:
            return replace(verdict, shown=checking_impossibility.check(impossibility_file.text(verdict.impossible)))
        except ValueError as error:
            raise ReplayMismatch(f"the independent checker refuses what the search found: {error}") from None

    def _nothing_found(self, searched: deciding.RuledOut) -> ExistenceVerdict:
        if searched.exhausted:
            return self._unknown("no chain of executions rules it out, and no protocol was found that a check proves")
        return self._unknown("neither a chain of executions nor a protocol was found")

    def _unknown(self, reason: str, exit_code: int = Stopped.exit_code) -> ExistenceVerdict:
        whole = "; ".join([reason, *self.reasons])
        found = ExistenceVerdict(self.question, "unknown", reason=whole, open=tuple(self.open), exit_code=exit_code)
        return self._with_shown(found)


def is_likely(setting: Setting) -> bool:
    """Whether a protocol is probably known from the literature; then it is tried before a search is made."""
    total = sum(setting.faults.values())
    unsigned_lies = any(map(lies, setting.faults)) and not setting.signed
    return is_complete(setting) and (setting.rounds or 0) > total and (not unsigned_lies or setting.n > 3 * total)


def by_commander(setting: Setting) -> list[Setting]:
    """The settings of which each rules the problem out: in interactive consistency, one about each general's order."""
    if setting.problem != "interactive" or is_complete(setting):
        return [setting]
    return [replace(setting, commander=general) for general in range(setting.n)]


def _stronger(setting: Setting) -> str:
    """A problem of which each solution is one of the setting's problem: approximate agreement may be exact."""
    exact = "consensus" if setting.commander is None else "broadcast"
    return exact if setting.problem == "approximate" else setting.problem


def demand_fit(model: Protocol, text: str, setting: Setting) -> None:
    """Raise ReplayMismatch if a protocol is not one for the setting: a proof would be of something else.

    text: the protocol's file. The commander is general 0 in it, and general 0 is the commander.
    """
    moved = {setting.commander or 0: 0, 0: setting.commander or 0}
    edges = {frozenset(moved.get(general, general) for general in edge) for edge in setting.edges}
    linked = {frozenset(pair) for pair in combinations(range(model.n), 2) if model.linked(*pair)}
    rounds = simulate(model, {}, [model.orders[0].name]).run.rounds
    fits = {
        "number of generals": model.n == setting.n,
        "network": linked == edges,
        "problem": NAMES.get(model.problem, "approximate") in (setting.problem, _stronger(setting)),
        "number of rounds": setting.rounds is None or rounds <= setting.rounds,
        "kind of messages": setting.signed or "sign(" not in text,
    }
    wrong = [name for name, right in fits.items() if not right]
    if wrong:
        raise ReplayMismatch(f"a protocol was written for another {' and '.join(wrong)} than was asked about")
