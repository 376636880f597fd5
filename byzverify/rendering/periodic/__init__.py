"""Shows periodic tables: on a terminal, and as JSON and CSV."""
