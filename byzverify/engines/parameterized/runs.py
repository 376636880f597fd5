"""One general's program in a world, and what reaches him.

This module knows programs and what they say. It does not know how many generals say the same.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from operator import is_
from typing import TYPE_CHECKING, Any

from byzverify.engines.parameterized.choices import choice
from byzverify.engines.parameterized.groups import Bits, GroupOrder, Source
from byzverify.engines.parameterized.instances import stored_in
from byzverify.engines.parameterized.lengths import lengths_of_groups
from byzverify.engines.parameterized.members import is_member, title_of
from byzverify.engines.parameterized.sizes import linear
from byzverify.errors import RuleBroken
from byzverify.language.decisions import Decision
from byzverify.language.faults import Fault
from byzverify.language.gathering import Path, Relaying, Rule, Tree
from byzverify.language.labels import Label, Special, spelled
from byzverify.language.messages import Dispatch, Inbox
from byzverify.language.phases import Phases
from byzverify.language.records import Record
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order, Truth
from byzverify.logic.linear import FALSE, TRUE, Atom, Formula, Linear, total

if TYPE_CHECKING:
    from byzverify.engines.parameterized.worlds import Heard, Individual, World


class GroupRun:
    """One general's program in a world, an individual's or that of a member of a class.

    words: what a member of a class says, message by message. What the program computes must be that (`computed`); where
    there are not enough words, `options` are those that the next may be. constraints: what holds of a class that has
    members. natural: what holds of what is heard from parts of the crowd, whatever programs do. kind: what others
    address when they address this general. counted: the sums that the program counts. rounds: how many rounds he takes
    part in before he decides.
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
        self.protocol = setup.family.seen_by(listed)
        self.said: dict[tuple[int, Label], tuple[Dispatch, str]] = {}
        self.sent: dict[tuple[int, Label], Dispatch] = {}
        self.carried: list[Decision] = []
        self.returned: list[Decision] = []
        self.constraints: list[Formula] = []
        self.natural: list[Formula] = []
        self.computed: list[Formula] = []
        self.options: list[str] = []
        self._words = words
        self._next = 0
        self._read: dict[tuple[int, int, Label], Order] = {}
        self._spoke = 0
        self.rounds = 0
        self.counted: set[Atom] = set()
        self.tree: Tree | None = None
        self._did: list[object] = []
        self.start = start
        self._held = stored_in(self.protocol)
        with self._lengths():
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
        with self._lengths():
            sent = self.seat.dispatches()
        try:
            for dispatch in sent:
                self._send(round, dispatch)
        except RuleBroken as error:
            raise self.seat.blamed(error) from error
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
        self._demand_alike(dispatch)
        self.sent[round, label] = dispatch

    def _demand_alike(self, dispatch: Dispatch) -> None:
        """Raise RuleBroken if an order is sent to some members of the crowd and not to others."""
        crowd: list[Any] = self.world.crowd
        if len({dispatch.reaches(part) for part in crowd}) > 1:
            raise RuleBroken("sends to some generals of a group and not to others; leave generals out one by one")

    def shape(self) -> object:
        """What the general does that is no formula: to whom he sends under which labels, which phases he runs, how long
        he relays, in how many rounds he takes part.
        """
        receivers = [*(one.general for one in self.world.setup.individuals), self.world.crowd[0], self.me]
        sent = [
            (round, label, [title_of(one) for one in receivers if dispatch.reaches(one)])
            for (round, label), dispatch in self.sent.items()
        ]
        return self.name, sent, self._did, self.rounds

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
        self._demand_same(asked, self.world.phases[place][1])
        self._did.append((round, getattr(asked.phase, "__func__", None), linear(asked.number)))
        self.carried.append(asked.carried)
        returned = self.world.returned
        known = place < len(returned.domains)
        self.returned.append(returned.to(self.world.algebra, self.name, place) if known else asked.carried)
        with self._lengths():
            self.seat.answer(self.returned[-1])

    def _demand_same(self, asked: Phases, others: Phases) -> None:
        """Raise RuleBroken unless this general runs the same phases as another, a method of the protocol."""
        of_all = getattr(asked.phase, "__func__", None), linear(asked.number)
        of_others = getattr(others.phase, "__func__", None), linear(others.number)
        own = getattr(asked.phase, "__self__", None) is self.protocol and asked.me is self.me
        if of_all != of_others or not own:
            raise RuleBroken(
                "runs phases in a way that is not understood; write self.phases(number, self.phase, me, order)"
            )

    def _relay(self, asked: Relaying, round: int) -> None:
        demand_standard(self, asked.tree, round)
        if not self.world.trees or growth(asked) != growth(self.world.trees[0]):
            raise RuleBroken("grows another tree than others do")
        self._did.append((round, growth(asked)))
        self.tree = asked.tree
        asked.tree.grow(DeepInbox(self))
        lookups = self.world.setup.lookups
        lookups.number = 0
        with self._lengths():
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
        found: Order = self.start if path[0] is self.me else self.world.resolved(path[0], self.name)
        return found

    def demand_sense(self) -> None:
        """Raise RuleBroken if the general has kept something in his protocol, or decides what he cannot."""
        held = stored_in(self.protocol)
        if held.keys() != self._held.keys() or any(held[name] is not self._held[name] for name in held):
            raise RuleBroken("keeps something in self, which another phase could find; keep it in a variable")
        try:
            self._demand_decision(self.decision)
        except RuleBroken as error:
            raise self.seat.blamed(error) from error

    def _demand_decision(self, decision: Decision) -> None:
        """Raise RuleBroken for an order that does not exist, and for what each of a group says."""
        if isinstance(decision, tuple):
            for part in decision:
                self._demand_decision(part)
        elif isinstance(decision, Order):
            self._known_words(decision, "decides")
        elif isinstance(decision, Truth):
            self.world.algebra.formula(decision)

    def _known_words(self, order: Order, does: str) -> Bits:
        """The words that an order may be. Raises RuleBroken if messages cannot say one of them."""
        bits = self.world.algebra.bits(order)
        if foreign := bits.keys() - {ABSENT.name, *self.world.words}:
            raise RuleBroken(f"{does} {', '.join(sorted(foreign))}, which is no order of the protocol and no mark")
        return bits

    def hear(self, round: int) -> None:
        """Hand the general his inbox."""
        if not self.ended:
            self.rounds += 1
            with self._lengths():
                self.seat.advance(GroupInbox(self, round))

    def _lengths(self) -> AbstractContextManager[None]:
        """While the general's program runs, `len` counts the members of groups."""
        sizes = {id(crowd): size for crowd, size in zip(self.world.crowd, self.world.sizes, strict=True)}
        own = 0 if self._words is None else 1  # a member of a class is not in the crowd that he sees

        def size_of(general: Any) -> Linear | None:
            size = sizes.get(id(general))
            return size - own if size is not None and general is self.world.crowd[0] else size

        return lengths_of_groups(self.world.algebra, size_of, self.world.builtins, self.counted)

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
        place = f"from {title_of(one.general)} to {self.name} in round {round}{under(label)}"
        if one.fault is Fault.BYZANTINE:
            said: Order = choice(world.algebra, f"word {place}", [*map(Order, world.words), ABSENT])
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
        place = f"to {self.name} in round {round}{under(label)}"
        counts: dict[str, Linear] = {}
        lies: list[Linear] = []
        for word in world.words:
            lies.append(self._natural(world.parted(f"lies {word!r} {place}")[part]))
            others = heard.numbers[None, word] - (own == (None, word))
            self.natural.append(arithmetic.at_least(others, 0))
            number = others + lies[-1]
            if world.omits:
                sent = heard.numbers[Fault.OMISSION, word] - (own == (Fault.OMISSION, word))
                arrived = self._natural(world.parted(f"arrived {word!r} {place}")[part])
                self._demand(arithmetic.at_least(sent, arrived))
                number += arrived
            counts[word] = number
        self._demand(arithmetic.at_least(world.liars[part], total(lies)))
        counts[ABSENT.name] = world.sizes[part] - (own is not None) - total(counts.values())
        self.natural.append(arithmetic.at_least(counts[ABSENT.name], 0))
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
        self.natural.append(formula)
        (self.world.constraints if self._words is None else self.constraints).append(formula)


