"""Protocols for a problem that asks for one: rules that are known from the literature, written out as protocol files.

`candidates.py` says which rules are worth trying in a setting. The other modules have one family of rules each, and
`writing.py` makes a file of a rule. Nothing here claims that a rule is right: that is for a check of the file. These
modules know the language and its words; only `weights.py` asks a solver.
"""
