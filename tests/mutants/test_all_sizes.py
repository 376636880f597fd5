"""No weakened variant of a model is proved for all sizes.

The mutants are those of `test_models.py`, all of which a check refutes at some size of the manifest. So one that is
proved for all sizes is a mistake of ours. Whether it is refuted, or nothing is known of it, makes no difference here.
"""

import pytest

from byzverify.campaign.mutants import Mutant, mutants
from byzverify.catalogue import library
from byzverify.errors import ProtocolError, Stopped
from tests.support.lemmas import is_proved

MODELS = (
    "om",
    "eig",
    "crusader",
    "gradecast",
    "phase_queen",
    "phase_king_two_round",
    "phase_king",
    "turpin_coan",
    "hybrid_phase_queen",
    "hybrid_phase_king",
)
"""The models that are understood for all sizes."""

SLOW = ("gradecast", "phase_king", "turpin_coan", "hybrid_phase_queen", "hybrid_phase_king")

BY_SPEED = [pytest.param(name, marks=pytest.mark.campaign if name in SLOW else []) for name in MODELS]


def is_mutant_proved(mutant: Mutant) -> bool:
    try:
        return is_proved(mutant.build())
    except (ProtocolError, Stopped):  # it cannot be run, or is not understood
        return False


@pytest.mark.slow
@pytest.mark.parametrize("model", BY_SPEED)
def test_the_model_is_proved_and_no_mutant_of_it(model: str) -> None:
    kind = library.find(model)
    made = mutants(kind)
    assert made
    assert is_proved(kind)
    assert [mutant.title for mutant in made if is_mutant_proved(mutant)] == []
