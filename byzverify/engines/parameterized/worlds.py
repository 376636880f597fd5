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
from functools import partial
from operator import is_
from types import GeneratorType
from typing import Any

from byzverify.engines.parameterized.groups import GroupOrder, LinearAlgebra, Source
from byzverify.engines.parameterized.members import Crowd, Lookups, Member, is_member, title_of
from byzverify.engines.parameterized.sizes import linear
from byzverify.errors import RuleBroken
from byzverify.language.decisions import Decision, leaves, remade
from byzverify.language.faults import Fault
from byzverify.language.gathering import Path, Relaying, Rule, Tree
from byzverify.language.labels import Label, Special, spelled
from byzverify.language.messages import Dispatch, Inbox
from byzverify.language.phases import Phases
from byzverify.language.protocol import Protocol
from byzverify.language.records import Record
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order, Truth
from byzverify.limits import Limit
from byzverify.logic.linear import FALSE, TRUE, Formula, Linear, total, unknown

ONE = Linear((), 1)

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

    seen_by: the protocol as a general sees it who lists the generals in this sequence. begin: begins a program. words:
    the names of all that a message can say. everyone: how many generals there are. liars: how many are byzantine.
    omitters: how many have omission faults; None if none has. starts: what the members of the crowd may start with;
    (None,) for nothing. individuals: those taken by themselves.
    """

    algebra: LinearAlgebra
    seen_by: Callable[[Sequence[Any]], Protocol]
    begin: Begin
    words: Sequence[str]
    everyone: Linear
    starts: Sequence[Decision]
    individuals: Sequence[Individual]
    numbered: frozenset[int]
    lookups: Lookups
    omits: bool


@dataclass
class Class:
    """Members of the crowd that start alike and say the same.

    members: how many there are, in each part of the crowd. said: each message, with its word. carried: what they carry
    into phases, each time that they run phases. computed: formulas that hold if they say this. demanded: formulas that
    hold if there are members.
    """

    name: str
    fault: Fault | None
    start: Decision
    members: Sequence[Linear]
    said: Mapping[tuple[int, Label], tuple[Dispatch, str]]
    carried: Sequence[Decision]
    computed: Sequence[Formula]
    demanded: Sequence[Formula]

    @property
    def number(self) -> Linear:
        """How many members there are."""
        return total(self.members)


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

    parts: in how many parts the crowd is listed; what a program computes must not depend on that. agreed: what the
    phases of a program return, for each time that it runs phases. values: what a tree may come to at a root, by name.

    constraints: formulas that hold in it. phases: the phases that programs run, each with the round in which they
    begin. trees: the trees that individuals grow. rules: those by which individuals resolve them. classes: those of the
    crowd.
    """

    def __init__(
        self,
        setup: Setup,
        limit: Limit,
        parts: int = 1,
        agreed: Sequence[Decision] = (),
        values: Sequence[str] | None = None,
    ) -> None:
        if any(" " in word or "," in word for word in setup.words):
            raise RuleBroken("has marks with spaces or commas in their names, which cannot be told apart in a list")
        self.setup = setup
        self.algebra = setup.algebra
        self.arithmetic = setup.algebra.arithmetic
        self.agreed = agreed
        self._limit = limit
        self.values = setup.words if values is None else values
        self.crowd = [Crowd("the crowd", setup.numbered, setup.lookups) for _ in range(parts)]
        self.constraints: list[Formula] = []
        self._speaking: list[Formula] = []
        self.phases: list[tuple[int, Phases]] = []
        self.trees: list[Relaying] = []
        self.rules: list[Rule] = []
        self._resolved: dict[int, Order] = {}
        self._starting: dict[tuple[int, str], Linear] = {}
        self.classes: list[Class] = []
        self._heard: dict[tuple[int, int, Label, str], Heard] = {}
        others = setup.everyone - len(setup.individuals)
        self.sizes = self._parted(others, "everyone")
        self.liars = self.parted("byzantine members of the crowd")
        self.constraints += [self.arithmetic.at_least(one, 0) for one in self.liars]
        self.runs = {id(one.general): self._run_of(one) for one in setup.individuals if one.fault not in LYING}
        self._run_individuals()
        for fault in (None, Fault.OMISSION) if setup.omits else (None,):
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

    def _run_of(self, one: Individual) -> Run:
        title = title_of(one.general)
        start = choice(self.algebra, f"what {title} starts with", one.starts) if one.starts else None
        return Run(self, one.general, title, start, one.fault, one.general)

    def _run_individuals(self) -> None:
        """Run the individuals in lockstep, since they hear each other."""
        runs = list(self.runs.values())
        for round in range(1, MOST_ROUNDS):
            if all(run.ended for run in runs):
                for run in runs:
                    run.demand_sense()
                return
            while any(run.speak(round) for run in runs):
                self._pause(runs, round)
            for run in runs:
                run.hear(round)
        raise RuleBroken("has not decided after many rounds: does the loop end?")

    def _pause(self, runs: Sequence[Run], round: int) -> None:
        """Let the individuals run phases or relay along paths; they all must do the same."""
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
        me = Member("a general", self.setup.numbered, self.setup.lookups)
        name = ", ".join([fault or "loyal", *([] if start is None else [_spelled(start)]), *words])
        known = None if start is None else remade(start, self._as_constant)
        run = Run(self, me, name, known, fault, self.crowd[0], words)
        for round in range(1, MOST_ROUNDS):
            while run.speak(round):
                run.proceed(round)
            if run.options:
                for word in run.options:
                    self._find_classes(fault, start, (*words, word))
                return
            if run.ended:
                break
            run.hear(round)
        run.demand_sense()
        members = self.parted(f"members: {name}")
        self.constraints += [self.arithmetic.at_least(one, 0) for one in members]
        self.classes.append(Class(name, fault, start, members, run.said, run.carried, run.computed, run.constraints))
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
            for fault in (None, Fault.OMISSION) if self.setup.omits else (None,):
                for word in self.setup.words:
                    name = f"{fault or 'loyal'} {word} to {to} in round {round}{_under(label)}"
                    found.numbers[fault, word] = self.parted(name)[part]
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
        self._apart = tuple(self.constraints)
        self.constraints += self._speaking

    def resolved(self, root: Any) -> Order:
        """What all loyal generals resolve a tree to at a root: if the root is loyal, what he starts with."""
        if id(root) not in self._resolved:
            self._resolved[id(root)] = self._at_root(root)
        return self._resolved[id(root)]

    def _at_root(self, root: Any) -> Order:
        for one in self.setup.individuals:
            if one.general is root or (not is_member(root) and one.general == root):
                if one.fault is None:
                    found: Order = self.runs[id(one.general)].start
                    return found
                return self._one_of(f"what the tree of {title_of(one.general)} comes to")
        for part, crowd in enumerate(self.crowd):
            if crowd is root:
                return self._of_crowd(part)
        raise RuleBroken("resolves a tree at a path that is not one of its roots")

    def _one_of(self, name: str) -> Order:
        found: Order = choice(self.algebra, name, [*map(Order, self.values)])
        return found

    def _of_crowd(self, part: int) -> Order:
        """The same for each member of a part of the crowd; those that are not loyal may come to anything."""
        counts: dict[str, Linear] = {}
        false: list[Linear] = []
        for word in self.values:
            number = self.parted(f"loyal members that start with {word}")[part]
            false.append(self.parted(f"traitors whose trees come to {word}")[part])
            self.constraints.append(self.arithmetic.at_least(false[-1], 0))
            self._starting[part, word] = number
            counts[word] = number + false[-1]
        self.constraints.append(self.arithmetic.equal(total(false), self.liars[part]))
        return GroupOrder(self.algebra, Source(counts), {word: {word: TRUE} for word in counts})

    def computed(self) -> Iterator[tuple[Sequence[Formula], Formula]]:
        """All formulas that programs have computed: what they say, carry into phases and decide. Each comes with what
        holds where it is computed: of a class, that it has members in the first part, and not yet what they say.
        """
        for one in self.classes:
            there = (*self._apart, *one.demanded, self.arithmetic.at_least(one.members[0], 1))
            carried = (formula for value in one.carried for formula in self._formulas(value))
            yield from ((there, formula) for formula in (*one.computed, *carried))
        for run in self.runs.values():
            for value in (*(sent.value for sent in run.sent.values()), *run.carried, run.decision):
                yield from ((self.constraints, formula) for formula in self._formulas(value))

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
        if fault in LYING:
            return total(self.liars) + alone
        return total(one.number for one in self.classes if one.fault == fault) + alone


