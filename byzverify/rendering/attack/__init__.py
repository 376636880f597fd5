"""Attacks, drawn, told and exported."""
