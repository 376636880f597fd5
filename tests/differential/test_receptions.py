"""Every account of the fault modes lets through the same, counted by hand as well.

The exports are compared in tests/exporters/test_exported_receptions.py.
"""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings

from byzverify.language import COMMANDER, Protocol
from byzverify.language.faults import Fault, lies
from byzverify.simulation.trial import Trial
from byzverify.strategies import trials_of
from tests.differential.receptions import (
    ACCOUNTS,
    PROTOCOLS,
    Account,
    OneMessage,
    TwoLabels,
    TwoRounds,
    of_trials,
    simulated,
)

BY_HAND: Mapping[Fault, Mapping[str, int]] = {
    Fault.BYZANTINE: {
        "OneMessage": 3**2,  # either word or nothing, to each
        "ByDefault": 2**2,  # either word, to each
        "TwoLabels": 9**2,
        "TwoRounds": 9**2,
        "SignedOrder": 4**2,  # each order or nothing, to each
        "TwoFields": (1 + 3**2) ** 2,  # no message, or in each field either word or nothing, to each
        "PassedOn": 4**2,  # what he overheard, at once or later or never, to each; nothing that was never signed
    },
    Fault.SYMMETRIC: {
        "OneMessage": 3,
        "ByDefault": 2,
        "TwoLabels": 9,
        "TwoRounds": 9,
        "SignedOrder": 4,
        "TwoFields": 1 + 3**2,
        "PassedOn": 4,
    },
    Fault.OMISSION: {
        "OneMessage": 2**2,  # what he should say or nothing, to each
        "ByDefault": 2**2,
        "TwoLabels": 4**2,
        "TwoRounds": 4**2,
        "SignedOrder": 2**2,
        "TwoFields": 2**2,
        "PassedOn": 2**2,
    },
    Fault.CRASH: {
        "OneMessage": 2**2,
        "ByDefault": 2**2,
        "TwoLabels": 4**2,
        "TwoRounds": 2**2 + 2**2 - 1,  # in either round; after all is said in the first it comes to one
        "SignedOrder": 2**2,
        "TwoFields": 2**2,
        "PassedOn": 2**2,
    },
    Fault.MANIFEST: {
        "OneMessage": 2,  # what he should say, or nothing to both
        "ByDefault": 2,
        "TwoLabels": 4,
        "TwoRounds": 4,
        "SignedOrder": 2,
        "TwoFields": 2,
        "PassedOn": 2,
    },
}
"""How many receptions there are, by mode and protocol."""

everything = settings(
    max_examples=100_000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)

each_mode = pytest.mark.parametrize("mode", list(Fault))


def named(protocol: Protocol) -> str:
    return type(protocol).__name__


@pytest.mark.slow
@each_mode
@pytest.mark.parametrize("protocol", PROTOCOLS, ids=named)
def test_in_the_simulator_there_are_as_many_receptions_as_by_hand(protocol: Protocol, mode: Fault) -> None:
    assert mode in BY_HAND, f"count by hand what can be received from a general who fails in the mode {mode}"
    assert len(simulated(protocol, mode)) == BY_HAND[mode][named(protocol)]


@pytest.mark.slow
@each_mode
@pytest.mark.parametrize("protocol", PROTOCOLS, ids=named)
@pytest.mark.parametrize("account", [one for one in ACCOUNTS if one is not simulated], ids=lambda one: one.__name__)
def test_each_account_lets_through_what_the_simulator_does(account: Account, protocol: Protocol, mode: Fault) -> None:
    assert account(protocol, mode) == simulated(protocol, mode)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("protocol", "mode"),
    [
        *((OneMessage(n=3), mode) for mode in Fault),
        *((kind(n=3), mode) for kind in (TwoLabels, TwoRounds) for mode in Fault if not lies(mode)),
    ],
    ids=lambda one: one.value if isinstance(one, Fault) else named(one),
)
def test_drawn_trials_let_through_what_the_simulator_does(protocol: Protocol, mode: Fault) -> None:
    """Of lies in two places there are too many to draw them all."""
    drawn: list[Trial] = []
    trials = trials_of(Trial(protocol, {COMMANDER: mode}, {COMMANDER: "ATTACK"}))
    everything(given(trials)(lambda trial: drawn.append(trial)))()
    assert len(drawn) < everything.max_examples
    assert of_trials(drawn) == simulated(protocol, mode)
