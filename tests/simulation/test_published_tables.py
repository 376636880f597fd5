"""The tables published with the program that `readme_program` models, number for number; OM in the same scenarios."""

import pytest

from byzverify.language import Protocol
from byzverify.models.om import OM
from byzverify.models.readme_program import ReadmeProgram
from byzverify.questions.simulating import simulate
from byzverify.simulation.judging import Replay

Tally = list[tuple[str, int]]


def play(model: type[Protocol], m: int, loyalty: str) -> Replay:
    """One run with the alternating traitors, as `byzverify simulate MODEL -m M -G LOYALTY -O ATTACK` makes it."""
    letters = loyalty.split(",")
    traitors = [general for general, letter in enumerate(letters) if letter == "t"]
    return simulate(model(n=len(letters), m=m), traitors, ["ATTACK"])  # type: ignore[call-arg]


def tallies(replay: Replay) -> list[Tally]:
    names = [[vote.name for vote in replay.run.decisions[g].votes] for g in range(replay.run.protocol.n)]
    return [sorted(((name, row.count(name)) for name in set(row)), key=lambda item: -item[1]) for row in names]


def alternating(n: int, even: Tally, odd: Tally) -> list[Tally]:
    return [odd if general % 2 else even for general in range(n)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("m", "loyalty", "even", "odd"),
    [
        (4, "l,t,l,l,l", [("RETREAT", 62), ("ATTACK", 46)], [("ATTACK", 55), ("RETREAT", 53)]),
        (3, "l,l,l,t,t,l,l,t,l,l", [("ATTACK", 303), ("RETREAT", 273)], [("ATTACK", 403), ("RETREAT", 173)]),
        (3, "l,l,l,t,t,l,l,t,l", [("RETREAT", 210), ("ATTACK", 182)], [("ATTACK", 244), ("RETREAT", 148)]),
    ],
)
def test_the_published_table_comes_out(m: int, loyalty: str, even: Tally, odd: Tally) -> None:
    assert tallies(play(ReadmeProgram, m, loyalty)) == alternating(len(loyalty.split(",")), even, odd)


def test_three_traitors_of_ten_deceive_the_flat_tally_and_not_om() -> None:
    replay = play(ReadmeProgram, 3, "l,l,l,t,l,t,l,t,l,l")
    assert tallies(replay)[2] == [("RETREAT", 324), ("ATTACK", 252)]
    assert [judgement.condition.name for judgement in replay.violated] == ["IC1", "IC2"]
    assert play(OM, 3, "l,l,l,t,l,t,l,t,l,l").violated == []


@pytest.mark.parametrize("loyalty", ["l,l,l,t,t,l,l,t,l,l", "l,t,l,t,l,t,l,l,l,l", "t,t,l,t,l,l,l,l,l,l"])
def test_om_withstands_the_scripted_traitors_above_3m(loyalty: str) -> None:
    assert play(OM, 3, loyalty).violated == []


@pytest.mark.parametrize(("n", "m", "messages"), [(4, 1, 9), (7, 2, 156), (10, 3, 3609)])
def test_om_sends_as_many_messages_as_the_paper_counts(n: int, m: int, messages: int) -> None:
    """LSP 1982, section 3: OM(m-k) is called (n-1)...(n-k) times down to m+1 factors."""
    replay = play(OM, m, ",".join("l" * n))
    assert replay.run.messages == messages
    assert replay.run.rounds == m + 1


def test_silent_and_random_traitors_are_repeatable() -> None:
    model = OM(n=7, m=2)
    for strategy in ("silent", "random"):
        runs = [simulate(model, [1, 2], ["ATTACK"], strategy, seed=7).run for _ in range(2)]
        assert runs[0].said == runs[1].said
        assert runs[0].lies
    other = simulate(model, [1, 2], ["ATTACK"], "random", seed=8).run
    assert other.said != simulate(model, [1, 2], ["ATTACK"], "random", seed=7).run.said
