"""The manifest: for every model, what must come out at, above and below its bound, with the sizes, exactly."""

from pathlib import Path

import pytest

import byzverify
from byzverify.catalogue import configurations, library
from byzverify.catalogue.configurations import Expectation
from byzverify.language.faults import Fault
from byzverify.questions.simulating import simulate

MANIFEST = configurations.manifest()


def named(entry: Expectation) -> str:
    return entry.command().removeprefix("byzverify check ")


def kind(entry: Expectation) -> tuple[str, str, frozenset[Fault]]:
    """The model, what comes out, and in which modes generals may fail."""
    return entry.model, entry.verdict, frozenset(mode for mode, most in entry.budget().items() if most)


SMALLEST = {kind(one): one for one in sorted(MANIFEST, key=lambda one: -one.variables)}
"""The smallest entry of each kind."""


def is_large(entry: Expectation) -> bool:
    """Whether a check takes long, and there is a smaller one of its kind: then it is left to the long campaign."""
    if entry == SMALLEST[kind(entry)]:
        return False
    n = entry.build().n
    return (n > 4 and entry.variables > 36) or entry.messages > 10_000 or (entry.model == "sm" and n > 5)


@pytest.mark.parametrize(
    "entry", [pytest.param(one, marks=pytest.mark.slow if is_large(one) else [], id=named(one)) for one in MANIFEST]
)
def test_what_the_manifest_says_comes_out(entry: Expectation, tmp_path: Path) -> None:
    model = entry.build()
    verdict = byzverify.check(model, entry.budget())
    assert type(verdict).__name__.lower() == entry.verdict
    assert [known.condition.name for known in verdict.conditions if known.verdict == "refuted"] == entry.breaks
    assert verdict.evidence.variables == entry.variables
    assert simulate(model, [], ["ATTACK"]).run.messages == entry.messages
    if isinstance(verdict, byzverify.Refuted):
        verdict.attack.save(tmp_path / "attack.json")
        attack, replay = byzverify.load(tmp_path / "attack.json")
        assert attack == verdict.attack
        assert verdict.attack.condition in [judgement.condition.name for judgement in replay.violated]


@pytest.mark.parametrize("entry", MANIFEST, ids=named)
def test_what_is_claimed_is_proved_or_the_manifest_explains_why_not(entry: Expectation) -> None:
    if entry.build().claims(entry.budget()):
        assert entry.verdict == "proved" or entry.note


def claiming(graph: str) -> set[str]:
    """The models that claim something of one traitor among six generals on a graph."""
    found = set()
    for name in library.names():
        model = library.find(name)
        sizes = {"m": 1, "o": 0, "p": 3, "d": 2}
        given = {parameter: size for parameter, size in sizes.items() if library.has_parameter(model, parameter)}
        if library.build(model, given | {"n": 6, "graph": graph}).tolerates(1):
            found.add(name)
    return found


def test_only_who_speaks_of_graphs_claims_anything_of_one_that_does_not_join_everyone() -> None:
    assert claiming("") == claiming("complete:6") == {*library.names()} - {"readme_program"}
    assert claiming("bipartite:3:3") == {"om_graph", "dolev_relay", "sm"}


def test_every_model_is_in_the_manifest_below_its_bound_and_above() -> None:
    verdicts = {(entry.model, entry.verdict) for entry in MANIFEST if not is_large(entry)}
    assert verdicts == {(name, verdict) for name in library.names() for verdict in ("proved", "refuted")}


def test_a_proof_of_more_than_is_claimed_is_marked_as_derived() -> None:
    for entry in MANIFEST:
        if entry.verdict == "proved" and not entry.build().claims(entry.budget()):
            assert entry.source == "derived", named(entry)


def test_no_configuration_is_listed_twice() -> None:
    assert len({named(entry) for entry in MANIFEST}) == len(MANIFEST)
