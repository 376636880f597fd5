"""Verdicts, runs and lists as JSON objects for programs; `objects.py` beside this file defines their types.

`map/map_file.py` defines the object of a map. This module decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from byzverify.catalogue import library
from byzverify.language.decisions import written
from byzverify.language.protocol import Protocol, parameters
from byzverify.language.values import Order
from byzverify.questions.bounding import Bounds
from byzverify.questions.completion import Completion, FilledProtocol, Fit, SketchVerdict
from byzverify.questions.existence import ExistenceVerdict
from byzverify.questions.families import ConditionEverywhere, FamilyVerdict
from byzverify.questions.verdict import ConditionVerdict, Proved, Refuted, Unknown, Verdict, Word
from byzverify.rendering.objects import (
    Bounded,
    Break,
    CertificateChecked,
    CertificateForAllChecked,
    Checked,
    Completed,
    ConditionAtAllSizes,
    ConditionKnown,
    Everywhere,
    ExhibitListed,
    Exhibits,
    Existence,
    FitSaved,
    ImpossibilityChecked,
    Interviewed,
    Kind,
    ModelListed,
    Models,
    Played,
    SizeCompleted,
    Step,
    Tested,
    Visited,
)
from byzverify.scenario.impossibility import RunChain

if TYPE_CHECKING:
    from byzverify.campaign.campaign import Campaign
    from byzverify.catalogue.configurations import Exhibit
    from byzverify.certificates.certifying import Certified, CertifiedImpossible
    from byzverify.certificates.certifying_lemmas import CertifiedForAll
    from byzverify.nodes.conformance import StepResult
    from byzverify.nodes.harness import Encounter
    from byzverify.simulation.judging import Replay


def verdict_as_json(verdict: Proved | Refuted | Unknown) -> Checked:
    """The object that `byzverify check --json` prints."""
    found: Checked = {
        "model": library.reference_to(type(verdict.model)),
        "parameters": library.parameters_of(verdict.model),
        "traitors": verdict.traitors,
        "faults": {mode.value: number for mode, number in verdict.faults.items()},
        "verdict": _word(verdict),
        "conditions": {known.condition.name: _known(known) for known in verdict.conditions},
        "argument": verdict.evidence.argument,
        "lemmas": verdict.evidence.lemmas,
        "traitor_sets": verdict.evidence.traitor_sets,
        "scenarios": verdict.evidence.scenarios,
        "cases": verdict.evidence.cases,
        "variables": verdict.evidence.variables,
        "unasked": verdict.evidence.unasked,
        "doubted": list(verdict.evidence.doubted),
        "decided_while_built": verdict.evidence.while_built,
        "assumptions_satisfiable": verdict.evidence.satisfiable,
        "solvers": list(verdict.evidence.solvers),
        "simulated_runs": verdict.evidence.compared.runs,
        "simulated_instance": dict(smaller) if (smaller := verdict.evidence.compared.smaller) else None,
        "simulated_in_fresh_interpreter": verdict.evidence.compared.fresh,
        "alone": verdict.evidence.compared.alone,
        "interchangeable": verdict.evidence.asymmetry or (True if verdict.evidence.examined else None),
        "seconds": round(verdict.seconds, 3),
    }
    if isinstance(verdict, Proved):
        found["certificate"] = None if verdict.certificate is None else str(verdict.certificate)
    if isinstance(verdict, Unknown):
        found["reason"] = verdict.reason
    if isinstance(verdict, Refuted):
        from byzverify.questions.unsolvable import no_protocol_can

        found["attack"] = verdict.attack.as_json()
        found["lies"] = len(verdict.replay.run.lies)
        found["shrunk"] = verdict.shrunk
        found["no_protocol_can"] = no_protocol_can(verdict)
        found["repeated"] = verdict.unrepeated or True
        smallness = verdict.smallness
        found["minimal"] = None if smallness is None else smallness.minimal
        found["lower_bound"] = None if smallness is None else smallness.lower_bound
        found["fewest_traitors"] = None if smallness is None else smallness.fewest_traitors
    return found


def everywhere_as_json(verdict: FamilyVerdict) -> Everywhere:
    """The object that `byzverify prove --json` prints."""
    found: Everywhere = {
        "model": library.reference_to(verdict.question.kind),
        "parameters": dict(verdict.question.fixed),
        "verdict": verdict.verdict,
        "assuming": verdict.statement,
        "orders": verdict.orders,
        "argument": verdict.argument,
        "conditions": [_everywhere(known) for known in verdict.conditions],
        "obligations": [
            {
                "name": one.name,
                "verdict": one.verdict,
                "condition": None if one.condition is None else one.condition.name,
                "premises_satisfiable": one.satisfiable,
                "seconds": round(one.seconds, 3),
            }
            for one in verdict.obligations
        ],
        "solvers": list(verdict.solvers),
        "checked": [dict(sizes) for sizes in verdict.confirmed.checked],
        "simulated_runs": verdict.confirmed.simulated,
        "seconds": round(verdict.seconds, 3),
        "attack": None if verdict.refuted is None else verdict.refuted.attack.as_json(),
        "certificate": None if verdict.certificate is None else str(verdict.certificate),
    }
    if verdict.reason is not None:
        found["reason"] = verdict.reason
    return found


def existence_as_json(verdict: ExistenceVerdict) -> Existence:
    """The object that `byzverify solvable --json` prints."""
    setting = verdict.question.setting
    freedom = None if verdict.found is None else verdict.found.freedom
    made: Existence = {
        "problem": setting.problem,
        "n": setting.n,
        "graph": verdict.question.graph,
        "commander": setting.commander,
        "faults": {mode.value: number for mode, number in setting.faults.items()},
        "signed": setting.signed,
        "verdict": verdict.verdict,
        "rounds": verdict.rounds,
        "impossible_rounds": _impossible_rounds(verdict),
        "open_rounds": list(verdict.open),
        "executions": verdict.executions,
        "distance": None if verdict.executions is None else verdict.executions - 2,
        "views": None if freedom is None else freedom.views,
        "free": None if freedom is None else freedom.free,
        "rules": None if freedom is None else 2**freedom.alike,
        "epsilon": None if verdict.epsilon is None else str(verdict.epsilon),
        "shown": verdict.shown,
        "rule": None if verdict.found is None else verdict.found.rule,
        "certificate": None if verdict.certificate is None else str(verdict.certificate),
        "protocol": None if verdict.found is None or verdict.found.saved is None else str(verdict.found.saved),
        "seconds": round(verdict.seconds, 3),
    }
    if verdict.reason is not None:
        made["reason"] = verdict.reason
    return made


def _impossible_rounds(verdict: ExistenceVerdict) -> int | Literal["any"] | None:
    if verdict.impossible is None:
        return None
    return verdict.impossible.setting.rounds or "any"


def completion_as_json(found: Completion) -> Completed:
    """The object that `byzverify complete --json` prints."""
    return {
        "model": library.reference_to(found.kind),
        "verdict": found.verdict,
        "sizes": [_completed(one) for one in found.sizes],
        "fits": [_fit(one) for one in found.fits],
        "more_fits": found.more,
        "saved": None if found.saved is None else _saved(found.saved),
        "seconds": round(found.seconds, 3),
    }


def _completed(one: SketchVerdict) -> SizeCompleted:
    return {
        "parameters": library.parameters_of(one.model),
        "faults": {mode.value: number for mode, number in one.faults.items()},
        "choices": {name: list(choices) for name, choices in one.choices.items()},
        "idle": list(one.idle),
        "proved": [dict(one.named(values)) for values in one.proved],
        "refuted": [
            {"values": dict(one.named(values)), "condition": attack.condition, "attack": attack.as_json()}
            for values, attack in one.broken.items()
        ],
        "unknown": [{"values": dict(one.named(values)), "reason": reason} for values, reason in one.unknown.items()],
        "checks": one.checks,
        "replays": one.replays,
    }


def _fit(fit: Fit) -> dict[str, str]:
    return {name: str(one) for name, one in fit.items()}


def _saved(saved: FilledProtocol) -> FitSaved:
    everywhere = saved.everywhere
    return {
        "path": str(saved.path),
        "fit": _fit(saved.fit),
        "rechecked": saved.rechecked,
        "everywhere": None if everywhere is None else everywhere.verdict,
        "assuming": None if everywhere is None else everywhere.statement,
        "refuted": [{"fit": _fit(fit), "sizes": dict(sizes)} for fit, sizes in saved.refuted],
        "reason": saved.reason or (None if everywhere is None else everywhere.reason),
    }


def bounds_as_json(found: Bounds) -> Bounded:
    """The object that `byzverify bound --json` prints."""
    made: Bounded = {
        "model": library.reference_to(found.kind),
        "parameters": dict(found.fixed),
        "beside": found.beside,
        "orders": found.orders,
        "conditions": {
            condition.name: [
                {"bound": one.text, "broken_at": None if one.below is None else dict(one.below)} for one in bounds
            ]
            for condition, bounds in found.conditions.items()
        },
        "seconds": round(found.seconds, 3),
    }
    if found.reason is not None:
        made["reason"] = found.reason
    return made


def _everywhere(known: ConditionEverywhere) -> ConditionAtAllSizes:
    found: ConditionAtAllSizes = {"name": known.condition.name, "verdict": known.verdict}
    if known.smallest is not None:
        found["smallest"] = dict(known.smallest)
    if known.reason is not None:
        found["reason"] = known.reason
    return found


def _word(verdict: Verdict) -> Word:
    return "proved" if isinstance(verdict, Proved) else "refuted" if isinstance(verdict, Refuted) else "unknown"


def _known(known: ConditionVerdict) -> ConditionKnown:
    found: ConditionKnown = {
        "verdict": known.verdict,
        "cases": known.cases,
        "can_fail": known.fallible,
        "holds_without_faults": known.loyal,
    }
    if known.reason:
        found["reason"] = known.reason
    return found


def run_as_json(replay: Replay) -> Played:
    """The object that `byzverify replay --json` prints."""
    run = replay.run
    return {
        "model": library.reference_to(type(run.protocol)),
        "parameters": library.parameters_of(run.protocol),
        "faults": {str(general): mode.value for general, mode in run.faults.items()},
        "orders": {str(general): order.name for general, order in run.orders.items()},
        "decisions": {str(general): written(run.decisions[general]) for general in run.decided},
        "conditions": {
            one.condition.name: {"holds": one.holds, "witnesses": None if one.witnesses is None else [*one.witnesses]}
            for one in replay.judgements
        },
        "holds": not replay.violated,
        "lies": len(run.lies),
        "rounds": run.rounds,
        "messages": run.messages,
    }


def simulation_as_json(replay: Replay) -> Played:
    """The object that `byzverify simulate --json` prints: a run, with the votes that were counted for each decision."""
    found = run_as_json(replay)
    decided = sorted(replay.run.decisions.items())
    votes = {str(me): decision.votes for me, decision in decided if isinstance(decision, Order)}
    found["tallies"] = {me: dict(Counter(vote.name for vote in cast)) for me, cast in votes.items()}
    return found


def with_programs(found: Played, programs: str, met: Encounter) -> Played:
    """The object of a run, with what programs did in it."""
    found["programs"] = programs
    found["as_model"] = met.as_model
    found["model_decisions"] = {str(general): written(decision) for general, decision in met.model.items()}
    found["impossible"] = [*met.run.bent]
    found["remarks"] = [*met.remarks]
    return found


def campaign_as_json(campaign: Campaign) -> Tested:
    """The object that `byzverify test --json` prints."""
    broke = sum(1 for played in campaign.played if played.failed)
    return {
        "model": library.reference_to(type(campaign.model)),
        "parameters": library.parameters_of(campaign.model),
        "faults": {mode.value: number for mode, number in campaign.faults.items()},
        "programs": str(campaign.team),
        "model_verdict": _word(campaign.verdict),
        "outcome": "broken" if campaign.broken else "unknown" if campaign.stopped else "survived",
        "trials": len(campaign.played),
        "broke": broke,
        "kinds": _kinds(campaign),
        "broken": _break(campaign),
        "stopped": None if campaign.stopped is None else str(campaign.stopped),
        "left_out": list(campaign.left_out),
        "seconds": round(campaign.seconds, 3),
    }


def _kinds(campaign: Campaign) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for one in campaign.played:
        kind = found.setdefault(one.planned.kind, {"trials": 0, "broke": 0, "as_model": 0})
        kind["trials"] += 1
        kind["broke"] += bool(one.failed)
        kind["as_model"] += one.as_model
    return found


def _break(campaign: Campaign) -> Break | None:
    played, attack = campaign.broken, campaign.attack
    if played is None or attack is None:
        return None
    return {
        "kind": played.planned.kind,
        "title": played.planned.title,
        "conditions": played.failed,
        "fault": str(played.outcome) if isinstance(played.outcome, Exception) else None,
        "lies": played.lies,
        "shrunk": campaign.shrunk,
        "attack": attack.as_json(),
    }


def conformance_as_json(findings: Iterable[StepResult], program: str, protocol: Protocol) -> Interviewed:
    """The object that `byzverify node-check --json` prints."""
    steps: list[Step] = [
        {"step": one.step, "grade": one.grade.value, "lines": [*one.lines], "hint": one.hint} for one in findings
    ]
    return {
        "program": program,
        "model": library.reference_to(type(protocol)),
        "parameters": library.parameters_of(protocol),
        "right": all(step["grade"] != "wrong" for step in steps),
        "steps": steps,
    }


def certified_as_json(found: Certified) -> CertificateChecked:
    """The object that `byzverify certify --json` prints."""
    return {
        "model": library.reference_to(type(found.model)),
        "parameters": library.parameters_of(found.model),
        "faults": {mode.value: number for mode, number in found.faults.items()},
        "conditions": found.conditions,
        "remarks": found.remarks,
        "clauses": found.clauses,
        "steps": found.steps,
        "simulated_runs": found.simulated,
    }


def certified_for_all_as_json(found: CertifiedForAll) -> CertificateForAllChecked:
    """The object that `byzverify certify --json` prints of a certificate for all sizes."""
    return {
        "model": library.reference_to(found.kind),
        "assuming": found.statement,
        "orders": found.orders,
        "conditions": found.conditions,
        "lemmas": found.lemmas,
        "clauses": found.clauses,
        "sums": found.sums,
        "steps": found.steps,
    }


def certified_impossible_as_json(found: CertifiedImpossible) -> ImpossibilityChecked:
    """The object that `byzverify certify --json` prints of a file which shows that no protocol solves a problem."""
    setting = found.found.setting
    return {
        "kind": "chain" if isinstance(found.found, RunChain) else "cover",
        "problem": setting.problem,
        "generals": setting.n,
        "edges": [list(edge) for edge in setting.edges],
        "commander": setting.commander,
        "rounds": setting.rounds,
        "faults": {mode.value: number for mode, number in setting.faults.items()},
        "signed": setting.signed,
        "executions": len(found.found.witnesses) + 1,
        "statement": found.statement,
    }


def models_as_json(models: Iterable[tuple[str, type[Protocol]]]) -> Models:
    """The object that `byzverify models --json` prints."""
    listed: list[ModelListed] = [
        {
            "name": name,
            "problem": model.problem.name,
            "claim": model.claim,
            "parameters": [parameter.name for parameter in parameters(model)],
        }
        for name, model in models
    ]
    return {"models": listed}


def exhibits_as_json(exhibits: Sequence[Exhibit]) -> Exhibits:
    """The object that `byzverify museum --json` prints."""
    listed: list[ExhibitListed] = [
        {
            "name": one.name,
            "title": one.title,
            "source": " ".join(one.source.split()),
            "breaks": one.breaks,
            "mistake": one.mistake.command(),
            "repair": one.repair.command(),
        }
        for one in exhibits
    ]
    return {"exhibits": listed}


def visit_as_json(exhibit: Exhibit, mistake: Refuted, repair: Proved) -> Visited:
    """The object that `byzverify museum EXHIBIT --json` prints."""
    return {
        "name": exhibit.name,
        "title": exhibit.title,
        "story": " ".join(exhibit.story.split()),
        "source": " ".join(exhibit.source.split()),
        "repaired": exhibit.repaired,
        "mistake": verdict_as_json(mistake),
        "repair": verdict_as_json(repair),
    }
