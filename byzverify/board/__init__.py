"""The board: an attack in which users can change what faulty generals say, and see all consequences recomputed."""
