"""Why no protocol solves a problem, as texts: the same for the terminal, for pictures and for pages.

An *act* is an execution of a chain, or a scene of a cover. Between two acts stands a general who cannot tell them
apart. This module knows chains and covers. It must not know where texts are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from byzverify.errors import counted
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.rendering.impossibility.cast import tell
from byzverify.rendering.impossibility.covers import (
    always_faulty,
    copy_name,
    named_copies,
    shared,
    staged,
    talking_to,
)
from byzverify.rendering.impossibility.demands import Demands, demands_of, must, orders_of
from byzverify.rendering.impossibility.phrases import joined, view
from byzverify.scenario.full_information import played
from byzverify.scenario.impossibility import DoubleCover, RunChain, Setting, is_complete
from byzverify.scenario.wording import failing, failing_all

Impossibility = RunChain | DoubleCover

NOBODY_DEVIATES = (
    "In all of these executions each general starts with the same order as in the others, and everybody follows the "
    "protocol, even those who count as faulty: whoever may fail may also act loyally. So in all of them the same "
    "messages are sent, in any number of rounds, signed or not. Only who counts as faulty differs. Nobody sees that, "
    "but the conditions depend on it, since they ask something of loyal generals alone."
)
"""The argument where the number of rounds does not matter."""

MOST_FOLLOWED = 6
"""A chain with more acts is not told act by act in one paragraph."""


@dataclass(frozen=True)
class Act:
    """An execution or a scene. told: what happens in it. demand: what the loyal must do, in short. because: why."""

    name: str
    told: tuple[str, ...]
    demand: str
    because: str


@dataclass(frozen=True)
class Witnessed:
    """A general who cannot tell an act from the next one. seen: what he sees in both. why: that it is the same."""

    name: str
    number: str
    seen: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Argument:
    """An impossibility in words. idea: the argument in two sentences. conclusion: the contradiction."""

    title: str
    idea: str
    demands: Demands
    acts: tuple[Act, ...]
    witnessed: tuple[Witnessed, ...]
    conclusion: tuple[str, ...]

    @property
    def noun(self) -> str:
        """What an act is called: `execution` or `scene`."""
        return self.acts[0].name.split()[0]


def acts_in(found: Impossibility) -> int:
    """How many executions or scenes there are."""
    return 1 + len(found.witnesses)


def argument_of(found: Impossibility) -> Argument:
    """An impossibility in words."""
    demands = demands_of(found.setting, acts_in(found))
    acts, witnessed = (_scenes(found), _copies(found)) if isinstance(found, DoubleCover) else _executions(found)
    return Argument(title(found), _idea(found), demands, acts, witnessed, _conclusion(acts, witnessed, demands))


def title(found: Impossibility) -> str:
    """What is impossible: `consensus: no protocol for 3 generals, of whom one may be a traitor, in 2 rounds`."""
    setting, problem = found.setting, demands_of(found.setting, acts_in(found)).called
    rounds = "in any number of rounds" if setting.rounds is None else f"in {counted(setting.rounds, 'round')}"
    signed = ", even with signed messages" if setting.signed else ""
    network = "" if is_complete(setting) else f" on a network with {counted(len(setting.edges), 'link')}"
    limit = " that sends the same to all" if tells_all_the_same(found) else ""
    return (
        f"{problem[0].upper()}{problem[1:]}: no protocol{limit} for {counted(setting.n, 'general')}{network}, of whom "
        f"{may_fail(setting)}, {rounds}{signed}"
    )


def tells_all_the_same(found: Impossibility) -> bool:
    """Whether only protocols are meant in which a general sends the same to all his neighbours: where a symmetric
    traitor lies, who could not lie in this way in another protocol.
    """
    runs = found.runs if isinstance(found, RunChain) else ()
    return any(run.faulty[sender] is Fault.SYMMETRIC for run in runs for _, sender, _ in run.said)


def may_fail(setting: Setting) -> str:
    """How many may fail, and how: `one may be a traitor`."""
    parts = [
        f"{in_words(number)} may be {failing(mode) if number == 1 else failing_all(mode)}"
        for mode, number in setting.faults.items()
    ]
    return joined(parts) or "none may fail"


def in_words(number: int) -> str:
    """A number in words, if it is small."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)


def _idea(found: Impossibility) -> str:
    if isinstance(found, DoubleCover):
        return (
            "A scene is a part of this double network. Its generals receive what they would receive in the real "
            "network if traitors said what the other generals of the double network say. Whoever stands in two scenes "
            "decides the same in both."
        )
    if found.setting.rounds is None:
        return NOBODY_DEVIATES
    return (
        "Each execution looks to one loyal general exactly like the next one. Whatever his program is, he decides the "
        "same in both."
    )


def _executions(chain: RunChain) -> tuple[tuple[Act, ...], tuple[Witnessed, ...]]:
    runs = [played(chain.setting, run) for run in chain.runs]
    parts = zip(_names("Execution", len(runs)), chain.runs, runs, _pairs(chain.witnesses), strict=True)
    acts = tuple(
        Act(name, tuple(tell(chain.setting, run, one)), *_demanded(chain, number, list(map(str, sorted(pair)))))
        for number, (name, run, one, pair) in enumerate(parts)
    )
    witnessed = tuple(
        Witnessed(
            f"general {general}",
            str(general),
            tuple(view(chain.setting, one.known[general], general)),
            f"General {general} cannot tell execution {number} from execution {number + 1}",
        )
        for number, (general, one) in enumerate(zip(chain.witnesses, runs, strict=False), start=1)
    )
    return acts, witnessed


