"""`make bench`: all figures of speed, measured side by side, printed as a table and written as JSON. Nothing is asserted.

python -m tests.benchmarks [PART ...] [--out FILE]      parts: start, day, tiny, twin, runs, growth; all by default
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import full_model, many_runs, tiny
from tests.benchmarks.measuring import Row, machine, write

PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "start": full_model.start_up,
    "day": full_model.where_the_day_goes,
    "tiny": tiny.tiny_agent_day,
    "twin": full_model.against_the_twin,
    "runs": many_runs.many_runs,
    "growth": full_model.growth,
}


def main() -> None:
    """Measure the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Figures of speed, side by side.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[], help="which; all by default")
    parser.add_argument("--out", type=Path, default=Path("runs/bench.json"), help="where the figures are written as JSON")
    given = parser.parse_args()
    console, rows = Console(), list[Row]()
    console.print(", ".join(f"{name} {value}" for name, value in machine().items()), markup=False)
    for part in given.parts or PARTS:
        table = Table(title=part, title_justify="left", title_style="bold", box=None)
        for heading in ("figure", "value", "unit", "aim"):
            table.add_column(heading, justify="right" if heading == "value" else "left")
        for row in PARTS[part]():
            rows.append(row)
            table.add_row(row.name, f"{row.value:,.3g}" if row.value < 1000 else f"{row.value:,.0f}", row.unit, row.aim)
        console.print(table)
        write(given.out, rows)
    console.print(f"written: {given.out}", markup=False)


if __name__ == "__main__":
    main()
