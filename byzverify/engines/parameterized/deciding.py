"""Decides the lemmas of a family: the answer of the engine for all sizes.

This module knows lemmas and solvers. It does not know what follows for users.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from time import monotonic

from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.lemmas import Lemma, Lemmas
from byzverify.engines.parameterized.programs import Proves
from byzverify.engines.parameterized.sublanguage import demand_understood
from byzverify.engines.parameterized.trees import Induction
from byzverify.errors import Disagreement
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.linear import Formula, Valuation, total, unknown
from byzverify.solvers.answers import Undecided, Unsatisfiable
from byzverify.solvers.arithmetic import ArithmeticSolver, Solution, arithmetic_solver

Sizes = Mapping[str, int]
"""The parameters of an instance, and how many generals are faulty in each mode, by name."""


@dataclass(frozen=True)
class Decided:
    """What solvers say of a lemma.

    holds: whether its goal follows from its premises; None if a solver gave up, for this `reason`. possible: whether
    its premises can hold at all; None if that is not known. seconds: how long it took.
    """

    lemma: Lemma
    holds: bool | None
    possible: bool | None
    seconds: float
    reason: str = ""


class Engine:
    """The engine for one family. by: the solvers' names; they must not contradict each other."""

    def __init__(self, family: Family, limit: Limit, by: Sequence[str] = ("z3",)) -> None:
        self.family = family
        self._state = family.protocol.state()
        self._limit = limit
        self._by = by

    @cached_property
    def _solvers(self) -> list[ArithmeticSolver]:
        return [arithmetic_solver(name, self.family.arithmetic) for name in self._by]

    def decided(self) -> Iterator[Decided]:
        """Each lemma, decided when its turn comes.

        Raises ProtocolError if the program breaks a rule of the language, or does what is not understood for all sizes;
        Stopped at the limit, or if nothing can be said of it; Disagreement if solvers contradict each other.
        """
        lemmas = self.lemmas()
        for lemma in lemmas.stated():
            start = monotonic()
            answer = self._solve([*lemma.premises, -lemma.goal])
            possible = self._solve(lemma.premises) if isinstance(answer, Unsatisfiable) else answer
            if isinstance(lemma.shows, str) and not isinstance(answer, Unsatisfiable):
                lemmas.failed.add(lemma.shows)
            yield Decided(
                lemma,
                None if isinstance(answer, Undecided) else isinstance(answer, Unsatisfiable),
                None if isinstance(possible, Undecided) else isinstance(possible, Solution),
                monotonic() - start,
                answer.reason if isinstance(answer, Undecided) else "",
            )

    def holds(self, lemma: Lemma, more: Sequence[Formula]) -> bool:
        """Whether a lemma is known to hold with more premises."""
        return self.proves([*lemma.premises, *more], lemma.goal)

    def proves(self, premises: Sequence[Formula], goal: Formula) -> bool:
        """Whether premises are known to prove a goal."""
        return isinstance(self._solve([*premises, -goal]), Unsatisfiable)

    def induction(self) -> Induction | None:
        """The induction over paths; None if the program does not relay along paths. Raises what `decided` raises."""
        return self.lemmas().induction()

    def lemmas(self, proves: Proves | None = None) -> Lemmas:
        """The lemmas. proves: answers what the engine asks while it states them; by default the solvers do.

        Raises NotUnderstood if the text is not in the part of Python that is understood at every size.
        """
        demand_understood(self.family.kind, self.family.protocol.problem)
        fixed = (abs(value) for value in self.family.parameters.values() if type(value) is int)
        return Lemmas(self.family, self._limit, proves or self.proves, max(self._state.largest_number, *fixed))

    def most_faulty(self, n: int, more: Sequence[Formula] = ()) -> Sizes | None:
        """The sizes with so many generals, with as many faulty and then as many byzantine ones as the family allows,
        and with the other sizes as small as they can be then. None if there are no sizes with so many generals.

        more: what is assumed of the sizes besides.
        """
        family, arithmetic = self.family, self.family.arithmetic
        enough = arithmetic.at_least(family.everyone, total(map(unknown, family.faulty)))
        region = [family.region, *more, arithmetic.equal(unknown("n"), n), enough]
        natural = [arithmetic.at_least(unknown(name), 0) for name in family.sizes]
        if isinstance(self._solve([*region, *natural]), Solution):
            region += natural
        found: Sizes | None = None
        greatest = [total(map(unknown, family.faulty)), unknown("t")]
        least = [-unknown(name) for name in family.sizes if name not in ("n", "t")]
        for sum_, bounds in [
            *((one, range(n, -1, -1)) for one in greatest),
            *((one, range(0, -n - 1, -1)) for one in least),
        ]:
            for bound in bounds:
                tried = [*region, arithmetic.at_least(sum_, bound)]
                answer = self._solve(tried)
                if isinstance(answer, Solution):
                    region, found = tried, {name: answer.numbers.get(name, 0) for name in family.sizes}
                    break
        return found

    def _solve(self, formulas: Sequence[Formula]) -> Solution | Unsatisfiable | Undecided:
        answers = {one.name: one.solve(formulas, self._limit) for one in self._solvers}
        decided = [answer for answer in answers.values() if not isinstance(answer, Undecided)]
        if len({type(answer) for answer in decided}) > 1:
            said = ", ".join(f"{name}: {type(answer).__name__.lower()}" for name, answer in answers.items())
            raise Disagreement(f"solvers contradict each other about one question ({said})")
        undecided = [answer for answer in answers.values() if isinstance(answer, Undecided)]
        return undecided[0] if undecided else decided[0]


def sizes_of(family: Family, n: int, limit: Limit = NO_LIMIT) -> Iterator[Sizes]:
    """The sizes of a family with so many generals, in the order in which the smallest attack is looked for. Raises
    Stopped at the limit.
    """
    others = [name for name in family.sizes if name != "n"]
    for numbers in product(range(n + 1), repeat=len(others)):
        limit.check()
        sizes = {"n": n, **dict(zip(others, numbers, strict=True))}
        enough = sum(sizes[name] for name in family.faulty) <= n
        if enough and Valuation(family.arithmetic, sizes, ()).holds(family.region):
            yield sizes
