"""What a reader of a page needs who has never met such a proof: the question, and how the argument goes.

This module knows problems, chains and covers. It must not know pages.
"""

from __future__ import annotations

from byzverify.errors import counted
from byzverify.language.faults import Fault, lies
from byzverify.language.messages import General
from byzverify.rendering.attack.inviting import MAY
from byzverify.rendering.impossibility.argument import (
    NOBODY_DEVIATES,
    Impossibility,
    acts_in,
    may_fail,
    tells_all_the_same,
)
from byzverify.rendering.impossibility.cast import sentence
from byzverify.rendering.impossibility.covers import (
    always_faulty,
    around,
    copy_name,
    loyal,
    named_copies,
    shared,
    wiring,
)
from byzverify.rendering.impossibility.demands import demands_of, orders_of
from byzverify.rendering.impossibility.phrases import joined, listed, named
from byzverify.scenario.impossibility import DoubleCover, RunChain, Setting, is_complete

MOST_NAMED = 8
"""The most copies of generals that are listed by name."""


def question(setting: Setting) -> list[str]:
    """What is asked, in paragraphs."""
    may = joined([MAY[mode] for mode in setting.faults])
    return [
        f"{_orders(setting)} But {may_fail(setting)}: {may}. {_talk(setting)}",
        "A protocol gives every general a program, which he follows if he is loyal. It says what he tells the others, "
        "and what he decides in the end. Nobody can see who is loyal. Is there a protocol that always keeps these "
        "conditions, whoever fails and in whatever way?",
    ]


def _orders(setting: Setting) -> str:
    first, second = orders_of(setting)
    if setting.commander is None:
        return f"{counted(setting.n, 'general')} start with an order each, {second} or {first}."
    lieutenants = [one for one in range(setting.n) if one != setting.commander]
    there = f"There are {counted(setting.n, 'general')}."
    match setting.problem:
        case "interactive":
            return (
                f"{there} Each starts with an order, {second} or {first}, and is to decide with which order each of "
                f"them started. Already the order of general {setting.commander} is too much: look at him alone."
            )
        case "approximate":
            return f"{there} General {setting.commander} is the commander: he starts with 0 or 1. All decide numbers."
        case _:
            return (
                f"{there} General {setting.commander} is the commander: he orders the lieutenants, generals "
                f"{listed(lieutenants)}, to {second} or to {first}."
            )


def _talk(setting: Setting) -> str:
    whom = "each of the others" if is_complete(setting) else "each of those with whom he has a link"
    how_long = "as many rounds as they like" if setting.rounds is None else counted(setting.rounds, "round")
    signed = " Messages are signed, so nobody can change what a loyal general has said." if setting.signed else ""
    return f"They talk in {how_long}: in a round, everybody can send a message to {whom}.{signed}"


def method(found: Impossibility) -> list[str]:
    """How the argument goes, in paragraphs. Below the first one of a cover belongs its picture."""
    return _of_covers(found) if isinstance(found, DoubleCover) else _of_chains(found)


def _of_chains(chain: RunChain) -> list[str]:
    return [
        "An execution is one complete course of events: who fails, which orders are given, and everything that is "
        "said. A protocol must keep the conditions in every execution.",
        "A loyal general cannot see who fails. All that he knows is what he starts with and what he is told. If this "
        "is the same in two executions, then his program does the same in both, and he decides the same. He has no "
        "choice, whatever his program is.",
        *[NOBODY_DEVIATES] * (chain.setting.rounds is None),
        f"Here are {len(chain.runs)} executions. Each looks the same as the next one to some general who is loyal in "
        f"both. {_ends(chain, 'execution')}",
    ]


def _of_silence(cover: DoubleCover, silent: list[General]) -> list[str]:
    """How the argument goes where the same generals fail in all scenes."""
    one, fail = copy_name(shared(cover, 0)), "fails" if len(silent) == 1 else "fail"
    return [
        f"Suppose that somebody has such a protocol. {wiring(cover)} {_order(cover)}",
        f"{named(silent).capitalize()} {fail} in both copies, from the beginning on: nothing comes from there. All "
        "others follow the protocol. Whoever may fail may do that, in any mode, and signatures do not help.",
        "A scene has one of the two copies of each other general. Where silence separates them, it does not matter "
        "which copies they are: neither hears of the other. So a scene is an execution of the real network, and the "
        "conditions must be kept.",
        f"General {one} stands in scene 1 and in scene 2. He receives messages once and decides once, and this is what "
        f"he decides in both scenes. {_ends(cover, 'scene')}",
    ]


