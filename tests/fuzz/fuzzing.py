"""Mutated scenario files through the loader, and what came of them."""

from __future__ import annotations

import functools
import random
import re
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sim.foundation.errors import InputError
from sim.scenario import describe_resolved, load_scenario, loading, shipped_folder
from tests.fuzz.mutations import mutated


@dataclass
class Tally:
    """What many cases came to. failures: case -> traceback. Seconds are processor time of one file."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)
    slowest_case: int = -1
    slowest_s: float = 0.0
    wall_s: float = 0.0

    def as_document(self) -> dict[str, Any]:
        """Plain values for JSON; the peak memory is that of the whole process, in MB."""
        return {**vars(self), "outcomes": dict(self.outcomes), "peak_memory_mb": round(peak_memory_mb(), 1)}


def peak_memory_mb() -> float:
    """Largest memory of this process, MB. Linux: not by getrusage, which a large parent (pytest) passes on to its children."""
    status = Path("/proc/self/status")
    if status.exists():
        (kib,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        return int(kib) * 1024 / 1e6
    per_unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * per_unit / 1e6


def file_of(case: int) -> bytes:
    """The mutated file of a case; the same number gives the same file as long as the shipped scenarios stay the same."""
    rng = random.Random(case)
    return mutated(rng.choice(_shipped_texts()), rng)


@functools.cache
def _shipped_texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(shipped_folder().glob("*.yaml"))]


def outcome_of(path: Path) -> str:
    """What loading a file comes to: "scenario" (which can be digested and printed) or "error" (which can be printed)."""
    try:
        scenario = load_scenario(path)
    except InputError as error:
        return "error" if str(error).strip() else "error without a word"
    scenario.digest()
    describe_resolved(scenario)
    return "scenario"


def fuzz(cases: range) -> Tally:
    """Load the mutated file of each case. Shipped files that others extend are parsed once."""
    tally, start = Tally(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(loading, "read_tree", _remembering(loading.read_tree))
        path = Path("drawn.yaml")
        for case in cases:
            path.write_bytes(file_of(case))
            _try(case, path, tally)
    tally.wall_s = round(time.perf_counter() - start, 1)
    return tally


def _try(case: int, path: Path, tally: Tally) -> None:
    start = time.process_time()
    try:
        outcome = outcome_of(path)
    except Exception:
        outcome = "failure"
        tally.failures[case] = traceback.format_exc()
    spent = time.process_time() - start
    tally.cases += 1
    tally.outcomes[outcome] += 1
    if spent > tally.slowest_s:
        tally.slowest_case, tally.slowest_s = case, round(spent, 3)


def _remembering(read_tree: Any) -> Any:
    known: dict[Path, Any] = {}

    def read(path: Path, shown: str, asked_at: Any, problems: Any) -> Any:
        if path.parent != shipped_folder().resolve():
            return read_tree(path, shown, asked_at, problems)
        if path not in known:
            known[path] = read_tree(path, shown, asked_at, problems)
        return known[path]

    return read
