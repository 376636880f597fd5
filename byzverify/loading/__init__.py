"""Loading user files: each model as a package of its own, with a record of all that it loaded."""
