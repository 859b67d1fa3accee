"""The table of all messages of the gallery. After a message was added or changed: `python -m tests.errors.table`."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
TABLE = FOLDER / "README.md"

_HEAD = """# What scenario files can be told

Every message there is about a scenario file, and below about sweep files, target files and lever files, each with the small file that
provokes it. Made by `python -m tests.errors.table` from the texts that the tests hold the messages to.

| file | says |
| --- | --- |
"""

_CALIBRATION = """
## And target files of a calibration, with their priors

| file | says |
| --- | --- |
"""

_LEVERS = """
## And lever files

| file | says |
| --- | --- |
"""

_SWEEPS = """
## And sweep files

| file | says |
| --- | --- |
"""


def table() -> str:
    """The page in Markdown: a row a file, problems and hints of a file one below the other."""
    return _HEAD + _rows("") + _SWEEPS + _rows("sweeps/") + _CALIBRATION + _rows("calibration/") + _LEVERS + _rows("levers/")


def _rows(below: str) -> str:
    texts = sorted((FOLDER / below).glob("*.txt"))
    return "".join(f"| [{path.stem}]({below}{path.stem}.yaml) | {_cell(path)} |\n" for path in texts)


def _cell(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "<br>".join(_escaped(line) if line.startswith(" ") else f"**{_escaped(line)}**" for line in lines)


def _escaped(line: str) -> str:
    """The line with what Markdown would read as its own marked; what stands between backticks is code already."""
    parts = line.strip().split("`")
    parts[::2] = [re.sub(r"([\\*<\[])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
