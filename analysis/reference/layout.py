"""Plain text that reads well at 80 to 100 columns, piped or not."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

import sim

INDENT = "    "


def page(title: str, intro: str, blocks: Iterable[str], width: int) -> str:
    """A page: its title, an introduction, and blocks with an empty line between them."""
    return "\n\n".join([title.upper(), filled(intro, width), *blocks]) + "\n"


def filled(text: str, width: int, indent: str = "") -> str:
    """One paragraph, wrapped; words longer than a line are left whole."""
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def heading(text: str, width: int) -> str:
    """A heading of a part of a page, underlined."""
    wrapped = filled(text, width)
    return f"{wrapped}\n{'-' * max(map(len, wrapped.splitlines()))}"


def item(head: str, details: Iterable[str], width: int) -> str:
    """What is declared, and below it, indented, what is said of it; empty details are left out."""
    return "\n".join([head, *(filled(detail, width, INDENT) for detail in details if detail)])


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 rule", "3 rules"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def source_of(parameter: sim.Parameter) -> str:
    """The class of the source of a default and what it is: "measured: list fee"."""
    return f"{parameter.source.evidence}: {parameter.source.text}"


def source_counts(parameters: Sequence[sim.Parameter]) -> str:
    """How many defaults are measured, calibrated and assumed."""
    counts = Counter(str(parameter.source.evidence) for parameter in parameters)
    return ", ".join(f"{counts[name]} {name}" for name in ("measured", "calibrated", "assumed"))


def when_it_moves(parameter: sim.Parameter) -> str:
    """What binds a parameter beyond its range: whether it is fixed for a run, and which key it follows."""
    fixed = "" if parameter.mid_run else "fixed for a run"
    follows = f"follows {parameter.derived_from} unless set" if parameter.derived_from else ""
    return "; ".join(part for part in (fixed, follows) if part)


def paragraphs(text: str) -> list[tuple[str, bool]]:
    """The paragraphs of a docstring without its opening line; True: indented, an equation to be kept line by line."""
    found: list[tuple[str, bool]] = []
    for part in text.partition("\n")[2].strip("\n").split("\n\n"):
        if part.startswith("    "):
            found.append(("\n".join(line.rstrip() for line in textwrap.dedent(part).splitlines()), True))
        elif part.strip():
            found.append((" ".join(part.split()), False))
    return found
