"""Certificates: written, checked, checked by other programs, and refused once anything in them is changed."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import dratify
import drup
import pytest
from pydantic import ValidationError
from rich.console import Console

import byzverify
from byzverify.catalogue import library
from byzverify.certificates import issuing, lrat
from byzverify.certificates.certifying import Certified, certify
from byzverify.certificates.manifest import FILE, Manifest, digest
from byzverify.certificates.statements import Statements
from byzverify.errors import ByzverifyError, CertificateError, Disagreement, Interrupted, OutOfTime, UsageError, Vacuous
from byzverify.language.faults import budget_of
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT
from byzverify.models.om import OM
from byzverify.rendering.json import certified_as_json
from byzverify.rendering.verdict.text import print_certified
from byzverify.solvers import cadical
from tests.support.other_tools import program

SIZES: list[Any] = [
    ("om", {"n": 4, "m": 1}, {"byzantine": 1}),
    ("om", {"n": 7, "m": 2}, {"byzantine": 2}),
    ("om", {"n": 3, "m": 0}, {}),
    ("om", {"n": 4, "m": 1, "values": 3}, {"byzantine": 1}),
    ("sm", {"n": 4, "m": 2}, {"byzantine": 2}),
    pytest.param(("om_graph", {"graph": "circulant:7:1,2", "m": 1, "p": 3}, {"byzantine": 1}), marks=pytest.mark.slow),
    ("phase_king", {"n": 4, "m": 1}, {"byzantine": 1}),
    ("gradecast", {"n": 4, "m": 1}, {"byzantine": 1}),
    ("omh", {"n": 5, "m": 1}, {"byzantine": 1, "manifest": 1}),
    ("hybrid_phase_king", {"n": 3, "m": 0, "o": 1}, {"omission": 1}),
    ("om", {"n": 4, "m": 1}, {"crash": 1}),
    ("om", {"n": 4, "m": 1}, {"symmetric": 1}),
]


def instance(model: str, given: dict[str, object], faults: dict[str, int]) -> Protocol:
    sizes = {name: given.get(name) for name in ("n", "m", "values", "graph")}
    return library.configured(model, {k: v for k, v in given.items() if k not in sizes}, budget_of(faults), **sizes)


@pytest.fixture(scope="module", params=SIZES, ids=str)
def certificate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    model, given, faults = request.param
    folder = tmp_path_factory.mktemp("certificates") / "certificate"
    verdict = byzverify.check(instance(model, given, faults), faults, certificate=folder)
    assert isinstance(verdict, byzverify.Proved)
    assert verdict.certificate == folder
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates") / "small"
    byzverify.check(OM(n=4, m=1), certificate=folder)
    return folder


def formulas(folder: Path) -> list[tuple[Path, Path]]:
    return [(cnf, cnf.with_suffix(".drat")) for cnf in sorted(folder.glob("*.cnf"))]


def clauses(path: Path) -> list[list[int]]:
    lines = path.read_text().splitlines()
    return [[int(literal) for literal in line.split()[:-1]] for line in lines if line[0] not in "cp"]


@pytest.mark.slow
def test_a_certificate_is_accepted_and_counts_what_it_shows(certificate: Path) -> None:
    found = certify(certificate)
    assert isinstance(found, Certified)
    assert sum(found.conditions.values()) == len(formulas(certificate)) > 0
    assert found.steps == sum(len(drat.read_text().splitlines()) for _, drat in formulas(certificate))


@pytest.mark.slow
def test_unrelated_checkers_accept_the_proofs(certificate: Path) -> None:
    """dratify reads the clauses with a parser of its own; drup is extracted from verified code."""
    for cnf, drat in formulas(certificate):
        formula = dratify.parse_dimacs(cnf.read_text(), strict=True)
        assert dratify.check_proof(formula, drat.read_text()).ok
        if len(formula.clauses) < 1_000:
            assert drup.check_proof(clauses(cnf), clauses(drat)).outcome is drup.Outcome.VALID
            assert drup.check_proof(clauses(cnf)[:1], clauses(drat)).outcome is drup.Outcome.INVALID


@pytest.mark.slow
def test_acl2s_verified_checker_accepts_the_proofs(certificate: Path, tmp_path: Path) -> None:
    cnf, _ = formulas(certificate)[-1]
    proof = cnf.with_suffix(".lrat")
    assert acl2_accepts(cnf, proof)
    without_the_last_step = tmp_path / "proof.lrat"
    without_the_last_step.write_text("".join(proof.read_text().splitlines(True)[:-1]))
    assert not acl2_accepts(cnf, without_the_last_step)


def acl2_accepts(cnf: Path, lrat: Path) -> bool:
    acl2 = program("acl2")
    book = '(include-book "projects/sat/lrat/stobj-based/run" :dir :system)'
    check = f'(lrat::lrat-check "{cnf}" "{lrat}")'
    ended = subprocess.run([acl2], input=f"{book}\n{check}\n", capture_output=True, text=True, check=False)
    return "s VERIFIED" in ended.stdout.splitlines()


@pytest.mark.slow
def test_the_manifest_says_which_choices_each_case_stands_for(small: Path) -> None:
    manifest = Manifest.model_validate_json((small / FILE).read_text())
    nobody, lieutenants, commander = manifest.scenarios
    assert (nobody.faults, nobody.stands_for) == ({}, [{}])
    assert lieutenants.stands_for == [{"1": "byzantine"}, {"2": "byzantine"}, {"3": "byzantine"}]
    assert commander.stands_for == [{"0": "byzantine"}]
    assert {"round": 2, "sender": 3, "receiver": 1, "label": [0, 3], "says": "ATTACK"} in lieutenants.variables
    assert [(case.condition, case.witnesses) for case in lieutenants.cases] == [("IC2", [1]), ("IC1", [1, 2])]


def test_every_largest_choice_of_faulty_generals_is_listed_once(certificate: Path) -> None:
    """What the checker of certificates takes on trust from the enumeration of scenarios, counted another way."""
    manifest = Manifest.model_validate_json((certificate / FILE).read_text())
    listed = [frozenset(one.items()) for scenario in manifest.scenarios for one in scenario.stands_for]
    assert len(set(listed)) == len(listed)
    n = manifest.parameters["n"]
    assert isinstance(n, int)
    modes = [mode for mode, most in manifest.faults.items() for _ in range(most)]
    for generals in permutations(map(str, range(n)), len(modes)):
        assert frozenset(zip(generals, modes, strict=True)) in listed


MOST_FLIPS = 500


@pytest.mark.slow
def test_any_flipped_byte_is_noticed(small: Path, tmp_path: Path) -> None:
    """Every byte of the manifest, and of the other files as many as there is time for."""
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    rng = random.Random(1982)
    files = {path: path.read_bytes() for path in sorted(copy.iterdir())}
    places = [(copy / FILE, place) for place in range(len(files[copy / FILE]))]
    rest = [(path, place) for path, content in files.items() if path.name != FILE for place in range(len(content))]
    places += rng.sample(rest, min(len(rest), MOST_FLIPS))
    assert len(places) > 3_000
    for path, place in places:
        changed = bytearray(files[path])
        changed[place] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        with pytest.raises(CertificateError):
            certify(copy)
        path.write_bytes(files[path])
    certify(copy)


def reseal(folder: Path) -> None:
    """Put the checksums right again, as somebody would who wants to deceive."""
    text = (folder / FILE).read_text()
    for line in text.splitlines():
        name = line.strip().split('"')[1] if '"case' in line else None
        if name is not None and (folder / name).exists():
            text = text.replace(line, line.replace(line.split('"')[3], digest((folder / name).read_bytes())))
    (folder / FILE).write_text(Manifest.model_validate_json(text).text())


@pytest.mark.slow
def test_a_changed_formula_is_noticed_even_with_right_checksums(small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    rng = random.Random(7)
    for cnf, _ in formulas(copy):
        content = cnf.read_bytes()
        for place in rng.sample(range(len(content)), 60):
            changed = bytearray(content)
            changed[place] ^= 1 << rng.randrange(8)
            cnf.write_bytes(changed)
            reseal(copy)
            with pytest.raises(CertificateError, match="does not have the clauses that the model gives"):
                certify(copy)
        cnf.write_bytes(content)
    reseal(copy)
    certify(copy)


@pytest.mark.slow
def test_a_changed_proof_with_right_checksums_is_accepted_only_if_it_is_a_proof(small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    rng = random.Random(11)
    refused = 0
    for cnf, drat in formulas(copy):
        proof = cnf.with_suffix(".lrat")
        content = proof.read_bytes()
        for place in rng.sample(range(len(content)), min(len(content), 60)):
            changed = bytearray(content)
            changed[place] ^= 1 << rng.randrange(8)
            proof.write_bytes(changed)
            drat.write_bytes(_without_hints(bytes(changed)))
            reseal(copy)
            try:
                certify(copy)
            except CertificateError:
                refused += 1
            else:
                assert dratify.check_proof(dratify.parse_dimacs(cnf.read_text()), drat.read_text()).ok
        proof.write_bytes(content)
        drat.write_bytes(_without_hints(content))
    assert refused > 80
    reseal(copy)
    certify(copy)


def _without_hints(proof: bytes) -> bytes:
    try:
        return lrat.without_hints(proof)
    except IndexError:  # what was changed is no proof any more
        return b""


def edited(old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / FILE
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
        with suppress(ValidationError):
            reseal(folder)

    return edit


def swap(folder: Path) -> None:
    one, other = (folder / f"case{number}.lrat" for number in (1, 2))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    reseal(folder)


def drop_a_case(folder: Path) -> None:
    manifest = Manifest.model_validate_json((folder / FILE).read_text())
    fewer = manifest.model_copy(update={"scenarios": manifest.scenarios[:1]})
    (folder / FILE).write_text(fewer.text())


def shorten_the_clauses_of_drat(folder: Path) -> None:
    (folder / "case1.drat").write_text("0\n")
    reseal(folder)


def truncate(folder: Path) -> None:
    path = folder / "case1.lrat"
    path.write_bytes(path.read_bytes()[:40])
    reseal(folder)


def test_a_certificate_does_not_bring_the_program_that_it_is_about(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever checks it would execute that."""
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    (copy / "evil.py").write_text("raise SystemExit('executed')")
    for here, named in ((tmp_path, "copy/evil.py:OM"), (copy, "evil.py:OM"), (copy, str(copy / "evil.py:OM"))):
        monkeypatch.chdir(here)
        edited(f'"model": "{json.loads((copy / FILE).read_text())["model"]}"', f'"model": "{named}"')(copy)
        with pytest.raises(CertificateError, match="the model must not be a file in the certificate"):
            certify(copy)


