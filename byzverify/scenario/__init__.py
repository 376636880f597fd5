"""A run as plain data: what the adversary does in it, and what generals and faults are called."""
