"""What was measured, as Markdown tables. This module computes ratios and nothing else; it measures nothing."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tests.benchmarks.contestants import Contestant, Size
from tests.benchmarks.everywhere import Everywhere
from tests.benchmarks.existence import Existence
from tests.benchmarks.measuring import Cost
from tests.benchmarks.published import Reported
from tests.benchmarks.questions import Question
from tests.benchmarks.race import Heat, Results
from tests.benchmarks.reach import Reach

Number = Callable[[Cost], float]


def seconds(cost: Cost) -> float:
    """What a cost is in time."""
    return cost.seconds


def megabytes(cost: Cost) -> float:
    """What it is in memory."""
    return cost.megabytes


def shown(number: float) -> str:
    """Three digits that matter, or all before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}" if number >= 1 else f"{number:.2f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A table whose first columns are words and the others numbers."""
    rule = ["---"] * words + ["---:"] * (len(header) - words)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *rows))


def of_questions(answered: Iterable[tuple[Question, Cost]]) -> str:
    """The questions with a target."""
    rows = [(question.name, *both(cost), question.target) for question, cost in answered]
    return table(("question", "seconds", "peak MB", "target"), rows)


def both(cost: Cost) -> tuple[str, str]:
    """Seconds and megabytes, or what ended it."""
    return (cost.stopped, "") if cost.stopped else (shown(cost.seconds), shown(cost.megabytes))


def of_race(results: Results, number: Number) -> str:
    """A row for each size, a column for each contestant: the number, and how many times the first one's it is."""
    first = next(iter(results.values()))
    rows = [
        [str(size), *(_cell(heats.get(size), first.get(size), number) for heats in results.values())]
        for size in sizes_of(results.values())
    ]
    return table(("size", *results), rows)


def sizes_of(heats: Iterable[Mapping[Size, Heat]]) -> list[Size]:
    """The sizes that somebody was asked about."""
    return sorted({size for one in heats for size in one}, key=lambda size: size.n)


def _cell(heat: Heat | None, first: Heat | None, number: Number) -> str:
    if heat is None:
        return ""
    if heat.stopped:
        return heat.cost.stopped or f"{heat.made.stopped} to make"
    own = number(heat.cost)
    if first is None or first.stopped or first is heat:
        return shown(own)
    return f"{shown(own)} ({shown(own / number(first.cost))}×)"


def of_making(results: Results, contestants: Sequence[Contestant]) -> str:
    """What was made before the contestants could be asked, where there is such a thing."""
    names = [contestant.name for contestant in contestants if contestant.name in results and contestant.made]
    sizes = sizes_of(results[name] for name in names)
    return table(("size", *names), [[str(size), *(_made(results[name].get(size)) for name in names)] for size in sizes])


def _made(heat: Heat | None) -> str:
    return "" if heat is None else heat.made.stopped or shown(heat.made.seconds)


def of_distance(results: Mapping[Size, Heat]) -> str:
    """Memory for each of the adversary's variables, and time for each order that is sent."""
    header = ("size", "variables", "peak memory for each", "orders sent", "time for each")
    return table(header, [_distance(size, heat.cost) for size, heat in results.items() if not heat.stopped])


def _distance(size: Size, cost: Cost) -> list[str]:
    variables = found(cost)["variables"]
    memory = scaled(cost.megabytes * 1e6 / variables, {1e6: "MB", 1e3: "kB", 1: "bytes"})
    time = scaled(cost.seconds / size.orders, {1: "s", 1e-3: "ms", 1e-6: "µs", 1e-9: "ns"})
    return [str(size), f"{variables:,}", memory, f"{size.orders:,}", time]


def scaled(amount: float, units: Mapping[float, str]) -> str:
    """An amount in the largest unit of which there is one, or in the smallest one."""
    unit = next((unit for unit in units if amount >= unit), min(units))
    return f"{shown(amount / unit)} {units[unit]}"


def found(cost: Cost) -> dict[str, Any]:
    """The object that `check --json` printed."""
    answer: dict[str, Any] = json.loads(cost.said[cost.said.index("{") :])
    return answer


def of_proofs(proved: Iterable[tuple[Everywhere, Cost, Cost]]) -> str:
    """Proofs for all sizes, each with its ratio to the check of one size."""
    header = ("model", "seconds", "peak MB", "check of one size", "ratio", "target")
    rows = [
        (f"`{family.model}`", *both(cost), f"`{' '.join(family.check[2:])}`", _ratio(cost, one), family.target)
        for family, cost, one in proved
    ]
    return table(header, rows)


def of_existence(asked: Iterable[tuple[Existence, Cost]]) -> str:
    """Questions about every protocol, each with its answer."""
    header = ("question", "answer", "seconds", "peak MB", "target")
    rows = [(f"`{' '.join(one.command)}`", one.verdict.word, *both(cost), one.target) for one, cost in asked]
    return table(header, rows, words=2)


def _ratio(cost: Cost, other: Cost) -> str:
    return "" if cost.stopped or other.stopped else f"{shown(cost.seconds / other.seconds)}×"


def of_reach(reaches: Iterable[Reach]) -> str:
    """Where each model stops."""
    header = ("model", "bound", "last proved", "seconds", "peak MB", "next", "stopped by")
    return table(header, map(_reach, reaches), words=2)


def _reach(one: Reach) -> list[str]:
    last, after = (str(Size(one.ladder.generals(m), m)) for m in (one.last, one.next))
    done = [last, *both(one.cost)] if one.cost else ["none", "", ""]
    return [f"`{one.ladder.model}`", one.ladder.bound, *done, after, one.stopped]


def of_published(reported: Iterable[tuple[Reported, Cost]]) -> str:
    """What was reported of SAL beside what byzverify takes."""
    header = ("relays", "SAL: receivers: seconds, as reported", "byzverify", "seconds", "peak MB")
    rows = [
        (
            str(one.relays),
            ", ".join(f"{receivers}: {time}" for receivers, time in one.seconds.items()),
            f"`{' '.join(one.nearest)}`",
            *both(cost),
        )
        for one, cost in reported
    ]
    return table(header, rows, words=3)