def test_a_condition_that_nobody_is_asked_about_is_told_from_one_that_is_certified(tmp_path: Path) -> None:
    byzverify.check(OM(n=2, m=0), certificate=tmp_path)
    found = certify(tmp_path)
    assert isinstance(found, Certified)
    assert found.conditions == {"IC1": 0, "IC2": 1}
    assert found.remarks == {"IC1": "no choice of faulty generals leaves anything to check"}


@pytest.mark.slow
def test_what_a_check_remarks_on_a_condition_that_says_nothing_its_certificate_says_too(tmp_path: Path) -> None:
    (tmp_path / "promises.py").write_text(BROKEN_PROMISES)
    protocol = library.find(f"{tmp_path / 'promises.py'}:Beside")(n=4)
    verdict = byzverify.check(protocol, 1, certificate=tmp_path / "certificate")
    found = certify(tmp_path / "certificate", model=f"{tmp_path / 'promises.py'}:Beside")
    assert isinstance(found, Certified)
    assert found.remarks == {known.condition.name: known.remark for known in verdict.conditions if known.remark}
    assert found.remarks.keys() == {"Idle", "Never"}
    assert certified_as_json(found)["remarks"] == found.remarks
    console = Console(file=StringIO(), width=120)
    print_certified(console, found)
    printed = cast(StringIO, console.file).getvalue()
    assert "case (it cannot fail, whatever the decisions are)\n" in printed.replace("cases", "case")
    assert "  Never: 0 cases (no choice of faulty generals leaves anything to check)\n" in printed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (edited('"n": 4', '"n": 5'), "does not have the clauses"),
        (edited('"m": 1', '"m": 0'), "does not have the clauses"),
        (edited('"byzantine": 1', '"byzantine": 2'), "does not have the clauses"),
        (edited('"model": "om"', '"model": "phase_king"'), "does not have the clauses"),
        (edited('"model": "om"', '"model": "nothing"'), "no model is called 'nothing'"),
        (edited('"interchangeable": true', '"interchangeable": false'), "does not have the clauses"),
        (edited('"byzverify": "', '"byzverify": "9'), "was written by byzverify 9"),
        (edited('"condition": "IC2"', '"condition": "IC1"'), "expected .*IC2.*found .*IC1"),
        (edited('"witnesses": [1]', '"witnesses": [2]'), "expected"),
        (edited('"1": "byzantine"', '"0": "byzantine"'), "expected"),
        (edited('"case1.cnf"', '"/dev/zero"'), "is not the manifest of a certificate"),
        (edited('"receiver": 1', '"receiver": 2'), "expected"),
        (lambda folder: (folder / "case1.cnf").unlink(), "cannot read .*case1.cnf"),
        (lambda folder: (folder / FILE).unlink(), "cannot read .*manifest.json"),
        (lambda folder: (folder / FILE).write_bytes(b"\xff"), "is not a text"),
        (lambda folder: (folder / FILE).write_text("{}"), "is not the manifest of a certificate"),
        (swap, "case1.lrat: line"),
        (truncate, "case1.lrat: .*proof"),
        (drop_a_case, "expected"),
        (shorten_the_clauses_of_drat, "case1.drat does not have the clauses of this proof"),
    ],
)  # fmt: skip
def test_what_a_deceiver_changes_is_noticed(
    change: Callable[[Path], None], says: str, small: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    change(copy)
    with pytest.raises(CertificateError, match=says) as raised:
        certify(copy)
    assert raised.value.exit_code == 2
    assert "\n" not in str(raised.value)


def test_a_certificate_of_generals_who_are_not_interchangeable_is_refused(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byzverify.certificates.certifying.asymmetry", lambda protocol, limit: "general 2 is bold")
    with pytest.raises(CertificateError, match="they are not: general 2 is bold"):
        certify(small)


def stops(error: type[Exception]) -> Callable[..., bool]:
    def stop(cnf: Path, lrat: Path) -> bool:
        raise error

    return stop


def killed(cnf: Path, lrat: Path) -> bool:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
    return True


def never_ends(cnf: Path, lrat: Path) -> bool:
    import time

    time.sleep(600)
    return True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("refute", "timeout", "reason"),
    [(stops(MemoryError), None, "out of memory"), (killed, None, "died"), (never_ends, 1, "time limit")],
)
def test_what_is_not_certified_is_not_proved_and_leaves_nothing(
    refute: Callable[..., bool], timeout: float | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cadical, "refute", refute)
    verdict = byzverify.check(OM(n=4, m=1), certificate=tmp_path / "certificate", timeout=timeout)
    assert isinstance(verdict, byzverify.Unknown)
    assert reason in verdict.reason
    assert verdict.exit_code == 3
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_certificate_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise Interrupted

    monkeypatch.setattr(issuing, "in_a_process", interrupted)
    verdict = byzverify.check(OM(n=4, m=1), certificate=tmp_path / "certificate")
    assert isinstance(verdict, byzverify.Unknown)
    assert verdict.exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_a_case_with_a_model_is_our_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cadical, "refute", lambda cnf, lrat: False)
    with pytest.raises(Disagreement, match=r"case1\.cnf") as raised:
        byzverify.check(OM(n=4, m=1), certificate=tmp_path / "certificate")
    assert raised.value.exit_code == 4
    assert list(tmp_path.iterdir()) == []


