"""Trees that programs put together in unusual ways, and rules that do more than count: the verdict is that of going
through all paths.
"""

from collections.abc import Callable, Sequence
from math import perm
from typing import Any

import pytest

import byzverify
from byzverify.engines.finite import deciding, symmetry
from byzverify.errors import ProtocolError
from byzverify.language import (
    ATTACK,
    COMMANDER,
    INTERACTIVE_CONSISTENCY,
    RETREAT,
    General,
    Inbox,
    Label,
    Order,
    Problem,
    Program,
    Protocol,
    Tree,
    any_of,
    broadcast,
    count,
    ite,
    majority,
    plurality,
    sign,
)
from byzverify.language.gathering import Path, Rule
from byzverify.questions.simulating import simulate
from byzverify.questions.verdict import Proved, Refuted, Unknown


def everything(told: Order, values: Sequence[Order]) -> Order:
    return majority([told, *values])


class Gathering(Protocol):
    """OM, and then each lieutenant does something with his tree."""

    m: int

    def tree(self, me: General) -> Tree:
        """His tree, still without levels."""
        return Tree(self, me, [COMMANDER])

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = self.tree(me)
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        return self.decided(me, heard)

    def decided(self, me: General, heard: Tree) -> Order:
        """What he decides."""
        return heard.resolved(everything, (COMMANDER,))


class ChangedAfterwards(Gathering):
    """What the rule refers to is another number when the tree has been resolved."""

    before: int = 1
    after: int = 2

    def decided(self, me: General, heard: Tree) -> Order:
        votes = self.before
        decided = heard.resolved(
            lambda told, values: ite(count([told, *values], ATTACK) >= votes, ATTACK, RETREAT), (COMMANDER,)
        )
        votes = self.after
        return decided


class Thresholds(Gathering):
    """One rule after the other, all made in a loop."""

    def decided(self, me: General, heard: Tree) -> Order:
        found = []
        for votes in (1, 2, 99):
            found.append(
                heard.resolved(
                    lambda told, values: ite(count([told, *values], ATTACK) >= votes, ATTACK, RETREAT),  # noqa: B023
                    (COMMANDER,),
                )
            )
        return majority(found)


class Noting(Gathering):
    """The rule notes what it is given."""

    def decided(self, me: General, heard: Tree) -> Order:
        noted: list[Order] = []

        def rule(told: Order, values: Sequence[Order]) -> Order:
            noted.append(told)
            return everything(told, values)

        heard.resolved(rule, (COMMANDER,))
        return majority(noted)


class Notebook:
    """Somewhere to note something."""

    noted: Order = RETREAT


class NotingElsewhere(Gathering):
    """The same in an object in a list, which nobody looks into."""

    def decided(self, me: General, heard: Tree) -> Order:
        notebooks = [Notebook()]

        def rule(told: Order, values: Sequence[Order]) -> Order:
            notebooks[0].noted = told
            return everything(told, values)

        heard.resolved(rule, (COMMANDER,))
        return notebooks[0].noted


Counter = Callable[[], int]


def in_a_variable() -> tuple[Rule, Counter]:
    times = 0

    def rule(told: Order, values: Sequence[Order]) -> Order:
        nonlocal times
        times += 1
        return everything(told, values)

    return rule, lambda: times


def in_a_list() -> tuple[Rule, Counter]:
    times = [0]

    def rule(told: Order, values: Sequence[Order]) -> Order:
        times[0] += 1
        return everything(told, values)

    return rule, lambda: times[0]


def in_a_default() -> tuple[Rule, Counter]:
    def rule(told: Order, values: Sequence[Order], times: dict[str, int] = {"": 0}) -> Order:  # noqa: B006
        times[""] += 1
        return everything(told, values)

    times = rule.__defaults__[0]  # type: ignore[index]
    return rule, lambda: int(times[""])


asked = 0


