"""The tiny agent-day in our manner and in other libraries, and against what the machine could do at most."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.streams import draw_pairs, key_of
from tests.benchmarks import tiny_law as law
from tests.benchmarks.measuring import Row, in_turns
from tests.benchmarks.tiny_flywheel import TinyFlywheel
from tests.benchmarks.tiny_mesa import TinyMesa

BYTES = 72
"""Read and written by an agent-day of `TinyFlywheel`: uid and ease read, eight columns of four bytes read and written."""

_AIMS = {"plain Mesa shuffle_do": "≥ 300", "plain Mesa do": "≥ 80", "mesa-frames": "≥ 9", "Starsim": "≥ 6"}
_DAYS = {"flywheel": 30, "mesa-frames": 5, "Starsim": 5}
_LIBRARIES = {"mesa-frames": ("mesa_frames", "TinyMesaFrames"), "Starsim": ("starsim", "TinyStarsim")}


def contestants() -> tuple[dict[str, Callable[[int], Any]], list[str]]:
    """How each library's world is made from a number of agents, and the libraries that are not installed here."""
    made: dict[str, Callable[[int], Any]] = {
        "flywheel": partial(TinyFlywheel, seed=1),
        "plain Mesa do": partial(TinyMesa, seed=1, activation="do"),
        "plain Mesa shuffle_do": partial(TinyMesa, seed=1, activation="shuffle_do"),
    }
    absent = []
    for name, (package, world) in _LIBRARIES.items():
        try:
            importlib.import_module(package)
        except ImportError:
            absent.append(name)
            continue
        module = importlib.import_module(f"tests.benchmarks.tiny_{package}")
        made[name] = partial(getattr(module, world), seed=1)
    return made, absent


def tiny_agent_day() -> Iterator[Row]:
    """Agent-days per CPU-second of each library, in turns, and our rate over theirs."""
    made, absent = contestants()
    for agents in (10_000, 1_000_000):
        worlds = {name: partial(_rate, make, agents, _DAYS.get(name, 2 if agents > 100_000 else 20)) for name, make in made.items()}
        rates = in_turns(worlds)
        for name, found in rates.items():
            yield Row("tiny", f"{name}, {agents:,}", found / 1e6, "M agent-days/CPU-s")
        for name in rates:
            if name != "flywheel":
                yield Row(
                    "tiny", f"flywheel / {name}, {agents:,}", rates["flywheel"] / rates[name], "×", _AIMS[name] if agents > 100_000 else ""
                )
        bound = in_turns({"philox": partial(_philox_rate, agents), "triad": partial(_triad_bytes, agents)})
        most = min(bound["philox"], bound["triad"] / BYTES)
        limit = "draws" if bound["philox"] < bound["triad"] / BYTES else "memory"
        yield Row("tiny", f"bound by {limit}, {agents:,}", most / 1e6, "M agent-days/CPU-s")
        aim = "≥ 40" if agents > 100_000 else "≥ 50"
        yield Row("tiny", f"flywheel of that bound, {agents:,}", 100 * rates["flywheel"] / most, "%", aim)
    for name in absent:
        yield Row("tiny", f"{name} is not installed here", float("nan"), "")


def _rate(make: Callable[[int], Any], agents: int, days: int) -> float:
    return law.rate(make(agents), agents, days)


def _philox_rate(agents: int) -> float:
    """Philox blocks per CPU-second, one for each of so many agents."""
    uid, one, other = np.arange(agents, dtype=np.int32), np.empty(agents), np.empty(agents)
    return agents / _least(lambda: draw_pairs(key_of(1, 1), uid, 3, 0, one, other))


def _triad_bytes(agents: int) -> float:
    """Bytes per CPU-second of a = b + s·c over three float columns of so many rows."""
    a, b, c = (np.ones(agents, dtype=np.float32) for _ in range(3))
    return 12 * agents / _least(lambda: _triad(a, b, c, np.float32(3)))


def _least(work: Callable[[], object]) -> float:
    work()
    found = []
    for _ in range(30):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


@compiled
def _triad(a: NDArray[np.float32], b: NDArray[np.float32], c: NDArray[np.float32], scale: float) -> None:
    for i in range(a.size):
        a[i] = b[i] + scale * c[i]
