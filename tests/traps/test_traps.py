"""Traps in the text of a protocol: each kind is seen at its line, and nothing is said of what is right."""

import sys
from pathlib import Path
from textwrap import dedent, indent

import pytest

from byzverify import cli
from byzverify.traps.scanning import traps_in
from tests.docs.test_docs import PAGES, blocks

ROOT = Path(__file__).parents[2]

PROTOCOL = """\
from byzverify.language import *
from byzverify.language import (
    ABSENT, ATTACK, RETREAT, TRUE, Protocol, Tree, all_of, any_of, broadcast, count, how_many, ite, majority
)
{above}

class Some(Protocol):
    share: float = 0.5
{attributes}

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        first = inbox[0]
        seen = first == ATTACK
        attackers = count(votes, ATTACK)
        some = {{1, 2}} & set(self.generals)
{program}
        return order
"""


def read(tmp_path: Path, program: str = "", above: str = "", attributes: str = "") -> list[str]:
    """The lines with a trap, each as it stands in the file, with the message."""
    text = PROTOCOL.format(
        above=dedent(above), attributes=indent(dedent(attributes), " " * 4), program=indent(dedent(program), " " * 8)
    )
    file = tmp_path / "some.py"
    file.write_text(text)
    lines = text.splitlines()
    return [f"{lines[trap.line - 1].strip()} -> {trap.message}" for trap in traps_in(file)]


IN_PROGRAMS = {
    "branch": ("x = 1 if seen else 2", "write ite(condition, a, b)"),
    "branch on a comparison": ("if attackers > self.m: x = 1", "write ite(condition, a, b)"),
    "loop": ("while seen: pass", "`while` on a truth"),
    "assertion": ("assert attackers", "`assert` on a count"),
    "filter": ("x = [vote for vote in votes if vote == ATTACK]", "write ite(condition, a, b)"),
    "match": ("match order: x = 1".replace(": ", ":\n    case ATTACK: "), "`match` on an order"),
    "and": ("x = seen and attackers > 1", "write a & b"),
    "or": (
        "x = inbox[1] or RETREAT",
        "write inbox.get(sender, default=RETREAT), or ite(order == ABSENT, RETREAT, order)",
    ),
    "or on a read": ("x = inbox.get(1) or order", "`or` on an order, which is not a truth"),
    "or on truths": ("x = seen or attackers > 1", "write a | b"),
    "not on an order": ("x = not first", "write order != ATTACK"),
    "not": ("x = not seen", "write ~truth"),
    "identity": ("x = first is ATTACK", "write =="),
    "identity of truths": ("x = seen is not TRUE", "write =="),
    "identity with None": ("x = first is None", "write order == ABSENT"),
    "chain": ("x = 1 < attackers < 3", "chained comparison"),
    "chain of orders": ("x = order == first == ATTACK", "chained comparison"),
    "parentheses that are missing": ("x = order == ATTACK & first == ATTACK", "write (a == b) & (c == d)"),
    "membership": ("x = order in self.orders", "write any_of("),
    "membership of a word": ("x = ATTACK in votes", "write any_of("),
    "method of a list": ("x = votes.count(ATTACK)", "write count(votes, order)"),
    "index of a list": ("x = votes.index(ATTACK)", "write count(votes, order)"),
    "sum of truths": ("x = sum(vote == ATTACK for vote in votes)", "write how_many(truths)"),
    "any": ("x = any(vote == ATTACK for vote in votes)", "write any_of(truths)"),
    "all": ("x = all([seen, attackers > 1])", "write all_of(truths)"),
    "max of orders": ("x = max(votes)", "write majority(votes)"),
    "max of counts": ("x = max(attackers, count(votes, RETREAT))", "write ite(a >= b"),
    "set of orders": ("x = len(set(votes))", "write count(votes, order)"),
    "type": ("x = isinstance(first, str)", "must not look"),
    "number": ("x = int(attackers)", "int() of a count"),
    "text": ("x = f'{first}'", "in a text"),
    "key": ("x = {first: 1}", "as a key"),
    "index": ("x = [1, 2][attackers]", "as a key or an index"),
    "half": ("x = attackers > self.n / 2", "2 * count > n"),
    "float": ("x = 0.5 * attackers", "write 2 * count > n"),
    "float parameter": ("x = attackers > self.share * self.n", "write 2 * count > n"),
    "quotient": ("x = attackers // 2 > 1", "2 * count > n"),
    "quotient in place": ("attackers /= 2", "2 * count > n"),
    "first of a set": ("x = next(iter(some))", "the first member of a set"),
    "place in a set": ("x = list(some)[0]", "in an arbitrary sequence"),
    "place in a list of a set": ("x = [j for j in some]; y = x[-1]", "in an arbitrary sequence"),
    "member of a set": ("x = some.pop()", "takes any member"),
    "unpacked set": ("a, b = some", "are unpacked"),
    "numbered set": ("x = {j: i for i, j in enumerate(some)}", "`enumerate`"),
    "chosen from a set": (
        "for j in some:\n    if j > me:\n        x = j\n        break",
        "whose sequence is arbitrary",
    ),
    "folded over a set": ("x = order\nfor j in some: x = ite(seen, inbox[j], x)", "whose sequence is arbitrary"),
    "folded over a set of orders": (
        "x = order\nfor v in {*self.orders}: x = ite(count(votes, v) > 2, v, x)",
        "write a list or a tuple, such as self.orders",
    ),
    "order picked from a set": ("x = next(iter(set(self.orders)))", "write a list or a tuple, such as self.orders"),
    "rounds over a set": ("for j in some: yield broadcast(order)", "whose sequence is arbitrary"),
    "lambda with an iterator": (
        "x = (v for v in votes)\ny = lambda told: majority([told, *x])",
        "gives its members only once",
    ),
    "class changed": ("type(self).leader = me", "for all generals"),
    "class changed by name": ("Some.leader = me", "for all generals"),
}
"""What stands in a program, and what is said of it, at its last line or the one that is marked by the fragment."""