def in_the_module() -> tuple[Rule, Counter]:
    before = asked

    def rule(told: Order, values: Sequence[Order]) -> Order:
        global asked
        asked += 1
        return everything(told, values)

    return rule, lambda: asked - before


class Asked:
    """A rule that is an object."""

    times = 0

    def __call__(self, told: Order, values: Sequence[Order]) -> Order:
        self.times += 1
        return everything(told, values)


def in_itself() -> tuple[Rule, Counter]:
    rule = Asked()
    return rule, lambda: rule.times


class Noted:
    """A rule with a list of what it was told."""

    def __init__(self) -> None:
        self.told: list[Order] = []

    def __call__(self, told: Order, values: Sequence[Order]) -> Order:
        self.told.append(told)
        return everything(told, values)


def in_its_list() -> tuple[Rule, Counter]:
    rule = Noted()
    return rule, lambda: len(rule.told)


COUNTERS = {
    one.__name__: one for one in (in_a_variable, in_a_list, in_a_default, in_itself, in_its_list, in_the_module)
}


class Counting(Gathering):
    """The rule counts how often it is asked."""

    where: str = "in_a_variable"

    def how_many(self) -> int:
        """How many paths there are that others prolong."""
        return sum(perm(self.n - 2, length) for length in range(self.m))

    def decided(self, me: General, heard: Tree) -> Order:
        rule, times = COUNTERS[self.where]()
        decided = heard.resolved(rule, (COMMANDER,))
        return decided if times() == self.how_many() else RETREAT


class Punishing(Counting):
    """All is well unless the rule is asked as often as it should be."""

    def decided(self, me: General, heard: Tree) -> Order:
        rule, times = COUNTERS[self.where]()
        decided = heard.resolved(rule, (COMMANDER,))
        return RETREAT if times() == self.how_many() else decided


class Anothers(Gathering):
    """Resolved as if it were the next lieutenant's tree."""

    def decided(self, me: General, heard: Tree) -> Order:
        his = Tree(self, self.others(COMMANDER, me)[0], [COMMANDER])
        for inbox in heard.levels:
            his.grow(inbox)
        return his.resolved(everything, (COMMANDER,))


class Fewer(Gathering):
    """Resolved as if there were three generals."""

    def decided(self, me: General, heard: Tree) -> Order:
        few = Tree(type(self)(n=3, m=1), me, [COMMANDER])
        for inbox in heard.levels:
            few.grow(inbox)
        return few.resolved(everything, (COMMANDER,))


class Reserved(Tree):
    """A tree of which only what the first of the others said is passed on."""

    def paths(self, length: int, *without: General) -> list[Path]:  # type: ignore[override]
        first = self.protocol.others(COMMANDER, self.me)[0]
        return [path for path in super().paths(length, *without) if len(path) < 2 or path[-1] == first]


class OfAnotherClass(Gathering):
    """What is relayed depends on the order in which the generals are listed."""

    def tree(self, me: General) -> Tree:
        return Reserved(self, me, [COMMANDER])

    def decided(self, me: General, heard: Tree) -> Order:
        plain = Tree(self, me, [COMMANDER])
        for inbox in heard.levels:
            plain.grow(inbox)
        return plain.resolved(everything, (COMMANDER,))


class Reversed(Tree):
    """A tree of which the opposite is passed on."""

    def relayed(self, path: Path) -> Order:
        return ite(self.told(path) == ATTACK, RETREAT, ATTACK)


class Reversing(Gathering):
    """What is relayed is not what was told."""

    def tree(self, me: General) -> Tree:
        return Reversed(self, me, [COMMANDER])


