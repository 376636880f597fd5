"""The function `solvable`: is there any protocol for a problem?

A chain or a cover is accepted only by the checker that shares no code with the search. A protocol is solved only if
`check` proves it. What is neither is unknown. This module decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import monotonic

from byzverify.certificates import checking_impossibility, impossibility_file
from byzverify.crosscheck.examining import Effort
from byzverify.engines.solvability import deciding
from byzverify.engines.solvability.freedom import Freedom, freedom
from byzverify.engines.solvability.settings import Ground
from byzverify.errors import Interrupted, ReplayMismatch, Stopped, UsageError, counted
from byzverify.files.saving import demand_permission, demand_place, demand_protocol_file, write
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.questions.existence import ExistenceQuestion, ExistenceVerdict, FoundProtocol, question_of
from byzverify.questions.proposing import KnownRules, is_likely
from byzverify.questions.question import Progress, in_silence
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
    for approximate agreement of orders 0 and 1, how far apart decisions may be. timeout: seconds after which the search
    ends; a protocol that is proved by then is not lost. save: a file for the protocol, whose name ends in .py.
    certificate: a file for the chain or the cover, which `certify` checks. effort: how many simulated runs the proof of
    the protocol is compared with. progress: called with a line about each step.

    Raises UsageError for what does not exist or fit, ReplayMismatch if the independent checker refuses what was found:
    that is a bug. Sources: Fischer, Lynch & Merritt 1986; Dolev & Strong 1983; Dwork & Moses 1990.
    """
    question_begins()
    given = {"rounds": rounds, "problem": problem, "graph": graph, "commander": commander, "signed": signed}
    question = question_of(n, traitors, **given, epsilon=epsilon)  # type: ignore[arg-type]
    _demand_files(save, certificate)
    began = monotonic()
    verdict = _Solving(question, Limit.within(timeout), progress, effort).verdict()
    return replace(_kept(verdict, save, certificate), seconds=monotonic() - began)


def _demand_files(save: str | Path | None, certificate: str | Path | None) -> None:
    """Raise UsageError if one of these files cannot be written, before any work is done."""
    given = [(name, path) for name, path in (("save", save), ("certificate", certificate)) if path is not None]
    for name, path in given:
        if not isinstance(path, str | Path):
            raise UsageError(f"{name} is the path of a file, not {path!r}")
        demand_place(Path(path))
        demand_permission(Path(path))
    if save is not None:
        demand_protocol_file(Path(save))


def _kept(verdict: ExistenceVerdict, save: str | Path | None, certificate: str | Path | None) -> ExistenceVerdict:
    """The verdict with its files written."""
    if save is not None and verdict.found is not None:
        write(Path(save), verdict.found.text)
        verdict = replace(verdict, found=replace(verdict.found, saved=Path(save)))
    if certificate is not None and verdict.impossible is not None:
        write(Path(certificate), impossibility_file.text(verdict.impossible))
        verdict = replace(verdict, certificate=Path(certificate))
    return verdict


FIRST = 60.0
"""How many seconds the check of a protocol may take before chains are searched, without a time limit; it is tried again
later. With a time limit, it may take three quarters of it.
"""


