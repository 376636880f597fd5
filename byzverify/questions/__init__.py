"""Questions and verdicts: whether conditions hold, asked, searched and answered."""
