"""The guards of `check`: where they run, and what becomes of a proof or an attack that they contradict."""

import errno
import importlib
import os
import random
import subprocess
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar, NamedTuple

import psutil
import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.crosscheck import sessions
from byzverify.crosscheck.differences import Found
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.guarding import guarded
from byzverify.crosscheck.plans import Plan
from byzverify.crosscheck.refuting import examine_attack
from byzverify.crosscheck.reloading import FEW_LOADS, constants, demand_constant, how_often
from byzverify.crosscheck.sessions import Session
from byzverify.errors import OutOfTime, ProtocolError, ReplayMismatch
from byzverify.language import (
    CONSENSUS,
    FALSE,
    RETREAT,
    TRUE,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    broadcast,
    majority,
)
from byzverify.language.faults import budget_of
from byzverify.language.messages import Site
from byzverify.limits import NO_LIMIT, Limit
from byzverify.models.om import OM
from byzverify.rendering.json import verdict_as_json
from byzverify.rendering.verdict.asked import looked_at
from byzverify.simulation.judging import judge
from byzverify.simulation.trial import Trial


def where(protocol: Protocol) -> tuple[int, int, str | None, int]:
    """Which process answers, whose child it is, and how its hashes begin."""
    return os.getpid(), os.getppid(), os.environ.get("PYTHONHASHSEED"), hash("a text")


def answered(protocol: Protocol) -> tuple[int, int, str | None, int]:
    session = Session(protocol)
    session.ask(where)
    try:
        found: tuple[int, int, str | None, int] = session.answer(NO_LIMIT)
    finally:
        session.close()
    return found


class Local(Protocol):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return inbox.get(self.others(me)[0], default=RETREAT)


def server_of_om() -> sessions.Server:
    return next(server for (where, _, turn), server in sessions._servers.items() if (where.qualname, turn) == ("OM", 0))


def unfindable() -> Protocol:
    class Hidden(Local):
        pass

    return Hidden(n=4)


def test_what_nobody_else_can_find_is_examined_in_a_child_of_ours() -> None:
    first, second = answered(unfindable()), answered(unfindable())
    assert first[1] == second[1] == os.getpid()
    assert first[0] != second[0]


@pytest.mark.slow
def test_a_proof_says_that_a_fresh_interpreter_agrees_and_its_server_is_kept() -> None:
    for _ in range(2):
        verdict = byzverify.check(OM(n=4, m=1))
        assert isinstance(verdict, byzverify.Proved)
        assert verdict.evidence.compared.fresh
        assert verdict.evidence.compared.runs >= 16
        assert verdict.evidence.compared.alone >= 3 * verdict.evidence.compared.runs / 2
    server = server_of_om()
    byzverify.check(OM(n=5, m=1))
    assert server_of_om() is server


def test_a_model_that_is_loaded_anew_keeps_its_server_until_its_text_or_a_helpers_changes(tmp_path: Path) -> None:
    model = tmp_path / "mine.py"
    model.write_text(
        "from helper import rule\nfrom byzverify.language import CONSENSUS, Protocol, broadcast\n\n"
        "class Mine(Protocol):\n    problem = CONSENSUS\n\n"
        "    def general(self, me, order):\n        yield broadcast(order)\n        return rule(order)\n"
    )
    (tmp_path / "helper.py").write_text("def rule(order):\n    return order\n")
    servers = []
    for edited in (False, False, True):
        if edited:
            (tmp_path / "helper.py").write_text("def rule(vote):\n    return vote\n")
        session = Session(library.find(f"{model}:Mine", anew=True)(n=4))
        session.ask(constants, 0)
        session.answer(NO_LIMIT)
        session.close()
        servers.append(next(reversed(sessions._servers.values())))
    assert servers[0] is servers[1]
    assert servers[1] is not servers[2]


BY_A_KING = """
import random, sys, time
from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

KING = {drawn}

class Mine(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(KING, default=RETREAT)
"""


COINS = ["random.randrange(2)", "time.time_ns() // 100 % 2", "int({*'ab'}.pop() == 'a')"]


