"""One check by several processes: it comes to what it comes to in one, whatever happens to them."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import byzverify
from byzverify.attacks.attack import Attack
from byzverify.catalogue import library
from byzverify.engines.finite.scenarios import NONE, scenarios
from byzverify.errors import ByzverifyError, Outdated, OutOfTime, UsageError
from byzverify.language.faults import Fault
from byzverify.logic.cubes import WHOLE, split
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.questions import parallel
from byzverify.questions.tasks import Instance, Reply, Scene, Task, Unfinished, replies
from byzverify.questions.verdict import Verdict
from byzverify.scenario.behaviour import Behaviour
from byzverify.solvers.answers import Undecided, Unsatisfiable
from byzverify.workers.crew import Crew, local_crew
from byzverify.workers.hiring import crew_at
from byzverify.workers.worker import Allowance
from tests.support.calling import Call
from tests.support.calling import byzverify as called

__all__ = ["Call", "called"]

FREELY = Allowance()

PARTIAL = Path(__file__).with_name("partial.py")
FIELDED = Path(__file__).parents[1] / "differential" / "fielded.py"


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with local_crew(2, FREELY) as crew:
        yield crew


def settled(verdict: Verdict) -> Any:
    """All but how long it took, and which attack was found."""
    cases = [(known.cases, known.loyal, known.fallible) for known in verdict.conditions]
    return type(verdict), verdict.conditions, cases, verdict.evidence


CONFIGURATIONS: list[tuple[str, dict[str, Any], Any, dict[str, Any]]] = [
    ("om", {"n": 4, "m": 1}, None, {}),
    ("om", {"n": 4, "m": 1}, None, {"raw": True}),
    ("om", {"n": 6, "m": 2}, None, {"raw": True}),
    ("om", {"n": 4, "m": 1, "values": 3}, None, {"raw": True}),
    ("om_graph", {"n": 6, "m": 1, "graph": "circulant:6:1,2", "p": 3}, None, {"raw": True}),
    ("omh", {"n": 4, "m": 1}, {"byzantine": 1, "manifest": 1}, {}),
    ("sm", {"n": 4, "m": 2}, None, {}),
    ("sm", {"n": 4, "m": 1}, 2, {}),
    ("phase_king", {"n": 4, "m": 1}, None, {}),
    ("phase_king", {"n": 4, "m": 1}, None, {"solver": "cadical"}),
    ("phase_king", {"n": 4, "m": 1}, {"crash": 2}, {}),
    ("phase_king", {"n": 3, "m": 1}, None, {}),
    (f"{PARTIAL}:Partial", {"n": 4}, 0, {}),
    (f"{PARTIAL}:Partial", {"n": 4}, 1, {}),
    (f"{PARTIAL}:Stubborn", {"n": 4}, 0, {}),
    (f"{PARTIAL}:Stubborn", {"n": 4}, 1, {}),
    ("phase_queen", {"n": 5, "m": 1}, {"omission": 1}, {}),
    (f"{FIELDED}:Empty", {"n": 4}, 1, {}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("model", "parameters", "traitors", "how"), CONFIGURATIONS)
def test_the_verdict_and_all_that_was_looked_at_are_the_same(
    model: str, parameters: dict[str, Any], traitors: Any, how: dict[str, Any], crew: Crew
) -> None:
    instance = library.build(library.find(model), parameters)
    alone = byzverify.check(instance, traitors, **how)
    together = byzverify.check(instance, traitors, crew=crew, **how)
    assert settled(together) == settled(alone)
    if isinstance(together, byzverify.Refuted):
        assert together.replay.violated


class Here(Executor):
    """An executor that has every task done here and now, by `work`; what that leaves out is never done."""

    def __init__(self, work: Callable[[Task], list[Reply] | None]) -> None:
        self.work = work
        self.tasks: list[Task] = []

    def submit(self, function: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.tasks += arguments
        found = self.work(*arguments)
        if found is not None:
            future.set_result(found)
        return future

    def crew(self, places: int = 2) -> Crew:
        return Crew(self, places, places, FREELY)


@pytest.mark.slow
@pytest.mark.parametrize("model", [OM(n=4, m=1), PhaseKing(n=4, m=1)])
def test_what_is_proved_cube_by_cube_alone_comes_to_the_same(model: Any) -> None:
    """No whole case is ever decided, and the first cube of each is divided further."""

    def only_cubes_end(task: Task) -> list[Reply] | None:
        if task.cube == WHOLE:
            return replies(replace(task, slice=0)) if task.slice < 16 * parallel.SLICE else None
        divided = task.slice == 2 * parallel.SLICE and not any(holds for _, holds in task.cube)
        return replies(replace(task, slice=0) if divided else task)

    here = Here(only_cubes_end)
    together = byzverify.check(model, raw=True, crew=here.crew(16))
    assert settled(together) == settled(byzverify.check(model, raw=True))
    assert max(task.slice for task in here.tasks if task.cube) == 4 * parallel.SLICE


@pytest.mark.slow
@pytest.mark.parametrize("known", [True, False], ids=["the whole is decided", "nobody can decide the whole"])
def test_a_case_that_fails_in_a_cube_is_told_by_the_attack_that_the_whole_finds(known: bool) -> None:
    """The wholes of cases end when a cube has failed: the executor keeps them until then."""
    kept: list[tuple[Future[Any], Task]] = []

    class CubesFirst(Here):
        def submit(self, function: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
            future = super().submit(function, *arguments, **keywords)
            kept.extend([(future, *arguments)] if not future.done() else [])
            return future

    def release(line: str) -> None:
        while line.startswith("replaying") and kept:
            late, whole = kept.pop()
            if late.set_running_or_notify_cancel():
                late.set_result(replies(whole) if known else [Undecided("out of memory")])

    def in_cubes(task: Task) -> list[Reply] | None:
        if task.cube:
            return replies(task)
        return replies(replace(task, slice=0)) if task.slice < 16 * parallel.SLICE else None

    model = PhaseKing(n=3, m=1)
    together = byzverify.check(model, crew=CubesFirst(in_cubes).crew(16), progress=release)
    assert isinstance(together, byzverify.Refuted)
    assert not known or together.attack == attack_with(1, model)


def attack_with(jobs: int, model: Any) -> Attack:
    """The attack that so many processes find."""
    verdict = byzverify.check(model, jobs=jobs)
    assert isinstance(verdict, byzverify.Refuted)
    return verdict.attack


@pytest.mark.parametrize(
    "model", [PhaseKing(n=3, m=1), pytest.param(PhaseKing(n=6, m=2), marks=pytest.mark.slow)], ids=str
)
def test_which_attack_is_found_does_not_depend_on_how_many_processes_there_are(model: Any) -> None:
    assert attack_with(1, model) == attack_with(3, model)


@pytest.mark.slow
@pytest.mark.parametrize("missing", [Unfinished(), Undecided("it is tired"), Unsatisfiable()])
def test_a_case_holds_where_it_holds_in_every_cube_and_only_there(missing: Reply) -> None:
    def whole_cases_take_for_ever(task: Task) -> list[Reply] | None:
        if task.cube == WHOLE:
            return [Unfinished(("a", "b")) for _ in task.numbers] if task.slice == parallel.SLICE else None
        if task.cube != (("a", True), ("b", False)):
            return [Unsatisfiable()]
        return None if isinstance(missing, Unfinished) else [missing]

    crew = Here(whole_cases_take_for_ever).crew(1000)
    if isinstance(missing, Unsatisfiable):
        assert isinstance(byzverify.check(PhaseKing(n=4, m=1), crew=crew), byzverify.Proved)
    else:
        verdict = byzverify.check(PhaseKing(n=4, m=1), timeout=0.5, crew=crew)
        assert isinstance(verdict, byzverify.Unknown)
        assert [(known.verdict, known.cases) for known in verdict.conditions] == [("unknown", 0), ("unknown", 0)]
        assert verdict.reason == "the time limit passed"


def test_whole_cases_are_tried_for_longer_and_longer_and_cubes_twice_as_long_as_what_they_are_parts_of() -> None:
    def patient(task: Task) -> list[Reply] | None:
        if task.cube == WHOLE:
            return [Unfinished(("a",)) for _ in task.numbers] if task.slice < 16 * parallel.SLICE else None
        return [Unfinished(("b",)) if len(task.cube) == 1 else Unsatisfiable()]

    here = Here(patient)
    assert isinstance(byzverify.check(OM(n=3, m=1), 0, raw=True, crew=here.crew(1000)), byzverify.Proved)
    seen = {(task.slice, task.cube) for task in here.tasks}
    halves = split(WHOLE, "a")
    quarters = [part for half in halves for part in split(half, "b")]
    assert seen == {
        *((times * parallel.SLICE, WHOLE) for times in (1, 4, 16)),
        *((2 * parallel.SLICE, cube) for cube in halves),
        *((4 * parallel.SLICE, cube) for cube in quarters),
    }


def test_nothing_is_divided_while_there_are_other_cases_for_all_places() -> None:
    def slow_at_first(task: Task) -> list[Reply]:
        return [Unfinished(("a",)) if task.slice < 4 * parallel.SLICE else Unsatisfiable() for _ in task.numbers]

    here = Here(slow_at_first)
    assert isinstance(byzverify.check(PhaseKing(n=4, m=1), crew=here.crew(1)), byzverify.Proved)
    assert {task.cube for task in here.tasks} == {WHOLE}


def test_what_is_left_of_a_refuted_condition_is_not_asked() -> None:
    broken: list[str] = []

    def noted(task: Task) -> list[Reply]:
        found = replies(task)
        for number, reply in zip(task.numbers, found, strict=True):
            broken.extend([task.scene.cases[number][0]] if isinstance(reply, Behaviour) else [])
        return found

    here = Here(noted)
    verdict = byzverify.check(OM(n=6, m=2), raw=True, crew=here.crew())
    assert isinstance(verdict, byzverify.Refuted)
    assert sorted(broken) == ["IC1", "IC2"]
    assert list(dict.fromkeys(tuple(sorted(task.scene.faults)) for task in here.tasks)) == [(4, 5), ()]


@pytest.mark.slow
def test_an_attack_that_was_replayed_counts_where_the_check_is_stopped_before_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Task] = []
    found: list[Reply] = []

    def all_but_the_first(task: Task) -> list[Reply] | None:
        asked.append(task)
        if task is asked[0]:
            return None
        if any(isinstance(reply, Behaviour) for reply in found):
            monkeypatch.setattr("byzverify.signals._interrupted", True)
        found[:] = replies(task)
        return list(found)

    verdict = byzverify.check(PhaseKing(n=6, m=2), crew=Here(all_but_the_first).crew())
    assert isinstance(verdict, byzverify.Refuted)
    assert "interrupted" in {known.reason for known in verdict.conditions}


@pytest.mark.slow
def test_a_limit_that_passes_or_a_user_who_interrupts_ends_it_with_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never = Here(lambda task: None)
    verdict = byzverify.check(PhaseKing(n=4, m=1), timeout=0.5, crew=never.crew())
    assert isinstance(verdict, byzverify.Unknown)
    assert (verdict.reason, verdict.exit_code) == ("the time limit passed", 3)

    def interrupt(task: Task) -> None:
        monkeypatch.setattr("byzverify.signals._interrupted", True)

    verdict = byzverify.check(PhaseKing(n=4, m=1), crew=Here(interrupt).crew())
    assert isinstance(verdict, byzverify.Unknown)
    assert (verdict.reason, verdict.exit_code) == ("interrupted", 130)


def task_of(model: Any) -> Task:
    scenario = list(scenarios(model, {Fault.BYZANTINE: 1}, NONE))[1]
    instance = Instance.of(model, "z3", raw=False)
    return Task(Scene.of(instance, scenario), (0,), WHOLE, parallel.SLICE, 2, FREELY)


def test_a_worker_knows_variables_by_what_they_are_about() -> None:
    task = task_of(PhaseKing(n=3, m=1))
    kinds = set()
    for number in range(len(task.scene.cases)):
        asked = replace(task, numbers=(number,))
        (whole,), (unfinished,) = replies(asked), replies(replace(asked, slice=0))
        assert isinstance(unfinished, Unfinished)
        assert len(unfinished.votes) == 2
        parts = [replies(replace(asked, cube=cube))[0] for cube in split(WHOLE, unfinished.votes)]
        assert any(isinstance(part, Behaviour) for part in parts) == isinstance(whole, Behaviour)
        assert all(isinstance(part, Behaviour | Unsatisfiable) for part in parts)
        kinds.add(type(whole))
    assert kinds == {Behaviour, Unsatisfiable}


def test_a_scene_that_a_worker_keeps_has_the_time_of_the_current_task() -> None:
    task = task_of(PhaseKing(n=3, m=1))
    known = replies(task)
    with pytest.raises(OutOfTime):
        replies(replace(task, allowance=Allowance(seconds=0)))
    assert replies(task) == known


def test_a_case_that_fails_is_told_before_the_next_is_tried() -> None:
    task = task_of(PhaseKing(n=3, m=1))
    each = [replies(replace(task, numbers=(number,)))[0] for number in range(len(task.scene.cases))]
    (fails,) = [number for number, reply in enumerate(each) if isinstance(reply, Behaviour)]
    assert [type(reply) for reply in replies(replace(task, numbers=(fails, fails)))] == [Behaviour, Unfinished]


def test_a_variable_that_a_worker_does_not_know_is_an_error() -> None:
    task = task_of(PhaseKing(n=3, m=1))
    with pytest.raises(ByzverifyError, match="no variable 'unheard of'") as raised:
        replies(replace(task, cube=(("unheard of", True),)))
    assert raised.value.exit_code == 4


def test_a_worker_that_has_another_model_refuses() -> None:
    task = task_of(PhaseKing(n=3, m=1))
    other = replace(task.scene.instance.code, key="another")
    edited = replace(task.scene, instance=replace(task.scene.instance, code=other))
    with pytest.raises(Outdated, match="differs here"):
        replies(replace(task, scene=edited))


DYING = """
import os, signal
from contextlib import suppress
from pathlib import Path
from byzverify.models.phase_king import PhaseKing

