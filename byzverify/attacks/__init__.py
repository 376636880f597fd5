"""Attacks: counterexamples that the simulator has replayed, and the files that they are kept in."""

from byzverify.attacks.attack import Attack
from byzverify.attacks.replay import confirm

__all__ = ["Attack", "confirm"]
