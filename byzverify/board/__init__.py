"""The board: an attack in which what faulty generals say can be changed, and all that follows is computed again."""