def alike(one: Phases, other: Phases) -> bool:
    """Whether two generals want to run the same phases."""
    methods = (getattr(asked.phase, "__func__", asked.phase) for asked in (one, other))
    return next(methods) is next(methods) and linear(one.number) == linear(other.number)


def choice(algebra: LinearAlgebra, name: str, options: Sequence[Decision]) -> Decision:
    """One of several decisions of the same shape; which one is not known."""
    arithmetic = algebra.arithmetic
    earlier: list[Formula] = []
    picked: list[Formula] = []
    for place in range(len(options)):
        this = arithmetic.truth(f"{name}: choice {place}") if place < len(options) - 1 else TRUE
        picked.append(arithmetic.all_of([this, *earlier]))
        earlier.append(-this)
    parts = [[leaf for _, leaf in leaves(option)] for option in options]
    chosen = iter([_mixture(algebra, picked, column) for column in zip(*parts, strict=True)])
    return remade(options[0], lambda leaf: next(chosen))


def _mixture(algebra: LinearAlgebra, picked: Sequence[Formula], column: Sequence[Any]) -> Order | Truth:
    """The order or truth that is that of the option which is picked."""
    paired = list(zip(picked, column, strict=True))
    if isinstance(column[0], Truth):
        return algebra.truth(algebra.arithmetic.any_of(one for one, leaf in paired if algebra.formula(leaf) == TRUE))
    named: dict[str, list[Formula]] = {}
    for one, leaf in paired:
        named.setdefault(leaf.name, []).append(one)
    return algebra.order({name: algebra.arithmetic.any_of(ones) for name, ones in named.items()})


