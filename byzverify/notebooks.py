"""How a notebook shows what lower rooms define: by the room that draws, which is imported when a notebook asks.

A notebook asks an object itself, by `_repr_html_` or `_repr_svg_`. This is the only place from which an import goes up,
and it goes by name, so that no lower room knows how it is shown.
"""

from __future__ import annotations

from importlib import import_module


def shown(by: str, thing: object) -> str | None:
    """What the function of this name in `rendering/notebook.py` makes of a thing."""
    text: str | None = getattr(import_module("byzverify.rendering.notebook"), by)(thing)
    return text
