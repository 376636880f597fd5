"""Exports: the question that a check asks, in the formats of other tools."""