def test_a_proof_that_is_not_whole_is_noticed_when_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CaDiCaL does not look whether what it writes is written; where the disk is full, that is what is said."""
    refute = cadical.refute

    def cut_short(cnf: Path, lrat: Path) -> bool:
        refuted = refute(cnf, lrat)
        lrat.write_bytes(lrat.read_bytes()[:40])
        return refuted

    monkeypatch.setattr(cadical, "refute", cut_short)
    verdict = byzverify.check(OM(n=4, m=1), certificate=tmp_path / "certificate")
    assert isinstance(verdict, byzverify.Unknown)
    assert "is incomplete" in verdict.reason
    monkeypatch.setattr("byzverify.files.saving.shutil.disk_usage", lambda folder: SimpleNamespace(free=0))
    with pytest.raises(UsageError, match=f"certificate: the disk of {tmp_path} is full"):
        byzverify.check(OM(n=4, m=1), certificate=tmp_path / "certificate")
    assert list(tmp_path.iterdir()) == []


def forged(protocol: Protocol, faults: int, folder: Path) -> Path:
    """A certificate written without a check."""
    reference = library.reference_to(type(protocol))
    folder.mkdir()
    statements = Statements(protocol, reference, budget_of(faults), False, NO_LIMIT)
    issuing.write(statements, folder, lambda line: None)
    return folder


BROKEN_PROMISES = """
from byzverify.language import AGREEMENT, Condition, Problem, Protocol, TRUE, broadcast

