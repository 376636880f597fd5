"""Pieces of HTML pages: templates, paragraphs, and what a page's security policy calls its own styles and scripts.

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
    """The template of this name with its parts filled in; whoever calls this has escaped them."""
    return Template(part(name)).substitute(parts)


def part(name: str) -> str:
    """A file of those that pages are made from."""
    return files("byzverify.rendering").joinpath("page", name).read_text(encoding="utf-8")


def hash_of(text: str) -> str:
    """What a page's security policy calls a text that it may use."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def without_style(svg: str) -> str:
    """A diagram without its styles: a page has them once."""
    before, _, rest = svg.partition("<style>")
    return before + rest.partition("</style>")[2]


def paragraphs(texts: Sequence[str]) -> str:
    """A paragraph for each text that says something."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts if text)
