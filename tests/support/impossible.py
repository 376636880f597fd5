"""Files which show that no protocol solves a problem: some written by hand, and chains found by trying everything."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import chain, combinations, product
from typing import Any

from tests.support.impossibility_referee import View

File = dict[str, Any]


def complete(n: int) -> list[list[int]]:
    return [[one, other] for one, other in combinations(range(n), 2)]


def setting(problem: str, edges: list[list[int]], rounds: int | None, **faults: int) -> File:
    """The parts that both formats have, with general 0 as commander where there is one."""
    return {
        "format": "byzverify-cover" if rounds is None else "byzverify-chain",
        "version": 1,
        "problem": problem,
        "generals": max(map(max, edges)) + 1,
        "edges": edges,
        "commander": None if problem == "consensus" else 0,
        "rounds": rounds,
        "faults": faults,
        "signed": False,
    }


def execution(starts: dict[int, int], faulty: dict[int, str] | None = None, said: Any = (), lost: Any = ()) -> File:
    """said: (round, from, to, says) each. lost: (round, from, to) each."""
    return {
        "faulty": {str(general): mode for general, mode in (faulty or {}).items()},
        "starts": {str(general): order for general, order in starts.items()},
        "said": [dict(zip(("round", "from", "to", "says"), one, strict=True)) for one in said],
        "lost": [list(one) for one in lost],
    }


def scene(faulty: list[int], sheets: dict[int, int]) -> File:
    return {"faulty": faulty, "sheets": {str(general): sheet for general, sheet in sheets.items()}}


def hexagon() -> File:
    """Three generals, one traitor: six copies in a ring. Fischer, Lynch & Merritt 1986, section 3."""
    return setting("broadcast", complete(3), None, byzantine=1) | {
        "crossed": [[0, 2]],
        "scenes": [scene([2], {0: 0, 1: 0}), scene([0], {1: 0, 2: 0}), scene([1], {0: 1, 2: 0})],
        "witnesses": [1, 2],
    }


def hexagon_for_consensus() -> File:
    return setting("consensus", complete(3), None, byzantine=1) | {
        "crossed": [[0, 2]],
        "scenes": [scene([2], {0: 0, 1: 0}), scene([1], {0: 0, 2: 1}), scene([0], {1: 1, 2: 1})],
        "witnesses": [0, 2],
    }


def silent() -> File:
    """A ring of four: generals 1 and 3, between the commander and general 2, send nothing."""
    return setting("broadcast", [[0, 1], [0, 3], [1, 2], [2, 3]], None, crash=1, manifest=1) | {
        "signed": True,
        "crossed": [],
        "scenes": [scene([1, 3], {0: 0, 2: 0}), scene([1, 3], {0: 1, 2: 0})],
        "witnesses": [2],
    }


def two_faces() -> File:
    """Four generals, one round: the commander tells one lieutenant another order than the others."""
    return setting("broadcast", complete(4), 1, byzantine=1) | {
        "executions": [
            execution({0: 0}),
            execution({0: 0}, {0: "byzantine"}, said=[(1, 0, 2, 1)]),
            execution({0: 1}),
        ],
        "witnesses": [1, 2],
    }


def liar_between() -> File:
    """The commander reaches general 2 only through general 1, who lies to all alike. In the second round he says what
    he would have said of another order.
    """
    return setting("broadcast", [[0, 1], [1, 2]], 2, symmetric=1) | {
        "executions": [
            execution({0: 0}, {1: "symmetric"}, said=[(2, 1, to, {"0": 1, "2": None}) for to in (0, 2)]),
            execution({0: 1}),
        ],
        "witnesses": [2],
    }


def one_by_one() -> File:
    """Three generals, one round: the commander crashes between his two messages, with either order."""
    crashed = {0: "crash"}
    return setting("broadcast", complete(3), 1, crash=1) | {
        "executions": [
            execution({0: 0}),
            execution({0: 0}, crashed, lost=[(1, 0, 2)]),
            execution({0: 1}, crashed, lost=[(1, 0, 2)]),
            execution({0: 1}),
        ],
        "witnesses": [1, 2, 1],
    }


def no_majority() -> File:
    """Four generals, of whom two may fail in some way: all do what the protocol says, in any number of rounds."""
    starts = {0: 0, 1: 0, 2: 1, 3: 1}
    return setting("consensus", complete(4), None, crash=1, manifest=1) | {
        "format": "byzverify-chain",
        "executions": [
            execution(starts, {2: "crash", 3: "manifest"}),
            execution(starts),
            execution(starts, {0: "crash", 1: "manifest"}),
        ],
        "witnesses": [0, 2],
    }


def gap(silent: int = 1) -> File:
    """Refused: general 0 says nothing in so many rounds, but his next message may depend on what he starts with."""
    lost = [(round, 0, 1) for round in range(1, silent + 1)]
    return setting("approximate", [[0, 1]], silent + 1, omission=1) | {
        "commander": None,
        "executions": [
            execution({0: 0, 1: 0}, {0: "omission"}, lost=lost),
            execution({0: 1, 1: 0}, {0: "omission"}, lost=lost),
            execution({0: 1, 1: 1}),
        ],
        "witnesses": [1, 1],
    }


def written_by_hand() -> dict[str, File]:
    hand = {
        "hexagon": hexagon(),
        "hexagon for consensus": hexagon_for_consensus(),
        "silent generals between": silent(),
        "two faces": two_faces(),
        "a liar between": liar_between(),
        "one by one": one_by_one(),
        "no majority": no_majority(),
    }
    hand["a cover for crusader agreement"] = hexagon() | {"problem": "crusader"}
    hand["a chain for interactive consistency"] = two_faces() | {"problem": "interactive"}
    hand["a chain for graded broadcast"] = one_by_one() | {"problem": "graded"}
    hand["a chain for approximate agreement"] = one_by_one() | {"problem": "approximate"}
    hand["no majority, signed"] = no_majority() | {"signed": True}
    hand["no majority, approximate"] = no_majority() | {"problem": "approximate"}
    hand["a chain for signed messages"] = one_by_one() | {"signed": True}
    return hand


def found() -> dict[str, File]:
    """Chains found by trying all executions."""
    cases: dict[str, File] = {
        "byzantine 3,1,2": setting("broadcast", complete(3), 2, byzantine=1),
        "consensus 4,1,1": setting("consensus", complete(4), 1, byzantine=1),
        "consensus, symmetric 3,2,1": setting("consensus", complete(3), 1, symmetric=2),
        "approximate, omission 3,1,1": setting("approximate", complete(3), 1, omission=1) | {"commander": None},
        "omission on a path": setting("broadcast", [[0, 1], [1, 2], [2, 3]], 3, omission=1),
        "manifest on a ring": setting("broadcast", [[0, 1], [0, 3], [1, 2], [2, 3]], 2, manifest=2),
        "crash and byzantine 3,2,1": setting("broadcast", complete(3), 1, byzantine=1, crash=1),
    }
    return {name: made for name, case in cases.items() if (made := shortest(case)) is not None}


def shortest(case: File) -> File | None:
    """The shortest chain for a setting, breadth first over all executions; None if there is none."""
    runs = [given for given in executions(case) if View(case, given).is_possible()]
    views = [View(case, given) for given in runs]
    takes_part = [[general for general in view.loyal if general != case["commander"]] for view in views]
    same: dict[object, list[int]] = {}
    for place, view in enumerate(views):
        for general in takes_part[place]:
            same.setdefault((general, view.seen(general)), []).append(place)
    first, last = ({p for p, view in enumerate(views) if {*view.starting().values()} == {order}} for order in (0, 1))
    came: dict[int, tuple[int, int] | None] = dict.fromkeys(first)
    queue = list(first)
    for place in queue:
        if place in last:
            return case | written_out(runs, came, place)
        for general in takes_part[place]:
            for other in same.pop((general, views[place].seen(general)), ()):
                if other not in came:
                    came[other] = (place, general)
                    queue.append(other)
    return None


def written_out(runs: list[File], came: dict[int, tuple[int, int] | None], place: int) -> File:
    path, witnesses = [runs[place]], list[int]()
    while (step := came[place]) is not None:
        place, witness = step
        path.insert(0, runs[place])
        witnesses.insert(0, witness)
    return {"executions": path, "witnesses": witnesses}


def executions(case: File) -> Iterator[File]:
    """All that can happen, and more; faults that do not act are those of executions with fewer faults."""
    n, faults = case["generals"], case["faults"]
    starters = range(n) if case["commander"] is None else [case["commander"]]
    modes = [mode for mode, number in faults.items() for _ in range(number)]
    for k in range(len(modes) + 1):
        for generals, chosen in product(combinations(range(n), k), sorted({*combinations_in_order(modes, k)})):
            faulty = dict(zip(generals, chosen, strict=True))
            for orders in product((0, 1), repeat=len(starters)):
                starts = dict(zip(starters, orders, strict=True))
                ways = [behaviours(json.dumps(case), general, mode) for general, mode in faulty.items()]
                for acts in product(*ways):
                    deviations = dict(chain.from_iterable(acts))
                    said = [(*address, says) for address, says in deviations.items() if says != "nothing"]
                    lost = [address for address, says in deviations.items() if says == "nothing"]
                    yield execution(starts, faulty, said, lost)


def combinations_in_order(modes: list[str], k: int) -> Iterator[tuple[str, ...]]:
    return (one for one in product(sorted(set(modes)), repeat=k) if all(one.count(m) <= modes.count(m) for m in one))


@cache
def behaviours(text: str, general: int, mode: str) -> list[tuple[Any, ...]]:
    """All deviations of a general, whether allowed or not: losses, and for liars all stories."""
    case = json.loads(text)
    addresses = [(round, general, to) for round in range(1, case["rounds"] + 1) for to in near(case, general)]
    lies = mode in ("byzantine", "symmetric")
    choices = [["loyal", "nothing", *(stories(text, round, general) if lies else ())] for round, _, _ in addresses]
    ways = product(*choices)
    return [tuple((a, s) for a, s in zip(addresses, way, strict=True) if s != "loyal") for way in ways]


@cache
def stories(text: str, round: int, general: int) -> list[Any]:
    case = json.loads(text)
    if round == 1:
        return [0, 1] if case["commander"] in (None, general) else [None]
    told = [["nothing", *stories(text, round - 1, other)] for other in near(case, general)]
    named = [dict(zip(map(str, near(case, general)), one, strict=True)) for one in product(*told)]
    return [{key: says for key, says in one.items() if says != "nothing"} for one in named]


def near(case: File, general: int) -> list[int]:
    return [sum(edge) - general for edge in case["edges"] if general in edge]
