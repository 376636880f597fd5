"""OM(m), one general of it: the oral-message algorithm, written from section 3 of Lamport, Shostak and Pease, "The
Byzantine Generals Problem", ACM Transactions on Programming Languages and Systems 4(3), 1982.

OM(0)  1. The commander sends his value to every lieutenant.
       2. Each lieutenant uses the value that he receives, or RETREAT if he receives none.
OM(m)  1. The commander sends his value to every lieutenant.
       2. Each lieutenant acts as the commander of an OM(m-1), to send the value that he received, or else RETREAT, to
          each of the n-2 other lieutenants.
       3. Each lieutenant uses the majority of n-1 values: the one that he received in step 1, and for each other
          lieutenant the one that he came to in that one's OM(m-1).

One OM inside another is known by its path: the commanders of all of them, the outermost first. An OM whose path has r
commanders has its step 1 in round r. The messages are those of docs/reference/node-protocol.md.
"""

from __future__ import annotations

import json
import sys

Path = tuple[int, ...]
WHOLE = (0,)  # the path of the outermost OM: general 0 commands


class General:
    """One general. orders: all that exist, RETREAT first. received: what the commander of each OM sent, by path."""

    def __init__(self, me: int, n: int, m: int, neighbours: list[int], orders: list[str], order: str | None) -> None:
        self.me, self.n, self.m, self.neighbours = me, n, m, neighbours
        self.orders, self.retreat, self.order = orders, orders[0], order or orders[0]
        self.received: dict[Path, str] = {}
        self.round = 0

    def receive(self, sender: int, label: object, order: str) -> None:
        """Note the value that the commander of an OM of this round sends; of anything else, nothing."""
        path = tuple(label) if isinstance(label, list) else ()
        known = len(path) == self.round and path[-1:] == (sender,) and all(type(j) is int for j in path)
        if known and order in self.orders:
            self.received[path] = order

    def play(self, round: int) -> str | None:
        """Send what there is to send in this round; the decision, in the round in which there is one."""
        self.round = round
        if self.me in WHOLE:
            self.send(WHOLE, self.order)
            return self.order
        if round == self.m + 2:
            return self.use(WHOLE, self.m)
        if round > 1:
            self.act_as_commander()
        return None

    def send(self, path: Path, value: str) -> None:
        """Step 1: the commander sends his value to every lieutenant."""
        body = {"type": "order", "round": len(path), "label": path, "order": value}
        for lieutenant in self.neighbours:
            if lieutenant not in path:
                write(f"n{self.me}", f"n{lieutenant}", body)

    def act_as_commander(self) -> None:
        """Step 2: in every OM that began in the round before, send the received value to the other lieutenants."""
        for path in self.oms(self.round - 1):
            self.send((*path, self.me), self.value(path))

    def use(self, path: Path, m: int) -> str:
        """Step 3, and step 2 of OM(0): the value that this lieutenant uses in the OM(m) of this path."""
        if m == 0:
            return self.value(path)
        return self.majority([self.value(path), *(self.use((*path, j), m - 1) for j in self.others(path))])

    def majority(self, values: list[str]) -> str:
        """The value that more than half of these are, or RETREAT."""
        return next((value for value in self.orders if 2 * values.count(value) > len(values)), self.retreat)

    def value(self, path: Path) -> str:
        """What the commander of an OM sent, or RETREAT."""
        return self.received.get(path, self.retreat)

    def others(self, path: Path) -> list[int]:
        """The other lieutenants of an OM."""
        return [j for j in range(self.n) if j not in path and j != self.me]

    def oms(self, depth: int) -> list[Path]:
        """The OMs with this many commanders in which this general is a lieutenant."""
        return [WHOLE] if depth == 1 else [(*path, j) for path in self.oms(depth - 1) for j in self.others(path)]


def write(src: str, dest: str, body: dict[str, object]) -> None:
    """Write a message; what was sent in a round leaves with the answer to the network."""
    print(json.dumps({"src": src, "dest": dest, "body": body}, separators=(",", ":")), flush=dest == "network")


def main() -> None:
    """Answer the network until the input ends."""
    name, general = "n0", None
    for line in sys.stdin.buffer:
        answer = {}
        try:
            message = json.loads(line, parse_int=lambda digits: int(digits[:19]))  # longer ones are nobody's numbers
            body = message["body"]
            answer = {"in_reply_to": body["msg_id"]} if "msg_id" in body else {}
            if body["type"] == "init":
                name, n, m = body["node_id"], len(body["node_ids"]), body["parameters"].get("m")
                neighbours = [int(neighbour[1:]) for neighbour in body["neighbours"]]
                general = General(int(name[1:]), n, m, neighbours, body["orders"], body.get("order"))
                known = body["protocol"] == "om"
                ready = {"type": "init_ok", "again": True}
                answer |= ready if known else {"type": "error", "code": 10, "text": "I only know om"}
            elif general is None:
                answer |= {"type": "error", "code": 12, "text": "init comes first"}
            elif body["type"] == "order":
                general.receive(int(message["src"][1:]), body.get("label"), body["order"])
                continue
            elif body["type"] == "round":
                decision = general.play(body["round"])
                answer |= {"type": "round_ok"} if decision is None else {"type": "round_ok", "decision": decision}
            else:
                answer |= {"type": "error", "code": 10, "text": f"there is no {body['type']}"}
        except RecursionError:
            continue  # nothing but a label nests as deeply, and no path does
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            answer |= {"type": "error", "code": 12, "text": repr(error)}
        write(name, "network", answer)


if __name__ == "__main__":
    main()
