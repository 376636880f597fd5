"""Verdicts about every protocol on a terminal."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from byzverify.errors import counted
from byzverify.exporters.protocols.writing import check_option
from byzverify.language.faults import Budget, Fault, budget_of
from byzverify.questions.existence import ExistenceVerdict, FoundProtocol
from byzverify.rendering.verdict.text import STYLES
from byzverify.scenario.impossibility import DoubleCover, RunChain

LOOKS = {"impossible": STYLES["refuted"], "solvable": STYLES["proved"], "unknown": STYLES["unknown"]}

SHORT = 10
"""Powers of two up to this exponent are printed as numbers."""

MOST_SHOWN = 8
"""The most executions or scenes that are printed with a verdict."""

TOO_LONG = "too long to be printed here"

PROBLEMS = {
    "broadcast": "broadcast",
    "consensus": "consensus",
    "interactive": "interactive consistency",
    "crusader": "crusader agreement",
    "graded": "graded broadcast",
    "approximate": "approximate agreement",
}


def print_existence(console: Console, verdict: ExistenceVerdict) -> None:
    """Print the verdict, what it is about, and what shows it."""
    console.print(Text(verdict.verdict.upper(), LOOKS[verdict.verdict]), Text(_about(verdict)))
    if verdict.reason is not None and verdict.found is None:
        console.print(Text(f"  {verdict.reason}", STYLES["unknown"]))
    if verdict.found is not None:
        _print_protocol(console, verdict.found, verdict.question.setting.faults)
    if verdict.impossible is not None:
        _print_impossible(console, verdict, verdict.impossible)
    if still_open := _open(verdict):
        console.print(Text(f"  open: {still_open}", STYLES["unknown"]))
    console.print(Text(f"{verdict.seconds:.2f} s", "dim"))
    if verdict.verdict == "impossible" and verdict.impossible is not None:
        _print_why(console, verdict.impossible, verdict.certificate)


def _print_why(console: Console, found: RunChain | DoubleCover, certificate: Path | None) -> None:
    """Print the whole argument if it is short. certificate: its file, if it was written."""
    from byzverify.rendering.impossibility.printed import print_impossibility

    if len(found.witnesses) < MOST_SHOWN:
        console.print()
        print_impossibility(console, found)
    elif certificate is None:
        console.print(Text(f"{TOO_LONG}: add --certificate FILE, and then byzverify explain FILE", "dim"))
    else:
        console.print(Text(f"{TOO_LONG}: byzverify explain {shlex.quote(str(certificate))}", "dim"))


def parts_of(found: RunChain | DoubleCover) -> str:
    """How many executions or scenes there are, in words."""
    return counted(len(found.witnesses) + 1, "scene" if isinstance(found, DoubleCover) else "execution")


def _about(verdict: ExistenceVerdict) -> str:
    within = verdict.rounds
    time = "" if verdict.verdict == "unknown" and within is None else f" in {rounds(within)}"
    least = verdict.found is not None and verdict.question.setting.rounds is None and not verdict.open
    return asked(verdict) + time + (", and in no fewer" if least and within != 1 else "")


def asked(verdict: ExistenceVerdict) -> str:
    """What a verdict is about, without the number of rounds."""
    question, setting = verdict.question, verdict.question.setting
    graph = "" if question.graph is None else f" on {question.graph}"
    commander = f" with commander {setting.commander}" if setting.commander and setting.problem != "interactive" else ""
    signed = ", signed messages" if setting.signed else ""
    what = f"{PROBLEMS[setting.problem]}{_within(verdict)} among {counted(setting.n, 'general')}"
    return f"{what}{graph}{commander}{signed}, {at_most(setting.faults)}"


def _within(verdict: ExistenceVerdict) -> str:
    """How far apart approximate decisions may be, in words."""
    if verdict.question.epsilon is not None:
        return f" within {verdict.question.epsilon}"
    return f" within {verdict.epsilon}" if verdict.epsilon is not None and verdict.found else ""


def at_most(faults: Budget) -> str:
    """How many generals may fail, in words."""
    if set(faults) <= {Fault.BYZANTINE}:
        return f"at most {counted(faults.get(Fault.BYZANTINE, 0), 'traitor')}"
    parts = [f"{number} {mode.value}" for mode, number in faults.items()]
    return f"at most {' and '.join(parts)} fault{'' if sum(faults.values()) == 1 else 's'}"


def _open(verdict: ExistenceVerdict) -> str:
    """About which numbers of rounds, or which epsilon, nothing is known; empty if there are none."""
    if not verdict.open:
        return f"whether decisions can be within {verdict.epsilon}" if verdict.epsilon and not verdict.found else ""
    least = min(verdict.open)
    if verdict.found is None:
        return f"whether {least} rounds or more are enough" if least > 1 else "whether any number of rounds is enough"
    fewer = counted(least, "round") if least == max(verdict.open) else f"{least} to {max(verdict.open)} rounds"
    return f"whether {fewer} would be enough" + ("" if verdict.reason is None else f" ({verdict.reason})")


def rounds(number: int | None) -> str:
    """A number of rounds in words."""
    return "any number of rounds" if number is None else counted(number, "round")


def _print_protocol(console: Console, found: FoundProtocol, faults: Budget) -> None:
    console.print(Text(f"  the rule: {found.rule}"))
    console.print(Text("  proved by check", STYLES["proved"]), Text(f"({found.checked.seconds:.2f} s)", "dim"))
    if found.freedom is not None:
        console.print(Text(f"  {_freedom(found)}"))
    if found.saved is not None:
        by_default = budget_of(getattr(found.checked.model, "m", 0))
        option = "" if faults == by_default else check_option(faults)
        command = f"byzverify check {shlex.quote(str(found.saved))}{option}"
        console.print(Text(f"  saved in {found.saved}; check it with: {command}"))


def _freedom(found: FoundProtocol) -> str:
    freedom = found.freedom
    assert freedom is not None
    views = f"{counted(freedom.views, 'view')} to decide on"
    if freedom.free == 0:
        return f"no other rule solves it ({views})"
    rules, alike = _power(freedom.free), _power(freedom.alike)
    return f"{rules} rules solve it, {alike} of which treat generals alike ({views})"


def _power(exponent: int) -> str:
    return str(2**exponent) if exponent <= SHORT else f"2^{exponent}"


def _print_impossible(console: Console, verdict: ExistenceVerdict, shown: RunChain | DoubleCover) -> None:
    """Print what shows the impossibility. It is what the verdict says, or it is about fewer rounds."""
    time = rounds(shown.setting.rounds)
    less = f"within less than {verdict.epsilon}" if verdict.epsilon else f"in {time}"
    lead = "  " if verdict.verdict == "impossible" else f"  impossible {less}: "
    console.print(Text(f"{lead}{_shape(verdict, shown)}; an independent checker accepts it"))
    if verdict.certificate is not None:
        where = shlex.quote(str(verdict.certificate))
        fewer = f" (that {time} are too few)" if verdict.verdict == "solvable" else ""
        about = f" (that nothing {less} is possible)" if verdict.epsilon else fewer
        console.print(Text(f"  certificate{about} in {where}; check it with: byzverify certify {where}"))


def _shape(verdict: ExistenceVerdict, shown: RunChain | DoubleCover) -> str:
    if isinstance(shown, DoubleCover):
        return f"a double cover of the network, with {counted(len(shown.scenes), 'scene')}"
    none = ", and none is shorter" if verdict.shortest else ""
    return f"a chain of {counted(len(shown.runs), 'execution')}{none}"
