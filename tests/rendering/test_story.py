"""The story of an attack as it is printed: golden texts, and whether what they say is what happened.

tests/golden/README.md says how to write the golden texts anew.
"""

import os
import re
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from byzverify.attacks.loading import load
from byzverify.attacks.run_log import RunLog
from byzverify.errors import UsageError
from byzverify.language import (
    ABSENT,
    ATTACK,
    CONSENSUS,
    RETREAT,
    Condition,
    General,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    count,
    ite,
    majority,
)
from byzverify.language.decisions import written
from byzverify.language.messages import spelled
from byzverify.language.values import Order
from byzverify.models.phase_king import PhaseKing
from byzverify.rendering.attack.story import print_attack, print_reasoning
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation
from byzverify.stories import deliberations, narration
from byzverify.stories.narration import sayings

GOLDEN = Path(__file__).parents[1] / "golden"
ATTACKS = sorted((GOLDEN / "attacks").glob("*.json"))
SCREEN = 32
named = pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)


def console(width: int = 100) -> Console:
    return Console(file=StringIO(), width=width, highlight=False, soft_wrap=True, markup=False, emoji=False)


def printed(replay: Replay, general: int | None = None, width: int = 100) -> str:
    out = console(width)
    if general is None:
        print_attack(out, replay)
    else:
        print_reasoning(out, replay, general, "an attack")
    assert isinstance(out.file, StringIO)
    return "".join(f"{line.rstrip()}\n" for line in out.file.getvalue().splitlines())


