"""A picture as PNG, for what takes no SVG. It knows resvg, which draws without a browser and without a screen."""

from __future__ import annotations

from byzverify.errors import UsageError

ZOOM = 2.0
"""How many pixels there are to a unit of the SVG, each way."""


def pictured(svg: str, kind: str) -> bytes:
    """A picture's file: the SVG itself, or its PNG if `kind` says so, which raises as `png` does."""
    return png(svg) if kind == "png" else svg.encode()


def png(svg: str) -> bytes:
    """What an SVG looks like on paper: in its light colours, on its own background.

    Raises UsageError where the extra `png` is not installed, and where the machine has no font that the SVG names: all
    its texts would be missing.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError("PNG pictures need resvg: pip install 'byzverify[png]'; SVG pictures need nothing") from None
    drawn = bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM))
    if drawn == bytes(svg_to_bytes(svg_string=svg, zoom=ZOOM, style_sheet="text { display: none }")):
        raise UsageError("there is no font to write with: install one, such as DejaVu Sans, or make an SVG picture")
    return drawn
