"""A world: all runs of a program at once, for all sizes, against all traitors.

Some generals are *individuals*: the commander or the king, and the witnesses whose decisions are asked for. All others
are the crowd. Its loyal members fall into *classes*: members of a class start alike and say the same in every round.
There are finitely many classes, whatever the number of generals is; how many members each has is unknown. One run
stands for a class, with its own unknowns for what faulty members tell it. Nothing is lost by that: two members of a
class may exchange what faulty members tell them without anybody else noticing (docs/explanation/all-sizes.md). This
module knows programs and sums. It does not know which conditions are asked about, or how formulas are decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import GeneratorType
from typing import Any, NamedTuple

from byzverify.engines.parameterized.choices import choice
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.groups import GroupOrder, LinearAlgebra, Source
from byzverify.engines.parameterized.lengths import all_builtins
from byzverify.engines.parameterized.members import Crowd, Lookups, Member, is_member, title_of
from byzverify.engines.parameterized.runs import GroupRun, under
from byzverify.errors import NotUnderstood, RuleBroken
from byzverify.language.decisions import Decision, leaves, remade
from byzverify.language.faults import Fault
from byzverify.language.gathering import Relaying, Rule
from byzverify.language.labels import Label
from byzverify.language.messages import Dispatch
from byzverify.language.phases import Phases
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Order, Truth
from byzverify.limits import Limit
from byzverify.logic.linear import TRUE, Atom, Formula, Linear, total, unknown

Begin = Callable[[Protocol, Any, Decision], "GeneratorType[Any, Any, Any]"]
"""Begins a general's program: the protocol as he sees it, himself, and what he starts with."""


@dataclass(frozen=True)
class Individual:
    """A general that is taken by himself. general: his number or his stand-in. fault: his mode; None if he is loyal.
    starts: what he may start with; empty if he starts with nothing.
    """

    general: Any
    fault: Fault | None = None
    starts: Sequence[Decision] = ()


@dataclass(frozen=True)
class Setup:
    """What a world is made of.

    begin: begins a program. starts: what the members of the crowd may start with; (None,) for nothing. individuals:
    those taken by themselves. numbered: the generals that have numbers. lookups: of the individuals and the crowd.
    """

    family: Family
    begin: Begin
    starts: Sequence[Decision]
    individuals: Sequence[Individual]
    numbered: frozenset[int]
    lookups: Lookups


@dataclass(frozen=True)
class Returned:
    """What phases return. domains: what they may return, for each time that the program runs phases. alike: whether
    they return the same to all.
    """

    domains: Sequence[Sequence[Decision]]
    alike: bool

    def to(self, algebra: LinearAlgebra, name: str, place: int) -> Decision:
        """What the phases that run in this place return to the general, or the class, of this name."""
        whom = "all" if self.alike else name
        return choice(algebra, f"what phases (number {place}) return to {whom}", self.domains[place])


NOTHING = Returned((), True)
"""What phases return if nothing is known of them."""


@dataclass
class Class:
    """Members of the crowd that start alike and say the same.

    members: how many there are, in each part of the crowd. said: each message, with its word. carried: what they carry
    into phases, each time that they run phases; returned: what these return. computed: what holds if what they compute
    is what they say. demanded: what holds if there are members. counted: the sums that they count.
    """

    name: str
    fault: Fault | None
    start: Decision
    members: Sequence[Linear]
    said: Mapping[tuple[int, Label], tuple[Dispatch, str]]
    carried: Sequence[Decision]
    returned: Sequence[Decision]
    computed: Sequence[Formula]
    demanded: Sequence[Formula]
    natural: Sequence[Formula]
    counted: set[Atom]

    @property
    def number(self) -> Linear:
        """How many members there are."""
        return total(self.members)


class Computed(NamedTuple):
    """A formula that a program has computed.

    there: what holds where it is computed; in a class, that it has members in the first part of the crowd, and not yet
    what it says. parts: what holds there of the parts of the crowd, whatever programs do.
    """

    formula: Formula
    there: Sequence[Formula]
    parts: Sequence[Formula]


class Counted(NamedTuple):
    """The sums that somebody's code counts. name: whose. there, parts: as for what is computed."""

    name: str
    sums: set[Atom]
    there: Sequence[Formula]
    parts: Sequence[Formula]


@dataclass
class Heard:
    """What the loyal members of a part of the crowd say in a round under a label to one kind of receiver."""

    part: int
    round: int
    label: Label
    receiver: Any
    numbers: dict[tuple[Fault | None, str], Linear] = field(default_factory=dict)


