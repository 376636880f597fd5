"""How long byzverify takes, and how much memory, alone and beside others who are asked the same in one run.

    python -m tests.benchmarks.run            # all of it, printed; --write saves docs/performance.md and its picture
    python -m tests.benchmarks.run --quick    # without what takes long
    python -m tests.benchmarks.run --limits   # only how far each model goes

What is measured is whole processes. The exit code is 1 if a process does not give the verdict that the theorem gives,
and 0 otherwise, however slow: speed is shown, as a ratio within one run and beside a target, and is never asserted.
What is not installed is left out, with a line that says so; where BYZVERIFY_NO_SKIP is set that is an error.

This file knows the options and in which order things are asked.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks import tables
from tests.benchmarks.contestants import BYZVERIFY, CONTESTANTS, PROVED, Contestant, Size
from tests.benchmarks.everywhere import FAMILIES, proofs
from tests.benchmarks.existence import EXISTENCE, existences
from tests.benchmarks.measuring import Cost, Limit, WrongVerdict, measure
from tests.benchmarks.page import Measured, growth, page
from tests.benchmarks.published import REPORTED, Reported
from tests.benchmarks.questions import LARGE, QUESTIONS, answers
from tests.benchmarks.race import race
from tests.benchmarks.reach import LADDERS, reach

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "performance.md"
PICTURE = DOCS / "pictures" / "growth.svg"

PROOFS = tuple(Size(3 * m + 1, m) for m in range(1, 11))
ATTACKS = tuple(Size(3 * m, m) for m in range(1, 7))


def told(line: str) -> None:
    """Show what has just been measured."""
    print(line, file=sys.stderr, flush=True)


def present() -> Iterator[Contestant]:
    """Who can be asked here."""
    for contestant in CONTESTANTS:
        if contestant.missing:
            told(f"{contestant.name} is left out: there is no {' and no '.join(contestant.missing)}")
            if os.environ.get("BYZVERIFY_NO_SKIP"):
                sys.exit("BYZVERIFY_NO_SKIP is set")
        else:
            yield contestant


def published(reported: Sequence[Reported], limit: Limit) -> Iterator[tuple[Reported, Cost]]:
    """What byzverify takes for the questions nearest to those whose times others have published."""
    for one in reported:
        cost = measure((*BYZVERIFY, *one.nearest), PROVED, limit)
        told(f"{' '.join(one.nearest)}: {cost.stopped or f'{cost.seconds:.2f} s'}")
        yield one, cost


def everything(limit: Limit, quick: bool) -> Measured:
    """Measure all that is on the page, or the beginning of it. Raises WrongVerdict."""
    contestants = tuple(present())
    return Measured(
        limit,
        contestants,
        tuple(answers([one for one in QUESTIONS if not quick or one.generals < LARGE], limit, told)),
        race(contestants, PROOFS[:1] if quick else PROOFS, limit, told),
        race(contestants, ATTACKS[:1] if quick else ATTACKS, limit, told),
        [] if quick else [reach(ladder, limit, told) for ladder in LADDERS],
        tuple(published(REPORTED[:1] if quick else REPORTED, limit)),
        tuple(proofs(FAMILIES[:1] if quick else FAMILIES, limit, told)),
        tuple(existences(EXISTENCE[:1] if quick else EXISTENCE, limit, told)),
    )


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Measure byzverify, alone and beside others.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--quick", action="store_true", help=f"leave out n >= {LARGE}, and compare only OM(1)")
    what.add_argument("--limits", action="store_true", help="only find out how far each model goes")
    what.add_argument("--write", action="store_true", help=f"write {PAGE.name} and {PICTURE.name} instead of printing")
    parser.add_argument("--seconds", type=float, default=Limit().seconds, help="how long a process may take [60]")
    parser.add_argument("--megabytes", type=float, default=Limit().megabytes, help="how much memory it may take [8000]")
    return parser.parse_args()


def main() -> int:
    """Measure, show or save, and give the exit code."""
    given = options()
    limit = Limit(given.seconds, given.megabytes)
    try:
        if given.limits:
            print(tables.of_reach(reach(ladder, limit, told) for ladder in LADDERS))
            return 0
        measured = everything(limit, given.quick)
    except WrongVerdict as wrong:
        print(f"wrong verdict: {wrong}", file=sys.stderr)
        return 1
    if given.write:
        PAGE.write_text(page(measured), encoding="utf-8")
        PICTURE.write_text(growth(measured.proofs, limit), encoding="utf-8")
    else:
        print(page(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
