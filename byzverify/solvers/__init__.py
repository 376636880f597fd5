"""Solvers, siblings behind one class: each file is the only one that knows its library."""
