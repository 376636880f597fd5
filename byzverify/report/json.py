"""A verdict as one JSON object, for programs: docs/reference/json.md describes it."""

from __future__ import annotations

from typing import Any

from byzverify import library
from byzverify.verdict import Proved, Refuted, Unknown


def verdict_as_json(verdict: Proved | Refuted | Unknown) -> dict[str, Any]:
    """The object that `byzverify check --json` prints."""
    found: dict[str, Any] = {
        "model": library.reference_to(type(verdict.model)),
        "parameters": library.parameters_of(verdict.model),
        "traitors": verdict.traitors,
        "faults": {mode.value: number for mode, number in verdict.faults.items()},
        "verdict": type(verdict).__name__.lower(),
        "conditions": {
            known.condition.name: {
                "verdict": known.verdict,
                "cases": known.cases,
                "can_fail": known.fallible,
                "holds_without_faults": known.loyal,
            }
            | ({"reason": known.reason} if known.reason else {})
            for known in verdict.conditions
        },
        "traitor_sets": verdict.coverage.traitor_sets,
        "scenarios": verdict.coverage.scenarios,
        "cases": verdict.coverage.cases,
        "variables": verdict.coverage.variables,
        "unasked": verdict.coverage.unasked,
        "doubted": list(verdict.coverage.doubted),
        "decided_while_built": verdict.coverage.while_built,
        "assumptions_satisfiable": verdict.coverage.satisfiable,
        "solvers": list(verdict.coverage.solvers),
        "simulated_runs": verdict.coverage.simulated,
        "simulated_instance": verdict.coverage.smaller and dict(verdict.coverage.smaller),
        "simulated_in_fresh_interpreter": verdict.coverage.fresh,
        "alone": verdict.coverage.alone,
        "interchangeable": verdict.coverage.asymmetry or (True if verdict.coverage.examined else None),
        "seconds": round(verdict.seconds, 3),
    }
    if isinstance(verdict, Proved):
        found["certificate"] = None if verdict.certificate is None else str(verdict.certificate)
    if isinstance(verdict, Unknown):
        found["reason"] = verdict.reason
    if isinstance(verdict, Refuted):
        found["attack"] = verdict.attack.as_json()
        found["lies"] = len(verdict.replay.run.lies)
        found["shrunk"] = verdict.shrunk
        smallness = verdict.smallness
        found["minimal"] = smallness and smallness.minimal
        found["lower_bound"] = smallness and smallness.lower_bound
        found["fewest_traitors"] = smallness and smallness.fewest_traitors
    return found
