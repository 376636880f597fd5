"""The three questions, each one call: is it safe, how does it break, does that attack still work; and a visit to the
museum, which asks the first one twice.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from byzverify.attacks.attack import Attack, Replay
from byzverify.checking.solving import demand_installed
from byzverify.crews.crew import Crew, local_crew
from byzverify.crews.worker import Allowance
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.guarding import guarded
from byzverify.errors import ByzverifyError, Stopped, UsageError, meant
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget, Fault, Faults, budget_of, faults_of
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import DEADLINE, NO_LIMIT, Limit
from byzverify.loading.stopping import question_begins
from byzverify.logic.terms import without_garbage_collection
from byzverify.simulation.rounds import run
from byzverify.simulation.strategies import Script, Strategy, scripted
from byzverify.stages import Check, Progress
from byzverify.verdict import Proved, Refuted, Unknown

if TYPE_CHECKING:
    from byzverify.catalogue import Configuration
    from byzverify.nodes.harness import Encounter
    from byzverify.nodes.team import Team


def _in_silence(line: str) -> None:
    """No progress shown."""


def check(
    model: Protocol,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    timeout: float | None = None,
    steps: int | None = None,
    raw: bool = False,
    solver: str | None = None,
    certificate: str | Path | None = None,
    minimal: bool = False,
    condition: str | Iterable[str] | None = None,
    jobs: int | None = None,
    crew: Crew | None = None,
    effort: Effort = Effort(),  # noqa: B008, it is frozen
    progress: Progress = _in_silence,
) -> Proved | Refuted | Unknown:
    """Whether every condition of `model` holds, whoever the traitors are and whatever they say.

    model: a protocol instance, such as `OM(n=7, m=2)`. traitors: the most that may be present, `model.m` if None; or
    how many generals may fail in each mode, as in `{"byzantine": 1, "manifest": 1}`. timeout: seconds, after which
    what is undecided is `Unknown`. steps: how many steps the search may make, counted alike on every machine, about
    200,000 a second; only in one process. raw: give the solver the terms as the execution builds them, with no
    simplification. solver: `z3`, `cvc5`, `cadical`, `exact`, or `all` that are installed, to compare them; the one that
    is named gets the terms raw. certificate: a new folder, into which evidence for a proof is written that other
    programs can check; without it there is no proof. minimal: look for the smallest attack: fewest traitors, then
    fewest lies, then fewest rounds with lies and receivers of them; without `timeout` or `steps`, for as long as that
    takes. condition: the name of the condition that is asked about, or the names of several; by default all are. jobs:
    how many worker processes of this machine shall decide the cases; without it there are none. crew: who does in their
    place, such as a Dask cluster. effort: how many simulated runs a proof is compared with, and whether an attack
    is played once more in a fresh process. progress: called with a line about each step.

    Raises UsageError for a number of traitors that is impossible, ProtocolError where the model's program breaks a rule
    of the language, or does something else in another process; and, for bugs, ReplayMismatch where the simulator
    contradicts a solver or a proof, Disagreement where solvers contradict each other.
    """
    question_begins()
    start = monotonic()
    faults = budget_for(model, traitors)
    about = _named(model, condition)
    if about and certificate is not None:
        raise UsageError("a certificate is for all conditions: leave out either the condition or the certificate")
    limit = Limit.within(timeout, steps)
    if steps is not None and (jobs, crew) != (None, None):
        raise UsageError("steps are counted in one process: give either steps, or jobs or a crew")
    demand_installed(solver or "z3")
    folder = None if certificate is None else Path(certificate)
    if folder is not None:
        from byzverify.certificates import writing

        writing.demand_possible(folder)
    hired = _hired(jobs, crew)
    with (
        _without_logs(),
        model.leaving_nothing() as state,
        guarded(model, faults, effort, state) as guards,
        hired as crew,
        without_garbage_collection(),
    ):
        work = Check(model, faults, raw or solver is not None, solver or "z3", limit, progress, crew, about, guards)
        work.run()
        work.demand_meaning()
        work.compare_with_simulation()
        if folder is not None and not (work.refuted or work.unknown):
            state.demand_unchanged()
            work.certify(folder)
        if work.refuted:
            return _refuted(work, minimal, start)
    conditions = tuple(work.conditions())
    seconds = monotonic() - start
    for known in conditions:
        if known.reason is not None:
            return Unknown(model, faults, conditions, work.coverage(), seconds, known.reason, work.exit_code)
    return Proved(model, faults, conditions, work.coverage(), seconds, folder)


def _named(model: Protocol, names: str | Iterable[str] | None) -> tuple[Condition, ...]:
    """The conditions of these names, in the problem's order; none if no name is given. Raises UsageError."""
    known = model.problem.conditions
    wanted = [] if names is None else [names] if isinstance(names, str) else list(names)
    there = [condition.name for condition in known]
    for name in wanted:
        if name not in there:
            raise UsageError(
                f"{name!r} is not a condition of this model; there are {', '.join(there)}{meant(name, there)}"
            )
    return tuple(condition for condition in known if condition.name in wanted)


