"""In the exported models the same can be received from a general who fails as in the simulator, in every mode.

TLC and Spin go through all that there is: they must find each reception, and no other.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import pytest

from byzverify.language import (
    COMMANDER,
    TRUE,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Protocol,
    Truth,
    all_of,
    any_of,
)
from byzverify.language.decisions import leaves
from byzverify.language.faults import Fault
from tests.differential.receptions import (
    ByDefault,
    PassedOn,
    Reception,
    SignedOrder,
    TwoFields,
    TwoLabels,
    TwoRounds,
    lieutenants,
    simulated,
)

Opinion = Callable[[Protocol, Mapping[str, int]], set[str]]

ANOTHER = "Another"

each_case = pytest.mark.parametrize(
    ("protocol", "mode"),
    [
        pytest.param(protocol, mode, id=f"{type(protocol).__name__}-{mode}")
        for protocol in (
            ByDefault(n=3),
            TwoLabels(n=3),
            TwoRounds(n=3),
            SignedOrder(n=3),
            TwoFields(n=3),
            PassedOn(n=4),
        )
        for mode in Fault
    ],
)


def only_the_commander_fails(protocol: Any, loyal: Collection[General]) -> bool:
    return COMMANDER not in loyal


def is_received(reception: Reception, outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    decided = [part for one in sorted(witnesses) for _, part in leaves(outcome.decisions[one])]
    received = [value for some in reception for value in some]
    return all_of(
        part == Order(value) if isinstance(value, str) else part == value
        for part, value in zip(decided, received, strict=True)
    )


def asked(name: str, holds: Callable[[Outcome, tuple[General, ...]], Truth]) -> Condition:
    """A condition on what both lieutenants received from a commander who fails."""

    def judged(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        return holds(outcome, witnesses) if {*witnesses} == {*lieutenants(outcome.protocol)} else TRUE

    return Condition(name, "about receptions", judged, witnesses=2, concerns=only_the_commander_fails)


def asking(protocol: Protocol, receptions: Mapping[str, Reception]) -> Protocol:
    """The protocol, with a condition for each reception, that it is not received, and one that no other is."""

    def is_known(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        return any_of(is_received(one, outcome, witnesses) for one in receptions.values())

    def is_not(reception: Reception, outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        return ~is_received(reception, outcome, witnesses)

    conditions = [asked(name, partial(is_not, reception)) for name, reception in receptions.items()]

    class Asking(type(protocol)):  # type: ignore[misc]
        problem = Problem("receptions", (*conditions, asked(ANOTHER, is_known)), has_commander=True)

    return Asking(n=protocol.n)


def found_by(opinion: Opinion, protocol: Protocol, mode: Fault) -> tuple[set[Reception], set[Reception], bool]:
    """What should be received, what is, and whether anything else is."""
    receptions = {f"R{number}": one for number, one in enumerate(sorted(simulated(protocol, mode)))}
    violated = opinion(asking(protocol, receptions), {mode: 1})
    found = {receptions[name] for name in violated - {ANOTHER}}
    return {*receptions.values()}, found, ANOTHER in violated


@pytest.mark.slow
@each_case
def test_tlc_finds_the_receptions_of_the_simulator(protocol: Protocol, mode: Fault, tlc_at_once: Opinion) -> None:
    wanted, found, another = found_by(tlc_at_once, protocol, mode)
    assert found == wanted
    assert not another


@pytest.mark.slow
@each_case
def test_spin_finds_the_receptions_of_the_simulator(protocol: Protocol, mode: Fault, spin: Opinion) -> None:
    wanted, found, another = found_by(spin, protocol, mode)
    assert found == wanted
    assert not another
