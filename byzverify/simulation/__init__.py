"""Real message passing: isolated generals, JSON messages, scripted traitors, and a judge. No terms, no solver."""
