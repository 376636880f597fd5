"""Loads user files: each model as a package of its own, with a record of everything that it loaded."""
