"""Checks a file which shows that no deterministic protocol solves a problem. `python checking_impossibility.py FILE`.

This file imports only `json` and `sys`, so it shares no code with what finds such files. The file is a chain of
executions, or a cover in which the executions are scenes. In each, every loyal general sees something: a history, or
his copy of the cover. Neighbouring executions have a witness, a loyal general who sees the same in both. So he decides
the same in both, whatever the protocol is. At the two ends the decisions are given: 0 in the first execution, and 1 in
the last one. An execution in between has two witnesses, so it leads from the decision of one loyal general to that of
another. A chain of E executions has E - 2 such steps from 0 to 1. That is a contradiction for

- `broadcast` and `consensus`, whatever E is: loyal generals decide the same, so no step leads from 0 to 1.
- `interactive` consistency, as for `broadcast`, which it solves: generals without an order start with 0, and each
  decides the entry of the commander in his vector. So the file has the form of one for `broadcast`.
- `crusader` agreement, if E <= 3: the one step leads from 0 to 1, but loyal generals never decide different orders. Two
  steps can do it: decide nothing in between.
- `graded` broadcast with grades 0 to 2, if E <= 5: put the decisions in the row (0, 2), (0, 1), any order with grade 0,
  (1, 1), (1, 2). Closeness and consistency let a step lead to the next place at most, and validity asks for both ends,
  which are four steps apart.
- `approximate` agreement: among E - 2 steps from 0 to 1 one has length 1/(E - 2) or more, so decisions of loyal
  generals differ by that much in some execution. If E = 2, there is no protocol at all.

In `broadcast` and its like the commander decides nothing, so he is no witness. His order is the decision at an end. In
`consensus` all loyal generals start with that order there. `approximate` agreement may be either.

History: the executions of a chain are those of the protocol in which everyone sends all that he knows. What he sends in
round 1 is his start, and in a later round what he heard in the round before. A general who cannot lie repeats what a
neighbour did not get, as soon as one message reaches him: all that he sends in another protocol depends on that. A
receiver who has heard the same has the same state in every protocol. A lie tells what a general with another past would
send, or one with a blank where the liar said nothing; so every protocol makes a definite message of it.

Chain without rounds: where `rounds` is null, everyone follows the protocol in every execution, the faulty ones too. No
mode forbids a faulty general that, and he signs in nobody else's name. So the protocol and the orders that the generals
start with, those of faulty ones included, determine all that happens, for any number of rounds. If these orders are the
same in two executions, everyone sees the same in both. Only who counts as faulty may differ, which nobody sees.

Cover: each general has a copy in sheet 0, who starts with 0, and one in sheet 1, who starts with 1. Copies follow the
protocol. The loyal generals of a scene cannot tell the cover from the real network, in which byzantine generals say to
each neighbour what the copy next to him says. So the number of rounds does not matter.

Silent cover: if the same generals are faulty in all scenes, nobody needs to lie. Leave both copies of them out of the
cover: then the copies in a scene hear from one another alone, so the scene is an execution of the real network in which
the faulty send nothing. Every fault mode allows that, and nobody signs in another's name, so faults of any mode count,
with signed messages and without.
"""

from __future__ import annotations

import json
import sys
from typing import Any

MODES = ("byzantine", "symmetric", "omission", "crash", "manifest")
LIARS = ("byzantine", "symmetric")

PROBLEMS = {
    "broadcast": "broadcast",
    "consensus": "consensus",
    "interactive": "interactive consistency",
    "crusader": "crusader agreement",
    "graded": "graded broadcast",
    "approximate": "approximate agreement",
}
STORY = "a story must end with orders 0 or 1, and with null for generals that start with none"

LONGEST = {"crusader": 3, "graded": 5}
"""The most executions that are a contradiction, where not every number of them is one."""

MOST_GENERALS, MOST_ROUNDS = 1000, 100

SETTING = ("format", "version", "problem", "generals", "edges", "commander", "rounds", "faults", "signed", "witnesses")
PARTS = {"byzverify-chain": ("executions",), "byzverify-cover": ("crossed", "scenes")}

_Step = tuple[dict[int, int], dict[int, int]]
"""An execution: what each loyal general sees, as a number, and the orders that loyal generals start with."""


