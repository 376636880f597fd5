"""Programs that do each thing that a node must not do, and what is said of each.

Every one is a real program in a process of its own: `PLAYS`, which plays a loyal general of OM(1) as it must, and then
what is wrong with it. It knows nothing of byzverify.
"""

import json
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import ATTACK
from byzverify.models.om import OM
from byzverify.models.om_graph import OMGraph
from byzverify.models.sm import SM
from byzverify.simulation.traitors import Script, Silent, Strategy

PLAYS = '''
import json, os, signal, subprocess, sys, time


def write(src, dest, **body):
    line(json.dumps({"src": src, "dest": dest, "body": body}).encode())


def line(text):
    os.write(1, text + b"\\n")


def tell(dest, round, label, order="ATTACK"):
    write(me, dest, type="order", round=round, label=label, order=order)


def answer(**more):
    write(me, "network", type="round_ok" if asked > 1 else "init_ok", in_reply_to=asked, **more)


def question():
    """Read to the next question."""
    global asked
    for text in sys.stdin:
        message = json.loads(text)
        body = message["body"]
        if body["type"] == "order":
            if body["label"] in ([0], [0, int(message["src"][1:])]):
                inbox[message["src"]] = body["order"]
        else:
            asked = body["msg_id"]
            return body
    sys.exit()


inbox = {}
init = question()
me, mine, orders = init["node_id"], init.get("order"), init["orders"]


def play(to):
    """Play OM(1), as it must be played, until the round `to` has begun; to the end without one."""
    round = 0
    while round != to:
        if round == 1 and mine:
            for other in init["neighbours"]:
                tell(other, 1, [0], mine)
        if round == 2:
            for other in init["neighbours"][1:]:
                tell(other, 2, [0, int(me[1:])], inbox.get("n0", orders[0]))
        votes = [inbox.get(other, orders[0]) for other in init["node_ids"] if other != me]
        decided = mine if round == 1 else max(orders, key=votes.count) if round == 3 else None
        answer(**{"decision": decided} if decided else {})
        round = question()["round"]


'''

LOYAL = f"{PLAYS}play(to=None)"
"""A program that does nothing wrong."""


DEADLINE = 30.0
"""Seconds for those who answer, long enough for the most loaded machine."""


@dataclass(frozen=True)
class Arrangement:
    """What the faulty program plays in, by default OM(1) among four loyal generals; it is general 1."""

    protocol: Protocol = field(default_factory=lambda: OM(n=4, m=1))
    traitors: Mapping[General, Fault] = field(default_factory=dict)
    strategy: Strategy = field(default_factory=Silent)


@dataclass(frozen=True)
class Faulty:
    """program: what it does. when, what: what is said of it, without its log; what is None if it is no fault.

    remark: what is remarked on how it ends. deadline: for those who wait for it. waits: others who take their time to
    end.
    """

    program: str
    when: str = "round 2"
    what: str | None = None
    log: str = ""
    remark: str | None = None
    deadline: float = DEADLINE
    waits: bool = False
    arrangement: Callable[[], Arrangement] = Arrangement

    @property
    def takes_time(self) -> bool:
        """Whether somebody waits until a time has passed."""
        return self.waits or self.deadline < DEADLINE or self.remark is not None

    def message(self, command: tuple[str, ...]) -> str | None:
        """The line that tells of the fault; None if it is none."""
        if self.what is None:
            return None
        log = f"; its log: {self.log}" if self.log else ""
        return f"general 1 ({shlex.join(command)}){self.when and ', '}{self.when}{self.when and ':'} {self.what}{log}"


def command_of(program: str, path: Path, marker: str) -> tuple[str, ...]:
    """The command that runs this program; the marker tells its processes from all others."""
    path.write_text(program)
    return (sys.executable, "-I", "-S", str(path), marker)


def starting(body: str, what: str | None, **more: Any) -> Faulty:
    """One that is faulty before it answers `init`."""
    return Faulty(f"{PLAYS}\n{body}", "at the start", what, **more)


