"""One general of a program that sets out to be OM(m), and is WRONG: it is here to be caught.

What is wrong is the end. Orders are passed on as in OM(m), and in the last round everybody tells everybody all that he
holds; then each general obeys the order that more than half of what he was told in that round names, or RETREAT. OM(m)
takes a majority at every level, so that what a traitor makes of one report counts once, however often it is repeated.
Here the copies of a lie add up, and two traitors among seven outvote the truth. With one among four there are too few
copies, which is why it looks right to whoever tries it on a small army.

A walk is the generals that an order came along, the sender last; it may come back to those who had the order before.
docs/explanation/readme-program.md tells where this comes from. The messages are those of
docs/reference/node-protocol.md, so it can be played as OM, or as what it is.
"""

from __future__ import annotations

import json
import sys

Walk = tuple[int, ...]


class General:
    """One general. orders: all that exist, RETREAT first. told: what he was told in a round, by walk; held: what of it
    he passes on in the next. walks: all that loyal generals' orders came along in it.
    """

    def __init__(self, me: int, n: int, m: int, neighbours: list[int], orders: list[str], order: str | None) -> None:
        self.me, self.n, self.m, self.neighbours = me, n, m, neighbours
        self.orders, self.retreat = orders, orders[0]
        self.held: dict[Walk, str] = {(0,): order or self.retreat} if me == 0 else {}
        self.walks: list[Walk] = [(0,)]
        self.told: dict[Walk, str] = {}

    def receive(self, sender: int, label: object, order: str) -> None:
        """Note what the sender says that he was told along a walk."""
        walk = tuple(label) if isinstance(label, list) else ()
        if walk[-1:] == (sender,) and all(type(j) is int for j in walk) and order in self.orders:
            self.told[walk] = order

    def play(self, round: int) -> str | None:
        """Send what there is to send in this round; the decision, after the last one."""
        if round > self.m + 1:
            return self.obey_most()
        if round > 1:
            self.hold()
        for walk, order in self.held.items():
            self.send(walk, order, but=walk[-2:] if round <= self.m else ())
        self.told = dict(self.held) if round == self.m + 1 else {}  # what he tells himself, he need not send
        return None

    def hold(self) -> None:
        """What he was told he may pass on, with himself behind it."""
        told = [walk for walk in self.walks if self.me not in walk[-2:]]
        self.held = {(*walk, self.me): self.told.get(walk, self.retreat) for walk in told}
        self.walks = [(*walk, j) for walk in self.walks for j in range(self.n) if j not in walk[-2:]]

    def send(self, walk: Walk, order: str, but: Walk) -> None:
        """Tell everyone else but these."""
        body = {"type": "order", "round": len(walk), "label": walk, "order": order}
        for receiver in self.neighbours:
            if receiver not in but:
                write(f"n{self.me}", f"n{receiver}", body)

    def obey_most(self) -> str:
        """The mistake: one flat tally of all that was told in the last round."""
        tally = [self.told.get(walk, self.retreat) for walk in self.walks]
        return next((order for order in self.orders if 2 * tally.count(order) > len(tally)), self.retreat)


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
                known = body["protocol"] in ("om", "readme_program")
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
