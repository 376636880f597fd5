"""Hypothesis strategies: scenarios of a protocol; trials, in which a scenario's faulty generals act; and attacks.

    @given(trials(OM(n=4, m=1)))
    def test_my_general(trial):
        withstands("./my_general", trial)

Everything that the checker considers can be drawn: every choice of faulty generals, every start, and, at each site that
a program reads, every order and silence. Each site is drawn independently. Its simplest value is that nobody lies, so
that examples shrink towards a run without faults. This module needs hypothesis; it must not know how a trial is played.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain, islice

try:
    from hypothesis import strategies as st
    from hypothesis.strategies import DrawFn, SearchStrategy
except ImportError as error:
    raise ImportError("byzverify.strategies needs hypothesis: pip install 'byzverify[testing]'") from error

from byzverify.campaign.proposals import Sources
from byzverify.engines.finite.failure_semantics import SEMANTICS, runs_program
from byzverify.ir.sites import sites
from byzverify.language.faults import Fault, Faults, lies
from byzverify.language.messages import Chain, General, Site
from byzverify.language.protocol import Protocol
from byzverify.language.records import Form, Record
from byzverify.language.values import ABSENT, Order
from byzverify.limits import NO_LIMIT
from byzverify.questions.question import budget_for
from byzverify.simulation.trial import Trial as Trial

MOST_SITES = 2000
"""If there are more sites than this, only a few of them are drawn, since hypothesis limits the size of an example."""

STRAYS = 20
"""How many trials of `attacks` have traitors who speak under labels that the model does not read."""

LEANING = 4
"""How much more often a traitor tells a receiver the order that he wants him to believe than any other order."""

Most = int | Mapping[str, int] | Mapping[Fault, int] | None
"""How many generals may fail: None for as many as the model is built for, a number, or a number for each mode."""

Choices = Mapping[Site, Sequence[str]]
"""The names of the orders that can be told at each site, or in each field of a message, in place of the honest one."""


def scenarios(model: Protocol, traitors: Most = None) -> SearchStrategy[Trial]:
    """Trials in which faulty generals still act as loyal ones: who fails, how, and who starts with what.

    traitors: the most that may fail, as for `byzverify.check`. Raises UsageError for an impossible number.
    """
    budget = budget_for(model, traitors)
    return _scenarios(model, [mode for mode, most in budget.items() for _ in range(most)])


@st.composite
def _scenarios(draw: DrawFn, model: Protocol, modes: Sequence[Fault]) -> Trial:
    faults: Faults = {}
    for mode in modes:
        loyal = [general for general in range(model.n) if general not in faults]
        fails = draw(st.sampled_from([None, *loyal]))
        if fails is not None:
            faults[fails] = mode
    order = st.sampled_from([order.name for order in model.orders])
    starters = model.problem.starters(model.n)
    alike = order.map(lambda one: dict.fromkeys(starters, one))
    each = st.fixed_dictionaries(dict.fromkeys(starters, order))
    return Trial(model, faults, draw(alike | each if starters[1:] else alike))


def trials(model: Protocol, traitors: Most = None) -> SearchStrategy[Trial]:
    """Trials of this model: scenarios in which faulty generals do anything that they can.

    traitors: the most that may fail, as for `byzverify.check`. Raises UsageError for an impossible number.
    """
    return scenarios(model, traitors).flatmap(trials_of)


@st.composite
def trials_of(draw: DrawFn, scenario: Trial) -> Trial:
    """Trials in which the faulty generals of this scenario do anything that they can."""
    halting = [general for general, mode in scenario.faults.items() if SEMANTICS[mode].halts]
    crashed = {general: draw(_crash(scenario)) for general in halting}
    choices = {
        site: words
        for site, words in _choices(scenario).items()
        if site[1] not in crashed or site[0] == crashed[site[1]]
    }
    said = draw(_told(choices) if len(choices) <= MOST_SITES else _few(choices))
    fallen = {who: round for who, round in crashed.items() if round is not None}
    return Trial(scenario.protocol, scenario.faults, scenario.orders, said, fallen)


def attacks(model: Protocol, traitors: Most = None) -> SearchStrategy[Trial]:
    """Trials with attacks on weaker variants of this protocol, or with labels that the model does not read.

    The shortest come first. They are the trials of a campaign. The search runs when this function is called, and may
    take seconds. There may be none for a model with no known mistakes of its kind. traitors: as for `trials`.
    """
    sources = Sources(model, budget_for(model, traitors), 0, NO_LIMIT, lambda line: None)
    found = [
        planned.trial
        for planned in chain(sources.of_variants(), sources.of_mutants(), islice(sources.strays(), STRAYS))
    ]
    found.sort(key=lambda trial: (len(trial.faults), len(trial.said)))
    return st.sampled_from(found) if found else st.nothing()


def _crash(scenario: Trial) -> SearchStrategy[int | None]:
    """The round in which a general crashes: never, as late as possible, or earlier."""
    rounds = max((site[0] for site in sites(scenario.protocol)), default=0)
    return st.sampled_from([None, *range(rounds, 0, -1)])


def _choices(scenario: Trial) -> Choices:
    """What faulty generals can tell whom. Messages to byzantine traitors are left out: these say anything anyway."""
    faults = scenario.faults
    found: dict[Site, Sequence[str]] = {}
    for round, sender, receiver, label in sites(scenario.protocol):
        mode = faults.get(sender)
        if mode is not None and runs_program(faults.get(receiver)):
            site = round, sender, SEMANTICS[mode].concerns(receiver), label
            found[site] = _words(scenario.protocol, mode, label)
    return found


def _words(protocol: Protocol, mode: Fault, label: object) -> Sequence[str]:
    """The words that a general with this fault mode can say."""
    if not lies(mode):
        return [ABSENT.name]
    return [*([label.order] if isinstance(label, Chain) else [word.name for word in protocol.words]), ABSENT.name]


@st.composite
def _told(draw: DrawFn, choices: Choices) -> dict[Site, Order]:
    """Lies, site by site. Traitors prefer one order for each receiver: lies that contradict each other break little."""
    everything = st.sampled_from(list(dict.fromkeys(chain.from_iterable(choices.values()))) or [ABSENT.name])
    leanings: dict[General, str] = {}
    told: dict[Site, Order] = {}
    for site, words in choices.items():
        receiver = site[2]
        if receiver not in leanings:
            leanings[receiver] = draw(everything)
        word = draw(_say(tuple(words), leanings[receiver]))
        if word is not None:
            told[site] = draw(_in_fields(site[3], words, word)) if type(site[3]) is Form else Order(word)
    return told


@cache
def _say(words: tuple[str, ...], leaning: str) -> SearchStrategy[str | None]:
    """What is said: one of these words, or None for what a loyal general would say."""
    leaning = leaning if leaning in words else ABSENT.name
    more = [leaning] * (LEANING - 1) if words[1:] else []
    return st.sampled_from([None, *more, *words])


@st.composite
def _few(draw: DrawFn, choices: Choices) -> dict[Site, Order]:
    """A few lies, at any sites."""
    chosen = draw(st.lists(st.sampled_from(list(choices)), unique=True))
    drawn = {site: draw(st.sampled_from(choices[site])) for site in chosen}
    return {
        site: draw(_in_fields(site[3], choices[site], word)) if type(site[3]) is Form else Order(word)
        for site, word in drawn.items()
    }


@st.composite
def _in_fields(draw: DrawFn, form: Form, words: Sequence[str], word: str) -> Order:
    """A message with this word in its fields or, less often, other words; no message if the word is ABSENT's."""
    if word == ABSENT.name:
        return ABSENT
    fields = st.sampled_from([word] * LEANING + list(words))
    return Record({name: Order(draw(fields)) for name in form.names()})
