"""The engine for one size: from a question to its cases, to runs on terms, and to the solver's answers."""
