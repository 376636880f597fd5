"""The function `complete`: with which values of its holes is a sketch right?

At each size all choices of values are decided (`candidates.py`). Of several sizes, sums are found that are proved at
each of them. A sum that is saved is asked about once more, as a protocol without holes. This module decides nothing
itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import monotonic

from byzverify.catalogue import library
from byzverify.catalogue.filling import write_filled
from byzverify.errors import ByzverifyError, ProtocolError, UsageError
from byzverify.files.saving import demand_permission, demand_place, demand_protocol_file
from byzverify.language.faults import Budget, Fault
from byzverify.language.holes import holes_of
from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.loading.stopping import question_begins
from byzverify.questions.candidates import Deciding
from byzverify.questions.completion import Completion, FilledProtocol, Fit, SketchVerdict
from byzverify.questions.families import Sizes
from byzverify.questions.fitting import fits
from byzverify.questions.pipeline import check
from byzverify.questions.proving import prove
from byzverify.questions.question import Progress, Question, demand_instance, in_silence
from byzverify.questions.verdict import Proved, Refuted

MOST_FITS = 100
"""The most fits that are listed."""

MOST_TRIED = 20
"""How many fits `prove` is asked about until it proves one."""


def complete(
    sketch: Protocol | Sequence[Protocol],
    traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
    *,
    timeout: float | None = None,
    save: str | Path | None = None,
    progress: Progress = in_silence,
) -> Completion:
    """All values of a sketch's holes with which `check` proves it; of several sizes, also the sums that fit them all.

    sketch: an instance with open holes, as `protocol("sketch.py", n=4, m=1)`, or several of one class at different
    sizes. traitors: the most that may be present, as for `check`. timeout: seconds after which what is still undecided
    is unknown. save: a file for the protocol in which the simplest fit takes the place of the holes; it is checked
    again at all sizes, and of several sizes `prove` is asked about it. progress: called with a line about each step.

    Returns a `Completion`: `verdict` (found, none or unknown), `sizes` (at each `proved`, `broken` and `unknown`, by
    values), `fits`, `saved`, `exit_code`. Raises UsageError if there are no holes or too many choices, ProtocolError if
    the program breaks a rule of the language with some choice.
    """
    question_begins()
    start, limit = monotonic(), Limit.within(timeout)
    sketches = [sketch] if isinstance(sketch, Protocol) or not isinstance(sketch, Sequence) else list(sketch)
    asked = [(one, _faults(one, traitors)) for one in sketches]
    _demand_sketch(sketches)
    path = None if save is None else Path(save)
    if path is not None:
        _demand_file(path, type(sketches[0]))
    deciding = [Deciding(one, faults, limit, progress) for one, faults in asked]
    _demand_same_holes(deciding)
    sizes = tuple(one.verdict() for one in deciding)
    points = [(one.sizes, one.proved) for one in sizes]
    names = list(sizes[0].choices)
    found: list[Fit] = [dict(zip(names, one, strict=True)) for one in islice(fits(points), MOST_FITS + 1)]
    possible = bool(found) or next(fits([(one.sizes, one.possible) for one in sizes]), None) is not None
    listed, more = tuple(found[:MOST_FITS]), len(found) > MOST_FITS
    saved = None if path is None or not listed else Saving(sizes, listed, path, limit, progress).saved()
    interrupted = any(one.interrupted for one in deciding)
    return Completion(sizes, listed, more, possible, monotonic() - start, saved, interrupted)


def _faults(sketch: Protocol, traitors: int | Mapping[str, int] | Mapping[Fault, int] | None) -> Budget:
    demand_instance(sketch)
    return Question.of(sketch, traitors).faults


def _demand_sketch(sketches: Sequence[Protocol]) -> None:
    """Raise UsageError unless these are instances of one class, at different sizes, with holes that are all open."""
    if not sketches:
        raise UsageError("give a sketch, or several sizes of one")
    kind = type(sketches[0])
    if any(type(one) is not kind for one in sketches):
        raise UsageError("give one sketch at several sizes, not several sketches")
    if len(set(sketches)) < len(sketches):
        raise UsageError("give each size once")
    if not holes_of(kind):
        raise UsageError(
            f'{kind.__name__} has no holes: write one as self.hole("enough", range(self.n)) in its program'
        )
    for name in holes_of(kind):
        if any(getattr(one, name) is not None for one in sketches):
            raise UsageError(f"the hole {name} has a value already: leave it open")


def _demand_same_holes(deciding: Sequence[Deciding]) -> None:
    """Raise UsageError if programs ask for other holes at other sizes: then no sums are sought."""
    asked = [set(one.choices) for one in deciding]
    if differing := next((sorted(one ^ asked[0]) for one in asked if one != asked[0]), None):
        raise UsageError(f"the hole {differing[0]} is asked for at some of these sizes only: complete them one by one")


def _demand_file(path: Path, kind: type[Protocol]) -> None:
    """Raise UsageError if a sketch cannot be written to this file without its holes."""
    demand_protocol_file(path)
    if library.path_of(kind).resolve() == path.resolve():
        raise UsageError(f"{path} is the sketch itself: save to another file")
    demand_place(path)
    demand_permission(path)


class Saving:
    """Writes the sketch with a fit in place of its holes, and asks `check` and `prove` about what is written."""

    def __init__(
        self, sizes: Sequence[SketchVerdict], found: Sequence[Fit], path: Path, limit: Limit, progress: Progress
    ) -> None:
        self._sizes = sizes
        self._fits = found
        self._path = path
        self._limit = limit
        self._progress = progress

    def saved(self) -> FilledProtocol:
        """What is saved. If that goes wrong, what was found is not lost: the reason says what went wrong."""
        try:
            return self._best()
        except (UsageError, ProtocolError) as error:
            return FilledProtocol(self._path, self._fits[0], rechecked=False, reason=str(error))

    def _best(self) -> FilledProtocol:
        """Write the first fit that `prove` proves; if it proves none, the first that it does not refute."""
        if len(self._sizes) == 1:
            return self._rechecked(FilledProtocol(self._path, self._fits[0], rechecked=False))
        tried: list[FilledProtocol] = []
        for fit in self._fits[:MOST_TRIED]:
            tried.append(self._everywhere(fit))
            proved = tried[-1].everywhere
            if proved is None or not proved.obligations or proved.verdict == "proved":
                break
        refuted = tuple((one.fit, at) for one in tried if (at := _refuted_at(one)) is not None)
        best = next((one for one in tried if _is_proved(one)), None)
        best = best or next((one for one in tried if _refuted_at(one) is None), tried[0])
        return replace(self._rechecked(best), refuted=refuted)

    def _everywhere(self, fit: Fit) -> FilledProtocol:
        """What `prove` says of a fit, which is in the file then."""
        found = FilledProtocol(self._path, fit, rechecked=False)
        kind = self._written(fit)
        given = library.parameters_of(self._sizes[0].model)
        fixed = {name: value for name, value in given.items() if name not in ("n", "m", "graph", *fit)}
        self._progress(f"asking for a proof at every size with {told(fit)}")
        try:
            return replace(
                found, everywhere=prove(kind, timeout=self._limit.seconds(), progress=self._progress, **fixed)
            )
        except ByzverifyError as error:
            if error.exit_code == ByzverifyError.exit_code:
                raise  # a contradiction
            return replace(found, reason=str(error))

    def _written(self, fit: Fit) -> type[Protocol]:
        return write_filled(type(self._sizes[0].model), {name: one.written for name, one in fit.items()}, self._path)

    def _rechecked(self, found: FilledProtocol) -> FilledProtocol:
        """The same, with what `check` says of the file at each size. Raises ProtocolError if it refutes it."""
        kind = self._written(found.fit)
        for one in self._sizes:
            given = {name: value for name, value in library.parameters_of(one.model).items() if name not in found.fit}
            self._progress(f"checking {self._path} at n={one.model.n}")
            verdict = check(library.build(kind, given), one.faults, timeout=self._limit.seconds())
            if isinstance(verdict, Refuted):
                raise ProtocolError(
                    f"{self._path} is refuted at n={one.model.n}, where the sketch with these values is proved: its "
                    "text does something else when it is loaded from another file"
                )
            if not isinstance(verdict, Proved):
                return replace(found, reason=found.reason or verdict.reason)
        return replace(found, rechecked=True)


def _is_proved(found: FilledProtocol) -> bool:
    return found.everywhere is not None and found.everywhere.verdict == "proved"


def _refuted_at(found: FilledProtocol) -> Sizes | None:
    """The smallest size at which `prove` refutes a fit."""
    conditions = () if found.everywhere is None else found.everywhere.conditions
    return next((one.smallest for one in conditions if one.smallest is not None), None)


def told(fit: Fit) -> str:
    """A fit in words: `enough = n - m, trusted = 1`."""
    return ", ".join(f"{name} = {one}" for name, one in fit.items())