def later(body: str, what: str | None, round: int = 2, **more: Any) -> Faulty:
    """One that plays as it must until a round begins."""
    return Faulty(f"{PLAYS}play(to={round})\n{body}", more.pop("when", f"round {round}"), what, **more)


def decided(body: str, what: str | None, **more: Any) -> Faulty:
    """One that is faulty after it has decided."""
    return Faulty(f'{PLAYS}play(to=3)\nanswer(decision="ATTACK")\n{body}', "after its decision", what, **more)


def rubbish(line: str, shown: str, why: str) -> Faulty:
    """One that writes, in round 2, this line, a Python expression."""
    return later(f"line({line})\nquestion()", f"writes something that is not a message: {shown} ({why})")


def signing(body: str, what: str) -> Faulty:
    """One that sends signed orders, in round 2 of SM(1) among four, where general 0 has signed ATTACK."""
    return later(body, what, arrangement=lambda: Arrangement(SM(n=4, m=1)))


MEGABYTES = 3_000_000

MANY = json.dumps(["ATTACK"] * 1000)


def flooded() -> Arrangement:
    """General 3 is a traitor and tells general 1 something of megabytes in round 1."""
    return Arrangement(OM(n=4, m=1), {3: Fault.BYZANTINE}, Script({(1, 3, 1): {"x" * MEGABYTES: ATTACK}}))


def late(seconds: float) -> str:
    return f"did not answer within {seconds:g} s (output that is not flushed looks the same)"


SLEEPS = "time.sleep(600)"
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
CHILD = 'subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)", sys.argv[1]]{0})\n'
SIGN = 'tell("n2", 2, {{"order": "{0}", "signers": {1}}}, "ATTACK")\nanswer()\nquestion()'

