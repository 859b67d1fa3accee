"""What is wrong with what the user gave: problems with a place, a message and a hint, all of them raised at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
"""Most problems printed at once; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands ("file:line:column", both from 1), what is wrong, and what to do about it."""

    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        block = f"{self.place}: {self.message}"
        return f"{block}\n  {self.hint}" if self.hint else block


class InputError(Exception):
    """The user's input cannot be used. Carries every problem found; printing it is the message to show, without a traceback."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        blocks = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            blocks.append(f"… and {len(self.problems) - SHOWN} more")
        return "\n".join(blocks)


class ScenarioErrors(InputError):  # noqa: N818  (it carries several)
    """A scenario file, or what was laid over it, is wrong."""


def quoted(text: str, longest: int = 60) -> str:
    """`text` in quotation marks, on one line, without control characters, cut where it is long."""
    shown = repr(text if len(text) <= longest else text[: longest - 1] + "…")
    return shown if shown.startswith("'") else f"'{shown[1:-1]}'"


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """A hint that names the options nearest to `word`, or "" where none is near."""
    written = word[:80].lower()
    close = difflib.get_close_matches(written, list(options), n=3, cutoff=0.6)
    likeness = [difflib.SequenceMatcher(None, one, written).ratio() for one in close]
    near = [one for one, ratio in zip(close, likeness, strict=True) if ratio >= likeness[0] - 0.1]
    return f"did you mean {listed(near, 'or')}?" if near else ""


def listed(names: Iterable[str], joint: str = "and") -> str:
    """Names in quotation marks as a phrase: 'a', 'b' and 'c'."""
    shown = [f"'{name}'" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}" if shown else "none"
