"""Traps in the source of a protocol: what Python allows, and what means something else than it says, or nothing.

A protocol is read as text and nothing of it is run. This is help for authors, and no guard: a trap that hides behind
a call or a name from elsewhere is not seen. This package knows Python's syntax trees and the names of the language; it
must not know what runs a protocol.
"""