FAULTY: Mapping[str, Faulty] = {
    "never answers": starting(SLEEPS, late(0.4), deadline=0.4),
    "does not flush": Faulty(
        "for line in __import__('sys').stdin: print(line)", "at the start", late(0.4), deadline=0.4
    ),
    "answers too late": later(f"{SLEEPS}\nanswer()", late(3), deadline=3),
    "computes for ever": later("while True: pass", late(3), deadline=3),
    "ends at the start": starting(
        'sys.stderr.write("usage:\\n  general --order ORDER\\n")\nsys.exit(3)',
        "ended with exit status 3",
        log="usage: | general --order ORDER",
    ),
    "ends in the middle": later("sys.exit()", "ended with exit status 0"),
    "fails in the middle": later(
        "sys.tracebacklimit = 0\nraise ValueError('lost')", "ended with exit status 1", log="ValueError: lost"
    ),
    "is killed": later("os.kill(os.getpid(), signal.SIGKILL)", "was killed by SIGKILL"),
    "is killed by a signal with no name": later("os.kill(os.getpid(), 40)", "was killed by signal 40"),
    "aborts": later(
        "sys.stderr.write('corrupt\\n')\nsys.stderr.flush()\nos.abort()", "was killed by SIGABRT", log="corrupt"
    ),
    "ends in the middle of a line": later(
        """os.write(1, b'{"src": "n1", "dest')\nsys.exit(1)""",
        'ended with exit status 1; its last line is incomplete: {"src": "n1", "dest',
    ),
    "closes its output": later(f"os.close(1)\n{SLEEPS}", "closed its output"),
    "closes its input": later(f"os.close(0)\nanswer()\n{SLEEPS}", late(3), round=1, when="round 2", deadline=3),
    "closes its input and answers nonetheless": later(
        "os.close(0)\nfor asked in 2, 3: answer()\nasked = 4\nanswer(decision='ATTACK')", None, round=1
    ),
    "closes its input and ends": later("os.close(0)\nanswer()", "ended with exit status 0", round=1, when="round 2"),
    "writes text": rubbish("b'sending to n2'", "sending to n2", "Invalid JSON: expected value at line 1 column 1"),
    "writes an empty line": rubbish(
        "b''", "an empty line", "Invalid JSON: EOF while parsing a value at line 1 column 0"
    ),
    "writes a number": rubbish("b'7'", "7", "Input should be an object"),
    "writes a list": rubbish("b'[]'", "[]", "Input should be an object"),
    "writes an object of its own": rubbish("b'{\"vote\": 1}'", '{"vote": 1}', "src: Field required"),
    "writes no type": rubbish(
        """b'{"src": "n1", "dest": "n2", "body": {}}'""",
        '{"src": "n1", "dest": "n2", "body": {}}',
        "body: Unable to extract tag using discriminator 'type'",
    ),
    "writes a type of its own": rubbish(
        """b'{"src": "n1", "dest": "n2", "body": {"type": "vote"}}'""",
        '{"src": "n1", "dest": "n2", "body": {"type": "vote"}}',
        "body: Input tag 'vote' found using 'type' does not match any of the expected tags: "
        "'init_ok', 'order', 'message', 'round_ok', 'error'",
    ),
    "writes the wrong type": rubbish(
        """b'{"src": "n1", "dest": "network", "body": {"type": "round_ok", "in_reply_to": "3"}}'""",
        '{"src": "n1", "dest": "network", "body": {"type": "round_ok"…',
        "body.round_ok.in_reply_to: Input should be a valid integer",
    ),
    "writes a label that is none": rubbish(
        """b'{"src": "n1", "dest": "n2", "body": {"type": "order", "round": 2, "label": null, "order": "ATTACK"}}'""",
        '{"src": "n1", "dest": "n2", "body": {"type": "order", "round…',
        "body.label is a number, a text, or a list of labels",
    ),
    "writes a decision that is none": rubbish(
        """b'{"src": "n1", "dest": "network", "body": {"type": "round_ok", "in_reply_to": 3, "decision": 0.5}}'""",
        '{"src": "n1", "dest": "network", "body": {"type": "round_ok"…',
        "body.decision is an order's name, true or false, a whole number, a list, or an object",
    ),
    "writes no UTF-8": rubbish("b'\\xff\\xfe'", "��", "Invalid JSON: expected value at line 1 column 1"),
    "writes NUL": rubbish("bytes(3)", r"\x00\x00\x00", "Invalid JSON: expected value at line 1 column 1"),
    "writes what moves the cursor": rubbish(
        "b'\\x1b[2J'", r"\x1b[2J", "Invalid JSON: expected value at line 1 column 1"
    ),
    "nests deeply": rubbish(
        "b'[' * 100_000", "[" * 60 + "…", "Invalid JSON: recursion limit exceeded at line 1 column 202"
    ),
    "writes 10 MB in a line": later("line(b'x' * 10_000_000)", "writes a line of more than 1,048,576 bytes"),
    "writes 10 MB without an end": later(
        f"os.write(1, b'x' * 10_000_000)\n{SLEEPS}", "writes a line of more than 1,048,576 bytes"
    ),
    "tells itself": later("tell(me, 2, [0, 1])", "sends an order to itself; what a general needs later, it must store"),
    "tells nobody": later("tell('n9', 2, [0, 1])", "sends an order to 'n9', but there are n0 to n3"),
    "tells the network": later("tell('network', 2, [0, 1])", "sends an order to 'network', but there are n0 to n3"),
    "tells whom it cannot reach": later(
        "tell('n3', 1, [0])",
        "sends an order to n3, who is not a neighbour",
        round=1,
        arrangement=lambda: Arrangement(OMGraph(n=5, m=1, graph="cycle:5", p=2)),
    ),
    "forges a sender": later("me = 'n2'\ntell('n3', 2, [0, 2])", "forges a sender: it writes src 'n2', but is n1"),
    "is the network": later("me = 'network'\nanswer()", "forges a sender: it writes src 'network', but is n1"),
    "says much": later("tell('n' * 1_000_000, 2, [0, 1])", f"sends an order to '{'n' * 59}…, but there are n0 to n3"),
    "sends twice": later(
        "tell('n2', 2, [0, 1])\ntell('n2', 2, [0, 1])", "sends general 2 two orders under the label 0-1"
    ),
    "sends two orders": later(
        "tell('n2', 2, [0, 1])\ntell('n2', 2, [0, 1], 'RETREAT')", "sends general 2 two orders under the label 0-1"
    ),
    "sends twice without a label": later(
        "tell('n2', 2, [])\nwrite(me, 'n2', type='order', round=2, order='RETREAT')",
        "sends general 2 two orders under the label []",
    ),
    "sends an order too late": later("tell('n2', 1, [0, 1])", "sends an order of round 1"),
    "sends an order too early": later("tell('n2', 3, [0, 1])", "sends an order of round 3"),
    "makes an order up": later("tell('n2', 2, [0, 1], 'WAIT')", "sends 'WAIT', which is not one of RETREAT, ATTACK"),
    "answers twice": later(
        "answer()\nanswer()\nquestion()", "answers message 2, but was asked 3", round=1, when="round 2"
    ),
    "answers something else": later("asked = 7\nanswer()", "answers message 7, but was asked 3"),
    "answers somebody else": later(
        "write(me, 'n0', type='round_ok', in_reply_to=3)", "sends round_ok to 'n0'; answers go to 'network'"
    ),
    "answers like at the start": later(
        "write(me, 'network', type='init_ok', in_reply_to=3)",
        "writes init_ok, where order or message or round_ok or error is expected",
    ),
    "sends before it answers": starting(
        "tell('n2', 1, [0, 1])\nanswer()\nquestion()", "writes order, where init_ok or error is expected"
    ),
    "decides twice": decided("answer(decision='ATTACK')\nquestion()", "decides twice"),
    "sends when it has decided": decided("tell('n2', 3, [0, 1])\nquestion()", "writes order, but had already decided"),
    "writes rubbish when it has decided": decided(
        "line(b'done')\nquestion()",
        "writes something that is not a message: done (Invalid JSON: expected value at line 1 column 1)",
    ),
    "floods when it has decided": decided("while True: tell('n2', 3, [0, 1])", "writes order, but had already decided"),
    "makes a decision up": later(
        "answer(decision='WAIT')", "decides 'WAIT', which is not one of RETREAT, ATTACK", round=3
    ),
    "decides on nobody": later(
        "answer(decision={'9': 'ATTACK'})", "has a decision for somebody who is not a general", round=3
    ),
    "gives up, out of time": later(
        "write(me, 'network', type='error', in_reply_to=3, code=0, text='too slow')",
        "gives up with error 0 (timeout): too slow",
    ),
    "gives up at the start": starting(
        "write(me, 'network', type='error', in_reply_to=1, code=10, text='I only know eig')",
        "gives up with error 10 (not supported): I only know eig",
    ),
    "gives up, not understanding": later(
        "write(me, 'network', type='error', code=12)", "gives up with error 12 (malformed request)"
    ),
    "gives up, crashing": later(
        "os.write(2, b'at line 7\\n')\nwrite(me, 'network', type='error', code=13, text='a\\nb')",
        r"gives up with error 13 (crash): a\nb",
        log="at line 7",
    ),
    "gives up, aborting": later("write(me, 'network', type='error', code=14)", "gives up with error 14 (abort)"),
    "gives up for a reason of its own": later(
        "write(me, 'network', type='error', code=1000, text='!')", "gives up with error 1000: !"
    ),
    "forges its last signature": signing(
        SIGN.format("ATTACK", [0, 2]),
        "sends ATTACK:0:2, whose last signature is forged: it must be 1, its own",
    ),
    "forges a signature": signing(
        SIGN.format("ATTACK", [0, 2, 1]),
        "sends ATTACK:0:2:1, which is forged: it has not received what it adds its signature to",
    ),
    "forges the commander's order": signing(
        SIGN.format("RETREAT", [0, 1]),
        "sends RETREAT:0:1, which is forged: it has not received what it adds its signature to",
    ),
    "signs another order": signing(
        SIGN.format("RETREAT", [1]), "sends ATTACK under RETREAT:1, a chain that signs another order"
    ),
    "never decides": Faulty(
        f"{PLAYS}\nwhile True:\n    answer()\n    question()", "", "has not decided after 1,000 rounds"
    ),
    "decides a number": Faulty(
        f"{PLAYS}play(to=3)\nanswer(decision=1)\nquestion()",
        "",
        'decides 1, which is not the kind of decision that the model makes, such as "ATTACK"',
    ),
    "decides a truth": Faulty(
        f"{PLAYS}play(to=2)\nanswer(decision=True)\nquestion()",
        "",
        'decides true, which is not the kind of decision that the model makes, such as "RETREAT"',
    ),
    "decides a list": Faulty(
        f"{PLAYS}play(to=3)\nanswer(decision={MANY})\nquestion()",
        "",
        f'decides {MANY[:60]}…, which is not the kind of decision that the model makes, such as "ATTACK"',
    ),
    "never reads": Faulty(f"import time\n{SLEEPS}", "at the start", late(0.4), deadline=0.4, arrangement=flooded),
    "does not read megabytes": later(
        f"answer()\n{SLEEPS}", late(3), round=1, when="round 2", deadline=3, arrangement=flooded
    ),
    "leaves a child that holds its pipes": later(
        CHILD.format("") + "os._exit(0)",
        "ended with exit status 0, but a process that it started keeps its output open and did not answer within 3 s",
        deadline=3,
    ),
    "leaves a child in a session of its own": later(
        CHILD.format(", start_new_session=True, stdin=-3, stdout=-3, stderr=-3") + "os._exit(1)",
        "ended with exit status 1",
    ),
}
"""What is a fault."""

