"""Pieces of HTML pages: templates, paragraphs, and the hashes of styles and scripts for a page's security policy.

This module knows HTML. It must not know what a page is about.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template


def filled(name: str, **parts: str) -> str:
    """The template of this name with its parts filled in. The caller must have escaped them."""
    return Template(part(name)).substitute(parts)


def part(name: str) -> str:
    """The content of a file from which pages are made."""
    return files("byzverify.rendering").joinpath("page", name).read_text(encoding="utf-8")


def hash_of(text: str) -> str:
    """The hash by which a page's security policy allows a text."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def without_style(svg: str) -> str:
    """A diagram without its styles, which a page contains only once."""
    before, _, rest = svg.partition("<style>")
    return before + rest.partition("</style>")[2]


def paragraphs(texts: Sequence[str]) -> str:
    """A paragraph for each text that is not empty."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts if text)
