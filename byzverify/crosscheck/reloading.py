"""What a model comes to when it is loaded anew: the same each time, or chance has a part in it.

This module loads models, in processes of their own. It runs no programs.
"""

from __future__ import annotations

import pickle
import random
import sys
from collections.abc import Collection, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

from byzverify import library
from byzverify.aside import forked
from byzverify.errors import ProtocolError
from byzverify.language.mentions import PLAIN, mentions, together
from byzverify.language.protocol import Protocol
from byzverify.sources import as_written

FEW_LOADS = 4
"""So often is a model loaded anew that does not mention chance, but uses packages that may draw."""


def how_often(loaded: Collection[CodeType], most: int) -> int:
    """How often to load a model anew: `most` if the code of its modules mentions chance, a clock or the process, less
    often if it only imports packages that are none of the plain ones, never if not even that.
    """
    everything, files = together(map(mentions, loaded)), [Path(code.co_filename) for code in loaded]
    if everything.chance:
        return most
    own = {"", *(file.stem for file in files), *(file.parent.name for file in files)}
    return 0 if everything.imported <= PLAIN | own else FEW_LOADS


def constants(model: Protocol, loads: int) -> list[list[str]]:
    """What programs and conditions can reach, in words that can be compared: here, and when loaded so often anew.

    Raises ProtocolError where a dictionary is in another sequence then (in children of one process no hash is another),
    or where loading draws from the random numbers that all share, and has not seeded them.
    """
    here, kind = model.state(), type(model)
    loaded = [forked(partial(_loaded_anew, model, turn)) for turn in range(loads)]
    for one in loaded:
        for name in sorted(here.sequences.keys() & one.sequences.keys()):
            if as_written(here.sequences[name], kind) != as_written(one.sequences[name], kind):
                raise ProtocolError(
                    f"{name} is in another sequence where the model is loaded once more: what a program refers to must "
                    "not depend on chance, a clock or the process; make it a parameter"
                )
    alike = all(as_written(one.constants, kind) == as_written(here.constants, kind) for one in loaded)
    if alike and len({one.drawn for one in loaded}) > 1:  # else it can be told what differs
        raise ProtocolError(
            f"{kind.__name__} draws random numbers while it is loaded, others each time; give them a seed, or "
            "make what is drawn a parameter"
        )
    return [here.constants, *(one.constants for one in loaded)]


class _Loaded(NamedTuple):
    """What a model came to that was loaded anew. drawn: the state of the random numbers that all share, if it is
    another one then.
    """

    constants: list[str]
    sequences: dict[str, list[str]]
    drawn: str | None


def _loaded_anew(model: Protocol, turn: int) -> _Loaded:
    shared = [random, *filter(None, [sys.modules.get("numpy.random")])]
    for numbers in shared:
        numbers.seed(turn)
    before = _drawn(shared)
    kind = library.demand_location(type(model)).load(anew=True)
    after = _drawn(shared)
    state = library.build(kind, library.parameters_of(model)).state()
    return _Loaded(state.constants, state.sequences, None if after == before else after)


def _drawn(shared: Sequence[Any]) -> str:
    states = [one.getstate() if one is random else one.get_state() for one in shared]
    return sha256(pickle.dumps(states)).hexdigest()
