"""What is turned and what tips, held against runs of the simulator and against the language's own algebra."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from byzverify.attacks.loading import load
from byzverify.attacks.run_log import RunLog
from byzverify.ir.expressions import Expression, Majority, Read
from byzverify.ir.interpretation import Interpretation
from byzverify.language import Protocol
from byzverify.language.decisions import written
from byzverify.language.messages import Site
from byzverify.language.values import ABSENT, PLAIN, Order
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.models.turpin_coan import TurpinCoan
from byzverify.models.z import Z
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation, Random
from byzverify.stories.phrases import elected, threshold
from byzverify.stories.reasoning import Inference, Reasoning, VoteCount

ATTACKS = sorted((Path(__file__).parents[1] / "golden" / "attacks").glob("*.json"))
MODELS: list[Protocol] = [
    OM(n=5, m=1),
    OM(n=4, m=2, values=3),
    EIG(n=4, m=1),
    PhaseKing(n=3, m=1),
    SM(n=4, m=1),
    Gradecast(n=4, m=1),
    TurpinCoan(n=4, m=1, values=3),
    Z(n=4, m=1),
]


def reasoning(path: Path) -> Reasoning:
    return Reasoning(RunLog(load(path)[1]))


def steps(found: Reasoning) -> Iterator[Inference]:
    """All steps behind the decisions of loyal generals."""
    pending = [step for general in found.log.run.loyal for step in found.conclusions(general).values()]
    seen = set()
    while pending:
        step = pending.pop()
        if (step.general, step.expression) not in seen:
            seen.add((step.general, step.expression))
            pending += [*found.nearest(step), *found.grounds(step)]
            yield step


def tallies(found: Reasoning) -> Iterator[VoteCount]:
    yield from (tally for step in steps(found) if (tally := found.tally(step)) is not None)


def sites(expression: Expression) -> set[Site]:
    """Where an expression reads."""
    found: dict[Expression, None] = {expression: None}
    pending = [expression]
    for one in pending:
        new = [part for part in dict.fromkeys(one.parts) if part not in found]
        found |= dict.fromkeys(new)
        pending += new
    return {one.site for one in found if isinstance(one, Read)}


def with_one_honest(found: Reasoning, tally: VoteCount, site: Site, honest: Order) -> object:
    """What a tally would come to, if `honest` were read at one site, and everything else as it was."""
    log = found.log

    def read(at: Site, silence: Order) -> Order:
        said = honest if at == site else log.at(at).said
        return silence if said.name == ABSENT.name else said

    again = Interpretation(PLAIN, log.run.protocol.words, read, log.run.orders.__getitem__)
    return written((again.truth if tally.least is not None else again.order)(tally.step.expression))


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_what_would_have_been_is_the_run_in_which_nobody_fails(path: Path) -> None:
    found = reasoning(path)
    played = found.log.run
    honest = run(played.protocol, played.faults, played.orders, Deviation(Behaviour()))
    assert honest.lies == []
    for general in played.loyal:
        assert written(found.decided(general)) == written(honest.decisions[general])


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_whatever_is_turned_rests_on_something_turned_or_on_a_lie(path: Path) -> None:
    found = reasoning(path)
    turned = [step for step in steps(found) if step.turned]
    assert turned
    for step in turned:
        grounds = found.grounds(step) if found.nearest(step) in ([], [step]) else found.nearest(step)
        assert found.is_lie(step) or any(ground.turned for ground in grounds)


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_a_vote_tips_alone_exactly_if_reading_it_as_it_should_have_been_changes_the_count(path: Path) -> None:
    found = reasoning(path)
    compared = 0
    for tally in tallies(found):
        counted = [vote.step for vote in tally.votes] + [named for named, _ in tally.named]
        places = [site for step in counted for site in sites(step.expression)]
        for vote in tally.votes:
            one = vote.step.expression
            if not isinstance(one, Read) or places.count(one.site) != 1 or not isinstance(vote.step.honest, Order):
                continue
            differs = with_one_honest(found, tally, one.site, vote.step.honest) != written(tally.step.value)
            assert vote.tips == differs
            compared += 1
    assert compared


@pytest.mark.slow
@settings(deadline=None)
@given(model=some.sampled_from(MODELS), seed=some.integers(0, 10**6), data=some.data())
def test_a_tally_of_honest_votes_is_the_honest_tally(model: Protocol, seed: int, data: some.DataObject) -> None:
    """So a turned tally has turned votes, unless what they are compared with was turned."""
    traitors = data.draw(some.sets(some.integers(0, model.n - 1), max_size=2))
    orders = {g: data.draw(some.sampled_from(model.orders)) for g in model.problem.starters(model.n)}
    played = run(model, traitors, orders, Random(model.words, seed))
    found = Reasoning(RunLog(Replay.of(played)))
    for tally in tallies(found):
        if tally.step.turned:
            assert tally.turned or any(named.turned for named, _ in tally.named)
        assert set(tally.tipping) <= set(tally.turned)
        if tally.least is not None:
            assert (sum(vote.weight for vote in tally.votes) >= tally.least) == written(tally.step.value)
            honest = (w for vote in tally.votes for named, w in tally.named if same(vote.step.honest, named.honest))
            assert (sum(honest) >= tally.least) == written(tally.step.honest)
            text = threshold(tally)
            assert (": enough" in text or ": a majority" in text) == written(tally.step.value)
        else:
            elect = PLAIN.majority if isinstance(tally.step.expression, Majority) else PLAIN.plurality
            cast = [vote.step.value for vote in tally.votes if isinstance(vote.step.value, Order)]
            assert ("by default" in elected(tally)) == (elect(cast, Order("nobody's")).name == "nobody's")


def same(one: object, other: object) -> bool:
    return bool(written(one) == written(other))
