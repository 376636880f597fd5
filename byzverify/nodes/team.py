"""The team: which program plays which loyal general, as the user says. This module starts no program."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from byzverify.errors import UsageError
from byzverify.language.messages import General

Command = tuple[str, ...]

Routine = Callable[..., Generator[Mapping[Any, Any] | None, dict[Any, Any], Any]]
"""A general as a plain generator function: see `InProcess` in `players.py`."""


@dataclass(frozen=True)
class Team:
    """Who plays the loyal generals: `others` some of them, `node` the rest; where neither does, the model's program.

    A player is a command with its arguments, or a generator function (see `InProcess`).
    """

    node: Command | Routine | None = None
    others: Mapping[General, Command | Routine] = field(default_factory=dict)

    def player(self, general: General) -> Command | Routine | None:
        """The player of this general; None for the model's own program."""
        return self.others.get(general, self.node)

    def title(self, general: General) -> str:
        """This general's name in messages."""
        player = self.player(general)
        if player is None:
            return f"general {general} (the model)"
        return f"general {general} ({_named(player)})"

    def demand_generals(self, n: int) -> None:
        """Raise UsageError if somebody plays a general who does not exist among `n`."""
        for stranger in set(self.others) - set(range(n)):
            raise UsageError(f"an implementation is given for general {stranger!r}; there are 0 to {n - 1}")

    def __str__(self) -> str:
        """The programs, each once."""
        return ", ".join(dict.fromkeys(map(_named, [*([self.node] if self.node else []), *self.others.values()])))

    def options(self) -> list[str]:
        """The command-line options for this team, if all players are programs."""
        node = [] if self.node is None else ["--node", shlex.quote(_named(self.node))]
        others = [f"--node-map {shlex.quote(f'{general}={_named(other)}')}" for general, other in self.others.items()]
        return node + others


def _named(player: Command | Routine) -> str:
    return shlex.join(player) if isinstance(player, tuple) else getattr(player, "__name__", repr(player))


Player = str | Routine

Implementation = Player | Mapping[General, Player] | Team
"""What users give: a command as a shell reads it, a generator function, a mapping of generals to these, or a team."""


def team_for(implementation: Implementation) -> Team:
    """The team that a user means. Raises UsageError for what cannot play a general."""
    if isinstance(implementation, Team):
        return implementation
    if isinstance(implementation, Mapping):
        return Team(others={general: _player(one) for general, one in implementation.items()})
    return Team(_player(implementation))


def _player(one: Player) -> Command | Routine:
    if isinstance(one, str):
        return command_of(one)
    if not callable(one):
        raise UsageError(f"an implementation is a command or a generator function, not {one!r}")
    return one


def team_of(node: str | None, node_map: Iterable[str] = (), n: int | None = None) -> Team:
    """The team from command-line options: `--node './general --flag'`, `--node-map 2=./other`.

    n: how many generals there are, if that is known. Raises UsageError for options that cannot be parsed.
    """
    others: dict[General, Command] = {}
    for text in node_map:
        number, equals, command = text.partition("=")
        if not equals or not number.isdecimal():
            raise UsageError(f"--node-map takes general=command, as 2=./general, not {text!r}")
        if n is not None and int(number) >= n:
            raise UsageError(f"--node-map names general {number}; there are 0 to {n - 1}")
        if int(number) in others:
            raise UsageError(f"--node-map names general {number} twice")
        others[int(number)] = command_of(command)
    return Team(None if node is None else command_of(node), others)


def command_of(text: str) -> Command:
    """The command in a text, split as a shell would. Raises UsageError if it cannot be parsed."""
    try:
        command = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"a command that cannot be read: {text!r}: {error}") from None
    if not command:
        raise UsageError("a command is empty; give a program, with its arguments if it takes any")
    return command
