"""A campaign as JUnit XML, which build servers show. Source of the form: the Jenkins JUnit plugin's schema, as pytest
writes it.
"""

from __future__ import annotations

from xml.etree import ElementTree as xml

from byzverify.attacks.narration import tell_of_programs
from byzverify.attacks.wording import broken
from byzverify.campaign.campaign import Campaign
from byzverify.campaign.playing import Played
from byzverify.errors import NodeError, printable
from byzverify.report.asked import question
from byzverify.report.encounter import compared


def as_junit(campaign: Campaign) -> str:
    """The whole file: a test case for each trial."""
    failures = sum(1 for played in campaign.played if played.failed)
    suite = xml.Element(
        "testsuite",
        name=f"byzverify {question(campaign.model, campaign.faults)}",
        tests=str(len(campaign.played)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time=f"{campaign.seconds:.3f}",
    )
    for played in campaign.played:
        suite.append(_case(played))
    root = xml.Element("testsuites")
    root.append(suite)
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _case(played: Played) -> xml.Element:
    kind, title = played.planned.kind, played.planned.title
    case = xml.Element("testcase", classname=f"byzverify.{kind}", name=printable(title), time=f"{played.seconds:.3f}")
    if played.failed:
        failure = xml.SubElement(case, "failure", message=", ".join(played.failed), type=played.failed[0])
        failure.text = printable(str(played.outcome)) if isinstance(played.outcome, NodeError) else _told(played)
    return case


def _told(played: Played) -> str:
    assert not isinstance(played.outcome, NodeError)
    met, replay = played.outcome
    story = tell_of_programs(met.run)
    failing = [
        f"{judgement.condition.name} fails: {judgement.condition.statement}; {broken(met.run, judgement)}"
        for judgement in replay.violated
    ]
    lines = [story.faulty, *story.starts, *map(str, story.sayings), story.ending, *compared(met), *failing]
    return "\n".join(map(printable, lines))
