"""Blocks made by a Dask cluster. Workers hand the bytes of the parts back, so that they need no folder in common with the caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import sim
from analysis.experiments.blocks import Block, Failure, Finished, make_block
from analysis.experiments.extras import not_installed
from analysis.experiments.jobs import Job
from analysis.experiments.local import Event
from analysis.experiments.worker import Timed, timed

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 20
_TRIES_OF_A_SUSPECT = 3
_BLOCKS_A_THREAD = 2
"""Blocks on their way for each thread of the cluster: one to work on, one waiting."""


class DaskPool:
    """The workers of a Dask cluster. Use it as a context: leaving it gives up what is on its way."""

    def __init__(self, scheduler: str) -> None:
        """scheduler: its address, or the path of its scheduler file. Raises InputError when it is not there, or Dask is not installed."""
        self._scheduler = scheduler
        self._client = _connect(scheduler)
        self.count = max(1, sum(self._client.nthreads().values()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close(timeout=5)

    def trial(self, job: Job) -> float | None:
        """Seconds that a run takes on one of the workers, once its kernels are compiled; None where it fails or kills it."""
        from distributed.scheduler import KilledWorker  # noqa: PLC0415

        try:
            answer: Timed = self._client.submit(timed, job, pure=False).result()
        except KilledWorker:
            return None
        except Exception as error:
            raise self._lost(error) from error
        return answer.seconds

    def make(self, blocks: Iterable[Block]) -> Iterator[Event]:
        """Make blocks: what they came to, as they come. A block that killed its workers is taken apart, to find the run that did it."""
        from distributed import as_completed  # noqa: PLC0415
        from distributed.scheduler import KilledWorker  # noqa: PLC0415

        upcoming = iter(blocks)
        held: dict[Any, Block] = {}
        flow = as_completed(raise_errors=False)

        def submit(block: Block | None) -> None:
            if block is not None:
                future = self._client.submit(_make, block, pure=False)
                held[future.key] = block
                flow.add(future)

        for _ in range(_BLOCKS_A_THREAD * self.count):
            submit(next(upcoming, None))
        while held:
            future = next(flow)
            block = held.pop(future.key)
            error = future.exception()
            if error is None:
                finished: Finished = future.result()
                yield finished
                submit(next(upcoming, None))
            elif isinstance(error, KilledWorker):
                failures = list(self._suspects(block))
                yield from failures
                submit(replace(block, skipped=block.skipped | {failure.job.run for failure in failures}))
            else:
                raise self._lost(error) from error
            future.release()

    def _suspects(self, block: Block) -> Iterator[Failure]:
        """The runs of a block that kill workers whenever they are tried.

        Dask suspects whatever was on a worker when it died: a run that is innocent, and was there or sent there meanwhile, comes through
        when it is tried again.
        """
        for job in block.jobs:
            if job.run not in block.skipped and all(self._kills(replace(block, jobs=(job,))) for _ in range(_TRIES_OF_A_SUSPECT)):
                yield Failure(job, "killed several workers", "a run that takes all the memory is killed by the system")

    def _kills(self, block: Block) -> bool:
        from distributed.scheduler import KilledWorker  # noqa: PLC0415

        return isinstance(self._client.submit(_make, block, pure=False).exception(), KilledWorker)

    def _lost(self, error: BaseException) -> sim.InputError:
        message = f"the cluster is lost: {type(error).__name__}: {error}"
        hint = "what was finished is kept: start it again, and the same command goes on"
        return sim.InputError([sim.Problem(self._scheduler, message, hint)])


def _make(block: Block) -> Finished:
    return make_block(block, lambda run, outcome: None)


def _connect(scheduler: str) -> Client:
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError as error:
        raise not_installed("--dask", "Dask distributed", "dask") from error
    is_file = Path(scheduler).is_file()
    try:
        client = Client(scheduler_file=scheduler, timeout=_CONNECT_S) if is_file else Client(scheduler, timeout=_CONNECT_S)
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except (OSError, TimeoutError, ValueError) as error:
        hint = "start `dask scheduler` and, anywhere, `dask worker ADDRESS`; give the address it prints, or its scheduler file"
        raise sim.InputError([sim.Problem(scheduler, f"no cluster answers there: {error}", hint)]) from error
    return client
