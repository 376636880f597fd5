"""Exports: the question of a check in the formats of other tools, for a second opinion on a verdict.

`formulas.py` writes the formula that the check decides. All other modules export the protocol, not the formula: every
choice of faulty generals, every starting order, every round, every word that a faulty general can say. They know no
terms, no symmetry and no solvers.
"""
