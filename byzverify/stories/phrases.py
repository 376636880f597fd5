"""Words for what was heard and what was counted."""

from __future__ import annotations

from collections import Counter

from byzverify.attacks.run_log import LoggedMessage
from byzverify.ir.expressions import Majority, Read
from byzverify.language.labels import is_arrival
from byzverify.language.messages import Chain, General, Label, spelled
from byzverify.language.records import Part
from byzverify.language.values import ABSENT
from byzverify.scenario.wording import spoken
from byzverify.stories.reasoning import Inference, VoteCount


def heard(round: int, sender: General, label: Label) -> tuple[str, str, str]:
    """The name of a reading, such as `0-2`, and the text before and after it: from whom it came, in which round."""
    label = subject(label)
    if is_path(label, sender):
        return spelled(label), "" if label[1:] else "from ", ""
    if isinstance(label, Chain):
        return str(label), "", f" from general {sender}"
    if label == ():
        return str(sender), "from ", f" in round {round}"
    return spelled(label), "", f" from general {sender} in round {round}"


def silence(step: Inference, told: LoggedMessage, never: bool) -> tuple[str, str, str]:
    """The same as `heard` if nothing came, behind the default value of the step. never: whether nothing can come."""
    label = told.label.form.label if is_arrival(told.label) else subject(told.label)
    comes = "ever comes " if never else "comes "
    before = f"since nothing {comes}" if spoken(step.value) != spoken(ABSENT) else comes * never
    if is_path(label, told.sender):
        return spelled(label), f"{before}{'along' if label[1:] else 'from'} ", ""
    about = f" about {spelled(label)}" if label != () else ""
    return str(told.sender), f"{before}from ", f"{about} in round {told.round}"


def is_path(label: Label, sender: General) -> bool:
    """Whether a label is the path of generals along which an order came, with the sender last."""
    return isinstance(label, tuple) and label[-1:] == (sender,) and all(type(step) is int for step in label)


def found(step: Inference) -> str:
    """The value of a step, in words; for a message of several fields, whether it came."""
    if (
        isinstance(step.expression, Read)
        and is_arrival(step.expression.site[3])
        and spoken(step.value) != spoken(ABSENT)
    ):
        return "it came"
    return spoken(step.value)


def subject(label: Label) -> Label:
    """The label of a reading; for a field of a message without a label, only the field's name."""
    alone = type(label) is Part and label.form.label == () and label.name is not None
    return label.name if alone else label


def elected(tally: VoteCount) -> str:
    """The result of an election: whether an order wins, and the shares."""
    cast = Counter(spoken(vote.step.value) for vote in tally.votes)
    majority = isinstance(tally.step.expression, Majority)
    won = ("majority" if majority else "plurality") if _leads(tally, cast) else "default"
    absent = 0 if majority else cast.pop(spoken(ABSENT), 0)  # a plurality does not count absent votes
    return f"by {won}, {_shares(cast)}{f' ({absent} absent)' if absent else ''}"


def _leads(tally: VoteCount, cast: Counter[str]) -> bool:
    """Whether an election has a winner, so that its default plays no part."""
    named = {name: number for name, number in cast.items() if name != spoken(ABSENT)}
    most = max(named.values(), default=0)
    if isinstance(tally.step.expression, Majority):
        return 2 * most > len(tally.votes)
    return list(named.values()).count(most) == 1


def _shares(cast: Counter[str]) -> str:
    return " : ".join(f"{name} {number}" for name, number in cast.most_common()) or "no votes"


def threshold(tally: VoteCount) -> str:
    """How many votes were counted, and whether they are enough."""
    assert tally.least is not None
    total = sum(vote.weight for vote in tally.votes)
    verdict = "enough" if total >= tally.least else "too few"
    needed = f"{verdict}, {tally.least} needed"
    names = [spoken(named.value) for named, _ in sorted(tally.named, key=lambda named: -named[1])]
    weights = sorted((weight for _, weight in tally.named), reverse=True) if tally.is_uniform else []
    most = sum(vote.worth for vote in tally.votes)
    if set(weights) == {1}:
        return f"{' or '.join(names)} from {total} of {most}: {needed}"
    if weights == [2, 1] and tally.least == len(tally.votes) + 1:
        return _majority_but_for(tally, *names)
    if weights == [1, -1]:
        return _lead(tally, verdict)
    if len(names) == 1 and all(vote.worth > 0 for vote in tally.votes):
        return f"{names[0]} weighs {total} of {most}: {needed}"
    return f"{_weighed(tally)}, they come to {total}: {needed}"


def _weighed(tally: VoteCount) -> str:
    """The votes, and the weight of each kind if the weights differ."""
    weights = ", ".join(f"{spoken(named.value)} as {weight}" for named, weight in tally.named)
    counted = f"counting {weights}" if tally.is_uniform else "by their weights"
    return f"{_shares(Counter(spoken(vote.step.value) for vote in tally.votes))}; {counted}"


def _lead(tally: VoteCount, verdict: str) -> str:
    """A threshold that compares two counts: by how much the first leads the second."""
    (one, _), (other, _) = sorted(tally.named, key=lambda named: -named[1])
    ahead = sum(vote.weight for vote in tally.votes if vote.weight > 0)
    behind = -sum(vote.weight for vote in tally.votes if vote.weight < 0)
    assert tally.least is not None
    lead = f"a lead of {tally.least} needed" if tally.least > 0 else f"{_behind(-tally.least)} is enough"
    return f"{spoken(one.value)} {ahead} against {spoken(other.value)} {behind}: {verdict}, {lead}"


def _behind(by: int) -> str:
    return f"being {by} behind" if by else "a tie"


def _majority_but_for(tally: VoteCount, name: str, uncounted: str) -> str:
    """A threshold that is a majority among the votes without the `uncounted`: 2a + u > n means a > (n - u) / 2."""
    cast = Counter(spoken(vote.step.value) for vote in tally.votes)
    counted = len(tally.votes) - cast[uncounted]
    verdict = "a majority" if 2 * cast[name] > counted else "no majority"
    return f"{name} from {cast[name]} of {counted} that are not {uncounted}: {verdict}"
