"""Solvers behind one common class: each file is the only one that knows its library."""
