"""Exports: the question that a check asks, in the formats of other tools (`formulas.py`); and the protocol itself, with
all that faulty generals can do, as a model that other tools can check (all other modules).

The second knows neither terms nor symmetry nor solvers, so that what such a tool says is an opinion of its own.
"""
