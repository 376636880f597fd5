"""Verdicts and runs on a terminal. `rendering/attack/story.py` prints attacks."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from byzverify.catalogue import library
from byzverify.errors import counted
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.questions.verdict import Proved, Refuted, Smallness, Unknown
from byzverify.rendering.verdict.asked import looked_at, question
from byzverify.scenario.wording import decided, fault

if TYPE_CHECKING:
    from byzverify.catalogue.configurations import Exhibit
    from byzverify.certificates.certifying import Certified, CertifiedImpossible
    from byzverify.simulation.judging import Replay

STYLES = {"proved": "bold green", "refuted": "bold red", "unknown": "bold yellow"}


def print_verdict(console: Console, verdict: Proved | Refuted | Unknown) -> None:
    """Print the verdict, the verdict of each condition, what was looked at, and the attack if there is one."""
    word = type(verdict).__name__.lower()
    console.print(Text(word.upper(), STYLES[word]), Text(question(verdict.model, verdict.faults)))
    for known in verdict.conditions:
        line = Text.assemble("  ", (f"{known.verdict:8}", STYLES[known.verdict]), f" {known.condition.name}: ")
        line.append(known.condition.statement)
        if known.remark:
            line.append(f" ({known.remark})", STYLES["unknown"])
        console.print(line)
    _print_unasked(console, verdict)
    console.print(Text(looked_at(verdict), "dim"))
    if verdict.evidence.asymmetry:
        console.print(Text(f"every set of traitors was checked separately: {verdict.evidence.asymmetry}", "dim"))
    if isinstance(verdict, Proved) and verdict.certificate is not None:
        command = f"byzverify certify {shlex.quote(str(verdict.certificate))}"
        console.print(Text(f"certificate in {verdict.certificate}; check it with: {command}"))
    if isinstance(verdict, Refuted):
        _print_refuted(console, verdict)


def _print_refuted(console: Console, verdict: Refuted) -> None:
    from byzverify.questions.unsolvable import command, no_protocol_can
    from byzverify.rendering.attack.caveats import hints
    from byzverify.rendering.attack.story import print_attack

    console.print()
    print_attack(console, verdict.replay)
    _print_size(console, verdict)
    if no_protocol_can(verdict):
        console.print(Text(f"no protocol without signatures can withstand this: {command(verdict)}"))
    for hint in hints(verdict.replay):
        console.print(Text(f"hint: {hint}", STYLES["unknown"]))
    shown = [judgement.condition for judgement in verdict.replay.violated]
    for known in verdict.conditions:
        if known.verdict == "refuted" and known.condition not in shown:
            elsewhere = f"{known.condition.name} fails in another attack, which is not shown"
            how = f"ask for it with --condition {shlex.quote(known.condition.name)}"
            console.print(f"{elsewhere}; {how}", style="dim")


def _print_unasked(console: Console, verdict: Proved | Refuted | Unknown) -> None:
    """Say which conditions are not asked about."""
    asked = [known.condition for known in verdict.conditions]
    left_out = [condition.name for condition in verdict.model.problem.conditions if condition not in asked]
    if left_out:
        console.print(Text(f"  not asked about: {', '.join(left_out)}", STYLES["unknown"]))


def _print_size(console: Console, verdict: Refuted) -> None:
    """Say what is known about smaller attacks."""
    known = verdict.smallness
    if known is None:
        if not verdict.shrunk:
            console.print("some lies may be unnecessary: the attack is shown as it was found", style="dim")
        return
    lies = counted(known.lies, "lie")
    if known.minimal:
        console.print(Text(f"no attack is smaller: none has fewer traitors, and of these none has fewer than {lies}"))
    else:
        _print_bounds(console, known)
    if known.stopped:
        console.print(Text(f"the search ended: {known.stopped}", "dim"))


def _print_bounds(console: Console, known: Smallness) -> None:
    traitors = "no attack has fewer traitors" if known.fewest_traitors else "fewer traitors may be enough"
    at_least = f"; with so many, {counted(known.lower_bound, 'lie')} at least are needed" if known.lower_bound else ""
    console.print(Text(f"the smallest attack found, not proved to be: {traitors}{at_least}"))


def print_certified(console: Console, found: Certified) -> None:
    """Print what a certificate shows."""
    console.print(Text("CERTIFIED", STYLES["proved"]), Text(question(found.model, found.faults)))
    for name, cases in found.conditions.items():
        line = Text(f"  {name}: {counted(cases, 'case')}")
        if name in found.remarks:
            line.append(f" ({found.remarks[name]})", STYLES["unknown"])
        console.print(line)
    clauses = f"{counted(found.clauses, 'clause')}, refuted in {counted(found.steps, 'step')}"
    console.print(f"{clauses}; {counted(found.simulated, 'simulated run')} agree", style="dim")


def print_certified_impossible(console: Console, found: CertifiedImpossible) -> None:
    """Print what a chain of executions or a cover shows."""
    console.print(Text.assemble(("ACCEPTED", STYLES["proved"]), f": {found.statement}"), soft_wrap=True)


def print_run(console: Console, replay: Replay) -> None:
    """Print a simulated run: each general's decision and tally, then whether the conditions hold."""
    from byzverify.rendering.attack.story import print_judgements

    run = replay.run
    for general, decision in sorted(run.decisions.items()):
        votes = Counter(vote.name for vote in (decision.votes if isinstance(decision, Order) else ()))
        role = f", {fault(run.faults[general])}" if general in run.faults else ""
        console.print(f"General {general}: {votes.most_common()}", end="", highlight=False)
        console.print(f"  decides {decided(decision)}{role}", style="dim" if role else None, highlight=False)
    console.print(
        f"{counted(run.messages, 'order')} sent in {counted(run.rounds, 'round')}", style="dim", highlight=False
    )
    print_judgements(console, replay)


def print_models(console: Console, models: Iterable[tuple[str, type[Protocol]]]) -> None:
    """Print what can be checked, each with its published claim."""
    from rich.table import Table

    from byzverify.rendering.attack.story import keep_words

    table = Table("model", "problem", "published claim", box=None, pad_edge=False)
    for name, model in models:
        table.add_row(Text(name, "bold"), model.problem.name, model.claim)
    keep_words(table)
    console.print(table)


def print_exhibits(console: Console, exhibits: Iterable[Exhibit]) -> None:
    """Print the museum's catalogue."""
    listed = list(exhibits)
    width = max(len(exhibit.name) for exhibit in listed) + 2
    for exhibit in listed:
        asked = exhibit.mistake.command().removeprefix("byzverify check ")
        console.print(Text.assemble((exhibit.name.ljust(width), "bold"), exhibit.title))
        console.print(Text(" " * width + "falls at " + asked, "dim"))
    console.print("run one with: byzverify museum EXHIBIT", style="dim")


def print_exhibit(console: Console, exhibit: Exhibit, mistake: Refuted, repair: Proved) -> None:
    """Print one exhibit: the mistake and where it comes from, its attack, and its repair."""
    console.print(Text(exhibit.title, "bold"))
    console.print(Text(" ".join(exhibit.story.split())))
    console.print(Text(" ".join(f"Source: {exhibit.source}".split()), "dim"))
    console.print(Text(f"Program: {library.file_of(exhibit.mistake.model)}", "dim"))
    console.print(Text(f"\n$ {exhibit.mistake.command()}", "dim"))
    print_verdict(console, mistake)
    console.print(Text.assemble("\n", ("REPAIR ", "bold"), exhibit.repaired))
    console.print(Text(f"$ {exhibit.repair.command()}", "dim"))
    print_verdict(console, repair)
