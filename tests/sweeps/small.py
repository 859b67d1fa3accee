"""Small sweeps to test on, as files; and the command that makes them, as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

MANY_SMALL = """
schema: 1
base: sora
set: {agents: 300, days: 40}
vary:
  dials:
    steerability: {from: 0.1, to: 0.9, steps: 5}
    export_leakage: [0, 0.8]
design: grid
replicates: 30
series: [dau, cost_usd]
"""
"""300 runs of some milliseconds each."""


def sweep_file(folder: Path, text: str = MANY_SMALL, name: str = "small") -> Path:
    """A sweep file of this text."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start `flywheel` with these arguments."""
    command = [sys.executable, "-m", "analysis.cli", *map(str, arguments)]
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables, start_new_session=True)


def flywheel(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `flywheel` with these arguments."""
    process = start(*arguments, **environment)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err
