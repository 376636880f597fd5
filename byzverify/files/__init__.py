"""Files of people: how they are read, written whole or not at all, and which programs they may name."""
