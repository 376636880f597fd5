"""The periodic table: of each network and each limit on faults, the least number of rounds of any protocol, as data.

A *cell* is one question that `solvable` answers. This module decides nothing and draws nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

from byzverify.errors import Interrupted, ReplayMismatch, Stopped
from byzverify.language.faults import Budget, Fault
from byzverify.language.messages import General
from byzverify.questions.existence import ExistenceQuestion, question_of

INCLUDES = {
    Fault.BYZANTINE: set(Fault),
    Fault.SYMMETRIC: {Fault.SYMMETRIC, Fault.MANIFEST},
    Fault.OMISSION: {Fault.OMISSION, Fault.CRASH, Fault.MANIFEST},
    Fault.CRASH: {Fault.CRASH},
    Fault.MANIFEST: {Fault.MANIFEST},
}
"""For each mode, modes in which a general does nothing that a general of this mode cannot do. docs/howto/faults.md."""


@dataclass(frozen=True)
class PeriodicCell:
    """What one cell asks: the least number of rounds in which a protocol solves the problem.

    graph: the text of the network; None if everyone can send to everyone. commander: who starts with the order; None
    if everyone does. limits: how many may fail in each mode, zeros included.
    """

    problem: str
    n: int
    limits: tuple[tuple[Fault, int], ...]
    graph: str | None = None
    commander: General | None = None
    signed: bool = False

    @property
    def faults(self) -> Budget:
        """How many may fail in each mode."""
        return {mode: number for mode, number in self.limits if number}

    @property
    def network(self) -> tuple[Any, ...]:
        """All that is asked but the faults: cells of one network can be compared."""
        return self.problem, self.n, self.graph, self.commander, self.signed

    def question(self) -> ExistenceQuestion:
        """The question to `solvable`. Raises UsageError for what does not exist or fit."""
        given = {"problem": self.problem, "graph": self.graph, "commander": self.commander, "signed": self.signed}
        return question_of(self.n, self.faults, **given)  # type: ignore[arg-type]

    def command(self) -> str:
        """The command that asks the same."""
        modes = ",".join(f"{mode.value}={number}" for mode, number in self.limits)
        lies = [number for mode, number in self.limits if mode is Fault.BYZANTINE]
        options = {
            "-n": self.n if self.graph is None else None,
            "--graph": self.graph,
            "--commander": self.commander or None,
            **({"-t": lies[0]} if len(self.limits) == len(lies) == 1 else {"--faults": modes}),
            "--problem": None if self.problem == "broadcast" else self.problem,
        }
        said = [f"{option} {shlex.quote(str(value))}" for option, value in options.items() if value is not None]
        return " ".join(["byzverify solvable", *said, *["--signed"] * self.signed])


@dataclass(frozen=True)
class LeastRounds:
    """What is known of a cell.

    rounds: of a proved protocol. impossible_rounds: in so many rounds, or in any number of them, there is none. open:
    numbers of rounds in which there may be one. executions: of the chain that shows this, or scenes of the cover.
    shortest: whether no chain has fewer. rule: of the protocol, in words. views: how many there are to decide on, free
    and alike: how many classes of views may be decided either way, and how many where generals are treated alike; None
    if nobody counted. certificate, protocol: both proofs, as the texts of files.
    """

    verdict: Literal["solvable", "impossible", "unknown"]
    rounds: int | None = None
    impossible_rounds: int | Literal["any"] | None = None
    open: tuple[int, ...] = ()
    executions: int | None = None
    shortest: bool = False
    rule: str | None = None
    views: int | None = None
    free: int | None = None
    alike: int | None = None
    reason: str | None = None
    seconds: float = field(default=0.0, compare=False)
    certificate: str | None = field(default=None, repr=False)
    protocol: str | None = field(default=None, repr=False)

    @property
    def decided(self) -> bool:
        """Whether the least number of rounds is known, or that there is none."""
        return self.verdict == "impossible" or (self.verdict == "solvable" and not self.open)

    def rules_out(self, rounds: int) -> bool:
        """Whether it is shown that no protocol does with so many rounds."""
        return self.impossible_rounds is not None and (
            self.impossible_rounds == "any" or self.impossible_rounds >= rounds
        )


@dataclass
class PeriodicTable:
    """Cells, and what is known of them so far. stopped: why the run ended before all were decided. folder: where both
    proofs of each cell are, if they were asked for.
    """

    cells: tuple[PeriodicCell, ...]
    known: dict[PeriodicCell, LeastRounds] = field(default_factory=dict)
    stopped: str | None = None
    folder: Path | None = None

    @property
    def contradictions(self) -> list[str]:
        """Where two cells contradict each other: bugs of byzverify, in words.

        A protocol withstands all faults that are contained in those that it was proved for.
        """
        return [
            f"{worse.command()} finds a protocol with {self.known[worse].rounds} rounds, which {milder.command()} "
            "rules out"
            for milder, worse in self._comparable()
            if (rounds := self.known[worse].rounds) is not None and self.known[milder].rules_out(rounds)
        ]

    def _comparable(self) -> Iterator[tuple[PeriodicCell, PeriodicCell]]:
        """Known cells of one network, with milder and with worse faults."""
        networks: dict[tuple[Any, ...], list[PeriodicCell]] = {}
        for cell in self.cells:
            if cell in self.known:
                networks.setdefault(cell.network, []).append(cell)
        for cells in networks.values():
            yield from (pair for pair in permutations(cells, 2) if _contained(pair[0].faults, pair[1].faults))

    @property
    def exit_code(self) -> int:
        """What the command line ends with: 3 where something is unknown, 4 for a contradiction."""
        if self.contradictions:
            return ReplayMismatch.exit_code
        if self.stopped is not None:
            return Interrupted.exit_code
        return 0 if all(known.decided for known in self.known.values()) else Stopped.exit_code


def _contained(milder: Budget, worse: Budget) -> bool:
    """Whether the worse limits certainly allow all that the milder ones allow: as many of each mode, or, of one mode
    each, as many of a mode that contains it.
    """
    if all(number <= worse.get(mode, 0) for mode, number in milder.items()):
        return True
    if len(milder) > 1 or len(worse) != 1:
        return False
    ((mode, number),), ((other, more),) = milder.items(), worse.items()
    return number <= more and mode in INCLUDES[other]
