"""Campaigns against real programs: where attacks come from, how they are played, and which of them succeed."""
