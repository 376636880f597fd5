"""Recorded programs: what each general sends and decides, as expressions of what he reads. Nothing is computed."""
