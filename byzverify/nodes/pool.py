"""The pool: running programs that wait to be initialised again, so that a campaign need not start new ones each time.

A program is put here only if it says that it can be initialised again and has just answered a repeated `init`, so that
it will write nothing more about its last run. This module knows processes, and nothing about what they read and write.
"""

from __future__ import annotations

import anyio

from byzverify.nodes.program import Program
from byzverify.nodes.team import Command


class Pool:
    """Running programs, by their commands. `close` ends them."""

    def __init__(self) -> None:
        self._waiting: dict[Command, list[Program]] = {}
        self.used = False

    def take(self, command: Command) -> Program | None:
        """Remove and return a waiting program that still runs; None if there is none."""
        waiting = self._waiting.get(command, [])
        while waiting:
            program = waiting.pop()
            if program.ending() is None:
                self.used = True
                return program
            program.kill()
        return None

    def put(self, command: Command, program: Program) -> None:
        """Add a program that can be initialised again."""
        self._waiting.setdefault(command, []).append(program)

    async def close(self) -> None:
        """End all programs, in the same way as programs that have decided."""
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
