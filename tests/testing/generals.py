"""OM(m) as people write it, a plain generator function that knows nothing of byzverify; and wrong ways to write it."""

from collections.abc import Callable, Generator
from itertools import permutations

Path = tuple[int, ...]
Letters = dict[tuple[int, Path], str]
General = Generator[Letters, Letters, str]
Tell = Callable[[Path], str]


def relaying(me: int, order: str, n: int, m: int) -> Generator[Letters, Letters, Letters]:
    """Say what OM(m) says; return all that came, by sender and path."""
    heard: Letters = {}
    sending: Letters = {(other, (0,)): order for other in range(1, n)} if me == 0 else {}
    for length in range(1, m + 2):
        heard |= yield sending
        told = {path: heard.get((path[-1], path), "RETREAT") for path in paths(length, n) if me not in path}
        sending = {
            (other, (*path, me)): order
            for path, order in told.items()
            for other in range(1, n)
            if other != me and other not in path
        }
    return heard


def paths(length: int, n: int) -> list[Path]:
    return [(0, *others) for others in permutations(range(1, n), length - 1)]


def majority(votes: list[str], tie: str) -> str:
    leader = max(set(votes), key=votes.count)
    return leader if 2 * votes.count(leader) > len(votes) else tie


def general(me: int, order: str, n: int, m: int) -> General:
    """As in the paper."""
    if me == 0:
        yield {(other, (0,)): order for other in range(1, n)}
        return order
    heard = yield from relaying(me, order, n, m)

    def value(path: Path) -> str:
        told = heard.get((path[-1], path), "RETREAT")
        others = [j for j in range(1, n) if j != me and j not in path]
        return told if len(path) > m else majority([told, *(value((*path, j)) for j in others)], "RETREAT")

    return value((0,))


def flat_tally(me: int, order: str, n: int, m: int) -> General:
    """Take the majority of all that came in the last round, where the paper takes majorities of majorities."""
    if me == 0:
        yield {(other, (0,)): order for other in range(1, n)}
        return order
    heard = yield from relaying(me, order, n, m)
    last = [path for path in paths(m + 1, n) if me not in path]
    return majority([heard.get((path[-1], path), "RETREAT") for path in last], "RETREAT")


def tie_to_own(me: int, order: str, n: int, m: int) -> General:
    """Where there is no majority keep what the commander said."""
    if me == 0:
        yield {(other, (0,)): order for other in range(1, n)}
        return order
    heard = yield from relaying(me, order, n, m)
    own = heard.get((0, (0,)), "RETREAT")
    return majority([own, *(heard.get((j, (0, j)), "RETREAT") for j in range(1, n) if j != me)], own)


def ignores_absence(me: int, order: str, n: int, m: int) -> General:
    """Rely on it that everybody says something."""
    if me == 0:
        yield {(other, (0,)): order for other in range(1, n)}
        return order
    heard = yield from relaying(me, order, n, m)
    return majority([heard[0, (0,)], *(heard[j, (0, j)] for j in range(1, n) if j != me)], "RETREAT")


def one_level_short(me: int, order: str, n: int, m: int) -> General:
    """Off by one: OM(m-1)."""
    return (yield from general(me, order, n, m - 1))
