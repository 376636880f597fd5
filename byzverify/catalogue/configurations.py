"""Configurations as data: the manifest of expected verdicts, and the exhibits of the museum.

This module reads two files beside the models, `manifest.toml` and `museum/exhibits.toml`. It knows how to build the
protocols that they name; it decides nothing.
"""

from __future__ import annotations

import shlex
import tomllib
from importlib import resources
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from byzverify.catalogue import library
from byzverify.errors import ByzverifyError, UsageError, meant
from byzverify.language.faults import Budget, budget_of
from byzverify.language.protocol import Protocol


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Configuration(_Entry):
    """A model, its size, and how many generals may fail: the input of `byzverify check`."""

    model: str
    n: int | None = None
    m: int | None = None
    t: Annotated[int | None, Field(description="how many traitors; m, if neither t nor faults is given")] = None
    faults: Annotated[dict[str, int], Field(description="how many may fail in each mode")] = {}
    values: int | None = None
    graph: str | None = None
    set: Annotated[dict[str, Any], Field(description="the model's other parameters")] = {}

    def build(self) -> Protocol:
        """The model's instance. Raises UsageError if it is impossible."""
        size = {"n": self.n, "m": self.m, "values": self.values, "graph": self.graph}
        budget = self.budget() if self.faults or self.t is not None else None
        return library.configured(self.model, self.set, budget, **size)

    def budget(self) -> Budget:
        """How many generals may fail in each mode. Raises UsageError if the entry does not say that."""
        if self.faults:
            return budget_of(self.faults)
        most = self.m if self.t is None else self.t
        if most is None:
            raise UsageError(f"{self.model}: say how many may fail, with t, faults or m")
        return budget_of(most)

    def command(self) -> str:
        """The command that checks this configuration."""
        faults = ",".join(f"{mode}={number}" for mode, number in self.faults.items()) or None
        options = {
            "--graph": self.graph,
            "-n": None if self.graph else self.n,
            "-m": self.m,
            "--values": self.values,
            "-t": self.t,
            "--faults": faults,
        }
        said = [f"{option} {shlex.quote(str(value))}" for option, value in options.items() if value is not None]
        settings = [f"--set {shlex.quote(f'{name}={value}')}" for name, value in self.set.items()]
        return " ".join(["byzverify check", shlex.quote(self.model), *said, *settings])


class Expectation(Configuration):
    """An entry of the manifest: a configuration and its expected result.

    breaks: the conditions that are refuted. source: the theorem that implies the verdict, or `derived`. messages: how
    many orders are sent in a run without traitors. variables: how many of the adversary's variables occur in the terms
    of the first scenario. note: an explanation, if the verdict differs from the literature or could surprise a reader.
    """

    verdict: Literal["proved", "refuted"]
    breaks: list[str] = []
    source: str
    messages: int
    variables: int
    note: str = ""


class Exhibit(_Entry):
    """A mistake that somebody made, or that is easily made.

    story: what the mistake is, and why it fails. source: where it can be seen. breaks: the conditions that `mistake`
    violates. repair: a correct model, at the same configuration if a correct one is possible there.
    """

    name: str
    title: str
    story: str
    source: str
    mistake: Configuration
    breaks: list[str]
    repair: Configuration
    repaired: Annotated[str, Field(description="what the repair changes, in one line")]


Kind = TypeVar("Kind", bound=_Entry)


def manifest() -> list[Expectation]:
    """The expected results for every model, in the order of the file. Raises ByzverifyError if the file is wrong."""
    entries = _read("byzverify.models", "manifest.toml")
    return [_entry(Expectation, {"model": model} | one) for model, some in entries.items() for one in some]


def exhibits() -> list[Exhibit]:
    """The museum's exhibits, in the order of the file. Raises ByzverifyError if the file is wrong."""
    entries = _read("byzverify.models.museum", "exhibits.toml")
    return [_entry(Exhibit, {"name": name} | one) for name, one in entries.items()]


def exhibit(name: str) -> Exhibit:
    """The exhibit with this name. Raises UsageError if there is none."""
    known = {one.name: one for one in exhibits()}
    if name not in known:
        raise UsageError(f"the museum has no exhibit {name!r}; it has {', '.join(known)}{meant(name, known)}")
    return known[name]


def _read(package: str, file: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(package) / file).read_text(encoding="utf-8"))


def _entry(kind: type[Kind], content: dict[str, Any]) -> Kind:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ByzverifyError(f"{content}: {place}: {first['msg']}") from None