def _says(one: Class, heard: Heard) -> str:
    """What members of a class say in a round under a label to a receiver."""
    said = one.said.get((heard.round, heard.label))
    return said[1] if said is not None and said[0].reaches(heard.receiver) else ABSENT.name


LYING = (Fault.BYZANTINE,)

MOST_ROUNDS = 1000


class Run:
    """One general's program in a world, an individual's or that of a member of a class.

    words: what a member of a class says, message by message. What the program computes must be that (`computed`); where
    there are not enough words, `options` are those that the next may be. constraints: what holds of a class that has
    members. kind: what others address when they address this general.
    """

    def __init__(
        self,
        world: World,
        me: Any,
        name: str,
        start: Decision,
        fault: Fault | None,
        kind: Any,
        words: tuple[str, ...] | None = None,
    ) -> None:
        setup = world.setup
        listed = [one.general for one in setup.individuals if one.general is not me]
        listed = (
            [me, *listed, *world.crowd] if len(world.crowd) == 1 else [*reversed(world.crowd), *reversed(listed), me]
        )
        self.world = world
        self.me = me
        self.name = name
        self.fault = fault
        self.kind = kind
        self.protocol = setup.seen_by(listed)
        self.said: dict[tuple[int, Label], tuple[Dispatch, str]] = {}
        self.sent: dict[tuple[int, Label], Dispatch] = {}
        self.carried: list[Decision] = []
        self.constraints: list[Formula] = []
        self.computed: list[Formula] = []
        self.options: list[str] = []
        self._words = words
        self._next = 0
        self._read: dict[tuple[int, int, Label], Order] = {}
        self._spoke = 0
        self.tree: Tree | None = None
        self.start = start
        self._held = dict(vars(self.protocol))
        self.seat = Seat(self.protocol, me, None, title_of(me), setup.begin(self.protocol, me, start))

    @property
    def ended(self) -> bool:
        """Whether the general has decided."""
        return self.seat.decision is not None

    @property
    def decision(self) -> Decision:
        """What the general decided."""
        return self.seat.decision

    @property
    def asked(self) -> Phases | Relaying | None:
        """The phases that the general wants to run now, or the rounds of relaying, if he does."""
        yielded = self.seat.yielded
        return yielded if isinstance(yielded, Phases | Relaying) else None

    def speak(self, round: int) -> bool:
        """Take what the general sends in this round. Whether he wants to run phases or relay first."""
        if self.ended or self._spoke == round:
            return False
        if self.asked is not None:
            return True
        self._spoke = round
        if self.tree is not None:
            raise RuleBroken("does not decide at once after it has relayed along paths")
        for dispatch in self.seat.dispatches():
            self._send(round, dispatch)
        return False

    def _send(self, round: int, dispatch: Dispatch) -> None:
        if isinstance(dispatch.value, Record) or issubclass(type(dispatch.label), Special):
            raise RuleBroken(
                "sends signed orders or messages of several fields, which are not understood for all sizes"
            )
        label = dispatch.label
        if (round, label) in self.sent:
            raise RuleBroken(f"sends two orders under the label {spelled(label)} in one round")
        bits = self._known_words(dispatch.value, "sends")
        if self._words is not None:
            if self._next == len(self._words):
                self.options = self.options or sorted(bits)
                return
            word = self._words[self._next]
            self._next += 1
            self.computed.append(bits.get(word, FALSE))
            self.said[round, label] = dispatch, word
            dispatch = Dispatch(self.world.algebra.order({word: TRUE}), label, dispatch.to, dispatch.without)
        self.sent[round, label] = dispatch

    def proceed(self, round: int) -> None:
        """Hand the general what his phases return, or what he hears along paths."""
        asked = self.asked
        if isinstance(asked, Relaying):
            self._relay(asked, round)
        elif asked is not None:
            self._run_phases(asked, round)

    def _run_phases(self, asked: Phases, round: int) -> None:
        place = len(self.carried)
        if place >= len(self.world.phases) or self.world.phases[place][0] != round:
            raise RuleBroken("some generals run phases while others do not")
        if getattr(asked.phase, "__self__", None) is not self.protocol:
            raise RuleBroken("runs phases of another protocol; write self.phases(number, self.phase, me, order)")
        if not alike(asked, self.world.phases[place][1]):
            raise RuleBroken("runs other phases than other generals, or not as many")
        self.carried.append(asked.carried)
        self.seat.answer(self.world.agreed[place] if place < len(self.world.agreed) else asked.carried)

    def _relay(self, asked: Relaying, round: int) -> None:
        demand_standard(self, asked.tree, round)
        self.tree = asked.tree
        asked.tree.grow(DeepInbox(self))
        lookups = self.world.setup.lookups
        lookups.number = 0
        self.seat.answer(None)
        keys = len(self.decision) if isinstance(self.decision, dict) else 0
        if lookups.number != keys:
            raise RuleBroken("looks generals up in a dictionary or a set; compare them with ==")
        lookups.number = None

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        """What the general resolves his tree to at a root."""
        if tree is not self.tree or len(path) != 1:
            raise RuleBroken("resolves a tree elsewhere than at its roots, at a depth that is not known")
        if self._words is None:
            self.world.rules.append(rule)
        found: Order = self.start if path[0] is self.me else self.world.resolved(path[0])
        return found

    def demand_sense(self) -> None:
        """Raise RuleBroken if the general has kept something in his protocol, or decides what he cannot."""
        held = {name: value for name, value in vars(self.protocol).items() if name != "problem"}
        if held.keys() != self._held.keys() - {"problem"} or any(held[name] is not self._held[name] for name in held):
            raise RuleBroken("keeps something in self, which another phase could find; keep it in a variable")
        self._demand_decision(self.decision)

    def _demand_decision(self, decision: Decision) -> None:
        """Raise RuleBroken for an order that does not exist, and for what each of a group says."""
        if isinstance(decision, tuple):
            for part in decision:
                self._demand_decision(part)
        elif isinstance(decision, Order):
            self._known_words(decision, "decides")
        elif isinstance(decision, Truth):
            self.world.algebra.formula(decision)

    def _known_words(self, order: Order, what: str) -> Mapping[str, Formula]:
        """The words that an order may be. Raises RuleBroken if messages cannot say one of them."""
        bits = self.world.algebra.bits(order)
        if foreign := bits.keys() - {ABSENT.name, *self.world.setup.words}:
            raise RuleBroken(f"{what} {', '.join(sorted(foreign))}, which is no order of the protocol and no mark")
        return bits

    def hear(self, round: int) -> None:
        """Hand the general his inbox."""
        if not self.ended:
            self.seat.advance(GroupInbox(self, round))

    def to(self, round: int, label: Label, receiver: Any) -> Order:
        """What this general says to a receiver."""
        sent = self.sent.get((round, label))
        return sent.value if sent is not None and sent.reaches(receiver) else ABSENT

    def read(self, round: int, sender: Any, label: Label) -> Order:
        """What this general hears from a sender under a label."""
        key = round, id(sender), label
        if key not in self._read:
            self._read[key] = self._heard(round, sender, label)
        return self._read[key]

    def _heard(self, round: int, sender: Any, label: Label) -> Order:
        world = self.world
        if sender is self.me:
            return self.to(round, label, self.me)
        for one in world.setup.individuals:
            if one.general is sender or (not is_member(sender) and one.general == sender):
                return self._from(one, round, label)
        for part, crowd in enumerate(world.crowd):
            if crowd is sender:
                return self._from_crowd(part, round, label)
        raise RuleBroken("reads from a general by number; take him from self.generals")

    def _from(self, one: Individual, round: int, label: Label) -> Order:
        """What an individual says: his program's word, unless a fault is in the way."""
        world = self.world
        place = f"from {title_of(one.general)} to {self.name} in round {round}{_under(label)}"
        if one.fault in LYING:
            said: Order = choice(world.algebra, f"word {place}", [*map(Order, world.setup.words), ABSENT])
            return said
        told = world.runs[id(one.general)].to(round, label, self.kind)
        if one.fault is None or told is ABSENT:
            return told
        arrives = world.algebra.truth(world.arithmetic.truth(f"the word {place} arrives"))
        return world.algebra.choose(arrives, told, ABSENT)

    def _from_crowd(self, part: int, round: int, label: Label) -> Order:
        """What a part of the crowd says, without this general himself."""
        world, arithmetic = self.world, self.world.arithmetic
        heard = world.heard(part, round, label, self.kind)
        own = self._own_word(part, heard)
        place = f"to {self.name} in round {round}{_under(label)}"
        counts: dict[str, Linear] = {}
        lies: list[Linear] = []
        for word in world.setup.words:
            lies.append(self._natural(world.parted(f"lies {word} {place}")[part]))
            number = heard.numbers[None, word] - (own == (None, word)) + lies[-1]
            if world.setup.omits:
                sent = heard.numbers[Fault.OMISSION, word] - (own == (Fault.OMISSION, word))
                arrived = self._natural(world.parted(f"arrived {word} {place}")[part])
                self._demand(arithmetic.at_least(sent, arrived))
                number += arrived
            counts[word] = number
        self._demand(arithmetic.at_least(world.liars[part], total(lies)))
        counts[ABSENT.name] = world.sizes[part] - (own is not None) - total(counts.values())
        algebra = world.algebra
        return GroupOrder(algebra, Source(counts), {word: {word: TRUE} for word in counts})

    def _own_word(self, part: int, heard: Heard) -> tuple[Fault | None, str] | None:
        """What this general himself says as a member of this part of the crowd; None if he is no member."""
        if self._words is None or part != 0:
            return None
        said = self.said.get((heard.round, heard.label))
        return self.fault, said[1] if said is not None and said[0].reaches(heard.receiver) else ABSENT.name

    def _natural(self, number: Linear) -> Linear:
        self._demand(self.world.arithmetic.at_least(number, 0))
        return number

    def _demand(self, formula: Formula) -> None:
        """What is demanded of a class holds if it has members."""
        (self.world.constraints if self._words is None else self.constraints).append(formula)


