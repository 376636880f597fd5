"""Loads a model again in other processes, and reports whether it is the same each time. It runs no programs."""

from __future__ import annotations

import pickle
import random
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from byzverify.catalogue import library
from byzverify.catalogue.dependencies import as_written, code_around
from byzverify.errors import ProtocolError
from byzverify.language.mentions import draws, mentions, together, without_functions
from byzverify.language.protocol import Protocol
from byzverify.loading.models import package_of
from byzverify.loading.origins import is_users
from byzverify.workers.background import forked

WITHOUT_CHANCE = {
    *("__future__", "abc", "bisect", "byzverify", "cmath", "collections", "contextlib", "copy", "dataclasses"),
    *("decimal", "enum", "fractions", "functools", "heapq", "itertools", "json", "logging", "math"),
    *("numbers", "operator", "pathlib", "re", "string", "textwrap", "types", "typing"),
    *("typing_extensions", "warnings", "pytest", "hypothesis", "sys", "ast", "argparse", "unittest"),
}
"""Packages in which nothing depends on chance, a clock or the process, except the names in `CHANCE`."""

FEW_LOADS = 4
"""How often to load a model anew that does not mention chance, but uses packages that may draw random numbers."""

MANY_LOADS = 100
"""How often to load a model anew that draws random numbers without a seed, each time with other numbers."""

NO_CHANCE = (
    "what a program refers to must not depend on chance, a clock, the order of a set or the process, or be changed "
    "after the file is loaded; make it a parameter"
)


def how_often(kind: type[Protocol], most: int) -> int:
    """How often to load a model anew.

    `most` times if the code of its modules mentions chance, a clock or the process; less often if it only imports
    packages that may draw random numbers; never otherwise, or if other processes cannot load it. For a module that
    Python has imported, which may be a whole test file, only the code counts that its import executes.
    """
    package = package_of(kind.__module__)
    if library.location(kind) is None:
        return 0
    if package is not None:
        loaded = together(map(mentions, package.codes))
        own = {package.plain(name).partition(".")[0] for name in sys.modules if name.startswith(f"{package.name}.")}
        return most if loaded.chance else 0 if loaded.imported <= WITHOUT_CHANCE | own | {""} else FEW_LOADS
    around = code_around(kind)
    if around is None:
        return 0
    return most if draws(around) else FEW_LOADS if draws(around, _may_draw, ()) else 0


def makes_sets(kind: type[Protocol]) -> bool:
    """Whether the result of loading a model may depend on hashes, judging by the code of its modules."""
    package = package_of(kind.__module__)
    if package is not None:
        return together(map(mentions, package.codes)).hashes
    around = code_around(kind)
    return around is not None and mentions(without_functions(around)).hashes


def _may_draw(module: str) -> bool:
    """Whether an imported module belongs to another package that may draw random numbers."""
    root = module.partition(".")[0]
    file = getattr(sys.modules.get(root), "__file__", None)
    return root not in WITHOUT_CHANCE and not (file is not None and is_users(file))


def constants(model: Protocol, loads: int) -> list[list[str]]:
    """What programs and conditions can reach, as texts that can be compared: here, and in each of `loads` new loads.

    If loading draws from the global random generators without seeding them, the model is loaded many times: the
    numbers may matter rarely, or not at all. Raises ProtocolError if a dictionary then has another order: children of
    one process have the same hashes, so hashes are not the reason.
    """
    here, kind = model.state(), type(model)
    loaded = [forked(partial(_loaded_anew, model, turn)) for turn in range(loads)]
    if len({one.drawn for one in loaded}) > 1:
        loaded += [forked(partial(_loaded_anew, model, turn)) for turn in range(loads, MANY_LOADS)]
    for one in loaded:
        for name in sorted(here.sequences.keys() & one.sequences.keys()):
            if as_written(here.sequences[name], kind) != as_written(one.sequences[name], kind):
                raise ProtocolError(f"{name} has another sequence when the model is loaded again: {NO_CHANCE}")
    return [here.constants, *(one.constants for one in loaded)]


def demand_constant(here: Sequence[str], elsewhere: Sequence[Sequence[str]], kind: type[Protocol]) -> None:
    """Raise ProtocolError if loading the model anew gives other constants than here."""
    loaded_here = package_of(kind.__module__) is not None
    for found in elsewhere:
        ours, theirs = Counter(as_written(here, kind)), Counter(as_written(found, kind))
        more, others = ours - theirs, theirs - ours
        if not loaded_here:  # then the imports of its functions are unknown here, and fewer constants are found
            more = Counter(one for one in more if any(_name(one) == _name(other) for other in theirs))
            others = Counter(one for one in others if any(_name(one) == _name(other) for other in more))
        for name in sorted(map(_name, {*more, *others})):
            once, again = (
                min((one for one in some if one.startswith(f"{name} is ")), default=f"there is no {name}")
                for some in (more, others)
            )
            raise ProtocolError(f"{once}, but when the model is loaded again {again}: {NO_CHANCE}")


def _name(constant: str) -> str:
    return constant.partition(" is ")[0]


class _Loaded(NamedTuple):
    """The result of loading a model anew. drawn: a hash of the global random generators, if loading changed them."""

    constants: list[str]
    sequences: dict[str, list[str]]
    drawn: str | None


def _loaded_anew(model: Protocol, turn: int) -> _Loaded:
    generators = [random, *filter(None, [sys.modules.get("numpy.random")])]
    for generator in generators:
        generator.seed(turn)
    before = _drawn(generators)
    kind = library.demand_location(type(model)).load(anew=True)
    after = _drawn(generators)
    state = library.build(kind, library.parameters_of(model)).state()
    return _Loaded(state.constants, state.sequences, None if after == before else after)


def _drawn(generators: Sequence[Any]) -> str:
    states = [one.getstate() if one is random else one.get_state() for one in generators]
    return sha256(pickle.dumps(states)).hexdigest()
