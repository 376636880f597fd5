"""Generals as plain generator functions, right and wrong, to try campaigns on without starting programs."""

from collections.abc import Generator
from typing import Any

from byzverify.language.messages import Chain

Path = tuple[int, ...]
Said = dict[tuple[int, Path], str]


def majority(votes: list[str]) -> str:
    """The order that more than half name, or RETREAT."""
    return next((order for order in votes if 2 * votes.count(order) > len(votes)), "RETREAT")


def oral_messages(me: int, order: str | None, n: int, m: int) -> Generator[Said, Said, str]:
    """OM(m), written by recursion over what came."""
    if me == 0:
        yield {(j, (0,)): order or "RETREAT" for j in range(1, n)}
        return order or "RETREAT"
    told = yield from relayed(me, n, m)

    def value(path: Path) -> str:
        others = [j for j in range(1, n) if j != me and j not in path]
        own = told.get(path, "RETREAT")
        return own if len(path) > m else majority([own, *(value((*path, j)) for j in others)])

    return value((0,))


def flat_tally(me: int, order: str | None, n: int, m: int) -> Generator[Said, Said, str]:
    """What the README program does: the majority of all that was told in the last round."""
    if me == 0:
        yield {(j, (0,)): order or "RETREAT" for j in range(1, n)}
        return order or "RETREAT"
    told = yield from relayed(me, n, m)
    return majority([said for path, said in told.items() if len(path) == m + 1])


def misquoting(me: int, order: str | None, n: int, m: int) -> Generator[Said, Said, str]:
    """OM(m), decided right on what is told, by lieutenants who tell each other RETREAT whatever they were told."""
    program = oral_messages(me, order, n, m)
    told: Any = None
    try:
        while True:
            said = program.send(told)
            told = yield said if me == 0 else dict.fromkeys(said, "RETREAT")
    except StopIteration as stop:
        decision: str = stop.value
        return decision


def credulous(me: int, order: str | None, n: int, m: int) -> Generator[Said, Said, str]:
    """What the commander said, whatever the others say."""
    if me == 0:
        yield {(j, (0,)): order or "RETREAT" for j in range(1, n)}
        return order or "RETREAT"
    told = yield from relayed(me, n, m)
    return told.get((0,), "RETREAT")


def fragile(me: int, order: str | None, n: int, m: int) -> Generator[Said, Said, str]:
    """OM(m), by somebody who takes it that every message comes."""
    if me == 0:
        yield {(j, (0,)): order or "RETREAT" for j in range(1, n)}
        return order or "RETREAT"
    told = yield from relayed(me, n, m)
    value = {path: said for path, said in told.items() if len(path) == m + 1}
    for length in range(m, 0, -1):
        for path in [path for path in told if len(path) == length and me not in path]:
            others = [j for j in range(1, n) if j != me and j not in path]
            value[path] = majority([told[path], *(value[*path, j] for j in others)])
    return value[0,]


def gullible(me: int, order: str | None, n: int) -> Generator[Said, Said, str]:
    """OM(1), by somebody who believes a label, whoever writes it."""
    if me == 0:
        yield {(j, (0,)): order or "RETREAT" for j in range(1, n)}
        return order or "RETREAT"
    inbox = yield {}
    told = inbox.get((0, (0,)), "RETREAT")
    others = [j for j in range(1, n) if j != me]
    inbox = yield {(j, (0, me)): told for j in others}
    by_label = {label: said for (_, label), said in inbox.items()}
    return majority([told, *(by_label.get((0, j), "RETREAT") for j in others)])


def surprised(me: int, order: str | None, n: int, m: int) -> Generator[Said, Said, str]:
    """OM(m), by somebody who falls over a label that he does not expect."""
    general = oral_messages(me, order, n, m)
    sent, round = next(general), 0
    while True:
        inbox, round = (yield sent), round + 1
        if any(len(path) != round for _, path in inbox):
            raise ValueError("a strange path")
        try:
            sent = general.send(inbox)
        except StopIteration as stop:
            decision: str = stop.value
            return decision


def signed(me: int, order: str | None, n: int) -> Generator[dict[Any, str], dict[Any, str], str]:
    """SM(1)."""
    if me == 0:
        yield {(j, Chain(order or "RETREAT", (0,))): order or "RETREAT" for j in range(1, n)}
        return order or "RETREAT"
    inbox = yield {}
    orders = {chain.order for sender, chain in inbox if sender == 0 and isinstance(chain, Chain)}
    others = [j for j in range(1, n) if j != me]
    inbox = yield {(j, Chain(said, (0, me))): said for said in orders for j in others}
    chains = {chain for sender, chain in inbox if isinstance(chain, Chain) and chain.signers == (0, sender)}
    orders |= {chain.order for chain in chains if chain.signers[1] != 0}
    return orders.pop() if len(orders) == 1 else "RETREAT"


def relayed(me: int, n: int, m: int) -> Generator[Said, Said, dict[Path, str]]:
    """Pass on what came along each path to those who are not on it; all that came, by path."""
    inbox: Said = yield {}
    told: dict[Path, str] = {}
    for _ in range(m):
        inbox = sensible(inbox)
        told |= {path: said for (_, path), said in inbox.items()}
        inbox = yield {
            (j, (*path, me)): said
            for (_, path), said in inbox.items()
            for j in range(1, n)
            if j != me and j not in path
        }
    return told | {path: said for (_, path), said in sensible(inbox).items()}


def sensible(inbox: Any) -> Said:
    """What has a path for a label that ends with its sender."""
    return {
        (sender, path): said
        for (sender, path), said in inbox.items()
        if isinstance(path, tuple) and path[-1:] == (sender,)
    }
