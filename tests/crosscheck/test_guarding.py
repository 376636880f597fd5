"""The guards of `check`: where they run, and what becomes of a proof that they contradict."""

import errno
import os
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

import byzverify
from byzverify.crosscheck import sessions
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.sessions import Session
from byzverify.errors import ProtocolError, ReplayMismatch
from byzverify.language import (
    CONSENSUS,
    RETREAT,
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
from byzverify.limits import NO_LIMIT
from byzverify.models.om import OM


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


def unfindable() -> Protocol:
    class Hidden(Local):
        pass

    return Hidden(n=4)


def test_what_nobody_else_can_find_is_examined_in_a_child_of_ours() -> None:
    first, second = answered(unfindable()), answered(unfindable())
    assert first[1] == second[1] == os.getpid()
    assert first[0] != second[0]


def test_a_proof_says_that_a_fresh_interpreter_agrees_and_its_server_is_kept() -> None:
    for _ in range(2):
        verdict = byzverify.check(OM(n=4, m=1))
        assert isinstance(verdict, byzverify.Proved)
        assert verdict.coverage.fresh
        assert verdict.coverage.simulated >= 16
        assert verdict.coverage.alone >= 3 * verdict.coverage.simulated / 2
    server = sessions._servers[OM, 0]
    byzverify.check(OM(n=5, m=1))
    assert sessions._servers[OM, 0] is server


def test_no_examination_outlives_its_check() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    assert isinstance(byzverify.check(unfindable(), 1), byzverify.Refuted)
    after = {child.pid for child in psutil.Process().children(recursive=True) if child.status() != "zombie"}
    assert after <= before


def test_a_killed_server_is_replaced() -> None:
    byzverify.check(OM(n=4, m=1))
    process = sessions._servers[OM, 0]._process
    process.kill()
    process.wait()
    assert isinstance(byzverify.check(OM(n=4, m=1)), byzverify.Proved)


@pytest.mark.parametrize("findable", [True, False])
def test_where_no_process_can_be_started_nothing_is_proved(findable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(sessions, "Server" if findable else "_child_of_ours", refuses)
    monkeypatch.setattr(sessions, "_servers", OrderedDict())
    kind = OM if findable else type("Hidden", (OM,), {})
    verdict = byzverify.check(kind(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert "could not be started: Resource temporarily unavailable" in verdict.reason
    assert verdict.exit_code == 3


def test_where_a_program_ends_its_process_nothing_is_proved() -> None:
    ours = os.getpid()

    class Ends(OM):  # type: ignore[misc]
        def general(self, me: General, order: Order) -> Program:
            if os.getpid() != ours:
                os._exit(1)
            return (yield from super().general(me, order))

    verdict = byzverify.check(Ends(n=4, m=1))
    assert isinstance(verdict, byzverify.Unknown)
    assert "the comparison with the simulator died: its process was ended" in verdict.reason


class Divided(Local):
    """Validity holds, since all start with the same order where it is asked; Agreement fails."""

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


def test_where_a_condition_fails_the_others_are_examined_unless_the_effort_leaves_that_out() -> None:
    whole, part = (byzverify.check(Divided(n=3), 0, effort=Effort(refuted=examined)) for examined in (True, False))
    for verdict in (whole, part):
        assert isinstance(verdict, byzverify.Refuted)
        assert {known.verdict for known in verdict.conditions} == {"proved", "refuted"}
    assert whole.coverage.simulated >= 16
    assert part.coverage.simulated == 0


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


class Vote(NamedTuple):
    order: Order


def deciding(kind: type[Vote], witnesses: int = 2, n: int = 3) -> Protocol:
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


def test_a_condition_takes_parts_of_a_named_decision_by_name_in_every_execution() -> None:
    assert isinstance(byzverify.check(deciding(Vote), 0), byzverify.Proved)
    assert isinstance(byzverify.check(deciding(Vote), 1), byzverify.Refuted)


def test_a_named_decision_that_no_other_process_could_make_is_refused_with_what_to_write() -> None:
    class Hidden(Vote):
        pass

    with pytest.raises(ProtocolError, match=r"decides a Hidden of a class .* define it at the top of the file"):
        byzverify.check(deciding(Hidden), 0)


def test_progress_says_where_the_orders_of_witnesses_are_many() -> None:
    said: list[str] = []
    byzverify.check(deciding(Vote, witnesses=2), 0, progress=said.append)
    assert not [line for line in said if "orders" in line]
    byzverify.check(deciding(Vote, witnesses=5, n=5), 0, progress=said.append)
    many = "; Agreement is asked of 5 witnesses in 120 orders"
    assert [line.split(":")[0].removesuffix(many) for line in said if line.endswith(many)] == [
        "scenario 1",
        "comparing with the simulator",
    ]
