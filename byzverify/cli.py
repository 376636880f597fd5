"""The command line: parse, dispatch, exit code. There is no logic here; what a command does, a function elsewhere does.

Exit codes, the same everywhere: 0 every condition holds or a protocol exists, 1 one is violated or none exists, 2 the
request or the protocol is at fault, 3 unknown, 4 byzverify contradicts itself, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from byzverify.commands import attacks, everywhere, existence, maps, programs, sketches, verifying
from byzverify.commands.parsing import refusal
from byzverify.commands.streams import note, settle
from byzverify.errors import ByzverifyError, ReplayMismatch, Stopped, UsageError, printable
from byzverify.memory import heed_memory
from byzverify.signals import heed_signals
from byzverify.traps.announcing import announce_with

COMMANDS = (
    verifying.check,
    everywhere.prove,
    everywhere.bound,
    sketches.complete,
    existence.solvable,
    attacks.replay,
    attacks.explain,
    verifying.certify,
    programs.simulate,
    verifying.export,
    attacks.report,
    programs.campaign,
    programs.node,
    programs.node_check,
    maps.chart,
    verifying.models,
    verifying.museum,
)
"""The commands, in the order of the help."""

COMPLETE = "_BYZVERIFY_COMPLETE"
"""The environment variable by which a shell asks for completion."""


def print_version(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    """Print byzverify's version and end, if it is asked for."""
    import byzverify

    if asked:
        sys.stdout.write(f"byzverify {byzverify.__version__}\n")
        context.exit()


class Commands(click.Group):
    """The commands, which the help lists in the order in which they were given."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(self.commands)


@click.group(cls=Commands, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Print byzverify's version.",
)
def app() -> None:
    """Prove that no choice of traitors breaks a Byzantine-agreement protocol, or get the attack, replayed."""


def run(arguments: list[str]) -> int:
    """Run the command that the arguments name. Returns the exit code.

    Raises click's exceptions for what cannot be parsed and where the help is asked for, and what the command raises.
    """
    with app.make_context("byzverify", arguments) as context:
        return app.invoke(context) or 0


def complete(instruction: str) -> int:
    """Tell a shell how to complete commands, or complete one. Returns the exit code."""
    from click.shell_completion import shell_complete

    try:
        done = shell_complete(app, {}, "byzverify", COMPLETE, instruction) == 0
    except (KeyError, ValueError):  # the shell's variables are not there
        done = False
    if not done:
        raise UsageError(f"{COMPLETE} is for shells: bash_source, zsh_source and fish_source print what they need")
    return 0


def main() -> None:
    """Run the command line. Whatever goes wrong becomes one line on stderr and an exit code."""
    heed_signals()
    heed_memory()
    announce_with(lambda line: sys.stderr.write(line))
    try:
        settle()
        instruction = os.environ.get(COMPLETE)
        code = complete(instruction) if instruction else run(sys.argv[1:])
        sys.stdout.flush()
    except ByzverifyError as error:
        _end(str(error), error.exit_code)
    except MemoryError:
        _end("out of memory", Stopped.exit_code)
    except OSError as error:
        _end(f"{error.filename or 'standard input or output'}: {error.strerror or error}", UsageError.exit_code)
    except BaseException as error:  # a model may raise one that is no Exception
        code = _unexpected(error)
    sys.exit(code)


def _end(line: str, exit_code: int) -> NoReturn:
    note(f"byzverify: {printable(' '.join(line.split()))}")
    sys.exit(exit_code)


def _unexpected(error: BaseException) -> int:
    """The exit code for an error of the parser, or one that no one expected: the author of a model is to blame, or we
    are.
    """
    from byzverify.loading.blaming import blamed

    if (authors := blamed(error)) is not None:
        _end(str(authors), authors.exit_code)
    match error:
        case click.exceptions.Exit():
            return error.exit_code
        case click.exceptions.NoArgsIsHelpError():
            sys.stdout.write(f"{error.format_message()}\n")
            return UsageError.exit_code
        case click.ClickException():
            _end(refusal(error), UsageError.exit_code)
        case KeyboardInterrupt():
            raise error
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
    _end(f"this is a bug in byzverify, please report it: {what}", ReplayMismatch.exit_code)