@named
def test_the_story_is_the_golden_one(path: Path) -> None:
    golden = GOLDEN / "stories" / f"{path.stem}.txt"
    text = printed(load(path)[1])
    if os.environ.get("BYZVERIFY_REWRITE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@named
def test_the_rows_of_the_golden_table_are_the_lies_of_the_replay(path: Path) -> None:
    text = (GOLDEN / "stories" / f"{path.stem}.txt").read_text(encoding="utf-8")
    rows = re.findall(r"^(\d+) {2,}([\d, ]*\d) {2,}([\d, ]*\d) {2,}(\w+) {2,}(\w+) *(.*)$", text, re.MULTILINE)
    told = Counter(
        (int(round), int(sender), int(receiver), honest, said)
        for round, senders, receivers, honest, said, about in rows
        for sender in senders.split(", ")
        for receiver in receivers.split(", ")
        for _ in range(_number(about))
    )
    seen = Counter(
        (
            lie.round,
            lie.sender,
            lie.receiver,
            *("nothing" if o.name == "ABSENT" else o.name for o in (lie.honest, lie.said)),
        )
        for lie in load(path)[1].run.lies
    )
    assert told == seen


def test_what_several_say_alike_is_one_saying() -> None:
    said = {(1, sender, receiver, ()): ATTACK for sender, receiver in [(3, 0), (3, 1), (4, 0), (4, 1), (4, 2)]}
    orders = dict.fromkeys(range(5), RETREAT)
    told = sayings(run(PhaseKing(n=5, m=1), {3, 4}, orders, Deviation(Behaviour(said={**said, (2, 4, 0, ()): ATTACK}))))
    assert [(one.round, one.senders, one.receivers, one.number) for one in told] == [
        (1, (3,), (0, 1), 2),
        (1, (4,), (0, 1, 2), 3),
        (2, (4,), (0,), 1),
    ]
    del said[1, 4, 2, ()]
    (together,) = sayings(run(PhaseKing(n=5, m=1), {3, 4}, orders, Deviation(Behaviour(said=said))))
    assert (together.senders, together.receivers, together.number) == ((3, 4), (0, 1), 4)
    assert str(together) == "In round 1 generals 3, 4 tell generals 0, 1 ATTACK instead of RETREAT."


def _number(about: str) -> int:
    """Of how many orders a row speaks: as many as it lists, or as it says in parentheses after the first few."""
    more = re.search(r"… \((\d+)\)", about)
    return int(more[1]) if more else max(1, len(about.split()))


@named
def test_every_single_lie_that_a_golden_story_points_at_was_told(path: Path) -> None:
    text = (GOLDEN / "stories" / f"{path.stem}.txt").read_text(encoding="utf-8")
    lies = {spelled(lie.label) for lie in load(path)[1].run.lies}
    for listed in re.findall(r"× ((?:\d+-)+\d+(?:, (?:\d+-)+\d+)*)(?: and \d+ more)?, (?:a lie|silence)", text):
        assert set(listed.split(", ")) <= lies


@named
def test_the_golden_headings_say_what_the_simulator_decides_with_and_without_failures(path: Path) -> None:
    text = (GOLDEN / "stories" / f"{path.stem}.txt").read_text(encoding="utf-8")
    played = load(path)[1].run
    honest = run(played.protocol, played.faults, played.orders, Deviation(Behaviour()))
    headings = re.findall(
        r"General (\d) decides (\([^)]*\)|\w+)(?: instead of (\([^)]*\)|\w+))?(?: for general (\d))?", text
    )
    assert headings
    for general, decided, otherwise, of in headings:
        found, would = (written(r.decisions[int(general)]) for r in (played, honest))
        if of:
            found, would = found[of], would[of]
        assert (decided, otherwise or decided) == tuple(map(_plain, (found, would)))


def _plain(decision: object) -> str:
    return f"({', '.join(map(str, decision))})" if isinstance(decision, list) else str(decision)


@named
def test_the_counts_of_a_decision_by_majority_are_the_simulators_own(path: Path) -> None:
    replay = load(path)[1]
    first = r"General (\d) decides [^\n]*?(?: for general (\d))?\n[└├]── \w+ +(?:× )?by \w+, (.*)"
    for general, of, shares in re.findall(first, printed(replay, width=80)):  # one under the other
        decision = replay.run.decisions[int(general)]
        vote = decision[int(of)] if of else decision
        assert isinstance(vote, Order)
        assert Counter(one.name for one in vote.votes) == {
            name: int(number) for name, number in re.findall(r"(\w+) (\d+)", shares)
        }


@named
def test_a_story_of_up_to_seven_generals_fits_a_screen(path: Path) -> None:
    assert len(printed(load(path)[1]).splitlines()) <= SCREEN


@named
@pytest.mark.parametrize("width", [80, 100])
def test_nothing_of_the_reasoning_is_cut_off_at_the_margin(path: Path, width: int) -> None:
    replay = load(path)[1]
    wide = printed(replay, replay.run.loyal[-1], width=1000)
    narrow = printed(replay, replay.run.loyal[-1], width=width)
    assert re.findall(r"\w+", narrow) == re.findall(r"\w+", wide)


@named
def test_the_sentences_name_the_faulty_and_end_with_what_fails(path: Path) -> None:
    replay = load(path)[1]
    sentences = narration.story(RunLog(replay))
    for general in replay.run.faults:
        said = rf"Generals? (\d, )*{general}\b[^.]* (is|are) [\w -]*(traitor|faulty)"
        assert sum(bool(re.match(said, sentence)) for sentence in sentences) == 1
    assert all(sentence.endswith(".") for sentence in sentences)
    assert replay.violated[-1].condition.statement in sentences[-1]


@named
def test_the_sentences_say_what_each_step_came_to(path: Path) -> None:
    replay = load(path)[1]
    sentences = narration.story(RunLog(replay))
    for deliberation in narration.tell(replay).deliberations:
        for line in deliberation.lines:
            assert any(line.value in sentence and line.text in sentence for sentence in sentences)


def test_who_does_not_reason_loyally_cannot_be_followed() -> None:
    replay = load(GOLDEN / "attacks" / "om-6-2.json")[1]
    with pytest.raises(UsageError, match=r"general 4 is a traitor, .*: 0, 1, 2, 3"):
        deliberations.followed(replay, 4)
    with pytest.raises(UsageError, match="general 6 does not exist"):
        deliberations.followed(replay, 6)


def test_of_a_very_large_run_the_votes_are_left_out_and_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    replay = load(GOLDEN / "attacks" / "om-6-2.json")[1]
    for module in (narration, deliberations):
        monkeypatch.setattr(module, "MOST_TOLD", replay.run.messages - 1)
    text = printed(replay)
    assert f"the votes are left out: {replay.run.messages:,} orders were told" in text
    assert "IC2 FAILS" in text
    with pytest.raises(UsageError, match="too many"):
        deliberations.followed(replay, 1)


def safe(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return any_of([one == ABSENT, other == ABSENT, one == other])


def live(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    return any_of([outcome.decisions[witnesses[0]] != ABSENT])


class Votes(Protocol):
    """Whoever hears all but one name an order decides it; else he decides nothing."""

    problem = Problem(
        "voting",
        (
            Condition("Safety", "no two decide different orders", safe, witnesses=2, needs_loyal=2),
            Condition("Liveness", "everyone decides", live, witnesses=1, needs_loyal=1),
        ),
        has_commander=False,
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        decision = ABSENT
        for candidate in self.orders:
            decision = ite(count(votes, candidate) >= self.n - 2, candidate, decision)
        return decision


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ("Safety", [(1, "(Safety)"), (0, "(Safety)"), (2, "(Liveness)")]),
        ("Liveness", [(2, "(Liveness)"), (1, "(Safety)"), (0, "(Safety)")]),
    ],
)
def test_every_condition_that_fails_is_explained_and_first_the_one_that_the_attack_is_about(
    about: str, told: list[tuple[int, str]]
) -> None:
    orders = {0: ATTACK, 1: RETREAT, 2: RETREAT, 3: ATTACK, 4: ATTACK}
    to_each = {0: ATTACK, 1: RETREAT, 2: ABSENT}
    said = {(1, liar, receiver, ()): order for liar in (3, 4) for receiver, order in to_each.items()}
    replay = Replay.of(run(Votes(n=5), {3, 4}, orders, Deviation(Behaviour(said=said))), about)
    explained = narration.tell(replay).deliberations
    assert [(one.general, one.heading.split()[-1]) for one in explained] == told


def close(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (outcome.decisions[witness][0] for witness in witnesses)
    return all_of([one - other <= 1, other - one <= 1])


class Poll(Protocol):
    """Everyone counts who would attack, and decides that beside his own order."""

    problem = Problem("poll", (Condition("Close", "counts are close", close, witnesses=2),), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK), order


def test_of_a_count_that_is_decided_every_vote_is_told_and_every_lie_is_marked() -> None:
    orders = {0: RETREAT, 1: RETREAT, 2: ATTACK, 3: ATTACK}
    played = run(Poll(n=4), {2, 3}, orders, Deviation(Behaviour(said={(1, 2, 0, ()): ABSENT, (1, 3, 0, ()): ABSENT})))
    deceived, other = narration.tell(Replay.of(played)).deliberations
    assert deceived.heading == "General 0 decides (0, RETREAT) instead of (2, RETREAT)"
    assert [(line.value, line.text, line.turned) for line in deceived.lines] == [
        ("RETREAT", "his own order at the start", False),
        ("RETREAT", "from 1 in round 1", False),
        ("nothing", "from 2, 3 in round 1, silence", True),
    ]
    assert [f"{line.value} {line.text}" for line in other.lines] == [
        "RETREAT his own order at the start",
        "ATTACK from 2, 3 in round 1",
        "RETREAT from 0 in round 1",
    ]


class Misread(Protocol):
    """Votes are told under one label, and read under another with what stands for silence."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, label="vote")
        return majority([inbox.get(j, "votes", default=RETREAT) for j in self.generals])


def test_what_nobody_says_is_not_told_as_if_it_had_been_said() -> None:
    replay = Replay.of(run(Misread(n=4), {}, dict.fromkeys(range(4), ATTACK), Deviation(Behaviour())))
    assert told_below(narration.tell(replay).deliberations[0]) == [
        "RETREAT set by the program",
        "RETREAT since nothing ever comes from 1, 2, 3 about votes in round 1",
    ]
    assert "RETREAT since nothing ever comes from 2 about votes in round 1" in told_below(
        deliberations.followed(replay, 1)[0]
    )


def test_the_legend_explains_only_the_signs_that_occur() -> None:
    unfailing = Replay.of(run(Misread(n=4), {}, dict.fromkeys(range(4), ATTACK), Deviation(Behaviour())))
    lies = Deviation(Behaviour(said={(1, 2, 0, ()): ABSENT, (1, 3, 0, ()): ABSENT}))
    counted = Replay.of(run(Poll(n=4), {2, 3}, {0: RETREAT, 1: RETREAT, 2: ATTACK, 3: ATTACK}, lies))
    tipped = load(GOLDEN / "attacks" / "om-3-1.json")[1]
    for replay, signs in ((unfailing, ""), (counted, "×"), (tipped, "×◄")):
        text = printed(replay)
        tree = "".join(line for line in text.splitlines() if "──" in line)
        assert "".join(sign for sign in "×◄" if sign in tree) == signs
        assert ("× a lie or lapse, or due to one" in text) == ("×" in signs)
        assert ("◄ tips the count above, alone" in text) == ("◄" in signs)


def told_below(deliberation: deliberations.Deliberation) -> list[str]:
    """The steps under the one that a decision is."""
    (decided,) = deliberation.lines
    return [f"{line.value} {line.text}" for line in decided.below]


class Hushed(Protocol):
    """Only attacks are told. Each vote is counted as it is heard, and the other way round."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(ite(order == ATTACK, ATTACK, ABSENT))
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        votes += [ite(inbox[j] == ATTACK, ABSENT, RETREAT) for j in self.generals]
        inbox = yield broadcast(majority(votes[: self.n]))
        return majority([*votes, *(ite(inbox[j] == votes[0], inbox[j], ABSENT) for j in self.generals)])


def test_what_is_neither_heard_nor_counted_is_told_by_what_it_was_worked_out_from() -> None:
    orders = {0: ATTACK, 1: ATTACK, 2: RETREAT, 3: ATTACK}
    replay = Replay.of(
        run(Hushed(n=4), {3}, orders, Deviation(Behaviour(said={(1, 3, 0, ()): ABSENT, (2, 3, 0, ()): RETREAT})))
    )
    assert told_below(deliberations.followed(replay, 0)[0]) == [
        "ATTACK his own order at the start",
        "ATTACK from 1 in round 1",
        "RETREAT since nothing comes from 2 in round 1",
        "RETREAT from 3 in round 1, silence",
        "nothing worked out from his own order at the start",
        "nothing worked out from what came from 1 in round 1",
        "RETREAT since nothing comes from 2 in round 1",
        "RETREAT since nothing comes from 3 in round 1",
        "nothing worked out by himself after round 1",
        "ATTACK worked out by himself after round 2",
        "ATTACK worked out by himself after round 2",
        "nothing worked out by himself after round 2",
    ]


class Peeks(Protocol):
    """It looks at an order with `if`: it runs in the simulator, and cannot be written down."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == 0 else None
        return ATTACK if me == 0 or inbox.get(0, default=RETREAT) == ATTACK else RETREAT


def test_of_a_program_that_cannot_be_written_down_the_votes_are_left_out_and_it_says_why() -> None:
    played = run(Peeks(n=3), {0}, {0: ATTACK}, Deviation(Behaviour(said={(1, 0, 1, ()): RETREAT})))
    text = printed(Replay.of(played))
    assert "the votes are left out: " in text
    assert "IC1 FAILS" in text


def test_one_generals_whole_reasoning_has_every_vote_that_he_counts() -> None:
    """In OM(2) among six: the commander's word, and four opinions, each of what one told him and three say he said."""
    replay = load(GOLDEN / "attacks" / "om-6-2.json")[1]
    text = printed(replay, 1)
    paths = {f"0-{j}" for j in range(2, 6)} | {f"0-{j}-{k}" for j in range(2, 6) for k in range(2, 6) if j != k}
    tree = [line for line in text.splitlines() if "──" in line and " on " not in line]
    assert {path for line in tree for path in re.findall(r"0(?:-\d)+", line)} == paths


@pytest.mark.parametrize("width", [60, 40, 30, 20])
def test_no_word_of_a_lie_is_cut_where_there_is_little_room(width: int) -> None:
    text = printed(load(GOLDEN / "attacks" / "om-6-2.json")[1], width=width)
    lies = text.partition("6 lies")[2].partition("General 1")[0]
    assert "…" not in lies
    assert lies.count("ATTACK") == lies.count("RETREAT") == 4
    assert lies.count("0-2-4") == 1
