"""How the benchmark measures: side by side in one process, in turns, CPU-seconds, medians; and what it says of each figure."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One figure: where it comes from, its value and unit, what was aimed at ("" if nothing), and a word on it."""

    part: str
    name: str
    value: float
    unit: str
    aim: str = ""
    note: str = ""


def in_turns(contestants: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median of what each contestant returns, over rounds in which all have their turn. A round before is not counted."""
    for contestant in contestants.values():
        contestant()
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            found[name].append(contestant())
    return {name: statistics.median(values) for name, values in found.items()}


def cpu_seconds(work: Callable[[], Any]) -> float:
    """CPU-seconds of this process that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_a_process(script: str, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Run a script that prints one JSON object, in a process of its own, so that memory and start-up are its own."""
    # A path in front, so that the sources beside this file are the ones measured.
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {})
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def machine() -> dict[str, str]:
    """On what it was measured."""
    import numba  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "processor": _processor(),
        "cores": str(cores),
        "load": load,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def write(path: Path, rows: list[Row]) -> None:
    """Write the figures and the machine as one JSON document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": machine(), "figures": [asdict(row) for row in rows]}, indent=2) + "\n", encoding="utf-8")