def demand_standard(run: Run, tree: Tree, round: int) -> None:
    """Raise RuleBroken unless a tree is one for which the induction over paths holds (`trees.py`).

    An open tree has the commander as its only root; its first level is what he sends in the first round under the path
    (0,) to everyone. In a closed tree everyone is a root, and tells what he starts with. Nothing else is sent.
    """
    protocol, world = run.protocol, run.world
    plain = type(tree) is Tree and not tree.bundled and tree.me is run.me and tree.protocol is protocol
    if not plain or type(tree.missing) is not Order or run.sent or world.setup.omits:
        raise RuleBroken(
            "grows a tree that is not understood for all sizes: a Tree of one's own, and nothing else is sent"
        )
    commander = next((one for one in world.setup.individuals if not is_member(one.general)), None)
    if tree.closed:
        everyone = len(tree.roots) == len(protocol.generals) and all(map(is_, tree.roots, protocol.generals))
        standard = commander is None and everyone and tree.own is run.start and not tree.levels and round == 1
    else:
        first = tree.levels[0] if len(tree.levels) == 1 else None
        heard = isinstance(first, GroupInbox) and first.is_of(run, 1) and round == 2
        led = commander is not None and tree.roots == (commander.general,) and tree.own is None
        standard = heard and led and commander is not None and _speaks_first(world, commander)
    if not standard:
        raise RuleBroken(
            "grows a tree that is not understood for all sizes: an open one has the commander's order as its root, a "
            "closed one everyone's own"
        )


