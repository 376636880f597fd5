"""Coq's kernel accepts the induction over paths for rules that do what it asks, and rejects all others."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from byzverify.errors import UsageError
from byzverify.exporters.coq import coq
from byzverify.language import (
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    broadcast,
    how_many,
    ite,
    majority,
    plurality,
)
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.models.omh import OMH
from byzverify.models.phase_king import PhaseKing
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.traitors import Random
from tests.gate.tricks.rule_hears_commander import RuleHearsCommander
from tests.support.other_tools import program

SECONDS = 120

NOTHING = Order("match")
"""What is read where nothing came, in a word that Coq reserves."""


class Relayed(OM):
    """OM(m), with its parts to be replaced."""

    missing = RETREAT

    def depth(self) -> Any:
        return self.m

    def rule(self, told: Order, values: Any) -> Order:
        return majority([told, *values])

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, roots=[COMMANDER], missing=self.missing)
        heard.grow((yield None))
        yield from heard.relaying(self.depth())
        return self.decision(heard)

    def decision(self, heard: Tree) -> Order:
        return heard.resolved(self.rule, (COMMANDER,))


class Quorum(Relayed):
    """What n - 2m say; three values, of which one is no order, and a rule that compares counts with sizes."""

    missing = NOTHING
    marks = (NOTHING,)

    def rule(self, told: Order, values: Any) -> Order:
        votes = [told, *values]
        attack, retreat = (
            how_many(vote == order for vote in votes) >= self.n - 2 * self.m for order in (ATTACK, RETREAT)
        )
        return ite(attack, ATTACK, ite(retreat, RETREAT, NOTHING))


class Tied(Relayed):
    """The rule may come to a value that nobody says."""

    def rule(self, told: Order, values: Any) -> Order:
        return plurality([told, *values], tie=NOTHING)


class Twice(Tied):
    """Two rules."""

    def decision(self, heard: Tree) -> Order:
        by_majority = heard.resolved(lambda told, values: majority([told, *values]), (COMMANDER,))
        return majority([by_majority, heard.resolved(self.rule, (COMMANDER,))])


class TieToOwn(Relayed):
    def rule(self, told: Order, values: Any) -> Order:
        return majority([told, *values], default=told)


class OwnValueLeftOut(Relayed):
    def rule(self, told: Order, values: Any) -> Order:
        return majority(values)


class OwnValueTwice(Relayed):
    def rule(self, told: Order, values: Any) -> Order:
        return majority([told, told, *values])


class OneRoundShort(Relayed):
    def depth(self) -> Any:
        return self.m - 1


class OwnWord(EIG):
    """EIG with a rule that believes what was told if the values are of two minds."""

    def general(self, me: General, order: Order) -> Program:
        heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
        yield from heard.relaying(self.m + 1)
        return {j: heard.resolved(lambda told, values: majority(values, default=told), (j,)) for j in self.generals}


Check = Callable[[str], str]
"""Asks coqc about a file, and returns what it prints."""


@pytest.fixture
def coqc(tmp_path: Path) -> Check:
    compiler = program("coqc")

    def ask(text: str) -> str:
        (tmp_path / "trees.v").write_text(text)
        command = [compiler, "-q", "trees.v"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS)
        said = ended.stdout + ended.stderr
        assert (ended.returncode == 0) == ("Error" not in said), said
        return said

    return ask


def failing_lemma(text: str, said: str) -> str:
    """The lemma in which Coq finds an error."""
    found = re.search(r"line (\d+), characters[^\n]*\nError", said)
    assert found, said
    before = "\n".join(text.splitlines()[: int(found[1])])
    return str(re.findall(r"(?:Lemma|Theorem|Example) (\w+)", before)[-1])


def as_run(kind: type[OM | EIG], missing: Order, n: int, m: int, traitors: int, seed: int) -> list[str]:
    """A simulated run, as definitions for Coq, and what each loyal general makes of each root, as a claim."""
    protocol = kind(n=n, m=m)
    chosen = [(seed + 3 * place) % n for place in range(traitors)]
    starts = {j: protocol.orders[(seed >> j) % 2] for j in range(n)}
    played = run(protocol, chosen, starts, Random(protocol.words, seed), everyone=True)
    word = {order.name: order.name for order in protocol.words} | {NOTHING.name: f"{NOTHING.name}_2"}
    lies = [
        f"  | {receiver}, [{'; '.join(map(str, reversed(path)))}] => {word[said.name]}"
        for (_, _, receiver), content in played.said.items()
        for path, said in content.items()
    ]
    liars = " || ".join(f"(j =? {j})" for j in chosen)
    started = [f"  | {j} => {order.name}" for j, order in starts.items()]
    defined = [
        f"Module run{seed}.",
        f"Definition traitor j := ({liars})%bool.",
        *["Definition start j := match j with", *started, "  | _ => RETREAT end."],
        *["Definition lie (me : nat) (p : path) := match me, p with", *lies, f"  | _, _ => {word[missing.name]} end."],
        f"Definition made me root := at_root closed {n} traitor start lie (rule {n} {m} 0) (levels {n} {m} 0) me root.",
    ]
    return [*defined, *(claimed(made, word) for made in made_of_roots(played)), f"End run{seed}."]


def made_of_roots(played: Run) -> list[tuple[General, General, Order]]:
    """What loyal generals make of roots: each general, root, and order."""
    made = []
    for me in played.loyal:
        decision: Any = played.decisions[me]
        if isinstance(decision, dict):
            made += [(me, root, order) for root, order in decision.items()]
        elif me != COMMANDER:
            made.append((me, COMMANDER, decision))
    return made


def claimed(made: tuple[General, General, Order], word: dict[str, str]) -> str:
    me, root, order = made
    return f"Goal made {me} {root} = {word[order.name]}. Proof. vm_compute. reflexivity. Qed."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "missing"), [(OM, RETREAT), (EIG, RETREAT), (Quorum, NOTHING)], ids=["om", "eig", "quorum"]
)
def test_coq_proves_trees_and_computes_what_the_simulator_does(
    kind: type[OM | EIG], missing: Order, coqc: Check
) -> None:
    text = coq(kind, {})
    sizes = [(3, 1, 1), (4, 1, 1), (4, 1, 2), (5, 2, 2), (5, 3, 2)]
    runs = [line for seed in range(10) for line in as_run(kind, missing, *sizes[seed % len(sizes)], seed)]
    said = coqc("\n".join([text, *runs]))
    assert said.splitlines() == ["Closed under the global context"] * 2
    assert not re.search(r"\b(Axiom|Admitted|admit|Parameter|Conjecture|Abort)\b", text)


@pytest.mark.slow
def test_coq_proves_a_rule_with_a_value_that_nobody_says(coqc: Check) -> None:
    assert coqc(coq(Tied, {})).splitlines() == ["Closed under the global context"] * 2


def test_a_rule_that_hears_the_commander_is_not_exported() -> None:
    """It is another one if he is faulty."""
    with pytest.raises(UsageError, match="depends on something else than what was told"):
        coq(RuleHearsCommander, {})


def test_a_tree_that_is_resolved_by_two_rules_is_not_exported() -> None:
    with pytest.raises(UsageError, match="by several rules"):
        coq(Twice, {})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "assuming", "lemma"),
    [
        (OM, "n > 3*m - 1", "rule_keeps"),
        (EIG, "n > 3*m - 1", "rule_keeps"),
        (OM, "n > 3*m and t <= m + 1", "rule_keeps"),
        (TieToOwn, None, "rule_makes"),
        (OwnValueLeftOut, None, "rule_keeps"),
        (OwnValueTwice, None, "rule_makes"),
        (OwnWord, None, "rule_makes"),
        (OneRoundShort, None, "rule_deep"),
    ],
)
def test_coq_rejects_wrong_rules_sizes_and_depths(
    kind: type[Protocol], assuming: str | None, lemma: str, coqc: Check
) -> None:
    text = coq(kind, {}, assuming)
    assert failing_lemma(text, coqc(text)) == lemma


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "less"),
    [
        ("count_occ same values said + t ->", "count_occ same values said ->"),
        ("1 <= k < levels -> k <= t ->", "1 <= k < levels -> k < t ->"),
        ("Hypothesis deep : t < levels.", "Hypothesis deep : t <= levels."),
        ("length (traitors generals) <= t /\\", "length (traitors generals) <= t + 1 /\\"),
        ("then lie me p else told j rest", "then lie me p else told me rest"),
    ],
)
def test_coq_rejects_an_induction_that_asks_too_little(asked: str, less: str, coqc: Check) -> None:
    text = coq(OM, {})
    assert text.count(asked) == 1
    said = coqc(text.replace(asked, less))
    assert failing_lemma(text, said) in ("ends_loyal", "short", "of_traitors", "told_by_loyal")


@pytest.mark.parametrize("kind", [PhaseKing, OMH])
def test_what_is_not_proved_over_paths_is_refused(kind: type[Protocol]) -> None:
    with pytest.raises(UsageError, match=r"is not proved by induction over paths"):
        coq(kind, {})


def test_a_graph_is_refused() -> None:
    with pytest.raises(UsageError, match=r"OM has a graph"):
        coq(OM, {"graph": "cycle:5"}, "n > 3*m")


def test_sizes_without_an_instance_are_refused() -> None:
    with pytest.raises(UsageError, match=r"no size with 12 generals or fewer is meant by n > 50"):
        coq(OM, {}, "n > 50")
