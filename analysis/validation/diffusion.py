"""M0 with advertising and word of mouth alone is Bass (1969): eleven durables through the whole day of the model.

A day of the model is a half a year here, so that its explicit step is coarse; what the step must do is computed without chance by
`bass.recursion`, which is itself held against the differential equation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, partial

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from analysis.validation.bass import (
    DURABLES,
    Curve,
    Durable,
    bass,
    euler,
    peak_of,
    peak_rate,
    peak_year,
    recursion,
    share_at_peak,
    step_bias,
)
from analysis.validation.comparison import Comparison, Exact, above, exact, jackknife, row
from analysis.validation.target import Section, Target
from analysis.validation.worlds import EVERY_DAY, ONLY_WATCHING, lived

ROWS, STEPS_A_YEAR, HORIZON = 2000, 2, 1.5
"""HORIZON: years run, in times of the peak."""
_RAND_RUST = "Bass 1969; Rand & Rust 2011"


def _years(one: Durable) -> int:
    return math.ceil(HORIZON * one.peak_year)


@cache
def _adopted(seed: int, one: Durable, word_of_mouth: float, advertising: float) -> Curve:
    """Share of the market that is in after each step, by the world's own count; shape (steps + 1,)."""
    steps = _years(one) * STEPS_A_YEAR
    hazard = {
        "agents": ROWS,
        "days": steps,
        "creators_share": 0.01,
        "adoption.advertising_per_day": advertising * one.p / STEPS_A_YEAR,
        "adoption.word_of_mouth_per_day": word_of_mouth * one.q / STEPS_A_YEAR,
        "adoption.buzz_per_day": 0,
        "adoption.return_factor": 0,
    }
    installs = lived(seed, EVERY_DAY, ONLY_WATCHING, hazard).tables()["daily"]["installs_total"].to_numpy()
    return np.concatenate(([0.0], installs / (1000.0 * ROWS)))


def check_curves(seeds: Sequence[int], *, word_of_mouth: float = 1.0, advertising: float = 1.0) -> list[Comparison]:
    """F at ten times over the run. word_of_mouth, advertising: factors on q and p of the world."""
    table: list[Comparison] = []
    for one in DURABLES:
        curves = np.array([_adopted(seed, one, word_of_mouth, advertising) for seed in seeds])
        expected = recursion(one.p, one.q, STEPS_A_YEAR, _years(one))
        steps = [round(_years(one) * STEPS_A_YEAR * k / 10.0) for k in range(1, 11)]
        table += [row(f"{one.name}: F({k / STEPS_A_YEAR:g} yr)", curves[:, k], expected[k]) for k in steps]
    return table


def check_peaks(seeds: Sequence[int], *, word_of_mouth: float = 1.0, advertising: float = 1.0) -> list[Comparison]:
    """Year and height of the peak and the share that is in, read from yearly bins of the mean curve, against the closed forms.

    What reading bins of a coarse step adds is computed on the recursion and taken off; the spread is that of the jackknife over seeds.
    """
    table: list[Comparison] = []
    for one in DURABLES:
        curves = np.array([_adopted(seed, one, word_of_mouth, advertising) for seed in seeds])
        true = np.array([peak_year(one.p, one.q), one.millions * peak_rate(one.p, one.q), share_at_peak(one.p, one.q)])
        bias = _read(recursion(one.p, one.q, STEPS_A_YEAR, _years(one)), one) - true
        found = jackknife(curves, partial(_mean_read, one=one)) - bias
        for i, name in enumerate(("T* (yr)", "S* (M/yr)", "F(T*)")):
            table.append(row(f"{one.name}: {name}", found[:, i], true[i]))
    return table


def _read(curve: Curve, one: Durable) -> NDArray[np.float64]:
    """T* (years) and S* (millions a year) from yearly bins, F at the true T*."""
    year, rate = peak_of(curve, STEPS_A_YEAR)
    at_peak = np.interp(peak_year(one.p, one.q) * STEPS_A_YEAR, np.arange(curve.size), curve)
    return np.array([year, one.millions * rate, at_peak])


def _mean_read(curves: NDArray[np.float64], one: Durable) -> NDArray[np.float64]:
    return _read(curves.mean(axis=0), one)


def check_printed(seeds: Sequence[int], *, word_of_mouth: float = 1.0) -> list[Comparison]:
    """The printed peaks are those of the formulas."""
    del seeds
    table: list[Comparison] = []
    for one in DURABLES:
        p, q = one.p, word_of_mouth * one.q
        table += [
            exact(f"{one.name}: T* (yr)", peak_year(p, q), f"{one.peak_year:.2f}"),
            exact(f"{one.name}: S* (M/yr)", one.millions * peak_rate(p, q), f"{one.peak_rate:.3f}"),
            exact(f"{one.name}: F(T*)", share_at_peak(p, q), f"{one.share_at_peak:.4f}"),
        ]
    return table