def _of_covers(cover: DoubleCover) -> list[str]:
    if silent := always_faulty(cover):
        return _of_silence(cover, silent)
    one = copy_name(shared(cover, 0))
    return [
        "Suppose that somebody has such a protocol. Then run its programs on a network that they were never meant for. "
        f"{wiring(cover)}",
        f"{_order(cover)} Nobody in this double network is a traitor: each general with a prime runs the program of "
        "the general with his number, and his neighbours take him for that one. Everybody has just the neighbours "
        "that his program expects, one with each number, so the programs can run and do not notice where they are. "
        "The conditions need not hold in the double network as a whole. It is only a script for the traitors of the "
        "real network.",
        *_first_scene(cover),
        f"General {one} stands in scene 1 and in scene 2. In the double network he receives messages once and decides "
        f"once, and this is what he decides in both scenes. {_ends(cover, 'scene')}",
        "Only two things were used: a program does the same whenever it receives the same, and a traitor can run the "
        "program of any general and say what it says. So a cleverer protocol does not help, and neither do more "
        "rounds. Signatures would help: a traitor cannot sign in the name of a loyal general, and so cannot play a "
        "copy of him. More loyal generals or links would help, too: then no double network has such scenes. And "
        "programs that toss coins are another question.",
    ]


def _first_scene(cover: DoubleCover) -> list[str]:
    """How one scene is a part of the double network, and also an execution of the real one."""
    inside, faulty = loyal(cover.scenes[0]), sorted(cover.scenes[0].faulty)
    others = sorted((one for one in around(cover) if one not in inside), key=lambda one: one[::-1])
    them = f", {named_copies(others)}" if len(others) <= MOST_NAMED else ""
    group = f"general{'s' * (len(inside) > 1)} {named_copies(inside)}"
    are = "is a traitor" if len(faulty) == 1 else "are traitors"
    return [
        f"Look at {group} of the double network: this is scene 1. Now think of the real network, where {named(faulty)} "
        f"{are}. Traitors know the protocol. So they can run, in secret, the programs of all others in the double "
        f"network{them}. They pass messages on between these programs, and between them and {group}, as the links of "
        "the double network do.",
        "In round 1 all these programs send what they send in the double network, since each starts with the same "
        "order there. So they receive the same, and therefore send the same in round 2; and so on, round by round. In "
        f"the end the decision of {group} is the same as in the double network. And only {named(faulty)} {are}, which "
        "is allowed, so the conditions must hold here. (Traitors could also do something else, but that does not "
        "matter. A protocol must keep the conditions whatever they do.) The same works in the other scenes, each with "
        "other traitors. A loyal general with a prime in a scene is the real general with this number.",
    ]


def _ends(found: Impossibility, noun: str) -> str:
    """Why it cannot come out right."""
    demands = demands_of(found.setting, acts_in(found))
    first, last = demands.decisions[0], demands.decisions[-1]
    ends = f"In the first {noun}, {first} must be decided; in the last one, {last}"
    if not found.witnesses[1:]:
        return f"{ends}. He cannot do both."
    if demands.apart:
        return f"{ends}. In between, decisions may change in small steps only, and there are too few steps."
    return f"{ends}. And in each {noun} in between, two loyal generals must decide the same. That is a contradiction."


def _order(cover: DoubleCover) -> str:
    first, second = orders_of(cover.setting)
    if cover.setting.commander is None:
        return f"Generals without a prime start with {first}, those with a prime (as 1′) with {second}."
    general = cover.setting.commander
    names = [copy_name((general, sheet)) for sheet in (0, 1)]
    return f"There are two commanders: {names[0]} orders {first}, and {names[1]} orders {second}."


LESS = (
    "In these executions every loyal general passes on all that he has heard. A general with another program might say "
    "less, or something that he has worked out. That does not help. Whoever knows everything that the other one knew "
    "can work out for himself what the other one would have said. So two executions that look the same to a general "
    "who is told everything also look the same to one who is told less."
)
LIES = "And a traitor can lie in the same way: he sends what the other program would send if he had heard what he says."
ALIKE = (
    "(A symmetric traitor says the same to all. So this is about programs with which everybody says the same to all.)"
)


def objection(found: Impossibility) -> str:
    """Why what the generals say to each other is no restriction; empty where nothing was assumed about it."""
    if isinstance(found, DoubleCover) or found.setting.rounds is None:
        return ""
    can_lie = any(map(lies, found.setting.faults)) and not found.setting.signed
    return " ".join([LESS, *[LIES] * can_lie, *[ALIKE] * tells_all_the_same(found)])


def silence(setting: Setting) -> str:
    """A reminder where silence is information; else empty."""
    milder = {Fault.CRASH, Fault.OMISSION, Fault.MANIFEST} & set(setting.faults)
    return sentence("that nothing comes from somebody is something that a general sees, too") if milder else ""
