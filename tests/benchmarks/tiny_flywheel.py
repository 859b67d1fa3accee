"""The tiny agent-day in this house's manner: columns of 32 bits, keyed draws, strict arithmetic, branch-free loops that vectorise.

The draws are those of `sim.foundation.streams` (Philox4x32-10, counter uid, day, decision); exp and log are polynomials in 32-bit floats,
so that the bits do not depend on the machine. Every step is cast: numba would widen a sum of two 32-bit numbers.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.foundation import streams
from tests.benchmarks import tiny_law as law
from tests.benchmarks.tiny_law import Finding

_BLOCK = 1024
"""Rows whose draws are made together, so that they stay in the nearest cache."""

_single = np.float32
_compiled = njit(nogil=True, error_model="numpy")
"""Not kept on disk: numba would not see that the law, which is another file, has changed."""
_inlined = njit(inline="always", nogil=True, error_model="numpy")
_philox = _inlined(streams.philox.py_func)
"""The house's generator, written into the loop that draws, which then vectorises."""

_NINE_BITS, _HALF, _TO_UNIT = np.uint32(9), _single(0.5), _single(2.0**-23)

_ONE = _single(1)
_LOG2_E, _LN2_HIGH, _LN2_LOW = _single(1.4426950408889634), _single(0.693359375), _single(-2.12194440054690583e-4)
_ROUNDER, _ROUNDER_BITS = _single(12582912.0), np.int32(0x4B400000)
_BIAS, _MANTISSA, _MANTISSA_BITS = np.int32(127), np.int32(0x007FFFFF), np.int32(23)
_ROOT_HALF_BITS, _ONE_BITS = np.int32(0x3F3504F3), np.int32(0x3F800000)
_E2, _E3, _E4, _E5, _E6, _E7 = (_single(1 / factor) for factor in (2, 6, 24, 120, 720, 5040))
_L3, _L5, _L7, _L9 = (_single(2 / odd) for odd in (3, 5, 7, 9))

_BEST, _LEARNING, _RATE, _KEPT = _single(law.BEST_CHANCE), _single(-law.LEARNING), _single(law.RATE), _single(1 - law.FORGETTING)
_VALUE, _EFFORT, _ELSEWHERE, _CHURN = _single(law.VALUE), _single(law.EFFORT), _single(law.ELSEWHERE), _single(law.CHURN)
_PATIENCE, _QUOTA, _PRICE = np.int32(law.PATIENCE), np.int32(law.QUOTA), _single(law.PRICE)


@_inlined
def _unit(word):
    """A word as a uniform 32-bit float in (0, 1), at the centre of one of 2^23 equal cells."""
    return (_single(np.uint32(word) >> _NINE_BITS) + _HALF) * _TO_UNIT


@_inlined
def _exp(x):
    """e^x for |x| < 80."""
    shifted = x * _LOG2_E + _ROUNDER
    k = shifted - _ROUNDER
    power = np.int32(_single(shifted).view(np.int32) - _ROUNDER_BITS)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = ((((_E7 * r + _E6) * r + _E5) * r + _E4) * r + _E3) * r + _E2
    p = (p * r + _ONE) * r + _ONE
    return p * np.int32(np.int32(power + _BIAS) << _MANTISSA_BITS).view(np.float32)


@_inlined
def _log(x):
    """ln x of a positive normal number: ln(1 + f) = 2 artanh s = f - s·(f - 2s²/3 - 2s⁴/5 - ...), s = f / (2 + f)."""
    bits = np.int32(_single(x).view(np.int32) + np.int32(_ONE_BITS - _ROOT_HALF_BITS))
    k = _single(np.int32(np.int32(bits >> _MANTISSA_BITS) - _BIAS))
    m = np.int32(np.int32(bits & _MANTISSA) + _ROOT_HALF_BITS).view(np.float32)
    f = m - _ONE
    s = f / (m + _ONE)
    z = s * s
    rest = z * (_L3 + z * (_L5 + z * (_L7 + z * _L9)))
    return k * _LN2_HIGH + (f - (s * (f - rest) - k * _LN2_LOW))


