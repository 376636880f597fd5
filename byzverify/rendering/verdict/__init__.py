"""Verdicts, in words."""
