"""A worker process: reads tasks from its standard input, writes what comes of them to its standard output, both pickled.

It is started as a plain process and not by `multiprocessing`, so that a sweep can be called from a notebook or a script without a
`__main__` guard, and so that a death concerns nobody but the run that was under way. It ends when its input ends, or when nobody reads.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sim
from analysis.experiments.blocks import Block, make_block
from analysis.experiments.jobs import Job

_TRIALS, _LONG_S = 2, 5.0
"""A run is timed twice, because the first one also loads what is needed; one that takes long is timed once."""

Send = Callable[[Any], None]


@dataclass(frozen=True)
class Ran:
    """A run begins (outcome "") or is over."""

    run: str
    outcome: str


@dataclass(frozen=True)
class Make:
    """The task to make a block; answered by `Ran` for each run and at last by a `Finished`."""

    block: Block

    def __call__(self, send: Send) -> None:
        """Make it."""
        send(make_block(self.block, lambda run, outcome: send(Ran(run, outcome))))


@dataclass(frozen=True)
class Timed:
    """Seconds of a run; None where it fails."""

    seconds: float | None


@dataclass(frozen=True)
class Trial:
    """The task to have the kernels ready and to time one run; answered by `Timed`."""

    job: Job

    def __call__(self, send: Send) -> None:
        """Time it."""
        send(timed(self.job))


def timed(job: Job) -> Timed:
    """How long the run of a job takes, once the kernels are compiled. Of one that fails, `make_block` tells why."""
    sim.compile_kernels(lambda _: None)
    seconds: list[float] = []
    while len(seconds) < _TRIALS and sum(seconds) < _LONG_S:
        start = time.perf_counter()
        try:
            sim.simulate_daily(job.scenario, job.seed)
        except Exception:
            return Timed(None)
        seconds.append(time.perf_counter() - start)
    return Timed(min(seconds))


def main() -> None:
    """Serve until nobody asks any more. What is printed meanwhile goes to standard error."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(answer: Any) -> None:
        pickle.dump(answer, answers)
        answers.flush()

    try:
        while True:
            pickle.load(tasks)(send)
    except (EOFError, BrokenPipeError):
        sys.stderr.close()
