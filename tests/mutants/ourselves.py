"""Mutants of byzverify's own `logic`, `solvers` and `engines`: what survives the tests must be listed, with the reason.

Run by `nox -s mutants`, in a copy of the tree, which it spoils: each module is replaced by one that holds all its
mutants, as mutmut makes them. One pytest collects the tests below and runs each once to see which functions it calls.
Then every mutant gets a process of its own, forked from that one, in which those tests that call its function run until
one fails: first those of which it is likeliest, for the time that they take, as many as take SECONDS together. One
that takes more than ten times as much processor time as it should has killed the mutant, too.

    python tests/mutants/ourselves.py [--again] [part of a mutant's name ...]

leaves out the functions in hunted.json, unless with `--again`, and adds those of which it finds what ourselves.toml
says, also when it is interrupted. It writes `mutants.json`, and ends in 1 where a survivor is not in ourselves.toml, or
one there was killed.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from time import process_time
from types import FrameType, FunctionType
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutmut.mutation import trampoline
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

from tests.mutants.keys import Key, change, changes_something, fingerprint, functions, normalised, read, written

MUTATED = ("logic/**/*.py", "solvers/**/*.py", "engines/**/*.py", "workers/background.py")
"""In the folder `byzverify`."""

TESTS = (
    "tests/logic",
    "tests/engines",
    "tests/differential",
    "tests/gate",
    "tests/certificates/test_certificates.py",
    "tests/language/test_errors.py",
    "tests/questions",
    "tests/solvability",
    "tests/workers/test_background.py",
)

LEFT_OUT = ("flipped_byte", "changed_proof", "changed_formula", "random_protocols", "shrinks_to_something")
"""Parts of the names of tests that take too long, and of one that needs examples to be made simpler."""

LISTED = Path(__file__).with_name("ourselves.toml")

HUNTED = Path(__file__).with_name("hunted.json")
"""The functions of which everything is known, by the hash of their text: how many mutants each has, and how many of
them were killed. What survived is listed.
"""

SECONDS = 40.0
"""How long the tests take together, at most, that a mutant must survive."""

MEMORY = 4 * 2**30
"""Bytes that a mutant may take."""


@dataclass(frozen=True)
class Mutant:
    """One change, by mutmut's name for it. function: where it stands. key: what it is listed by."""

    name: str
    function: str
    file: str
    key: Key

    @property
    def title(self) -> str:
        """The mutant as it is listed."""
        return written(self.key, self.function.removeprefix("byzverify."))


def sow() -> list[Mutant]:
    """Replace each module by one with all its mutants, which are found in the order of the text.

    Those that change no more than what an error says are left out.
    """
    found: list[Mutant] = []
    for path in sorted(path for pattern in MUTATED for path in Path("byzverify").glob(pattern)):
        source = path.read_text(encoding="utf-8")
        texts = dict(functions(source))
        made = mutate_file_contents(str(path), source)
        lines = made.code.splitlines()
        seen: Counter[tuple[str, str]] = Counter()
        module = path.with_suffix("").as_posix().replace("/", ".")
        for name in made.mutant_names:
            function, owner = orig_function_and_class_names_from_key(name)
            place = f"{owner}.{function}" if owner else function
            at = made.line_span_by_function_name[name]
            mutated = normalised("\n".join(lines[at.start - 1 : at.end]), function)
            if not changes_something(texts[place], mutated):
                continue
            differs = change(texts[place], mutated)
            seen[place, differs] += 1
            again = f" (place {seen[place, differs]})" if seen[place, differs] > 1 else ""
            key = Key(fingerprint(texts[place]), differs + again)
            found.append(Mutant(f"{module}.{name}", f"{module}.{place}", path.as_posix(), key))
        path.write_text(made.code, encoding="utf-8")
    return found


PLACES: dict[str, tuple[FunctionType, dict[str, Any]]] = {}
"""Each function that has mutants, by its name, with them: by mutmut's names, and as it was."""


def keep(mutants: dict[str, Any], is_classmethod: bool = False) -> Callable[[FunctionType], FunctionType]:
    """In place of mutmut's decorator, which asks at every call which mutant is meant: that takes most of the time."""

    def kept(function: FunctionType) -> FunctionType:
        PLACES[f"{function.__module__}.{function.__qualname__}"] = function, mutants
        return function

    return kept


def become(mutant: Mutant) -> None:
    """Let this process run the mutant."""
    function, mutants = PLACES[mutant.function]
    mutated = mutants[mutant.name.rpartition(".")[2]]
    mutated = getattr(mutated, "__func__", mutated)  # of a class method
    function.__code__ = mutated.__code__
    function.__defaults__, function.__kwdefaults__ = mutated.__defaults__, mutated.__kwdefaults__


