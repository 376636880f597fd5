"""The fixtures of all tests of nodes."""

from tests.nodes.marked import marked

__all__ = ["marked"]
