"""Proofs for all sizes: what byzverify is asked, how fast it should be, and which check of one size stands beside it.

Whether a target is met it shows and never asserts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.contestants import BYZVERIFY, PROVED
from tests.benchmarks.measuring import Command, Cost, Limit, measure
from tests.benchmarks.race import Told


@dataclass(frozen=True)
class Everywhere:
    """A model that is proved at every size. smallest: the options of its smallest instance with a faulty general."""

    model: str
    smallest: str
    target: str = ""

    @property
    def prove(self) -> Command:
        """The question about all sizes."""
        return ("prove", self.model)

    @property
    def check(self) -> Command:
        """The question about one size."""
        return ("check", self.model, *self.smallest.split())


FAMILIES = (
    Everywhere("om", "-n 4 -m 1", "1 s"),
    Everywhere("eig", "-n 4 -m 1"),
    Everywhere("crusader", "-n 4 -m 1", "1 s"),
    Everywhere("gradecast", "-n 4 -m 1", "1 s"),
    Everywhere("phase_king", "-n 4 -m 1", "2 s"),
    Everywhere("phase_king_two_round", "-n 5 -m 1"),
    Everywhere("phase_queen", "-n 5 -m 1"),
    Everywhere("hybrid_phase_king", "-n 4 -m 1 -t 1 --set o=0", "5 s"),
    Everywhere("hybrid_phase_queen", "-n 5 -m 1 -t 1 --set o=0", "5 s"),
    Everywhere("turpin_coan", "-n 4 -m 1", "10 s"),
)


def proofs(families: Sequence[Everywhere], limit: Limit, told: Told) -> Iterator[tuple[Everywhere, Cost, Cost]]:
    """What the proof and the check of each family take, one after the other. Raises WrongVerdict."""
    for family in families:
        proof, check = (measure((*BYZVERIFY, *command), PROVED, limit) for command in (family.prove, family.check))
        told(f"{' '.join(family.prove)}: {proof.stopped or f'{proof.seconds:.2f} s'}")
        yield family, proof, check
