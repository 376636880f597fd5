"""Traps in the source of a protocol: code that Python allows, but that means something else than it seems to mean.

A protocol is parsed, and nothing of it is run. This helps authors but guarantees nothing: a trap that is hidden behind
a call, or a name from another file, is not found. This package knows Python's syntax trees and the names of the
language; it must not know what runs a protocol.
"""
