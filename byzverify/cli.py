"""The command line: parse, dispatch, exit code. There is no logic here; what a command does, a function elsewhere does.

Exit codes, the same everywhere: 0 every condition holds, 1 one is violated, 2 the request or the protocol is at fault,
3 unknown, 4 byzverify contradicts itself, 130 interrupted.
"""

from __future__ import annotations

import json
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from byzverify.errors import ByzverifyError, NodeError, ReplayMismatch, Stopped, UsageError, printable
from byzverify.export.formats import Format
from byzverify.limits import Limit, heed_memory, heed_no_signals, heed_signals
from byzverify.report.formats import AttackFormat

if TYPE_CHECKING:
    from rich.console import Console

    from byzverify.language.faults import Budget

app = typer.Typer(
    help="Prove that no choice of traitors breaks a Byzantine-agreement protocol, or get the attack, replayed.",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Model = Annotated[str, typer.Argument(help="a model's name (see `byzverify models`) or path/to/file.py:Class")]
Size = Annotated[
    int | None, typer.Option("-n", help="how many generals there are [default: as many as the graph has nodes]")
]
Depth = Annotated[int | None, typer.Option("-m", help="what the protocol is built for, in OM its depth of recursion")]
Values = Annotated[int | None, typer.Option("--values", help="how many different orders there are [default: 2]")]
Graph = Annotated[
    str | None,
    typer.Option("--graph", help="who can send to whom: a file that networkx reads, or such as circulant:7:1,2,3"),
]
Settings = Annotated[list[str] | None, typer.Option("--set", help="another parameter of the model, as name=value")]


Node = Annotated[
    str | None, typer.Option("--node", help="a program, with its arguments, that plays the loyal generals")
]
NodeMap = Annotated[
    list[str] | None, typer.Option("--node-map", help="general=program for one general, may be repeated: 2=./other")
]
Deadline = Annotated[float, typer.Option("--deadline", help="seconds that a program may take for each answer", min=0)]
DEADLINE = 10.0


MODES = {"t": "byzantine", "s": "symmetric", "o": "omission", "c": "crash", "m": "manifest"}
"""The letter of each fault mode in -G."""


Traitors = Annotated[
    int | None, typer.Option("--traitors", "-t", help="the most traitors that may be present [default: m]")
]
Faults = Annotated[
    str | None,
    typer.Option("--faults", help="how many may fail in each mode, in place of -t: byzantine=1,manifest=1"),
]


class StrategyName(StrEnum):
    """The scripted traitors of the simulator."""

    ALTERNATE = "alternate"
    SILENT = "silent"
    RANDOM = "random"


@app.command()
def check(
    model: Model,
    n: Size = None,
    m: Depth = None,
    traitors: Traitors = None,
    faults: Faults = None,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which the answer is UNKNOWN", min=0)] = None,
    raw: Annotated[bool, typer.Option("--raw", help="give the solver the terms without any simplification")] = False,
    solver: Annotated[
        str | None,
        typer.Option("--solver", help="z3, cvc5, cadical, exact, or all to compare them; it gets the terms raw"),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="write the attack, if there is one, to this file")] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="write evidence for a proof to this folder; `certify` checks it")
    ] = None,
    minimal: Annotated[
        bool, typer.Option("--minimal", help="look for the smallest attack: fewest traitors, then fewest lies")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object and nothing else")] = False,
) -> None:
    """Prove the model at this size against every choice of traitors, or find an attack."""
    from byzverify import library, questions
    from byzverify.report.json import verdict_as_json
    from byzverify.report.text import print_verdict
    from byzverify.verdict import Refuted

    if save is not None and (save.is_dir() or not save.parent.is_dir()):
        raise UsageError(f"cannot save to {save}: it must be a file in a folder that exists")
    with redirect_stdout(sys.stderr), _progress() as progress:  # a protocol that prints must not spoil the result
        budget = _budget(traitors, faults)
        protocol = library.configured(model, settings or [], budget, n=n, m=m, values=values, graph=graph)
        verdict = questions.check(
            protocol,
            budget,
            timeout=timeout,
            raw=raw,
            solver=solver,
            certificate=certificate,
            minimal=minimal,
            progress=progress,
        )
    try:
        if isinstance(verdict, Refuted) and save is not None:
            verdict.attack.save(save)
            sys.stderr.write(f"saved; replay it with: byzverify replay {shlex.quote(str(save))}\n")
        elif save is not None:
            sys.stderr.write(f"no attack was found: nothing is saved to {save}\n")
        if certificate is not None and verdict.exit_code != 0:
            sys.stderr.write(f"nothing is proved: no certificate is written to {certificate}\n")
    finally:
        if as_json:
            sys.stdout.write(json.dumps(verdict_as_json(verdict), indent=1) + "\n")
        else:
            print_verdict(_console(), verdict)
    raise typer.Exit(verdict.exit_code)


