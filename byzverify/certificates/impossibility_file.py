"""The files of a chain of executions and of a cover, which show that no protocol solves a problem.

`chain.schema.json` and `cover.schema.json` beside this file are the JSON Schemas of `ChainFile` and `CoverFile`. This
module knows the form. Whether a file shows anything, `checking_impossibility.py` says, which knows nothing of this one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, ValidationError
from typing_extensions import TypeAliasType

from byzverify.certificates.manifest import ManifestPart, laid_out
from byzverify.errors import CertificateError
from byzverify.files.formats import CHAIN, COVER, mistaken
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.scenario.impossibility import (
    Address,
    CoverScene,
    DoubleCover,
    FaultyRun,
    ProblemName,
    RunChain,
    Setting,
    Story,
)


def _general(key: object) -> object:
    """Keys are numbers as Python writes them: not 04 or 4.0."""
    if isinstance(key, str) and not (key.isdecimal() and str(int(key)) == key):
        raise ValueError(f"{key!r} is not the number of a general")
    return int(key) if isinstance(key, str) else key


Number = Annotated[int, Field(ge=0)]
Key = Annotated[Number, BeforeValidator(_general)]
Bit = Annotated[int, Field(ge=0, le=1)]
Mode = Annotated[Fault, Field(strict=False)]
Pair = Annotated[list[Number], Field(min_length=2, max_length=2)]
Says = TypeAliasType("Says", "Bit | dict[Key, Says] | None")


class ToldFile(ManifestPart):
    """What a faulty general says in place of what a loyal general would."""

    round: Annotated[int, Field(ge=1, description="rounds are counted from 1")]
    sender: Annotated[Number, Field(alias="from")]
    receiver: Annotated[Number, Field(alias="to")]
    says: Annotated[
        Says,
        Field(
            description="in round 1 the order that the sender starts with, or null if he starts with none; later, what "
            "he heard from each neighbour in the round before"
        ),
    ]


class ExecutionFile(ManifestPart):
    """One execution of a chain."""

    faulty: Annotated[dict[Key, Mode], Field(description="each faulty general's mode")]
    starts: Annotated[dict[Key, Bit], Field(description="the order of each general that starts with one")]
    said: list[ToldFile]
    lost: Annotated[
        list[Annotated[list[Number], Field(min_length=3, max_length=3)]],
        Field(description="the messages that faulty generals do not send, each a round, a sender and a receiver"),
    ]

    @classmethod
    def of(cls, run: FaultyRun) -> ExecutionFile:
        """What a file says of an execution."""
        return cls(
            faulty=dict(sorted(run.faulty.items())),
            starts=dict(sorted(run.starts.items())),
            said=[
                ToldFile.model_validate({"round": round, "from": sender, "to": receiver, "says": _sorted(says)})
                for (round, sender, receiver), says in sorted(run.said.items(), key=lambda item: item[0])
            ],
            lost=[list(address) for address in sorted(run.lost)],
        )

    def run(self) -> FaultyRun:
        """The execution. Raises CertificateError if it lists a message twice."""
        said: dict[Address, Story] = {(one.round, one.sender, one.receiver): one.says for one in self.said}
        lost = frozenset((round, sender, receiver) for round, sender, receiver in self.lost)
        if len(said) + len(lost) < len(self.said) + len(self.lost) or lost & said.keys():
            raise CertificateError("a message is listed twice")
        return FaultyRun(dict(self.faulty), dict(self.starts), said, lost)


class SceneFile(ManifestPart):
    """One scene of a cover."""

    faulty: list[Number]
    sheets: Annotated[dict[Key, Bit], Field(description="which copy of each other general takes part")]


class ImpossibilityFile(ManifestPart):
    """What both kinds of files say of the problem, the network and the faults."""

    problem: ProblemName
    generals: Annotated[int, Field(ge=1)]
    edges: Annotated[list[Pair], Field(description="each edge once, the smaller general first")]
    commander: Annotated[Number | None, Field(description="null if every general starts with an order")]
    faults: Annotated[dict[Mode, Number], Field(description="how many generals may fail in each mode, at most")]
    signed: bool
    witnesses: Annotated[list[Number], Field(description="of each two neighbours, who sees the same in both")]

    def setting(self, rounds: int | None) -> Setting:
        """What a protocol would have to cope with."""
        edges = tuple(_pairs(self.edges))
        return Setting(self.problem, self.generals, edges, self.commander, rounds, dict(self.faults), self.signed)


class ChainFile(ImpossibilityFile):
    """A chain of executions, of which each two neighbours look the same to a loyal general."""

    format: Literal["byzverify-chain"]
    version: Annotated[int, Field(ge=1, le=1)]
    rounds: Annotated[
        Annotated[int, Field(ge=1)] | None,
        Field(description="null: the chain is about any number of rounds, and nobody deviates"),
    ]
    executions: list[ExecutionFile]

    @classmethod
    def of(cls, chain: RunChain) -> ChainFile:
        """The file of a chain."""
        executions = [ExecutionFile.of(run) for run in chain.runs]
        return cls(format=CHAIN, version=1, executions=executions, **_common(chain))

    def chain(self) -> RunChain:
        """The chain that the file describes. Raises CertificateError if it lists a message twice."""
        runs = tuple(execution.run() for execution in self.executions)
        return RunChain(self.setting(self.rounds), runs, tuple(self.witnesses))


class CoverFile(ImpossibilityFile):
    """A network with two copies of each general, and scenes of it that look like the real network."""

    format: Literal["byzverify-cover"]
    version: Annotated[int, Field(ge=1, le=1)]
    rounds: Annotated[None, Field(description="null: the cover is about any number of rounds")]
    crossed: Annotated[list[Pair], Field(description="the edges whose copies join different sheets")]
    scenes: list[SceneFile]

    @classmethod
    def of(cls, cover: DoubleCover) -> CoverFile:
        """The file of a cover."""
        crossed = [list(edge) for edge in sorted(cover.crossed)]
        scenes = [SceneFile(faulty=sorted(one.faulty), sheets=dict(sorted(one.sheets.items()))) for one in cover.scenes]
        return cls(format=COVER, version=1, crossed=crossed, scenes=scenes, **_common(cover))

    def cover(self) -> DoubleCover:
        """The cover that the file describes. Raises CertificateError if it lists an edge or a general twice."""
        crossed = frozenset(_pairs(self.crossed))
        if len(crossed) < len(self.crossed) or any(len(set(one.faulty)) < len(one.faulty) for one in self.scenes):
            raise CertificateError("a crossed edge or a faulty general is listed twice")
        scenes = tuple(CoverScene(frozenset(one.faulty), dict(one.sheets)) for one in self.scenes)
        return DoubleCover(self.setting(None), crossed, scenes, tuple(self.witnesses))


Impossibility: TypeAlias = "RunChain | DoubleCover"


def content(found: Impossibility) -> dict[str, Any]:
    """What the file of a chain or a cover says, as JSON."""
    file = ChainFile.of(found) if isinstance(found, RunChain) else CoverFile.of(found)
    dumped = file.model_dump(mode="json", by_alias=True)
    first = ("format", "version", "problem", "generals", "edges", "commander", "rounds", "faults", "signed")
    between = [name for name in dumped if name not in (*first, "witnesses")]
    return {name: dumped[name] for name in (*first, *between, "witnesses")}


def text(found: Impossibility) -> str:
    """The text of the file of a chain or a cover, laid out for reading."""
    return laid_out(content(found))


def read(text: str, path: Path) -> Impossibility:
    """The chain or the cover in a file's text. path: where it comes from, for errors.

    The form is checked, and nothing else. Raises CertificateError, with one line, if it is wrong.
    """
    try:
        given = json.loads(text, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise CertificateError(f"{path} is not JSON as certificates are written: {why}") from None
    kind = given.get("format") if isinstance(given, dict) else None
    if kind not in (CHAIN, COVER):
        other = mistaken(text)
        raise CertificateError(
            f"{path} is {other}"
            if other
            else f"{path} is neither a chain of executions nor a cover: its format is neither {CHAIN} nor {COVER}"
        )
    try:
        if kind == CHAIN:
            return ChainFile.model_validate_json(text).chain()
        return CoverFile.model_validate_json(text).cover()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        wrong = " ".join(f"{'.'.join(map(str, first['loc']))}: {first['msg']}".split())
        raise CertificateError(f"{path} is not a {kind} file of version 1: {wrong}") from None
    except CertificateError as error:
        raise CertificateError(f"{path}: {error}") from None


def _common(found: Impossibility) -> dict[str, Any]:
    setting = found.setting
    return {
        "problem": setting.problem,
        "generals": setting.n,
        "edges": [list(edge) for edge in setting.edges],
        "commander": setting.commander,
        "rounds": setting.rounds,
        "faults": dict(setting.faults),
        "signed": setting.signed,
        "witnesses": list(found.witnesses),
    }


def _pairs(listed: Iterable[list[General]]) -> Iterable[tuple[General, General]]:
    return ((one, other) for one, other in listed)


def _sorted(says: Story) -> Story:
    if not isinstance(says, Mapping):
        return says
    return {general: _sorted(says[general]) for general in sorted(says)}


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an object has a key twice")
    return made
