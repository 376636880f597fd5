"""Certificates for all sizes: written, checked without a solver, believed by other programs, refused if changed."""

import json
import random
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any, cast

import cvc5
import dratify
import drup
import pytest
from rich.console import Console

import byzverify
from byzverify.certificates.certifying import certify
from byzverify.certificates.certifying_lemmas import CertifiedForAll
from byzverify.certificates.issuing_lemmas import write
from byzverify.certificates.lemma_manifest import LemmaManifest
from byzverify.certificates.lemma_statements import LemmaStatements
from byzverify.certificates.manifest import FILE, digest
from byzverify.engines.parameterized.programs import ProgramWorlds
from byzverify.errors import CertificateError, Disagreement, UsageError
from byzverify.limits import NO_LIMIT
from byzverify.logic.linear import FALSE
from byzverify.models.crusader import Crusader
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.questions import proving
from byzverify.questions.proving import prove
from byzverify.rendering.json import certified_for_all_as_json, everywhere_as_json
from byzverify.rendering.verdict.everywhere import print_certified_for_all, print_everywhere

PROVED: list[tuple[Any, dict[str, Any]]] = [
    (OM, {}),
    (OM, {"assuming": "n > 4*m"}),
    (Crusader, {"values": 3}),
    (PhaseKing, {}),
]


@pytest.fixture(scope="module", params=PROVED, ids=str)
def certificate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind, given = request.param
    folder = tmp_path_factory.mktemp("certificates") / "certificate"
    verdict = prove(kind, certificate=folder, **given)
    assert verdict.verdict == "proved"
    assert verdict.certificate == folder
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates") / "small"
    prove(OM, certificate=folder)
    return folder


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "copy"))


def for_all(folder: Path) -> CertifiedForAll:
    found = certify(folder)
    assert isinstance(found, CertifiedForAll)
    return found


def scripts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.smt2"))


def reseal(folder: Path, **changed: Any) -> None:
    """Put the checksums right again, as somebody would who wants to deceive."""
    manifest = LemmaManifest.model_validate_json((folder / FILE).read_text())
    lemmas = [
        one.model_copy(update={"files": {name: digest((folder / name).read_bytes()) for name in one.files}})
        for one in manifest.lemmas
    ]
    (folder / FILE).write_text(manifest.model_copy(update={"lemmas": lemmas, **changed}).text())


@pytest.mark.slow
def test_a_certificate_is_accepted_and_counts_what_it_shows(certificate: Path) -> None:
    found = for_all(certificate)
    assert found.lemmas == len(scripts(certificate)) > 2
    assert found.steps == sum(len(path.read_text().splitlines()) for path in certificate.glob("*.drat"))
    assert 0 < found.sums < found.clauses
    assert min(found.conditions.values()) > 0


@pytest.mark.slow
def test_other_solvers_refute_each_script(certificate: Path) -> None:
    for script in scripts(certificate):
        engine = cvc5.Solver(cvc5.TermManager())
        parser = cvc5.InputParser(engine)
        parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, str(script))
        said = []
        while not (command := parser.nextCommand()).isNull():
            said.append(command.invoke(engine, parser.getSymbolManager()))
        assert "".join(said) == "unsat\n"


@pytest.mark.slow
def test_unrelated_checkers_accept_the_proofs(certificate: Path) -> None:
    for cnf in certificate.glob("*.cnf"):
        proof = cnf.with_suffix(".drat").read_text()
        formula = dratify.parse_dimacs(cnf.read_text(), strict=True)
        assert dratify.check_proof(formula, proof).ok
        clauses = [[int(one) for one in line.split()[:-1]] for line in cnf.read_text().splitlines()[1:]]
        steps = [[int(one) for one in line.split()[:-1]] for line in proof.splitlines()]
        assert drup.check_proof(clauses, steps).outcome is drup.Outcome.VALID
        assert drup.check_proof(clauses[:-1], steps).outcome is drup.Outcome.INVALID


@pytest.mark.slow
def test_no_solver_is_needed(certificate: Path) -> None:
    without = "import sys; sys.modules.update(dict.fromkeys(['z3', 'cvc5', 'pysat', 'pysolvers', 'exact']))"
    code = f"{without}; import byzverify; print(byzverify.certify({str(certificate)!r}).lemmas)"
    ended = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert int(ended.stdout) == len(scripts(certificate))


@pytest.mark.slow
def test_any_changed_byte_is_noticed(copy: Path) -> None:
    rng = random.Random(1982)
    files = {path: path.read_bytes() for path in sorted(copy.iterdir())}
    places = [(path, place) for path, content in files.items() for place in range(len(content))]
    for path, place in rng.sample(places, 100):
        changed = bytearray(files[path])
        changed[place] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        with pytest.raises(CertificateError):
            certify(copy)
        path.write_bytes(files[path])
    certify(copy)


def test_a_changed_lemma_is_noticed_even_with_right_checksums(copy: Path) -> None:
    script = copy / "lemma1.smt2"
    script.write_text(script.read_text().replace("(assert (>= ", "(assert (< ", 1))
    reseal(copy)
    with pytest.raises(CertificateError, match=r"lemma1\.smt2 does not say what the model gives"):
        certify(copy)


