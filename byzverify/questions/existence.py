"""The question whether any protocol solves a problem, and its verdict.

This module reads what users give, and computes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from byzverify.engines.solvability.freedom import Freedom
from byzverify.errors import UsageError, meant
from byzverify.language.conditions import COMMANDER
from byzverify.language.faults import Fault, budget_of
from byzverify.language.messages import General
from byzverify.questions.verdict import Proved
from byzverify.scenario.impossibility import DoubleCover, ProblemName, RunChain, Setting

MOST_GENERALS, MOST_ROUNDS = 200, 100

NAMES: dict[str, str] = {
    "interactive consistency": "interactive",
    "crusader agreement": "crusader",
    "graded broadcast": "graded",
    "approximate agreement": "approximate",
}
"""Problems by their whole names."""


@dataclass(frozen=True)
class ExistenceQuestion:
    """Whether any protocol solves a problem.

    setting: the problem, and all that a protocol has to cope with; without rounds, the least number of them is asked
    for. graph: the name of the network; None if everyone can send to everyone. epsilon: for approximate agreement, how
    far apart decisions may be; None asks for the least number.
    """

    setting: Setting
    graph: str | None = None
    epsilon: Fraction | None = None


@dataclass(frozen=True)
class FoundProtocol:
    """A protocol that solves the problem.

    rule: what it does, in words. text: its file. rounds: how many it may take. checked: the proof. freedom: how many
    rules there are; None if they were not counted. saved: where the file is, if it was asked for.
    """

    rule: str
    text: str = field(repr=False)
    rounds: int
    checked: Proved
    freedom: Freedom | None = None
    saved: Path | None = None


@dataclass(frozen=True)
class ExistenceVerdict:
    """The answer to the question whether there is a protocol.

    impossible: what shows that there is none: in the verdict `impossible`, for the rounds that were asked for, or for
    any number of them; in another verdict for fewer rounds. shortest: whether no chain has fewer executions. shown: the
    same in words, from the independent checker. found: a protocol. open: numbers of rounds about which nothing is
    known. epsilon: the least one for which approximate agreement is not ruled out; None if there is none, or that is
    not known. reason: why nothing is known, or why the search ended while numbers of rounds are open.
    """

    question: ExistenceQuestion
    verdict: Literal["impossible", "solvable", "unknown"]
    impossible: RunChain | DoubleCover | None = None
    shortest: bool = False
    shown: str | None = None
    found: FoundProtocol | None = None
    open: tuple[int, ...] = ()
    epsilon: Fraction | None = None
    reason: str | None = None
    exit_code: int = 3
    certificate: Path | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def rounds(self) -> int | None:
        """The number of rounds that the verdict is about; None for any number."""
        if self.found is not None:
            return self.found.rounds if self.question.setting.rounds is None else self.question.setting.rounds
        if self.verdict == "impossible" and self.impossible is not None:
            return self.impossible.setting.rounds
        return self.question.setting.rounds

    @property
    def executions(self) -> int | None:
        """How many executions a shortest chain has, both ends included; None if that is not known."""
        chain = self.impossible
        return len(chain.runs) if self.shortest and isinstance(chain, RunChain) else None


def question_of(
    n: int | None = None,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] = 1,
    *,
    rounds: int | None = None,
    problem: str = "broadcast",
    graph: str | None = None,
    commander: General | None = None,
    signed: bool = False,
    epsilon: Fraction | float | str | None = None,
) -> ExistenceQuestion:
    """The question that a user means. Raises UsageError for what does not exist or fit."""
    _demand_kinds(n=n, rounds=rounds, commander=commander)
    if not isinstance(problem, str) or not isinstance(graph, str | None):
        raise UsageError(f"a problem and a graph are given by their names, not {problem!r} and {graph!r}")
    if not isinstance(signed, bool):
        raise UsageError(f"signed is True or False, not {signed!r}")
    named = NAMES.get(problem.replace("_", " "), problem)
    if named not in get_args(ProblemName):
        known = ", ".join(get_args(ProblemName))
        raise UsageError(f"no problem is called {problem!r}; there are {known}{meant(problem, get_args(ProblemName))}")
    name: ProblemName = named  # type: ignore[assignment]
    number, edges = _network(n, graph)
    faults = budget_of(traitors)
    if sum(faults.values()) > number:
        raise UsageError(f"there can be 0 to {number} traitors among {number} generals, not {sum(faults.values())}")
    if rounds is not None and not 1 <= rounds <= MOST_ROUNDS:
        raise UsageError(f"a protocol has 1 to {MOST_ROUNDS} rounds, not {rounds}")
    setting = Setting(name, number, edges, _commander(name, commander, number), rounds, faults, signed)
    if name == "approximate" and rounds is None and epsilon is None:
        raise UsageError("for approximate agreement, give the number of rounds, or how far apart decisions may be")
    return ExistenceQuestion(setting, graph, _epsilon(name, epsilon))


def _demand_kinds(**numbers: object) -> None:
    """Raise UsageError unless each of these is a whole number, or not given."""
    for name, number in numbers.items():
        if number is not None and type(number) is not int:
            raise UsageError(f"{name} must be a whole number, not {number!r}")


def _network(n: int | None, graph: str | None) -> tuple[int, tuple[tuple[General, General], ...]]:
    if graph is None:
        if n is None:
            raise UsageError("say how many generals there are (-n), or who can send to whom (--graph)")
        if not 2 <= n <= MOST_GENERALS:
            raise UsageError(f"there must be 2 to {MOST_GENERALS} generals, not {n}")
        return n, tuple((one, other) for one in range(n) for other in range(one + 1, n))
    from byzverify.language.topology import graph_of

    network = graph_of(graph)
    if n not in (None, len(network)):
        raise UsageError(f"the graph {graph} has {len(network)} nodes, and there are to be {n} generals")
    if len(network) < 2:
        raise UsageError("there must be 2 generals or more: the graph has one node")
    return len(network), tuple(sorted((min(edge), max(edge)) for edge in network.edges))


def _commander(problem: ProblemName, commander: General | None, n: int) -> General | None:
    if problem == "consensus":
        if commander is not None:
            raise UsageError("consensus has no commander: every general starts with an order")
        return None
    if commander is not None and problem == "interactive":
        raise UsageError("interactive consistency has no commander: all orders are to be agreed on")
    if commander is not None and not 0 <= commander < n:
        raise UsageError(f"the commander must be a general, 0 to {n - 1}, not {commander}")
    return COMMANDER if commander is None else commander


def _epsilon(problem: ProblemName, epsilon: Fraction | float | str | None) -> Fraction | None:
    if epsilon is None:
        return None
    if problem != "approximate":
        raise UsageError("epsilon is for approximate agreement (--problem approximate)")
    try:
        read = Fraction(epsilon)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        raise UsageError(f"epsilon is a number such as 1/4 or 0.25, not {epsilon!r}") from None
    if not 0 <= read <= 1:
        raise UsageError(f"epsilon is a number from 0 to 1, not {epsilon}")
    return read
