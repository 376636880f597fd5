"""The right answer for an input, by running it: random runs in which each general has a process of his own.

A general's process has loaded the model anew, with a hash seed and a temporary folder of its own, so that nothing but
messages goes from one general to another; each condition is asked before each ordering of its witnesses by a process
that has asked nothing else. This file uses the simulator's channel and the language. It must not use terms, solvers or
the checker, and it proves nothing: no violation in so many runs is not a proof.

    python tests/sabotage/oracle.py tests/sabotage/inputs/board.py -n 3 -t 0
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any, Self

from byzverify.catalogue import library
from byzverify.language.conditions import Outcome, in_sight, shown
from byzverify.language.decisions import Decision, written
from byzverify.language.faults import Budget, Fault, Faults, read_budget
from byzverify.language.messages import Chain, Dispatch, General
from byzverify.language.outgoing import Listed, Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, ATTACK, FALSE, RETREAT, TRUE, Count, Order, Truth
from byzverify.simulation.post import Content, Mailbox, as_label, sealed
from byzverify.simulation.rounds import Network
from byzverify.simulation.traitors import Silent, Strategy

RUNS = 300
"""How many random runs a search plays."""

KNOWN = {order.name: order for order in (RETREAT, ATTACK)}
"""Decisions that conditions see as the constants themselves, as where a program decides one of them."""


@dataclass(frozen=True)
class Instance:
    """A model at one size: what each process builds for itself. Its fields are what the command line gives."""

    reference: str
    settings: tuple[str, ...] = ()
    given: dict[str, Any] = field(default_factory=dict)
    budget: dict[str, int] = field(default_factory=dict)

    def build(self) -> Protocol:
        """The protocol."""
        return library.configured(self.reference, self.settings, self.faults, **self.given)

    @property
    def faults(self) -> Budget:
        """How many may fail in each mode."""
        return {Fault(mode): number for mode, number in self.budget.items() if number}


@dataclass(frozen=True)
class Violation:
    """A run that breaks a condition: who failed, what each general started with, and what the witnesses decided."""

    number: int
    condition: str
    witnesses: tuple[General, ...]
    faults: dict[General, str]
    orders: dict[General, str]
    decisions: dict[General, Any]
    lies: int

    def __str__(self) -> str:
        decided = ", ".join(f"{one} decides {self.decisions[one]}" for one in self.witnesses)
        run = f"faulty {self.faults}, {self.lies} lies, orders {self.orders}"
        return f"{self.condition} fails in run {self.number}, {run}: {decided}"


def plain(decision: Decision) -> Any:
    """A decision as JSON has it, to be read back by `decision_of`."""
    if isinstance(decision, Order):
        return {"order": decision.name}
    if isinstance(decision, Truth):
        return {"truth": bool(decision)}
    if isinstance(decision, Count):
        return {"count": written(decision)}
    if isinstance(decision, dict):
        return {"each": [[general, plain(part)] for general, part in decision.items()]}
    if hasattr(decision, "_fields"):
        parts = [[name, plain(part)] for name, part in zip(decision._fields, decision, strict=True)]
        return {"named": [type(decision).__qualname__, parts]}
    return {"parts": [plain(part) for part in decision]}


def decision_of(told: Any) -> Decision:
    """The decision that `plain` wrote."""
    ((kind, value),) = told.items()
    made: dict[str, Callable[[], Decision]] = {
        "order": lambda: KNOWN.get(value, Order(value)),
        "truth": lambda: TRUE if value else FALSE,
        "count": lambda: Count((), value),
        "each": lambda: {general: decision_of(part) for general, part in value},
        "named": lambda: _named(*value),
        "parts": lambda: tuple(decision_of(part) for part in value),
    }
    return made[kind]()


def _named(called: str, parts: list[tuple[str, Any]]) -> Decision:
    """A tuple of the class of this name that the model has, or of one with the same names of parts."""
    names = tuple(name for name, _ in parts)
    known = (kind for kind in tuple.__subclasses__() if kind.__qualname__ == called)
    kind = next((kind for kind in known if getattr(kind, "_fields", ()) == names), namedtuple("Decided", names))
    return kind(*(decision_of(part) for _, part in parts))


class Liar(Strategy):
    """At each place say, as often as a rate drawn for the run, any word or nothing; else what a loyal general would."""

    def __init__(self, words: Sequence[Order], drawn: random.Random) -> None:
        self._words = [*words, ABSENT]
        self._drawn = drawn
        self._rate = drawn.choice([0.2, 0.5, 1.0])

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        said: Content = {}
        for label, order in honest.items():
            told = self._drawn.choice(self._words) if self._drawn.random() < self._rate else order
            signed = isinstance(label, Chain) and told.name != ABSENT.name
            said[Chain(told.name, label.signers) if signed else label] = told
        return said


# What a process of its own does: play one general, or answer one question about a run.


def serve() -> None:
    """Do each piece of work that comes on standard input in a fork, which has loaded nothing before."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            work = json.loads(line)
            try:
                _answer_to(work)
            except BaseException as error:
                _tell({"error": f"{type(error).__name__}: {error}"})
            os._exit(0)
        os.waitpid(child, 0)