class Passed(Inbox):
    """An inbox of the author's own."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        return self.inbox.get(sender, label, default=default)


class OwnInbox(Gathering):
    """The first level is not the inbox that came."""

    def decided(self, me: General, heard: Tree) -> Order:
        heard.levels[0] = Passed(heard.levels[0])
        return heard.resolved(everything, (COMMANDER,))


class Twice(Gathering):
    """Asks for paths with a general on them twice, along which nothing comes."""

    def decided(self, me: General, heard: Tree) -> Order:
        others = self.others(COMMANDER, me)
        found = {(i, j): heard.resolved(everything, (COMMANDER, i, j)) for i in others for j in others}
        return majority([found[i, j] for i in others for j in others if i != j])


class Vectors(Protocol):
    """Everyone's order by a tree that has no path with oneself on it, asked for that path all the same."""

    m: int
    problem = INTERACTIVE_CONSISTENCY

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, self.generals, order)
        for _ in range(self.m + 1):
            heard.grow((yield heard.relays()))
        return {j: heard.resolved(everything, (j,)) for j in self.generals}


class Validity(Vectors):
    """The same, with the condition that has one witness."""

    problem = Problem("validity", has_commander=False, conditions=INTERACTIVE_CONSISTENCY.conditions[1:])


class OwnOrder(Vectors):
    """Where nothing comes, everyone reads his own order."""

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, self.generals, order, missing=order, closed=True)
        for _ in range(self.m + 1):
            heard.grow((yield heard.relays()))
        return {j: heard.resolved(lambda _, values: majority(values), (j,)) for j in self.generals}


class Sealed(Gathering):
    """ATTACK if somebody has signed that it is the value of his tree, and somebody else has signed that."""

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER])
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        value = heard.resolved(everything, (COMMANDER,))
        yield [sign(one, value == one) for one in self.orders]
        inbox = yield None
        pairs = [(j, k) for j in self.others(COMMANDER) for k in self.others(COMMANDER, j)]
        return ite(any_of(inbox.signed(ATTACK, pair).came for pair in pairs), ATTACK, RETREAT)


ODD = [
    (ChangedAfterwards(n=4, m=1), 1),
    (ChangedAfterwards(n=3, m=1), 1),
    (ChangedAfterwards(n=5, m=2, before=2, after=1), 2),
    (Thresholds(n=4, m=1), 1),
    (Thresholds(n=5, m=2), 2),
    (Noting(n=4, m=1), 1),
    (Noting(n=5, m=2), 1),
    (NotingElsewhere(n=4, m=1), 1),
    *((counting(n=5, m=2, where=where), 1) for where in list(COUNTERS)[:-1] for counting in (Counting, Punishing)),
    (Anothers(n=4, m=1), 1),
    (Anothers(n=7, m=2), 2),
    (Fewer(n=5, m=1), 1),
    (OfAnotherClass(n=5, m=2), 2),
    (Reversing(n=4, m=1), 1),
    (Reversing(n=5, m=2), 2),
    (OwnInbox(n=4, m=1), 1),
    (Twice(n=5, m=3), 2),
    (Gathering(n=3, m=3), 1),
    (Vectors(n=4, m=1), 1),
    (Validity(n=3, m=1), 1),
    (Validity(n=4, m=1), 1),
    (OwnOrder(n=4, m=1), 1),
    (Sealed(n=4, m=1), 2),
    (Sealed(n=5, m=2), 2),
]


def words(verdict: Proved | Refuted | Unknown) -> dict[str, str]:
    return {known.condition.name: known.verdict for known in verdict.conditions}


