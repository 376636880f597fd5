"""A proof for all sizes: the lemmas of a family, decided, and compared with what is found at known sizes.

The comparison is with searches of the smallest sizes, and with simulated runs of larger ones. This module knows no
attacks: a lemma that fails is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, product
from random import Random

from byzverify.crosscheck.examining import Effort
from byzverify.crosscheck.guarding import guarded
from byzverify.engines.parameterized.deciding import Decided, Engine, sizes_of
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.lemmas import COUNTING, PATHS, PHASES
from byzverify.errors import TWO_READINGS, NotUnderstood, ProtocolError, ReplayMismatch, Stopped, Vacuous
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.limits import Limit
from byzverify.logic.linear import Formula, Valuation, total, unknown
from byzverify.questions.families import Confirmed, FamilyQuestion, Sizes
from byzverify.questions.question import Means, Progress, Question
from byzverify.questions.search import Search
from byzverify.questions.simulating import simulate
from byzverify.workers.background import Died, beside

MOST_GENERALS = 12
"""The largest sizes that are looked at one by one."""

LARGEST = 100
"""The largest size at which a protocol is tried out, if smaller ones are not meant."""

STEPS = 2_000_000
"""How many steps a search of one size may make that a proof is compared with."""

STEPS_OF_TWO = 400_000
"""The same for the smallest size with two faulty generals, which some mistakes need."""

CHECKED = 3
"""At how many of the smallest sizes with traitors a proof is compared with a check."""

SIMULATED = ((7, 19), (20, LARGEST))
"""The numbers of generals in the simulated runs that a proof is compared with: the least in each range."""

SIMULATED_TREES = ((5, 6), (7, 7))
"""The same for programs that relay along paths, of which there are very many. If none is meant, m is 1 at most."""

RUNS = 2
"""How many runs of each size, and with each start, a proof is compared with."""


class FamilyProof:
    """The lemmas of a question about all sizes. solvers: the names of those that decide them.

    decided: those that are decided so far. Raises UsageError for a question that makes no sense, Stopped if the engine
    does not understand for which sizes it is.
    """

    def __init__(self, question: FamilyQuestion, limit: Limit, solvers: tuple[str, ...], progress: Progress) -> None:
        self._question = question
        self._limit = limit
        self._progress = progress
        self.family = Family(question.kind, question.fixed, question.assuming)
        self.engine = Engine(self.family, limit, solvers)
        self.decided: list[Decided] = []

    def decide(self) -> None:
        """Decide all lemmas. Raises ProtocolError if the program fails at a known size, too: its author is to blame.

        Raises NotUnderstood if it fails only where sizes are not known, or leaves something behind, and what else the
        engine raises.
        """
        sizes = next(self.small_sizes(), None) or self._first_size(MOST_GENERALS + 1, LARGEST)
        if sizes is None:
            raise NotUnderstood(f"no size with {LARGEST} generals or fewer is meant, to compare a proof with")
        model, _ = self.instance(sizes)
        try:
            with model.leaving_nothing():
                for decided in self.engine.decided():
                    self.decided.append(decided)
                    self._progress(f"{decided.lemma.name}: {_word(decided)}")
        except ProtocolError as error:
            simulate(model, (), [model.orders[0].name])
            raise NotUnderstood(str(error)) from None

    def of(self, condition: Condition) -> list[Decided]:
        """The lemmas that a condition may rest on."""
        return [one for one in self.decided if one.lemma.condition in (None, condition)]

    def prove(self, condition: Condition, more: Sequence[Formula] = ()) -> bool:
        """Whether the lemmas prove a condition, and there are sizes at which it asks something.

        more: what is assumed besides. For each fault of the commander, one of the lemmas about the condition must hold,
        with all parts of the argument that it rests on.
        """
        own = [one for one in self.decided if one.lemma.condition == condition]
        cases = {one.lemma.shows for one in own}
        proved = all(any(self._shown(one, more) for one in own if one.lemma.shows == case) for case in cases)
        return proved and any(one.possible for one in own)

    def _shown(self, decided: Decided, more: Sequence[Formula]) -> bool:
        """Whether a lemma holds with all that it rests on."""
        parts = [one for one in self.decided if one.lemma.shows in decided.lemma.rests_on]
        return all(one.holds or (more and self.engine.holds(one.lemma, more)) for one in (decided, *parts))

    def may_fail(self, condition: Condition, sizes: Sizes) -> bool:
        """Whether a condition is not proved at one size."""
        given = [self.family.arithmetic.equal(unknown(name), number) for name, number in sizes.items()]
        return not self.prove(condition, given)

    def means(self, sizes: Sizes) -> bool:
        """Whether these sizes are meant."""
        return Valuation(self.family.arithmetic, sizes, ()).holds(self.family.region)

    def means_from(self, least: int, sizes: Sizes) -> bool:
        """Whether every number of generals from `least` on is meant, with these other sizes."""
        arithmetic = self.family.arithmetic
        given = [arithmetic.equal(unknown(name), number) for name, number in sizes.items() if name in self.family.sizes]
        return self.engine.proves([arithmetic.at_least(self.family.everyone, least), *given], self.family.region)

    @property
    def argument(self) -> str:
        """By what the lemmas are a proof."""
        kinds = {one.lemma.argument for one in self.decided}
        return next((kind for kind in (PATHS, PHASES) if kind in kinds), COUNTING)

    def small_sizes(self) -> Iterator[Sizes]:
        """The smallest sizes, in the order of n and then of the others."""
        return (sizes for n in range(1, MOST_GENERALS + 1) for sizes in sizes_of(self.family, n, self._limit))

    def instance(self, sizes: Sizes) -> tuple[Protocol, Budget]:
        """The instance of these sizes, and how many generals may fail in it."""
        own = {name: value for name, value in sizes.items() if name not in self.family.faulty}
        return self._question.kind(**{**own, **self._question.fixed}), self.family.budget(sizes)

    def compared(self, conditions: Sequence[Condition], more: Sequence[Formula] = ()) -> Confirmed:
        """Compare what is proved with searches of small sizes, and with simulated runs.

        conditions: those that are proved. more: what is assumed of the sizes besides. Raises ReplayMismatch if one of
        them is broken, Stopped at the limit.
        """
        if not conditions:
            return Confirmed()
        try:
            with (
                beside(lambda: self._simulated(conditions, more), self._limit) as simulated,
                beside(lambda: self._search_two_faulty(conditions, more), self._limit) as two_faulty,
            ):
                checked = [sizes for sizes, ended in islice(self._searched(conditions, more), CHECKED) if ended]
                two_faulty()
                return Confirmed(tuple(checked), simulated())
        except Died as died:
            raise Stopped(f"the process that simulates runs {died}") from None

    def _searched(self, conditions: Sequence[Condition], more: Sequence[Formula]) -> Iterator[tuple[Sizes, bool]]:
        """The smallest sizes with traitors at which something is asked, each with whether its search came to an end.

        The first search that does is guarded, as those of `check` are.
        """
        guard = True
        for sizes in self._sizes_with_traitors(more):
            with suppress(Vacuous):
                ended = self._search(sizes, conditions, guard=guard)
                yield sizes, ended
                guard = guard and not ended

    def _search_two_faulty(self, conditions: Sequence[Condition], more: Sequence[Formula]) -> None:
        """Search the smallest size with two faulty generals, if that takes not too long. Raises ReplayMismatch."""
        two = self.family.arithmetic.at_least(total(map(unknown, self.family.faulty)), 2)
        sizes = self._first_size(1, MOST_GENERALS, [*more, two])
        if sizes is not None:
            with suppress(Vacuous):
                self._search(sizes, conditions, guard=False, steps=STEPS_OF_TWO)

    def _search(self, sizes: Sizes, conditions: Sequence[Condition], *, guard: bool, steps: int = STEPS) -> bool:
        """Whether a search of one size proves the same; it may be too long.

        Raises ReplayMismatch if it does not, Vacuous if nothing is asked there.

        guard: whether to compare the search itself with a fresh process, as `check` does.
        """
        self._progress(f"comparing with {shown(sizes)}")
        model, budget = self.instance(sizes)
        question = Question.of(model, budget, [one.name for one in conditions])
        means = Means(limit=self._limit.fewer(steps))
        effort = Effort() if guard else Effort(beside=False)
        with model.leaving_nothing() as state, guarded(model, budget, effort, state) as guards:
            found = Search(question, means, guards.watch if guard else lambda stated: None).run()
            if found.refuted:
                raise ReplayMismatch(self._contradicted(sizes))
            found.demand_meaning()
            if guard and not found.unknown:
                guards.demand_agreement(found.proved, self._limit)
        return not found.unknown

    def _contradicted(self, sizes: Sizes) -> str:
        return f"proved for {self.family.statement}, but {shown(sizes)} is broken; {TWO_READINGS}"

    def _sizes_with_traitors(self, more: Sequence[Formula]) -> Iterator[Sizes]:
        """For each number of generals, the size with the most traitors."""
        for n in range(1, MOST_GENERALS + 1):
            sizes = self.engine.most_faulty(n, more)
            if sizes is not None and any(sizes[name] for name in self.family.faulty):
                yield sizes

    def _first_size(self, least: int, most: int, more: Sequence[Formula] = ()) -> Sizes | None:
        """The size with the most traitors and the fewest generals, of which there are `least` to `most`."""
        sizes = (self.engine.most_faulty(n, more) for n in range(least, most + 1))
        return next(filter(None, sizes), None)

    def _simulated(self, conditions: Sequence[Condition], more: Sequence[Formula]) -> int:
        """Simulate runs of further sizes, in which the conditions must hold. Raises ReplayMismatch if one does not."""
        runs = 0
        for sizes in self._sizes_to_simulate(more):
            model, budget = self.instance(sizes)
            for seed, start in product(range(RUNS), (*model.orders, None)):
                self._limit.check()
                replay = simulate(model, *_scenario(model, budget, seed, start), "random", seed)
                if any(judgement.condition in conditions for judgement in replay.violated):
                    raise ReplayMismatch(self._contradicted(sizes))
                runs += 1
        return runs

    def _sizes_to_simulate(self, more: Sequence[Formula]) -> list[Sizes]:
        """Sizes with traitors, and the smallest one without: there a program may have nobody to listen to."""
        relays = self.argument == PATHS
        nobody = self.family.arithmetic.equal(total(map(unknown, self.family.faulty)), 0)
        found = [self._first_size(*numbers, more) for numbers in (SIMULATED_TREES if relays else SIMULATED)]
        if relays and not any(found):
            shallow = self.family.arithmetic.at_least(-unknown("m"), -1)
            found = [self._first_size(1, LARGEST, [*more, shallow])]
        return [*filter(None, [*found, self._first_size(1, MOST_GENERALS, [*more, nobody])])]


def _word(decided: Decided) -> str:
    return {True: "holds", False: "fails", None: "undecided"}[decided.holds]


def shown(sizes: Mapping[str, int]) -> str:
    """Sizes in words: `n=4, m=1, t=1`."""
    return ", ".join(f"{name}={number}" for name, number in sizes.items())


def _scenario(model: Protocol, budget: Budget, seed: int, start: Order | None) -> tuple[dict[General, str], list[str]]:
    """Who fails, and how, and what each general starts with: with this order, or with any if there is none."""
    chance = Random(seed)
    modes = [mode.value for mode, number in budget.items() for _ in range(number)]
    faulty = dict(zip(chance.sample(range(model.n), len(modes)), modes, strict=True))
    starters = model.problem.starters(model.n)
    return faulty, [(start or chance.choice(model.orders)).name for _ in starters]