def growth(asked: Relaying) -> tuple[bool, str, Linear]:
    """What is the same of all trees that generals grow."""
    return asked.tree.closed, asked.tree.missing.name, linear(asked.rounds)


def demand_standard(run: GroupRun, tree: Tree, round: int) -> None:
    """Raise RuleBroken unless a tree is one for which the induction over paths holds (`trees.py`).

    An open tree has the commander as its only root; its first level is what he sends in the first round under the path
    (0,) to everyone. In a closed tree everyone is a root, and tells what he starts with. Nothing else is sent.
    """
    protocol, world = run.protocol, run.world
    replaced = any(callable(getattr(Tree, name, None)) for name in vars(tree))
    plain = type(tree) is Tree and not replaced and not tree.bundled and tree.me is run.me and tree.protocol is protocol
    if not plain or type(tree.missing) is not Order or run.sent or world.omits:
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
    if commander.fault is Fault.BYZANTINE:
        return True
    run = world.runs[id(commander.general)]
    sent = run.sent.get((1, (commander.general,)))
    others = [one.general for one in world.setup.individuals if one is not commander] + [*world.crowd]
    return len(run.sent) == 1 and sent is not None and sent.value is run.start and all(map(sent.reaches, others))


class DeepInbox(Inbox):
    """What reaches one general along paths in rounds of which it is not known how many there are."""

    def __init__(self, run: GroupRun) -> None:
        self._run = run

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        raise RuleBroken(
            "reads what came along a path in a tree whose depth is not known; resolve the tree at its roots"
        )

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        return self._run.resolved(tree, rule, path)


class GroupInbox(Inbox):
    """What reaches one general in one round."""

    def __init__(self, run: GroupRun, round: int) -> None:
        self._run = run
        self._round = round

    def is_of(self, run: GroupRun, round: int) -> bool:
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


def under(label: Label) -> str:
    return "" if label == () else f" under {label!r}"
