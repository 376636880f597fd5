"""Attacks to report on: one of every kind that the models give, and one with labels as hostile as labels can be."""

import json
from functools import cache

from hypothesis import strategies as st

import byzverify
from byzverify.attacks.attack import Attack
from byzverify.language import (
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Label,
    Order,
    Program,
    Protocol,
    broadcast,
    majority,
)
from byzverify.language.faults import Fault
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram
from byzverify.models.sm import SM
from byzverify.models.z import Z
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.post import as_label
from tests.differential.fielded import BundledOM, Empty, Pair

FALLING: dict[str, tuple[Protocol, dict[str, int]]] = {
    "om": (OM(n=3, m=1), {"byzantine": 1}),
    "om with three orders": (OM(n=6, m=2, values=3), {"byzantine": 2}),
    "readme_program": (ReadmeProgram(n=7, m=2), {"byzantine": 2}),
    "eig": (EIG(n=3, m=1), {"byzantine": 1}),
    "phase_king": (PhaseKing(n=3, m=1), {"byzantine": 1}),
    "sm": (SM(n=5, m=1), {"byzantine": 2}),
    "gradecast": (Gradecast(n=3, m=1), {"byzantine": 1}),
    "crusader": (Crusader(n=3, m=1), {"byzantine": 1}),
    "z with three modes": (Z(n=5, m=1), {"byzantine": 1, "manifest": 1, "symmetric": 1}),
    "om with omissions": (OM(n=4, m=1), {"omission": 2}),
    "om with symmetric lies": (OM(n=4, m=1), {"symmetric": 2}),
    "om with a crash": (OM(n=4, m=0), {"crash": 1}),
    "om in one message a round": (BundledOM(n=4, m=2), {"byzantine": 2}),
    "a message with a field left empty": (Pair(n=3, optional=True), {"symmetric": 1}),
    "a message that does not come": (Empty(n=3), {"crash": 1}),
    "om_graph": (OMGraph(n=5, m=1, graph="cycle:5", p=2), {"byzantine": 1}),
}

LARGER: dict[str, tuple[Protocol, dict[str, int]]] = {
    "phase_king among seven": (PhaseKing(n=7, m=3), {"byzantine": 3}),
    "om among ten": (OM(n=10, m=3), {"byzantine": 4}),
}


@cache
def attack_on(name: str) -> Attack:
    """The attack that a check finds."""
    verdict = byzverify.check(*(FALLING | LARGER)[name])
    assert isinstance(verdict, byzverify.Refuted)
    return verdict.attack


class Labelled(Protocol):
    """Everyone repeats what the commander told him, under a label that its parameter spells in JSON."""

    spelling: str = "[]"

    @property
    def label(self) -> Label:
        return as_label(json.loads(self.spelling))

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, self.label) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, self.label, default=RETREAT)
        inbox = yield broadcast(told, self.label)
        return majority([inbox.get(j, self.label, default=RETREAT) for j in self.lieutenants])


def attack_under(label: Label) -> Attack:
    """Of three generals the last lies once, under this label."""
    protocol = Labelled(n=3, spelling=json.dumps(label))
    behaviour = Behaviour({0: ATTACK}, {(2, 2, 1, label): RETREAT})
    return Attack(protocol, {2: Fault.BYZANTINE}, behaviour, "IC2", {0: "RETREAT", 1: "RETREAT"})


NASTY = [*"\"'\\\n\r\u2028;:#,{}|$é将", "%%", "&amp;", "<b>", "-->", "end"]
TEXTS = st.text(st.characters(codec="utf-8")) | st.lists(st.sampled_from(NASTY)).map("".join)
LABELS = st.recursive(TEXTS | st.integers(), lambda parts: st.lists(parts, max_size=4).map(tuple), max_leaves=6)
"""Any labels, those more often that would break a format that does not quote them."""