def all_loyal(protocol, loyal):
    return len(loyal) == protocol.n

class Promise(Protocol):
    everyone = Condition("All", "agreement if nobody fails", AGREEMENT.holds, 2, all_loyal, 2)
    problem = Problem("p", (everyone,), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return order

class Idle(Promise):
    problem = Problem("p", (Condition("Idle", "nothing", lambda outcome, witnesses: TRUE, 1),), has_commander=False)

def keeps(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == outcome.orders[witnesses[0]]

class Beside(Promise):
    own = Condition("Own", "everyone keeps his order", keeps, 1)
    idle = Condition("Idle", "nothing", lambda outcome, witnesses: TRUE, 1)
    never = Condition("Never", "nothing", keeps, 1, lambda p, l: False)
    problem = Problem("p", (own, idle, never), has_commander=False)

class Never(Promise):
    never = Condition("Never", "nothing", AGREEMENT.holds, 2, lambda p, l: False)
    problem = Problem("p", (never,), has_commander=False)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Idle", "Never"])
def test_a_certificate_of_what_a_check_refuses_as_vacuous_shows_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / "promises.py").write_text(BROKEN_PROMISES)
    protocol = library.find(f"{tmp_path / 'promises.py'}:{name}")(n=4)
    with pytest.raises(Vacuous):
        byzverify.check(protocol, 1)
    with pytest.raises(CertificateError, match="proves nothing"):
        certify(forged(protocol, 1, tmp_path / "certificate"))


def test_what_fails_where_nobody_does_has_no_certificate(tmp_path: Path) -> None:
    (tmp_path / "promises.py").write_text(BROKEN_PROMISES)
    protocol = library.find(f"{tmp_path / 'promises.py'}:Promise")(n=4)
    assert isinstance(byzverify.check(protocol, 1), byzverify.Refuted)
    with pytest.raises(Disagreement):
        forged(protocol, 1, tmp_path / "certificate")


def test_more_traitors_than_generals_have_no_certificate(small: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(small, copy)
    edited('"byzantine": 1', '"byzantine": 5')(copy)
    with pytest.raises(CertificateError, match="no 5 of 4 generals can fail"):
        certify(copy)


def test_what_is_refuted_gets_no_certificate(tmp_path: Path) -> None:
    verdict = byzverify.check(OM(n=3, m=1), certificate=tmp_path / "certificate")
    assert isinstance(verdict, byzverify.Refuted)
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_goes_into_a_new_folder_or_an_empty_one(tmp_path: Path) -> None:
    byzverify.check(OM(n=4, m=1), certificate=tmp_path)
    certify(tmp_path)
    for taken in (tmp_path, tmp_path / FILE, tmp_path / "no" / "folder"):
        with pytest.raises(UsageError, match="cannot write a certificate to"):
            byzverify.check(OM(n=4, m=1), certificate=taken)


def test_without_python_sat_there_is_no_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"byzverify\[certificates\]"):
        byzverify.check(OM(n=4, m=1), certificate=tmp_path / "certificate")


def test_checking_a_certificate_ends_at_the_time_limit(small: Path) -> None:
    with pytest.raises(OutOfTime):
        certify(small, timeout=0)


def test_a_protocol_in_no_file_can_be_checked_and_not_certified(tmp_path: Path) -> None:
    scope: dict[str, type[OM]] = {}
    exec("from byzverify.models.om import OM\nclass Mine(OM): pass", scope)
    with pytest.raises(ByzverifyError, match="is not defined in a file"):
        byzverify.check(scope["Mine"](n=4, m=1), certificate=tmp_path / "certificate")
