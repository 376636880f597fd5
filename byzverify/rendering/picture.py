"""Pictures as PNG, for programs that cannot show SVG. This module knows resvg, which needs no browser or screen."""

from __future__ import annotations

from byzverify.errors import UsageError

ZOOM = 2.0
"""How many pixels a unit of the SVG has, in each direction."""


def pictured(svg: str, kind: str) -> bytes:
    """The content of a picture's file: the SVG, or its PNG if `kind` says so. Raises as `png` does."""
    return png(svg) if kind == "png" else svg.encode()


def png(svg: str) -> bytes:
    """An SVG as PNG, in its light colours and on its own background.

    Raises UsageError if the extra `png` is not installed, or if the machine has no font that the SVG names: all texts
    would be missing.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError("PNG pictures need resvg: pip install 'byzverify[png]'; SVG pictures need nothing") from None
    drawn = bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM))
    if drawn == bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM, style_sheet="text { display: none }")):
        raise UsageError("there is no font to write with: install one, such as DejaVu Sans, or make an SVG picture")
    return drawn