@pytest.mark.slow
@pytest.mark.parametrize("drawn", COINS)
def test_what_is_drawn_at_load_is_refused_though_two_loads_in_a_row_may_come_to_the_same(
    drawn: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(BY_A_KING.format(drawn=drawn))
    with pytest.raises(ProtocolError, match=r"KING is \d, but when the model is loaded again KING is \d: what a "):
        byzverify.check(library.find(f"{tmp_path / 'mine.py'}:Mine", anew=True)(n=4), 0)


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], type[Protocol]]:
    """A model with this text in a module that Python has imported, not byzverify."""

    def found(text: str) -> type[Protocol]:
        (tmp_path / "imported_mine.py").write_text(text)
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, "imported_mine", raising=False)
        kind: type[Protocol] = importlib.import_module("imported_mine").Mine
        return kind

    return found


@pytest.mark.slow
@pytest.mark.parametrize("drawn", COINS[:2])
def test_so_is_what_a_module_draws_that_was_imported_otherwise(
    drawn: str, imported: Callable[[str], type[Protocol]]
) -> None:
    with pytest.raises(ProtocolError, match="but when the model is loaded again KING is"):
        byzverify.check(imported(BY_A_KING.format(drawn=drawn))(n=4), 0)


@pytest.mark.slow
def test_what_its_functions_import_may_be_loaded_in_one_process_and_not_yet_in_the_other(
    tmp_path: Path, imported: Callable[[str], type[Protocol]]
) -> None:
    (tmp_path / "late_rule.py").write_text("WEIGHT = 1\n\n\ndef rule(votes):\n    return votes[WEIGHT]\n")
    text = BY_A_KING.format(drawn="2").replace(
        "    def general", "    def rule(self):\n        from late_rule import rule\n\n    def general"
    )
    assert byzverify.check(imported(text)(n=4), 0)


@pytest.mark.slow
def test_a_sequence_that_is_drawn_at_load_is_refused(tmp_path: Path) -> None:
    text = BY_A_KING.format(drawn="2").replace(
        "class Mine", "SEQUENCE = dict.fromkeys(random.sample(range(9), 9))\n\n\nclass Mine"
    )
    (tmp_path / "mine.py").write_text(text.replace("inbox.get(KING", "inbox.get(next(iter(SEQUENCE)) % 4"))
    with pytest.raises(ProtocolError, match="SEQUENCE has another sequence when the model is loaded again"):
        byzverify.check(library.find(f"{tmp_path / 'mine.py'}:Mine", anew=True)(n=4), 0)


SEEDED = ["random.Random(1).randrange(2)", "random.seed(1) or random.randrange(2)"]

RARE = "int({}.random() < 0.1)"

ANOTHER_KING = r"KING is \d, but when the model is loaded again KING is \d"


@pytest.mark.slow
def test_random_numbers_without_a_seed_that_seldom_matter_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(BY_A_KING.format(drawn=RARE.format("random")))
    with pytest.raises(ProtocolError, match=ANOTHER_KING):
        byzverify.check(library.find(f"{tmp_path / 'mine.py'}:Mine")(n=4), 0)


@pytest.mark.slow
def test_so_are_those_of_numpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = random.Random()
    numpy = SimpleNamespace(seed=shared.seed, get_state=shared.getstate, random=shared.random)
    monkeypatch.setitem(sys.modules, "numpy.random", numpy)
    (tmp_path / "mine.py").write_text(BY_A_KING.format(drawn=RARE.format("sys.modules['numpy.random']")))
    kind = library.find(f"{tmp_path / 'mine.py'}:Mine")
    with pytest.raises(ProtocolError, match=ANOTHER_KING):
        demand_constant(kind(n=4).state().constants, constants(kind(n=4), 2), kind)


LOGS = """
import logging
from pathlib import Path
from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

log = logging.getLogger("votes")
log.setLevel(logging.DEBUG)
log.addHandler(logging.FileHandler(Path(__file__).with_name("votes.log"), delay=True))


class Mine(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        log.debug("general %d begins", me)
        inbox = yield broadcast(order)
        return majority([inbox.get(j, default=RETREAT) for j in self.generals])
"""