def check(text: str) -> str:
    """What a file shows, in one line. Raises ValueError, with one line, if it shows nothing."""
    try:
        file = json.loads(text, object_pairs_hook=_without_repetition)
    except RecursionError:
        raise ValueError("the file is nested too deeply") from None
    kind = file.get("format", "") if type(file) is dict else ""
    _demand(kind in list(PARTS), f"the format must be one of {', '.join(PARTS)}")
    _fields(file, "the file", SETTING + PARTS[kind])
    setting = _Setting(file)
    if kind == "byzverify-cover":
        steps, shape = _scenes(setting, file), "a cover with {} scenes"
    else:
        steps, shape = _executions(setting, file), "a chain of {} executions"
    _contradict(setting, steps, _list(file["witnesses"], "witnesses"))
    return f"{setting.impossible(len(steps))}: {shape.format(len(steps))}"


class _Setting:
    """The problem, the network and the faults."""

    def __init__(self, file: dict[str, Any]) -> None:
        _whole(file["version"], 1, 1, "version")
        self.n = _whole(file["generals"], 1, MOST_GENERALS, "generals")
        self.edges = _edges(file["edges"], self.n, "edges")
        self.near = [[b for b in range(self.n) if (min(a, b), max(a, b)) in self.edges] for a in range(self.n)]
        self.problem, self.commander = file["problem"], file["commander"]
        _demand(self.problem in list(PROBLEMS), f"problem must be one of {', '.join(PROBLEMS)}")
        if self.commander is not None:
            _whole(self.commander, 0, self.n - 1, "commander")
        if self.problem != "approximate":
            has_none = self.problem == "consensus"
            _demand((self.commander is None) == has_none, "consensus has no commander, and other problems have one")
        self.starters = list(range(self.n)) if self.commander is None else [self.commander]
        self.faults: dict[str, int] = _fields(file["faults"], "faults")
        for mode, number in self.faults.items():
            _demand(mode in MODES, f"a fault mode must be one of {', '.join(MODES)}")
            _whole(number, 0, MOST_GENERALS, f"the number of {mode} generals")
        self.signed, self.rounds = file["signed"], file["rounds"]
        _demand(type(self.signed) is bool, "signed must be true or false")
        self.same_to_all = False
        self._numbers: dict[object, int] = {}

    def number(self, *what: object) -> int:
        """A number for this: equal things have equal numbers, and different things have different ones."""
        return self._numbers.setdefault(what, len(self._numbers))

    def impossible(self, executions: int) -> str:
        """What contradictory executions show."""
        what = PROBLEMS[self.problem]
        if self.problem == "approximate" and executions > 2:
            what += f" within less than {f'1/{executions - 2}' if executions > 3 else '1'}"
        failing = " and ".join(f"{number} {mode}" for mode, number in self.faults.items() if number)
        failing = f"at most {failing} faulty" if failing else "none faulty"
        graph = "" if self.commander is None else f" with commander {self.commander}"
        graph = f" on a graph of {_counted(len(self.edges), 'edge')}{graph}"
        graph *= len(self.edges) < self.n * (self.n - 1) // 2
        rounds = "any number of rounds" if self.rounds is None else _counted(self.rounds, "round")
        limits = " with signed messages" * self.signed + " that sends the same to all neighbours" * self.same_to_all
        return f"no protocol{limits} for {what} among {self.n} generals{graph}, {failing}, in {rounds}"


def _contradict(setting: _Setting, steps: list[_Step], witnesses: list[Any]) -> None:
    """Demand that the executions contradict each other, as the head of this file says."""
    longest = LONGEST.get(setting.problem, len(steps))
    _demand(
        2 <= len(steps) <= longest, f"there must be 2 or more executions, and for {setting.problem} at most {longest}"
    )
    _demand(len(witnesses) == len(steps) - 1, "there must be one witness fewer than executions")
    for place, witness in enumerate(witnesses, 1):
        one, other = steps[place - 1][0], steps[place][0]
        what = f"the witness of executions {place} and {place + 1}"
        _whole(witness, 0, setting.n - 1, what)
        _demand(witness != setting.commander, f"{what} is the commander, who decides nothing")
        _demand(witness in one and witness in other, f"{what} must be loyal in both")
        _demand(one[witness] == other[witness], f"{what} must see the same in both")
    for (_, orders), order, which in ((steps[0], 0, "first"), (steps[-1], 1, "last")):
        _demand(set(orders.values()) == {order}, f"in the {which} execution the loyal must start with {order}")