def test_a_changed_proof_with_right_checksums_is_refused(copy: Path) -> None:
    for kind, reason in [
        ("farkas", "the script says"),
        ("lrat", "the proof ends"),
        ("drat", "does not have the clause"),
    ]:
        path = copy / f"lemma1.{kind}"
        content = path.read_bytes()
        path.write_bytes(b"")
        reseal(copy)
        with pytest.raises(CertificateError, match=reason):
            certify(copy)
        path.write_bytes(content)
    reseal(copy)
    certify(copy)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"assuming": "n > 2*m"}, "lemma1.smt2 does not say what the model gives"),
        ({"assuming": "n > k"}, "the assumption 'n > k' names k"),
        ({"fixed": {"values": 3}}, "lemma1.smt2 does not say what the model gives"),
        ({"fixed": {"depth": 3}}, "OM has no parameter depth"),
        ({"model": "eig"}, "lemma1.smt2 does not say what the model gives"),
        ({"model": "sm"}, "is not about this model"),
        ({"model": "nothing"}, "nothing"),
        ({"statement": "n > m"}, 'expected \'"statement": "n > 3'),
        ({"byzverify": "0.0.0"}, "was written by byzverify 0.0.0"),
    ],
)
def test_a_certificate_of_something_else_is_refused(copy: Path, changed: dict[str, Any], reason: str) -> None:
    reseal(copy, **changed)
    with pytest.raises(CertificateError, match=reason):
        certify(copy)


def test_the_example_of_a_lemma_must_fit_its_premises(copy: Path) -> None:
    manifest = LemmaManifest.model_validate_json((copy / FILE).read_text())
    *others, last = manifest.lemmas
    assert last.example is not None
    wrong = last.example.model_copy(update={"numbers": last.example.numbers | {"n": last.example.numbers["n"] + 1}})
    reseal(copy, lemmas=[*others, last.model_copy(update={"example": wrong})])
    with pytest.raises(CertificateError, match="the example of lemma8 does not fit its premises"):
        certify(copy)
    reseal(copy, lemmas=[*others, last.model_copy(update={"example": None})])
    with pytest.raises(CertificateError, match="proves nothing of IC2: no lemma that can apply is about it"):
        certify(copy)


def test_lemmas_cannot_be_left_out(copy: Path) -> None:
    manifest = LemmaManifest.model_validate_json((copy / FILE).read_text())
    reseal(copy, lemmas=manifest.lemmas[:-1])
    with pytest.raises(CertificateError, match="expected"):
        certify(copy)


@pytest.mark.slow
def test_what_is_not_proved_has_no_certificate(tmp_path: Path) -> None:
    verdict = prove(OM, assuming="n > 3*m - 1", certificate=tmp_path / "none")
    assert (verdict.verdict, verdict.certificate) == ("refuted", None)
    assert not any(tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").write_text("")
    monkeypatch.setattr(proving, "Proving", None)
    with pytest.raises(UsageError, match="it exists; name a new folder"):
        prove(OM, certificate=tmp_path)


@pytest.mark.slow
def test_a_certificate_that_is_not_finished_leaves_nothing_and_nothing_is_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(script: str) -> None:
        raise MemoryError

    monkeypatch.setattr("byzverify.certificates.issuing_lemmas.clauses_and_numbers", dies)
    verdict = prove(OM, certificate=tmp_path / "none")
    assert (verdict.verdict, verdict.certificate) == ("unknown", None)
    assert verdict.reason == "the search for a proof ran out of memory"
    assert not any(tmp_path.iterdir())


def test_a_lemma_that_fails_after_all_is_our_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProgramWorlds, "premises", lambda self, world: ())
    with pytest.raises(Disagreement, match="its premises hold without its goal"):
        write_all(tmp_path / "none")
    assert not any(tmp_path.iterdir())


def write_all(folder: Path) -> None:
    write(LemmaStatements(Crusader, "crusader", {}, None, NO_LIMIT), folder, lambda line: None)


@pytest.mark.slow
def test_what_the_engine_asks_about_lists_is_a_lemma_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = ProgramWorlds._differ

    def asks(self: ProgramWorlds, one: Any, two: Any) -> bool:
        there = [*one.there, -one.formula]
        other = FALSE if one.formula == two.formula else two.formula
        return plain(self, one._replace(there=there), two._replace(formula=other))

    monkeypatch.setattr(ProgramWorlds, "_differ", asks)
    write_all(tmp_path / "folder")
    manifest = LemmaManifest.model_validate_json((tmp_path / "folder" / FILE).read_text())
    assert [one.argument for one in manifest.lemmas].count("listing") > 0
    assert for_all(tmp_path / "folder").lemmas == len(manifest.lemmas)
    monkeypatch.undo()
    with pytest.raises(CertificateError):
        certify(tmp_path / "folder")


def test_users_read_what_is_certified(small: Path) -> None:
    found = for_all(small)
    assert certified_for_all_as_json(found) == {
        "model": "om",
        "assuming": "n > 3*m and t <= m",
        "orders": 2,
        "conditions": {"IC1": 2, "IC2": 1},
        "lemmas": 8,
        "clauses": found.clauses,
        "sums": found.sums,
        "steps": found.steps,
    }
    console = Console(file=StringIO(), width=120)
    print_certified_for_all(console, found)
    printed = cast(StringIO, console.file).getvalue()
    assert printed.startswith("CERTIFIED om for every n > 3*m and t <= m, 2 orders\n  IC1: 2 lemmas of its own\n")


@pytest.mark.slow
def test_a_verdict_says_where_its_certificate_is(tmp_path: Path) -> None:
    verdict = prove(OM, certificate=tmp_path / "here")
    assert everywhere_as_json(verdict)["certificate"] == str(tmp_path / "here")
    assert json.loads((tmp_path / "here" / FILE).read_text())["format"] == "byzverify-certificate-for-all"
    console = Console(file=StringIO(), width=300)
    print_everywhere(console, verdict)
    assert f"check it with: byzverify certify {tmp_path / 'here'}\n" in cast(StringIO, console.file).getvalue()


def test_one_function_certifies_both_kinds(small: Path) -> None:
    assert byzverify.certify is certify
    assert for_all(small).kind is OM
