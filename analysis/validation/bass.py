"""Bass (1969): the law of diffusion in closed form, the steps by which a simulation walks it, and eleven durables it was fitted to.

dF/dt = (p + qF)(1 - F). p and q of the durables as in the replication protocol of Rand & Rust (2011), IJRM 28, 181-193.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]


class Durable(NamedTuple):
    """p, q per year; millions: the market; year, rate (millions a year) and share of the peak as printed."""

    name: str
    p: float
    q: float
    millions: float
    peak_year: float
    peak_rate: float
    share_at_peak: float


DURABLES = (
    Durable("electric refrigerators", 0.0026167, 0.21566, 40.001, 20.21, 2.209, 0.4939),
    Durable("home freezers", 0.0181190, 0.17110, 21.973, 11.87, 1.149, 0.4471),
    Durable("black & white TV", 0.0278770, 0.25105, 96.717, 7.88, 7.493, 0.4445),
    Durable("water softeners", 0.0177030, 0.29695, 5.793, 8.96, 0.483, 0.4702),
    Durable("room air conditioners", 0.0103990, 0.41861, 16.895, 8.61, 1.857, 0.4876),
    Durable("clothes dryers", 0.0172060, 0.35688, 15.092, 8.11, 1.479, 0.4759),
    Durable("power lawnmowers", 0.0091837, 0.33790, 44.751, 10.39, 3.989, 0.4864),
    Durable("electric bed coverings", 0.0058760, 0.24387, 76.589, 14.92, 4.897, 0.4880),
    Durable("automatic coffee makers", 0.0171350, 0.30145, 58.838, 9.00, 4.953, 0.4716),
    Durable("steam irons", 0.0286320, 0.32791, 55.696, 6.84, 5.398, 0.4563),
    Durable("record players", 0.0247960, 0.65410, 21.937, 4.82, 3.864, 0.4810),
)


def bass(p: float, q: float, t: Curve) -> Curve:
    """F(t) of the differential equation dF/dt = (p + qF)(1 - F)."""
    fading = np.exp(-(p + q) * t)
    return (1.0 - fading) / (1.0 + q / p * fading)


def peak_year(p: float, q: float) -> float:
    """T* = ln(q/p)/(p+q), in the unit of time of p and q."""
    return math.log(q / p) / (p + q)


def peak_rate(p: float, q: float) -> float:
    """S*, the share of the market that joins per unit of time at the peak: (p+q)²/(4q)."""
    return (p + q) ** 2 / (4.0 * q)


def share_at_peak(p: float, q: float) -> float:
    """F(T*) = ½(1 - p/q)."""
    return 0.5 * (1.0 - p / q)


def step_bias(p: float, q: float, t: Curve, step: float) -> Curve:
    """First-order difference of the explicit step from `bass`: -(step/2)·f·ln(h/p), f = dF/dt, h = p + qF.

    With H the cumulated hazard, H' = h(H); the explicit step solves H' = h - (step/2)·h·h' + O(step²), so that the error e obeys
    e' = h'e - (step/2)·h·h', whence e = -(step/2)·h·ln(h/p); and dF = (1-F)·dH.
    """
    share = bass(p, q, t)
    hazard = p + q * share
    return -0.5 * step * hazard * (1.0 - share) * np.log(hazard / p)


def recursion(p: float, q: float, steps_a_year: int, years: int) -> Curve:
    """F after each step of an endless market: H ← H + (p + qF)·step, F = 1 - e^-H; shape (steps + 1,)."""
    hazard, share, out = 0.0, 0.0, [0.0]
    for _ in range(years * steps_a_year):
        hazard += (p + q * share) / steps_a_year
        share = -math.expm1(-hazard)
        out.append(share)
    return np.array(out)


def euler(p: float, q: float, step: float, years: float) -> tuple[float, float]:
    """Start and yearly rate of the highest step of F ← F + (p + qF)(1 - F)·step."""
    share, rates = 0.0, []
    for _ in range(round(years / step)):
        rates.append((p + q * share) * (1.0 - share))
        share += rates[-1] * step
    top = int(np.argmax(rates))
    return top * step, rates[top]


def peak_of(adopted: Curve, steps_a_year: int) -> tuple[float, float]:
    """Year and yearly rate of the peak: top of the parabola whose yearly means are the highest yearly bin and its neighbours."""
    bins = np.diff(adopted[::steps_a_year])
    top = int(np.clip(np.argmax(bins), 1, bins.size - 2))
    before, here, after = bins[top - 1 : top + 2]
    bend = before - 2.0 * here + after
    shift = 0.5 * (before - after) / bend
    return top + 0.5 + shift, here - 0.25 * (before - after) * shift - bend / 24.0