@contextmanager
def _without_logs() -> Iterator[None]:
    """Programs log nothing in the block: what stands for an order or a general there cannot be written into a line."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _hired(jobs: int | None, crew: Crew | None) -> Iterator[Crew | None]:
    """The crew, or one of so many workers, or none. Raises UsageError."""
    if jobs is None:
        yield crew
    elif crew is not None:
        raise UsageError("give either jobs or a crew")
    elif not isinstance(jobs, int) or jobs < 1:
        raise UsageError(f"there must be 1 job or more, not {jobs}")
    else:
        with local_crew(jobs, Allowance()) as crew:
            yield crew


def _refuted(work: Check, minimal: bool, start: float) -> Refuted:
    attack, replay, shrunk, smallness = work.smallest_attack() if minimal else (*work.attack(), None)
    unrepeated = work.repeat(replay)
    known = (work.model, work.faults, tuple(work.conditions()), work.coverage(), monotonic() - start)
    return Refuted(*known, attack, replay, shrunk=shrunk, smallness=smallness, unrepeated=unrepeated)


def visit(mistake: Configuration, repair: Configuration, progress: Progress = _in_silence) -> tuple[Refuted, Proved]:
    """Break a mistake and prove its repair. Raises Stopped where one is unknown, ByzverifyError if it is not so."""
    broken = check(mistake.build(), mistake.budget(), progress=progress)
    whole = check(repair.build(), repair.budget(), progress=progress)
    for verdict in (broken, whole):
        if isinstance(verdict, Unknown):
            stopped = Stopped(verdict.reason)
            stopped.exit_code = verdict.exit_code
            raise stopped
    if not isinstance(broken, Refuted) or not isinstance(whole, Proved):
        raise ByzverifyError("the museum expects the mistake to be refuted and the repair to be proved")
    return broken, whole


def budget_for(model: Protocol, traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None) -> Budget:
    """How many generals may fail in each mode, from what a user gives. Raises UsageError for what is impossible."""
    _demand_instance(model)
    most = getattr(model, "m", None) if traitors is None else traitors
    if most is None:
        raise UsageError(
            f"say how many traitors there may be (-t, or traitors=...): {type(model).__name__} has no m to take it from"
        )
    faults = budget_of(most)
    total = sum(faults.values())
    if total > model.n:
        raise UsageError(f"there can be 0 to {model.n} traitors among {model.n} generals, not {total}")
    return faults


def _demand_instance(model: Protocol) -> None:
    if not isinstance(model, Protocol):
        raise UsageError(f"give an instance of a protocol, such as OM(n=4, m=1), not {model!r}")


def simulate(
    model: Protocol,
    traitors: Collection[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str = "alternate",
    seed: int = 0,
) -> Replay:
    """Run `model` once with scripted traitors, to the end, and judge the run.

    traitors: who is faulty, with the mode of each if not all are byzantine; a fault mode limits what the strategy can
    do. orders: the name of the order that all generals start with, or one for each general that starts with one.
    strategy: `alternate`, `silent` or `random`, which draws from `seed`. Raises UsageError for what does not exist.
    """
    question_begins()
    arranged = _arranged(model, traitors, orders, strategy, seed)
    return Replay.of(run(*arranged, everyone=True))


def simulate_programs(
    model: Protocol,
    traitors: Collection[General] | Mapping[General, str],
    orders: Sequence[str],
    team: Team,
    strategy: str = "alternate",
    seed: int = 0,
    deadline: float = DEADLINE,
    limit: Limit = NO_LIMIT,
) -> tuple[Encounter, Replay]:
    """As `simulate`, with programs in the loyal generals' places, until these have decided.

    deadline: seconds that a program may take for each answer. Raises NodeError where one is at fault, Stopped at the
    limit.
    """
    from byzverify.nodes.harness import play

    question_begins()
    arranged = _arranged(model, traitors, orders, strategy, seed)
    met = play(*arranged, team, deadline=deadline, limit=limit)
    return met, Replay.of(met.run)


def _arranged(
    model: Protocol,
    traitors: Collection[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str,
    seed: int,
) -> tuple[Protocol, Faults, dict[General, Order], Strategy]:
    """What the simulator's `run` takes. Raises UsageError for what does not exist."""
    _demand_instance(model)
    started, faults = _starting_with(model, orders), faults_of(traitors)
    if not set(faults) <= set(range(model.n)):
        raise UsageError(f"traitors must be among the generals 0 to {model.n - 1}")
    return model, faults, started, scripted(strategy, model.words, seed)


def _starting_with(model: Protocol, orders: Sequence[str]) -> dict[General, Order]:
    """What each general starts with, by the names of the orders. Raises UsageError for what does not exist."""
    starters = model.problem.starters(model.n)
    known = {order.name: order for order in model.orders}
    if not isinstance(orders, Sequence) or isinstance(orders, str):
        raise UsageError(f"orders are given as a list of their names, such as ['ATTACK'], not as {orders!r}")
    if len(orders) not in (1, len(starters)):
        each = f"give one order for all, or one for each of the {len(starters)} generals"
        wanted = each if len(starters) > 1 else "only the commander starts with an order: give that one"
        raise UsageError(f"{wanted}; here are {len(orders)}")
    for name in orders:
        if name not in known:
            raise UsageError(f"{name!r} is not an order; there are {', '.join(known)}{meant(name, known)}")
    return {g: known[orders[i if len(orders) > 1 else 0]] for i, g in enumerate(starters)}


def face(attack: Attack, team: Team, deadline: float = DEADLINE, limit: Limit = NO_LIMIT) -> tuple[Encounter, Replay]:
    """Play an attack against programs: what happened, and what the judge makes of it.

    deadline: seconds that a program may take for each answer. Raises NodeError where a program is at fault, Stopped at
    the limit.
    """
    from byzverify.nodes.harness import play

    question_begins()
    played = (attack.protocol, attack.traitors, attack.orders, Script(attack.said))
    met = play(*played, team, deadline=deadline, limit=limit)
    return met, Replay.of(met.run, attack.condition)
