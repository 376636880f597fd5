"""The functions of `byzverify` that have the names of commands: one for each, with the arguments of the command line.

Each calls the room that does the work, which is imported when it is called. There is no logic here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from byzverify.limits import DEADLINE, NO_LIMIT, Limit

if TYPE_CHECKING:
    from byzverify.attacks.attack import Attack
    from byzverify.campaign.campaign import Campaign
    from byzverify.catalogue.configurations import Exhibit
    from byzverify.language.faults import Fault
    from byzverify.language.messages import General
    from byzverify.language.protocol import Protocol
    from byzverify.maps.landscape import Map
    from byzverify.maps.periodic import PeriodicTable
    from byzverify.nodes.harness import Encounter
    from byzverify.nodes.team import Implementation, Team
    from byzverify.questions.bounding import Bounds
    from byzverify.questions.families import FamilyVerdict
    from byzverify.questions.verdict import Proved, Refuted
    from byzverify.simulation.judging import Replay


def protocol(reference: str | Path, **parameters: Any) -> Protocol:
    """An instance of a protocol: `protocol("om", n=4, m=1)`, `protocol("gossip.py", n=5)`.

    reference: the short name of a model that comes with byzverify, or `path/to/file.py`, followed by `:Class` where the
    file defines several protocols. parameters: those of the class. Raises UsageError for what does not exist or fit,
    ProtocolError where the file cannot be loaded.
    """
    from byzverify.catalogue import library

    return library.build(library.find(str(reference)), parameters)


def list_models() -> dict[str, type[Protocol]]:
    """The protocols that come with byzverify, by short name."""
    from byzverify.catalogue import library

    return {name: library.find(name) for name in library.names()}


@overload
def replay(attack: Attack | str | Path, node: None = None, *, model: str | None = None) -> Replay: ...


@overload
def replay(
    attack: Attack | str | Path, node: Implementation, *, model: str | None = None, deadline: float = DEADLINE
) -> tuple[Encounter, Replay]: ...


def replay(
    attack: Attack | str | Path,
    node: Implementation | None = None,
    *,
    model: str | None = None,
    deadline: float = DEADLINE,
) -> Replay | tuple[Encounter, Replay]:
    """Play an attack in the simulator, or against programs.

    attack: an attack, or the path of its file. node: what plays the loyal generals in place of the model: a command
    such as `./my_general --flag`, a generator function, or a mapping from generals to these. model: the model of the
    file, if it is not the one that it names. deadline: seconds that a program may take for each answer.

    Returns the run and what the judge makes of it; with `node` an `Encounter` (`run`, `model`, `difference`), too.
    Raises AttackFileError for a file that is malformed or does not reproduce, NodeError where a program is at fault.
    """
    from byzverify.attacks.attack import Attack

    if node is None:
        from byzverify.attacks.loading import load

        return attack.replay() if isinstance(attack, Attack) else load(attack, model=model)[1]
    from byzverify.attacks.loading import load_for_programs
    from byzverify.questions.simulating import face

    met = attack if isinstance(attack, Attack) else load_for_programs(attack, model=model)
    return face(met, _team(node, met.protocol), deadline)


@overload
def simulate(
    model: Protocol,
    traitors: Sequence[General] | set[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str = "alternate",
    seed: int = 0,
    node: None = None,
) -> Replay: ...


@overload
def simulate(
    model: Protocol,
    traitors: Sequence[General] | set[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str = "alternate",
    seed: int = 0,
    *,
    node: Implementation,
    deadline: float = DEADLINE,
) -> tuple[Encounter, Replay]: ...


def simulate(
    model: Protocol,
    traitors: Sequence[General] | set[General] | Mapping[General, str],
    orders: Sequence[str],
    strategy: str = "alternate",
    seed: int = 0,
    node: Implementation | None = None,
    deadline: float = DEADLINE,
) -> Replay | tuple[Encounter, Replay]:
    """Run a model, or programs in the places of its loyal generals, once with scripted traitors, and judge the run.

    traitors: who is faulty, with the mode of each if not all are byzantine. orders: the name of the order that all
    generals start with, or one for each that starts with one. strategy: `alternate`, `silent` or `random`, which draws
    from `seed`. node, deadline, and what is returned: as for `replay`. Raises UsageError for what does not exist,
    NodeError where a program is at fault.
    """
    from byzverify.questions import simulating

    if node is None:
        return simulating.simulate(model, traitors, orders, strategy, seed)
    return simulating.simulate_programs(model, traitors, orders, _team(node, model), strategy, seed, deadline)


def test(
    model: Protocol,
    node: Implementation,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    attacks: int = 100,
    seed: int = 0,
    deadline: float = DEADLINE,
    timeout: float | None = None,
    keep_going: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> Campaign:
    """Test programs that claim to be a model: play attacks of every kind against them, and make small what breaks.

    node: what plays the loyal generals, as for `replay`. traitors: the most that may be present, as for `check`.
    attacks: how many trials with faulty generals. seed: what chance draws from. deadline: seconds that a program may
    take for each answer. timeout: seconds for everything. keep_going: play all, also after something broke.

    Returns a `Campaign`: `played`, `broken`, `attack` (to be saved, if something broke), `verdict` of the model,
    `exit_code`. Raises NodeError where a program fails though nobody attacks it, UsageError for what is impossible.
    """
    from byzverify.campaign.campaign import run_campaign

    return run_campaign(
        model,
        _team(node, model),
        traitors,
        attacks=attacks,
        seed=seed,
        deadline=deadline,
        timeout=timeout,
        keep_going=keep_going,
        progress=progress,
    )


def prove(
    kind: type[Protocol],
    *,
    assuming: str | None = None,
    timeout: float | None = None,
    solver: str = "z3",
    progress: Callable[[str], None] = lambda line: None,
    **fixed: Any,
) -> FamilyVerdict:
    """Whether every condition of a protocol holds at every size: `prove(PhaseKing)`.

    kind: a protocol class, as `list_models()["phase_king"]`. assuming: for which sizes, in place of the protocol's own
    claim, as `n > 3*m - 1`; unless it says something of t, at most m generals are traitors. timeout: seconds after
    which the answer is unknown. solver: `z3`, or `all`, which compares all that know arithmetic. progress: called with
    a line about each step. fixed: values of parameters, such as `values=3`.

    Returns a `FamilyVerdict`: `verdict`, `statement` (for which sizes), `conditions` (each with `smallest`, the least
    size at which it fails), `obligations`, `argument`, `refuted` (the check with the attack), `exit_code`. Raises
    UsageError for an assumption that cannot be read, ProtocolError if the program breaks a rule of the language,
    ReplayMismatch and Disagreement for a bug in byzverify.
    """
    from byzverify.questions.proving import prove as proved

    return proved(kind, assuming=assuming, timeout=timeout, solver=solver, progress=progress, **fixed)


def bound(
    kind: type[Protocol],
    *,
    timeout: float | None = None,
    solver: str = "z3",
    progress: Callable[[str], None] = lambda line: None,
    **fixed: Any,
) -> Bounds:
    """The weakest linear bounds on n under which each condition is proved at every size: `bound(Crusader)`.

    kind, timeout, solver, progress, fixed: as for `prove`. Returns `Bounds`: `conditions` has for each condition its
    bounds, each with `text` and `below`, the size just below at which an attack breaks it; and `exit_code`. Raises what
    `prove` raises.
    """
    from byzverify.questions.bounding import bound as found

    return found(kind, timeout=timeout, solver=solver, progress=progress, **fixed)


def map(
    model: str,
    *,
    n: str | int | None = None,
    m: str | int | None = None,
    t: str | int | None = None,
    faults: str | None = None,
    values: str | int | None = None,
    graph: str | None = None,
    graphs: str | None = None,
    settings: Sequence[str] = (),
    jobs: int | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    store: str | Path | None = None,
    progress: Callable[[Map, int], None] = lambda found, running: None,
) -> Map:
    """Decide every combination of sizes, faults, graphs and parameters: `map("om", n="3..7", m="0..2", t="0..2")`.

    model: its short name, or `path/to/file.py:Class`. n, m, t, values: a number, a range `3..12`, or a list `3,5,7`.
    faults: such numbers by mode, `byzantine=0..2,manifest=0..1`. graphs: a family such as `connected:3..5`, or a file.
    settings: `name=values` for other parameters. jobs: how many cells at once, by default one for each core. timeout,
    memory: seconds and bytes that each cell may take. store: a file from which cells are recalled and in which they
    are kept; without it nothing is. progress: called with what is known so far, and how many cells are running.

    Returns a `Map`: `known` has what is known of each place (`verdict`, `breaks`, `reason`, `claimed`, `seconds`,
    `attack`); `all_sizes` what lemmas prove beyond the edge, and `larger` from which n on, by row; `recalled`,
    `exit_code`. Raises UsageError for what cannot be read, and what a check raises where it
    cannot be answered, with the cell.
    """
    from contextlib import nullcontext

    from byzverify.maps.axes import landscape_of
    from byzverify.maps.mapping import mapped
    from byzverify.maps.store import Store

    sizes = {"n": n, "m": m, "t": t, "values": values}
    texts = {name: None if given is None else str(given) for name, given in sizes.items()}
    landscape = landscape_of(model, **texts, faults=faults, graph=graph, graphs=graphs, settings=settings)
    with nullcontext() if store is None else Store(Path(store)) as kept:
        return mapped(landscape, jobs=jobs, timeout=timeout, memory=memory, store=kept, progress=progress)


def map_solvable(
    *,
    n: str | int | None = None,
    t: str | int | None = None,
    faults: str | Sequence[str] = (),
    graph: str | None = None,
    graphs: str | None = None,
    problem: str = "broadcast",
    signed: bool = False,
    jobs: int | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    certificates: str | Path | None = None,
    progress: Callable[[PeriodicTable, int], None] = lambda found, running: None,
) -> PeriodicTable:
    """The least number of rounds of any protocol, for every combination: `map_solvable(n="3..7", t="1..2")`.

    n, t, graph, graphs, jobs, timeout, memory: as for `map`. faults: numbers by mode, as `crash=1..2`, or several such
    texts, one for each panel; by default one byzantine general. On graphs, every general commands, one of those that
    are alike. problem, signed: as for `solvable`. certificates: a folder for what proves each cell. progress: called
    with what is known so far, and how many cells are running.

    Returns a `PeriodicTable`: `known` has for each cell `verdict`, `rounds`, `impossible_rounds`, `open`, `executions`,
    `rule`, `free`, `decided`, `reason`, `seconds`; `contradictions`, `exit_code`. Raises UsageError for what cannot be
    read, ReplayMismatch if the independent checker refuses what was found.
    """
    from byzverify.maps.networks import cells_of
    from byzverify.maps.proof_files import save_proofs
    from byzverify.maps.tabulating import tabulated

    sizes = {"n": None if n is None else str(n), "t": None if t is None else str(t)}
    several = (faults,) if isinstance(faults, str) else faults
    cells = cells_of(**sizes, faults=several, graph=graph, graphs=graphs, problem=problem, signed=signed)
    found = tabulated(cells, jobs=jobs, timeout=timeout, memory=memory, progress=progress)
    return found if certificates is None else save_proofs(found, Path(certificates))


def export(
    what: Protocol | type[Protocol] | str | Path,
    to: str,
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    output: str | Path | None = None,
    timeout: float | None = None,
    model: str | None = None,
    assuming: str | None = None,
    **fixed: Any,
) -> dict[Path, str]:
    """A model as a model or a formula for another tool, or an attack as a drawing: the files, the main one first.

    what: a protocol; a protocol class, for the lemmas of a proof for all sizes; or the path of an attack's file. to:
    for a protocol `tla`, `promela`, `smtlib`, `dimacs` or `opb`; for a class `smtlib`; for an attack `dot`, `mermaid`,
    `csv`, `shiviz` or `itf`. traitors: as for `check`. output: the main file's path; a TLA+ module is called like it.
    Nothing is written. timeout: in seconds. model: of the file, as for `replay`. assuming, fixed: of a class, as for
    `prove`.

    Raises UsageError for what cannot be exported, Stopped at the time limit.
    """
    from byzverify.language.protocol import Protocol

    path = None if output is None else Path(output)
    if isinstance(what, type):
        from byzverify.exporters.formats import ProofFormat, exported_for_all

        return exported_for_all(what, fixed, assuming, ProofFormat(to), path, Limit.within(timeout))
    if not isinstance(what, Protocol):
        from byzverify.rendering.attack.exports import AttackFormat
        from byzverify.rendering.attack.exports import exported as drawn

        return {path or Path(what).with_suffix(f".{to}"): drawn(Path(what), AttackFormat(to), model)}
    from byzverify.exporters.formats import Format, exported
    from byzverify.questions.question import budget_for

    limit = NO_LIMIT if timeout is None else Limit.within(timeout)
    return exported(what, budget_for(what, traitors), Format(to), path, limit)


def explain(attack: Attack | str | Path, *, model: str | None = None) -> list[str]:
    """The story of an attack, sentence by sentence.

    attack: an attack, or the path of its file. model: of the file, as for `replay`. Raises AttackFileError as `replay`.
    """
    from byzverify.attacks.run_log import RunLog
    from byzverify.stories.narration import story

    return story(RunLog(replay(attack, model=model)))


def report(
    what: Map | Attack | str | Path | Sequence[Attack | str | Path], output: str | Path, *, model: str | None = None
) -> None:
    """Draw attacks: as a page on which they can be changed, or one as a diagram; or draw a map.

    what: an attack, or the path of its file; several to be compared; or a map, or the path of its file. output: the
    file to write: for attacks it ends in .html, .svg or .png. model: of the files, as for `replay`. Raises
    AttackFileError for a file that is no attack, UsageError for what cannot be made or written.
    """
    from byzverify.attacks.attack import Attack
    from byzverify.maps.landscape import Map
    from byzverify.rendering.map.shown import save_map
    from byzverify.rendering.output import save

    if isinstance(what, Map):
        save_map(what, Path(output))
    else:
        several = [what] if isinstance(what, Attack | str | Path) else what
        save([one if isinstance(one, Attack) else Path(one) for one in several], Path(output), model)


def _team(node: Implementation, model: Protocol) -> Team:
    """Who plays whom. Raises UsageError for what plays nothing, or plays a general that does not exist."""
    from byzverify.nodes.team import team_for

    team = team_for(node)
    team.demand_generals(model.n)
    return team


@overload
def museum() -> list[Exhibit]: ...


@overload
def museum(exhibit: str, progress: Callable[[str], None] = ...) -> tuple[Refuted, Proved]: ...


def museum(
    exhibit: str | None = None, progress: Callable[[str], None] = lambda line: None
) -> list[Exhibit] | tuple[Refuted, Proved]:
    """The published mistakes; or, of the exhibit of this name, the mistake broken and its repair proved.

    progress: called with a line about each step. Returns exhibits, which have `name`, `title`, `story`, `source`,
    `mistake`, `breaks`, `repair` and `repaired`, or two verdicts. Raises UsageError if there is no such exhibit.
    """
    from byzverify.catalogue import configurations
    from byzverify.questions.exhibits import visit

    if exhibit is None:
        return configurations.exhibits()
    shown = configurations.exhibit(exhibit)
    return visit(shown.mistake, shown.repair, progress)
