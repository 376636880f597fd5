"""Which parts of a model's text are mutated: its program, wherever it stands, and nothing else."""

import inspect
from pathlib import Path

import pytest

import byzverify
from byzverify.campaign.mutants import mutants
from byzverify.catalogue import library
from byzverify.language import Protocol

CORRECT = Path(__file__).parents[1] / "sabotage" / "correct"

TEXT = """
from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, any_of, broadcast, count, ite


def enough(votes, number):
    return count(votes, ATTACK) >= number


def safe(outcome, witnesses):
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return agreed(one, other) & enough([one, one], 0)


def agreed(one, other):
    return any_of([one == other]) | (~any_of([one != RETREAT]) & any_of([other == one]))


def unused(votes):
    return count(votes, ATTACK) > 1


SAFE = Condition("Safe", "all decide the same", safe, witnesses=2, needs_loyal=2)


class Base(Protocol):
    problem = Problem("voting", (SAFE,), has_commander=False)

    def tolerates(self, t):
        return t <= 0

    def judged(self):
        return self.n > 1

    def general(self, me, order):
        inbox = yield broadcast(order)
        return self.choice([inbox[j] for j in self.generals])

    def choice(self, votes):
        return ite(enough(votes, 2), ATTACK, RETREAT)


class Voting(Base):
    def choice(self, votes):
        return ite(enough(votes, 3) & ~enough(votes, 5), ATTACK, RETREAT)
"""


@pytest.fixture
def voting(tmp_path: Path) -> type[Protocol]:
    file = tmp_path / "voting.py"
    file.write_text(TEXT)
    return library.find(f"{file}:Voting")


def test_what_the_program_calls_is_mutated_and_what_only_conditions_call_is_not(voting: type[Protocol]) -> None:
    changed = {mutant.title.partition(",")[0] for mutant in mutants(voting)}
    assert changed == {"enough", "choice"}


def test_a_mutant_is_placed_at_the_line_of_its_file_and_listed_by_the_line_of_its_function() -> None:
    om = library.find("om")
    lines = Path(inspect.getfile(om)).read_text().splitlines()
    for mutant in mutants(om):
        file, _, line = mutant.place.partition(":")
        assert file == "om.py"
        assert mutant.change.partition(" -> ")[0] in lines[int(line) - 1]
        first = 1 + next(number for number, text in enumerate(lines) if "def general" in text)
        assert mutant.title == f"general, line {int(line) - first}: {mutant.change}"


def test_the_conditions_of_a_mutant_are_the_model_s_own(voting: type[Protocol]) -> None:
    for mutant in mutants(voting):
        assert mutant.build().problem is voting.problem


def test_of_a_model_that_inherits_its_program_from_another_file_its_own_methods_are_mutated() -> None:
    changed = {mutant.title.partition(",")[0] for mutant in mutants(library.find("museum.chains_of_three"))}
    assert changed == {"signers"}


@pytest.mark.slow
def test_a_mutant_is_checked_though_its_classes_are_in_no_module_that_can_be_imported(tmp_path: Path) -> None:
    kind = "from enum import IntEnum\n\nclass Kind(IntEnum):\n    VOTE = 1\n\n"
    labelled = TEXT.replace("broadcast(order)", "broadcast(order, Kind.VOTE)").replace(
        "inbox[j]", "inbox[j, Kind.VOTE]"
    )
    (tmp_path / "labelled.py").write_text(kind + labelled)
    for model in (f"{tmp_path}/labelled.py:Voting", str(CORRECT / "named_decision.py")):
        mutant, *_ = mutants(library.find(model))
        assert isinstance(byzverify.check(mutant.build()(n=4), 1), byzverify.Proved | byzverify.Refuted)
