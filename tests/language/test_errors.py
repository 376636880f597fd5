"""Rules of the language: breaking one is the author's error, and the message names file, line and what to write."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

import pytest

import byzverify
from byzverify.errors import ProtocolError, UsageError
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    IC1,
    RETREAT,
    TRUE,
    Condition,
    Dispatch,
    Order,
    Problem,
    Program,
    Protocol,
    Tree,
    broadcast,
    count,
    how_many,
    ite,
    majority,
    send,
)
from byzverify.language.seat import Seat
from byzverify.models.om import OM
from byzverify.questions.simulating import simulate

BREAKS: dict[str, tuple[Callable[..., Any], str]] = {}


class Sides:
    """Orders by names with a dot, which a `case` compares with."""

    attack = ATTACK


def breaks(expected: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def note(program: Callable[..., Any]) -> Callable[..., Any]:
        BREAKS[program.__name__] = (program, expected)
        return program

    return note


@breaks("write ite")
def if_on_an_order_compared(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(order or RETREAT)
    if inbox[COMMANDER] == ATTACK:
        return ATTACK
    return RETREAT


@breaks("write ite")
def not_on_a_truth(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ATTACK if not (inbox[COMMANDER] == ATTACK) else RETREAT  # noqa: SIM201


@breaks("write a & b")
def and_between_truths(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    both = inbox[COMMANDER] == ATTACK and inbox[me] == ATTACK
    return ATTACK if both else RETREAT


@breaks(r"`or` on an order, which is not a truth; write inbox.get\(sender, default=RETREAT\), or ite")
def or_between_orders(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return inbox[COMMANDER] or RETREAT


@breaks("write ite")
def bool_of_a_count(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ATTACK if bool(count([inbox[j] for j in self.generals], ATTACK) > 1) else RETREAT


@breaks(r"`in` looks at values one by one; write any_of\(vote == order for vote in votes\)")
def membership_among_orders(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ATTACK if ATTACK in [inbox[j] for j in self.generals] else RETREAT


@breaks("as a key")
def a_dict_key(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return {inbox[COMMANDER]: ATTACK}[ATTACK]


@breaks("as a number")
def an_index(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return [RETREAT, ATTACK][inbox[COMMANDER]]  # type: ignore[call-overload]


@breaks("as a number")
def a_truth_as_an_index(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return [RETREAT, ATTACK][inbox[COMMANDER] == ATTACK]  # type: ignore[call-overload]


@breaks("who does not exist")
def reading_from_nobody(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return inbox[99]


@breaks("not an order")
def sending_a_string(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast("ATTACK")  # type: ignore[arg-type]
    return RETREAT


@breaks("yield broadcast")
def yielding_an_order(self: Protocol, me: int, order: Any) -> Program:
    yield [ATTACK]  # type: ignore[list-item]
    return RETREAT


@breaks("not iterable")
def yielding_a_number(self: Protocol, me: int, order: Any) -> Program:
    yield 3  # type: ignore[misc]
    return RETREAT


@breaks("not one of")
def sending_an_unknown_order(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(Order("SURRENDER"))
    return RETREAT


@breaks("decides SURRENDER, which is not one of ABSENT, ATTACK, RETREAT")
def deciding_an_unknown_order(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(RETREAT)
    return Order("SURRENDER")


@breaks("decides a list; a decision is an order")
def deciding_a_list(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return [inbox[j] for j in self.generals]


@breaks("decides a bool; a decision is an order, a truth such as TRUE")
def deciding_a_python_truth(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(RETREAT)
    return True


@breaks("ite chooses between two orders or two truths, not 2")
def choosing_between_numbers(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ite(inbox[0] == ATTACK, 2, 0)  # type: ignore[call-overload]


@breaks("decides None, which is not an order: a `return` is missing, or he started with none")
def deciding_nothing(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(RETREAT)
    return None


@breaks("sets self.votes, but a protocol must not change: keep what a program knows in local variables")
def keeping_in_the_protocol(self: Any, me: int, order: Any) -> Program:
    self.votes = []
    yield broadcast(RETREAT)
    return RETREAT


@breaks(r"such as \[me\]")
def sending_to_a_number(self: Protocol, me: int, order: Any) -> Program:
    yield send(RETREAT, to=3)  # type: ignore[arg-type]
    return RETREAT


@breaks(r"such as \[me\]")
def leaving_out_a_number(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(RETREAT, without=3)  # type: ignore[arg-type]
    return RETREAT


@breaks("two orders under the label")
def sending_twice_under_a_label(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield [broadcast(ATTACK), send(RETREAT, to=self.others(me))]
    return inbox[next(iter(self.others(me)))]


@breaks("in a label, which is a whole number")
def a_list_for_a_label(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(ATTACK, label=[1, 2])
    return RETREAT


@breaks("ZeroDivisionError")
def failing(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(RETREAT)
    return [RETREAT][1 // 0]


@breaks("ZeroDivisionError")
def failing_while_sending(self: Protocol, me: int, order: Any) -> Program:
    yield (broadcast(RETREAT, label=1 // number) for number in (1, 0))
    return RETREAT


@breaks("does his loop end")
def never_deciding(self: Protocol, me: int, order: Any) -> Program:
    while True:
        yield None


@breaks("never yields")
def never_sending(self: Protocol, me: int, order: Any) -> Any:
    return RETREAT


@breaks("def general")
def too_few_parameters(self: Protocol, me: int) -> Program:
    yield None
    return RETREAT


choose: Any = ite
say: Any = broadcast

NO_NUMBERS: dict[str, tuple[Callable[..., Any], str]] = {
    "max of orders": (lambda votes: max(votes), "as max, min, sorted and sum do; write majority(votes)"),
    "sorted orders": (lambda votes: sorted(votes), "write majority(votes), plurality(votes, tie) or count(votes, "),
    "sum of orders": (lambda votes: sum(votes), "uses an order as a number"),
    "orders by size": (lambda votes: votes[0] >= votes[1], "uses an order as a number"),
    "sum of truths": (lambda votes: sum(vote == ATTACK for vote in votes), "how_many(truths) counts those that hold"),
    "truth compared with a number": (lambda votes: (votes[0] == ATTACK) > 0, "how_many(truths)"),
    "how many orders": (lambda votes: how_many(votes), "an order where a truth is expected, such as order == ATTACK"),
    "chosen by a count": (
        lambda votes: choose(count(votes, ATTACK), ATTACK, RETREAT),
        "a count where a truth is expected; compare it, as in count(votes, ATTACK) > 0",
    ),
    "chosen by an order": (lambda votes: choose(votes[0], ATTACK, RETREAT), "an order where a truth is expected"),
    "choice of counts": (
        lambda votes: choose(votes[0] == ATTACK, count(votes, ATTACK), count(votes, RETREAT)),
        "not a count; compare first: ite(condition, one > 1, other > 1)",
    ),
    "count in a conjunction": (lambda votes: (votes[0] == ATTACK) & count(votes, ATTACK), "compare it, as in"),
    "chained comparison": (lambda votes: 1 < count(votes, ATTACK) < 3, "write (a < b) & (b < c)"),
    "difference without its sign": (
        lambda votes: abs(count(votes, ATTACK) - count(votes, RETREAT)) <= 1,
        "takes abs() of a count; write (a - b <= k) & (b - a <= k)",
    ),
    "count sent": (lambda votes: say(count(votes, ATTACK)), "sends a count, which is not an order; write ite("),
    "truth sent": (lambda votes: say(votes[0] == ATTACK), "sends a truth, which is not an order; write ite("),
    "number sent": (lambda votes: say(1), "sends 1, which is not an order; say a number as one of self.orders"),
    "nothing sent": (lambda votes: say(None), "sends None, which is not an order; `order` is None for a general"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", NO_NUMBERS)
def test_a_value_taken_for_another_kind_is_told_with_what_to_write(name: str) -> None:
    compute, expected = NO_NUMBERS[name]

    class Takes(Protocol):
        problem = CONSENSUS

        def general(self, me: int, order: Any) -> Program:
            inbox = yield broadcast(order)
            made = compute([inbox.get(j, default=RETREAT) for j in self.generals])
            yield made if isinstance(made, Dispatch) else None
            return order

    with pytest.raises(ProtocolError) as raised:
        byzverify.check(Takes(n=3), 1)
    assert expected in str(raised.value)
    assert " at 0x" not in str(raised.value)


def test_a_number_where_a_general_stands_in_a_label_is_named_with_what_to_write() -> None:
    class Mixes(Protocol):
        def general(self, me: int, order: Any) -> Program:
            inbox = yield [broadcast(RETREAT, label=("by", me)), broadcast(RETREAT, label=("extra", 1))]
            return majority([*(inbox[j, ("by", j)] for j in self.generals), inbox[me, ("extra", 1)]])

    why = byzverify.check(Mixes(n=4), 1).evidence.asymmetry
    assert why == ('a label has the number 1 where others have a general; write it as a text, as in ("extra", "1")')


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_names_file_line_and_remedy(name: str) -> None:
    program, expected = BREAKS[name]
    protocol = type("Broken", (Protocol,), {"general": program})
    with pytest.raises(ProtocolError, match=expected) as caught:
        byzverify.check(protocol(n=3), 1)
    assert "\n" not in str(caught.value)
    if name not in {"never_deciding", "never_sending", "too_few_parameters", "sending_twice_under_a_label"}:
        path, line = str(caught.value).split(": ", 1)[0].rsplit(":", 1)
        lines, first = inspect.getsourcelines(program)
        assert path == __file__
        assert first <= int(line) < first + len(lines)


@breaks("after round 1: TypeError: 'Dispatch' object is not subscriptable; write `inbox = yield ...`")
def forgetting_a_yield(self: Protocol, me: int, order: Any) -> Program:
    yield broadcast(RETREAT)
    inbox: Any = broadcast(RETREAT)
    return inbox[COMMANDER]


@breaks("'generator' object is not subscriptable; a helper that yields is called with `yield from`")
def forgetting_a_yield_from(self: Protocol, me: int, order: Any) -> Program:
    def exchange() -> Any:
        inbox = yield broadcast(RETREAT)
        return [inbox[j] for j in self.generals]

    yield broadcast(RETREAT)
    votes = exchange()
    return votes[0]


@breaks("catches the error: looks at a truth")
def swallowing_the_error(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    try:
        return ATTACK if inbox[COMMANDER] == ATTACK else RETREAT
    except Exception:
        return RETREAT


@breaks(
    r"general 1, after round 1: `\.count\(\)` of a list looks at its values one by one; write count\(votes, order\)"
)
def a_lists_own_count_in_a_helper(self: Protocol, me: int, order: Any) -> Program:
    def most(votes: list[Any]) -> Any:
        return next((vote for vote in (ATTACK, RETREAT) if votes.count(vote) > 1), RETREAT)

    inbox = yield broadcast(RETREAT)
    return most([inbox[j] for j in self.generals])


@breaks(r"`not` on a truth; write ~truth$")
def not_of_a_truth(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ite(not (inbox[COMMANDER] == ATTACK), RETREAT, ATTACK)  # noqa: SIM201


@breaks(r"any\(\) asks for truths, which are not known yet; write any_of\(truths\)$")
def bool_by_any(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ite(any(inbox[j] == ATTACK for j in self.generals), ATTACK, RETREAT)


@breaks(
    r"`if` on a truth, which is not known while the program runs once for all values; write ite\(condition, a, b\)$"
)
def if_in_a_filter(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return majority(inbox[j] for j in self.generals if inbox[j] == ATTACK)


@breaks(r"`if` on a truth, .*; write ite\(condition, a, b\)$")
def if_in_a_filter_by_name(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    attacks = [inbox[j] == ATTACK for j in self.generals]
    return RETREAT if [attack for attack in attacks if attack] else ATTACK


@breaks(r"`while` on a truth, .*; write ite\(condition, a, b\)$")
def while_on_a_comparison(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    while inbox[COMMANDER] == ATTACK:
        return ATTACK
    return RETREAT


@breaks(r"`while` on a truth, .*; write ite\(condition, a, b\)$")
def while_on_a_truth(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    attacks = inbox[COMMANDER] == ATTACK
    while attacks:
        return ATTACK
    return RETREAT


@breaks(r"`assert` on a truth, .*; write ite\(condition, a, b\)$")
def assert_of_a_comparison(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    assert inbox[COMMANDER] == ATTACK
    return RETREAT


@breaks(r"`not` on a truth; write ~truth$")
def assert_that_a_comparison_fails(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    assert not (inbox[COMMANDER] == ATTACK)  # noqa: SIM201
    return RETREAT


@breaks(r"`and` on values gives one of them, and not a truth about both; write a & b$")
def while_on_two_comparisons(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    while inbox[COMMANDER] == ATTACK and inbox[me] == ATTACK:
        return ATTACK
    return RETREAT


@breaks(r"`if` on a truth, .*; write ite\(condition, a, b\)$")
def if_behind_a_case(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    match me:
        case _ if inbox[COMMANDER] == ATTACK:
            return ATTACK
    return RETREAT


@breaks(r"`match` on an order, .*; write ite\(condition, a, b\)$|`match` on a truth, .*; write ite")
def match_on_an_order(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    match inbox[COMMANDER]:
        case Sides.attack:
            return ATTACK
    return RETREAT


@breaks(r"`==` on lists compares their members one by one; write all_of\(a == b for a, b in zip\(one, other\)\)$")
def lists_compared(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    same: Any = [inbox[COMMANDER]] == [ATTACK]
    return ite(same, ATTACK, RETREAT)


@breaks(r"looks at a truth, which is not known .* write ite\(condition, a, b\), & \| ~, all_of or any_of$")
def bool_where_there_is_no_text(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    given = {"told": inbox[me] == ATTACK}
    exec(compile("1 if told else 2", "<nowhere>", "exec"), given)  # as in a shell whose lines are in no file
    return RETREAT


@breaks(r"`&`, `\|` or `~` on an order, which is not a truth; write inbox.get\(sender, default=RETREAT\), or ite")
def two_orders_joined(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    return inbox[COMMANDER] | RETREAT


@breaks("iterates over an order, a single value; a helper without a `yield` is called without `yield from`")
def yield_from_without_a_yield(self: Protocol, me: int, order: Any) -> Program:
    def settled(heard: Any) -> Any:
        return heard

    inbox = yield broadcast(RETREAT)
    heard: Order = yield from settled(inbox[COMMANDER])
    return heard


@breaks(
    r"compares an order with a generator \(a helper that yields is called with `yield from`\), which is not an order"
)
def a_helper_that_yields_without_yield_from(self: Protocol, me: int, order: Any) -> Program:
    def settled() -> Any:
        inbox = yield broadcast(RETREAT)
        return inbox[COMMANDER]

    inbox = yield broadcast(RETREAT)
    return ite(inbox[COMMANDER] == settled(), ATTACK, RETREAT)


@breaks(r"iterates over an inbox; read from each sender: \[inbox\[sender\] for sender in self.generals\]")
def the_values_of_an_inbox(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    return majority(inbox.values())


@breaks(r"iterates over an inbox; read from each sender: \[inbox\[sender\] for sender in self.generals\]")
def the_items_of_an_inbox(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    return majority(vote for _, vote in inbox.items())


@breaks(r"yields an order; yield broadcast\(\.\.\.\), send\(\.\.\.\) or a list of them")
def an_order_in_an_outbox(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    yield [inbox[COMMANDER]]
    return RETREAT


@breaks("AttributeError: 'Inbox' object has no attribute 'senders'")
def what_an_inbox_does_not_have(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    return majority(inbox.senders())


@breaks("sends an inbox, which is not an order")
def an_inbox_sent_on(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    yield broadcast(inbox)
    return RETREAT


@breaks(r"TypeError: 'Order' object is not subscriptable")
def a_part_of_an_order(self: Protocol, me: int, order: Any) -> Program:
    inbox: Any = yield broadcast(RETREAT)
    return inbox[COMMANDER][0]


@dataclass
class Tally:
    yes: Any
    no: Any


@breaks(
    r"decides Tally\(yes=a count, no=a count\); a decision is .* a tuple, a NamedTuple or a dictionary by general of th"
)
def deciding_a_dataclass(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    votes = [inbox[j] for j in self.generals]
    decision: Any = Tally(count(votes, ATTACK), count(votes, RETREAT))
    return decision


@breaks("a symbolic value in a text")
def if_on_the_text_of_an_order(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ATTACK if str(inbox[COMMANDER]) == "ATTACK" else RETREAT


@breaks("compares an order with 'ATTACK'")
def comparing_with_a_text(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ite(inbox[COMMANDER] == "ATTACK", ATTACK, RETREAT)


@breaks("a count where a truth is expected")
def bool_of_a_bare_count(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ATTACK if count([inbox[me]], ATTACK) else RETREAT


@breaks("not n / 2")
def comparing_a_count_with_a_fraction(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ite(count([inbox[me]], ATTACK) > self.n / 2, ATTACK, RETREAT)  # type: ignore[operator, unused-ignore]


@breaks("where a truth is expected")
def choosing_by_an_order(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return ite(inbox[me] if False else RETREAT, ATTACK, RETREAT)  # type: ignore[call-overload]


@breaks("that does not exist")
def sending_to_nobody(self: Protocol, me: int, order: Any) -> Program:
    yield send(RETREAT, to=[99])
    return RETREAT


@breaks("default=order")
def order_for_a_label(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return inbox.get(me, RETREAT)


@breaks("iterates over an inbox")
def going_through_an_inbox(self: Protocol, me: int, order: Any) -> Program:
    inbox = yield broadcast(RETREAT)
    return next(iter(inbox))


@breaks("yields an order")
def yielding_what_should_be_broadcast(self: Protocol, me: int, order: Any) -> Program:
    yield RETREAT  # type: ignore[misc]
    return RETREAT


@breaks("SystemExit")
def leaving_the_process(self: Protocol, me: int, order: Any) -> Program:
    yield None
    raise SystemExit(0)


PLAIN_ONLY = {"if", "while", "assert", "match", "not", "and", "or", "bool"}
PLAIN_ONLY |= {"membership", "lists", "a", "an", "swallowing"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [name for name in BREAKS if name.split("_")[0] not in PLAIN_ONLY or name == "order_for_a_label"]
)
def test_the_simulator_notices_what_the_checker_notices(name: str) -> None:
    program, expected = BREAKS[name]
    protocol = type("Broken", (Protocol,), {"general": program})
    with pytest.raises(ProtocolError, match=expected):
        simulate(protocol(n=3), [1], ["ATTACK"])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"n": 4, "m": 3}, "0 <= m <= n-2"),
        ({"n": 4, "m": -1}, "0 <= m <= n-2"),
        ({"n": 0, "m": 0}, "1 to 1000 generals"),
        ({"n": 4, "m": 1, "values": 1}, "2 to 1000 values"),
        ({"n": "4", "m": 1}, "whole number"),
        ({"n": 4, "m": True}, "whole number"),
    ],
)
def test_impossible_parameters_are_the_users_error(parameters: dict[str, Any], expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        OM(**parameters)


@pytest.mark.parametrize(("traitors", "what"), [(-1, "0 or more, not -1"), (5, "0 to 4 traitors"), (1.5, "not 1.5")])
def test_there_cannot_be_more_traitors_than_generals(traitors: int, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        byzverify.check(OM(n=4, m=1), traitors)


class NoDepth(Protocol):
    def general(self, me: int, order: Any) -> Program:
        yield None
        return RETREAT


def test_without_m_the_number_of_traitors_must_be_said() -> None:
    with pytest.raises(UsageError, match="say how many traitors"):
        byzverify.check(NoDepth(n=4))


@pytest.mark.parametrize(
    "marks", [(ATTACK,), (ABSENT,), (Order("X"), Order("X")), (Order("A:B"),), ("X",), (Order(""),)]
)
def test_a_mark_that_is_no_word_of_its_own_is_refused(marks: Any) -> None:
    made = type("Marked", (Protocol,), {"marks": marks})
    with pytest.raises(ProtocolError, match=r"Marked\.marks must be orders with names of their own"):
        made(n=3)


def test_a_problem_must_ask_something_and_call_it_by_one_name() -> None:
    for conditions in ((), (IC1, IC1)):
        with pytest.raises(ProtocolError, match="must have conditions, each with a name of its own"):
            Problem("nothing", conditions, has_commander=True)


TAKEN = ["state", "groups", "fresh", "linked", "words", "claims", "_pristine", "_joined"]


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_that_the_protocol_relies_on_cannot_be_another_thing_in_a_model(name: str) -> None:
    called_otherwise = f" defines {name}, a name of Protocol's own: call it something else"
    parameter: dict[str, Any] = {"__annotations__": {name: int}, name: 2}
    for members in (parameter, {name: lambda self: 2}, {name: property(lambda self: 2)}):
        with pytest.raises(ProtocolError, match=f"^Taking{called_otherwise}$"):
            type("Taking", (Protocol,), dict(members))
    with pytest.raises(ProtocolError, match=called_otherwise):
        type("Taking", (type("Mixin", (), {name: 2}), Protocol), {})


@pytest.mark.parametrize("name", ["rushing", "claim", "problem", "general"])
def test_what_a_model_may_define_is_no_parameter(name: str) -> None:
    type("Defining", (Protocol,), {name: vars(Protocol)[name]})
    with pytest.raises(ProtocolError, match=f"defines {name}, a name of Protocol's own"):
        type("Taking", (Protocol,), {"__annotations__": {name: int}, name: 2})


@pytest.mark.parametrize("default", [[0, 1], {}, {1}])
def test_a_parameter_is_of_a_simple_kind(default: Any) -> None:
    with pytest.raises(
        ProtocolError, match=r"the parameter kings has the default .*; write one of int, bool, float, str"
    ):
        type("Listing", (Protocol,), {"__annotations__": {"kings": list}, "kings": default})


class Phase(Enum):
    FIRST = 1


@pytest.mark.slow
@pytest.mark.parametrize("label", [1.5, None, True, b"first", [1], Phase.FIRST, ("phase", Phase.FIRST), (1, (2, 0.5))])
def test_what_is_no_label_is_refused_where_it_is_sent_and_where_it_is_read(label: Any) -> None:
    class Sends(Protocol):
        def general(self, me: int, order: Any) -> Program:
            yield broadcast(RETREAT, label)
            return RETREAT

    class Reads(Protocol):
        def general(self, me: int, order: Any) -> Program:
            inbox = yield None
            return inbox.get(0, label, default=RETREAT)

    for kind in (Sends, Reads):
        with pytest.raises(ProtocolError, match="in a label, which is a whole number, a text or a tuple of these"):
            byzverify.check(kind(n=3), 1)


def test_a_list_of_the_class_in_which_generals_are_kept_is_named() -> None:
    class Bell(Protocol):
        problem = CONSENSUS
        rung: ClassVar[list[int]] = []

        def general(self, me: int, order: Any) -> Program:
            self.rung.append(me)
            yield broadcast(order)
            return order

    with pytest.raises(ProtocolError, match=r"^Bell keeps something in Bell\.rung, .* variable of `general`$"):
        byzverify.check(Bell(n=3), 0)


def test_an_error_that_is_caught_in_what_makes_an_outbox_is_noticed() -> None:
    def told(votes: list[Any]) -> Iterator[Dispatch]:
        try:
            yield broadcast(ATTACK if all(one == ATTACK for one in votes) else RETREAT)
        except Exception:
            yield broadcast(RETREAT)

    class Catches(Protocol):
        problem = CONSENSUS

        def general(self, me: int, order: Any) -> Program:
            inbox = yield broadcast(order)
            yield told([inbox[j] for j in self.generals])
            return order

    with pytest.raises(ProtocolError, match="breaks a rule of the language, and catches the error"):
        byzverify.check(Catches(n=3), 0)


class Catches(Protocol):
    """A program that catches what `looked` raises, and then decides RETREAT."""

    problem = CONSENSUS

    def looked(self, me: int, order: Any) -> Any:
        raise NotImplementedError

    def general(self, me: int, order: Any) -> Program:
        yield broadcast(order)
        try:
            return self.looked(me, order)
        except Exception:
            return RETREAT


def looks(order: Any) -> Any:
    return ATTACK if order == ATTACK else RETREAT


class AsksACondition(Catches):
    def looked(self, me: int, order: Any) -> Any:
        return Condition("x", "x", lambda outcome, one: looks(order), witnesses=1).judge(outcome=None, witnesses=(me,))  # type: ignore[arg-type]


class AsksWhetherAConditionApplies(Catches):
    def looked(self, me: int, order: Any) -> Any:
        asked = Condition("x", "x", lambda *_: TRUE, 1, concerns=lambda *_: looks(order) == ATTACK)
        return ATTACK if asked.applies(self, [me]) else RETREAT


class CatchesWhatAConditionCatches(Catches):
    def looked(self, me: int, order: Any) -> Any:
        def holds(outcome: Any, witnesses: Any) -> Any:
            with suppress(Exception):
                looks(order)
            return TRUE

        return Condition("x", "x", holds, witnesses=1).judge(None, (me,))  # type: ignore[arg-type]


class SeatsAnother(Catches):
    def looked(self, me: int, order: Any) -> Any:
        class Inner(Protocol):
            def general(self, me: int, order: Any) -> Program:
                yield None
                return looks(order)

        inner = Seat(Inner(n=self.n), me, order)
        inner.advance({})  # type: ignore[arg-type]
        return inner.decision


class Cleaning(Tree):
    def told(self, path: Any) -> Any:
        try:
            return looks(super().told(path))
        except Exception:
            return RETREAT


class RelaysWhatIsCleaned(Protocol):
    problem = CONSENSUS

    def general(self, me: int, order: Any) -> Program:
        heard = Cleaning(self, me, roots=list(self.generals))
        heard.grow((yield broadcast(order, label=(me,))))
        yield heard.relays()
        return order


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [AsksACondition, AsksWhetherAConditionApplies, CatchesWhatAConditionCatches, SeatsAnother, RelaysWhatIsCleaned],
)
def test_a_broken_rule_is_noticed_however_deep_it_is_caught(kind: type[Protocol]) -> None:
    with pytest.raises(ProtocolError, match="breaks a rule of the language, and catches the error"):
        byzverify.check(kind(n=3), 0)


@pytest.mark.parametrize("claim", [property(lambda self: "right"), 5])
def test_a_claim_is_a_text(claim: object) -> None:
    with pytest.raises(ProtocolError, match=r"Claiming\.claim must be a text, the same for all parameters"):
        type("Claiming", (Protocol,), {"claim": claim, "__module__": __name__})