def _scenes(setting: _Setting, file: dict[str, Any]) -> list[_Step]:
    """The scenes of a cover: whoever is loyal sees his copy."""
    _demand(setting.rounds is None, "a cover is for any number of rounds (null)")
    crossed = _edges(file["crossed"], setting.n, "crossed")
    _demand(crossed <= setting.edges, "crossed has something that is no edge")
    steps, absent = [], set()
    for place, scene in enumerate(_list(file["scenes"], "scenes"), 1):
        where = f"scene {place}"
        _fields(scene, where, ("faulty", "sheets"))
        faulty = _list(scene["faulty"], f"{where}: faulty")
        for general in faulty:
            _whole(general, 0, setting.n - 1, f"{where}: a faulty general")
        few = len(set(faulty)) == len(faulty) <= sum(setting.faults.values())
        _demand(few, f"{where}: more generals fail than may, or one is named twice")
        absent.add(frozenset(faulty))
        sheets = _by_general(scene["sheets"], setting.n, f"{where}: sheets")
        _demand(sheets.keys() == set(range(setting.n)) - set(faulty), f"{where}: sheets must list all but the faulty")
        for general, sheet in sheets.items():
            _whole(sheet, 0, 1, f"{where}: the sheet of general {general}")
        for one, other in setting.edges:
            if one in sheets and other in sheets:
                joined = (sheets[one] != sheets[other]) == ((one, other) in crossed)
                _demand(joined, f"{where}: no edge joins these copies of generals {one} and {other}")
        steps.append((sheets, {general: sheets[general] for general in setting.starters if general in sheets}))
    if len(absent) > 1:
        liars = 0 if setting.signed else setting.faults.get("byzantine", 0)
        few = max(map(len, absent)) <= liars
        _demand(few, "the faulty differ, and more generals fail than may be byzantine, or messages are signed")
    return steps


def _executions(setting: _Setting, file: dict[str, Any]) -> list[_Step]:
    """The executions of a chain: whoever is loyal sees his history."""
    if setting.rounds is not None:
        _whole(setting.rounds, 1, MOST_ROUNDS, "rounds")
    steps = []
    for place, given in enumerate(_list(file["executions"], "executions"), 1):
        try:
            steps.append(_execution(setting, given))
        except ValueError as error:
            raise ValueError(f"execution {place}: {error}") from None
    return steps


def _execution(setting: _Setting, given: Any) -> _Step:
    _fields(given, "it", ("faulty", "starts", "said", "lost"))
    faulty = _by_general(given["faulty"], setting.n, "faulty")
    modes = list(faulty.values())
    for mode in modes:
        _demand(mode in list(setting.faults), "somebody fails in a mode that faults does not list")
        _demand(modes.count(mode) <= setting.faults[mode], f"too many generals are {mode}")
    starts = _by_general(given["starts"], setting.n, "starts")
    _demand(sorted(starts) == setting.starters, "starts must list exactly those who start with an order")
    for general, start in starts.items():
        _whole(start, 0, 1, f"the start of general {general}")
    if setting.rounds is None:
        seen = _without_deviations(setting, faulty, starts, given)
    else:
        seen = _histories(setting, faulty, starts, _deviations(setting, faulty, given))
    return seen, {general: start for general, start in starts.items() if general not in faulty}


def _without_deviations(
    setting: _Setting, faulty: dict[int, str], starts: dict[int, int], given: dict[str, Any]
) -> dict[int, int]:
    """What each loyal general sees where everyone follows the protocol: whatever follows from all the starts."""
    _demand(given["said"] == given["lost"] == [], "for any number of rounds (null), nobody may deviate")
    seen = setting.number("starts", *sorted(starts.items()))
    return {general: seen for general in range(setting.n) if general not in faulty}


_Address = tuple[int, int, int]


def _deviations(setting: _Setting, faulty: dict[int, str], given: dict[str, Any]) -> dict[_Address, int | None]:
    """What is said in place of what a loyal general would say, as a number, or None for nothing."""
    found: dict[_Address, int | None] = {}
    for letter in _list(given["said"], "said"):
        _fields(letter, "a part of said", ("round", "from", "to", "says"))
        address = _address(setting, faulty, [letter["round"], letter["from"], letter["to"]])
        _demand(faulty[address[1]] in LIARS and not setting.signed, f"general {address[1]} cannot lie")
        _demand(address not in found, f"{list(address)} is listed twice")
        found[address] = _story(setting, letter["says"], address[0], address[1])
    for lost in _list(given["lost"], "lost"):
        address = _address(setting, faulty, lost)
        _demand(address not in found, f"{list(address)} is listed twice")
        found[address] = None
    return found


def _address(setting: _Setting, faulty: dict[int, str], value: Any) -> _Address:
    _demand(len(_list(value, "a message")) == 3, "a message must have a round, a sender and a receiver")
    round = _whole(value[0], 1, setting.rounds, "the round of a message")
    sender = _whole(value[1], 0, setting.n - 1, "the sender of a message")
    receiver = _whole(value[2], 0, setting.n - 1, "the receiver of a message")
    _demand(receiver in setting.near[sender], f"there is no edge between generals {sender} and {receiver}")
    _demand(sender in faulty, f"general {sender} is loyal, and cannot deviate")
    return round, sender, receiver