class World:
    """One world. Creating it runs the programs; it raises Stopped at the limit.

    parts: in how many parts the crowd is listed; what a program computes must not depend on that. returned: what phases
    return; where that is not said, they return what is carried into them. values: what a tree may come to at a root, by
    name.

    constraints: formulas that hold in it. phases: the phases that programs run, each with the round in which they
    begin. trees: the trees that individuals grow. rules: those by which individuals resolve them. classes: those of the
    crowd. natural: what holds of the parts of the crowd whatever programs do: no number is negative. shape:
    what programs do that is no formula: to whom they send under which labels, which phases they run, how long they
    relay, in how many rounds they take part. rounds: these numbers of rounds, of all programs. asked: the
    sums that a condition counts, which is asked at the end.
    """

    def __init__(
        self,
        setup: Setup,
        limit: Limit,
        parts: int = 1,
        returned: Returned = NOTHING,
        values: Sequence[str] | None = None,
    ) -> None:
        self.setup = setup
        self.algebra = setup.family.algebra
        self.arithmetic = setup.family.arithmetic
        self.words = [word.name for word in setup.family.protocol.words]
        self.omits = setup.family.omits
        self.returned = returned
        self._limit = limit
        self.values = self.words if values is None else values
        self.crowd = [Crowd("the crowd", setup.numbered, setup.lookups) for _ in range(parts)]
        self.builtins = all_builtins()
        self.constraints: list[Formula] = []
        self._speaking: list[Formula] = []
        self.phases: list[tuple[int, Phases]] = []
        self.trees: list[Relaying] = []
        self.rules: list[Rule] = []
        self.shape: list[object] = []
        self.rounds: set[int] = set()
        self.asked: set[Atom] = set()
        self._resolved: dict[tuple[int, str], Order] = {}
        self._starting: dict[tuple[int, str], Linear] = {}
        self.classes: list[Class] = []
        self._heard: dict[tuple[int, int, Label, str], Heard] = {}
        others = setup.family.everyone - len(setup.individuals)
        self.sizes = self._parted(others, "everyone")
        self.liars = self._parted(unknown("byzantine generals"), "byzantine generals")
        self.natural = [self.arithmetic.at_least(one, 0) for one in self.liars]
        self.constraints += self.natural
        self.runs = {
            id(one.general): self._run_of(one) for one in setup.individuals if one.fault is not Fault.BYZANTINE
        }
        self._run_individuals()
        for fault in (None, Fault.OMISSION) if self.omits else (None,):
            for start in setup.starts:
                self._find_classes(fault, start, ())
        self._close()

    def _parted(self, whole: Linear, name: str) -> list[Linear]:
        """A number of members of the crowd, as a sum of those in each part.

        What adds up all parts is the same formula however many parts there are.
        """
        rest = [unknown(f"{name}, part {part}") for part in range(1, len(self.crowd))]
        return [whole - total(rest), *rest]

    def parted(self, name: str) -> list[Linear]:
        """An unknown number of members of the crowd, as a sum of those in each part."""
        return self._parted(unknown(name), name)

    def _run_of(self, one: Individual) -> GroupRun:
        title = title_of(one.general)
        start = choice(self.algebra, f"what {title} starts with", one.starts) if one.starts else None
        return GroupRun(self, one.general, title, start, one.fault, one.general)

    def _run_individuals(self) -> None:
        """Run the individuals in lockstep, since they hear each other."""
        runs = list(self.runs.values())
        for round in range(1, MOST_ROUNDS):
            self._limit.check()
            if all(run.ended for run in runs):
                for run in runs:
                    self._record(run)
                return
            while any(run.speak(round) for run in runs):
                self._pause(runs, round)
            for run in runs:
                run.hear(round)
        raise RuleBroken("has not decided after many rounds: does the loop end?")

    def _record(self, run: GroupRun) -> None:
        """Record what a program did that is no formula. Raises RuleBroken if it makes no sense."""
        run.demand_sense()
        self.shape.append(run.shape())
        self.rounds.add(run.rounds)

    def _pause(self, runs: Sequence[GroupRun], round: int) -> None:
        """Let the individuals run phases or relay along paths; they all must do the same."""
        if self.phases or self.trees:
            raise RuleBroken(
                "runs phases or relays along paths a second time; at all sizes a program may do one of these, once"
            )
        asking = [run for run in runs if not run.ended]
        asked = [run.asked for run in asking]
        if all(isinstance(one, Phases) for one in asked) and len(asking) == len(runs):
            self.phases.append((round, next(one for one in asked if isinstance(one, Phases))))
        elif all(isinstance(one, Relaying) for one in asked):
            self.trees += [one for one in asked if isinstance(one, Relaying)]
        else:
            raise RuleBroken("some generals run phases, or relay along paths, while others do not")
        for run in asking:
            run.proceed(round)

    def _find_classes(self, fault: Fault | None, start: Decision, words: tuple[str, ...]) -> None:
        """Add the classes of members with this fault and this start whose first words are these."""
        self._limit.step()
        if len(self.classes) > MOST_CLASSES:
            raise NotUnderstood(f"what generals say tells more than {MOST_CLASSES} classes of them apart")
        me = Member("a general", self.setup.numbered, self.setup.lookups)
        begins = "" if start is None else f", starting with {_spelled(start)}"
        name = f"{fault or 'loyal'}{begins}, saying {', '.join(map(repr, words)) or 'nothing'}"
        if any(one.name == name for one in self.classes):
            raise AssertionError(f"two classes of generals are called {name}")
        known = None if start is None else remade(start, self._as_constant)
        run = GroupRun(self, me, name, known, fault, self.crowd[0], words)
        for round in range(1, MOST_ROUNDS):
            self._limit.check()
            while run.speak(round):
                run.proceed(round)
            if run.options:
                for word in run.options:
                    self._find_classes(fault, start, (*words, word))
                return
            if run.ended:
                break
            run.hear(round)
        self._record(run)
        members = self.parted(f"members: {name}")
        natural = [self.arithmetic.at_least(one, 0) for one in members]
        self.natural += natural
        self.constraints += natural
        self.classes.append(
            Class(
                name,
                fault,
                start,
                members,
                run.said,
                run.carried,
                run.returned,
                run.computed,
                run.constraints,
                run.natural,
                run.counted,
            )
        )
        inside = self.arithmetic.at_least(total(members), 1)
        self.constraints.append(self.arithmetic.implies(inside, self.arithmetic.all_of(run.constraints)))
        self._speaking.append(self.arithmetic.implies(inside, self.arithmetic.all_of(run.computed)))

    def _as_constant(self, value: Order | Truth) -> Order | Truth:
        return (
            self.algebra.truth(self.algebra.formula(value))
            if isinstance(value, Truth)
            else self.algebra.constant(value)
        )

    def heard(self, part: int, round: int, label: Label, receiver: Any) -> Heard:
        """How many loyal members of a part of the crowd say each word to a receiver, as unknowns."""
        to = title_of(receiver)
        key = part, round, label, to
        if key not in self._heard:
            found = self._heard[key] = Heard(part, round, label, receiver)
            for fault in (None, Fault.OMISSION) if self.omits else (None,):
                for word in self.words:
                    name = f"{fault or 'loyal'}, saying {word!r} to {to} in round {round}{under(label)}"
                    number = found.numbers[fault, word] = self.parted(name)[part]
                    self.natural.append(self.arithmetic.at_least(number, 0))
        return self._heard[key]

    def _close(self) -> None:
        """State that the members of classes are all loyal members, and what they say."""
        arithmetic = self.arithmetic
        for heard in self._heard.values():
            for (fault, word), number in heard.numbers.items():
                saying = [
                    one.members[heard.part] for one in self.classes if one.fault == fault and _says(one, heard) == word
                ]
                self.constraints.append(arithmetic.equal(number, total(saying)))
        for (part, word), number in self._starting.items():
            starting = [one.members[part] for one in self.classes if one.start is not None and one.start.name == word]
            self.constraints.append(arithmetic.equal(number, total(starting)))
        for part, size in enumerate(self.sizes):
            members = total(one.members[part] for one in self.classes)
            self.constraints.append(arithmetic.equal(members + self.liars[part], size))
        self._unsaid = tuple(self.constraints)
        self.constraints += self._speaking

    def resolved(self, root: Any, name: str) -> Order:
        """What the general, or the class, of this name resolves a tree to at a root.

        If the root is loyal, that is what he starts with. Otherwise it is the same for all, if `returned` is.
        """
        whom = "all" if self.returned.alike else name
        if (id(root), whom) not in self._resolved:
            self._resolved[id(root), whom] = self._at_root(root, whom)
        return self._resolved[id(root), whom]

    def _at_root(self, root: Any, whom: str) -> Order:
        for one in self.setup.individuals:
            if one.general is root or (not is_member(root) and one.general == root):
                if one.fault is None:
                    found: Order = self.runs[id(one.general)].start
                    return found
                return self._one_of(f"what the tree of {title_of(one.general)} comes to for {whom}")
        for part, crowd in enumerate(self.crowd):
            if crowd is root:
                return self._of_crowd(part, whom)
        raise RuleBroken("resolves a tree at a path that is not one of its roots")

    def _one_of(self, name: str) -> Order:
        found: Order = choice(self.algebra, name, [*map(Order, self.values)])
        return found

    def _of_crowd(self, part: int, whom: str) -> Order:
        """The same for each member of a part of the crowd; those that are not loyal may come to anything."""
        counts: dict[str, Linear] = {}
        false: list[Linear] = []
        for word in self.values:
            number = self.parted(f"loyal members starting with {word!r}")[part]
            false.append(self.parted(f"traitors whose trees come to {word!r} for {whom}")[part])
            natural = self.arithmetic.at_least(false[-1], 0)
            self.constraints.append(natural)
            self.natural += [natural, self.arithmetic.at_least(number, 0)]
            self._starting[part, word] = number
            counts[word] = number + false[-1]
        whole = self.arithmetic.equal(total(false), self.liars[part])
        self.constraints.append(whole)
        self.natural.append(whole)
        return GroupOrder(self.algebra, Source(counts), {word: {word: TRUE} for word in counts})

    def computed(self) -> Iterator[Computed]:
        """All formulas that programs have computed: what they say, carry into phases and decide."""
        for one in self.classes:
            there, parts = self._in_class(one)
            carried = (formula for value in one.carried for formula in self._formulas(value))
            yield from (Computed(formula, there, parts) for formula in (*one.computed, *carried))
        for run in self.runs.values():
            for value in (*(sent.value for sent in run.sent.values()), *run.carried, run.decision):
                yield from map(self.of_individuals, self._formulas(value))

    def counted(self) -> Iterator[Counted]:
        """All sums that programs count."""
        yield from (Counted(one.name, one.counted, *self._in_class(one)) for one in self.classes)
        yield from (Counted(run.name, run.counted, self.constraints, self._parts) for run in self.runs.values())

    def _in_class(self, one: Class) -> tuple[Sequence[Formula], Sequence[Formula]]:
        """What holds where a class has members in the first part of the crowd, and of the parts of the crowd there."""
        there = (*self._unsaid, *one.demanded, self.arithmetic.at_least(one.members[0], 1))
        return there, (*self._parts, *one.natural)

    def of_individuals(self, formula: Formula) -> Computed:
        """A formula about individuals, with what holds of them."""
        return Computed(formula, self.constraints, self._parts)

    @property
    def _parts(self) -> Sequence[Formula]:
        """What holds of the parts of the crowd, and of what individuals hear from them, whatever programs do."""
        return [*self.natural, *(one for run in self.runs.values() for one in run.natural)]

    def _formulas(self, value: Decision) -> list[Formula]:
        """The formulas in something that a program has computed; in a dictionary, by the titles of its keys."""
        if isinstance(value, dict):
            parts = {title_of(general): self._formulas(part) for general, part in value.items()}
            return [formula for title in sorted(parts) for formula in parts[title]]
        if isinstance(value, tuple):
            return [formula for part in value for formula in self._formulas(part)]
        if isinstance(value, Order | Truth):
            return [*self.algebra.formulas(value)]
        return [formula for _, leaf in leaves(value) for formula in self.algebra.formulas(leaf)]

    def number(self, fault: Fault | None) -> Linear:
        """How many generals have this fault."""
        alone = sum(one.fault == fault for one in self.setup.individuals)
        if fault is Fault.BYZANTINE:
            return total(self.liars) + alone
        return total(one.number for one in self.classes if one.fault == fault) + alone


def _says(one: Class, heard: Heard) -> str:
    """What members of a class say in a round under a label to a receiver."""
    said = one.said.get((heard.round, heard.label))
    return said[1] if said is not None and said[0].reaches(heard.receiver) else ABSENT.name


MOST_ROUNDS = 1000
"""A program that has not decided after so many rounds is assumed to run for ever."""

MOST_CLASSES = 5000
"""Formulas of more classes are too large for solvers."""


def _spelled(start: Decision) -> str:
    """The parts of a start. Different starts are spelled differently: a name that is no single word is in quotes."""
    words = (leaf.name if isinstance(leaf, Order) else repr(leaf) for _, leaf in leaves(start))
    return " ".join(word if word.isidentifier() else repr(word) for word in words)
