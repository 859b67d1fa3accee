"""A stand-in for the model: figures as smooth functions of the parameters, learnt from the runs so far, with the error it makes.

A Gaussian process for each figure over the points x of the unknowns: kernel x·x'/d + r·exp(-|x-x'|²/(4d)), plus noise, which is that of few
rows. r and the noise are those with the least squared error when each run is predicted from the others (in closed form: Rasmussen and
Williams 2006, eq. 5.12), and that error is what the stand-in says of itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.calibration.targets import Floats

_RATIOS = (0.0, 0.3, 3.0)
_NOISES = np.geomspace(1e-4, 30.0, 14)
_LENGTH = 4.0


@dataclass(frozen=True)
class Emulator:
    """Learnt figures. x: (runs, parameters) they were learnt from; weights: (runs, figures) of each kernel; errors: (figures,)."""

    x: Floats
    means: Floats
    linear: Floats
    smooth: Floats
    errors: Floats

    def __call__(self, x: Floats) -> Floats:
        """The figures at points, shape (points, figures)."""
        products = x @ self.x.T / x.shape[1]
        found = self.means + products @ self.linear
        return np.asarray(found + _smooth_of(products, _lengths(x), _lengths(self.x)) @ self.smooth)


def learn(x: Floats, figures: Floats) -> Emulator:
    """An emulator of figures, shape (runs, figures), at points x, shape (runs, parameters)."""
    means = figures.mean(axis=0)
    away = figures - means
    products = x @ x.T / x.shape[1]
    smooth = _smooth_of(products, _lengths(x), _lengths(x))
    best = np.full(figures.shape[1], np.inf)
    weights, ratios = np.zeros_like(figures), np.zeros(figures.shape[1])
    for ratio in _RATIOS:
        values, vectors = np.linalg.eigh(products + ratio * smooth)
        turned, squares = vectors.T @ away, vectors**2
        for noise in _NOISES:
            inverse = 1.0 / (np.maximum(values, 0.0) + noise)
            found = vectors @ (inverse[:, None] * turned)
            missed = ((found / (squares @ inverse)[:, None]) ** 2).mean(axis=0)
            better = missed < best
            best = np.where(better, missed, best)
            weights[:, better] = found[:, better]
            ratios[better] = ratio
    return Emulator(x, means, weights, weights * ratios, np.sqrt(best))


def _lengths(x: Floats) -> Floats:
    return np.asarray((x**2).sum(axis=1) / x.shape[1])


def _smooth_of(products: Floats, one: Floats, other: Floats) -> Floats:
    """exp(-|x-x'|²/(4d)) from the products x·x'/d and the lengths |x|²/d."""
    return np.asarray(np.exp((2.0 * products - one[:, None] - other[None, :]) / _LENGTH))