def _story(setting: _Setting, says: Any, round: int, sender: int) -> int:
    """The number of what a general may say in a round: his start, or later what he heard in the round before."""
    if round == 1:
        _demand(type(says) is int and says in (0, 1) if sender in setting.starters else says is None, STORY)
        return setting.number("start", says)
    told = _by_general(says, setting.n, "a story")
    _demand(told.keys() <= set(setting.near[sender]), f"general {sender} does not hear from all whom a story names")
    return _heard(setting, {other: (_story(setting, told[other], round - 1, other),) for other in told})


def _heard(setting: _Setting, inbox: dict[int, tuple[int, ...]]) -> int:
    return setting.number("heard", *sorted(inbox.items()))


def _histories(
    setting: _Setting, faulty: dict[int, str], starts: dict[int, int], deviations: dict[_Address, int | None]
) -> dict[int, int]:
    """Play the execution. Returns the number of each loyal general's history."""
    generals = range(setting.n)
    story = [setting.number("start", starts.get(general)) for general in generals]
    history: list[tuple[int, ...]] = [(start,) for start in story]
    silent: set[int] = set()
    kept_back: dict[tuple[int, int], tuple[int, ...]] = {}
    for round in range(1, setting.rounds + 1):
        inbox: list[dict[int, tuple[int, ...]]] = [{} for _ in generals]
        for sender in generals:
            sent = {to: deviations.get((round, sender, to), story[sender]) for to in setting.near[sender]}
            _grant(setting, sender, faulty.get(sender), sent, story[sender], silent)
            for to, says in sent.items():
                repeated = () if faulty.get(sender) in LIARS else kept_back.pop((sender, to), ())
                if says is None:
                    kept_back[sender, to] = (*repeated, story[sender])
                else:
                    inbox[to][sender] = (*repeated, says)
        story = [_heard(setting, inbox[general]) for general in generals]
        history = [(*history[general], story[general]) for general in generals]
    return {general: setting.number(*history[general]) for general in generals if general not in faulty}


def _grant(
    setting: _Setting, sender: int, mode: str | None, sent: dict[int, int | None], loyal: int, silent: set[int]
) -> None:
    """Demand that a general with this fault may send this in a round. silent: who has crashed; he is added to it."""
    if mode in ("symmetric", "manifest"):
        _demand(len(set(sent.values())) <= 1, f"general {sender} is {mode}, but does not treat all neighbours alike")
    if mode == "symmetric" and set(sent.values()) - {loyal}:
        setting.same_to_all = True
    if mode == "crash":
        _demand(sender not in silent or set(sent.values()) == {None}, f"general {sender} sends although he has crashed")
        if None in sent.values():
            silent.add(sender)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _demand(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    _demand(len(made) == len(pairs), "an object has a key twice")
    return made


def _fields(value: Any, what: str, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """An object, with exactly these names if they are given."""
    _demand(type(value) is dict, f"{what} must be an object")
    _demand(names is None or value.keys() == set(names), f"{what} must have the fields {', '.join(names or ())}")
    return dict(value)


def _list(value: Any, what: str) -> list[Any]:
    _demand(type(value) is list, f"{what} must be a list")
    return list(value)


def _whole(value: Any, least: int, most: int, what: str) -> int:
    _demand(type(value) is int and least <= value <= most, f"{what} must be a whole number from {least} to {most}")
    return int(value)


def _by_general(value: Any, n: int, what: str) -> dict[int, Any]:
    """An object whose keys are generals."""
    known = {str(general): general for general in range(n)}
    _demand(_fields(value, what).keys() <= known.keys(), f"{what} must have generals as keys, from 0 to {n - 1}")
    return {known[key]: part for key, part in value.items()}


def _edges(value: Any, n: int, what: str) -> set[tuple[int, int]]:
    """Pairs of generals, each once, with the smaller one first."""
    found = set()
    for pair in _list(value, what):
        _demand(len(_list(pair, what)) == 2, f"{what} must be pairs of generals")
        one, other = (_whole(general, 0, n - 1, f"a general in {what}") for general in pair)
        _demand(
            one < other and (one, other) not in found, f"{what} must have each pair once, the smaller general first"
        )
        found.add((one, other))
    return found


if __name__ == "__main__":
    try:
        with open(sys.argv[1], encoding="utf-8") as opened:
            print("ACCEPTED:", check(opened.read()))
    except (OSError, ValueError) as error:
        sys.exit(f"REFUSED: {error}")
