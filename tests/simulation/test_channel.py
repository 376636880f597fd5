"""The channel: each fault mode lets through what it allows, bends what it does not, and nobody forges."""

import pytest

from byzverify.errors import ProtocolError
from byzverify.language import ABSENT, ATTACK, COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, sign
from byzverify.language.faults import Fault
from byzverify.language.messages import EVERYONE, Chain, Dispatch, Signed, Site
from byzverify.language.values import TRUE
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import Deviation, Random, Script, Silent

Said = dict[Site, Order]


class TwoWords(Protocol):
    """The commander tells everyone twice, under two labels; then again, in a second round."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield None
        for _ in range(2):
            words = [broadcast(order, label="a"), broadcast(order, label="b")] if me == COMMANDER else None
            inbox = yield words
        return inbox.get(COMMANDER, "a", default=RETREAT)


def told(mode: Fault, said: Said, crashed: dict[General, int] | None = None) -> Run:
    return run(TwoWords(n=4), {0: mode}, {0: ATTACK}, Deviation(Behaviour(said=said, crashed=crashed or {})))


def heard(played: Run, round: int, label: str) -> list[str]:
    """What the lieutenants 1, 2 and 3 hear from the commander."""
    return [played.said.get((round, 0, j), {}).get(label, ABSENT).name for j in (1, 2, 3)]


LIE: Said = {(2, 0, 1, "a"): RETREAT}
OMISSION: Said = {(2, 0, 1, "a"): ABSENT}
SILENCE: Said = {(2, 0, EVERYONE, "a"): ABSENT}
SAME_LIE: Said = {(2, 0, EVERYONE, "a"): RETREAT}

ALLOWED = {
    Fault.BYZANTINE: [LIE, OMISSION, SILENCE, SAME_LIE],
    Fault.SYMMETRIC: [SILENCE, SAME_LIE],
    Fault.OMISSION: [OMISSION, SILENCE],
    Fault.CRASH: [],
    Fault.MANIFEST: [SILENCE],
}


@pytest.mark.parametrize("mode", list(Fault))
@pytest.mark.parametrize("said", [LIE, OMISSION, SILENCE, SAME_LIE], ids=["lie", "omission", "silence", "same lie"])
def test_a_mode_allows_its_lapses_and_no_others(mode: Fault, said: Said) -> None:
    assert mode in ALLOWED, f"say in ALLOWED what {mode} allows"
    played = told(mode, said)
    if mode is Fault.CRASH:
        played = told(mode, said, {0: 2})
    possible = said in ALLOWED[mode] or (mode is Fault.CRASH and said in (OMISSION, SILENCE))
    assert (played.bent == []) == possible


@pytest.mark.parametrize("mode", list(Fault))
def test_every_mode_includes_acting_loyally(mode: Fault) -> None:
    played = told(mode, {})
    assert played.bent == []
    assert played.lies == []
    assert {decision.name for decision in played.decisions.values()} == {"ATTACK"}


def test_a_forbidden_lie_is_bent_to_what_the_mode_allows() -> None:
    assert heard(told(Fault.BYZANTINE, LIE), 2, "a") == ["RETREAT", "ATTACK", "ATTACK"]
    assert heard(told(Fault.SYMMETRIC, LIE), 2, "a") == ["RETREAT", "RETREAT", "RETREAT"]
    assert heard(told(Fault.OMISSION, LIE), 2, "a") == ["ABSENT", "ATTACK", "ATTACK"]
    assert heard(told(Fault.CRASH, LIE), 2, "a") == ["ABSENT", "ATTACK", "ATTACK"]
    assert heard(told(Fault.MANIFEST, LIE), 2, "a") == ["ABSENT", "ABSENT", "ABSENT"]


@pytest.mark.parametrize("mode", [mode for mode in Fault if mode is not Fault.CRASH])
def test_another_label_and_another_round_are_left_alone(mode: Fault) -> None:
    played = told(mode, LIE)
    assert heard(played, 2, "b") == heard(played, 3, "a") == ["ATTACK"] * 3


def test_after_a_crash_nothing_is_said_any_more() -> None:
    for played in (told(Fault.CRASH, OMISSION), told(Fault.CRASH, OMISSION, {0: 2})):
        assert heard(played, 2, "b") == ["ATTACK"] * 3
        assert heard(played, 3, "a") == heard(played, 3, "b") == ["ABSENT"] * 3
    assert told(Fault.CRASH, {}, {0: 1}).lies == told(Fault.OMISSION, {}, {0: 1}).lies != []


def test_messages_go_along_edges_only() -> None:
    played = run(OM(n=4, m=1, graph="path:4"), set(), {0: ATTACK}, Silent(), everyone=True)
    assert played.messages == 1 + 1 + 2 + 1  # 0 tells 1; then 1 tells 2, 2 tells 1 and 3, and 3 tells 2
    assert [played.decisions[general].name for general in range(4)] == ["ATTACK", "RETREAT", "RETREAT", "RETREAT"]


def test_a_traitor_cannot_reach_who_is_no_neighbour() -> None:
    said = {(1, 0, j, (0,)): ATTACK for j in (1, 2, 3)}
    played = run(OM(n=4, m=1, graph="path:4"), {0}, {}, Deviation(Behaviour(said=said)))
    assert set(played.said) == {(1, 0, 1)}


FORGED = Chain("RETREAT", (0, 3))


def test_a_chain_with_a_loyal_signature_that_was_never_made_does_not_arrive() -> None:
    played = run(SM(n=4, m=1), {3}, {0: ATTACK}, Deviation(Behaviour(said={(2, 3, 1, FORGED): RETREAT})))
    assert "general 3 sends general 1 RETREAT:0:3 in round 2, which is forged" in played.bent[0]
    assert {decision.name for decision in played.decisions.values()} == {"ATTACK"}


def test_traitors_sign_for_each_other() -> None:
    played = run(SM(n=4, m=1), {0, 3}, {0: ATTACK}, Deviation(Behaviour(said={(2, 3, 1, FORGED): RETREAT})))
    assert played.bent == []
    assert [played.decisions[general].name for general in (1, 2)] == ["RETREAT", "ATTACK"]


def test_who_only_leaves_out_does_not_lend_his_signature() -> None:
    played = run(
        SM(n=4, m=1),
        {0: Fault.OMISSION, 3: Fault.BYZANTINE},
        {0: ATTACK},
        Deviation(Behaviour(said={(2, 3, 1, FORGED): RETREAT})),
    )
    assert "forged" in played.bent[0]


def test_an_order_cannot_stand_under_another_orders_chain() -> None:
    played = run(SM(n=3, m=1), {0}, {}, Deviation(Behaviour(said={(1, 0, 1, Chain("ATTACK", (0,))): RETREAT})))
    assert "forged" in played.bent[0]


class Witness(Protocol):
    """The commander signs to general 3 only; general 2 believes what he is shown by him, in that round or later."""

    late: bool = False

    def general(self, me: General, order: Order) -> Program:
        first = yield [sign(v, order == v, to=[3]) for v in self.orders] if me == COMMANDER else None
        second = yield None
        found = (second if self.late else first).signed(ATTACK, (COMMANDER, 3))
        return ATTACK if found.came else RETREAT  # on plain values only


class PatientWitness(Witness):
    """The same, where traitors do not hear what is said in a round before they speak in it."""

    rushing = False


@pytest.mark.parametrize(
    ("protocol", "late", "possible"),
    [(Witness, False, True), (Witness, True, True), (PatientWitness, False, False), (PatientWitness, True, True)],
)
def test_a_signature_can_be_used_in_the_round_it_is_heard_only_if_traitors_rush(
    protocol: type[Witness], late: bool, possible: bool
) -> None:
    site = (2 if late else 1, 3, 2, Chain("ATTACK", (0, 3)))
    played = run(protocol(n=4, late=late), {3}, {0: ATTACK}, Deviation(Behaviour(said={site: ATTACK})))
    assert (played.bent == []) == possible
    assert played.decisions[2].name == ("ATTACK" if possible else "RETREAT")


class Forger(Protocol):
    """A program that makes up a chain that it has not read."""

    def general(self, me: General, order: Order) -> Program:
        yield None
        yield sign(Signed(ATTACK, (COMMANDER,), TRUE)) if me == 1 else None
        return RETREAT


def test_a_loyal_program_cannot_forge_either() -> None:
    with pytest.raises(ProtocolError, match="general 1 signs ATTACK:0:1 but has not received"):
        run(Forger(n=3), set(), {}, Silent())


class Mislabels(Protocol):
    """A program that sends a chain as an ordinary label."""

    def general(self, me: General, order: Order) -> Program:
        yield Dispatch(ATTACK, Chain("ATTACK", (COMMANDER,)), None, ())
        return RETREAT


def test_a_chain_is_no_ordinary_label() -> None:
    with pytest.raises(ProtocolError, match=r"sends a chain of signatures as a label; sign\(...\) makes one"):
        run(Mislabels(n=3), set(), {}, Silent())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("mode", list(Fault))
def test_what_was_said_in_a_run_can_be_said_again(mode: Fault, seed: int) -> None:
    protocol = SM(n=4, m=2)
    played = run(protocol, {0: mode, 2: Fault.BYZANTINE}, {0: ATTACK}, Random(protocol.words, seed))
    again = run(protocol, played.faults, played.orders, Script(played.said))
    assert again.bent == []
    assert again.decisions == played.decisions
    assert again.said == played.said
