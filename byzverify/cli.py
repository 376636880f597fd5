"""The command line: parse, dispatch, exit code. There is no logic here; what a command does, a function elsewhere does.

Exit codes, the same everywhere: 0 every condition holds, 1 one is violated, 2 the request or the protocol is at fault,
3 unknown, 4 byzverify contradicts itself, 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated, NoReturn

import typer

from byzverify.commands import attacks, maps, programs, verifying
from byzverify.commands.parsing import is_of_the_parser, refusal
from byzverify.commands.streams import note, settle
from byzverify.errors import ByzverifyError, ReplayMismatch, Stopped, UsageError, printable
from byzverify.loading.blaming import blamed
from byzverify.memory import heed_memory
from byzverify.signals import heed_signals
from byzverify.traps.announcing import announce_with

app = typer.Typer(
    help="Prove that no choice of traitors breaks a Byzantine-agreement protocol, or get the attack, replayed.",
    no_args_is_help=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(verifying.check)
app.command()(attacks.replay)
app.command()(attacks.explain)
app.command()(verifying.certify)
app.command()(programs.simulate)
app.command()(verifying.export)
app.command()(attacks.report)
app.command("test")(programs.campaign)
app.command()(programs.node)
app.command()(programs.node_check)
app.command("map")(maps.chart)
app.command()(verifying.models)
app.command()(verifying.museum)


@app.callback()
def common(
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="print byzverify's version")] = False,
) -> None:
    """Prove that no choice of traitors breaks a Byzantine-agreement protocol, or get the attack, replayed."""
    if version:
        import byzverify

        sys.stdout.write(f"byzverify {byzverify.__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line. Whatever goes wrong becomes one line on stderr and an exit code."""
    heed_signals()
    heed_memory()
    announce_with(lambda line: sys.stderr.write(line))
    try:
        settle()
        code = app(standalone_mode=not sys.argv[1:], prog_name="byzverify") or 0
        sys.stdout.flush()
    except ByzverifyError as error:
        _end(str(error), error.exit_code)
    except MemoryError:
        _end("out of memory", Stopped.exit_code)
    except OSError as error:
        _end(f"{error.filename or 'standard input or output'}: {error.strerror or error}", UsageError.exit_code)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a model may raise one that is no Exception
        if (authors := blamed(error)) is not None:
            _end(str(authors), authors.exit_code)
        if isinstance(error, SystemExit):  # the parser's
            raise
        if isinstance(error, Exception) and is_of_the_parser(error):
            _end(refusal(error), UsageError.exit_code)
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
        _end(f"this is a bug in byzverify, please report it: {what}", ReplayMismatch.exit_code)
    sys.exit(code)


def _end(line: str, exit_code: int) -> NoReturn:
    note(f"byzverify: {printable(' '.join(line.split()))}")
    sys.exit(exit_code)