class Dying(PhaseKing):
    deaths: int = 1
    hoards: bool = False

    def general(self, me, order):
        hoard = bytearray(2**29) if self.hoards and "BYZVERIFY_WORKER" in os.environ else b""
        for death in range(self.deaths if "BYZVERIFY_WORKER" in os.environ else 0):
            with suppress(FileExistsError):
                Path(__file__).with_name(f"died-{death}").touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
        return (yield from super().general(me, order))
"""


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_one_that_always_is_makes_it_unknown(
    tmp_path: Path, crew: Crew
) -> None:
    file = tmp_path / "dying.py"
    file.write_text(DYING)
    dying = library.find(f"{file}:Dying")
    verdict = byzverify.check(library.build(dying, {"n": 4, "m": 1, "deaths": 1}), crew=crew)
    assert len(list(tmp_path.glob("died-*"))) == 1
    assert isinstance(verdict, byzverify.Proved)
    verdict = byzverify.check(library.build(dying, {"n": 4, "m": 1, "deaths": 100}), crew=crew)
    assert isinstance(verdict, byzverify.Unknown)
    assert verdict.reason == "died: its process was killed, or the system ran out of memory"


@pytest.mark.slow
def test_what_the_workers_have_no_memory_for_is_unknown(tmp_path: Path) -> None:
    file = tmp_path / "dying.py"
    file.write_text(DYING)
    hoarding = library.build(library.find(f"{file}:Dying"), {"n": 4, "m": 1, "deaths": 0, "hoards": True})
    with local_crew(1, Allowance(memory=400 << 20)) as crew:
        verdict = byzverify.check(hoarding, crew=crew)
    assert isinstance(verdict, byzverify.Unknown)
    assert verdict.reason == "out of memory"


@pytest.mark.slow
def test_a_cluster_comes_to_the_same() -> None:
    with crew_at("local", 1, FREELY) as crew:
        verdict = byzverify.check(PhaseKing(n=4, m=1), crew=crew)
    assert settled(verdict) == settled(byzverify.check(PhaseKing(n=4, m=1)))


def test_the_command_takes_jobs_and_says_what_one_process_says(called: Call) -> None:
    alone, together = called("check om -n 3 -m 1 --raw"), called("check om -n 3 -m 1 --raw --jobs 1")
    assert alone.code == together.code == 1
    assert "REFUTED" in together.out
    assert called("check om -n 4 -m 1 --jobs 0").code == 2


def test_what_makes_no_sense_is_refused(crew: Crew) -> None:
    with pytest.raises(UsageError, match="1 job or more"):
        byzverify.check(OM(n=4, m=1), jobs=0)
    with pytest.raises(UsageError, match="either jobs or a crew"):
        byzverify.check(OM(n=4, m=1), jobs=1, crew=crew)
    with pytest.raises(UsageError, match="is not defined in a file"):
        byzverify.check(type("Nowhere", (OM,), {"__module__": "nowhere"})(n=4, m=1), crew=crew)


SCRIPT = """
import byzverify, helper
from byzverify.models.phase_king import PhaseKing

class Mine(PhaseKing):
    def general(self, me, order):
        import late
        return (yield from super().general(me, order))

print(type(byzverify.check(Mine(n=3, m=1), jobs=1)).__name__)
"""


@pytest.mark.slow
def test_a_script_may_ask_at_its_top_level_and_is_not_executed_whole_by_its_workers(tmp_path: Path) -> None:
    for name, text in {"script": SCRIPT, "helper": "print('helper')", "late": ""}.items():
        (tmp_path / f"{name}.py").write_text(text)
    ended = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=False)
    assert ended.stdout == "helper\nRefuted\n"
    assert "helper" in ended.stderr
    assert ended.stderr.replace("helper", "").strip() == ""  # two processes may write at once
