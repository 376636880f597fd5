"""Counting protocols as data: a small tree, the protocol that runs any of them, and a strategy that draws them.

A program has one to three rounds. In each, generals say what they compute from what they have heard so far, and they
treat each other alike, but for the commander. A tree's `repr` is Python that makes it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from byzverify.language import (
    ABSENT,
    AGREEMENT,
    ATTACK,
    COMMANDER,
    IC1,
    RETREAT,
    Condition,
    Count,
    Decision,
    Dispatch,
    General,
    Inbox,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
    majority,
    plurality,
    send,
)

MARK = Order("MARK")

NAMED = {"RETREAT": RETREAT, "ATTACK": ATTACK, "MARK": MARK, "ABSENT": ABSENT}

# The tree.


@dataclass(frozen=True)
class Word:
    """An order by its name."""

    name: str


@dataclass(frozen=True)
class Own:
    """What a general starts with; RETREAT if nothing."""


@dataclass(frozen=True)
class Heard:
    """What came from the commander, or from oneself, in a round under a label."""

    round: int
    label: str
    sender: str
    default: str


@dataclass(frozen=True)
class Choice:
    """`ite(condition, then, otherwise)`."""

    condition: Any
    then: Any
    otherwise: Any


@dataclass(frozen=True)
class Votes:
    """What came in a round under a label from each of some people, where one word may be taken for another.

    more: further votes, of a general's own.
    """

    round: int
    label: str
    people: str
    default: str
    taken: tuple[str, str] | None = None
    more: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Winner:
    """The majority or plurality of votes."""

    rule: str
    votes: Votes
    otherwise: Any


@dataclass(frozen=True)
class Number:
    """How many votes name an order, times a weight; if `against` is given, less those that name that one."""

    votes: Votes
    order: Any
    weight: int = 1
    against: Any = None


@dataclass(frozen=True)
class Compare:
    """A number compared with a multiple of n, one of m, and a constant."""

    number: Number
    sign: str
    n: int
    m: int
    constant: int


@dataclass(frozen=True)
class Each:
    """Whether all votes, or any, name an order or do not."""

    quantifier: str
    votes: Votes
    order: Any
    named: bool = True


@dataclass(frozen=True)
class Same:
    """Whether two orders are the same."""

    one: Any
    other: Any


@dataclass(frozen=True)
class Joined:
    """Truths, joined by `and`, `or`, or in that exactly one holds; or the negation of the first."""

    how: str
    truths: tuple[Any, ...]


@dataclass(frozen=True)
class Say:
    """A message of a round. to: all, all but oneself, oneself, the commander, or all but him. by: who says it."""

    order: Any
    label: str
    to: str
    by: str


@dataclass(frozen=True)
class Written:
    """A program. decision: an order, or several that make a tuple. conditions: by name, see `CONDITIONS`."""

    has_commander: bool
    rounds: tuple[tuple[Say, ...], ...]
    decision: tuple[Any, ...]
    conditions: tuple[str, ...]
    marked: bool = False


# What it comes to.


@dataclass
class Seated:
    """One general, with what has reached him so far."""

    protocol: Protocol
    me: General
    own: Order
    inboxes: list[Inbox] = field(default_factory=list)

    def people(self, which: str) -> Sequence[General]:
        """Some generals."""
        match which:
            case "others":
                return self.protocol.others(self.me)
            case "lieutenants":
                return self.protocol.lieutenants
            case "fellows":
                return self.protocol.others(self.me, COMMANDER)
        return self.protocol.generals

    def order(self, node: Any) -> Order:
        """What an order of the tree is."""
        match node:
            case Word(name):
                return NAMED[name]
            case Own():
                return self.own
            case Heard(round, label, sender, default):
                who = self.me if sender == "me" else COMMANDER
                return self.inboxes[round].get(who, label, default=NAMED[default])
            case Choice(condition, then, otherwise):
                return ite(self.truth(condition), self.order(then), self.order(otherwise))
            case Winner("majority", votes, otherwise):
                return majority(self.votes(votes), default=self.order(otherwise))
            case Winner(_, votes, otherwise):
                return plurality(self.votes(votes), tie=self.order(otherwise))
        raise TypeError(node)

    def votes(self, node: Votes) -> list[Order]:
        """The votes, one for each of the people, and those that are added."""
        inbox, default = self.inboxes[node.round], NAMED[node.default]
        found = [inbox.get(j, node.label, default=default) for j in self.people(node.people)]
        if node.taken is not None:
            one, other = (NAMED[name] for name in node.taken)
            found = [ite(vote == one, other, vote) for vote in found]
        return [*found, *map(self.order, node.more)]

    def number(self, node: Number) -> Count:
        """A number of votes."""
        votes = self.votes(node.votes)
        found = node.weight * count(votes, self.order(node.order))
        return found if node.against is None else found - count(votes, self.order(node.against))

    def truth(self, node: Any) -> Truth:
        """What a truth of the tree is."""
        match node:
            case Compare(number, sign, n, m, constant):
                left, right = self.number(number), n * self.protocol.n + m * self.protocol.m + constant  # type: ignore[attr-defined]
                compared: dict[str, Truth] = {
                    ">=": left >= right,
                    ">": left > right,
                    "==": left == right,
                    "<": left < right,
                }
                return compared[sign]
            case Each(quantifier, votes, order, named):
                said = self.order(order)
                truths = [(vote == said) if named else (vote != said) for vote in self.votes(votes)]
                return all_of(truths) if quantifier == "all" else any_of(truths)
            case Same(one, other):
                return self.order(one) == self.order(other)
            case Joined(how, truths):
                return _joined(how, [self.truth(one) for one in truths])
        raise TypeError(node)

    def says(self, say: Say) -> Dispatch | None:
        """A message, if this general is one of those who send it."""
        if (say.by == "commander" and self.me != COMMANDER) or (say.by == "lieutenants" and self.me == COMMANDER):
            return None
        order = self.order(say.order)
        match say.to:
            case "all":
                return broadcast(order, say.label)
            case "others":
                return broadcast(order, say.label, without=[self.me])
            case "me":
                return send(order, [self.me], say.label)
            case "commander":
                return send(order, [COMMANDER], say.label)
        return broadcast(order, say.label, without=[COMMANDER])


def _joined(how: str, truths: list[Truth]) -> Truth:
    match how:
        case "and":
            return all_of(truths)
        case "or":
            return any_of(truths)
        case "one":
            return how_many(truths) == 1
    return ~truths[0]


def _first(decision: Decision) -> Order:
    order: Order = decision[0] if isinstance(decision, tuple) else decision
    return order


def _obeys(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    order, decision = outcome.orders[COMMANDER], _first(outcome.decisions[witnesses[0]])
    return order == decision


def _keeps(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    own = outcome.orders[witnesses[0]]
    return ~all_of(order == own for order in outcome.orders.values()) | (_first(outcome.decisions[witnesses[0]]) == own)


def _heeds(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    two = how_many(outcome.orders[j] == ATTACK for j in outcome.loyal) >= 2
    return ~two | (_first(outcome.decisions[witnesses[0]]) != RETREAT)


def _crusade(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (_first(outcome.decisions[witness]) for witness in witnesses)
    return any_of([one == other, one == ABSENT, other == ABSENT])


def _some_agree(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, two, three = (_first(outcome.decisions[witness]) for witness in witnesses)
    return any_of([one == two, two == three, one == three])


def _obeyed_if_loyal(protocol: Any, loyal: Any) -> bool:
    return COMMANDER in loyal


CONDITIONS = {
    one.name: one
    for one in (
        AGREEMENT,
        IC1,
        Condition("Obeys", "the loyal commander is obeyed", _obeys, 1, _obeyed_if_loyal),
        Condition("Keeps", "what all start with is kept", _keeps, 1),
        Condition("Heeds", "two who attack are heeded", _heeds, 1),
        Condition("Crusade", "nobody obeys another order", _crusade, 2),
        Condition("Some", "of three, two agree", _some_agree, 3),
    )
}


@lru_cache(4)
def read(text: str) -> tuple[Written, Problem]:
    """The tree that a text says, and the problem in it."""
    written: Written = eval(text, dict(globals()))
    conditions = tuple(CONDITIONS[name] for name in written.conditions)
    return written, Problem("written", conditions, has_commander=written.has_commander)


class Counted(Protocol):
    """The protocol whose tree has this text."""

    m: int = 0
    text: str

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        return read(self.text)[1]

    @property
    def marks(self) -> tuple[Order, ...]:
        return (MARK,) if read(self.text)[0].marked else ()

    def general(self, me: General, order: Order | None) -> Program:
        written, _ = read(self.text)
        seated = Seated(self, me, RETREAT if order is None else order)
        for messages in written.rounds:
            inbox = yield [said for one in messages if (said := seated.says(one)) is not None]
            seated.inboxes.append(inbox)
        decided = tuple(seated.order(one) for one in written.decision)
        return decided if len(decided) > 1 else decided[0]


class CountedWithOmissions(Counted):
    """The same, for generals that may fail to send."""

    def tolerates(self, t: int, omission: int = 0) -> bool:
        return False


# Drawing.


@dataclass
class Author:
    """Draws parts of programs. heard: the rounds so far, each with the labels that are used in it."""

    draw: Any
    led: bool
    words: tuple[str, ...]
    heard: list[tuple[str, ...]] = field(default_factory=list)

    def pick(self, *options: Any) -> Any:
        """One of these."""
        return self.draw(st.sampled_from(options))

    def word(self) -> str:
        """The name of a word, or of none."""
        return str(self.pick(*self.words, *self.words, "ABSENT"))

    def order(self, depth: int) -> Any:
        """An order."""
        kinds = ["own", "word"]
        if self.heard:
            kinds += ["heard"] * 2 + (["winner", "winner", "choice", "choice"] if depth else [])
        match self.pick(*kinds):
            case "word":
                return Word(self.word())
            case "heard":
                round = self.draw(st.integers(0, len(self.heard) - 1))
                sender = self.pick("me", *(["commander"] * 3 if self.led else []))
                return Heard(round, self.pick(*self.heard[round]), sender, self.pick("RETREAT", "ABSENT", "ATTACK"))
            case "winner":
                return Winner(self.pick("majority", "plurality"), self.votes(depth - 1), self.order(0))
            case "choice":
                return Choice(self.truth(depth - 1), self.order(depth - 1), self.order(depth - 1))
        return Own()

    def votes(self, depth: int) -> Votes:
        """Some votes."""
        round = self.draw(st.integers(0, len(self.heard) - 1))
        people = self.pick("all", "all", "others", *(["lieutenants", "fellows"] if self.led else []))
        taken = self.pick(None, None, None, (self.word(), self.word()))
        more = (self.order(depth),) if self.pick(False, False, True) else ()
        return Votes(round, self.pick(*self.heard[round]), people, self.word(), taken, more)

    def truth(self, depth: int) -> Any:
        """A truth."""
        match self.pick("compare", "compare", "compare", "each", "same", *(["joined"] if depth else [])):
            case "each":
                return Each(self.pick("all", "any"), self.votes(0), self.order(0), self.pick(True, True, False))
            case "same":
                return Same(self.order(0), self.order(0))
            case "joined":
                truths = (self.truth(depth - 1), self.truth(depth - 1))
                return Joined(self.pick("and", "or", "one", "not"), truths)
        against = self.pick(None, None, None, self.order(0))
        number = Number(self.votes(0), self.order(0), self.pick(1, 1, 2, -1), against)
        n, m, constant = self.pick((1, -1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 0), (0, 2, 0), (1, 1, 0), (0, 0, 1))
        return Compare(number, self.pick(">=", ">", ">", "==", "<"), n, m, constant + self.pick(0, 0, -1, 1))

    def say(self, label: str) -> Say:
        """A message."""
        to = self.pick("all", "all", "all", "others", "me", *(["commander", "but the commander"] if self.led else []))
        return Say(
            self.order(2), label, to, self.pick("all", "all", *(["commander", "lieutenants"] if self.led else []))
        )


@st.composite
def programs(draw: Any) -> Written:
    """Programs of one to three rounds and at most four messages."""
    led, marked = draw(st.booleans()), draw(st.sampled_from([False, False, True]))
    author = Author(draw, led, ("RETREAT", "ATTACK", *(("MARK",) if marked else ())))
    rounds = []
    for place in range(draw(st.sampled_from([1, 2, 2, 3]))):
        labels = ("",) if place == 2 or draw(st.sampled_from([True, True, False])) else ("", "more")
        messages = tuple(author.say(label) for label in labels)
        if led and not place and draw(st.sampled_from([True, True, True, False])):
            messages = (Say(Own(), "", "all", "commander"),)
        if not led and not place and draw(st.sampled_from([True, True, False])):
            messages = (Say(Own(), "", "all", "all"), *messages[1:])
        rounds.append(messages)
        author.heard.append(tuple(one.label for one in messages))
    decision = tuple(author.order(2) for _ in range(draw(st.sampled_from([1, 1, 1, 2]))))
    some = ["IC1", "Obeys", "Crusade"] if led else ["Agreement", "Keeps", "Heeds", "Crusade", "Some"]
    conditions = draw(st.lists(st.sampled_from(some), min_size=2, max_size=3, unique=True))
    return Written(led, tuple(rounds), decision, tuple(conditions), marked)