@pytest.mark.slow
def test_a_program_may_log_to_a_file_that_is_opened_late_and_logs_nothing_of_a_check(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(LOGS)
    kind = library.find(f"{tmp_path / 'mine.py'}:Mine")
    verdict = byzverify.check(kind(n=4), 0)
    assert isinstance(verdict, byzverify.Proved)
    assert verdict.evidence.asymmetry is None
    assert not (tmp_path / "votes.log").exists()
    byzverify.simulate(kind(n=4), [], ["ATTACK"])
    assert (tmp_path / "votes.log").read_text().count("begins") == 4


PLAINLY = (
    "from byzverify.language import Protocol\nimport json, logging, helper\n{}\n\n\nclass Mine(Protocol):\n    pass\n"
)


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        ("", 0),
        ("import networkx", FEW_LOADS),
        ("import random", 16),
        ("from statistics import NormalDist\nNOISE = NormalDist().samples(1)", FEW_LOADS),
        ("DRAWN = open('/dev/urandom', 'rb').read(1)", 16),
    ],
)
@pytest.mark.parametrize("folder", ["mine", "networkx"])
def test_a_model_is_loaded_anew_as_often_as_its_code_gives_reason_to(
    text: str, loads: int, folder: str, tmp_path: Path
) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "helper.py").write_text("")
    (tmp_path / folder / "mine.py").write_text(PLAINLY.format(text))
    assert how_often(library.find(f"{tmp_path / folder / 'mine.py'}:Mine"), 16) == loads


@pytest.mark.parametrize(("text", "loads"), [("", 0), ("SIZE = networkx.path_graph(3).order()", FEW_LOADS)])
def test_of_a_module_that_python_has_imported_what_it_executes_counts(
    text: str, loads: int, imported: Callable[[str], type[Protocol]]
) -> None:
    assert how_often(imported(f"import networkx\n{PLAINLY.format(text)}".replace(", helper", "")), 16) == loads


@pytest.mark.slow
def test_random_numbers_that_no_program_refers_to_are_no_harm(tmp_path: Path) -> None:
    text = BY_A_KING.format(drawn="2") + "\n\nSAMPLE = [random.random() for _ in range(3)]\n"
    (tmp_path / "mine.py").write_text(text)
    assert byzverify.check(library.find(f"{tmp_path / 'mine.py'}:Mine")(n=4), 0)


