"""The lemmas to certify: for every lemma of a proof for all sizes, the script that says that it fails.

A certificate is written from these lemmas, and later compared with them. The engine asks a question of its own, too:
whether it makes a difference how it lists generals. A solver answers it for a verdict; here, it is one more lemma. This
module must know no solver and no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import byzverify
from byzverify.certificates.lemma_manifest import Example, LemmaFiles, LemmaManifest
from byzverify.engines.parameterized.deciding import Engine
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.lemmas import Lemma
from byzverify.files.formats import FOR_ALL
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.logic.linear import Formula
from byzverify.logic.linear_smtlib import LinearScript

LISTING = "listing"
"""The argument of lemmas which say that it makes no difference how generals are listed."""

HandleLemma = Callable[[str, str], dict[str, str]]
"""Takes the name of a lemma's files and its script; returns the names of its files with their SHA-256."""

Exemplify = Callable[[str, Sequence[Formula]], Example | None]
"""Takes the name of a lemma's files and its premises; returns values with which these hold, if there are any."""


class LemmaStatements:
    """Everything that must be true for a protocol to be right at every size.

    reference: the name of the protocol in the manifest. fixed, assuming: as for `prove`.
    """

    def __init__(
        self, kind: type[Protocol], reference: str, fixed: Mapping[str, Any], assuming: str | None, limit: Limit
    ) -> None:
        self.reference = reference
        self.fixed = fixed
        self.assuming = assuming
        self.limit = limit
        self.family = Family(kind, fixed, assuming)
        self._asked: list[Lemma] = []

    def manifest(self, handle: HandleLemma, exemplify: Exemplify) -> LemmaManifest:
        """The manifest. Calls `handle` and `exemplify` for every lemma. Raises what `prove` raises."""
        lemmas = [
            self._files(f"lemma{number}", lemma, handle, exemplify)
            for number, lemma in enumerate(self._lemmas(), start=1)
        ]
        return LemmaManifest(
            format=FOR_ALL,
            version=1,
            byzverify=byzverify.__version__,
            model=self.reference,
            fixed=dict(self.fixed),
            assuming=self.assuming,
            statement=self.family.statement,
            lemmas=lemmas,
        )

    def _lemmas(self) -> Iterator[Lemma]:
        """All lemmas, each after the questions that were asked while it was stated."""
        for lemma in Engine(self.family, self.limit).lemmas(self._ask).stated():
            yield from self._answered()
            yield lemma
        yield from self._answered()

    def _ask(self, premises: Sequence[Formula], goal: Formula) -> bool:
        """Take a question of the engine as a lemma, and answer it by yes."""
        self._asked.append(
            Lemma(LISTING, "it makes no difference how generals are listed", (*premises,), goal, LISTING)
        )
        return True

    def _answered(self) -> Iterator[Lemma]:
        yield from self._asked
        self._asked.clear()

    def _files(self, name: str, lemma: Lemma, handle: HandleLemma, exemplify: Exemplify) -> LemmaFiles:
        self.limit.check()
        files = handle(name, self._script(lemma))
        return LemmaFiles(
            argument=lemma.argument,
            name=lemma.name,
            condition=None if lemma.condition is None else lemma.condition.name,
            example=exemplify(name, lemma.premises),
            files=files,
        )

    def _script(self, lemma: Lemma) -> str:
        formulas = [*lemma.premises, -lemma.goal]
        return "".join([*LinearScript(self.family.arithmetic, formulas).asserted(formulas), "(check-sat)\n"])