class Calls(set[str]):
    """The functions that are called, noted in a file, so that processes that a test forks note theirs."""

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115
        os.set_inheritable(self._file.fileno(), True)

    def add(self, name: str) -> None:
        if name not in self:
            super().add(name)
            os.write(self._file.fileno(), f"{name}\n".encode())

    def taken(self) -> set[str]:
        """What was noted since the last time."""
        self.clear()
        self._file.seek(0)
        noted = set(self._file.read().decode().split())
        self._file.seek(0)
        self._file.truncate()
        return noted


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    try:
        return any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))
    except BaseException:  # SystemExit, or pytest's own
        return True


class Hunt:
    """The pytest plugin that runs the tests on each mutant. `fates` are by the mutant's name."""

    def __init__(self, mutants: Sequence[Mutant], jobs: int) -> None:
        self.fates: dict[str, str] = {}
        self._mutants = mutants
        self._jobs = jobs
        self._seconds: dict[pytest.Item, float] = {}
        self._tests: dict[str, list[pytest.Item]] = {}
        self._running: dict[int, tuple[Mutant, Sequence[pytest.Item], int]] = {}
        self._runs: Counter[tuple[str, pytest.Item]] = Counter()
        self._kills: Counter[tuple[str, pytest.Item]] = Counter()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own loop."""
        if session.testsfailed:
            pytest.exit("the tests cannot be collected", 1)
        self._look(session)
        gc.freeze()
        for number in (signal.SIGINT, signal.SIGTERM):  # for which tests may have set handlers
            signal.signal(number, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            self._try_all()
        for process in self._running:
            os.killpg(process, signal.SIGKILL)
        return True

    def _try_all(self) -> None:
        """Find out what becomes of each mutant. If the session is interrupted, the others have no fate."""
        for place, mutant in enumerate(self._mutants, start=1):
            if mutant.function not in self._tests:
                self.fates[mutant.name] = "untested"
                print(f"untested: {mutant.title}", flush=True)
                continue
            while len(self._running) >= self._jobs:
                self._reap()
            self._release(mutant)
            if place % 25 == 0:
                print(f"{place} of {len(self._mutants)}: {dict(Counter(self.fates.values()))}", flush=True)
        while self._running:
            self._reap()

    def _look(self, session: pytest.Session) -> None:
        """Run each test once, on what is not mutated: which functions it calls, and how long it takes."""
        calls = Calls()
        names = {function.__code__: name for name, (function, _) in PLACES.items()}

        def note(frame: FrameType, event: str, argument: object) -> None:
            if event == "call" and frame.f_code in names:
                calls.add(names[frame.f_code])

        called: dict[pytest.Item, set[str]] = {}
        for item, following in pairwise([*session.items, None]):
            assert item is not None
            calls.taken()
            start = process_time()
            sys.setprofile(note)
            failed = _fails(item, following)
            sys.setprofile(None)
            if failed:
                pytest.exit(f"{item.nodeid} fails on what is not mutated", 1)
            self._seconds[item] = process_time() - start
            called[item] = calls.taken()
        for item in sorted(called, key=lambda item: self._seconds[item]):
            for function in called[item]:
                self._tests.setdefault(function, []).append(item)

    def _release(self, mutant: Mutant) -> None:
        tests = self._chosen(mutant)
        ours, theirs = os.pipe()
        process = os.fork()
        if process == 0:
            self._run(mutant, tests, theirs)
        os.close(theirs)
        self._running[process] = mutant, tests, ours

    def _chosen(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests to run: first those of which it is likeliest that they kill it, for the time that they take."""

        def promise(item: pytest.Item) -> float:
            in_file = (self._kills[mutant.file, item] + 0.05) / (self._runs[mutant.file, item] + 1)
            likely = (self._kills[mutant.function, item] + 2 * in_file) / (self._runs[mutant.function, item] + 2)
            return likely / (self._seconds[item] + 0.005)

        tests = sorted(self._tests[mutant.function], key=promise, reverse=True)
        sums = accumulate(self._seconds[item] for item in tests)
        return [item for item, until in zip(tests, sums, strict=True) if until <= SECONDS or item is tests[0]]

    def _run(self, mutant: Mutant, tests: Sequence[pytest.Item], killer: int) -> NoReturn:
        """In the mutant's process: end in 1 at the first test that fails, in 0 if none does. `killer` is told which."""
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        become(mutant)
        for place, (item, following) in enumerate(pairwise([*tests, None])):
            assert item is not None
            signal.setitimer(signal.ITIMER_PROF, 10 + 10 * self._seconds[item])
            signal.setitimer(signal.ITIMER_REAL, 600 + 60 * self._seconds[item])
            if _fails(item, following):
                os.write(killer, str(place).encode())
                os._exit(1)
        os._exit(0)

    def _reap(self) -> None:
        process, status = os.wait()
        mutant, tests, killer = self._running.pop(process)
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)  # what it left behind
        os.set_blocking(killer, False)  # what it left behind in another group holds on to the other end
        with suppress(BlockingIOError):
            if place := os.read(killer, 20):
                for where in (mutant.file, mutant.function):
                    self._runs.update((where, item) for item in tests[: int(place) + 1])
                    self._kills[where, tests[int(place)]] += 1
        os.close(killer)
        ended = os.waitstatus_to_exitcode(status)
        endings = {0: "survived", -signal.SIGPROF: "timeout", -signal.SIGALRM: "timeout"}
        self.fates[mutant.name] = endings.get(ended, "killed")
        if ended in endings:
            print(f"{self.fates[mutant.name]}: {mutant.title}", flush=True)


