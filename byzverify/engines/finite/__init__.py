"""From a question to its cases: which traitors, which runs, which terms, and what z3 says of them."""