@pytest.mark.slow
@pytest.mark.parametrize(("protocol", "traitors"), ODD, ids=str)
def test_the_verdict_is_that_of_going_through_all_paths(
    protocol: Protocol, traitors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = words(byzverify.check(protocol, traitors, raw=True))
    assert words(byzverify.check(protocol, traitors)) == reference
    monkeypatch.setattr(deciding, "LONG_RUN", 0)
    assert words(byzverify.check(protocol, traitors)) == reference


def test_a_tree_can_relay_something_else_than_it_was_told() -> None:
    decided = simulate(Reversing(n=4, m=1), (), ["ATTACK"], "silent").run.decisions
    assert [decided[me].name for me in (1, 2, 3)] == ["RETREAT"] * 3


def test_a_tree_that_has_grown_beyond_its_longest_paths_is_resolved_like_others() -> None:
    assert byzverify.check(Gathering(n=3, m=3), 1).evidence.asymmetry is None


@pytest.mark.slow
@pytest.mark.parametrize("made", [Noting, NotingElsewhere, Counting])
def test_a_rule_that_keeps_something_is_found_and_all_paths_are_gone_through(made: Callable[..., Protocol]) -> None:
    asymmetry = byzverify.check(made(n=4, m=1), 1).evidence.asymmetry
    assert asymmetry is not None
    assert "keeps something in" in asymmetry or "a value of another execution" in asymmetry


def test_a_rule_that_keeps_something_in_its_module_is_refused() -> None:
    with pytest.raises(ProtocolError, match="Counting keeps something in asked, which is still there"):
        byzverify.check(Counting(n=4, m=1, where="in_the_module"), 1)


class Neglecting(Gathering):
    """Nobody passes on anything to the second lieutenant after him."""

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, [COMMANDER])
        heard.grow((yield None))
        neglected = self.others(COMMANDER, me)[1]
        for length in range(1, self.m + 1):
            relayed = [
                broadcast(heard.told(path), (*path, me), without=[*path, neglected]) for path in heard.paths(length)
            ]
            heard.grow((yield relayed))
        return heard.resolved(lambda told, values: plurality([told, *values], told), (COMMANDER,))


@pytest.mark.slow
def test_what_goes_wrong_counts_only_if_the_generals_are_interchangeable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as that is not known, trees are resolved as if they were."""
    protocol = Neglecting(n=6, m=2)
    reference = words(byzverify.check(protocol, 1, raw=True))
    monkeypatch.setattr(symmetry, "LONG", -1.0)
    verdict = byzverify.check(protocol, 1)
    assert words(verdict) == reference
    assert verdict.evidence.asymmetry is not None


class SecondThoughts(Protocol):
    """Everyone relays what he heard, where silence is RETREAT, and then takes silence for ATTACK."""

    problem = INTERACTIVE_CONSISTENCY
    written_out: bool = False

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, self.generals, own=order, missing=RETREAT)
        heard.grow((yield heard.relays()))
        relayed: Any = heard.relays()
        heard.grow((yield list(relayed) if self.written_out else relayed))
        heard.missing = ATTACK
        heard.own = RETREAT
        others = self.others(me)
        told = [heard.told((one, two)) for one in others for two in others if one != two]
        return dict.fromkeys(self.generals, ite(any_of(one == RETREAT for one in told), RETREAT, ATTACK))


def test_what_is_relayed_is_what_the_tree_says_then() -> None:
    late, early = (
        simulate(SecondThoughts(n=3, written_out=one), {2: "crash"}, ["ATTACK"] * 3, "silent") for one in (False, True)
    )
    for run in (late.run, early.run):  # general 1 hears from 0 after 0 has had his second thoughts
        assert [run.decisions[me][0].name for me in (0, 1)] == ["RETREAT", "RETREAT"]


class NoRoot(Protocol):
    """The commander has something to pass on, and is no root."""

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, self.lieutenants, own=RETREAT if order is None else order, closed=True)
        heard.grow((yield heard.relays()))
        return ite(heard.told((COMMANDER,)) == RETREAT, RETREAT, ATTACK)


@pytest.mark.slow
def test_of_somebody_who_is_no_root_nothing_is_read_in_any_execution() -> None:
    assert set(simulate(NoRoot(n=3), (), ["ATTACK"], "silent").run.decisions.values()) == {RETREAT}
    verdict = byzverify.check(NoRoot(n=3), 0)
    assert [known.verdict for known in verdict.conditions] == ["proved", "refuted"]
