"""Pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from analysis.reference.layout import paragraphs


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; line breaks and bars in cells are made harmless."""
    lines = [_row(heads), _row(["---"] * len(heads)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def code(text: str) -> str:
    """Text as code, or nothing for no text."""
    return f"`{text}`" if text else ""


def prose(docstring: str) -> str:
    """The paragraphs of a docstring below its opening line; indented ones, which are equations, as code blocks."""
    return "\n\n".join(
        f"```text\n{_closed_up(text)}\n```" if is_equation else _escaped(text) for text, is_equation in paragraphs(docstring)
    )


def _closed_up(equation: str) -> str:
    """An equation without the wide gap that sets off its number."""
    return re.sub(r"(?<=\S) {3,}", "   ", equation)


def _escaped(text: str) -> str:
    """Signs that Markdown would read as emphasis or links."""
    return "".join(f"\\{sign}" if sign in "*_[]<|" else sign for sign in text)
