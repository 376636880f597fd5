"""Makes a complete protocol file of a rule: docstring, imports, class, claim and program.

This module knows the words of the language and what a setting is called in prose. It must not know any rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from textwrap import fill, indent, wrap

import byzverify.language
from byzverify.language.faults import Budget, Fault, lies
from byzverify.scenario.impossibility import ProblemName, Setting, is_complete

WIDTH = 120

PROBLEMS: dict[ProblemName, tuple[str, str]] = {
    "broadcast": ("", "Byzantine agreement"),
    "consensus": ("CONSENSUS", "Consensus"),
    "interactive": ("INTERACTIVE_CONSISTENCY", "Interactive consistency"),
    "crusader": ("CRUSADER_AGREEMENT", "Crusader agreement"),
    "graded": ("GRADED_BROADCAST", "Graded broadcast"),
    "approximate": ("APPROXIMATE_AGREEMENT", "Approximate agreement"),
}
"""What a file calls its problem, if it is not the default one, and what its docstring calls it."""

BYZANTINE = "t: int"
LAPSES = "t: int, omission: int = 0, crash: int = 0, manifest: int = 0"
EVERY_MODE = "t: int, symmetric: int = 0, omission: int = 0, crash: int = 0, manifest: int = 0"
SYMMETRIC = "t: int, symmetric: int = 0, manifest: int = 0"


SURE = "how_many([TRUE, TRUE])"
"""Grade 2, as a count of the language."""


@dataclass(frozen=True)
class Proposal:
    """A protocol that may solve a problem. rule: what it does, in plain words. text: a whole protocol file, with one
    class, `Found`, whose parameters have defaults. parameters: these defaults. epsilon: in approximate agreement, how
    far apart decisions may be, where order 0 is RETREAT and order 1 is ATTACK.
    """

    rule: str
    text: str
    parameters: Mapping[str, int | str]
    epsilon: Fraction = Fraction(0)


@dataclass(frozen=True)
class Recipe:
    """A rule before it is written out.

    says: the rule in one or two sentences. program: the methods of the class, from `general` on. rounds: how many the
    program takes. tolerated: the expression that `tolerates` returns, and bound: the same in words. modes: the
    parameters of `tolerates`. before: definitions that stand before the class.
    parameters: those besides n, m and the graph.
    """

    says: str
    program: str
    rounds: int
    tolerated: str
    bound: str
    modes: str = BYZANTINE
    before: str = ""
    parameters: Mapping[str, int | str] | None = None
    m: int | None = None


def total(faults: Budget) -> int:
    """How many may fail in all."""
    return sum(faults.values())


def relevant(setting: Setting, *modes: Fault) -> int:
    """How many faulty generals matter: with less than two loyal ones left, nothing can go wrong that did not before.

    modes: those that count; by default all.
    """
    number = sum(number for mode, number in setting.faults.items() if not modes or mode in modes)
    return max(0, min(number, setting.n - 2))


def has_commander(setting: Setting) -> bool:
    """Whether only the commander starts with an order."""
    return setting.commander is not None and setting.problem != "interactive"


def fits(setting: Setting, rounds: int) -> bool:
    """Whether a protocol of so many rounds is asked for."""
    return setting.rounds is None or rounds <= setting.rounds


def only(setting: Setting, *modes: Fault) -> bool:
    """Whether nobody fails in another mode."""
    return set(setting.faults) <= set(modes)


def waiting(setting: Setting) -> int:
    """So many rounds that an order which a loyal general hears as early as he can reaches all others, on a graph.

    An order that has passed only faulty generals is with a loyal one after as many rounds as generals may fail. From
    him it needs as many rounds more as the loyal generals are apart.
    """
    from byzverify.language.topology import diameter_of, graph_of

    graph = graph_of(network_text(setting))
    faulty = relevant(setting)
    apart = [diameter_of(graph, set(graph) - set(chosen)) for chosen in combinations(graph, faulty)]
    enough = min(setting.n - 1, faulty + max(setting.n if one is None else one for one in apart))
    return enough if setting.rounds is None else min(enough, setting.rounds)


def network_text(setting: Setting) -> str:
    """The text that names the graph, in which the commander and general 0 have exchanged numbers."""
    moved = {setting.commander or 0: 0, 0: setting.commander or 0}
    pairs = sorted(tuple(sorted(moved.get(one, one) for one in edge)) for edge in setting.edges)
    alone = sorted(set(range(setting.n)) - {one for pair in pairs for one in pair})
    return "edges:" + ",".join([*("-".join(map(str, pair)) for pair in pairs), *map(str, alone)])


def proposal(setting: Setting, rule: Recipe) -> Proposal:
    """The rule as a protocol file for this setting."""
    parameters: dict[str, int | str] = {"n": setting.n, "m": relevant(setting) if rule.m is None else rule.m}
    if not is_complete(setting):
        parameters["graph"] = network_text(setting)
    parameters |= rule.parameters or {}
    body = _body(setting, rule, parameters)
    between = "\n\n" if body.startswith(("def", "class")) else "\n"
    text = f'"""{_docstring(setting, rule)}\n"""\n\n{_imports(body)}{between}{body}'
    return Proposal(rule.says, text, parameters)


def _body(setting: Setting, rule: Recipe, parameters: Mapping[str, int | str]) -> str:
    """The definitions before the class, and the class."""
    fields = [_field(name, value) for name, value in parameters.items()]
    problem = PROBLEMS[setting.problem][0]
    stated = [*fields, *([f"problem = {problem}"] if problem else []), f'claim = "{rule.bound}"']
    methods = [f"def tolerates(self, {rule.modes}) -> bool:\n    return {rule.tolerated}", rule.program]
    parts = ["\n".join(stated), *(method.strip("\n") for method in methods if method)]
    inside = "\n\n".join([_quoted(rule.says), *parts])
    before = f"{rule.before.strip()}\n\n\n" if rule.before else ""
    return f"{before}class Found(Protocol):\n{indent(inside, '    ')}\n"


def _quoted(text: str) -> str:
    """The docstring of a class, which ends on a line of its own if it has several."""
    lines = fill(f'"""{text}', WIDTH - 4)
    return f'{lines}\n"""' if len(lines) > WIDTH - 7 else f'{lines}"""'


