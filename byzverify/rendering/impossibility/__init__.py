"""Shows why no protocol can solve a problem: chains of executions and double covers, as texts, pictures and pages."""
