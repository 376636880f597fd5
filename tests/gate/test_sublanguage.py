"""The part of Python that is understood at every size: it counts what is there, and refuses what it does not know."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial, wraps
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from byzverify.engines.parameterized.calls import Calls
from byzverify.engines.parameterized.deciding import Engine
from byzverify.engines.parameterized.families import Family
from byzverify.engines.parameterized.groups import LinearAlgebra
from byzverify.engines.parameterized.kinds import PLAIN
from byzverify.engines.parameterized.lengths import all_builtins, lengths_of_groups
from byzverify.engines.parameterized.members import Assembly, Crowd
from byzverify.engines.parameterized.sizes import linear
from byzverify.engines.parameterized.sources import meaning
from byzverify.engines.parameterized.sublanguage import demand_understood
from byzverify.engines.parameterized.worlds import _spelled
from byzverify.errors import NotUnderstood
from byzverify.language import AGREEMENT, ATTACK, RETREAT, TRUE, Order, Problem, Truth, how_many, majority
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT
from byzverify.logic.linear import Arithmetic, unknown
from byzverify.models.phase_king import PhaseKing

HEADER = """from byzverify.language import *

class Counted(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        """


def kind_of(body: str, folder: Path, header: str = HEADER) -> type[Protocol]:
    """A protocol whose general does this. Its text is in a file, as an author's is."""
    path = folder / "counted.py"
    path.write_text(header + body + "\n", encoding="utf-8")
    spec = spec_from_file_location(f"counted_{abs(hash(body))}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    kind: type[Protocol] = module.Counted
    return kind


def test_a_text_that_has_changed_since_it_was_loaded_is_refused(tmp_path: Path) -> None:
    told = "inbox = yield broadcast(order)\n        return majority([inbox[j] for j in self.generals])"
    kind = kind_of(told, tmp_path)
    demand_understood(kind, kind.problem)
    (tmp_path / "counted.py").write_text(HEADER + told.replace("majority", "plurality") + "\n", encoding="utf-8")
    with pytest.raises(NotUnderstood, match="cannot be read, or has changed since it was loaded"):
        demand_understood(kind, kind.problem)


def test_what_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    deep = " | ".join(["(order == ATTACK)"] * 1500)
    kind = kind_of(f"yield None\n        return ite({deep}, ATTACK, RETREAT)", tmp_path)
    with pytest.raises(NotUnderstood, match="is nested too deeply"):
        demand_understood(kind, kind.problem)


def test_what_a_module_computes_when_it_is_asked_is_no_constant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lazy = ModuleType("lazy_words")
    lazy.__dict__["__getattr__"] = lambda name: ATTACK
    lazy.__dict__["RETREAT"] = RETREAT
    monkeypatch.setitem(sys.modules, "lazy_words", lazy)
    header = f"import lazy_words\n{HEADER}"
    listed = kind_of("yield None\n        return lazy_words.RETREAT", tmp_path, header)
    demand_understood(listed, listed.problem)
    computed = kind_of("yield None\n        return lazy_words.OTHER", tmp_path, header)
    with pytest.raises(NotUnderstood, match="uses lazy_words"):
        demand_understood(computed, computed.problem)


EXACTLY_TEN = {
    "words under a label that nobody uses": """inbox = yield broadcast(order)
        silent = count([inbox.get(j, "never", default=ATTACK) for j in self.generals], ATTACK) == 10
        return ite(silent, order, majority([inbox[j] for j in self.generals]))""",
    "words that nobody says": """inbox = yield None
        silent = how_many(inbox[j] == ABSENT for j in self.generals) == 10
        inbox = yield broadcast(order)
        return ite(silent, order, majority([inbox[j] for j in self.generals]))""",
    "truths that always hold": """inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return ite(how_many((vote == ATTACK) | TRUE for vote in votes) == 10, order, majority(votes))""",
    "a choice that is always the same": """inbox = yield broadcast(order)
        votes = [ite(TRUE, ite(inbox[j] == ATTACK, ATTACK, ATTACK), inbox[j]) for j in self.generals]
        return ite(count(votes, ATTACK) == 10, order, majority([inbox[j] for j in self.generals]))""",
    "a comparison with itself": """inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        same_ones = [vote == vote for vote in votes]
        return ite(how_many(same_ones) == 10, order, majority(votes))""",
    "one's own word in place of one's vote": """inbox = yield broadcast(order)
        votes = [order if j == me else inbox[j] for j in self.generals]
        return ite(how_many((v == ATTACK) | (v != ATTACK) for v in votes) == 10, order, RETREAT)""",
    "a part of the list": """inbox = yield broadcast(order)
        rest = [j for j in self.generals if j != me]
        voices = [(inbox[j] == ATTACK) | (inbox[j] != ATTACK) for j in rest]
        return ite(how_many(voices) == 9, order, majority([inbox[j] for j in self.generals]))""",
    "a list put together": """inbox = yield broadcast(order)
        few = [me, *self.others(me)]
        voices = [(inbox[j] == ATTACK) | (inbox[j] != ATTACK) for j in few]
        return ite(how_many(voices) == 10, order, majority([inbox[j] for j in self.generals]))""",
    "a list twice": """inbox = yield broadcast(order)
        both = self.generals + self.generals
        voices = [(inbox[j] == ATTACK) | (inbox[j] != ATTACK) for j in both]
        return ite(how_many(voices) == 20, order, majority([inbox[j] for j in self.generals]))""",
    "the length of a list": """inbox = yield broadcast(order)
        return ite(len(self.others(me)) == 9, order, majority([inbox[j] for j in self.generals]))""",
}
"""Programs in which everyone keeps his own order if there are exactly ten generals. Each counts in another way."""


@pytest.mark.parametrize("how", EXACTLY_TEN)
def test_lists_of_generals_are_counted_as_they_are_at_every_size(how: str, tmp_path: Path) -> None:
    family = Family(kind_of(EXACTLY_TEN[how], tmp_path), {})
    engine = Engine(family, NO_LIMIT)
    agreement = next(one for one in engine.decided() if one.lemma.name == "Agreement")
    at_ten = family.arithmetic.equal(unknown("n"), 10)
    assert agreement.holds is False
    assert engine.holds(agreement.lemma, [-at_ten])
    assert not engine.holds(agreement.lemma, [at_ten])


REFUSED = {
    "a constant from a method": """inbox = yield broadcast(order)
        votes = [self.pick(j) for j in self.generals]
        return ite(how_many(votes) == 10, order, majority([inbox[j] for j in self.generals]))

    def pick(self, general, truth=TRUE):
        return truth""",
    "a method that returns a constant": """inbox = yield broadcast(order)
        votes = [self.seen(inbox[j]) for j in self.generals]
        return ite(how_many(votes) == 10, order, majority([inbox[j] for j in self.generals]))

    def seen(self, vote):
        if self.n == self.n:
            return TRUE
        return vote == ATTACK""",
    "quantifier inside of an entry": """inbox = yield broadcast(order)
        votes = [any_of(x for x in [inbox[j] == ATTACK, inbox[j] != ATTACK]) for j in self.generals]
        return ite(how_many(votes) == 10, order, majority([inbox[j] for j in self.generals]))""",
    "pairs": """inbox = yield broadcast(order)
        votes = [a == b for a, b in [(inbox[j], ATTACK) for j in self.generals]]
        return ite(how_many(votes) == 10, order, majority([inbox[j] for j in self.generals]))""",
    "a list of lists": """inbox = yield broadcast(order)
        j = [inbox[j] for j in self.generals]
        votes = [TRUE for j in [j] for j in self.generals]
        return ite(how_many(votes) == 10, order, majority(j))""",
    "a constant under a condition": """inbox = yield broadcast(order)
        truth = FALSE
        for x in (TRUE, FALSE):
            votes = [inbox[j] == ATTACK if truth is None else x for j in self.generals]
        return ite(how_many(votes) == 10, order, majority([inbox[j] for j in self.generals]))""",
    "a loop": """inbox = yield broadcast(order)
        number = 0
        for j in self.generals:
            number += 1
        return ite(number == 10, order, majority([inbox[j] for j in self.generals]))""",
    "a count of generals": """inbox = yield broadcast(order)
        return order if sum(1 for j in self.generals) == 10 else majority([inbox[j] for j in self.generals])""",
    "a comprehension inside of another": """inbox = yield broadcast(order)
        votes = [how_many(inbox[j] == ATTACK for i in self.generals) == 10 for j in self.generals]
        return ite(any_of(votes), order, RETREAT)""",
    "an outer variable in an inner comprehension": """inbox = yield broadcast(order)
        ten = [ite(count([inbox[j] for i in self.generals], ATTACK) == 9, inbox[j], inbox[j]) for j in self.generals]
        return majority(ten)""",
    "two lists at once": """inbox = yield broadcast(order)
        votes = [inbox[j] for i in self.generals for j in self.generals]
        return majority(votes)""",
    "the same general again": """inbox = yield broadcast(order)
        return order if len([me for j in self.generals]) == 10 else majority([inbox[j] for j in self.generals])""",
    "an attribute": """inbox = yield broadcast(order)
        self.number = 10
        return majority([inbox[j] for j in self.generals])""",
    "recursion": """inbox = yield broadcast(order)
        return self.last([inbox[j] for j in self.generals])

    def last(self, votes):
        return self.last(votes)""",
    "an inner function with the name of a constant one": """def count(votes, word):
            return 10
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) == 10, order, RETREAT)""",
    "a set": """inbox = yield broadcast(order)
        return order if len({j for j in self.generals}) == 10 else majority([inbox[j] for j in self.generals])""",
    "an import": """import random
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])""",
    "a list of another function that is changed": """inbox = yield broadcast(order)
        rows = [[0]]
        row = rows[0]
        row[0] = 1
        return majority([inbox[j] for j in self.generals])""",
    "an entry that is changed in place": """inbox = yield broadcast(order)
        rows = [[0]]
        rows[0] += [1]
        return majority([inbox[j] for j in self.generals])""",
    "a list that is repeated in place": """inbox = yield broadcast(order)
        return self.chosen([inbox[j] for j in self.generals], [0])

    def chosen(self, votes, seen):
        seen *= 2
        return majority(votes)""",
    "an iterator that is returned": """inbox = yield broadcast(order)
        return majority(self.votes(inbox))

    def votes(self, inbox):
        return (inbox[j] for j in self.generals)""",
    "an iterator that is gone through again": """inbox = yield broadcast(order)
        left = enumerate([0, 1])
        both = [list(left) for _ in (1, 2)]
        return majority([inbox[j] for j in self.generals])""",
    "a general among what each said": """inbox = yield broadcast(order)
        return majority([me, *[inbox[j] for j in self.generals]])""",
    "a text of a size": """inbox = yield broadcast(order)
        return order if "%s" % self.n == "n" else majority([inbox[j] for j in self.generals])""",
    "an unpacked list": """inbox = yield broadcast(order)
        first, *rest = [inbox[j] for j in self.generals]
        return first""",
}
"""Programs whose lists, or other things, depend on how many generals are listed, or could."""


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_depend_on_how_generals_are_listed_is_refused(what: str, tmp_path: Path) -> None:
    engine = Engine(Family(kind_of(REFUSED[what], tmp_path), {}), NO_LIMIT)
    with pytest.raises(NotUnderstood, match=r"counted\.py:\d+: [\w.]+ "):
        list(engine.decided())


HEARD = "heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)\n        "

OF_TREES = {
    "a rule with the variable of a comprehension": HEARD
    + """yield from heard.relaying(2)
        both = [heard.resolved(lambda told, values: majority([x, *values]), (j,)) for x in self.orders for j in [me]]
        return both[0]""",
    "a dictionary that is looked up for each general": HEARD
    + """yield from heard.relaying(2)
        votes = [{}.get(j, TRUE) for j in self.generals]
        return ite(how_many(votes) == 10, order, RETREAT)""",
    "an entry of a dictionary for each general": HEARD
    + """yield from heard.relaying(2)
        truths = {0: TRUE}
        return ite(how_many(truths[j] for j in self.generals) == 10, order, RETREAT)""",
}
"""The same of programs that relay along paths."""


@pytest.mark.parametrize("what", OF_TREES)
def test_what_could_depend_on_it_in_a_tree_is_refused(what: str, tmp_path: Path) -> None:
    engine = Engine(Family(kind_of(OF_TREES[what], tmp_path), {}), NO_LIMIT)
    with pytest.raises(NotUnderstood, match=r"counted\.py:\d+: general "):
        list(engine.decided())


def test_an_expression_that_nobody_reads_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kind_of("yield broadcast(order)\n        return self.others(sum([1, 2]))", tmp_path)
    monkeypatch.setattr(Calls, "_of_self", lambda *_: PLAIN)
    with pytest.raises(NotUnderstood, match="does something that is not read"):
        list(Engine(Family(kind, {}), NO_LIMIT).decided())


def test_a_condition_that_says_it_is_of_the_language_is_read(tmp_path: Path) -> None:
    @wraps(AGREEMENT.holds)
    def holds(outcome: Any, witnesses: Any) -> Truth:
        return how_many(TRUE for _ in outcome.loyal) != 10

    kind = kind_of("yield broadcast(order)\n        return RETREAT", tmp_path)
    kind.problem = Problem("counted", (replace(AGREEMENT, holds=holds),), has_commander=False)
    with pytest.raises(NotUnderstood, match=r"has a decorator|does not depend on each general"):
        demand_understood(kind, kind.problem)


def test_special_names_are_not_an_authors_and_bases_without_a_protocol_are() -> None:
    class Intercepted:
        __getattribute__ = partial(getattr, None)

    class Helping:
        def chosen(self, votes: Any) -> Any:
            return majority(votes)

    for base, says in ((Intercepted, "defines __getattribute__"), (Helping, None)):
        kind: Any = type("Based", (base, PhaseKing), {"__module__": __name__})
        if says is None:
            demand_understood(kind, kind.problem)
        else:
            with pytest.raises(NotUnderstood, match=says):
                demand_understood(kind, kind.problem)


UNDERSTOOD = {
    "votes of others and one's own": """inbox = yield broadcast(order, without=[me])
        others = [inbox.get(j, default=RETREAT) for j in self.others(me)]
        return majority([order, *others])""",
    "helpers": """inbox = yield broadcast(order)
        return self.chosen([inbox[j] for j in self.generals])

    @staticmethod
    def votes_for(votes, word):
        return how_many(vote == word for vote in votes)

    def chosen(self, votes):
        best = RETREAT
        for word in self.orders:
            best = ite(2 * self.votes_for(votes, word) > self.n, word, best)
        return best""",
    "oneself and all others, apart": """inbox = yield broadcast(order)
        few = [me]
        votes = [inbox[j] for j in self.generals if j != me]
        return majority([*votes, *[inbox[j] for j in few], *[inbox[j] for j in self.generals if j in few]])""",
    "a dictionary that is made and changed": """inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        best, number = {RETREAT: 0}, 0
        leads = {}
        for word in self.orders:
            leads[word] = 2 * count(votes, word) > self.n
            number += 1
        most = self.m_of(number)
        return ite(leads[ATTACK], ATTACK, RETREAT)

    def m_of(self, number):
        number += 1
        return number""",
    "a list put together in place": """inbox = yield broadcast(order)
        words = []
        for word in self.orders:
            words += [word]
        return majority([ite(inbox[j] == words[0], words[0], inbox[j]) for j in self.generals])""",
    "an iterator that is counted": """inbox = yield broadcast(order)
        votes = (inbox[j] for j in self.generals)
        return majority(votes)""",
    "a parameter's own interchangeable generals": """inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])

    def interchangeable(self):
        first = self.n // 2
        return [range(first), [j for j in range(first, self.n)], *super().interchangeable()[1:]]""",
    "words translated one by one": """inbox = yield broadcast(order)
        votes = [ite(inbox[j] == ABSENT, RETREAT, inbox[j]) for j in self.generals if j != me]
        return majority(votes + [order])""",
}
"""Programs as authors write them."""


@pytest.mark.parametrize("what", UNDERSTOOD)
def test_what_authors_write_is_understood(what: str, tmp_path: Path) -> None:
    assert len(list(Engine(Family(kind_of(UNDERSTOOD[what], tmp_path), {}), NO_LIMIT).decided())) == 2


def test_a_function_without_a_text_is_refused() -> None:
    namespace: dict[str, type[Protocol]] = {}
    exec(HEADER + "yield broadcast(order)\n        return order", namespace)
    with pytest.raises(NotUnderstood, match=r"the text of Counted\.tolerates cannot be read"):
        list(Engine(Family(namespace["Counted"], {}), NO_LIMIT).decided())


def test_a_name_of_pythons_own_is_looked_up_where_the_function_looks() -> None:
    namespace: dict[str, Any] = {"__builtins__": {"sum": max}}
    exec("def summed(numbers):\n    return sum(numbers)", namespace)
    assert meaning(namespace["summed"], "sum") is max


def test_what_is_claimed_is_said_as_a_reader_would_say_it(tmp_path: Path) -> None:
    kind = kind_of("yield broadcast(order)\n        return order", tmp_path)
    assert Family(kind, {}).statement == "t = 0"
    assert Family(kind, {}, "n >= 1").statement == "n >= 1 and t = 0"
    everywhere: Any = type("Everywhere", (kind,), {"tolerates": lambda self, t: True, "__module__": __name__})
    assert Family(everywhere, {}).statement == "n"


def test_different_starts_are_spelled_differently() -> None:
    one, other = (Order("A"), Order("B C")), (Order("A B"), Order("C"))
    assert _spelled(one) != _spelled(other)


def test_the_number_of_loyal_generals_is_told_to_authors_alone() -> None:
    """Other code would count the stand-ins, of which there are few."""
    algebra = LinearAlgebra(Arithmetic())
    crowd = Crowd("the crowd", frozenset())
    everyone = Assembly([crowd])
    theirs: dict[str, Any] = {"__name__": "model"}
    ours: dict[str, Any] = {"__name__": "byzverify.language.problems"}
    for names in (theirs, ours):
        exec("def number(generals): return len(generals)", names)
    with lengths_of_groups(algebra, lambda general: unknown("loyal") if general is crowd else None, all_builtins()):
        assert linear(theirs["number"](everyone)) == unknown("loyal")
        with pytest.raises(TypeError, match="the number of these generals is not known"):
            ours["number"](everyone)
