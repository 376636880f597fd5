"""The sources of a campaign's trials: attacks on weaker protocols, votes at their tipping points, and random choice.

A program that claims to be a model may be any of the programs that people write by mistake instead. So every attack
that breaks one of these is tried on it. This module asks the checker and makes random choices. It plays nothing against
programs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, cycle, islice, product
from typing import Any, TypeVar

from byzverify.campaign.mutants import mutants
from byzverify.campaign.steering import steered
from byzverify.catalogue import configurations, library
from byzverify.errors import ProtocolError, UsageError, counted, described
from byzverify.ir.sites import sites
from byzverify.language.faults import Budget, Faults, lies
from byzverify.language.labels import Label, signers_of
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.records import filled, names_in
from byzverify.language.values import ABSENT, Order
from byzverify.limits import Limit
from byzverify.questions import pipeline
from byzverify.questions.verdict import Refuted
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Alternate, Random, Silent
from byzverify.simulation.trial import Trial

SMALLEST = 100_000
"""How many steps are spent on the smallest attack on one variant."""

SETS = 6
"""For how many sets of faulty generals to steer votes, and to try scripted traitors."""


NONSENSE: tuple[Label, ...] = ((), 0, "stray", ("stray", (0, ())))
"""Labels that most models do not use, of every kind."""

STRAYS = (1, 8, 64)
"""The numbers of stray orders that a traitor may put into one letter."""

MOST_REPEATED = 200
"""After this many repeated trials in a row, the sources count as exhausted."""


@dataclass(frozen=True)
class Planned:
    """One trial of a campaign, with its kind and a description."""

    kind: str
    title: str
    trial: Trial


class Sources:
    """The trials for one protocol, in which no more generals fail than `budget` allows.

    seed: for random choices. progress: called with one line about each step. left_out: the mutants that could not be
    executed, each with the error. Methods raise Stopped at the limit.
    """

    def __init__(
        self, protocol: Protocol, budget: Budget, seed: int, limit: Limit, progress: Callable[[str], None]
    ) -> None:
        self._protocol = protocol
        self._budget = budget
        self._seed = seed
        self._limit = limit
        self._progress = progress
        self.left_out: list[str] = []

    def trials(self) -> Iterator[Planned]:
        """Different trials with faulty generals, until the sources seem exhausted (see `MOST_REPEATED`).

        First come the attacks that the checker finds; then, in turn, steered votes, stray orders, scripted traitors and
        random ones.
        """
        seen: set[Any] = set()
        repeated = 0
        kinds = [self.steered(), self.strays(), self.scripted(), self.chance()]
        for planned in chain(self.of_variants(), self.of_mutants(), in_turn(kinds)):
            repeated = repeated + 1 if key(planned.trial) in seen else 0
            if repeated == MOST_REPEATED:
                return
            if not repeated:
                seen.add(key(planned.trial))
                yield planned

    def honest(self) -> list[Planned]:
        """Trials in which nobody fails: all start with the same order; if several start with one, once with a mix."""
        starters = self._protocol.problem.starters(self._protocol.n)
        orders = self._protocol.orders[:3]
        starts = [dict.fromkeys(starters, order) for order in orders]
        starts += [dict(zip(starters, cycle(orders), strict=False))] if starters[1:] else []
        return [Planned("nobody fails", _starting(start), Trial(self._protocol, {}, start, {})) for start in starts]

    def of_variants(self) -> Iterator[Planned]:
        """The smallest attacks on weaker variants of this protocol."""
        for title, variant in self._variants():
            yield from self._attack_on(title, variant, "weaker variants", minimal=True)

    def _variants(self) -> Iterator[tuple[str, Protocol]]:
        """The museum's mistakes that this protocol repairs, at its size, and the protocol built for fewer traitors."""
        mine = library.reference_to(type(self._protocol))
        size = library.parameters_of(self._protocol)
        repaired = [one.mistake for one in configurations.exhibits() if one.repair.model == mine != one.mistake.model]
        mistakes = {mistake.model: mistake.set for mistake in repaired}
        built_for_less = {f"m={fewer}": size | {"m": fewer} for fewer in range(size.get("m", 0))}
        for title, given in {**mistakes, **built_for_less}.items():
            kind = library.find(title) if title in mistakes else type(self._protocol)
            known = {name: value for name, value in size.items() if library.has_parameter(kind, name)}
            with suppress(UsageError):  # the variant does not exist at this size
                yield title, library.build(kind, known | given)

    def of_mutants(self) -> Iterator[Planned]:
        """Attacks on mutants of the protocol's text."""
        for mutant in mutants(type(self._protocol)):
            try:
                variant = mutant.build()(**library.parameters_of(self._protocol))
            except Exception as error:  # the mutant fails as a program, so nobody would run it
                self.left_out.append(f"{mutant.title}: {described(error)}")
                continue
            yield from self._attack_on(f"{mutant.place}: {mutant.change}", variant, "mutants", minimal=False)

    def _attack_on(self, title: str, variant: Protocol, kind: str, minimal: bool) -> Iterator[Planned]:
        self._limit.check()
        self._progress(f"looking for an attack on {title}")
        try:
            seconds = self._limit.seconds()
            found = pipeline.check(variant, self._budget, minimal=minimal, timeout=seconds, steps=SMALLEST)
        except ProtocolError:  # the variant breaks a rule of the language, which is no attack
            return
        if isinstance(found, Refuted):
            trial = Trial.of(found.replay.run).on(self._protocol)
            if set(names_in(trial.said.values())) <= {word.name for word in (ABSENT, *self._protocol.words)}:
                yield Planned(kind, title, trial)

    def steered(self) -> Iterator[Planned]:
        """Votes at their tipping points, for several sets of faulty generals in turn."""
        draw = self._draw()
        self._progress("steering votes to their tipping points")
        sets = [steered(self._protocol, faults, draw, self._limit) for faults in self._sets(draw)]
        for what, trial in in_turn(sets):
            yield Planned("steered votes", what, trial)

    def strays(self) -> Iterator[Planned]:
        """Traitors who also send orders that no program of the model would read from them there.

        They use another general's path, a path of another round, or labels that do not exist. To one receiver, they
        always name the same order. The model ignores these orders, but a program might not.
        """
        draw = self._draw()
        usual = [site for site in sites(self._protocol) if not signers_of(site[3])]
        labels = [*dict.fromkeys(site[3] for site in usual), *NONSENSE]
        rounds = range(1, 1 + max((site[0] for site in sites(self._protocol)), default=0))
        while any(lies(mode) for mode in self._modes()):
            faults = self._drawn(draw)
            start = self._start(draw)
            orders = {general: draw.choice(self._protocol.orders) for general in range(self._protocol.n)}
            lied = draw.choice((0.5, 1.0))
            said = {
                site: filled(site[3], orders[site[2]])
                for site in usual
                if lies(faults.get(site[1])) and draw.random() < lied
            }
            liars = [general for general in faults if lies(faults[general])]
            for round, liar, receiver in product(rounds, liars, orders):
                if receiver != liar and self._protocol.linked(liar, receiver):
                    for label in draw.sample(labels, min(len(labels), draw.choice(STRAYS))):
                        said.setdefault((round, liar, receiver, label), filled(label, orders[receiver]))
            what = f"{counted(len(liars), 'traitor')} under any labels"
            yield Planned("stray orders", what, Trial(self._protocol, faults, start, said))

    def scripted(self) -> Iterator[Planned]:
        """Traitors who are silent, or who tell every second general another order."""
        draw = self._draw()
        for faults, order in product(self._sets(draw), self._protocol.orders[:2]):
            start = dict.fromkeys(self._protocol.problem.starters(self._protocol.n), order)
            for strategy in (Silent(), Alternate(self._protocol.words)):
                done = run(self._protocol, faults, start, strategy, limit=self._limit)
                yield Planned("scripted", type(strategy).__name__.lower(), Trial.of(done))

    def chance(self) -> Iterator[Planned]:
        """Traitors who say anything."""
        draw = self._draw()
        while self._modes():
            seed = draw.randrange(2**32)
            strategy = Random(self._protocol.words, seed)
            done = run(self._protocol, self._drawn(draw), self._start(draw), strategy, limit=self._limit)
            yield Planned("random", f"seed {seed}", Trial.of(done))

    def _start(self, draw: random.Random) -> dict[General, Order]:
        starters = self._protocol.problem.starters(self._protocol.n)
        return {general: draw.choice(self._protocol.orders) for general in starters}

    def _draw(self) -> random.Random:
        return random.Random(self._seed)

    def _sets(self, draw: random.Random) -> list[Faults]:
        """Some different sets of faulty generals: the last ones, the first ones, and others."""
        modes = self._modes()
        generals = range(self._protocol.n)
        sets = [dict(zip(generals[-len(modes) :], modes, strict=False)), dict(zip(generals, modes, strict=False))]
        sets += [self._drawn(draw) for _ in range(10 * SETS)]
        different = {tuple(sorted(faults.items())): faults for faults in sets}
        return list(islice(different.values(), SETS)) if modes else []

    def _drawn(self, draw: random.Random) -> Faults:
        modes = self._modes()
        return dict(sorted(zip(draw.sample(range(self._protocol.n), len(modes)), modes, strict=True)))

    def _modes(self) -> list[Any]:
        """The modes of the generals who fail if as many fail as may; at least one general stays loyal."""
        modes = [mode for mode, most in self._budget.items() for _ in range(most)]
        return modes[: self._protocol.n - 1]


def _starting(start: Mapping[General, Order]) -> str:
    return "starting with " + " and ".join(dict.fromkeys(order.name for order in start.values()))


def key(trial: Trial) -> Any:
    """A key that is equal for equal trials."""
    said = frozenset((site, order.name) for site, order in trial.said.items())
    orders = frozenset((general, order.name) for general, order in trial.orders.items())
    return frozenset(trial.faults.items()), orders, said, frozenset(trial.crashed.items())


Item = TypeVar("Item")


def in_turn(sources: Sequence[Iterator[Item]]) -> Iterator[Item]:
    """One item from each source in turn, until all are exhausted."""
    left = list(sources)
    while left:
        for source in list(left):
            try:
                yield next(source)
            except StopIteration:
                left.remove(source)
