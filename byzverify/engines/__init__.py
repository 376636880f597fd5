"""Engines: each answers one kind of question. An engine knows neither the other engines nor attacks."""
