"""The story of an attack, in plain words: who fails, who lies to whom, how the votes tipped, and what breaks.

A story consists of sentences, rows and outlines, which a terminal or a page lays out. This module tells what the
simulator has replayed and what follows from the recorded programs. It must not know how anything is printed, or who
found the attack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from byzverify.attacks.attack import MOST_TOLD
from byzverify.attacks.outcomes import broken, decisions, faulty
from byzverify.attacks.run_log import RunLog
from byzverify.errors import ProtocolError, counted
from byzverify.language.faults import Fault, lies
from byzverify.language.messages import General, spelled
from byzverify.language.values import Order
from byzverify.scenario.wording import abridged, contrasted, failing, failing_all, plural, starting, title
from byzverify.simulation.judging import Judgement, Replay
from byzverify.simulation.rounds import Run
from byzverify.stories.deliberations import Deliberation, deliberations
from byzverify.stories.reasoning import Reasoning

MOST_SAYINGS = 12


@dataclass(frozen=True)
class Saying:
    """The same lie of faulty generals in one round, with all receivers, and what loyal generals would have said."""

    round: int
    senders: tuple[General, ...]
    receivers: tuple[General, ...]
    honest: Order
    said: Order
    about: tuple[str, ...]

    @property
    def number(self) -> int:
        """How many lies or lapses these are."""
        return len(self.senders) * len(self.receivers) * len(self.about)

    @property
    def shown(self) -> str:
        """The first few subjects of the lies."""
        return abridged(self.about)

    def __str__(self) -> str:
        about = f" about {self.shown}" if self.shown else ""
        told = " instead of ".join(contrasted(self.said, self.honest))
        who = f"{plural('general', self.senders)} {'tell' if self.senders[1:] else 'tells'}"
        return f"In round {self.round} {who} {plural('general', self.receivers)} {told}{about}."


@dataclass(frozen=True)
class Story:
    """An attack, told.

    faulty: who fails. starts: who starts with what. number: how many lies and lapses there are. deliberations: those of
    the generals whose decisions break a condition, deceived ones first. path: how to read a label that they mention, if
    needed. left_out: why there are no deliberations, if so. ending: what the loyal generals decide.
    """

    faulty: str
    starts: tuple[str, ...]
    number: str
    sayings: tuple[Saying, ...]
    ending: str
    deliberations: tuple[Deliberation, ...] = ()
    path: str = ""
    left_out: str = ""


def story(log: RunLog) -> list[str]:
    """The attack in sentences, one after the other."""
    whole = tell(log.replay, log)
    sentences = [*introductions(log.run), *map(str, whole.sayings[:MOST_SAYINGS])]
    for deliberation in whole.deliberations:
        sentences.append(f"{deliberation.heading}.")
        sentences += [f"Why: {f'{line.value} {line.text}'.strip()}." for line in deliberation.lines]
        sentences += [f"{deliberation.tipped}."] if deliberation.tipped else []
    return [*sentences, *(_judged(log.run, judgement) for judgement in log.replay.violated)]


def tell(replay: Replay, log: RunLog | None = None) -> Story:
    """The story of a replayed attack. Raises ReplayMismatch if the recorded programs contradict the simulator."""
    reasoned, path, left_out = _reasoned(replay, log)
    happened = _happened(replay.run, f"decisions of the loyal: {decisions(replay.run)}")
    return replace(happened, deliberations=reasoned, path=path, left_out=left_out)


def tell_of_programs(run: Run) -> Story:
    """The story of a run in which programs played the loyal generals. It cannot explain how these decided.

    The story of a run that ended too early has no ending.
    """
    return _happened(run, f"decisions of the loyal: {decisions(run)}" if run.decided == run.loyal else "")


def _happened(run: Run, ending: str) -> Story:
    """The story without deliberations."""
    return Story(
        faulty=faulty(run),
        starts=tuple(_starts(run)),
        number=_number(run),
        sayings=tuple(sayings(run)),
        ending=ending,
    )


def _reasoned(replay: Replay, log: RunLog | None) -> tuple[tuple[Deliberation, ...], str, str]:
    """The deliberations, how to read a path in them, and the reason if there are none."""
    if log is None and replay.run.messages > MOST_TOLD:
        return (), "", f"the votes are left out: {replay.run.messages:,} orders were told"
    try:
        return *deliberations(Reasoning(log or RunLog(replay))), ""
    except ProtocolError as error:
        return (), "", f"the votes are left out: {error}"


def sayings(run: Run) -> list[Saying]:
    """The lies and lapses in the order of the rounds; the same ones in one round are put together."""
    letters: dict[tuple[int, General, Order, Order, General], list[str]] = {}
    for lie in run.lies:
        letters.setdefault((lie.round, lie.sender, lie.honest, lie.said, lie.receiver), []).append(spelled(lie.label))
    alike: dict[tuple[int, General, Order, Order, tuple[str, ...]], list[General]] = {}
    for (round, sender, honest, said, receiver), labels in letters.items():
        alike.setdefault((round, sender, honest, said, tuple(sorted(labels))), []).append(receiver)
    together: dict[tuple[int, tuple[General, ...], Order, Order, tuple[str, ...]], list[General]] = {}
    for (round, sender, honest, said, about), receivers in alike.items():
        together.setdefault((round, tuple(receivers), honest, said, about), []).append(sender)
    found = [
        Saying(round, tuple(senders), receivers, honest, said, about)
        for (round, receivers, honest, said, about), senders in together.items()
    ]
    return sorted(found, key=lambda saying: (saying.round, saying.senders))


def introductions(run: Run) -> list[str]:
    """Who fails, and who starts with what, in sentences; each general in one of them."""
    alike: dict[Fault, list[General]] = {}
    for general, mode in run.faults.items():
        if general not in run.orders:
            alike.setdefault(mode, []).append(general)
    fails = [
        f"{plural('General', who)} {f'are {failing_all(mode)}' if who[1:] else f'is {failing(mode)}'}."
        for mode, who in alike.items()
    ]
    return fails + [f"{line[0].upper()}{line[1:]}." for line in _starts(run)]


def _starts(run: Run) -> Iterator[str]:
    """Who starts with what: one line for all who start with the same order."""
    alike: dict[tuple[str, Fault | None], list[General]] = {}
    for general, order in run.orders.items():
        alike.setdefault((order.name, run.faults.get(general)), []).append(general)
    for (started, mode), generals in alike.items():
        yield f"{_who(run, generals, mode)} with {started}"


def _who(run: Run, generals: list[General], mode: Fault | None) -> str:
    """Generals who start with something: `general 0, the commander, is loyal and starts`."""
    if generals[1:]:
        start = "pretend to start" if lies(mode) else "start"
        return f"{plural('general', generals)} are {'loyal' if mode is None else failing_all(mode)} and {start}"
    loyalty = "loyal" if mode is None else failing(mode)
    return f"general {generals[0]}{title(run.protocol, generals[0])} is {loyalty} and {starting(mode)}"


def _number(run: Run) -> str:
    lying = sum(lies(run.faults[lie.sender]) for lie in run.lies)
    numbers = ((lying, "lie"), (len(run.lies) - lying, "lapse"))
    return ", ".join(counted(number, noun) for number, noun in numbers if number)


def _judged(run: Run, judgement: Judgement) -> str:
    condition = judgement.condition
    return f"{condition.name} fails: {condition.statement}; {broken(run, judgement)}."
