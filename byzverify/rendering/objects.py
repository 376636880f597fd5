"""The JSON objects that commands print with --json: what is in each.

`output.schema.json` beside this file is their JSON Schema, and docs/reference/json.md says what each field means. What
`map --json` prints is a map file. This module knows forms, and nothing of how they are filled.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

Parameters = dict[str, bool | int | float | str]
"""A model's parameters by name."""

Numbers = dict[str, int]
"""How many generals may fail in each mode, by the mode's name."""


class ConditionKnown(TypedDict):
    """What a check knows of one condition."""

    verdict: Literal["proved", "refuted", "unknown"]
    cases: int
    can_fail: bool | None
    holds_without_faults: bool | None
    reason: NotRequired[str]


class Checked(TypedDict):
    """What `check` prints."""

    model: str
    parameters: Parameters
    traitors: int
    faults: Numbers
    verdict: Literal["proved", "refuted", "unknown"]
    conditions: dict[str, ConditionKnown]
    argument: str
    lemmas: int
    traitor_sets: int
    scenarios: int
    cases: int
    variables: int
    unasked: int
    doubted: list[str]
    decided_while_built: int
    assumptions_satisfiable: bool | None
    solvers: list[str]
    simulated_runs: int
    simulated_instance: dict[str, Any] | None
    simulated_in_fresh_interpreter: bool
    alone: int
    interchangeable: bool | str | None
    seconds: float
    certificate: NotRequired[str | None]
    reason: NotRequired[str]
    attack: NotRequired[dict[str, Any]]
    lies: NotRequired[int]
    shrunk: NotRequired[bool]
    no_protocol_can: NotRequired[bool]
    repeated: NotRequired[bool | str]
    minimal: NotRequired[bool | None]
    lower_bound: NotRequired[int | None]
    fewest_traitors: NotRequired[bool | None]


class ConditionAtAllSizes(TypedDict):
    """What is known of a condition at all sizes. smallest: the least size at which an attack breaks it."""

    name: str
    verdict: Literal["proved", "refuted", "unknown"]
    smallest: NotRequired[Numbers]
    reason: NotRequired[str]


class LemmaDecided(TypedDict):
    """A lemma of a proof for all sizes. condition: what it is about; null if every condition rests on it."""

    name: str
    verdict: Literal["proved", "fails", "unknown"]
    condition: str | None
    premises_satisfiable: bool | None
    seconds: float


class Everywhere(TypedDict):
    """What `prove` prints."""

    model: str
    parameters: Parameters
    verdict: Literal["proved", "refuted", "unknown"]
    assuming: str
    orders: int
    argument: str
    conditions: list[ConditionAtAllSizes]
    obligations: list[LemmaDecided]
    solvers: list[str]
    checked: list[Numbers]
    simulated_runs: int
    seconds: float
    attack: dict[str, Any] | None
    certificate: str | None
    reason: NotRequired[str]


class WeakestBound(TypedDict):
    """A weakest bound under which a condition is proved, and the smallest size just below at which it is broken."""

    bound: str
    broken_at: Numbers | None


class Existence(TypedDict):
    """What `solvable` prints."""

    problem: Literal["broadcast", "consensus", "interactive", "crusader", "graded", "approximate"]
    n: int
    graph: str | None
    commander: int | None
    faults: Numbers
    signed: bool
    verdict: Literal["impossible", "solvable", "unknown"]
    rounds: int | None
    impossible_rounds: int | Literal["any"] | None
    open_rounds: list[int]
    executions: int | None
    distance: int | None
    views: int | None
    free: int | None
    rules: int | None
    epsilon: str | None
    shown: str | None
    rule: str | None
    certificate: str | None
    protocol: str | None
    seconds: float
    reason: NotRequired[str]


class ChoiceBroken(TypedDict):
    """Values of holes that an attack breaks."""

    values: Parameters
    condition: str
    attack: dict[str, Any]


class ChoiceUnknown(TypedDict):
    """Values of holes of which nothing is known, and why."""

    values: Parameters
    reason: str


class SizeCompleted(TypedDict):
    """What is known of a sketch's holes at one size."""

    parameters: Parameters
    faults: Numbers
    choices: dict[str, list[bool | int | str]]
    idle: list[str]
    proved: list[Parameters]
    refuted: list[ChoiceBroken]
    unknown: list[ChoiceUnknown]
    checks: int
    replays: int


class FitRefuted(TypedDict):
    """A fit that `prove` refutes, with the smallest size at which it does."""

    fit: dict[str, str]
    sizes: Numbers


class FitSaved(TypedDict):
    """The file in which a fit takes the place of the holes, and what is known of it."""

    path: str
    fit: dict[str, str]
    rechecked: bool
    everywhere: Literal["proved", "refuted", "unknown"] | None
    assuming: str | None
    refuted: list[FitRefuted]
    reason: str | None