def _speaks_first(world: World, commander: Individual) -> bool:
    """Whether a commander who runs the program sends his order to everyone, and nothing else."""
    if commander.fault in LYING:
        return True
    run = world.runs[id(commander.general)]
    sent = run.sent.get((1, (commander.general,)))
    others = [one.general for one in world.setup.individuals if one is not commander] + [*world.crowd]
    return len(run.sent) == 1 and sent is not None and sent.value is run.start and all(map(sent.reaches, others))


class DeepInbox(Inbox):
    """What reaches one general along paths in rounds of which it is not known how many there are."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        raise RuleBroken(
            "reads what came along a path in a tree whose depth is not known; resolve the tree at its roots"
        )

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        return self._run.resolved(tree, rule, path)


class GroupInbox(Inbox):
    """What reaches one general in one round."""

    def __init__(self, run: Run, round: int) -> None:
        self._run = run
        self._round = round

    def is_of(self, run: Run, round: int) -> bool:
        """Whether this is what reached a general in a round."""
        return self._run is run and self._round == round

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        if issubclass(type(label), Special):
            raise RuleBroken(
                "reads signed orders or messages of several fields, which are not understood for all sizes"
            )
        order = self._run.read(self._round, sender, label)
        algebra = self._run.world.algebra
        return algebra.choose(algebra.equal(order, ABSENT), default, order)


def _under(label: Label) -> str:
    return "" if label == () else f" under {label!r}"  # 1 and "1" are spelled alike


def _spelled(start: Decision) -> str:
    return " ".join(repr(leaf) for _, leaf in leaves(start))


def protocol_with(kind: type[Protocol], parameters: Mapping[str, Any], listed: Sequence[Any] | None) -> Protocol:
    """An instance whose parameters may be sizes that are not known, as a general sees it who lists the generals so.

    listed: None for an instance that lists no generals.
    """
    made = object.__new__(kind)
    made.__dict__.update(parameters, _copy=object())
    if listed is not None:
        made.__dict__["_listed"] = tuple(listed)
        made.__dict__["others"] = partial(_others, tuple(listed))
    made.__dict__["fresh"] = lambda: protocol_with(kind, parameters, listed)
    return made


def _others(listed: Sequence[Any], *named: Any) -> list[Any]:
    return [one for one in listed if not any(one is other or one == other for other in named)]


def members_of(world: World, fault: Fault | None) -> Iterator[Class]:
    """The classes with this fault."""
    return (one for one in world.classes if one.fault == fault)
