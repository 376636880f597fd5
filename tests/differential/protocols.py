"""Random protocols, drawn by hypothesis, each with a question: who may fail how, among how many, on which graph.

Whatever is drawn keeps the rules of the language: in one round nobody sends two orders under one label. Programs read
what has been sent and what has not, early and late; some tell generals apart, as a program may.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product

from hypothesis import strategies as st

from byzverify.language.faults import Fault
from tests.differential import syntax as tree
from tests.differential.bounds import most_runs, surveyed
from tests.differential.cases import Case
from tests.differential.drawing import ABSENT, DEEP, Author, Bound, Critic
from tests.differential.syntax import Label, Node, People, Person, Several

GRAPHS = {
    3: ("path:3", "complete:3"),
    4: ("cycle:4", "star:3", "path:4", "edges:0-1,0-2,0-3,2-3"),
}
"""Graphs by the number of nodes."""

MODES = [mode.value for mode in Fault]

ONE = [{mode: 1} for mode in MODES]

TWO = [{mode: 2} for mode in MODES] + [{one: 1, other: 1} for one, other in combinations(MODES, 2)]
"""Budgets of one faulty general, and of two."""

LYING = [{"byzantine": 1}, {"symmetric": 1}, {"byzantine": 2}, {"byzantine": 1, "omission": 1}]
"""Budgets that try signatures: only liars forge them."""


@dataclass
class Dramatist(Author):
    """Draws the program of a general, round by round.

    signs: whether anybody signs. tells_apart: whether generals may be told apart by their numbers or places. letters:
    what has been sent, without signatures: in which round, under which label, and by whom, if not by all. messages: the
    same of messages of several fields, which all are called "m", and the names of their fields.
    """

    has_commander: bool
    signs: bool
    tells_apart: bool
    letters: list[tuple[int, Label, Person | None]] = field(default_factory=list)
    messages: list[tuple[int, Person | None, tuple[str, ...]]] = field(default_factory=list)
    round: int = 0

    @property
    def bound(self) -> Bound:
        """Who can be named anywhere."""
        return ("me", "commander") if self.has_commander else ("me",)

    def many(self) -> People:
        usual = ("fellows",) if self.has_commander else ("all",)
        odd: tuple[People, ...] = ("first", "general 1") if self.tells_apart else ()
        return self.pick("others", "others", *usual, *usual, "strangers", "neighbours", *odd)

    def leaf(self, bound: Bound, depth: int = 0) -> Node:
        if not (self.letters or self.messages) or self.pick(False, False, False, True):
            return self.told()
        default: Node = self.pick(tree.Named("RETREAT"), ABSENT, tree.Named("ATTACK"), tree.Own())
        return self.heard(bound, default)

    def told(self) -> Node:
        """What a general has from the beginning, or from the commander's first letter."""
        if not self.has_commander or not self.letters:
            return tree.Own()
        _, label, _ = self.letters[0]
        return tree.Heard(1, "commander", label=label)

    def heard(self, bound: Bound, default: Node) -> Node:
        """What came, from whom one speaks about more often than from others."""
        if self._reads_messages() or not self.letters:
            round, sender, names, (fields, optional) = self.message(bound)
            return tree.Field(round, sender, self.pick(*names), fields, optional, label="m", default=default)
        round, label, speaker = self.pick(*self.letters)
        sender = self.pick(speaker or bound[-1], bound[-1], bound[-1], self.pick(*bound))
        if isinstance(label, tuple) and label:
            usual = {"me": sender, 1: 1}.get(label[1], bound[-1])
            label = (label[0], self.pick(usual, usual, self.pick(*bound)))
        return tree.Heard(round, sender, label=label, default=default)

    def _reads_messages(self) -> bool:
        """Whether what is drawn next is to read a message of several fields, if there has been any."""
        return self.pick(False, True) if self.messages else False

    def message(self, bound: Bound) -> tuple[int, Person, tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
        """A message of several fields: of which round, from whom, the names, and those that may not and may be empty.

        Seldom it is read with other fields than it has.
        """
        round, speaker, names = self.pick(*self.messages)
        sender = self.pick(speaker or bound[-1], bound[-1], self.pick(*bound))
        if self.pick(*[False] * 9, True):
            names = (*names, "c") if self.pick(True, False) else names[:1]
        split = self.pick(0, 0, 1, len(names))
        return round, sender, names, (names[split:], names[:split])

    def fact(self, bound: Bound, depth: int = 0) -> Node:
        """That nothing came, or that a chain or a message did."""
        if self._reads_messages():
            round, sender, _, (fields, optional) = self.message(bound)
            return tree.Came(round, sender, fields, optional, label="m")
        if self.signs and self.round and self.pick(True, True, False):
            return tree.Shown(self.late(), self.pick("ATTACK", *self.words[:2]), self.signers(bound))
        return tree.Same(self.heard(bound, ABSENT) if self.letters else tree.Own(), ABSENT)

    def operator(self, bound: Bound, depth: int = DEEP) -> Node:
        if self.signs and self.round and self.pick(True, True, False):
            shown = self.each(self.pick(self.fact, self.facts), bound, depth)
            return tree.Choice(tree.Some((shown,)), self.pick(tree.Named("ATTACK"), self.told()), self.leaf(bound))
        return super().operator(bound, depth)

    def facts(self, bound: Bound, depth: int) -> Node:
        """One of these for each of some people."""
        return self.each(self.fact, bound, depth)

    def late(self) -> int:
        """A round that is over."""
        rounds: list[int] = list(range(self.round, 0, -1))
        return self.pick(*rounds)

    def signers(self, bound: Bound) -> tuple[Person, ...]:
        """A chain of up to three signatures."""
        last = bound[-1]
        first = "commander" if self.has_commander else bound[0]
        return self.pick((last,), (first, last), (self.pick(*bound), last), (first, *bound[-2:]))

    def decision(self, shape: str) -> Node:
        """What is decided in the end."""
        match shape:
            case "pair":
                return tree.Pair(self.order(self.bound), self.sum(self.bound, 1, 1, 2))
            case "vector":
                return tree.Vector("i", self.pick("all", "all", "others"), self.order((*self.bound, "i"), 1))
        return self.operator(self.bound) if self.pick(True, True, False) else self.leaf(self.bound)

    def rounds(self) -> tuple[Several, ...]:
        """What is sent in each round."""
        return tuple(self.sent() for _ in range(self.pick(1, 2, 2, 3)))

    def sent(self) -> Several:
        """What is sent in the next round."""
        message = self.tells() if self.pick(False, False, True) else None
        nodes: list[Node] = []
        labels: list[Label] = []
        for tag in ("x", "y", "z")[: self.pick(1, 1, 2, self.pick(1, 0))]:
            label, said = self.said(tag)
            nodes += said
            labels.append(label)
        nodes += self.signed() if self.signs else []
        speaker = "commander" if self.has_commander and self.round == 0 else None
        self.round += 1
        if message is not None:
            nodes.append(tree.By(0, message) if speaker else message)
            self.messages.append((self.round, speaker, tuple(name for name, _ in message.fields)))
        self.letters += [(self.round, label, speaker) for label in (*labels, *self.pick((), (), (), ("alarm",)))]
        return tuple(nodes)

    def said(self, tag: str) -> tuple[Label, list[Node]]:
        """What is said without signatures under one label, or several alike; and the label."""
        plain: Label = () if tag == "x" and self.pick(True, False) else tag
        if self.has_commander and self.round == 0:
            return plain, [tree.By(0, tree.Say(tree.Own(), label=plain, to=self.to()))]
        bound: Bound = self.bound
        within: Bound = (*bound, "i")
        odd = ("by one", "two things") if self.tells_apart else ()
        match self.pick("to many", "to many", "of oneself", "about each", "to each", "numbered", *odd):
            case "by one":
                return plain, [tree.By(self.pick(0, 1), tree.Say(self.order(bound, 1), label=plain, to=self.to()))]
            case "of oneself":
                return (tag, "me"), [tree.Say(self.order(bound, 1), label=(tag, "me"), to=self.to())]
            case "about each":
                what = tree.Say(self.order(within, 1), label=(tag, "i"), to=self.to())
                return (tag, "i"), [tree.For("i", self.many(), what)]
            case "to each":
                return plain, [tree.For("i", "others", tree.Say(self.order(within, 1), label=plain, to="i"))]
            case "two things":
                return plain, [tree.Say(self.order(bound, 1), label=plain, to=to) for to in ("first", "rest")]
            case "numbered":
                return (tag, 1), [tree.Say(self.order(bound, 1), label=(tag, 1), to=self.to())]
        return plain, [tree.Say(self.order(bound, 1), label=plain, to=self.to())]

    def tells(self) -> tree.Tell:
        """A message of several fields."""
        names = self.pick(("a", "b"), ("a", "b"), ("a",))
        fields = tuple((name, self.order(self.bound, 1)) for name in names)
        when = self.pick(tree.All(()), tree.All(()), self.truth(self.bound, 1))
        return tree.Tell(fields, label="m", to=self.to(), when=when)

    def to(self) -> People:
        """To whom something is sent."""
        odd: tuple[People, ...] = ("rest", "general 1") if self.tells_apart else ()
        return self.pick("all", "all", "all but me", "others", self.pick("fellows", "neighbours", "me", *odd))

    def signed(self) -> list[Node]:
        """What is signed: in a round at most one order of one's own, and one chain of each length."""
        nodes: list[Node] = []
        if self.round == 0 or self.pick(False, False, True):
            signature = tree.Sign(self.order(self.bound, 1), to=self.to())
            nodes.append(tree.By(0, signature) if self.has_commander and self.round == 0 else signature)
        for length in self.pick((1,), (), (2,), (1, 2)) if self.round else ():
            first = ("commander",) if self.has_commander else ("i",)
            signers = first if length == 1 else (first[0], "me") if not self.has_commander else (*first, "i")
            when = self.pick(tree.All(()), tree.All(()), self.truth(self.bound, 1))
            added = tree.Endorse(self.late(), signers, to=self.to(), when=when)
            nodes.append(tree.For("i", "others", added) if "i" in signers else added)
        return nodes


@st.composite
def programs(draw: st.DrawFn, n: int, values: int) -> tree.Program:
    """A program with its conditions, for so many generals and so many orders."""
    has_commander = draw(st.booleans())
    signs, tells_apart = draw(st.booleans()), draw(st.sampled_from((False, False, False, True)))
    marks = draw(st.sampled_from(((), (), ("MARK",))))
    words = ("RETREAT", "ATTACK", "ORDER2")[:values] + marks
    author = Dramatist(draw, words, has_commander, signs, tells_apart)
    rounds = author.rounds()
    shape = author.pick("order", "order", "order", "pair", "vector")
    return tree.Program(
        rounds,
        author.decision(shape),
        Critic(draw, words, has_commander, shape, n - has_commander).conditions(),
        has_commander=has_commander,
        groups=author.pick("all", "all", "halves", "all but the first", "none"),
        rushing=author.pick(True, False) if signs else True,
        marks=marks,
    )


@st.composite
def cases(draw: st.DrawFn, most: int) -> Case:
    """A program and a question about it which brute force answers in so many runs at most."""
    n, values = draw(st.sampled_from((3, 4))), draw(st.sampled_from((2, 2, 2, 3)))
    graph = draw(st.sampled_from(("", "", "", "", *GRAPHS[n])))
    program = draw(programs(n, values))
    signed = "Sign(" in repr(program.rounds)
    wanted = draw(st.sampled_from(LYING if signed else ONE) | st.sampled_from(TWO))
    budgets = (wanted, *reversed(ONE))
    for budget, fewer in [*product(budgets, range(n, 2, -1)), *product(budgets, [2])]:
        case = Case(program, fewer, budget, values=values, graph=graph if fewer == n else "")
        if most_runs(surveyed(case.protocol), budget) <= most:
            return case
    return Case(program, 2, {}, values=values)
