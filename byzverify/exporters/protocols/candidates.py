"""Which rules are worth trying in a setting, those that are easiest to read first.

This module knows the families of rules. It must not know their programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from byzverify.exporters.protocols.floods import floods
from byzverify.exporters.protocols.grades import grades
from byzverify.exporters.protocols.hybrid import hybrid
from byzverify.exporters.protocols.majorities import majorities
from byzverify.exporters.protocols.one_round import one_round
from byzverify.exporters.protocols.routes import routes
from byzverify.exporters.protocols.signatures import signatures
from byzverify.exporters.protocols.steps import steps
from byzverify.exporters.protocols.writing import Proposal, has_commander
from byzverify.scenario.impossibility import Setting


def candidates(setting: Setting, epsilon: Fraction = Fraction(0)) -> Iterator[Proposal]:
    """Protocols that may solve the problem, each as a whole file. Which of them do is for a check to say.

    epsilon: for approximate agreement, how far apart decisions may be.
    """
    if setting.problem == "approximate":
        yield from candidates(replace(setting, problem="broadcast" if has_commander(setting) else "consensus"))
        yield from steps(setting, epsilon)
        return
    yield from one_round(setting)
    yield from floods(setting)
    yield from signatures(setting)
    yield from grades(setting)
    yield from majorities(setting)
    yield from hybrid(setting)
    yield from routes(setting)
