"""Checks a certificate: its clauses are those of the model, its proofs refute them, and nothing is missing.

No solver is used. The check trusts the execution that makes the clauses, and the checker of proofs. Of a certificate
that no protocol solves a problem, it trusts only `checking_impossibility.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from byzverify.catalogue import library
from byzverify.certificates import checking_impossibility, lrat
from byzverify.certificates.certifying_lemmas import CertifiedForAll, certify_for_all
from byzverify.certificates.comparing import content_of, demand_same, demand_unchanged, reference_of
from byzverify.certificates.impossibility_file import Impossibility
from byzverify.certificates.impossibility_file import read as read_impossibility
from byzverify.certificates.lemma_manifest import is_for_all
from byzverify.certificates.manifest import FILE, Manifest, digest, read
from byzverify.certificates.statements import Statements
from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.guarding import Guards, guarded
from byzverify.engines.finite.distinguishing import Asymmetric
from byzverify.engines.finite.symmetry import asymmetry
from byzverify.errors import CertificateError, UsageError
from byzverify.files.texts import text_of
from byzverify.language.conditions import emptiness
from byzverify.language.faults import Budget, budget_of
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins


@dataclass(frozen=True)
class Certified:
    """What a certificate shows: the model's conditions hold while no more generals fail than `faults` allows.

    conditions: in how many cases each condition was asked. fallible: whether some decisions would break a condition
    that was asked; None if that is not known. clauses: how many clauses all cases have together. steps: how many steps
    the proofs have. simulated: how many simulated runs agree.
    """

    model: Protocol
    faults: Budget
    conditions: dict[str, int]
    fallible: dict[str, bool | None]
    clauses: int
    steps: int
    simulated: int

    @property
    def remarks(self) -> dict[str, str]:
        """For each condition that says nothing, the reason, in the same words as in `check`."""
        found = {name: emptiness(cases, self.fallible.get(name)) for name, cases in self.conditions.items()}
        return {name: remark for name, remark in found.items() if remark}


@dataclass(frozen=True)
class CertifiedImpossible:
    """What a file shows about every protocol. found: a chain of executions, or a cover. statement: what it shows."""

    found: Impossibility
    statement: str


def certify(
    folder: str | Path,
    *,
    model: str | None = None,
    timeout: float | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Certified | CertifiedForAll | CertifiedImpossible:
    """Check a certificate that `check --certificate` or `prove --certificate` wrote, without a solver. Or check a file
    which shows that no protocol solves a problem.

    The clauses or lemmas are made anew from the model and compared byte by byte. Every proof is followed step by step.
    Then the manifest is compared with the manifest of the new files. The model's program is executed.

    folder: a folder, or such a file. model: the model of the certificate, `path/to/file.py:Class`, if it is not the one
    that the manifest names. A model outside the working directory is only run if it is given here. timeout: seconds
    after which Stopped is raised.
    progress: called with a line about each step. Raises CertificateError if anything differs, UsageError if the model
    does not exist or must be given, ProtocolError or ReplayMismatch if the simulator contradicts the certificate.
    """
    question_begins()
    folder, limit = Path(folder), Limit.within(timeout)
    if not folder.exists():
        raise CertificateError(f"cannot read {folder}: No such file or directory")
    if folder.is_file():
        if model is not None:
            raise UsageError(f"{folder} is about every protocol: --model is for the folders of other certificates")
        return certify_impossible(folder)
    if is_for_all(folder):
        return certify_for_all(folder, model, limit, progress)
    return _certify_one_size(folder, model, limit, progress)


def certify_impossible(path: Path) -> CertifiedImpossible:
    """Check a file which shows that no protocol solves a problem. Raises CertificateError if it does not."""
    text = text_of(path, CertificateError)
    found = read_impossibility(text, path)
    try:
        return CertifiedImpossible(found, checking_impossibility.check(text))
    except ValueError as error:
        raise CertificateError(f"{path} shows nothing: {error}") from None


def _certify_one_size(folder: Path, model: str | None, limit: Limit, progress: Callable[[str], None]) -> Certified:
    text, manifest = read(folder)
    demand_unchanged(folder, manifest)
    protocol, budget = _question(folder, manifest, model)
    checker = _Checker(folder, limit, progress)
    with protocol.leaving_nothing() as state, guarded(protocol, budget, Effort(), state) as guards:
        asked, fallible = _compared(folder, text, manifest, protocol, budget, checker, guards)
        progress("comparing with the simulator")
        found = guards.demand_agreement(asked, limit)
    conditions = {condition.name: asked[condition.name] for condition in protocol.problem.conditions}
    return Certified(protocol, budget, conditions, fallible, checker.clauses, checker.steps, found.runs)


def _compared(
    folder: Path,
    text: str,
    manifest: Manifest,
    protocol: Protocol,
    budget: Budget,
    checker: _Checker,
    guards: Guards,
) -> tuple[Counter[str], dict[str, bool | None]]:
    """In how many cases each condition is asked, and whether it can fail. Raises CertificateError for differences."""
    limit = checker.limit
    if manifest.interchangeable:
        checker.progress("checking which generals are interchangeable")
        reason = asymmetry(protocol, limit)
        if reason is not None:
            raise _not_interchangeable(folder, reason)
    try:
        statements = Statements(protocol, manifest.model, budget, manifest.interchangeable, limit, guards.watch)
        made = statements.manifest(checker.files)
    except Asymmetric as found:
        raise _not_interchangeable(folder, str(found)) from None
    demand_same(folder, made.text(), text)
    if not any(fallible is not False for fallible in statements.asked.values()):
        raise CertificateError(f"{folder} proves nothing: there is no case, or no condition that can fail")
    return Counter(case.condition for scenario in made.scenarios for case in scenario.cases), statements.asked


def _question(folder: Path, manifest: Manifest, model: str | None) -> tuple[Protocol, Budget]:
    """The model and the budget of the certificate. Raises CertificateError if they are impossible."""
    reference = reference_of(folder, manifest, model)
    try:
        protocol = library.build(library.find(reference), dict(manifest.parameters))
        budget = budget_of(manifest.faults)
    except UsageError as error:
        raise CertificateError(f"{folder / FILE}: {error}") from None
    if sum(budget.values()) > protocol.n:
        raise CertificateError(f"{folder / FILE}: no {sum(budget.values())} of {protocol.n} generals can fail")
    return protocol, budget


def _not_interchangeable(folder: Path, reason: str) -> CertificateError:
    return CertificateError(f"{folder / FILE} treats generals as interchangeable, but they are not: {reason}")


class _Checker:
    """Checks the files of each case, and counts clauses and steps."""

    def __init__(self, folder: Path, limit: Limit, progress: Callable[[str], None]) -> None:
        self._folder = folder
        self.limit = limit
        self.progress = progress
        self.clauses = self.steps = 0

    def files(self, name: str, lines: Iterator[str]) -> dict[str, str]:
        """Check the files of a case. Returns their names with their checksums."""
        self.progress(f"checking {name}")
        contents = {f"{name}.{kind}": content_of(self._folder / f"{name}.{kind}") for kind in ("cnf", "drat", "lrat")}
        cnf, drat, proof = contents.values()
        if "".join(lines).encode() != cnf:
            raise CertificateError(f"{self._folder / name}.cnf does not have the clauses that the model gives")
        try:
            formula = lrat.DimacsText(cnf)
            self.steps += lrat.check(formula, proof, self.limit.check)
            if lrat.without_hints(proof) != drat:
                raise lrat.Rejected(f"{name}.drat does not have the clauses of this proof")
        except lrat.Rejected as reason:
            raise CertificateError(f"{self._folder / name}.lrat: {reason}") from None
        self.clauses += len(formula)
        return {file: digest(content) for file, content in contents.items()}