class Completed(TypedDict):
    """What `complete` prints."""

    model: str
    verdict: Literal["found", "none", "unknown"]
    sizes: list[SizeCompleted]
    fits: list[dict[str, str]]
    more_fits: bool
    saved: FitSaved | None
    seconds: float


class CellTabulated(TypedDict):
    """One cell of a periodic table."""

    n: int
    graph: str | None
    edges: int
    connectivity: int
    commander: int | None
    faults: Numbers
    verdict: Literal["impossible", "solvable", "unknown"]
    rounds: int | None
    impossible_rounds: int | Literal["any"] | None
    open_rounds: list[int]
    executions: int | None
    shortest: bool
    views: int | None
    free: int | None
    rules: int | None
    rule: str | None
    command: str
    certificate: str | None
    protocol: str | None
    seconds: float
    reason: NotRequired[str]


class Tabulated(TypedDict):
    """What `map --solvable` prints."""

    problem: Literal["broadcast", "consensus", "interactive", "crusader", "graded"]
    signed: bool
    stopped: str | None
    contradictions: list[str]
    cells: list[CellTabulated]


class Bounded(TypedDict):
    """What `bound` prints."""

    model: str
    parameters: Parameters
    beside: str
    orders: int
    conditions: dict[str, list[WeakestBound]]
    seconds: float
    reason: NotRequired[str]


class ConditionJudged(TypedDict):
    """Whether a condition holds in one run, and before whom it fails."""

    holds: bool
    witnesses: list[int] | None


class Played(TypedDict):
    """A run: what `replay` and `simulate` print. What is not required is there where programs play."""

    model: str
    parameters: Parameters
    faults: dict[str, str]
    orders: dict[str, str]
    decisions: dict[str, Any]
    conditions: dict[str, ConditionJudged]
    holds: bool
    lies: int
    rounds: int
    messages: int
    tallies: NotRequired[dict[str, Numbers]]
    programs: NotRequired[str]
    as_model: NotRequired[bool]
    model_decisions: NotRequired[dict[str, Any]]
    impossible: NotRequired[list[str]]
    remarks: NotRequired[list[str]]


class Kind(TypedDict):
    """What came of the trials of one kind."""

    trials: int
    broke: int
    as_model: int


class Break(TypedDict):
    """The smallest trial that broke the programs."""

    kind: str
    title: str
    conditions: list[str]
    fault: str | None
    lies: int
    shrunk: bool
    attack: dict[str, Any]


class Tested(TypedDict):
    """What `test` prints."""

    model: str
    parameters: Parameters
    faults: Numbers
    programs: str
    model_verdict: Literal["proved", "refuted", "unknown"]
    outcome: Literal["broken", "survived", "unknown"]
    trials: int
    broke: int
    kinds: dict[str, Kind]
    broken: Break | None
    stopped: str | None
    left_out: list[str]
    seconds: float


class Step(TypedDict):
    """One step of an interview."""

    step: str
    grade: Literal["right", "wrong", "differs"]
    lines: list[str]
    hint: str


class Interviewed(TypedDict):
    """What `node-check` prints."""

    program: str
    model: str
    parameters: Parameters
    right: bool
    steps: list[Step]


class CertificateChecked(TypedDict):
    """What `certify` prints."""

    model: str
    parameters: Parameters
    faults: Numbers
    conditions: dict[str, int]
    remarks: dict[str, str]
    clauses: int
    steps: int
    simulated_runs: int


class CertificateForAllChecked(TypedDict):
    """What `certify` prints of a certificate for all sizes."""

    model: str
    assuming: str
    orders: int
    conditions: dict[str, int]
    lemmas: int
    clauses: int
    sums: int
    steps: int


class ImpossibilityChecked(TypedDict):
    """What `certify` prints of a file which shows that no protocol solves a problem."""

    kind: str
    problem: str
    generals: int
    edges: list[list[int]]
    commander: int | None
    rounds: int | None
    faults: Numbers
    signed: bool
    executions: int
    statement: str


class ModelListed(TypedDict):
    """A model that comes with byzverify."""

    name: str
    problem: str
    claim: str
    parameters: list[str]


class Models(TypedDict):
    """What `models` prints."""

    models: list[ModelListed]


class ExhibitListed(TypedDict):
    """An exhibit of the museum; mistake, repair: the commands that check them."""

    name: str
    title: str
    source: str
    breaks: list[str]
    mistake: str
    repair: str


class Exhibits(TypedDict):
    """What `museum` prints."""

    exhibits: list[ExhibitListed]


class Visited(TypedDict):
    """What `museum EXHIBIT` prints."""

    name: str
    title: str
    story: str
    source: str
    repaired: str
    mistake: Checked
    repair: Checked
