"""Whether lemmas prove a protocol for all sizes: what `prove` asks before it compares with known sizes."""

from byzverify.language.protocol import Protocol
from byzverify.limits import Limit
from byzverify.questions.everywhere import FamilyProof
from byzverify.questions.families import FamilyQuestion
from byzverify.questions.question import in_silence


def is_proved(kind: type[Protocol], assuming: str | None = None) -> bool:
    """Whether the lemmas prove all conditions of a protocol."""
    lemmas = FamilyProof(FamilyQuestion(kind, {}, assuming), Limit.within(None, None), ("z3",), in_silence)
    lemmas.decide()
    return all(map(lemmas.prove, lemmas.family.protocol.problem.conditions))