def check_step(seeds: Sequence[int], *, word_of_mouth: float = 1.0) -> list[Comparison]:
    """The explicit step is late by its first-order term, and what is left falls fourfold when the step is halved; p = .03, q = .38.

    Euler's steps of a year, a tenth and a hundredth start their highest at 7, 6.3 and 6.2 years; the true peak is at 6.19.
    """
    del seeds
    p, q = 0.03, 0.38 * word_of_mouth
    table: list[Comparison] = [exact("closed T*", peak_year(p, q), "6.19"), exact("closed height", peak_rate(p, q), "0.1106")]
    for step, start in ((1.0, "7"), (0.1, "6.3"), (0.01, "6.2")):
        table.append(exact(f"start of the highest step of {step:g} yr", euler(p, q, step, 15.0)[0], start))
    table.append(exact("height in steps of a year", euler(p, q, 1.0, 15.0)[1], "0.1105"))
    left = []
    for steps in (25, 50, 100):
        t = np.arange(15 * steps + 1) / steps
        left.append(np.abs(recursion(p, q, steps, 15) - bass(0.03, 0.38, t) - step_bias(0.03, 0.38, t, 1.0 / steps)).max())
    table += [Exact(f"what is left at {n} steps, over {2 * n}", left[i] / left[i + 1], 4.0, 0.2) for i, n in enumerate((25, 50))]
    return table


def _network_peak(seed: int, neighbours: list[NDArray[np.int64]], p: float, q: float, mixing: float) -> NDArray[np.float64]:
    """Year by which half are in, and rate of the highest year, when word of mouth is the share of one's own neighbours who are in.

    mixing: weight of the share of everybody beside it.
    """
    random, people, step = np.random.default_rng(seed), len(neighbours), 0.1
    ends = np.concatenate(neighbours)
    starts = np.repeat(np.arange(people), [one.size for one in neighbours])
    degree = np.bincount(starts, minlength=people)
    is_in = np.zeros(people, dtype=bool)
    joined: list[float] = []
    while not is_in.all() and len(joined) < 1000:
        own = np.bincount(starts, weights=is_in[ends], minlength=people) / degree
        share = (1.0 - mixing) * own + mixing * is_in.mean()
        new = ~is_in & (random.random(people) < -np.expm1(-(p + q * share) * step))
        is_in |= new
        joined.append(float(new.mean()))
    adopted = np.concatenate(([0.0], np.cumsum(joined), np.ones(20)))
    half = np.interp(0.5, adopted, step * np.arange(adopted.size))
    return np.array([half, peak_of(adopted, round(1.0 / step))[1]])


def _neighbours(graph: nx.Graph) -> list[NDArray[np.int64]]:
    return [np.fromiter(graph[node], dtype=np.int64) for node in sorted(graph)]


def check_networks(seeds: Sequence[int], *, mixing: float = 0.0) -> list[Comparison]:
    """Where people hear only of their neighbours half are in later and the peak is lower, as it must be; p = .03, q = .38, 1500 people.

    On a ring everybody has four neighbours; in the scale-free network each newcomer is linked to one. mixing: 1 lets all hear of all.
    """
    people, p, q = 1500, 0.03, 0.38
    half = math.log(2.0 + q / p) / (p + q)
    table: list[Comparison] = []
    ring = _neighbours(nx.circulant_graph(people, (1, 2)))
    for name in ("ring", "scale-free"):
        peaks = []
        for seed in seeds:
            network = ring if name == "ring" else _neighbours(nx.barabasi_albert_graph(people, 1, seed=seed))
            peaks.append(_network_peak(seed, network, p, q, mixing))
        found = np.array(peaks)
        table += [
            above(f"{name}: half are in later (yr)", found[:, 0] - half),
            above(f"{name}: lower peak (1/yr)", peak_rate(p, q) - found[:, 1]),
        ]
    return table


SECTION = Section(
    "diffusion",
    "4.1 Diffusion by advertising and word of mouth",
    (
        Target("bass_curves", "rule", "F at ten times, eleven durables through M0", _RAND_RUST, check_curves),
        Target("bass_peaks", "rule", "T*, S*, F(T*) from yearly bins, eleven durables", _RAND_RUST, check_peaks),
        Target("bass_printed", "toy", "the printed peaks are those of the formulas", "Bass 1969", check_printed),
        Target("bass_step", "toy", "how late an explicit step is", "derived", check_step),
        Target("bass_networks", "toy", "on sparse networks Bass fails: later, lower", "Rand & Rust 2011", check_networks),
    ),
)
