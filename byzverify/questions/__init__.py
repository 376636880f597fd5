"""Questions and verdicts: ask whether conditions hold, search, and answer."""
