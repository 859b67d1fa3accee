"""An exhibit's figure as a file that stands alone, and as an element of the page."""

from __future__ import annotations

import re
import textwrap

from markupsafe import Markup, escape

from analysis.figures.style import BLACK, GREY, add_margins, as_png, as_svg, settle
from analysis.report.exhibit import Exhibit

_TITLE_WIDTH, _FOOT_WIDTH = 70, 110
"""Characters."""
_TITLE_LINE, _FOOT_LINE, _MARGIN = 0.21, 0.155, 0.1
"""Inches."""
_POINTS = 72.0
_MARGIN_ID = "margin"


def pictures(exhibit: Exhibit, source: str) -> tuple[Markup, bytes, bytes]:
    """The figure as an element of the page, and as PNG and SVG files with its finding above and below how to read it.

    source: name of the scenario, for the files. The exhibit must have a figure; it is used up.
    """
    figure = exhibit.figure
    assert figure is not None
    settle(figure)
    width, height = (float(size) for size in figure.get_size_inches())
    title, foot = textwrap.wrap(exhibit.title, _TITLE_WIDTH), textwrap.wrap(f"{source}. {exhibit.reading}", _FOOT_WIDTH)
    above, below = _TITLE_LINE * len(title) + _MARGIN, _FOOT_LINE * len(foot) + _MARGIN
    add_margins(figure, above, below)
    tall = above + height + below
    for lines, size, weight, color, line, first in (
        (title, 11, "bold", BLACK, _TITLE_LINE, tall - _MARGIN),
        (foot, 8, "normal", GREY, _FOOT_LINE, below - _MARGIN / 2.0),
    ):
        for place, text in enumerate(lines):
            y = (first - place * line) / tall
            figure.text(0.01, y, text, va="top", fontsize=size, fontweight=weight, color=color, gid=_MARGIN_ID)
    svg = as_svg(figure)
    return inline_svg(svg, exhibit.key, exhibit.title, exhibit.reading, (0.0, above, width, height)), as_png(figure), svg


def inline_svg(svg: bytes, key: str, title: str, reading: str, box: tuple[float, float, float, float]) -> Markup:
    """An SVG file without its margins as an element of the page: named and described for those who cannot see it, ids its own.

    key: unique on the page. title, reading: what it says and how to read it. box: left, top, width and height of what is kept, inches.
    """
    text = svg.decode()
    text = text[text.index("<svg") :]
    text = re.sub(rf'<g id="{_MARGIN_ID}">.*?</g>', "", text, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, count=1, flags=re.DOTALL)
    used = set(re.findall(r'(?:url\(#|href="#)([^")]*)', text))
    text = re.sub(r' id="([^"]*)"', lambda found: f' id="{key}-{found[1]}"' if found[1] in used else "", text)
    text = text.replace("url(#", f"url(#{key}-").replace('xlink:href="#', f'href="#{key}-')
    text = re.sub(r' d="([^"]*)"', lambda found: f' d="{_shortened(found[1])}"', text)
    label, description = f"{key}-title", f"{key}-description"
    view = " ".join(f"{_POINTS * inches:.6g}" for inches in box)
    opening = (
        f'<svg viewBox="{view}" role="img" aria-labelledby="{label} {description}" style="max-width:{box[2]:.2f}in">'
        f'<title id="{label}">{escape(title)}</title><desc id="{description}">{escape(reading)}</desc>'
    )
    return Markup(opening + text[text.index(">") + 1 :])


def _shortened(path: str) -> str:
    """A path with its coordinates rounded to a tenth of a point."""
    path = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), path)
    return " ".join(path.split())