@_compiled
def _draw(key, uid, day, to_come, of_attempts, to_leave):
    pair = (key[0], key[1])
    for i in range(uid.size):
        first, second, third, _ = _philox(pair, np.uint64(uid[i]), np.uint64(day), np.uint64(streams.COME), np.uint64(0))
        to_come[i], of_attempts[i], to_leave[i] = _unit(first), _unit(second), _unit(third)


@_compiled
def _attempt(of_attempts, ease, skill):
    """Turn draws into how many attempts before the usable one: two short loops let more rows be under way at once than one long one."""
    for i in range(ease.size):
        chance = ease[i] + (_BEST - ease[i]) * skill[i]
        of_attempts[i] = _log(of_attempts[i]) / _log(_ONE - chance)


@_compiled
def _live(day, to_come, before_usable, to_leave, habit, skill, is_in, sessions, attempts, clips, last_active, spent):
    """One day of one block of rows."""
    for i in range(habit.size):
        present = _single(is_in[i])
        ready = habit[i]
        came = present if to_come[i] < ready else _single(0)
        needed = np.int32(np.int32(before_usable[i]) + np.int32(1))
        usable = came if needed <= _PATIENCE else _single(0)
        made = _single(min(needed, _PATIENCE)) * came
        skill[i] += (_ONE - skill[i]) * (_ONE - _exp(_LEARNING * made))
        reward = _ONE / (_ONE + _exp(_ELSEWHERE + _EFFORT * made - _VALUE * usable))
        visited = ready + _RATE * (reward - ready)
        after = visited if came > _single(0) else _KEPT * ready
        habit[i] = after if present > _single(0) else ready
        stays = np.int32(1) if to_leave[i] >= _CHURN * (_ONE - after) else np.int32(0)
        is_in[i] = np.int32(is_in[i] & stays)
        sessions[i] = np.int32(sessions[i] + np.int32(came))
        attempts[i] = np.int32(attempts[i] + np.int32(made))
        clips[i] = np.int32(clips[i] + np.int32(usable))
        last_active[i] = day if came > _single(0) else last_active[i]
        spent[i] += _PRICE * max(_single(0), made - _single(_QUOTA))


@_compiled
def _step(key, day, uid, to_come, of_attempts, to_leave, ease, habit, skill, is_in, sessions, attempts, clips, last_active, spent):
    """One day, block by block."""
    for first in range(0, uid.size, to_come.size):
        rows = slice(first, min(first + to_come.size, uid.size))
        _draw(key, uid[rows], day, to_come, of_attempts, to_leave)
        _attempt(of_attempts, ease[rows], skill[rows])
        _live(
            day,
            to_come,
            of_attempts,
            to_leave,
            habit[rows],
            skill[rows],
            is_in[rows],
            sessions[rows],
            attempts[rows],
            clips[rows],
            last_active[rows],
            spent[rows],
        )


class TinyFlywheel:
    """The tiny world as columns of 32 bits."""

    def __init__(self, agents: int, seed: int) -> None:
        self.key = streams.key_of(seed, streams.BEHAVIOUR)
        self.uid = np.arange(agents, dtype=np.int32)
        self.ease = law.ease_of(np.arange(agents)).astype(np.float32)
        self.habit = np.full(agents, law.FIRST_HABIT, dtype=np.float32)
        self.skill, self.spent = np.zeros(agents, dtype=np.float32), np.zeros(agents, dtype=np.float32)
        self.is_in = np.ones(agents, dtype=np.int32)
        self.sessions, self.attempts, self.clips = (np.zeros(agents, dtype=np.int32) for _ in range(3))
        self.last_active = np.full(agents, -1, dtype=np.int32)
        self.day = 0
        self.draws = tuple(np.empty(_BLOCK, dtype=np.float32) for _ in range(3))

    def step(self) -> None:
        """One day."""
        columns = (self.ease, self.habit, self.skill, self.is_in, self.sessions, self.attempts, self.clips, self.last_active, self.spent)
        _step(self.key, np.int32(self.day), self.uid, *self.draws, *columns)
        self.day += 1

    def finding(self) -> Finding:
        """What there is at the end, of those still in."""
        there = self.is_in == 1
        fields = (self.habit, self.skill, self.sessions, self.attempts, self.clips, self.last_active, self.spent)
        return Finding(int(there.sum()), *(float(field[there].mean(dtype=np.float64)) for field in fields))
