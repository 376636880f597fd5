"""What is known of the holes of a sketch, on a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from byzverify.errors import counted
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from byzverify.questions.completing import MOST_FITS, told
from byzverify.questions.completion import Completion, FilledProtocol, SketchVerdict, Values
from byzverify.questions.fitting import CONSTANTS, FACTORS
from byzverify.rendering.verdict.asked import describe, question
from byzverify.rendering.verdict.existence import PROBLEMS, at_most
from byzverify.rendering.verdict.text import STYLES

LOOKS = {"found": STYLES["proved"], "none": STYLES["refuted"], "unknown": STYLES["unknown"]}


def print_completion(console: Console, found: Completion) -> None:
    """Print what fills the holes, what is known at each size, and what it took."""
    several = len(found.sizes) > 1
    about = f"{_sketch(found)}: {_headline(found)}"
    console.print(Text(found.verdict.upper(), LOOKS[found.verdict]), Text(about))
    for one in found.sizes:
        for line in _known(one, several):
            console.print(line)
    if several:
        for fit in found.fits:
            console.print(Text.assemble("  fits all: ", (told(fit), STYLES["proved"])))
    for name in found.sizes[0].idle:
        console.print(Text(f"  no program asks for the hole {name} here", "dim"))
    if found.saved is not None:
        _print_saved(console, found.saved, several)
    if found.verdict == "none":
        console.print(Text(f"  {_hint(found)}"))
    console.print(Text(_took(found), "dim"))


def _sketch(found: Completion) -> str:
    first = found.sizes[0]
    if len(found.sizes) == 1:
        return question(first.model, first.faults)
    return f"{describe(first.model).partition('(')[0]} at {counted(len(found.sizes), 'size')}"


def _headline(found: Completion) -> str:
    holes = " and ".join(found.sizes[0].choices)
    if len(found.sizes) == 1:
        return _at_one_size(found, holes)
    if found.verdict == "found":
        number = f"more than {MOST_FITS}" if found.more else str(len(found.fits))
        return f"{number} {'way' if number == '1' else 'ways'} to fill {holes} at all of them"
    if found.verdict == "unknown":
        return f"nothing is known yet to fit {holes} at all of them"
    if any(not one.possible for one in found.sizes):
        return f"no choice of {holes} fits this sketch at every one of them"
    few = f"a and b from {FACTORS[0]} to {FACTORS[-1]}, c from {CONSTANTS[0]} to {CONSTANTS[-1]}"
    return f"no sum a*n + b*m + c ({few}) fits {holes} at every one of them"


def _at_one_size(found: Completion, holes: str) -> str:
    only = found.sizes[0]
    number = counted(len(list(_everything(only))), "choice")
    if found.verdict == "found":
        return f"{len(only.proved)} of {number} {'is' if len(only.proved) == 1 else 'are'} proved"
    return f"no choice of {holes} fits this sketch" if found.verdict == "none" else f"none of {number} is proved yet"


def _everything(one: SketchVerdict) -> Iterator[Values]:
    yield from one.proved
    yield from one.broken
    yield from one.unknown


def _known(one: SketchVerdict, several: bool) -> Iterator[Text]:
    """What is known at one size, a line for each word."""
    lead = f"  {_sizes(one)}  " if several else "  "
    if one.proved or (several and not one.unknown):
        yield Text.assemble(lead, *([(_listed(one, one.proved), STYLES["proved"])] if one.proved else ["none"]))
    reasons: dict[str, list[Values]] = {}
    for values, reason in one.unknown.items():
        reasons.setdefault(reason, []).append(values)
    for reason, some in reasons.items():
        yield Text(f"{lead}unknown: {_listed(one, some)} ({reason})", STYLES["unknown"])


def _sizes(one: SketchVerdict) -> str:
    sizes = ", ".join(f"{name}={number}" for name, number in one.sizes.items())
    usual = one.faults == {Fault.BYZANTINE: one.sizes.get("m")}
    return sizes if usual else f"{sizes} with {at_most(one.faults)}"


def _listed(one: SketchVerdict, some: Iterable[Values]) -> str:
    names = list(one.choices)
    if len(names) == 1:
        return f"{names[0]} = {', '.join(str(values[0]) for values in some)}"
    return "; ".join(", ".join(f"{name} = {value}" for name, value in one.named(values).items()) for values in some)


def _print_saved(console: Console, saved: FilledProtocol, several: bool) -> None:
    for fit, sizes in saved.refuted:
        at = ", ".join(f"{name}={number}" for name, number in sizes.items())
        console.print(Text(f"  refuted by prove: {told(fit)}, at {at}", STYLES["refuted"]))
    console.print(Text(f"saved in {saved.path} with {told(saved.fit)}"))
    if saved.rechecked:
        console.print(Text(f"  proved again by check{' at each of these sizes' if several else ''}", STYLES["proved"]))
    everywhere = saved.everywhere
    if everywhere is not None and _proved_everywhere(saved):
        console.print(Text(f"  proved for every {everywhere.statement}", STYLES["proved"]))
    elif several:
        why = saved.reason or (everywhere.reason if everywhere is not None else None)
        verdict = "refuted" if everywhere is not None and everywhere.verdict == "refuted" else "unknown"
        console.print(Text(f"  at every size: {verdict}{f' ({why})' if why else ''}", STYLES[verdict]))
    elif saved.reason is not None:
        console.print(Text(f"  not checked again: {saved.reason}", STYLES["unknown"]))
    if _proved_everywhere(saved):
        console.print(Text(f"  see it with: byzverify prove {shlex.quote(str(saved.path))}"))


def _proved_everywhere(saved: FilledProtocol) -> bool:
    return saved.everywhere is not None and saved.everywhere.verdict == "proved"


def _hint(found: Completion) -> str:
    """Which question says whether another protocol could do it."""
    hopeless = next((one for one in found.sizes if not one.possible), None)
    if hopeless is None:
        return "other functions of n and m may fit: the values above are all that do at these sizes"
    problem = _problem(hopeless.model)
    if problem is None or {*hopeless.faults} != {Fault.BYZANTINE}:
        return "whether another program fits says `byzverify solvable`, if it knows the problem"
    graph = f" --graph {shlex.quote(hopeless.model.graph)}" if hopeless.model.graph else ""
    asked = f"-n {hopeless.model.n} -t {hopeless.faults[Fault.BYZANTINE]}{graph} --problem {problem}"
    return f"whether any protocol at all does it, says: byzverify solvable {asked}"


def _problem(model: Protocol) -> str | None:
    """The name by which `solvable` knows the problem of a sketch."""
    from byzverify.language import problems

    known = {
        "broadcast": problems.BYZANTINE_GENERALS,
        "consensus": problems.CONSENSUS,
        "interactive": problems.INTERACTIVE_CONSISTENCY,
        "crusader": problems.CRUSADER_AGREEMENT,
        "graded": problems.GRADED_BROADCAST,
    }
    return next((name for name in PROBLEMS if name in known and model.problem == known[name]), None)


def _took(found: Completion) -> str:
    every = sum(len(list(_everything(one))) for one in found.sizes)
    proved = sum(len(one.proved) for one in found.sizes)
    broken = sum(len(one.broken) for one in found.sizes)
    unknown = every - proved - broken
    parts = [f"{counted(every, 'choice')}: {proved} proved, {broken} refuted"]
    parts[0] += f", {unknown} unknown" if unknown else ""
    checks, replays = (sum(getattr(one, name) for one in found.sizes) for name in ("checks", "replays"))
    return f"{parts[0]}; {counted(checks, 'check')}, {counted(replays, 'replay')}; {found.seconds:.2f} s"