@app.command()
def replay(
    attack: Annotated[Path, typer.Argument(help="a file that `check --save` wrote")],
    node: Node = None,
    node_map: NodeMap = None,
    deadline: Deadline = DEADLINE,
) -> None:
    """Play an attack file in the simulator, or against programs, and say what breaks."""
    from byzverify.attacks.file import load, load_for_programs
    from byzverify.report.story import print_attack

    if node is None and not node_map:
        print_attack(_console(), load(attack)[1])
        raise typer.Exit(1)
    from byzverify.nodes.team import team_of
    from byzverify.questions import face
    from byzverify.report.encounter import print_encounter

    loaded = load_for_programs(attack)
    met, judged = face(loaded, team_of(node, node_map or [], loaded.protocol.n), deadline)
    print_encounter(_console(), met, judged)
    raise typer.Exit(1 if judged.violated else 0)


@app.command()
def explain(
    attack: Annotated[Path, typer.Argument(help="a file that `check --save` wrote")],
    general: Annotated[
        int | None, typer.Option("--general", help="follow all of this loyal general's reasoning", min=0)
    ] = None,
) -> None:
    """Tell the story of an attack file again, or how one general came to his decision."""
    from byzverify.attacks.file import load
    from byzverify.report.story import print_attack, print_reasoning

    _, replayed = load(attack)
    if general is None:
        print_attack(_console(), replayed)
    else:
        print_reasoning(_console(), replayed, general)
    raise typer.Exit(1)


@app.command()
def certify(
    folder: Annotated[Path, typer.Argument(help="a folder that `check --certificate` wrote")],
    timeout: Annotated[float | None, typer.Option(help="seconds, after which the answer is UNKNOWN", min=0)] = None,
) -> None:
    """Check the evidence for a proof, with no solver: the model's clauses, and each step that refutes them."""
    from byzverify.certificates.certifying import certify as certified
    from byzverify.report.text import print_certified

    with redirect_stdout(sys.stderr), _progress() as progress:
        found = certified(folder, timeout=timeout, progress=progress)
    print_certified(_console(), found)


@app.command()
def simulate(
    model: Model,
    generals: Annotated[
        str,
        typer.Option(
            "-G",
            help="l for each loyal general, t for each traitor: l,t,l,l; "
            "s, o, c and m fail in the mode symmetric, omission, crash, manifest",
        ),
    ],
    m: Depth = None,
    order: Annotated[
        str, typer.Option("-O", help="the order at the start, or one for each general: ATTACK,RETREAT,...")
    ] = "ATTACK",
    strategy: Annotated[StrategyName, typer.Option(help="how traitors act")] = StrategyName.ALTERNATE,
    seed: Annotated[int, typer.Option(help="what the random strategy draws from")] = 0,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    node: Node = None,
    node_map: NodeMap = None,
    deadline: Deadline = DEADLINE,
) -> None:
    """Run the model, or programs, once with scripted traitors; print what each decides, and which conditions hold."""
    from byzverify import library, questions
    from byzverify.report.text import print_run

    loyalty = [letter.strip() for letter in generals.split(",")]
    if not set(loyalty) <= {"l", *MODES}:
        raise UsageError(
            "-G takes l (loyal), t (traitor), s, o, c and m (symmetric, omission, crash, manifest) with commas between "
            f"them, not {generals!r}"
        )
    protocol = library.configured(model, settings or [], n=len(loyalty), m=m, values=values, graph=graph)
    traitors = {general: MODES[letter] for general, letter in enumerate(loyalty) if letter != "l"}
    asked = (protocol, traitors, order.split(","))
    if node is None and not node_map:
        outcome = questions.simulate(*asked, strategy.value, seed)
        print_run(_console(), outcome)
    else:
        from byzverify.nodes.team import team_of
        from byzverify.report.encounter import print_comparison

        team = team_of(node, node_map or [], protocol.n)
        met, outcome = questions.simulate_programs(*asked, team, strategy.value, seed, deadline)
        print_run(_console(), outcome)
        print_comparison(_console(), met)
    raise typer.Exit(1 if outcome.violated else 0)


