"""Maps: many configurations of one model, each decided, stored and shown beside the published claim."""
