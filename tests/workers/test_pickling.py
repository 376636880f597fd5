"""What crosses from one process to another: an author's classes are found in it, or it is said that they are not."""

import subprocess
import sys
from collections import namedtuple
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from byzverify.catalogue import library
from byzverify.errors import ProtocolError
from byzverify.workers.background import FORKS, forked
from byzverify.workers.pickling import dumps, loads

MINE = """
from typing import NamedTuple
from byzverify.language import Protocol

class Pair(NamedTuple):
    one: object
    other: object

class Outer:
    class Inner(Pair):
        pass

several = []
for turn in range(2):
    class Drawn(NamedTuple):
        part: object
    several.append(Drawn)

def made():
    class Hidden(NamedTuple):
        part: object
    return Hidden

Hidden = made()
kept = [made()]

class Mine(Protocol):
    def general(self, me, order):
        yield None
"""

READER = """
import sys
sys.path.insert(0, sys.argv[1])
import mine
from byzverify.workers.pickling import dumps, loads
thing = loads(sys.stdin.buffer.read())
assert type(thing) is mine.Pair and type(thing.one) is mine.Outer.Inner, type(thing)
assert type(thing.other) is mine.Hidden
sys.stdout.buffer.write(dumps(thing))
"""


@pytest.fixture
def mine(tmp_path: Path) -> Any:
    """The module of a model, as byzverify has loaded it."""
    (tmp_path / "mine.py").write_text(MINE)
    return sys.modules[library.find(str(tmp_path / "mine.py")).__module__]


def elsewhere(sent: bytes, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    """What a process says that has imported the module as Python does."""
    return subprocess.run([sys.executable, "-P", "-c", READER, str(folder)], input=sent, capture_output=True)


def test_a_class_is_found_in_the_module_that_was_loaded_from_its_file_whatever_that_is_called(
    mine: Any, tmp_path: Path
) -> None:
    pair = mine.Pair(mine.Outer.Inner(1, "two"), mine.Hidden(3))
    ended = elsewhere(dumps(pair), tmp_path)
    back = loads(ended.stdout)
    assert back == pair, ended.stderr
    assert (type(back), type(back.one), type(back.other)) == (mine.Pair, mine.Outer.Inner, mine.Hidden)


@pytest.mark.parametrize("name", ["several[0]", "kept[0]"])
def test_a_class_that_no_name_leads_to_is_not_taken_for_another(name: str, mine: Any, tmp_path: Path) -> None:
    ended = elsewhere(dumps(eval(name, vars(mine))(1)), tmp_path)
    assert b"define or import it at the top of the file" in ended.stderr


class Local(NamedTuple):
    part: Any


@pytest.mark.skipif(not FORKS, reason="this system cannot fork")
def test_a_fork_and_this_process_have_the_same_classes_wherever_they_were_made(mine: Any) -> None:
    def made() -> Any:
        class Local(NamedTuple):
            part: Any

        return Local

    class Colour(Enum):
        RED = 1

    kinds = [made(), made(), Local, *mine.several, mine.Hidden, namedtuple("Other", "part")]
    back = forked(lambda: [kind(Colour.RED) for kind in kinds])
    assert [type(one) for one in back] == kinds
    assert {one.part for one in back} == {Colour.RED}


@pytest.mark.skipif(not FORKS, reason="this system cannot fork")
def test_a_class_that_the_other_process_has_made_is_not_found() -> None:
    def made() -> Any:
        class Late(NamedTuple):
            part: Any

        return Late(1)

    with pytest.raises(ProtocolError, match=r"cannot find the class \S*made\.<locals>\.Late of .*test_pickling\.py;"):
        forked(made)


class Sorted(tuple[int, ...]):
    """Is not made of what it contains."""

    __slots__ = ()

    def __new__(cls, *parts: int) -> "Sorted":
        return super().__new__(cls, sorted(parts))


def test_a_tuple_arrives_as_it_is_whatever_its_class_makes_of_arguments() -> None:
    thing = tuple.__new__(Sorted, (3, 1, 2))
    assert (type(loads(dumps(thing))), [*loads(dumps(thing))]) == (Sorted, [3, 1, 2])