@app.command()
def export(
    what: Annotated[str, typer.Argument(metavar="MODEL|FILE", help="a model as for `check`, or an attack's FILE.json")],
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORMAT", help=f"for a model {', '.join(Format)}; for an attack {', '.join(AttackFormat)}"
        ),
    ],
    n: Size = None,
    m: Depth = None,
    traitors: Traitors = None,
    faults: Faults = None,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="write to this file, om.tla for example; else print")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which nothing is written", min=0)] = None,
) -> None:
    """Write a model at this size down for another tool, for a second opinion on a verdict; or an attack, to be seen."""
    from byzverify import library, questions
    from byzverify.export.formats import exported, save
    from byzverify.report.formats import exported as attack_exported

    with redirect_stdout(sys.stderr):
        if what.endswith(".json"):
            if any(given is not None for given in (n, m, traitors, faults, graph, values, settings or None, timeout)):
                raise UsageError(f"{what} is an attack, which has a model and a size: give --to and --output alone")
            files = {output or Path(): attack_exported(Path(what), AttackFormat(to))}
        else:
            budget = _budget(traitors, faults)
            protocol = library.configured(what, settings or [], budget, n=n, m=m, values=values, graph=graph)
            allowed = questions.budget_for(protocol, budget)
            files = exported(protocol, allowed, Format(to), output, Limit.within(timeout))
    if output is None:
        sys.stdout.write(next(iter(files.values())))
    else:
        save(files)
        sys.stderr.write("".join(f"wrote {path}\n" for path in files))


@app.command()
def report(
    attacks: Annotated[list[Path], typer.Argument(help="files that `check --save` wrote; several are compared")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="attack.html, a page to play with; attack.svg or .png, the diagram")
    ],
) -> None:
    """Draw attacks: as a page on which they can be changed, or one as a diagram."""
    from byzverify.report.writing import save

    save(attacks, output)
    sys.stderr.write(f"wrote {output}\n")


@app.command("test")
def campaign(
    model: Annotated[str, typer.Option("--model", help="what the programs claim to be: a model, as for `check`")],
    node: Node = None,
    node_map: NodeMap = None,
    n: Size = None,
    m: Depth = None,
    traitors: Traitors = None,
    faults: Faults = None,
    graph: Graph = None,
    values: Values = None,
    settings: Settings = None,
    attacks: Annotated[int, typer.Option("--attacks", help="how many trials with faulty generals")] = 100,
    seed: Annotated[int, typer.Option(help="what chance draws from")] = 0,
    deadline: Deadline = DEADLINE,
    timeout: Annotated[float | None, typer.Option(help="seconds, after which no more is played", min=0)] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="play all, also after something broke")] = False,
    junit: Annotated[Path | None, typer.Option("--junit", help="write a JUnit XML file")] = None,
    save: Annotated[Path, typer.Option(help="write the attack that breaks the programs, if any, to this file")] = Path(
        "broken.json"
    ),
) -> None:
    """Test programs that claim to be a model: play attacks of every kind against them, and make small what breaks."""
    from byzverify import library
    from byzverify.campaign.campaign import run_campaign
    from byzverify.nodes.team import team_of
    from byzverify.report.campaign import print_campaign
    from byzverify.report.junit import as_junit

    for file in (save, *([junit] if junit else [])):
        if file.is_dir() or not file.parent.is_dir():
            raise UsageError(f"cannot write {file}: it must be a file in a folder that exists")
    if node is None and not node_map:
        raise UsageError("say which program to test: --node './my_general --flag', or --node-map 2=./my_general")
    with redirect_stdout(sys.stderr), _progress() as progress:
        budget = _budget(traitors, faults)
        protocol = library.configured(model, settings or [], budget, n=n, m=m, values=values, graph=graph)
        team = team_of(node, node_map or [], protocol.n)
        ended = run_campaign(
            protocol,
            team,
            budget,
            attacks=attacks,
            seed=seed,
            deadline=deadline,
            timeout=timeout,
            keep_going=keep_going,
            progress=progress,
        )
    try:
        if junit is not None:
            junit.write_text(as_junit(ended), encoding="utf-8")
        if ended.attack is not None:
            ended.attack.save(save)
            again = " ".join(["byzverify replay", shlex.quote(str(save)), *team.options()])
            sys.stderr.write(f"saved; replay it with: {again}\n")
    finally:
        print_campaign(_console(), ended)
    raise typer.Exit(ended.exit_code)