@pytest.mark.parametrize("trap", IN_PROGRAMS)
def test_a_trap_in_a_program_is_seen_at_its_line(trap: str, tmp_path: Path) -> None:
    program, said = IN_PROGRAMS[trap]
    (found,) = read(tmp_path, program)
    line, _, message = found.partition(" -> ")
    assert said in message
    assert line in program


OUTSIDE = {
    "global list": ("SEEN = []", "SEEN.append(me)", "", "SEEN is one object"),
    "global name": ("LAST = 0", "global LAST\nLAST = me", "", "LAST is shared"),
    "global iterator": (
        "from itertools import cycle\nROLES = cycle([0, 1])",
        "x = next(ROLES)",
        "",
        "members only once",
    ),
    "global generator": (
        "PAIRS = ((a, b) for a in (1, 2) for b in (1, 2))",
        "x = list(PAIRS)",
        "",
        "members only once",
    ),
    "global chance": ("import random\nDIE = random.Random(7)", "x = DIE.random()", "", "members only once"),
    "chance": ("import random", "x = random.choice([1, 2])", "", "make what is drawn a parameter"),
    "chance by name": ("from random import random as chance", "x = chance() < 0.5", "", "random.random may differ"),
    "clock": ("import time", "x = time.time()", "", "time.time may differ"),
    "hash of a text": ("", "x = hash(f'{self.n}') % 2", "", "hash() of a text or an object may differ"),
    "environment": ("import os", "x = os.environ['HOME']", "", "os.environ may differ"),
    "class list": ("", "self.board.append(me)", "board: list[int] = []", "one object for all generals"),
    "class dictionary": ("", "self.board[me] = 1", "board = {0: 0}", "one object for all generals"),
    "default list": (
        "def note(one, kept=[]):\n    kept.append(one)\n    return kept",
        "x = note(me)",
        "",
        "of kept is",
    ),
}


@pytest.mark.parametrize("trap", OUTSIDE)
def test_what_is_kept_for_other_generals_is_seen(trap: str, tmp_path: Path) -> None:
    above, program, attributes, said = OUTSIDE[trap]
    (found,) = read(tmp_path, program, above, attributes)
    assert said in found


