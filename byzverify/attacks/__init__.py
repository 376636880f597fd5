"""Attacks: counterexamples that the simulator has replayed, and the files that they are kept in."""