class _Solving:
    """The way from a question to a verdict.

    found: a protocol, so far with the fewest rounds. below, ruled_out: what rules out so many rounds. open: greater
    numbers of rounds, for which neither was found.
    """

    def __init__(self, question: ExistenceQuestion, limit: Limit, progress: Progress, effort: Effort) -> None:
        self.question = question
        self.setting = question.setting
        self.limit = limit
        self.progress = progress
        self.rules = KnownRules(effort, progress)
        self.found: FoundProtocol | None = None
        self.below: deciding.RuledOut | None = None
        self.ruled_out = 0
        self.open: list[int] = []

    def verdict(self) -> ExistenceVerdict:
        """Look for an impossibility and a protocol. Raises ReplayMismatch if one of them turns out to be wrong."""
        try:
            return self._asked() if self.setting.rounds else self._least()
        except Stopped as stop:
            return self._stopped(stop)

    def _stopped(self, stop: Stopped) -> ExistenceVerdict:
        """The verdict if the search is ended: what is proved is not lost."""
        if self.found is not None:
            exit_code = stop.exit_code if isinstance(stop, Interrupted) else 0
            return replace(self._solved(self.found), reason=str(stop), exit_code=exit_code)
        covered = self._covered() if self.setting.rounds else None
        return covered or self._unknown(str(stop), stop.exit_code)

    def _asked(self) -> ExistenceVerdict:
        answer = self._at(self.setting)
        if isinstance(answer, FoundProtocol):
            return self._solved(answer)
        if answer.chain is not None:
            return self._no_protocol(answer.chain, answer.shortest)
        return self._covered() or self._nothing_found(answer)

    def _least(self) -> ExistenceVerdict:
        covered = self._covered()
        if covered is not None:
            return covered
        self.found = self._bound()
        for rounds in range(1, self.found.rounds if self.found else self.setting.n + 1):
            answer = self._at(replace(self.setting, rounds=rounds))
            if isinstance(answer, FoundProtocol):
                self.found = answer
                break
            self._note(rounds, answer)
        if self.found is not None:
            return self._solved(self.found)
        if not self.open:
            return self._unknown(f"more than {counted(self.setting.n, 'round')} were not looked at")
        return self._unknown("no protocol was found that a check proves")

    def _note(self, rounds: int, searched: deciding.RuledOut) -> None:
        """Record what a search for a chain found where no protocol was found."""
        if searched.chain is not None:
            self.below, self.ruled_out, self.open = searched, rounds, []
        else:
            self.open.append(rounds)

    def _bound(self) -> FoundProtocol | None:
        """A protocol with as many rounds as are known to be enough. It comes first, since long chains take longer."""
        settings = (replace(self.setting, rounds=rounds) for rounds in range(1, self.setting.n + 1))
        enough = next(filter(is_likely, settings), None)
        seconds = self.limit.seconds()
        first = Limit.within(FIRST if seconds is None else seconds * 3 / 4)
        return None if enough is None else self._proved(enough, first)

    def _at(self, setting: Setting) -> FoundProtocol | deciding.RuledOut:
        """What is found for the number of rounds of this setting."""
        found = self._proved(setting, self.limit) if is_likely(setting) else None
        searched = deciding.RuledOut() if found else self._searched(setting)
        if searched.chain is None and not is_likely(setting):
            found = self._proved(setting, self.limit)
        return found or searched

    def _proved(self, setting: Setting, limit: Limit) -> FoundProtocol | None:
        return self.rules.proved(setting, self.question.epsilon or Fraction(0), limit)

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

    def _solved(self, found: FoundProtocol) -> ExistenceVerdict:
        """The verdict with a protocol, and with how many rules do the same."""
        asked = self.setting.rounds
        setting = replace(self.setting, rounds=asked or found.rounds)
        verdict = ExistenceVerdict(
            self.question,
            "solvable",
            found=replace(found, freedom=self._freedom(setting)),
            open=() if asked else tuple(range(self.ruled_out + 1, found.rounds)),
            exit_code=0,
        )
        return self._with_shown(verdict)

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
        return None if found is None else self._no_protocol(found, shortest=isinstance(found, RunChain))

    def _no_protocol(self, shown: RunChain | DoubleCover, shortest: bool) -> ExistenceVerdict:
        """Without an epsilon that was asked about, an approximate protocol is ruled out only below some epsilon."""
        verdict = ExistenceVerdict(self.question, "impossible", shown, shortest, exit_code=1)
        steps = len(shown.witnesses) - 1
        if self.setting.problem == "approximate" and self.question.epsilon is None and steps > 0:
            verdict = self._least_epsilon(replace(verdict, epsilon=Fraction(1, steps)), Fraction(1, steps))
        return self._with_shown(verdict)

    def _least_epsilon(self, verdict: ExistenceVerdict, epsilon: Fraction) -> ExistenceVerdict:
        """The verdict where everything below this epsilon is ruled out: is there a protocol for it?"""
        try:
            found = self.rules.proved(self.setting, epsilon, self.limit)
        except Stopped:
            found = None
        if found is not None:
            return replace(verdict, verdict="solvable", found=found, exit_code=0)
        reason = self._because(f"no protocol within {epsilon} was found that a check proves")
        return replace(verdict, verdict="unknown", reason=reason, exit_code=Stopped.exit_code)

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
        why = self._because(reason)
        found = ExistenceVerdict(self.question, "unknown", reason=why, open=tuple(self.open), exit_code=exit_code)
        return self._with_shown(found)

    def _because(self, reason: str) -> str:
        """Why nothing is known, with the checks that did not end."""
        return "; ".join([reason, *dict.fromkeys(self.rules.reasons)])


def by_commander(setting: Setting) -> list[Setting]:
    """The settings of which each rules the problem out: in interactive consistency, one about each general's order."""
    if setting.problem != "interactive" or is_complete(setting):
        return [setting]
    return [replace(setting, commander=general) for general in range(setting.n)]
