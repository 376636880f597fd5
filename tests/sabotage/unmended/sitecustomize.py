"""Takes mends back, in every Python that starts with this folder on PYTHONPATH, so that the guards stand alone.

BYZVERIFY_UNMENDED names the mends, with commas between them. Each is undone by replacing what the package has in its
place; the package itself knows nothing of this. Where one cannot be undone, the process ends at once: Python would go
on with the mends in place, and nothing would be tried.
"""

from __future__ import annotations

import copy
import os
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

CANNOT_BE_UNDONE = 99
"""The exit code where a mend cannot be taken back."""


def replace(owner: Any, name: str, by: object) -> None:
    """Put something else in the place of an attribute. Raises AttributeError where there is none."""
    getattr(owner, name)
    setattr(owner, name, by)


def replace_everywhere(name: str, by: object) -> None:
    """The same in every module of the package that has imported it by this name."""
    loaded = [module for found, module in list(sys.modules.items()) if found.startswith("byzverify.")]
    original = getattr(sys.modules["byzverify.language"], name)
    for module in loaded:
        if vars(module).get(name) is original:
            setattr(module, name, by)


def truths() -> None:
    """Truths are compared as plain objects are; only `same` compares what they say, as it always did."""
    from byzverify.language import decisions, values

    for name in ("__eq__", "__ne__", "__hash__"):
        replace(values.Truth, name, getattr(object, name))
    original = decisions.same

    def same(one: Any, other: Any) -> values.Truth:
        if isinstance(one, values.Truth) and isinstance(other, values.Truth):
            return (one & other) | (~one & ~other)
        return original(one, other)

    replace_everywhere("same", same)


def numbers() -> None:
    """Counts are added to, multiplied and divided by numbers of any type."""
    from byzverify.language import values

    def divided(count: Any, divisor: Any) -> Any:
        return values.Count(
            tuple((weight / divisor, truth) for weight, truth in count.weighted), count.constant / divisor
        )

    replace(values, "whole", lambda number: number)
    replace(values.Count, "__truediv__", divided)


def copies() -> None:
    """Each general has a shallow copy of the instance as it is."""
    from byzverify.language import protocol

    replace(protocol.Protocol, "fresh", copy.copy)


def state() -> None:
    """Nobody looks whether something has been left behind, or whether there is an iterator."""
    from byzverify.language import reach, state

    replace(state.Snapshot, "demand_unchanged", lambda snapshot: None)
    replace(state.Snapshot, "demand_alike", lambda snapshot, name, one, other: None)
    replace(reach.Reach, "_is_iterator", lambda reach, thing: False)


def view() -> None:
    """Conditions see the instance itself."""
    from byzverify.language import conditions

    replace(conditions, "View", lambda protocol: protocol)


def orders() -> None:
    """The check asks conditions of their witnesses in one order. The judge, who is a guard, still asks in every one."""
    from byzverify.language import conditions
    from byzverify.simulation import judging

    in_every_order = conditions.Condition.ask

    def in_one_order(
        condition: conditions.Condition,
        outcome: Any,
        witnesses: Collection[int],
        listed: Sequence[int] | None = None,
        name: Any = int,
    ) -> Iterator[tuple[tuple[int, ...], Any]]:
        if listed is None:
            listed = conditions.in_sight(outcome.protocol.groups, range(outcome.protocol.n))
        order = tuple(one for one in listed if one in witnesses)
        yield order, condition.judge(*conditions.shown(outcome, order, listed, name))

    def failing_order(run: Any, condition: conditions.Condition, witnesses: tuple[int, ...]) -> tuple[int, ...] | None:
        outcome = conditions.Outcome.of(run.protocol, run.faults, run.orders, run.decisions)
        return next((order for order, holds in in_every_order(condition, outcome, witnesses) if not holds), None)

    replace(conditions.Condition, "ask", in_one_order)
    replace(judging, "failing_order", failing_order)


def promises() -> None:
    """`needs_loyal` is believed."""
    from byzverify.engines.finite import promises

    replace(promises.Promises, "_is_kept", lambda kept, condition: True)


def problem() -> None:
    """A `problem` that is a property is computed each time."""
    from byzverify.language import protocol

    def stated(once: Any, instance: Any, owner: type | None = None) -> Any:
        return once if instance is None else once.stated.__get__(instance, owner)

    replace(protocol.StatedOnce, "__get__", stated)


def sets() -> None:
    """Every general has the hash of his own number while it is examined who is interchangeable."""
    from byzverify.engines.finite import conduct, names

    replace(conduct, "names_of", lambda protocol, hashes=names.OWN: names.names_of(protocol))
    _overlook("hashes")


def types() -> None:
    """What stands for a general says of which type it is, and nobody minds who asks."""
    from byzverify.engines.finite import names, symmetry

    replace(names, "_asked_for_type", lambda name: names.Name)
    replace(symmetry, "_tells_stand_ins", lambda protocol, state: None)
    _overlook("tells_stand_ins")


def tables() -> None:
    """A condition may look up generals while it is asked on names."""
    from byzverify.engines.finite import names

    replace(names.Keyless, "__hash__", names.Name.__hash__)


def _overlook(what: str) -> None:
    """Overlook one thing that the text of a condition shows."""
    from byzverify.engines.finite import distinguishing

    reached, kinds = distinguishing._reached, ("hashes", "tells_stand_ins")
    replace(
        distinguishing,
        "_reached",
        lambda *asked: SimpleNamespace(**{one: one != what and getattr(reached(*asked), one) for one in kinds}),
    )


def trees() -> None:
    """What a tree relays is what the tree says when somebody asks."""
    from byzverify.language import gathering

    replace(gathering.Tree, "as_it_is", lambda tree: tree)


def constants() -> None:
    """Numbers and texts that the model refers to are not compared with those of another process."""
    from byzverify.crosscheck import guarding

    replace(guarding, "demand_constant", lambda here, elsewhere, kind: None)


def files() -> None:
    """In the simulated runs, too, a program may write files and start processes."""
    from byzverify.crosscheck import children

    replace(children, "_refuse", lambda event, arguments: None)


def repeating() -> None:
    """An attack is not played once more: it counts when it has been replayed where it was found."""
    from byzverify.errors import Stopped
    from byzverify.questions import pipeline

    def taken_back(*about: object) -> bool:
        raise Stopped("taken back")

    replace(pipeline, "_repeated", taken_back)


ALL = (
    truths,
    numbers,
    copies,
    state,
    view,
    orders,
    promises,
    problem,
    sets,
    types,
    tables,
    trees,
    constants,
    files,
    repeating,
)
MENDS: dict[str, Callable[[], None]] = {mend.__name__: mend for mend in ALL}

taken_back = [name for name in os.environ.get("BYZVERIFY_UNMENDED", "").split(",") if name]
try:
    for name in taken_back:
        MENDS[name]()
except BaseException:
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(CANNOT_BE_UNDONE)