@app.command()
def node(
    model: Model,
    m: Depth = None,
    settings: Settings = None,
) -> None:
    """Be a program that plays one general of the model, and speaks the node protocol."""
    from byzverify import library
    from byzverify.nodes.serving import serve

    heed_no_signals()
    out = sys.stdout.buffer

    def write(text: bytes) -> None:
        out.write(text)
        out.flush()

    with redirect_stdout(sys.stderr):
        protocol = library.find(model)
        given = {} if m is None else {"m": m}
        given |= library.read_settings(protocol, settings or [])
        serve(protocol, given, sys.stdin.buffer, write)


@app.command("node-check")
def node_check(
    program: Annotated[str, typer.Argument(metavar="COMMAND", help="a program, with its arguments")],
    model: Annotated[
        str, typer.Option("--model", help="what the program is compared with: a model's name or path/to/file.py:Class")
    ] = "om",
    n: Annotated[int, typer.Option("-n", help="how many generals there are")] = 4,
    m: Annotated[int, typer.Option("-m", help="what the protocol is built for, where it has an m")] = 1,
    settings: Settings = None,
    deadline: Deadline = DEADLINE,
) -> None:
    """Say step by step what is wrong with a program that is to play a general."""
    from byzverify import library
    from byzverify.nodes.interview import Interview
    from byzverify.nodes.team import command_of
    from byzverify.report.interview import print_interview

    depth = m if library.has_parameter(library.find(model), "m") else None
    protocol = library.configured(model, settings or [], n=n, m=depth)
    findings = Interview(command_of(program), protocol, deadline).findings()
    if not print_interview(_console(), findings, model):
        raise typer.Exit(NodeError.exit_code)


@app.command()
def models() -> None:
    """List the models that come with byzverify, each with its published claim."""
    from byzverify import library
    from byzverify.report.text import print_models

    print_models(_console(), [(name, library.find(name)) for name in library.names()])


@app.command()
def museum(
    name: Annotated[str | None, typer.Argument(help="the exhibit to run [default: list them all]")] = None,
) -> None:
    """Show published mistakes: each with the attack that breaks it, replayed, and the repair, proved."""
    from byzverify import catalogue, questions
    from byzverify.report.text import print_exhibit, print_exhibits

    if name is None:
        print_exhibits(_console(), catalogue.exhibits())
    else:
        exhibit = catalogue.exhibit(name)
        with _progress() as progress:
            mistake, repair = questions.visit(exhibit.mistake, exhibit.repair, progress)
        print_exhibit(_console(), exhibit, mistake, repair)


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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show an arrow still shows the rest
    try:
        sys.exit((app(standalone_mode=False) if sys.argv[1:] else app()) or 0)
    except ByzverifyError as error:
        _end(str(error), error.exit_code)
    except MemoryError:
        _end("out of memory", Stopped.exit_code)
    except OSError as error:
        _end(f"{error.filename or 'output'}: {error.strerror}", UsageError.exit_code)
    except Exception as error:
        if hasattr(error, "format_message"):  # the parser's, whichever library it comes from
            command = getattr(getattr(error, "ctx", None), "command_path", "byzverify")
            _end(
                f"{error.format_message().replace('Value error, ', '')} ({command} --help says what there is)",
                UsageError.exit_code,
            )
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
        _end(f"this is a bug in byzverify, please report it: {what}", ReplayMismatch.exit_code)


def _end(line: str, exit_code: int) -> NoReturn:
    sys.stderr.write(f"byzverify: {printable(' '.join(line.split()))}\n")
    sys.exit(exit_code)


def _budget(traitors: int | None, faults: str | None) -> Budget | None:
    """How many may fail in each mode, from -t or --faults; None if neither is given."""
    from byzverify.language.faults import budget_of, read_budget

    if faults is None:
        return None if traitors is None else budget_of(traitors)
    if traitors is not None:
        raise UsageError("give either -t or --faults: -t 2 is --faults byzantine=2")
    return read_budget(faults)


def _console(*, stderr: bool = False) -> Console:
    """A terminal that takes every text as it is: what stands in brackets in a label is no markup."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True, markup=False, emoji=False)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done: a status line on a terminal, elsewhere plain lines, one a second at most."""
    from rich.text import Text

    console = _console(stderr=True)
    if console.is_terminal:
        with console.status("starting") as status:
            yield lambda line: status.update(Text(line))
    else:
        shown = monotonic()

        def show(line: str) -> None:
            nonlocal shown
            if monotonic() > shown + 1:
                shown = monotonic()
                console.print(line)

        yield show
