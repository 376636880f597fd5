"""Exports: what a check asks, for other tools, as a second opinion on a verdict.

`formulas.py` writes down the formula that is decided. All other modules export the protocol and not the formula: every
choice of faulty generals, every order at the start, every round, every word that a faulty general can say. These know
no terms, no symmetry and no solvers.
"""
