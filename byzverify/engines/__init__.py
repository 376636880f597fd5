"""Engines: each answers one kind of question. They know neither each other nor attacks."""
