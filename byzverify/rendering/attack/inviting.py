"""What a page invites its readers to do, in words that fit the fault modes of its attacks.

This module knows the fault modes. It must not know pages, or how letters affect decisions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from byzverify.language.faults import Fault, lies, only_lapses

PRIMER = "Generals exchange letters in rounds, and then each decides. The loyal follow the protocol"

MAY = {
    Fault.BYZANTINE: "a traitor may tell each of them something different",
    Fault.SYMMETRIC: "a symmetric traitor may tell all of them something different",
    Fault.OMISSION: "an omission-faulty general may leave out what he should tell",
    Fault.CRASH: "a crash-faulty general may stop, in the middle of a round too, and say nothing after that",
    Fault.MANIFEST: "a manifest-faulty general may fall silent, towards everyone at once",
}
"""What a faulty general may do, by his fault mode."""


def primer(modes: Collection[Fault]) -> str:
    """What a reader needs to know first, and what they can do."""
    return f"{'; '.join([PRIMER, *(MAY[mode] for mode in Fault if mode in modes)])}. {invitation(modes)}"


def invitation(modes: Collection[Fault]) -> str:
    """What a reader can do with one attack, shown before they have done anything."""
    if not modes:
        return "Nobody fails here: change what a general starts with, and see what follows."
    whose = "a traitor's letter" if all(map(lies, modes)) else "a faulty general's letter"
    change = "leave it out, or to send it after all," if only_lapses(modes) else "change what it says,"
    return f"Choose {whose} to {change} and see what follows."


def honest_button(modes: Collection[Fault]) -> str:
    """The label of the button that makes everyone do what a loyal general would."""
    return "Leave nothing out" if only_lapses(modes) else "Let nobody lie"


def lie_or_lapse(modes: Collection[Fault]) -> Iterator[tuple[str, str]]:
    """The marks for what a loyal general would not have done, each with its meaning."""
    if not only_lapses(modes):
        yield "a lie", "is what no loyal general would have said"
    if any(not lies(mode) for mode in modes):
        yield "left out", "is what a loyal general would have said"
