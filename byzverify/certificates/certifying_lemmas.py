"""Checks a certificate for all sizes: its lemmas are those of the model, each has a proof, and nothing is missing.

No solver is used. The check trusts the run of the model that states the lemmas, the argument that joins them, and the
checker of proofs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from byzverify.catalogue import library
from byzverify.certificates.comparing import content_of, demand_same, demand_unchanged, reference_of
from byzverify.certificates.farkas import check
from byzverify.certificates.lemma_manifest import KINDS, Example, LemmaManifest
from byzverify.certificates.lemma_statements import LemmaStatements
from byzverify.certificates.lrat import Rejected, without_hints
from byzverify.certificates.manifest import FILE, digest, read_as
from byzverify.errors import CertificateError, NotUnderstood, UsageError
from byzverify.language.protocol import Protocol, parameters
from byzverify.limits import Limit
from byzverify.logic.linear import Formula, Valuation


@dataclass(frozen=True)
class CertifiedForAll:
    """What a certificate for all sizes shows: the model's conditions hold at every size that the statement means.

    conditions: how many lemmas that can apply are about each condition; all others are about all. lemmas: how many
    there are. clauses, sums, steps: how many clauses they have, how many of these rest on sums of inequalities, and how
    many steps the proofs have.
    """

    kind: type[Protocol]
    statement: str
    orders: int
    conditions: dict[str, int]
    lemmas: int
    clauses: int
    sums: int
    steps: int


def certify_for_all(folder: Path, model: str | None, limit: Limit, progress: Callable[[str], None]) -> CertifiedForAll:
    """Check a certificate that `prove --certificate` wrote, without a solver.

    The lemmas are stated anew from the model and compared byte by byte. Every proof is followed step by step. Then the
    manifest is compared with the manifest of the new files. Raises what `certify` raises.
    """
    text, manifest = read_as(folder, LemmaManifest)
    demand_unchanged(folder, manifest)
    try:
        statements = _statements(folder, manifest, model, limit)
        checker = _LemmaChecker(folder, manifest, statements, progress)
        made = statements.manifest(checker.files, checker.example)
    except NotUnderstood as reason:
        raise CertificateError(f"{folder} is not about this model: {reason}") from None
    demand_same(folder, made.text(), text)
    protocol = statements.family.protocol
    about = [one.condition for one in made.lemmas if one.example is not None]
    conditions = {one.name: about.count(one.name) for one in protocol.problem.conditions}
    if silent := [name for name, lemmas in conditions.items() if not lemmas]:
        raise CertificateError(f"{folder} proves nothing of {', '.join(silent)}: no lemma that can apply is about it")
    return CertifiedForAll(
        statements.family.kind,
        manifest.statement,
        len(protocol.orders),
        conditions,
        len(made.lemmas),
        checker.clauses,
        checker.sums,
        checker.steps,
    )


def _statements(folder: Path, manifest: LemmaManifest, model: str | None, limit: Limit) -> LemmaStatements:
    reference = reference_of(folder, manifest, model)
    try:
        kind = library.find(reference)
        if strange := set(manifest.fixed) - {one.name for one in parameters(kind)}:
            raise UsageError(f"{kind.__name__} has no parameter {', '.join(sorted(strange))}")
        return LemmaStatements(kind, manifest.model, manifest.fixed, manifest.assuming, limit)
    except UsageError as error:
        raise CertificateError(f"{folder}: {error}") from None


class _LemmaChecker:
    """Checks the files of each lemma, and counts clauses, sums and steps."""

    def __init__(
        self, folder: Path, manifest: LemmaManifest, statements: LemmaStatements, progress: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._examples = [one.example for one in manifest.lemmas]
        self._arithmetic = statements.family.arithmetic
        self._limit = statements.limit
        self._progress = progress
        self.clauses = self.sums = self.steps = 0

    def example(self, name: str, premises: Sequence[Formula]) -> Example | None:
        """The manifest's example of a lemma. Raises CertificateError if its premises do not hold there."""
        place = int(name.removeprefix("lemma")) - 1
        found = self._examples[place] if place < len(self._examples) else None
        if found is not None and not all(map(Valuation(self._arithmetic, found.numbers, found.truths).holds, premises)):
            raise CertificateError(f"{self._folder / FILE}: the example of {name} does not fit its premises")
        return found

    def files(self, name: str, script: str) -> dict[str, str]:
        """Check the files of a lemma. Returns their names with their checksums."""
        self._progress(f"checking {name}")
        contents = {f"{name}.{kind}": content_of(self._folder / f"{name}.{kind}") for kind in KINDS}
        smt2, cnf, farkas, drat, lrat = contents.values()
        if script.encode() != smt2:
            raise CertificateError(f"{self._folder / name}.smt2 does not say what the model gives")
        try:
            found = check(smt2, cnf, farkas, lrat, self._limit.check)
            if without_hints(lrat) != drat:
                raise Rejected(f"{name}.drat does not have the clauses of this proof")
        except Rejected as reason:
            raise CertificateError(f"{self._folder / name}: {reason}") from None
        self.clauses += found.clauses
        self.sums += found.sums
        self.steps += found.steps
        return {file: digest(content) for file, content in contents.items()}
