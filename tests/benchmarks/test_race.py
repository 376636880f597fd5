"""Who is asked what: until the limit is exceeded once, and up to the edge of what a model can do."""

import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify.catalogue.configurations import Configuration
from byzverify.errors import UsageError
from byzverify.language.protocol import MOST
from tests.benchmarks import reach as reaching
from tests.benchmarks.contestants import CONTESTANTS, Contestant, Size
from tests.benchmarks.measuring import Command, Cost, Limit, Verdict, WrongVerdict
from tests.benchmarks.race import race
from tests.benchmarks.reach import LADDERS, Ladder, reach
from tests.benchmarks.run import ATTACKS, PROOFS
from tests.support.other_tools import missing

SIZES = [Size(4, 1), Size(7, 2), Size(10, 3)]
LIMIT = Limit(5.0, 100_000.0)


def silently(line: str) -> None:
    """Nobody listens."""


def contestant(name: str, program: str, **others: Any) -> Contestant:
    """Somebody who runs a program, with the number of generals as its argument."""
    command = (sys.executable, "-c", f"import sys, time; n = int(sys.argv[1])\n{program}")
    return replace(Contestant(name, "", lambda: "", lambda size: (*command, str(size.n))), **others)


@pytest.mark.slow
def test_who_exceeds_the_limit_is_not_asked_again() -> None:
    slow = contestant("slow", "print('proved', flush=True); time.sleep(600 if n > 4 else 0)")
    quick = contestant("quick", "print('proved')")
    results = race([quick, slow], SIZES, LIMIT, silently)
    assert {name: [size.n for size in heats] for name, heats in results.items()} == {
        "quick": [4, 7, 10],
        "slow": [4, 7],
    }
    assert [heat.stopped for heat in results["slow"].values()] == ["", "> 5 s"]


def test_nobody_is_asked_about_fewer_generals_than_he_can_be() -> None:
    results = race([contestant("late", "print('proved')", fewest=7)], SIZES, LIMIT, silently)
    assert [size.n for size in results["late"]] == [7, 10]


def test_what_is_made_beforehand_is_there_and_measured_apart() -> None:
    made = (sys.executable, "-c", "open('made', 'w').write('proved')")
    reader = contestant("reader", "print(open('made').read())", made=lambda size: (made,))
    heat = race([reader], SIZES[:1], LIMIT, silently)["reader"][SIZES[0]]
    assert heat.made.seconds > 0
    assert heat.made.said != heat.cost.said == "proved\n"


def test_who_cannot_make_it_in_time_is_not_asked() -> None:
    never = (sys.executable, "-c", "import time; time.sleep(600)")
    results = race([contestant("reader", "1/0", made=lambda size: (never,))], SIZES, Limit(0.3, 1e5), silently)
    assert [heat.stopped for heat in results["reader"].values()] == ["> 0.3 s"]


def test_a_wrong_verdict_ends_the_race() -> None:
    with pytest.raises(WrongVerdict, match="proved"):
        race([contestant("liar", "print('refuted'); sys.exit(1)")], SIZES, LIMIT, silently)


@pytest.mark.slow
@pytest.mark.parametrize("asked", CONTESTANTS, ids=lambda contestant: contestant.name)
@pytest.mark.parametrize("sizes", [PROOFS, ATTACKS], ids=["proof", "attack"])
def test_every_contestant_knows_the_theorem(asked: Contestant, sizes: tuple[Size, ...]) -> None:
    size = next(size for size in sizes if size.n >= asked.fewest)
    if asked.missing:
        missing(*asked.missing)
    assert not race([asked], [size], Limit(120.0, 8000.0), silently)[asked.name][size].stopped


def test_a_run_of_om_sends_as_many_orders_as_the_paper_says() -> None:
    assert [size.orders for size in SIZES] == [9, 156, 3609]


@given(st.integers(0, 40))
def test_the_edge_is_found_wherever_it_is(edge: int) -> None:
    asked: list[int] = []

    def measured(command: Command, expected: Verdict, limit: Limit) -> Cost:
        m = int(command[-1])
        asked.append(m)
        return Cost(1.0, 1.0, "> 60 s" if m > edge else "")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reaching, "measure", measured)
        found = reach(Ladder("om", 3), Limit(), silently)
    assert (found.last, found.next, found.stopped) == (edge, edge + 1, "> 60 s")
    assert (found.cost is None) == (edge == 0)
    assert len(asked) == len(set(asked))


def test_nobody_is_asked_about_more_generals_than_there_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reaching.MOST == MOST
    monkeypatch.setattr(reaching, "measure", lambda command, expected, limit: Cost(1.0, 1.0))
    found = reach(Ladder("om", 3), Limit(), silently)
    assert (found.last, found.next, found.stopped) == (333, 334, "> 1,000 generals")


def tolerated(ladder: Ladder, n: int, m: int) -> bool:
    """Whether a model claims to cope, with n generals, with the faults of the ladder's step m."""
    modes = [one.split("=") for one in ladder.faults.replace("=m", f"={m}").split(",") if one]
    faults = {mode: int(number) for mode, number in modes} or {"byzantine": m}
    try:
        protocol = Configuration(model=ladder.model, n=n, m=m, faults=faults).build()
    except UsageError:
        return False
    return protocol.tolerates(faults.pop("byzantine", 0), **faults)


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: ladder.model)
@pytest.mark.parametrize("m", [1, 2, 3])
def test_a_ladder_stands_at_the_published_bound(ladder: Ladder, m: int) -> None:
    n = ladder.generals(m)
    assert tolerated(ladder, n, m)
    assert ladder.per_traitor == 1 or not tolerated(ladder, n - 1, m)