@pytest.mark.slow
@pytest.mark.parametrize("drawn", SEEDED)
def test_what_a_seed_decides_at_load_is_no_chance(drawn: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(BY_A_KING.format(drawn=drawn))
    assert byzverify.check(library.find(f"{tmp_path / 'mine.py'}:Mine")(n=4), 0)


class FirstOfTexts(Protocol):
    """Everyone obeys a general who depends on the order of a set of texts."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        first = {"1", "2"}.__iter__().__next__()
        inbox = yield broadcast(order)
        return inbox.get(int(first), default=RETREAT)


@pytest.mark.slow
def test_what_depends_on_hashes_of_texts_is_noticed_in_interpreters_with_other_hashes() -> None:
    model = FirstOfTexts(n=4)
    with (
        guarded(model, budget_of(0), Effort(), model.state()) as guards,
        pytest.raises(ProtocolError, match="when he runs alone on the same messages"),
    ):
        guards.demand_agreement([], NO_LIMIT)


def test_a_question_that_a_session_cannot_read_does_not_end_it() -> None:
    class Local(NamedTuple):
        part: int

    session = Session(OM(n=4, m=1))
    session.ask(constants, Local(0))
    session.ask(constants, 0)
    with pytest.raises(ProtocolError, match=r"cannot find the class \S*Local of"):
        session.answer(NO_LIMIT)
    assert session.answer(NO_LIMIT)
    session.close()


def test_no_examination_outlives_its_check() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    assert isinstance(byzverify.check(unfindable(), 1), byzverify.Refuted)
    after = {child.pid for child in psutil.Process().children(recursive=True) if child.status() != "zombie"}
    assert after <= before


@pytest.mark.slow
def test_a_killed_server_is_replaced() -> None:
    byzverify.check(OM(n=4, m=1))
    process = server_of_om()._interpreter._process
    process.kill()
    process.wait()
    assert isinstance(byzverify.check(OM(n=4, m=1)), byzverify.Proved)


@pytest.mark.parametrize("findable", [True, False])
def test_where_no_process_can_be_started_nothing_is_proved(findable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    no_process_starts(findable, monkeypatch)
    verdict = byzverify.check((OM if findable else hidden())(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert "could not be started: Resource temporarily unavailable" in verdict.reason
    assert verdict.exit_code == 3


def no_process_starts(findable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no process be started for a model that others can find, or for one that they cannot."""

    def refuses(*_: object) -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(sessions, "Server" if findable else "_child_of_ours", refuses)
    monkeypatch.setattr(sessions, "_servers", OrderedDict())


def hidden() -> type[OM]:
    """OM that no other process can find."""
    return type("Hidden", (OM,), {})


def ending() -> type[OM]:
    """OM that ends any process but this one."""
    ours = os.getpid()

    class Ends(OM):
        def general(self, me: General, order: Order) -> Program:
            if os.getpid() != ours:
                os._exit(1)
            return (yield from super().general(me, order))

    return Ends


def test_where_a_program_ends_its_process_nothing_is_proved() -> None:
    verdict = byzverify.check(ending()(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert "the comparison with the simulator died: its process was ended" in verdict.reason


class Divided(Local):
    """Validity holds, since all start with the same order where it is asked; Agreement fails."""

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


@pytest.mark.slow
def test_where_a_condition_fails_the_others_are_examined_unless_the_effort_leaves_that_out() -> None:
    whole, part = (byzverify.check(Divided(n=3), 0, effort=Effort(refutations=examined)) for examined in (True, False))
    assert isinstance(whole, byzverify.Refuted)
    assert isinstance(part, byzverify.Refuted)
    for verdict in (whole, part):
        assert {known.verdict for known in verdict.conditions} == {"proved", "refuted"}
    assert (whole.evidence.compared.runs >= 16, whole.evidence.compared.fresh, whole.unrepeated) == (True, True, None)
    assert (part.evidence.compared.runs, part.unrepeated) == (0, "this effort does not repeat attacks")


def test_a_proof_that_the_simulator_contradicts_is_an_error_and_leaves_no_certificate(tmp_path: Path) -> None:
    class ByType(Local):
        """Attacks wherever orders are plain."""

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order)
            heard = inbox.get(self.others(me)[0], default=RETREAT)
            return (RETREAT if me else order) if type(heard) is Order else RETREAT

    with pytest.raises(ReplayMismatch, match="the simulator"):
        byzverify.check(ByType(n=4), 1, certificate=tmp_path / "certificate")
    assert not list(tmp_path.iterdir())


NO_STATE = "byzverify.language.state.Snapshot.demand_unchanged"
"""What notices where something is left behind, so that no attack needs to."""


def steady(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    me = witnesses[0]
    decided: Truth = outcome.decisions[me] == outcome.orders[me]
    return decided


class Bell(Local):
    """Keeps his opinion, unless somebody has rung before him: alone, nobody has."""

    problem = Problem("opinions", (Condition("Steady", "each keeps his opinion", steady, 1),), has_commander=False)
    rung: ClassVar[list[bool]] = []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        self.rung.append(True)
        return order if len(self.rung) == 1 else inbox.get(self.others(me)[0], default=RETREAT)


@pytest.mark.slow
@pytest.mark.parametrize("findable", [True, False])
def test_an_attack_on_what_fails_only_together_is_none(findable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NO_STATE, lambda snapshot: None)
    monkeypatch.setattr(Bell, "rung", [])
    kind = Bell if findable else type("Hidden", (Bell,), {})
    with pytest.raises(ProtocolError, match=r"general \d decides .* a program may depend only on what"):
        byzverify.check(kind(n=3), 0)


def played(model: Protocol, said: dict[Site, str], condition: str, effort: Effort = Effort()) -> Found:  # noqa: B008
    """What comes of an attack on a model that has nothing left from others."""
    run = Trial(model, {2} if said else {}, {0: "ATTACK"}, said).simulate()
    failed = next(one for one in judge(run) if one.condition.name == condition)
    assert failed.witnesses is not None
    return examine_attack(model, Plan.of(run), condition, failed.witnesses, effort)


def test_an_attack_is_played_as_it_was_found_and_each_loyal_general_alone() -> None:
    lies: dict[Site, str] = {(2, 2, 1, (0, 2)): "RETREAT"}
    found = played(OM(n=3, m=1), lies, "IC2")
    assert (found.runs, found.alone, found.differences) == (1, 2, [])


def test_witnesses_run_alone_whatever_the_effort_is() -> None:
    few = played(Divided(n=5), {}, "Agreement", Effort(brief=True))
    assert (few.runs, few.alone, few.differences) == (1, 2, [])


def test_a_condition_that_fails_only_where_it_was_asked_before_is_found_out() -> None:
    asked: list[int] = []

    def never_twice(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        asked.append(1)
        return TRUE if len(asked) == 1 else FALSE

    class Asked(Divided):
        problem = Problem("asking", (Condition("Once", "nobody asks twice", never_twice, 1),), has_commander=False)

    run = Trial(Asked(n=3), {}, {}).simulate()
    asked.clear()
    found = examine_attack(Asked(n=3), Plan.of(run), "Once", (0,), Effort())
    assert [one.text.partition(";")[0] for one in found.differences] == [
        "the condition Once, asked about generals 0, first fails for witnesses 0, then holds when it is asked again"
    ]


def test_an_attack_of_a_long_run_is_not_played_once_more_and_the_verdict_says_so() -> None:
    verdict = byzverify.check(OM(n=3, m=1), effort=Effort(short=5))
    assert isinstance(verdict, byzverify.Refuted)
    assert verdict.unrepeated == "its run may send more than 5 orders"
    said = f"; the attack was not played once more in a fresh process: {verdict.unrepeated}; "
    assert said in looked_at(verdict)
    assert verdict_as_json(verdict)["repeated"] == verdict.unrepeated
    assert verdict_as_json(byzverify.check(OM(n=3, m=1)))["repeated"] is True


@pytest.mark.parametrize("findable", [True, False])
def test_where_no_process_can_be_started_an_attack_stands_and_the_verdict_says_so(
    findable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_process_starts(findable, monkeypatch)
    verdict = byzverify.check((OM if findable else hidden())(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    assert verdict.unrepeated == "the process could not be started: Resource temporarily unavailable"
    assert verdict.exit_code == 1


def test_where_a_program_ends_its_process_an_attack_stands_and_the_verdict_says_so() -> None:
    verdict = byzverify.check(ending()(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    assert verdict.unrepeated is not None
    assert verdict.unrepeated.startswith("the process died: its process was ended from outside")


def demand_repeated(model: Protocol, limit: Limit) -> bool:
    """Whether an attack in which all decide what they wish has been played in a fresh interpreter."""
    plan = Plan.of(Trial(model, {}, {0: "ATTACK"}).simulate())
    with guarded(model, budget_of(0), Effort(), model.state()) as guards:
        return guards.demand_repeated(plan, "Agreement", (0, 1), limit)


def test_a_time_limit_ends_an_attack_that_is_played_once_more_and_used_up_steps_do_not() -> None:
    ours = os.getpid()

    class Sleeps(Divided):
        def general(self, me: General, order: Order) -> Program:
            while os.getpid() != ours:
                time.sleep(1)
            return (yield from super().general(me, order))

    with pytest.raises(OutOfTime):
        demand_repeated(Sleeps(n=3), Limit.within(0))
    assert demand_repeated(Divided(n=3), Limit(steps=0))


class Vote(NamedTuple):
    order: Order


def deciding(kind: Callable[[Order], Vote], witnesses: int = 2, n: int = 3) -> Protocol:
    def agree(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        one, *others = (outcome.decisions[witness].order for witness in witnesses)
        return all_of(one == other for other in others)

    agreement = Condition("Agreement", "all decide the same", agree, witnesses)

    class Named(Protocol):
        problem = Problem("naming", (agreement,), has_commander=False)

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order)
            return kind(majority([inbox.get(j, default=RETREAT) for j in self.generals]))

    return Named(n=n)


@pytest.mark.slow
def test_a_condition_takes_parts_of_a_named_decision_by_name_in_every_execution() -> None:
    assert isinstance(byzverify.check(deciding(Vote), 0), byzverify.Proved)
    assert isinstance(byzverify.check(deciding(Vote), 1), byzverify.Refuted)


@pytest.mark.slow
def test_the_class_of_a_decision_may_be_made_in_a_function_as_the_model_is() -> None:
    class Hidden(Vote):
        pass

    assert isinstance(byzverify.check(deciding(Hidden), 0), byzverify.Proved)


def test_a_decision_whose_class_the_program_makes_is_refused_with_what_to_write() -> None:
    def made(order: Order) -> Vote:
        class Hidden(Vote):
            pass

        return Hidden(order)

    with pytest.raises(ProtocolError, match=r"cannot find the class \S*Hidden of .* define or import it at the top"):
        byzverify.check(deciding(made), 0)


SCRIPT = """
import sys
from enum import Enum, IntEnum
from typing import Any, NamedTuple
import byzverify
from byzverify.language import COMMANDER, RETREAT, Condition, Problem, Protocol, broadcast, majority, same

class Who(IntEnum):
    COMMANDER = 0

class Step(IntEnum):
    GIVEN = 1
    RELAYED = 2

class Field(str, Enum):
    VALUE = "value"

class Topic(NamedTuple):
    step: Step
    about: Any

class Heard(NamedTuple):
    value: Any
    relayed: Any

def agree(outcome, witnesses):
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return same(one.value, other.value)

class Gossip(Protocol):
    problem = Problem("gossip", (Condition("Agree", "all agree", agree, 2, needs_loyal=2),), has_commander=True)

    def general(self, me, order):
        given = Topic(Step.GIVEN, "order")
        inbox = yield broadcast({Field.VALUE: order}, label=given) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.message(Who.COMMANDER, given, fields=[Field.VALUE])[Field.VALUE]
        inbox = yield broadcast(told, label=Step.RELAYED)
        relayed = tuple(inbox.get(j, Step.RELAYED, default=RETREAT) for j in self.lieutenants)
        return Heard(majority(relayed), relayed)
"""


CHECKS = "print(*(type(byzverify.check(Gossip(n=4), t)).__name__ for t in (1, 2)))"


@pytest.mark.slow
@pytest.mark.parametrize("asking", [f"{SCRIPT}\n{CHECKS}\n", f"import byzverify\nfrom model import Gossip\n{CHECKS}\n"])
def test_a_model_s_own_classes_may_be_in_labels_fields_and_decisions_wherever_it_is_checked(
    asking: str, tmp_path: Path
) -> None:
    (tmp_path / "model.py").write_text(SCRIPT)
    (tmp_path / "script.py").write_text(asking)
    ended = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.stdout == "Proved Refuted\n", ended.stderr


KEPT = """
from typing import Any, NamedTuple
from byzverify.language import RETREAT, Condition, Problem, Protocol, broadcast, same

def made():
    class Heard(NamedTuple):
        value: Any
    return Heard

kept = [made()]
Other = made()

def agree(outcome, witnesses):
    return same(*(outcome.decisions[witness] for witness in witnesses))

class Hears(Protocol):
    problem = Problem("hearing", (Condition("Agree", "all agree", agree, 2),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return KIND(inbox.get(self.generals[0], default=RETREAT))
"""


@pytest.mark.slow
@pytest.mark.parametrize("traitors", [0, 1])
def test_the_class_of_a_decision_has_a_name_that_leads_to_it(traitors: int, tmp_path: Path) -> None:
    (tmp_path / "hears.py").write_text(KEPT.replace("KIND", "Other"))
    named = library.find(str(tmp_path / "hears.py"))(n=3)
    assert isinstance(byzverify.check(named, traitors), byzverify.Proved | byzverify.Refuted)
    (tmp_path / "hears.py").write_text(KEPT.replace("KIND", "kept[0]"))
    nameless = library.find(str(tmp_path / "hears.py"))(n=3)
    with pytest.raises(ProtocolError, match=r"cannot find the class made\.<locals>\.Heard of .*hears\.py; define"):
        byzverify.check(nameless, traitors)


@pytest.mark.slow
def test_progress_says_where_the_orders_of_witnesses_are_many() -> None:
    said: list[str] = []
    byzverify.check(deciding(Vote, witnesses=2), 0, progress=said.append)
    assert not [line for line in said if "orders" in line]
    byzverify.check(deciding(Vote, witnesses=5, n=5), 0, progress=said.append)
    many = "; Agreement is evaluated for 5 witnesses in 120 orders"
    assert [line.split(":")[0].removesuffix(many) for line in said if line.endswith(many)] == [
        "scenario 1",
        "comparing with the simulator",
    ]


@pytest.mark.slow
def test_a_proof_with_no_run_says_that_there_was_none() -> None:
    verdict = byzverify.check(OM(n=4, m=1), effort=Effort(orders=1, short=0))
    assert isinstance(verdict, byzverify.Proved)
    assert verdict.evidence.compared.runs == 0
    assert "not compared with simulated runs" in looked_at(verdict)
    assert "not compared" not in looked_at(byzverify.check(OM(n=4, m=1)))


@pytest.mark.slow
def test_a_check_in_another_thread_sets_no_signal_handler() -> None:
    program = (
        "import signal, byzverify\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
        "model = byzverify.protocol('om', n=4, m=1)\n"
        "with ThreadPoolExecutor() as pool:\n    print(type(pool.submit(byzverify.check, model).result()).__name__)"
    )
    ended = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "Proved\n", "")