def _field(name: str, value: int | str) -> str:
    """A parameter with its default, which takes several lines if it is a long graph."""
    if isinstance(value, int):
        return f"{name}: int = {value}"
    line = f'{name}: str = "{value}"'
    if len(line) <= WIDTH - 4:
        return line
    parts = [part.replace(" ", "") for part in wrap(value.replace(",", ", "), WIDTH - 4, break_on_hyphens=False)]
    return f"{name}: str = (\n" + "".join(f'    "{part}"\n' for part in parts) + ")"


def _docstring(setting: Setting, rule: Recipe) -> str:
    rounds = f"{rule.rounds} round{'' if rule.rounds == 1 else 's'}"
    where = "" if is_complete(setting) else " on a graph"
    signed = " and signed messages" if setting.signed and "sign(" in rule.program else ""
    title = f"{PROBLEMS[setting.problem][1]} of {setting.n} generals{where} in {rounds}{signed}, {_against(setting)}."
    paragraphs = [fill(title, WIDTH - 3)]
    if setting.commander:
        moved = f"The commander was general {setting.commander}: he and general 0 have exchanged numbers."
        paragraphs.append(moved)
    command = f"Check it with `byzverify check FILE{check_option(setting.faults)}`."
    return "\n\n".join([*paragraphs, command])


def _against(setting: Setting) -> str:
    parts = [f"{number} {mode.value}" for mode, number in setting.faults.items()]
    total_faults = total(setting.faults)
    if not parts:
        return "where nobody fails"
    return f"with at most {' and '.join(parts)} fault{'' if total_faults == 1 else 's'}"


def check_option(faults: Budget) -> str:
    """What `check` needs to be told besides the file."""
    if not faults:
        return " -t 0"
    if set(faults) == {Fault.BYZANTINE}:
        return f" -t {faults[Fault.BYZANTINE]}"
    return " --faults " + ",".join(f"{mode.value}={number}" for mode, number in faults.items())


STANDARD = {"Generator": "collections.abc", "permutations": "itertools"}
"""The names of the standard library that programs use, and their modules."""


def _imports(body: str) -> str:
    """The imports of all that the body names, as a formatter would write them."""
    words = set(re.findall(r"\w+", re.sub(r'""".*?"""|"[^"\n]*"|#[^\n]*', "", body, flags=re.DOTALL)))
    standard = "".join(f"from {module} import {name}\n" for name, module in STANDARD.items() if name in words)
    named = sorted(words & set(byzverify.language.__all__), key=_place)
    line = f"from byzverify.language import {', '.join(named)}\n"
    if len(line) > WIDTH + 1:
        line = "from byzverify.language import (\n" + "".join(f"    {name},\n" for name in named) + ")\n"
    return f"{standard}\n{line}" if standard else line


def _place(name: str) -> tuple[int, str]:
    """Where a name is sorted: constants, then classes, then functions."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def lapses_only(setting: Setting) -> bool:
    """Whether somebody may fail, and nobody can invent anything."""
    return bool(setting.faults) and not any(lies(mode) for mode in setting.faults)
