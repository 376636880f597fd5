"""Draws programs of `tree.py` at random, by hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.gate.tree import Choice, Compare, Each, Heard, Joined, Number, Own, Same, Say, Votes, Winner, Word, Written


@dataclass
class Author:
    """Draws parts of programs. heard: the rounds so far, each with the labels that are used in it."""

    draw: Any
    led: bool
    words: tuple[str, ...]
    heard: list[tuple[str, ...]] = field(default_factory=list)

    def pick(self, *options: Any) -> Any:
        """One of these."""
        return self.draw(st.sampled_from(options))

    def word(self) -> str:
        """The name of a word, or of none."""
        return str(self.pick(*self.words, *self.words, "ABSENT"))

    def order(self, depth: int) -> Any:
        """An order."""
        kinds = ["own", "word"]
        if self.heard:
            kinds += ["heard"] * 2 + (["winner", "winner", "choice", "choice"] if depth else [])
        match self.pick(*kinds):
            case "word":
                return Word(self.word())
            case "heard":
                round = self.draw(st.integers(0, len(self.heard) - 1))
                sender = self.pick("me", *(["commander"] * 3 if self.led else []))
                return Heard(round, self.pick(*self.heard[round]), sender, self.pick("RETREAT", "ABSENT", "ATTACK"))
            case "winner":
                return Winner(self.pick("majority", "plurality"), self.votes(depth - 1), self.order(0))
            case "choice":
                return Choice(self.truth(depth - 1), self.order(depth - 1), self.order(depth - 1))
        return Own()

    def votes(self, depth: int) -> Votes:
        """Some votes."""
        round = self.draw(st.integers(0, len(self.heard) - 1))
        people = self.pick("all", "all", "others", *(["lieutenants", "fellows"] if self.led else []))
        taken = self.pick(None, None, None, (self.word(), self.word()))
        more = (self.order(depth),) if self.pick(False, False, True) else ()
        return Votes(round, self.pick(*self.heard[round]), people, self.word(), taken, more)

    def truth(self, depth: int) -> Any:
        """A truth."""
        match self.pick("compare", "compare", "compare", "each", "same", *(["joined"] if depth else [])):
            case "each":
                return Each(self.pick("all", "any"), self.votes(0), self.order(0), self.pick(True, True, False))
            case "same":
                return Same(self.order(0), self.order(0))
            case "joined":
                truths = (self.truth(depth - 1), self.truth(depth - 1))
                return Joined(self.pick("and", "or", "one", "not"), truths)
        against = self.pick(None, None, None, self.order(0))
        number = Number(self.votes(0), self.order(0), self.pick(1, 1, 2, -1), against)
        n, m, constant = self.pick((1, -1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 0), (0, 2, 0), (1, 1, 0), (0, 0, 1))
        return Compare(number, self.pick(">=", ">", ">", "==", "<"), n, m, constant + self.pick(0, 0, -1, 1))

    def say(self, label: str) -> Say:
        """A message."""
        to = self.pick("all", "all", "all", "others", "me", *(["commander", "but the commander"] if self.led else []))
        return Say(
            self.order(2), label, to, self.pick("all", "all", *(["commander", "lieutenants"] if self.led else []))
        )


@st.composite
def programs(draw: Any) -> Written:
    """Programs of one to three rounds and at most four messages."""
    led, marked = draw(st.booleans()), draw(st.sampled_from([False, False, True]))
    author = Author(draw, led, ("RETREAT", "ATTACK", *(("MARK",) if marked else ())))
    rounds = []
    for place in range(draw(st.sampled_from([1, 2, 2, 3]))):
        labels = ("",) if place == 2 or draw(st.sampled_from([True, True, False])) else ("", "more")
        messages = tuple(author.say(label) for label in labels)
        if led and not place and draw(st.sampled_from([True, True, True, False])):
            messages = (Say(Own(), "", "all", "commander"),)
        if not led and not place and draw(st.sampled_from([True, True, False])):
            messages = (Say(Own(), "", "all", "all"), *messages[1:])
        rounds.append(messages)
        author.heard.append(tuple(one.label for one in messages))
    decision = tuple(author.order(2) for _ in range(draw(st.sampled_from([1, 1, 1, 2]))))
    some = ["IC1", "Obeys", "Crusade"] if led else ["Agreement", "Keeps", "Heeds", "Crusade", "Some"]
    conditions = draw(st.lists(st.sampled_from(some), min_size=2, max_size=3, unique=True))
    return Written(led, tuple(rounds), decision, tuple(conditions), marked)
