"""Blocks made by worker processes of this machine. A worker that dies is replaced; a run that kills its workers is named and left out."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

import sim
from analysis.experiments.blocks import Block, Failure, Finished
from analysis.experiments.jobs import Job
from analysis.experiments.worker import Make, Ran, Trial

MOST_DEATHS = 3
"""Workers that may die with the same run under way before the run is held to be the cause; and workers that may die one after another
with none under way before that is held to be a fault of the machine."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")

Event = Finished | Ran | Failure


@dataclass(eq=False)
class _Worker:
    """A worker process, the block it was given, and the run that is under way ("": none)."""

    process: subprocess.Popen[bytes]
    listener: threading.Thread | None = None
    block: Block | None = None
    run: str = ""

    def ask(self, task: Any) -> None:
        """Give it a task. A worker that has died is found out by the end of its output."""
        try:
            assert self.process.stdin is not None
            pickle.dump(task, self.process.stdin)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def end(self) -> int:
        """End it, if it has not ended; returns its exit code."""
        self.process.kill()
        code = self.process.wait()
        if self.listener is not None:
            self.listener.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        return code


@dataclass
class LocalPool:
    """Worker processes, and what they say. Use it as a context: leaving it ends them."""

    count: int
    _workers: list[_Worker] = field(default_factory=list)
    _answers: queue.SimpleQueue[tuple[_Worker, Any]] = field(default_factory=queue.SimpleQueue)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self._workers:
            self._workers.pop().end()

    def trial(self, job: Job) -> float | None:
        """Seconds that a run takes, once the kernels are compiled (which this does, before more workers would do it too).

        None where the run fails, or the worker dies of it.
        """
        worker = self._start()
        worker.ask(Trial(job))
        _, answer = self._answers.get()
        if answer is None:
            self._workers.remove(worker)
            worker.end()
            return None
        return answer.seconds  # type: ignore[no-any-return]

    def make(self, blocks: Iterable[Block]) -> Iterator[Event]:
        """Make blocks: what happens, as it happens. A failure that a worker died of comes by itself, others inside `Finished`."""
        upcoming = iter(blocks)
        waiting: deque[Block] = deque()
        deaths: Counter[str] = Counter()

        def employ(idle: _Worker | None) -> bool:
            """Give the next block, if there is one, to an idle worker, or to a new one."""
            block = waiting.popleft() if waiting else next(upcoming, None)
            if block is not None:
                worker = idle or self._start()
                worker.block = block
                worker.ask(Make(block))
            return block is not None

        idle = list(self._workers)
        for place in range(self.count):
            employ(idle[place] if place < len(idle) else None)
        while any(worker.block for worker in self._workers):
            worker, answer = self._answers.get()
            if answer is None:
                yield from self._bury(worker, waiting, deaths)
                employ(None)
            elif isinstance(answer, Ran):
                worker.run = "" if answer.outcome else answer.run
                deaths.pop("", None)
                yield answer
            else:
                worker.block = None
                yield answer
                employ(worker)

    def _bury(self, worker: _Worker, waiting: deque[Block], deaths: Counter[str]) -> Iterator[Failure]:
        """Take a dead worker away and put its block back, without a run that has killed too many."""
        self._workers.remove(worker)
        code, block = worker.end(), worker.block
        if block is None:
            return
        deaths[worker.run] += 1
        if deaths[worker.run] >= MOST_DEATHS:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            if not worker.run:
                hint = "their own words stand above; is there enough memory, and can this Python import analysis.experiments?"
                raise sim.InputError(
                    [sim.Problem("workers", f"{MOST_DEATHS} died one after another before they ran anything ({how})", hint)]
                )
            job = next(job for job in block.jobs if job.run == worker.run)
            block = replace(block, skipped=block.skipped | {worker.run})
            yield Failure(job, f"killed {MOST_DEATHS} workers ({how})", "a run that takes all the memory is killed by the system")
        waiting.append(block)

    def _start(self) -> _Worker:
        environment = os.environ | _ONE_THREAD | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        process = subprocess.Popen(
            [sys.executable, "-c", "from analysis.experiments.worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        worker = _Worker(process)
        worker.listener = threading.Thread(target=self._listen, args=(worker,), daemon=True)
        worker.listener.start()
        self._workers.append(worker)
        return worker

    def _listen(self, worker: _Worker) -> None:
        """Put all that a worker says into the queue, and None when it has died."""
        try:
            while True:
                self._answers.put((worker, pickle.load(worker.process.stdout)))  # type: ignore[arg-type]
        except (EOFError, pickle.UnpicklingError, OSError, ValueError):
            self._answers.put((worker, None))
