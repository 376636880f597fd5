"""Each lemma about a phase says at a size what the finite engine says of one phase, whatever generals carry into it.

A lemma that a phase keeps an order may fail in a state that no run of all phases reaches. So the finite engine is not
asked about the whole protocol here, but about one phase, which general 0 leads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

import pytest

from byzverify.engines.parameterized.lemmas import Lemma
from byzverify.language import CONSENSUS, General, Order, Program, Protocol, Truth, all_of, same
from byzverify.language.faults import Fault
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.hybrid_phase_queen import HybridPhaseQueen
from byzverify.models.phase_king import PhaseKing
from byzverify.models.phase_king_two_round import PhaseKingTwoRound
from byzverify.models.phase_queen import PhaseQueen
from tests.gate.asking import asked, built, commanders_fault
from tests.gate.finite import Numbers, Remembered, Scene, first_fails, within

KINGS: tuple[type[Protocol], ...] = (PhaseKing, PhaseKingTwoRound, PhaseQueen, HybridPhaseKing, HybridPhaseQueen)

MODES = {"t": Fault.BYZANTINE, "omission": Fault.OMISSION}
"""What the parameters of `tolerates` count; a crash is an omission in the lemmas, and left out here."""


def one_phase(kind: type[Protocol]) -> type[Protocol]:
    """The protocol that is one phase, which general 0 leads; what a general starts with is what he carries into it."""

    def general(self: Protocol, me: General, order: Order) -> Program:
        return (yield from self.phase(me, 0, order))  # type: ignore[attr-defined]

    return type(
        f"OnePhaseOf{kind.__name__}", (kind,), {"general": general, "problem": CONSENSUS, "__module__": "phase"}
    )


def exactly(protocol: Protocol, lemma: Lemma, numbers: Numbers) -> bool:
    """Whether a lemma about a phase fails while exactly so many generals fail."""
    assert lemma.world is not None
    faults = first_fails(protocol.n, commanders_fault(lemma), numbers)
    if faults is None:
        return False
    scene = Scene(protocol, faults)
    individuals = [0]
    for one in lemma.world.setup.individuals[1:]:
        alike = [general for general in range(1, protocol.n) if faults.get(general) == one.fault]
        if not alike:
            return False
        individuals.append(alike[0])
    return scene.can_fail(goal(scene, lemma, [one for one in individuals if one in scene.runners]))


def goal(scene: Scene, lemma: Lemma, individuals: list[General]) -> Truth:
    """What a lemma says of these generals in a scene."""
    decisions, orders = scene.ended.decisions, scene.ended.orders
    if "keeps" not in lemma.name:
        one, other = individuals
        return same(decisions[one], decisions[other])
    value = next(order for order in scene.protocol.orders if f"keeps {order}," in lemma.name)
    alike = all_of(order == value for order in orders.values())
    return ~alike | all_of(same(decisions[one], value) for one in individuals)


def compared(kind: type[Protocol], parameters: Mapping[str, int], most: Mapping[str, int]) -> Counter[str]:
    """Compare all lemmas about phases with the finite engine at one size, and count the answers."""
    tally: Counter[str] = Counter()
    protocol = built(one_phase(kind), parameters)
    for lemma in asked(kind).lemmas if protocol is not None else ():
        if not lemma.name.startswith("a phase"):
            continue
        assert protocol is not None
        fails = Remembered(partial(exactly, protocol, lemma))
        for numbers in within({MODES[name]: number for name, number in most.items()}):
            sizes = {**parameters, **{name: numbers[MODES[name]] for name in most}}
            broken = asked(kind).broken(lemma, sizes) is not None
            assert broken == fails(numbers), f"{kind.__name__} {sizes}: {lemma.name}"
            tally[f"{'keeps' if 'keeps' in lemma.name else 'makes'} {'broken' if broken else 'holds'}"] += 1
    return tally


def cells(kind: type[Protocol], generals: range) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """The sizes of a program, and the most generals that may fail there: some more than it is built for."""
    for n in generals:
        for m in range(n):
            if not hasattr(kind, "o"):
                yield {"n": n, "m": m}, {"t": min(m + 1, n - 1)}
                continue
            for o in range(n - m):
                yield {"n": n, "m": m, "o": o}, {"t": min(m + 1, n - 1), "omission": min(o + 1, n - 1)}


@pytest.mark.parametrize(
    "kind", [pytest.param(one, marks=pytest.mark.slow if "Hybrid" in one.__name__ else []) for one in KINGS]
)
def test_lemmas_about_a_phase_agree_with_the_finite_engine(kind: type[Protocol]) -> None:
    tally: Counter[str] = Counter()
    for parameters, most in cells(kind, range(1, 4 if hasattr(kind, "o") else 5)):
        tally += compared(kind, parameters, most)
    assert min(tally[f"{what} {answer}"] for what in ("keeps", "makes") for answer in ("holds", "broken")) >= 3, tally


@pytest.mark.parametrize("kind", KINGS)
def test_a_phase_is_asked_to_keep_each_order_whoever_leads_it_and_whoever_is_looked_at(kind: type[Protocol]) -> None:
    runners = [None, Fault.OMISSION] if hasattr(kind, "o") else [None]
    asked_of = Counter(
        (lemma.name.split(",")[0], tuple(one.fault for one in lemma.world.setup.individuals))
        for lemma in asked(kind).lemmas
        if lemma.world is not None and lemma.name.startswith("a phase keeps")
    )
    assert asked_of == Counter(
        (f"a phase keeps {order}", (leader, *others))
        for order in ("RETREAT", "ATTACK")
        for leader in (*runners, Fault.BYZANTINE)
        for others in ((), *((one,) for one in runners))
        if others or leader is not Fault.BYZANTINE
    )


BOUNDS: list[tuple[type[Protocol], dict[str, int]]] = [
    (PhaseKing, {"n": 6, "m": 2}),
    (PhaseKing, {"n": 7, "m": 2}),
    (PhaseKingTwoRound, {"n": 5, "m": 1}),
    (PhaseQueen, {"n": 5, "m": 1}),
]
HYBRID_BOUNDS: list[tuple[type[Protocol], dict[str, int]]] = [
    (HybridPhaseKing, {"n": 5, "m": 1, "o": 1}),
    (HybridPhaseKing, {"n": 6, "m": 1, "o": 1}),
    (HybridPhaseQueen, {"n": 6, "m": 1, "o": 1}),
    (HybridPhaseQueen, {"n": 7, "m": 1, "o": 1}),
]


@pytest.mark.parametrize(("kind", "parameters"), BOUNDS)
def test_lemmas_about_a_phase_agree_with_the_finite_engine_at_the_bound(
    kind: type[Protocol], parameters: dict[str, int]
) -> None:
    assert compared(kind, parameters, {"t": parameters["m"]})["keeps holds"]


@pytest.mark.campaign
@pytest.mark.parametrize(("kind", "parameters"), HYBRID_BOUNDS)
def test_lemmas_about_a_hybrid_phase_agree_with_the_finite_engine_at_the_bound(
    kind: type[Protocol], parameters: dict[str, int]
) -> None:
    assert compared(kind, parameters, {"t": parameters["m"], "omission": parameters["o"]})["keeps holds"]


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINGS)
@pytest.mark.parametrize("n", [4, 5, 6])
def test_lemmas_about_a_phase_agree_with_the_finite_engine_at_larger_sizes(kind: type[Protocol], n: int) -> None:
    for parameters, most in cells(kind, range(n, n + 1)):
        compared(kind, parameters, most)