RIGHT = {
    "choice between numbers": ("x = 1 if me == 0 and self.n > 3 else 2", "", ""),
    "truth after a number": ("x = ite(me > 1 and seen, order, first)", "", ""),
    "words compared": ("x = [v for v in self.orders if v == RETREAT or v is ATTACK]", "", ""),
    "words as keys": ("x = {v: count(votes, v) for v in self.orders}\ny = [x[v] > 1 for v in self.orders]", "", ""),
    "lieutenant without an order": ("x = 0 if order is None else 1", "", ""),
    "half rounded": ("x = attackers > self.n // 2\ny = attackers >= int(self.n / 2)", "", ""),
    "double": ("x = 2 * attackers - 1 > self.n", "", ""),
    "sum of counts": ("x = sum(count(votes, v) for v in self.orders) > 1", "", ""),
    "any of numbers": ("x = any(j > 2 for j in self.generals)", "", ""),
    "sorted set": ("x = sorted(some)[0]\nfor j in sorted(some): yield broadcast(order)", "", ""),
    "counted set": ("x = count([inbox[j] for j in some], ATTACK) > 1", "", ""),
    "set gone through": ("x = TRUE\nfor j in some: x &= inbox[j] == ATTACK", "", ""),
    "membership in a set": ("x = me in some and len(some) > 1", "", ""),
    "len and membership of orders": ("x = len(set(self.orders)) + (ATTACK in set(self.orders))", "", ""),
    "set operations": ("x = len({1, 2} & set(self.generals)) + ({0} <= some)", "", ""),
    "all of a set": ("x = TRUE\nfor j in some: x = all_of([x, inbox[j] == ATTACK])", "", ""),
    "greatest in a set": ("x = 0\nfor j in some: x = max(x, j)", "", ""),
    "one of a set or another": ("x = False\nfor j in some: x = x or j > 2", "", ""),
    "orders in a set counted": ("x = 0\nfor v in set(self.orders): x = x + count(votes, v)", "", ""),
    "found in a set": ("def early():\n    for j in some:\n        if j > 2: return True\nx = early()", "", ""),
    "iterator used at once": ("x = (v for v in votes)\ny = majority(x)", "", ""),
    "own list": ("x = []\nx.append(me)\nfor j in x: pass", "", ""),
    "reused name": ("seen = me > 2\nif seen: x = 1", "", ""),
    "constants": ("x = TABLE[me][0] + SIZES.index(3)", "TABLE = [[0, 1]] * 9\nSIZES = [3, 4]", "weights = [1, 2]"),
    "memo": ("x = square(me)", "MEMO = {}\ndef square(x):\n  if x not in MEMO: MEMO[x] = x * x\n  return MEMO[x]", ""),
    "hash of a number": (
        "x = hash(me) % 2 + hash(7) + half(3)",
        "def half(number: int) -> int: return hash(number) // 2",
        "",
    ),
    "seeded": ("x = random.Random(7).randrange(9)", "import random", ""),
    "decision's shape": ("x = 1", "def parts(outcome, w): return isinstance(outcome.decisions[w], tuple)", ""),
    "test in the same file": ("x = 1", "import random\ndef test_it(): assert random.random() < 1", ""),
    "own functions of these names": ("x = sum(votes)", "def sum(votes): return majority(votes)", ""),
}


@pytest.mark.parametrize("near", RIGHT)
def test_nothing_is_said_of_what_is_right(near: str, tmp_path: Path) -> None:
    assert read(tmp_path, *RIGHT[near]) == []


def test_nothing_is_said_of_the_models_and_the_examples() -> None:
    files = [*(ROOT / "models").rglob("*.py"), *(ROOT / "examples").rglob("*.py")]
    assert len(files) > 30
    assert [str(trap) for file in files for trap in traps_in(file)] == []


def test_nothing_is_said_of_the_code_in_the_documentation(tmp_path: Path) -> None:
    texts = [text for page in PAGES for kind, text in blocks(page) if kind == "python"]
    assert len(texts) > 20
    for number, text in enumerate(texts):
        file = tmp_path / f"block{number}.py"
        file.write_text(text)
        assert [str(trap) for trap in traps_in(file)] == []


def test_nothing_is_said_of_correct_models_that_use_much_of_python() -> None:
    files = list((ROOT / "tests" / "sabotage" / "correct").rglob("*.py"))
    if not files:
        pytest.skip("there is no folder tests/sabotage/correct")
    for file in files:
        if file.name != "helper_with_a_clock.py":  # what it is warned of is there, and does no harm
            assert [str(trap) for trap in traps_in(file)] == []


def test_files_that_a_model_imports_from_its_folder_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("import random\n\ndef some():\n    return random.random()\n")
    (tmp_path / "model.py").write_text("from helper import some\n")
    (trap,) = traps_in(tmp_path / "model.py")
    assert (trap.path.name, trap.line) == ("helper.py", 4)


@pytest.mark.parametrize("content", [b"def", b"\x00", b"\xff\xfe", b"x = " + b"(" * 999])
def test_a_file_that_is_not_python_has_no_traps(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_bytes(content)
    assert traps_in(tmp_path / "odd.py") == []


DEPUTY = """\
from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast


class Deputy(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        first = sorted(self.lieutenants)[0] if inbox is None else next(iter(set(self.lieutenants)))
        return order if me == COMMANDER else inbox.get(first and COMMANDER, default=RETREAT)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "check deputy.py -n 3 -t 0",
        "check deputy.py -n 3 -t 0 --jobs 2",
        "check deputy.py -n 3 -t 0 --json",
        "map deputy.py -n 3..4 -t 0 --no-store",
        "simulate deputy.py -G l,l,l",
        "export deputy.py -n 3 -t 0 --to smtlib",
    ],
)
def test_the_command_line_tells_of_a_trap_once_on_stderr(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("deputy.py").write_text(DEPUTY)
    monkeypatch.setattr(sys, "argv", ["byzverify", *command.split()])
    monkeypatch.setattr("byzverify.cli.heed_signals", lambda: None)
    with pytest.raises(SystemExit):
        cli.main()
    out, err = capfd.readouterr()
    assert err.count("deputy.py:7: warning: the first member of a set") == 1
    assert "warning" not in out
