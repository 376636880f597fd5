"""Programs that wait to be initialised again, so that a campaign does not start every one anew for every trial.

Only a program that has said that it can be initialised again, and has just shown it, is put here: it has nothing more
to say about the run that it was in. This module knows processes, and nothing of what is said to them.
"""

from __future__ import annotations

import anyio

from byzverify.nodes.program import Program
from byzverify.nodes.team import Command


class Pool:
    """Running programs, by their commands. They are ended by `close`."""

    def __init__(self) -> None:
        self._waiting: dict[Command, list[Program]] = {}
        self.used = False

    def take(self, command: Command) -> Program | None:
        """One that runs and waits, which is then no longer here; None if there is none."""
        waiting = self._waiting.get(command, [])
        while waiting:
            program = waiting.pop()
            if program.ending() is None:
                self.used = True
                return program
            program.kill()
        return None

    def put(self, command: Command, program: Program) -> None:
        """Let a program wait here that can be initialised again."""
        self._waiting.setdefault(command, []).append(program)

    async def close(self) -> None:
        """End them all, as programs are ended that have decided."""
        programs = [program for waiting in self._waiting.values() for program in waiting]
        self._waiting.clear()
        try:
            async with anyio.create_task_group() as tasks:
                for program in programs:
                    program.close_input()
                    tasks.start_soon(program.finish)
        finally:
            for program in programs:
                program.kill()
