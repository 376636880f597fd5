"""Loading attacks from attack files and traces. Whatever a file says is replayed before it is believed."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from byzverify.attacks import trace
from byzverify.attacks.attack import Attack
from byzverify.attacks.attack_file import AttackFile, described, reproduced
from byzverify.attacks.letter import first_of
from byzverify.errors import AttackFileError
from byzverify.files.formats import ATTACK, mistaken
from byzverify.files.texts import text_of
from byzverify.loading.stopping import question_begins
from byzverify.simulation.judging import Replay


def load(path: str | Path, *, model: str | None = None) -> tuple[Attack, Replay]:
    """Read an attack file, or an attack's trace (`*.itf.json`), and replay it.

    model: the model to replay it on, `path/to/file.py:Class`, if it is not the one that the file names. A model outside
    the working directory is only run if it is given here. Raises AttackFileError for a file that is malformed,
    describes something impossible, or does not reproduce; UsageError if its model does not exist or must be given.
    """
    question_begins()
    path = Path(path)
    if path.name.endswith(".itf.json"):
        return trace.read(path, model)
    file = _file(path, model)
    if file.programs is not None:
        raise AttackFileError(
            f"{path} is an attack on programs ({file.programs}), not on the model: replay it with --node"
        )
    return reproduced(file, path)


def load_for_programs(path: str | Path, *, model: str | None = None) -> Attack:
    """Read an attack to play against programs.

    model, errors: as for `load`. But an attack that was found on programs is not replayed in the simulator: what the
    traitors can say depends on what the programs said to them.
    """
    path = Path(path)
    if path.name.endswith(".itf.json"):
        return load(path, model=model)[0]
    file = _file(path, model)
    return reproduced(file, path)[0] if file.programs is None else described(file, path)


def loaded(text: str, where: Path) -> tuple[Attack, Replay]:
    """The attack in a file's text, replayed. where: its path, for errors. Raises AttackFileError as `load` does."""
    return reproduced(_parsed(text, where), where)


def _file(path: Path, model: str | None) -> AttackFile:
    return _parsed(text_of(path, AttackFileError), path).on_model_for(path, model)


def _parsed(text: str, path: Path) -> AttackFile:
    try:
        return AttackFile.model_validate_json(text)
    except ValidationError as error:
        if other := mistaken(text, ATTACK):
            raise AttackFileError(f"{path} is {other}") from None
        raise AttackFileError(f"{path} is not an attack file of version 1: {first_of(error)}") from None
