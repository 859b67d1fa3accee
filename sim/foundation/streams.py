"""Random numbers by counter: Philox4x32-10 (Salmon et al. 2011, SC'11, "Parallel random numbers: as easy as 1, 2, 3").

A draw is a pure function of (seed, stream; uid, day, decision): no state, so that neither the order of rows nor threads, workers or another
rule's draws can change it, and two scenarios with the same seed share every draw they can.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.foundation.compiled import compiled, inlined

TRAITS, BEHAVIOUR, BOOTSTRAP = 0, 1, 2
"""The streams."""

# Decisions of the behaviour stream: the third word of the counter. An attempt j of a session draws at MAKE + j.
CHANNEL, RETURN, COME, PUBLISH, RENEW, MAKE = 0, 1, 2, 3, 4, 16

Key = tuple[np.uint64, np.uint64] | NDArray[np.uint64]
"""Seed and stream: an array of two for the caller of a kernel, a pair inside one."""

_MASK = np.uint64(0xFFFFFFFF)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_HALF_WORD = np.uint64(32)
_TO_UNIT = 1.0 / 4294967296.0
_POINTS_AT_ONCE = 2**16
"""Rows of traits made at a time, which bounds the memory that a large population takes while it is made."""


Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


def _philox(key: Key, c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64) -> Words:
    """Four 32-bit words (held in uint64) from a 2-word key and a 4-word counter, ten rounds.

    The masks at the start change no word: they tell the compiler that a product of two words fits a lane, so that loops over draws
    vectorise.
    """
    k0, k1 = key[0] & _MASK, key[1] & _MASK
    c0, c1, c2, c3 = c0 & _MASK, c1 & _MASK, c2 & _MASK, c3 & _MASK
    for _ in range(10):
        p0 = _MULTIPLIER_0 * c0
        p1 = _MULTIPLIER_1 * c2
        c0 = (p1 >> _HALF_WORD) ^ c1 ^ k0
        c2 = (p0 >> _HALF_WORD) ^ c3 ^ k1
        c1 = p1 & _MASK
        c3 = p0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


philox = compiled(_philox)
_philox_in_place = inlined(_philox)


@compiled
def draw(key: Key, uid: int, day: int, decision: int) -> tuple[float, float, float, float]:
    """Four uniforms in (0, 1), at the centres of 2^32 equal cells."""
    a, b, c, d = philox(key, np.uint64(uid), np.uint64(day), np.uint64(decision), np.uint64(0))
    return (a + 0.5) * _TO_UNIT, (b + 0.5) * _TO_UNIT, (c + 0.5) * _TO_UNIT, (d + 0.5) * _TO_UNIT


@compiled
def draw_pairs(key: Key, uid: NDArray[np.int32], day: int, decision: int, one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    """The first two uniforms of `draw` for many people at once, several in one instruction: written into `one` and `other`."""
    for i in range(uid.size):
        a, b, _, _ = _philox_in_place(key, np.uint64(uid[i]), np.uint64(day), np.uint64(decision), np.uint64(0))
        one[i], other[i] = (a + 0.5) * _TO_UNIT, (b + 0.5) * _TO_UNIT


def key_of(seed: int, stream: int) -> NDArray[np.uint64]:
    """The Philox key of a run's seed (whole, 0 to 2^32 - 1) and a stream, shape (2,)."""
    if not 0 <= seed < 2**32:
        raise ValueError(f"a seed is a whole number from 0 to {2**32 - 1}, not {seed}")
    return np.array([seed, stream], dtype=np.uint64)


@compiled
def _fill(key: Key, out: NDArray[np.float64]) -> None:
    for i in range(out.size):
        out[i] = draw(key, i, 0, 0)[0]


def uniforms(seed: int, stream: int, n: int) -> NDArray[np.float64]:
    """n uniforms in (0, 1) of a stream, shape (n,)."""
    out = np.empty(n)
    _fill(key_of(seed, stream), out)
    return out


def stratified_uniforms(seed: int, n: int, dimensions: int, block: int) -> NDArray[np.float64]:
    """All n points of `stratified_blocks` at once, shape (dimensions, n)."""
    out = np.empty((dimensions, n))
    for first, points in stratified_blocks(seed, n, dimensions, block):
        out[:, first : first + points.shape[1]] = points
    return out


def stratified_blocks(seed: int, n: int, dimensions: int, block: int) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Uniforms in (0, 1) that fill the unit cube evenly: the traits of a population, some rows at a time.

    Sobol' points (scipy, directions of Joe and Kuo 2008) under a random digital shift drawn from (seed, block, dimension). Each coordinate
    is uniform, whatever the seed; together they are stratified, so that a sample of a few thousand rows holds its heavy tails (talent,
    value of a clip, readiness to pay) in the proportions of millions of people. Gives the place of the first point and the points, shape
    (dimensions, rows).
    """
    at_once = min(_POINTS_AT_ONCE, 2 ** max(1, n - 1).bit_length())
    key = key_of(seed, TRAITS)
    shift = np.array(
        [philox(key, np.uint64(block), np.uint64(dimension), np.uint64(0), np.uint64(0))[0] for dimension in range(dimensions)]
    )
    sobol = qmc.Sobol(dimensions, scramble=False, bits=32)
    for first in range(0, n, at_once):
        words = (sobol.random(at_once)[: n - first].T * 4294967296.0).astype(np.uint64) ^ shift.astype(np.uint64)[:, None]
        yield first, (words.astype(np.float64) + 0.5) * _TO_UNIT
