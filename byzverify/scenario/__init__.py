"""A run as plain data: what the adversary does in it, and the words for generals and faults."""
