"""Beyond the edge of a map: what lemmas prove for every larger number of generals, and what may not contradict it."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from byzverify.catalogue import library
from byzverify.catalogue.dependencies import code_of
from byzverify.errors import TWO_READINGS, Interrupted, ReplayMismatch
from byzverify.maps.axes import landscape_of
from byzverify.maps.jobs import LargerAnswer
from byzverify.maps.landscape import AllSizes, Known, Map
from byzverify.maps.larger import decide_larger, questions
from byzverify.maps.mapping import mapped
from byzverify.maps.store import Store
from byzverify.questions.everywhere import FamilyProof
from byzverify.workers.crew import Crew
from byzverify.workers.worker import Allowance
from tests.support.calling import Call


def beyond(model: str, **axes: Any) -> list[AllSizes]:
    """What is proved beyond a map, without its cells."""
    asked = questions(landscape_of(model, **axes), code_of(library.find(model)), Allowance(seconds=3600.0))
    return [decide_larger(question)[0] for question in asked]


def test_theorem_1_holds_in_each_row_with_at_most_m_traitors_from_3m_plus_1_generals_on() -> None:
    """LSP 1982, Theorem 1, beyond eight generals."""
    (found,) = beyond("om", n="3..8", m="0..4", t="0..4")
    assert (found.statement, found.proved, found.reason) == ("n > 3*m and t <= m", ("IC1", "IC2"), "")
    expected = {(m, t): max(9, 3 * m + 1) for m, t in product(range(5), range(5)) if t <= m}
    assert dict(found.larger) == expected


@pytest.mark.slow
def test_rows_of_milder_faults_go_on_where_the_claim_is_about_them() -> None:
    """n > 3m + 2o, with at most m byzantine generals, and m + o faulty ones."""
    (found,) = beyond("hybrid_phase_king", n="4..6", m="1", faults="byzantine=0..1,omission=0..2", settings=["o=1"])
    assert dict(found.larger) == {(b, o): 7 for b, o in product((0, 1), range(3)) if b + o <= 2}
    (manifest,) = beyond("hybrid_phase_king", n="4..6", m="1", faults="manifest=0..1", settings=["o=1"])
    assert manifest.larger == (((0,), 7),)  # the claim does not name them


def test_each_value_of_another_axis_has_lemmas_of_its_own() -> None:
    two, three = beyond("crusader", n="3..4", t="1", values="2..3")
    assert [(one.common, one.orders) for one in (two, three)] == [({"values": 2}, 2), ({"values": 3}, 3)]
    assert (two.larger, three.larger) == ((((2,), 5),), (((3,), 5),))


def test_nothing_is_asked_if_n_does_not_vary_or_the_network_is_a_graph() -> None:
    assert beyond("om", n="4", m="0..1") == []
    assert beyond("om_graph", m="1", graphs="connected:4", settings=["p=3"]) == []


def test_what_is_not_understood_is_said() -> None:
    (found,) = beyond("sm", n="3..4", m="1")
    assert (found.proved, found.larger) == ((), ())
    assert "SM.__post_init__ uses a size that is not known as a number" in found.reason


HALF = '''
from byzverify.language import COMMANDER, RETREAT, BYZANTINE_GENERALS, General, Order, Program, Protocol, broadcast


class Half(Protocol):
    """Everyone obeys what he is told, which is enough for IC2 alone."""

    problem = BYZANTINE_GENERALS

    def tolerates(self, t: int) -> bool:
        return t <= 1

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
'''


def test_no_row_goes_on_if_only_some_conditions_are_proved(tmp_path: Path, byzverify: Call) -> None:
    model = tmp_path / "half.py"
    model.write_text(HALF)
    (found,) = beyond(str(model), n="3..4", t="0..1")
    assert (found.proved, found.larger, found.reason) == (("IC2",), (), "no lemmas prove IC1")
    printed = byzverify(f"map {model} -n 3..4 -t 0..1 --no-store")
    assert printed.code == 1
    assert "IC2 is proved for every t <= 1, 2 orders, by counting; for all sizes: not known, because no" in printed.out


def test_what_is_proved_beyond_a_map_is_recalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landscape = landscape_of("crusader", n="3..4", t="1")
    with Store(tmp_path / "maps.sqlite") as store:
        first = mapped(landscape, jobs=1, store=store)
        monkeypatch.setattr("byzverify.maps.mapping.decided_larger", None)
        assert mapped(landscape, jobs=1, store=store).all_sizes == first.all_sizes
    assert first.larger == {(): 5}


@pytest.mark.parametrize("larger", ["n=3..5 t=1", "n=3..4 t=0..1", "n=3..4 t=1 values=3"])
def test_another_map_is_another_question(larger: str, tmp_path: Path) -> None:
    landscape = landscape_of("crusader", n="3..4", t="1")
    other = landscape_of("crusader", **dict(part.split("=") for part in larger.split()))
    code = code_of(library.find("crusader"))
    (asked,), (changed,) = (list(questions(one, code, Allowance())) for one in (landscape, other))
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep_larger(asked, "code", "record", asked.unknown("why"))
        assert store.recall_larger(asked, "code", lambda _: True) == asked.unknown("why")
        assert store.recall_larger(changed, "code", lambda _: True) is None


def contradicted() -> Map:
    """A map with a cell that is refuted though it is proved for all sizes."""
    landscape = landscape_of("crusader", n="4..5", t="1", values="2..3")
    known = {place: Known(verdict="proved", claimed=True) for place in landscape.places}
    known[2, 5] = Known(verdict="refuted", breaks=("CR1",), claimed=True)
    known[3, 4] = Known(verdict="refuted", breaks=("IC2",), claimed=False)
    found = Map(landscape, known)
    for values in (2, 3):
        larger = (((values,), 6),)
        found.add(
            AllSizes(common={"values": values}, statement="n > 3*m", orders=2, proved=("CR1", "IC2"), larger=larger)
        )
    return found


def test_a_claimed_cell_that_contradicts_what_is_proved_is_an_error_of_ours() -> None:
    found = contradicted()
    assert found.contradictions == ["CR1 proved for every n > 3*m, but refuted at values=2, n=5"]
    assert found.exit_code == ReplayMismatch.exit_code == 4
    assert found.larger == {(3,): 6}
    assert [one.proved for one in found.all_sizes] == [(), ("CR1", "IC2")]


def test_a_contradiction_ends_with_exit_code_4_after_the_map_is_printed(
    byzverify: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byzverify.maps.mapping.extended_by", lambda *_: contradicted())
    ended = byzverify("map crusader -n 4..5 -t 1 --no-store")
    assert ended.code == 4
    assert "MAP crusader" in ended.out
    assert "values 2: for all sizes: not known, because CR1 proved for every n > 3*m, but refuted at" in ended.out
    assert "CR1 proved for every n > 3*m, but refuted at values=2, n=5; check the program" in ended.err


def test_a_comparison_that_contradicts_the_lemmas_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(*_: Any) -> None:
        raise ReplayMismatch(f"proved for n > 3*m, but n=4 is broken; {TWO_READINGS}")

    monkeypatch.setattr(FamilyProof, "compared", compared)
    (found,) = beyond("crusader", n="3..4", t="1")
    assert (found.proved, found.larger, found.verdict) == ((), (), "unknown")
    assert found.contradicted == found.reason == "proved for n > 3*m, but n=4 is broken"


def test_lemmas_have_a_minute_and_a_longer_limit_asks_again(tmp_path: Path) -> None:
    landscape, code = landscape_of("crusader", n="3..4", t="1"), code_of(library.find("crusader"))
    (asked,) = questions(landscape, code, Allowance())
    (longer,) = questions(landscape, code, Allowance(seconds=600.0))
    assert asked.allowance.seconds == 60.0
    with Store(tmp_path / "maps.sqlite") as store:
        store.keep_larger(asked, "code", "record", asked.unknown("the time limit passed"))
        assert store.recall_larger(asked, "code", lambda _: True) is not None
        assert store.recall_larger(longer, "code", lambda _: True) is None


def test_a_map_that_is_interrupted_beyond_its_edge_keeps_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise Interrupted

    monkeypatch.setattr("byzverify.maps.mapping._awaited", interrupted)
    found = mapped(landscape_of("crusader", n="3..4", t="1"), jobs=1)
    assert (len(found.known), found.all_sizes, found.stopped, found.exit_code) == (2, (), "interrupted", 130)


def test_what_goes_wrong_beyond_the_edge_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcome(*_: Any) -> None:
        raise RuntimeError("a bug")

    real = Crew.outcome
    results: list[Any] = []

    def outcomes(crew: Crew, future: Any) -> Any:
        found = real(crew, future)
        results.append(found)
        return outcome() if isinstance(found, LargerAnswer) else found

    monkeypatch.setattr(Crew, "outcome", outcomes)
    found = mapped(landscape_of("crusader", n="3..4", t="1"), jobs=1)
    assert len(found.known) == 2
    assert [one.reason for one in found.all_sizes] == ["a bug"]
