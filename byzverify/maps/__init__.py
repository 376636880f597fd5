"""Maps: many configurations of one model, each decided, kept and laid out beside the published claim."""
