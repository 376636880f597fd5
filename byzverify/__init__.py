"""byzverify: prove that no choice of traitors breaks a Byzantine-agreement protocol, or get the attack, replayed.

    import byzverify
    from byzverify.models.om import OM

    verdict = byzverify.check(OM(n=6, m=2))     # Proved, Refuted or Unknown
    verdict.attack.replay()                     # of a Refuted: the simulator's run of the attack

Every command has a function here, with the arguments of the command line. Authors import `byzverify.language`;
`byzverify.models`, `byzverify.strategies`, `byzverify.testing` and `byzverify.errors` are public, too. Deeper paths are
internal.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from byzverify.attacks.attack import Attack as Attack
    from byzverify.attacks.loading import load as load
    from byzverify.certificates.certifying import certify as certify
    from byzverify.interface import bound as bound
    from byzverify.interface import explain as explain
    from byzverify.interface import export as export
    from byzverify.interface import list_models as list_models
    from byzverify.interface import map as map
    from byzverify.interface import map_solvable as map_solvable
    from byzverify.interface import museum as museum
    from byzverify.interface import protocol as protocol
    from byzverify.interface import prove as prove
    from byzverify.interface import replay as replay
    from byzverify.interface import report as report
    from byzverify.interface import simulate as simulate
    from byzverify.interface import test as test
    from byzverify.questions.completing import complete as complete
    from byzverify.questions.pipeline import check as check
    from byzverify.questions.solving import solvable as solvable
    from byzverify.questions.verdict import Proved as Proved
    from byzverify.questions.verdict import Refuted as Refuted
    from byzverify.questions.verdict import Unknown as Unknown

_HOMES = {
    "Attack": "byzverify.attacks.attack",
    "Proved": "byzverify.questions.verdict",
    "Refuted": "byzverify.questions.verdict",
    "Unknown": "byzverify.questions.verdict",
    "bound": "byzverify.interface",
    "certify": "byzverify.certificates.certifying",
    "check": "byzverify.questions.pipeline",
    "complete": "byzverify.questions.completing",
    "explain": "byzverify.interface",
    "export": "byzverify.interface",
    "list_models": "byzverify.interface",
    "load": "byzverify.attacks.loading",
    "map": "byzverify.interface",
    "map_solvable": "byzverify.interface",
    "museum": "byzverify.interface",
    "protocol": "byzverify.interface",
    "prove": "byzverify.interface",
    "replay": "byzverify.interface",
    "report": "byzverify.interface",
    "simulate": "byzverify.interface",
    "solvable": "byzverify.questions.solving",
    "test": "byzverify.interface",
}

__all__ = [
    "Attack",
    "Proved",
    "Refuted",
    "Unknown",
    "bound",
    "certify",
    "check",
    "complete",
    "explain",
    "export",
    "list_models",
    "load",
    "map",
    "map_solvable",
    "museum",
    "protocol",
    "prove",
    "replay",
    "report",
    "simulate",
    "solvable",
    "test",
]


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Import what is asked for, and no more: `byzverify --help` must not wait for it."""
    if name == "__version__":
        return import_module("importlib.metadata").version("byzverify")
    if name not in _HOMES:
        raise AttributeError(f"module 'byzverify' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
