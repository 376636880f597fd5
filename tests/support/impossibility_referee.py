"""A second opinion on files which show that no protocol solves a problem, in another style than the checker's.

The form is the JSON Schema's. A view is a set of paths with what is at their ends, computed from the end backwards.
What a mode allows is said of all rounds at once. How far decisions can move is found by trying all of them.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import jsonschema

Fact = tuple[tuple[object, ...], object]
Facts = frozenset[Fact]


def refuse(*_: object) -> Any:
    raise ValueError


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(pairs) if len({key for key, _ in pairs}) == len(pairs) else refuse()


@cache
def form(kind: str) -> Any:
    schema = json.loads(files("byzverify.certificates").joinpath(f"{kind}.schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def is_right(text: str) -> bool:
    """Whether a file shows what it says."""
    try:
        file = json.loads(text, object_pairs_hook=once, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    kind = str(file.get("format")).removeprefix("byzverify-") if isinstance(file, dict) else ""
    if kind not in ("chain", "cover") or not form(kind).is_valid(file) or not sane(file):
        return False
    return shows(file, [View(file, one) for one in file["executions"]] if kind == "chain" else scenes(file))


def plain(keys: Any, n: int) -> bool:
    return all(key.isascii() and key.isdigit() and str(int(key)) == key and int(key) < n for key in keys)


def sane(file: Any) -> bool:
    n, edges = file["generals"], [tuple(edge) for edge in file["edges"]]
    commands = file["commander"] is not None
    return (
        n <= 1000
        and (file["rounds"] or 1) <= 100
        and len(set(edges)) == len(edges)
        and all(0 <= one < other < n for one, other in edges)
        and (not commands or file["commander"] < n)
        and {"consensus": not commands, "approximate": True}.get(file["problem"], commands)
        and all(number <= 1000 for number in file["faults"].values())
        and set(file["faults"]) <= {"byzantine", "symmetric", "omission", "crash", "manifest"}
        and all(witness < n for witness in file["witnesses"])
    )


class View:
    """One execution of a chain: whether it is possible, who is loyal, and what they see."""

    def __init__(self, file: Any, given: Any) -> None:
        self.file, self.given = file, given
        self.n, self.rounds = file["generals"], file["rounds"] or 0
        self.starters = range(self.n) if file["commander"] is None else [file["commander"]]
        self.modes = {int(key): mode for key, mode in given["faulty"].items() if plain([key], self.n)}
        self.orders = {int(key): order for key, order in given["starts"].items() if plain([key], self.n)}
        self.loyal = [general for general in range(self.n) if general not in self.modes]
        self.said = {(one["round"], one["from"], one["to"]): one["says"] for one in given["said"]}
        self.lost = {tuple(one) for one in given["lost"]}
        self.story = cache(self._story)
        self.letter = cache(self._letter)

    def near(self, general: int) -> list[int]:
        return [sum(edge) - general for edge in self.file["edges"] if general in edge]

    def starting(self) -> dict[int, int]:
        return {general: order for general, order in self.orders.items() if general in self.loyal}

    def seen(self, general: int) -> object:
        if self.rounds == 0:  # any number of rounds, in which nobody can deviate
            return frozenset(self.orders.items())
        return tuple(self.story(general, round) for round in range(1, self.rounds + 2))

    def _story(self, general: int, round: int) -> Facts:
        """What a general with a clean record says in a round."""
        if round == 1:
            return frozenset({((), self.orders.get(general))})
        heard = {sender: self.letter(round - 1, sender, general) for sender in self.near(general)}
        return together({sender: layers for sender, layers in heard.items() if layers is not None})

    def _letter(self, round: int, sender: int, receiver: int) -> tuple[Facts, ...] | None:
        """The layers of a message: one, and before it those that the sender owes this receiver."""
        if (round, sender, receiver) in self.lost:
            return None
        if (round, sender, receiver) in self.said:
            return (flat(self.said[round, sender, receiver]),)
        first = round
        if self.modes.get(sender) in ("omission", "crash", "manifest"):
            while (first - 1, sender, receiver) in self.lost:
                first -= 1
        return tuple(self.story(sender, layer) for layer in range(first, round + 1))

    def is_possible(self) -> bool:
        faults, modes = self.file["faults"], list(self.modes.values())
        addresses = [*((one["round"], one["from"], one["to"]) for one in self.given["said"]), *self.lost]
        return (
            plain(self.given["faulty"], self.n)
            and plain(self.given["starts"], self.n)
            and all(modes.count(mode) <= faults.get(mode, 0) for mode in modes)
            and set(self.orders) == set(self.starters)
            and len(set(addresses)) == len(self.given["said"]) + len(self.given["lost"])
            and all(
                1 <= round <= self.rounds and sender in self.modes and to in self.near(sender)
                for round, sender, to in addresses
            )
            and all(self.makes_sense(says, round, sender) for (round, sender, _), says in self.said.items())
            and all(RULES[mode](self, general) for general, mode in self.modes.items())
        )

    def makes_sense(self, says: Any, round: int, sender: int) -> bool:
        if round == 1:
            return says in ([0, 1] if sender in self.starters else [None]) and not isinstance(says, dict)
        return (
            isinstance(says, dict)
            and plain(says, self.n)
            and {int(key) for key in says} <= set(self.near(sender))
            and all(self.makes_sense(inner, round - 1, int(key)) for key, inner in says.items())
        )

    def table(self, general: int) -> list[list[object]]:
        """For each round, what reaches each neighbour."""
        rounds = range(1, self.rounds + 1)
        return [[self.letter(round, general, to) for to in self.near(general)] for round in rounds]

    def truthful(self, general: int) -> bool:
        return all(sender != general for _, sender, _ in self.said)

    def losses(self, general: int) -> list[int]:
        """How many messages he loses in each round."""
        return [sum(letter is None for letter in row) for row in self.table(general)]


def crash(view: View, general: int) -> bool:
    losses, all_of_them = view.losses(general), len(view.near(general))
    fallen = [
        all([lost == 0 for lost in losses[:k]] + [lost == all_of_them for lost in losses[k + 1 :]])
        for k in range(len(losses))
    ]
    return view.truthful(general) and (fallen == [] or any(fallen))


RULES: dict[str, Callable[[View, int], bool]] = {
    "byzantine": lambda view, general: not view.file["signed"] or view.truthful(general),
    "symmetric": lambda view, general: (
        (not view.file["signed"] or view.truthful(general)) and all(len(set(row)) < 2 for row in view.table(general))
    ),
    "omission": View.truthful,
    "crash": crash,
    "manifest": lambda view, general: (
        view.truthful(general) and set(view.losses(general)) <= {0, len(view.near(general))}
    ),
}


def together(heard: dict[int, tuple[Facts, ...]]) -> Facts:
    marks: set[Fact] = {((), "heard"), *(((sender,), len(layers)) for sender, layers in heard.items())}
    return frozenset(marks).union(
        ((sender, place, *path), end)
        for sender, layers in heard.items()
        for place, layer in enumerate(layers)
        for path, end in layer
    )


def flat(says: Any) -> Facts:
    if isinstance(says, dict):
        return together({int(key): (flat(inner),) for key, inner in says.items()})
    return frozenset({((), says)})


class Copies:
    """One scene of a cover."""

    def __init__(self, file: Any, given: Any) -> None:
        self.file, self.given, self.n = file, given, file["generals"]
        self.loyal = [general for general in range(self.n) if general not in given["faulty"]]
        self.sheets = {int(key): sheet for key, sheet in given["sheets"].items() if plain([key], self.n)}

    def starting(self) -> dict[int, int]:
        starters = range(self.n) if self.file["commander"] is None else [self.file["commander"]]
        return {general: self.sheets[general] for general in starters if general in self.loyal}

    def seen(self, general: int) -> object:
        return self.sheets[general]

    def is_possible(self) -> bool:
        faulty, joined = self.given["faulty"], {frozenset(pair) for pair in covering(self.file)}
        return (
            plain(self.given["sheets"], self.n)
            and len(set(faulty)) == len(faulty)
            and all(general < self.n for general in faulty)
            and set(self.sheets) == set(self.loyal)
            and all(
                frozenset({(one, self.sheets[one]), (other, self.sheets[other])}) in joined
                for one, other in self.file["edges"]
                if one in self.loyal and other in self.loyal
            )
        )


def covering(file: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """The edges between copies."""
    for edge, sheet in product(file["edges"], (0, 1)):
        yield (edge[0], sheet), (edge[1], 1 - sheet if edge in file["crossed"] else sheet)


def scenes(file: Any) -> list[Copies]:
    crossed = [tuple(pair) for pair in file["crossed"]]
    is_one = len(set(crossed)) == len(crossed) and all([*pair] in file["edges"] for pair in crossed)
    return [Copies(file, one) for one in file["scenes"]] if is_one and can_fail(file) else []


def can_fail(file: Any) -> bool:
    """Whether the faulty may be silent, each in any mode, or may lie, if they do more than be silent."""
    sets = [{*one["faulty"]} for one in file["scenes"]]
    silent, lying = sum(file["faults"].values()), 0 if file["signed"] else file["faults"].get("byzantine", 0)
    always_silent = all(one == sets[0] for one in sets)
    return all(len(one) <= (silent if always_silent else lying) for one in sets)


def shows(file: Any, executions: list[View] | list[Copies]) -> bool:
    witnesses, ends, pairs = file["witnesses"], [], list[Any](executions)
    if len(executions) < 2 or len(witnesses) != len(executions) - 1 or not all(one.is_possible() for one in executions):
        return False
    for one, other, witness in zip(pairs[:-1], pairs[1:], witnesses, strict=True):
        if witness == file["commander"] or witness not in one.loyal or witness not in other.loyal:
            return False
        if one.seen(witness) != other.seen(witness):
            return False
    for end, order in ((executions[0], 0), (executions[-1], 1)):
        ends.append(end.starting() != {} and all(given == order for given in end.starting().values()))
    return all(ends) and is_contradiction(file["problem"], len(executions) - 2)


GRADED = [(order, grade) for order in (0, 1) for grade in (0, 1, 2)]


def is_contradiction(problem: str, steps: int) -> bool:
    """Whether no decisions lead from the one end to the other in so many steps."""
    decisions: list[Any] = GRADED if problem == "graded" else [0, 1, "nothing"] if problem == "crusader" else [0, 1]
    possible = {(0, 2)} if problem == "graded" else {0}
    for _ in range(min(steps, 10)):
        possible = {new for new in decisions if any(fit(problem, old, new) for old in possible)}
    return problem == "approximate" or ((1, 2) if problem == "graded" else 1) not in possible


def fit(problem: str, one: Any, other: Any) -> bool:
    """Whether two loyal generals may decide so in one execution."""
    if problem == "crusader":
        return one == other or "nothing" in (one, other)
    if problem == "graded":
        return abs(one[1] - other[1]) <= 1 and (one[0] == other[0] or 0 in (one[1], other[1]))
    return bool(one == other)