def _tell(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _answer_to(work: dict[str, Any]) -> None:
    os.chdir(work["folder"])
    protocol = Instance(**work["instance"]).build()
    if "run" in work:
        _tell(list(broken(protocol, **work["run"])))
    else:
        _play(protocol, work["me"], work["order"])


def _play(protocol: Protocol, me: General, order: str | None) -> None:
    names = {word.name: Order(word.name) for word in protocol.words}
    seat = Seat(protocol.seen_by(me), me, None if order is None else names[order])
    while True:
        if seat.decision is not None:
            _tell({"decided": plain(seat.decision)})
            return
        _tell({"sent": [_written(dispatch) for some in seat.outbox().values() for dispatch in some]})
        letters = json.loads(sys.stdin.readline())
        seat.advance(Mailbox(dict(enumerate(letters)), names))


def _written(dispatch: Dispatch) -> dict[str, Any]:
    label: Any = dispatch.label
    if isinstance(label, Chain):
        label = {"order": label.order, "signers": label.signers}
    return {"value": dispatch.value.name, "label": label, "to": dispatch.to, "without": dispatch.without}


def _read(told: dict[str, Any], sender: General) -> tuple[Any, Dispatch]:
    label = as_label(told["label"])
    dispatch = Dispatch(Order(told["value"]), label, told["to"], told["without"])
    signed = isinstance(label, Chain) and (not label.signers or label.signers[-1] != sender)
    return label.signed(sender) if signed else label, dispatch


def _outbox(sender: General, answer: dict[str, Any]) -> Outgoing:
    """What a general's process says that he sends, by label; nothing, once he has decided."""
    sent = Listed()
    for told in answer.get("sent", ()):
        label, dispatch = _read(told, sender)
        sent.setdefault(label, []).append(dispatch)
    return sent


def broken(
    protocol: Protocol, faults: dict[str, str], orders: dict[str, str], decisions: dict[str, Any]
) -> Iterator[tuple[str, tuple[General, ...]]]:
    """The conditions that a run breaks, with witnesses in the order that breaks them. Each question has a fork."""
    failed: Faults = {int(general): Fault(mode) for general, mode in faults.items()}
    started = {int(general): Order(name) for general, name in orders.items()}
    decided = {int(general): decision_of(told) for general, told in decisions.items()}
    loyal = [general for general in range(protocol.n) if general not in failed]
    deciders = [general for general in protocol.problem.deciders(protocol.n) if general in loyal]
    for number, condition in enumerate(protocol.problem.conditions):
        if not _in_a_fork(partial(_concerns, protocol, number, loyal)):
            continue
        for some in combinations(deciders, condition.witnesses):
            outcome = Outcome.of(protocol, failed, started, decided)
            seen, _ = shown(outcome, some, in_sight(protocol.groups, range(protocol.n)))
            for witnesses in permutations(some):
                if not _in_a_fork(partial(_holds, protocol, number, seen, witnesses)):
                    yield condition.name, witnesses
                    return


def _concerns(protocol: Protocol, number: int, loyal: list[General]) -> bool:
    return protocol.problem.conditions[number].applies(protocol, loyal)


def _holds(protocol: Protocol, number: int, seen: Outcome, witnesses: tuple[General, ...]) -> bool:
    return bool(protocol.problem.conditions[number].judge(seen, witnesses))


def _in_a_fork(question: Callable[[], object]) -> bool:
    """Whether the answer is true; an error ends the process that asks."""
    child = os.fork()
    if not child:
        try:
            os._exit(10 if question() else 11)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(12)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 12:
        raise RuntimeError("a condition fails as a program")
    return code == 10


class Process:
    """A Python process that serves, with a hash seed and a folder of its own."""

    def __init__(self, seed: int) -> None:
        self.folder = tempfile.mkdtemp(prefix="oracle-")
        environment = os.environ | {"PYTHONHASHSEED": str(seed + 1), "TMPDIR": self.folder, "HOME": self.folder}
        command = [sys.executable, __file__, "--serve"]
        self._process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, message: object) -> Any:
        """Send a line, and read the line that answers it. Raises RuntimeError for an error there."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def empty(self) -> None:
        """Remove what a run left in the folder."""
        for left in Path(self.folder).iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


class Oracle:
    """Plays runs of one instance. A context manager, which ends the processes."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.protocol = instance.build()
        self._generals = [Process(me) for me in range(self.protocol.n)]
        self._judge = Process(self.protocol.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for process in (*self._generals, self._judge):
            process.close()

    def search(self, runs: int) -> Violation | None:
        """The first of so many random runs, and of as many in which all who fail are silent, that breaks a condition.

        The same every time, if the model is.
        """
        every = product((False, True), range(runs))
        return next((found for silent, number in every if (found := self.run(number, silent))), None)

    def run(self, number: int, silent: bool) -> Violation | None:
        """What random run `number` breaks. silent: whether all who fail say nothing at all in it."""
        drawn = random.Random(number)
        faults = self._faults(drawn)
        orders = {g: drawn.choice(self.protocol.orders) for g in self.protocol.problem.starters(self.protocol.n)}
        strategy = Silent() if silent else Liar(self.protocol.words, drawn)
        network = Network(self.protocol, faults, orders, strategy)
        decisions = self._decisions(network)
        run = {
            "faults": {general: mode.value for general, mode in faults.items()},
            "orders": {general: order.name for general, order in orders.items()},
            "decisions": {general: told for general, told in decisions.items() if general not in faults},
        }
        for condition, witnesses in self._judge.ask(self._work(self._judge, run=run)):
            told = {general: decisions[general] for general in witnesses}
            lies = len(network.run.lies)
            return Violation(number, condition, tuple(witnesses), run["faults"], run["orders"], told, lies)
        return None

    def _faults(self, drawn: random.Random) -> Faults:
        numbers = [(mode, drawn.choice([most, drawn.randint(0, most)])) for mode, most in self.instance.faults.items()]
        modes = [mode for mode, number in numbers for _ in range(number)]
        return dict(sorted(zip(drawn.sample(range(self.protocol.n), len(modes)), modes, strict=True)))

    def _work(self, process: Process, **work: Any) -> dict[str, Any]:
        return {"instance": vars(self.instance), "folder": process.folder, **work}

    def _decisions(self, network: Network) -> dict[General, Any]:
        """Let the generals exchange letters until all have decided."""
        answers: dict[General, Any] = {}
        for me, process in enumerate(self._generals):
            process.empty()
            order = network.run.orders.get(me)
            answers[me] = process.ask(self._work(process, me=me, order=None if order is None else order.name))
        while any("sent" in answer for answer in answers.values()):
            network.begin([_outbox(me, answer) for me, answer in answers.items()])
            for me, process in enumerate(self._generals):
                letters = [sealed(content) for content in network.letters(me)]
                if "sent" in answers[me]:
                    answers[me] = process.ask(letters)
        return {me: answer["decided"] for me, answer in answers.items()}


def instance_of(model: str, options: Sequence[str]) -> Instance:
    """The instance that `byzverify check MODEL OPTIONS` is about; of its options, those that say which."""
    parser = argparse.ArgumentParser(prog="oracle")
    for option in ("n", "m", "t"):
        parser.add_argument(f"-{option}", type=int)
    parser.add_argument("--values", type=int)
    parser.add_argument("--graph")
    parser.add_argument("--faults", type=read_budget)
    parser.add_argument("--set", action="append", default=[])
    known, _ = parser.parse_known_args(options)
    path, colon, name = model.partition(".py:")
    reference = f"{Path(f'{path}.py').resolve()}:{name}" if colon else str(Path(model).resolve())
    given = {key: getattr(known, key) for key in ("n", "m", "values", "graph") if getattr(known, key) is not None}
    budget = known.faults or {Fault.BYZANTINE: known.m if known.t is None else known.t}
    return Instance(reference, tuple(known.set), given, {mode.value: number or 0 for mode, number in budget.items()})


def main() -> None:
    """Search, and say what was found."""
    if "--serve" in sys.argv:
        serve()
        return
    parser = argparse.ArgumentParser(prog="oracle")
    parser.add_argument("model")
    parser.add_argument("--runs", type=int, default=RUNS)
    given, options = parser.parse_known_args()
    with Oracle(instance_of(given.model, options)) as oracle:
        found = oracle.search(given.runs)
    print(found or f"no violation in {given.runs} runs")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
