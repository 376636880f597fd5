"""Damage to JSON: random edits of values, keys and lists, and of the text itself."""

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

NAMES = ["byzantine", "symmetric", "omission", "crash", "manifest", "byzverify-chain", "byzverify-cover", "broadcast"]
NUMBERS = [-1, 0, 1, 2, 3, 4, 0, 1, 2, 3, True, False, None, 1.0, 0.5]
VALUES = [*NUMBERS, *NAMES, "consensus", "graded", "crusader", "", "0", "x", [], {}, [0], {"0": 0}, {"1": None}]
KEYS = ["0", "1", "2", "3", "4", "-1", "00", "1.0", "x", "", "٣", "lost", "byzantine", "crash", "omission"]


def parts(rng: Random, file: Any) -> list[tuple[Any, Any]]:
    """The places of one part of a file, most often of the executions."""
    part = rng.choice(["executions", "executions", "executions", "executions", "scenes", "scenes", "witnesses", ""])
    return places(file[part]) if type(file) is dict and part in file else places(file)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Each container with a key or an index in it."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else []
    return [(tree, key) for key in keys] + [place for key in keys for place in places(tree[key])]


def value(rng: Random, tree: Any) -> None:
    owner, key = rng.choice(parts(rng, tree) or places(tree))
    owner[key] = copy.deepcopy(rng.choice(VALUES))


def alike(rng: Random, tree: Any) -> None:
    """Another value of the same kind."""
    owner, key = rng.choice(parts(rng, tree) or places(tree))
    other_owner, other = rng.choice([(o, k) for o, k in places(tree) if type(o[k]) is type(owner[key])])
    owner[key] = copy.deepcopy(other_owner[other])


def near(rng: Random, tree: Any) -> None:
    """A number that is one more or less, or the other truth."""
    owner, key = rng.choice([(owner, key) for owner, key in parts(rng, tree) if type(owner[key]) in (int, bool)])
    owner[key] = not owner[key] if type(owner[key]) is bool else owner[key] + rng.choice([-1, 1])


def deletion(rng: Random, tree: Any) -> None:
    owner, key = rng.choice(parts(rng, tree) or places(tree))
    del owner[key]


def repetition(rng: Random, tree: Any) -> None:
    owner, key = rng.choice([(owner, key) for owner, key in parts(rng, tree) if type(owner) is list])
    owner.insert(rng.randrange(len(owner) + 1), copy.deepcopy(owner[key]))


def swap(rng: Random, tree: Any) -> None:
    owner, key = rng.choice(parts(rng, tree) or places(tree))
    other = rng.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
    owner[key], owner[other] = owner[other], owner[key]


def renaming(rng: Random, tree: Any) -> None:
    owner, key = rng.choice([(owner, key) for owner, key in parts(rng, tree) if type(owner) is dict])
    owner[rng.choice(KEYS)] = owner.pop(key)


def whole_execution(rng: Random, tree: Any) -> None:
    """An execution twice, with a witness in between: the chain stays right, but is longer."""
    executions = tree.get("executions") or tree["scenes"]
    at = rng.randrange(len(executions))
    executions.insert(at, copy.deepcopy(executions[at]))
    tree["witnesses"].insert(at, rng.choice([*tree["witnesses"], rng.randrange(3)]))


def lapse(rng: Random, tree: Any) -> None:
    """One more general fails in an execution, and loses or says something."""
    runs = [owner[key] for owner, key in places(tree) if type(owner[key]) is dict and "faulty" in owner[key]]
    run, general = rng.choice(runs), rng.randrange(4)
    address = (rng.randrange(1, 4), general, rng.randrange(4))
    run["faulty"].setdefault(str(general), rng.choice([*tree["faults"], *NAMES[:5]]))
    if rng.random() < 0.5:
        run["lost"].append([*address])
    else:
        says = rng.choice([0, 1, None, {}, {"0": 0}, {"0": 1}, {"1": None}])
        run["said"].append(dict(zip(("round", "from", "to", "says"), (*address, says), strict=True)))


def backwards(rng: Random, tree: Any) -> None:
    owner, key = rng.choice([(owner, key) for owner, key in places(tree) if type(owner[key]) is list])
    owner[key].reverse()


EDITS: list[Callable[[Random, Any], None]] = [
    *(value, alike, near, near, deletion, repetition, swap, renaming, lapse, lapse, whole_execution, backwards)
]


def damaged(rng: Random, file: Any) -> str:
    """The text of a file after one to three edits, and sometimes with a key twice or a character less."""
    tree = copy.deepcopy(file)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        # An earlier edit may have taken what this one needs.
        with suppress(AttributeError, IndexError, KeyError, TypeError, ValueError):
            rng.choice(EDITS)(rng, tree)
    text = json.dumps(tree)
    match rng.randrange(30):
        case 0:
            at = rng.randrange(len(text))
            return text[:at] + text[at + 1 :]
        case 1:
            key = rng.choice(['"rounds": 1, ', '"faults": {"byzantine": 9}, ', '"signed": false, '])
            return text.replace(key.split(":")[0] + ":", key + key.split(":")[0] + ":", 1)
    return text