ODD: Mapping[str, Faulty] = {
    "plays as it must": Faulty(LOYAL),
    "never waits for the network": Faulty(
        f"{PLAYS}answer()\nfor asked in 2, 3: answer()\nasked = 4\nanswer(decision='ATTACK')", arrangement=flooded
    ),
    "writes megabytes before it reads": Faulty(
        f"{PLAYS}answer()\nfor number in range(3000): tell('n2', 1, [number, 'y' * 1000])\n"
        "for asked in 2, 3: answer()\nasked = 4\nanswer(decision='ATTACK')",
        arrangement=flooded,
    ),
    "logs megabytes": later(
        "sys.stderr.write('thinking\\n' * 300_000)\nanswer()\nquestion()\nanswer(decision='ATTACK')", None
    ),
    "writes fields that nobody knows": later(
        "write(me, 'network', type='round_ok', in_reply_to=3, msg_id=5, mood='good')\nquestion()\n"
        "answer(decision='ATTACK', why=[])",
        None,
    ),
    "ends badly when it has decided": decided("sys.exit(1)", None),
    "closes all and stays": decided(
        f"for end in 0, 1, 2: os.close(end)\n{SLEEPS}", None, remark="had to be ended by SIGTERM"
    ),
    "does not end": decided(SLEEPS, None, remark="had to be ended by SIGTERM"),
    "ignores SIGTERM": Faulty(
        f'{PLAYS}{STUBBORN}play(to=3)\nanswer(decision="ATTACK")\n{SLEEPS}', remark="ignores SIGTERM and was killed"
    ),
    "leaves a child that holds its pipes when it has decided": decided(
        CHILD.format("") + "os._exit(0)", None, waits=True
    ),
    "leaves a child that ignores SIGTERM": decided(
        CHILD.format(", preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN)") + "question()",
        None,
        waits=True,
    ),
    "leaves a child in a session of its own when it has decided": decided(
        CHILD.format(", start_new_session=True") + "question()", None, waits=True
    ),
}
"""What is no fault, but not the plainest way either."""
