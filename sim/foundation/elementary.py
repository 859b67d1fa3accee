"""Elementary functions with the same bits on every CPU, Python and numpy: additions, multiplications, divisions and square roots only.

All take and return float64. Accuracy against the true functions is a few units in the last place of float64, far inside float32.
"""

from __future__ import annotations

import math

import numpy as np

from sim.foundation.compiled import compiled

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_LOG2_E = 1.44269504088896338700e00
_EXP_LIMIT = 700.0
_EXPONENT_BIAS = 1023
_MANTISSA_BITS = 52


@compiled
def exp(x: float) -> float:
    """e^x; arguments beyond ±700 are taken as ±700."""
    x = min(max(x, -_EXP_LIMIT), _EXP_LIMIT)
    k = math.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    bits = (np.int64(k) + np.int64(_EXPONENT_BIAS)) << np.int64(_MANTISSA_BITS)
    return float(p * np.int64(bits).view(np.float64))


@compiled
def log(x: float) -> float:
    """Natural logarithm of a positive normal number; -inf at 0."""
    if x <= 0.0:
        return -math.inf
    if x == math.inf:
        return math.inf
    bits = np.float64(x).view(np.int64)
    exponent = (bits >> np.int64(_MANTISSA_BITS)) - np.int64(_EXPONENT_BIAS)
    mantissa_bits = (bits & np.int64(0x000FFFFFFFFFFFFF)) | np.int64(0x3FF0000000000000)
    m = np.int64(mantissa_bits).view(np.float64)
    if m > 1.4142135623730951:
        m = m * 0.5
        exponent += np.int64(1)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    p = 1.0 / 21.0
    p = p * s + 1.0 / 19.0
    p = p * s + 1.0 / 17.0
    p = p * s + 1.0 / 15.0
    p = p * s + 1.0 / 13.0
    p = p * s + 1.0 / 11.0
    p = p * s + 1.0 / 9.0
    p = p * s + 1.0 / 7.0
    p = p * s + 1.0 / 5.0
    p = p * s + 1.0 / 3.0
    p = p * s + 1.0
    return float(exponent * _LN2_HIGH + (2.0 * f * p + exponent * _LN2_LOW))


@compiled
def logistic(y: float) -> float:
    """Λ(y) = 1 / (1 + e^-y), in [0, 1]."""
    return 1.0 / (1.0 + exp(-y))


@compiled
def power(x: float, y: float) -> float:
    """x^y for x ≥ 0; 0^y is 0 for y > 0 and x^0 is 1."""
    if y == 0.0:
        return 1.0
    if x <= 0.0:
        return 0.0
    return exp(y * log(x))


@compiled
def normal_quantile(u: float) -> float:
    """Quantile of the standard normal at u in (0, 1): Wichura 1988, algorithm AS 241 (PPND16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457
        above = (((above * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608
        below = ((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867
        below = (((below * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0
        return q * above / below
    r = math.sqrt(-log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        above = ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258
        above = (
            ((above * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        below = ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459
        below = (((below * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0
    else:
        r -= 5.0
        above = ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093
        above = (((above * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772
        below = ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4
        below = (((below * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0
    value = above / below
    return -value if q < 0.0 else value
