"""Maps to show: of OM, really decided; the same with cells of every other kind; and any map, with hostile texts."""

from collections.abc import Iterator
from functools import cache
from typing import get_args

from hypothesis import strategies as st

import byzverify
from byzverify.catalogue import library
from byzverify.catalogue.configurations import Configuration
from byzverify.catalogue.dependencies import code_of
from byzverify.errors import UsageError, Vacuous
from byzverify.maps.landscape import AllSizes, Axis, Known, Landscape, Map, Place, Word
from byzverify.maps.larger import decide_larger, questions
from byzverify.questions.unsolvable import no_protocol_can
from byzverify.workers.worker import Allowance

HOSTILE = ["<script>alert(1)</script>", "\"&'", "]]>", "a\x00b", "a\n\rb", "--><!--", "\x1b[31m", "graph:" + "9" * 200]


def decided(asked: Configuration) -> Known:
    """What is known of a cell when it is checked here and now."""
    try:
        model = asked.build()
        verdict = byzverify.check(model, asked.budget())
    except (UsageError, Vacuous) as error:
        return Known(verdict="inapplicable", reason=str(error))
    attack = verdict.attack.file().text() if isinstance(verdict, byzverify.Refuted) else None
    assert not isinstance(verdict, byzverify.Unknown)
    return Known(
        verdict="refuted" if attack else "proved",
        breaks=tuple(one.condition.name for one in verdict.conditions if one.verdict == "refuted"),
        claimed=model.claims(asked.budget()),
        seconds=verdict.seconds,
        attack=attack,
        no_protocol_can=no_protocol_can(verdict) if isinstance(verdict, byzverify.Refuted) else None,
    )


@cache
def om(n: int, m: int, t: int) -> Map:
    """OM among 3 to n generals, with depths and traitors from 0, all decided."""
    axes = (Axis("n", tuple(range(3, n + 1))), Axis("m", tuple(range(m + 1))), Axis("t", tuple(range(t + 1))))
    landscape = Landscape(Configuration(model="om"), axes)
    known = {place: decided(landscape.cell(place)) for place in landscape.places}
    return Map(landscape, known, all_sizes=tuple(beyond(landscape)))


def beyond(landscape: Landscape) -> Iterator[AllSizes]:
    """What is proved beyond a map, found here and now."""
    code = code_of(library.find(landscape.fixed.model))
    for question in questions(landscape, code, Allowance(seconds=3600.0)):
        yield decide_larger(question)[0].model_copy(update={"seconds": 0.0})


def mixed() -> Map:
    """A map of OM as if its authors claimed more, with unknown cells and one that is not decided yet."""
    real = om(6, 2, 2)
    known = {place: one for place, one in real.known.items() if place != (6, 2, 0)}
    for finding in ((6, 2, 2), (4, 2, 1)):
        known[finding] = known[finding].model_copy(update={"claimed": True})
    known[5, 1, 1] = Known(verdict="unknown", reason="the time limit passed", claimed=True, seconds=1.5)
    known[5, 1, 2] = Known(verdict="unknown", reason="the time limit passed", claimed=False, seconds=1.5)
    return Map(real.landscape, known, recalled=3, stopped="interrupted")


NUMBERS = st.lists(st.integers(-2, 12), min_size=1, max_size=3, unique=True)
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text("a<&é漢\x00 ,", max_size=6), min_size=1, max_size=3, unique=True)
CONDITIONS = st.sampled_from(["IC1", "IC2", "Validity", "Closeness", "Consistency", "<b>", ""])


@st.composite
def landscapes(draw: st.DrawFn) -> Landscape:
    """Any landscape: numbers on most axes, perhaps texts on one."""
    names = draw(st.lists(st.sampled_from(["n", "m", "t", "values", "p", "manifest"]), max_size=3, unique=True))
    axes = [Axis(name, tuple(draw(NUMBERS))) for name in names]
    if draw(st.booleans()):
        axes.insert(draw(st.integers(0, len(axes))), Axis("graph", tuple(draw(TEXTS))))
    return Landscape(Configuration(model=draw(st.sampled_from(["om", "no_such_model", *HOSTILE]))), tuple(axes))


@st.composite
def knowns(draw: st.DrawFn) -> Known:
    """Anything that may be known of a cell."""
    verdict: Word = draw(st.sampled_from(get_args(Word)))
    return Known(
        verdict=verdict,
        breaks=tuple(draw(st.lists(CONDITIONS, min_size=1, max_size=3, unique=True))) if verdict == "refuted" else (),
        reason=draw(st.sampled_from(HOSTILE)) if verdict in ("unknown", "inapplicable") else "",
        claimed=None if verdict == "inapplicable" else draw(st.booleans()),
        seconds=draw(st.floats(0, 1e6)),
        no_protocol_can=draw(st.none() | st.booleans()) if verdict == "refuted" else None,
    )


def all_known(landscape: Landscape) -> st.SearchStrategy[AllSizes]:
    """Anything that may be known of all sizes."""
    rows = sorted({landscape.row(place) for place in landscape.places}, key=repr)
    numbers = st.integers((landscape.largest or 0) + 1, 1000)
    return st.builds(
        AllSizes,
        common=st.sampled_from([{axis.name: value} for axis in landscape.axes for value in axis.values] or [{}]),
        statement=st.sampled_from(HOSTILE),
        orders=st.integers(1, 9),
        argument=st.sampled_from(HOSTILE),
        proved=st.lists(CONDITIONS, max_size=2, unique=True).map(tuple),
        larger=st.lists(st.tuples(st.sampled_from(rows), numbers), max_size=3 * bool(landscape.largest)).map(tuple),
        reason=st.sampled_from(["", *HOSTILE]),
        contradicted=st.sampled_from(["", *HOSTILE]),
        seconds=st.floats(0, 1e6),
    )


@st.composite
def maps(draw: st.DrawFn) -> Map:
    """Any map, decided as far as it may be."""
    landscape = draw(landscapes())
    found: dict[Place, Known] = {}
    for place in landscape.places:
        if draw(st.integers(0, 5)):
            found[place] = draw(knowns())
    all_sizes = draw(st.lists(all_known(landscape), max_size=2))
    return Map(landscape, found, draw(st.integers(0, 3)), draw(st.none() | st.sampled_from(HOSTILE)), tuple(all_sizes))
