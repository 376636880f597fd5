"""Users' files: how they are read and written, and which programs they may name."""