def listed() -> Iterator[str]:
    """Each survivor's line in the list."""
    for group in tomllib.loads(LISTED.read_text(encoding="utf-8"))["survivors"]:
        yield from group["mutants"]


def hunted() -> dict[str, dict[str, Any]]:
    """What is known of functions, by the hash of their text."""
    found: dict[str, dict[str, Any]] = json.loads(HUNTED.read_text(encoding="utf-8"))
    return found


def _report(mutants: Sequence[Mutant], fates: dict[str, str]) -> set[str]:
    """Write what became of each, print the figures, and hold the survivors against the list.

    The functions of which the list is wrong, by the hash of their text.
    """
    found = [{"mutant": one.title, "name": one.name, "fate": fates[one.name]} for one in mutants]
    Path("mutants.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    by_file: dict[str, Counter[str]] = {}
    for one in mutants:
        by_file.setdefault(one.file, Counter())[fates[one.name]] += 1
    for name, fate in [*by_file.items(), ("all", sum(by_file.values(), Counter()))]:
        rate = (fate["killed"] + fate["timeout"]) / fate.total()
        counted = ", ".join(f"{fate[word]} {word}" for word in ("killed", "timeout", "survived", "untested"))
        print(f"{name}: {fate.total()} mutants, {counted}; {rate:.1%}")
    known = set(map(read, listed()))
    wrong = [one for one in mutants if (one.key in known) == (fates[one.name] in ("killed", "timeout"))]
    for one in wrong:
        print(f"{'is listed and was killed' if one.key in known else 'survives and is not listed'}: {one.title}")
    return {one.key.function for one in wrong}


def keep_what_is_known(sown: Sequence[Mutant], fates: dict[str, str], wrong: set[str]) -> None:
    """Add the functions to hunted.json all of whose mutants came out as the list says; drop those that are gone."""
    known = {key: value for key, value in hunted().items() if key in {one.key.function for one in sown}}
    by_function = sorted(sown, key=lambda one: one.key.function)
    for function, group in groupby(by_function, key=lambda one: one.key.function):
        mutants = list(group)
        if function not in wrong and all(one.name in fates for one in mutants):
            alive = {one.key for one in mutants if fates[one.name] in ("survived", "untested")}
            every = {one.key for one in mutants}
            name = mutants[0].function.removeprefix("byzverify.")
            known[function] = {"name": name, "mutants": len(every), "killed": len(every - alive)}
    lines = [f"{json.dumps(key)}: {json.dumps(known[key])}" for key in sorted(known)]
    HUNTED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _gone(sown: Sequence[Mutant]) -> list[str]:
    """The lines of the list that are about no mutant."""
    keys = {one.key for one in sown}
    return [line for line in listed() if read(line) not in keys]


def main(arguments: Sequence[str]) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    parts = [argument for argument in arguments if argument != "--again"]
    sown = sow()
    known = {} if "--again" in arguments else hunted()
    asked = [one for one in sown if not parts or any(part in one.name for part in parts)]
    mutants = [one for one in asked if one.key.function not in known]
    print(f"of {len(sown)} mutants {len(asked)} are asked for; {len(mutants)} of these are in functions not known yet")
    gone = [] if parts else _gone(sown)
    for line in gone:
        print(f"is listed and is no mutant: {line}")
    return _hunt(sown, mutants) or int(bool(gone)) if mutants else int(bool(gone))


def _hunt(sown: Sequence[Mutant], mutants: Sequence[Mutant]) -> int:
    """Run the tests on these mutants, and note what is known then. 1 if the list is wrong."""
    hunt = Hunt(mutants, os.cpu_count() or 1)
    weaver: Any = trampoline
    weaver.wrap_in_trampoline = keep
    for module in sorted({one.name.rpartition(".")[0] for one in mutants}):
        import_module(module)  # some are imported only when they are needed
    plain = (Phase.explicit, Phase.generate)  # it is enough that a test fails, and no simpler example need be found
    settings.register_profile("mutants", derandomize=True, deadline=None, database=None, phases=plain)
    arguments = [
        "-q",
        "-s",
        "-p",
        "no:cacheprovider",
        "--hypothesis-profile=mutants",
        "-k",
        f"not ({' or '.join(LEFT_OUT)})",
        *TESTS,
        "-m",
        "not campaign",
    ]
    ended = pytest.main(arguments, plugins=[hunt])
    if ended != 0:
        return int(ended)
    tried = [one for one in mutants if one.name in hunt.fates]
    if len(tried) < len(mutants):
        print(f"interrupted: {len(mutants) - len(tried)} of {len(mutants)} mutants were not tried")
    wrong = _report(tried, hunt.fates)
    keep_what_is_known(sown, hunt.fates, wrong)
    return int(bool(wrong) or len(tried) < len(mutants))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
