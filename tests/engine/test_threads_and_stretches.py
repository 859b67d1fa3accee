"""The same bits for any number of threads, any length of stretch, and whatever CPU the kernels are compiled for."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from sim.foundation.crew import ROWS_FOR_THREADS, Crew, threads_for
from tests.worlds import busy, differing, sora, state_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("rows", [1, 17, 100, 599])
@pytest.mark.parametrize("make", [busy, sora], ids=["busy", "sora"])
def test_threads_and_the_length_of_stretches_leave_no_trace(make: type, rows: int, threads: int) -> None:
    plain, worked = make(), make()
    worked.world.crew = Crew(threads, rows)
    assert differing(state_of(plain.run().world), state_of(worked.run().world)) == []
    assert worked.digest() == plain.digest()


def _digest(seed: int) -> str:
    return busy(seed).run().digest()


def test_workers_give_the_bits_of_this_process() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        assert list(workers.map(_digest, [4, 5])) == [_digest(4), _digest(5)]


@pytest.mark.slow
def test_a_generic_cpu_gives_the_bits_of_this_one(tmp_path: Path) -> None:
    """Compiled anew without the wide instructions of this machine: other vectors, other fused operations if there were any."""
    environment = os.environ | {"NUMBA_CPU_NAME": "generic", "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    script = "from tests.worlds import busy, sora; print(busy(6).run().digest(), sora(6).run().digest())"
    generic = subprocess.run([sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert generic.stdout.split() == [busy(6).run().digest(), sora(6).run().digest()]


def test_small_worlds_get_one_thread_and_large_ones_all_cores() -> None:
    assert threads_for(ROWS_FOR_THREADS - 1) == 1
    assert threads_for(ROWS_FOR_THREADS) == (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())


@pytest.mark.parametrize("threads", [1, 2])
def test_a_crew_does_each_row_once_counts_all_and_closes_up_in_order(threads: int) -> None:
    crew, numbers = Crew(threads, rows=7), np.zeros(100, dtype=np.int64)
    total, evens = np.zeros(1, dtype=np.int64), np.zeros(100, dtype=np.int64)

    def work(first: int, last: int, counter: np.ndarray) -> int:  # type: ignore[type-arg]
        numbers[first:last] += 1
        counter[0] += last - first
        chosen = [row for row in range(first, last) if row % 2 == 0]
        evens[first : first + len(chosen)] = chosen
        return len(chosen)

    found = crew.closed_up(crew.over(100, work, total), evens)
    assert (numbers == 1).all()
    assert total[0] == 100
    assert evens[:found].tolist() == list(range(0, 100, 2))
    assert crew.over(0, work, total) == [0]


def test_a_stretch_that_fails_is_not_swallowed() -> None:
    def fails(first: int, last: int) -> None:
        raise RuntimeError(f"row {first}")

    with pytest.raises(RuntimeError, match="row 0"):
        Crew(2, rows=5).over(20, fails)
