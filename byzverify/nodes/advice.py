"""Advice for the author of a program that plays a general: the likely cause of each reported fault."""

from __future__ import annotations

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    "Permission denied": "is it executable? chmod +x",
    "Exec format error": "a script's first line names its interpreter: #!/usr/bin/env python3",
    "No such file": "a path begins with ./ or /, unless the program is on PATH; and a script's interpreter must exist",
    "did not answer": "flush after each line (in Python: print(..., flush=True)); answer each `round`, too, "
    "when there is nothing to send",
    "ended with exit status 0": "read until the input ends, not just one message",
    "src: Field": "a message is an object with src, dest and body",
    "Unable to extract tag": "body.type says what kind of message it is",
    "in_reply_to: ": "an answer repeats the question's msg_id as in_reply_to",
    "Invalid JSON": "standard output is for messages alone, one a line, from one thread; log to standard error",
    "Input should be an object": "standard output is for messages alone, one a line; log to standard error",
    "answers message": "in_reply_to is the msg_id of the last question",
    "where init_ok": "answer init with init_ok, and send nothing before `round`",
    "writes init_ok": "only `init` is answered with init_ok; `round` with round_ok",
    "to itself": "leave your own node_id out when you send to node_ids; `neighbours` does not have it",
    "forges a sender": "src is the node_id that came in `init`",
    "answers go to": "the dest of an answer is network",
    "two orders under": "answer a round once, with each order once; is an old message sent again?",
    "sends an order of round": "an order's round is that of the last `round` message",
    "which is not one of": "`init` lists the orders that exist, as `orders`",
    "decides twice": "end when you have decided",
    "but had already decided": "send everything before the answer with the decision, and then end",
    "has not decided": "put the decision into the round_ok of the round in which you decide",
    "had to be ended": "end when standard input ends",
    "ignores SIGTERM": "end when standard input ends, and on SIGTERM",
    "its log": "its log says where it failed: at its beginning, or at its end",
}
"""The likely cause of a fault, by a text that its report contains; the first text that is found counts."""


def hint(line: str) -> str:
    """The likely cause of the fault that a line reports; empty if there is no advice for it."""
    return next((cause for sign, cause in HINTS.items() if sign in line), "")
