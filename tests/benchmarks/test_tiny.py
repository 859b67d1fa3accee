"""The tiny agent-day is the same law in every library that is compared, and our own form of it is exact."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from numba import njit

from tests.benchmarks import tiny_flywheel, tiny_law
from tests.benchmarks.tiny_flywheel import TinyFlywheel
from tests.benchmarks.tiny_law import Finding, TinyWorld
from tests.benchmarks.tiny_mesa import TinyMesa

AGENTS, DAYS, RUNS = 2000, 60, 10
STANDARD_ERRORS = 4.0

World = Callable[[int, int], TinyWorld]


def _findings(world: World) -> np.ndarray:
    """What runs with different seeds end with, shape (RUNS, fields of Finding)."""
    findings = []
    for seed in range(RUNS):
        tiny = world(AGENTS, seed)
        for _ in range(DAYS):
            tiny.step()
        findings.append(tiny.finding())
    return np.array(findings)


def _standard_errors_apart(one: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """By how many standard errors the means of runs are apart, by field."""
    error = np.sqrt((one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / RUNS)
    return dict(zip(Finding._fields, abs(one.mean(axis=0) - other.mean(axis=0)) / error, strict=True))


@pytest.fixture(scope="module")
def ours() -> np.ndarray:
    return _findings(TinyFlywheel)


@pytest.mark.parametrize("activation", ["do", "shuffle_do"])
def test_plain_mesa_lives_the_law_of_our_columns(ours: np.ndarray, activation: str) -> None:
    apart = _standard_errors_apart(ours, _findings(partial(TinyMesa, activation=activation)))
    assert max(apart.values()) < STANDARD_ERRORS, apart


def test_mesa_frames_lives_the_law_of_our_columns(ours: np.ndarray) -> None:
    pytest.importorskip("mesa_frames")
    from tests.benchmarks.tiny_mesa_frames import TinyMesaFrames  # noqa: PLC0415 - only where it installs

    apart = _standard_errors_apart(ours, _findings(TinyMesaFrames))
    assert max(apart.values()) < STANDARD_ERRORS, apart


@pytest.mark.filterwarnings("ignore")
def test_starsim_lives_the_law_of_our_columns(ours: np.ndarray) -> None:
    pytest.importorskip("starsim")
    from tests.benchmarks.tiny_starsim import TinyStarsim  # noqa: PLC0415 - only where it installs

    apart = _standard_errors_apart(ours, _findings(TinyStarsim))
    assert max(apart.values()) < STANDARD_ERRORS, apart


def test_a_law_that_forgets_a_tenth_faster_is_told_apart(ours: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiny_law, "FORGETTING", 1.1 * tiny_law.FORGETTING)
    apart = _standard_errors_apart(ours, _findings(TinyMesa))
    assert apart["habit"] > 2 * STANDARD_ERRORS
    assert apart["sessions"] > STANDARD_ERRORS


def test_everybody_takes_part_in_the_tiny_world(ours: np.ndarray) -> None:
    """Some come, learn, pay and leave: no branch of the law is idle."""
    mean = Finding(*ours.mean(axis=0))
    assert 0.7 * AGENTS < mean.still_in < 0.95 * AGENTS
    assert 0.15 < mean.sessions / DAYS < 0.45
    assert mean.sessions * 1.5 < mean.attempts < mean.sessions * tiny_law.PATIENCE
    assert 0.8 * mean.sessions < mean.clips < mean.sessions
    assert mean.spent > 1.0


def test_the_tiny_world_has_the_same_bits_for_any_length_of_block() -> None:
    states = []
    for block in (1, 64, 1000, 1024):
        world = TinyFlywheel(1500, seed=3)
        world.draws = tuple(np.empty(block, dtype=np.float32) for _ in range(3))
        for _ in range(40):
            world.step()
        states.append(b"".join(getattr(world, name).tobytes() for name in (*Finding._fields[1:], "is_in")))
    assert len(set(states)) == 1


@njit
def _exps(x, out):
    for i in range(x.size):
        out[i] = tiny_flywheel._exp(x[i])


@njit
def _logs(x, out):
    for i in range(x.size):
        out[i] = tiny_flywheel._log(x[i])


@pytest.mark.parametrize(
    ("ours", "true", "low", "high"), [(_exps, np.exp, -20.0, 20.0), (_logs, np.log, 2.0**-24, 1.0 - 2.0**-20)], ids=["exp", "log"]
)
def test_elementary_functions_of_the_tiny_world_are_within_two_units_in_the_last_place(ours, true, low: float, high: float) -> None:
    x = np.linspace(low, high, 1_000_003).astype(np.float32)
    found = np.empty_like(x)
    ours(x, found)
    exact = true(x.astype(np.float64))
    assert (abs(found - exact) / np.spacing(abs(exact).astype(np.float32))).max() <= 2.0
