"""Published and common mistakes, one file each where the mistake is a program; `exhibits.toml` says where they come
from, at which configuration they fall, and what repairs them.
"""