def _names(noun: str, number: int) -> list[str]:
    return [f"{noun} {one}" for one in range(1, number + 1)]


def _pairs(witnesses: Sequence[General]) -> list[Sequence[General]]:
    """Who must decide in each execution: who links it to the one before, and to the next one."""
    return [witnesses[max(0, number - 1) : number + 1] for number in range(len(witnesses) + 1)]


def _demanded(found: Impossibility, number: int, pair: Sequence[str]) -> tuple[str, str]:
    """What the loyal must do in an act, and why."""
    demands, last = demands_of(found.setting, acts_in(found)), len(found.witnesses)
    if number in (0, last):
        order, decision = orders_of(found.setting)[number > 0], demands.decisions[-(number > 0)]
        return must(order), f"{_obliged(found.setting, order)} must decide {decision} ({demands.obedience})."
    both = f"Generals {joined(pair)} are both loyal, so they {demands.agree} ({demands.agreement})."
    return f"{joined(pair)} {demands.agree}", both


def _obliged(setting: Setting, order: str) -> str:
    """Who must decide something at the ends."""
    match setting.problem:
        case "consensus":
            return f"All loyal generals start with {order}, so they"
        case "interactive":
            return f"General {setting.commander or 0} is loyal, so of him every loyal general"
        case _:
            return "The commander is loyal, so every loyal lieutenant"


def _scenes(cover: DoubleCover) -> tuple[Act, ...]:
    copies = [shared(cover, number) for number in range(len(cover.witnesses))]
    pairs = [copies[max(0, number - 1) : number + 1] for number in range(len(cover.scenes))]
    return tuple(
        Act(name, tuple(staged(cover, scene)), *_demanded(cover, number, list(map(copy_name, pair))))
        for number, (name, scene, pair) in enumerate(
            zip(_names("Scene", len(cover.scenes)), cover.scenes, pairs, strict=True)
        )
    )


def _copies(cover: DoubleCover) -> tuple[Witnessed, ...]:
    return tuple(_copy(cover, number) for number in range(len(cover.witnesses)))


def _copy(cover: DoubleCover, number: int) -> Witnessed:
    copy = shared(cover, number)
    silent = always_faulty(cover)
    nearby = [one for one in talking_to(cover, copy) if one[0] not in silent]
    name = copy_name(copy)
    return Witnessed(
        f"general {name}",
        name,
        (f"he receives what {named_copies(nearby)} say in the double network" if nearby else "he receives nothing",),
        f"General {name} stands in scene {number + 1} and in scene {number + 2}",
    )


def _conclusion(acts: Sequence[Act], witnessed: Sequence[Witnessed], demands: Demands) -> tuple[str, ...]:
    noun = acts[0].name.split()[0].lower()
    if demands.apart:
        followed = _stepwise(acts, witnessed, demands)
    elif len(acts) > MOST_FOLLOWED:
        followed = _in_short(acts, witnessed, demands)
    else:
        followed = " ".join(_followed(acts, witnessed, demands))
    return (
        followed,
        f"So every protocol breaks a condition in one of these {len(acts)} {noun}s: there is none that works.",
    )


def _followed(acts: Sequence[Act], witnessed: Sequence[Witnessed], demands: Demands) -> Iterator[str]:
    """The argument act by act, from the first to the last."""
    first, last = demands.decisions
    yield f"In {acts[0].name.lower()} {witnessed[0].name} must decide {first}."
    for act, following in zip(acts[1:], witnessed[1:], strict=False):
        yield (
            f"{act.name} looks the same to him, so there he decides {first} too, and {following.name} must decide the "
            f"same: {first}."
        )
    ending = f"{acts[-1].name} looks the same to {witnessed[-1].name}, so there he decides {first} too"
    yield f"{ending}. But there he must decide {last}."


def _in_short(acts: Sequence[Act], witnessed: Sequence[Witnessed], demands: Demands) -> str:
    first, last = demands.decisions
    return (
        f"In {acts[0].name.lower()} {witnessed[0].name} must decide {first}. He decides the same in "
        f"{acts[1].name.lower()}, where {witnessed[1].name} must agree with him; and so on, always {first}, up to "
        f"{acts[-1].name.lower()}. But there {witnessed[-1].name} must decide {last}."
    )


def _stepwise(acts: Sequence[Act], witnessed: Sequence[Witnessed], demands: Demands) -> str:
    first, last = demands.decisions[0], demands.decisions[-1]
    ends = (
        f"In {acts[0].name.lower()} {witnessed[0].name} must decide “{first}”, in {acts[-1].name.lower()} "
        f"{witnessed[-1].name} must decide “{last}”."
    )
    return f"{ends} {demands.too_far or _too_few_steps(acts, demands)}"


def _too_few_steps(acts: Sequence[Act], demands: Demands) -> str:
    steps, room = len(demands.decisions) - 1, demands.apart * (len(acts) - 2)
    return (
        f"That is {counted(steps, 'step')} apart ({'; '.join(demands.decisions)}). In each "
        f"{acts[0].name.split()[0].lower()} between them decisions may be {counted(demands.apart, 'step')} apart at "
        f"most, which makes {counted(room, 'step')}."
    )
