"""A conformance test on a terminal: a line for each step, and under it what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from byzverify.errors import counted, printable
from byzverify.nodes.conformance import Grade, StepResult

MARKS = {Grade.RIGHT: ("✓", "bold green"), Grade.WRONG: ("✗", "bold red"), Grade.DIFFERS: ("!", "bold yellow")}


def print_conformance(console: Console, findings: Iterable[StepResult], model: str) -> bool:
    """Print each step when it is done, and the overall result. Returns whether nothing is wrong."""
    grades: list[Grade] = []
    told: set[tuple[str, ...]] = {()}
    for finding in findings:
        print_finding(console, finding, again=finding.lines in told)
        told.add(finding.lines)
        grades.append(finding.grade)
    wrong, differs = grades.count(Grade.WRONG), grades.count(Grade.DIFFERS)
    if wrong:
        console.print(f"{wrong} of {counted(len(grades), 'step')} wrong")
    elif differs:
        differ = "differs" if differs == 1 else "differ"
        console.print(f"nothing is wrong, and {differs} of {counted(len(grades), 'step')} {differ} from {model}:")
        console.print(
            "a mistake if the program is meant to play this protocol, and correct if it is meant to play another one"
        )
    else:
        console.print(f"all {len(grades)} steps right")
    return not wrong


def print_finding(console: Console, finding: StepResult, *, again: bool) -> None:
    """Print one step, and under it what was expected and what came, unless that was printed before."""
    mark, style = MARKS[finding.grade]
    console.print(Text.assemble((mark, style), f" {finding.step}{': as above' if again and finding.lines else ''}"))
    if again:
        return
    for line in finding.lines:
        console.print(f"    {printable(line)}")
    if finding.hint:
        console.print(f"    hint: {finding.hint}", style="dim")
