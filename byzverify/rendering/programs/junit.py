"""A campaign as JUnit XML, which build servers show. Source of the format: what pytest and Jenkins' plugin agree on."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as xml

from byzverify.attacks.outcomes import broken
from byzverify.campaign.arena import PlayedTrial
from byzverify.campaign.campaign import Campaign
from byzverify.errors import NodeError, printable
from byzverify.language.faults import Budget
from byzverify.language.protocol import Protocol
from byzverify.rendering.programs.encounter import compared
from byzverify.rendering.verdict.asked import question
from byzverify.stories.narration import tell_of_programs


def as_junit(campaign: Campaign) -> str:
    """The whole file: a test case for each trial, and a skipped one for the rest if the campaign was stopped."""
    cases = [_case(played) for played in campaign.played]
    if campaign.stopped is not None:
        cases.append(_without_result("the rest of the campaign", "skipped", str(campaign.stopped)))
    return _file(campaign.model, campaign.faults, cases, campaign.seconds)


def fault_as_junit(model: Protocol, faults: Budget, fault: NodeError) -> str:
    """The whole file if a program failed although nobody attacked it: one test case, with an error."""
    return _file(model, faults, [_without_result("nobody fails", "error", str(fault))], 0)


def _file(model: Protocol, faults: Budget, cases: list[xml.Element], seconds: float) -> str:
    counts = {kind: str(sum(1 for case in cases if case.find(kind) is not None)) for kind in KINDS}
    suite = xml.Element("testsuite", name=f"byzverify {question(model, faults)}", tests=str(len(cases)))
    for name, value in {**{KINDS[kind]: count for kind, count in counts.items()}, "time": f"{seconds:.3f}"}.items():
        suite.set(name, value)
    suite.extend(cases)
    root = xml.Element("testsuites")
    root.append(suite)
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


KINDS = {"failure": "failures", "error": "errors", "skipped": "skipped"}
"""The elements of a test case that did not succeed, and the attributes in which a suite counts them."""


def _case(played: PlayedTrial) -> xml.Element:
    kind, title = played.planned.kind, played.planned.title
    case = xml.Element("testcase", classname=f"byzverify.{kind}", name=printable(title), time=f"{played.seconds:.3f}")
    if played.failed:
        failure = xml.SubElement(case, "failure", message=", ".join(played.failed), type=played.failed[0])
        failure.text = _text(_told(played))
    elif not played.as_model:
        xml.SubElement(case, "system-out").text = _text(_told(played))
    return case


def _without_result(name: str, kind: str, message: str) -> xml.Element:
    case = xml.Element("testcase", classname="byzverify", name=name)
    xml.SubElement(case, kind, message=printable(message))
    return case


def _told(played: PlayedTrial) -> Iterator[str]:
    """What faulty generals did, what happened, and what failed."""
    story = tell_of_programs(played.run)
    yield from (story.faulty, *story.starts, *map(str, story.sayings))
    if isinstance(played.outcome, NodeError):
        yield str(played.outcome)
    else:
        met, replay = played.outcome
        yield story.ending
        yield from compared(met)
        for judgement in replay.violated:
            statement = judgement.condition.statement
            yield f"{judgement.condition.name} fails: {statement}; {broken(met.run, judgement)}"


def _text(lines: Iterator[str]) -> str:
    return "\n".join(map(printable, lines))
