"""Supply of creators against generative AI, exploration, and creators who leave: contests and matchings from the literature."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.validation.comparison import Comparison, Exact, above, exact, row
from analysis.validation.target import Section, Target

PRIZE, PLAYERS, COST = 100.0, 10, 1.0
_STARTS = 5
"""Seeds from which learning starts: it ends in the same place from all."""
TULLOCK = (
    ("0", "90.000", "1.0000", "1.0000"),
    ("10", "81.098", "0.8902", "0.7925"),
    ("50", "45.249", "0.4751", "0.2257"),
    ("90", "9.083", "0.0917", "0.0084"),
    ("99", "0.909", "0.0091", "0.0001"),
    ("100", "0.000", "0.0000", "0.0000"),
)
"""Outside stream g; effort of all, human share, profit of each."""
_CONTEST, _EXPLORATION = "Yao et al. 2024, arXiv 2402.15467", "Yao et al. 2024, arXiv 2410.23683"
_VIABILITY = "Mladenov et al. 2020; Huttenlocher et al. 2024"


def tullock_total(prize: float, players: int, cost: float, stream: float) -> float:
    """T = Σx + g of the symmetric equilibrium: [μ(1-1/n) + √(μ²(1-1/n)² + 4cμg/n)]/(2c); g alone once g ≥ μ/c."""
    if stream >= prize / cost:
        return stream
    part = prize * (1.0 - 1.0 / players)
    return (part + math.sqrt(part * part + 4.0 * cost * prize * stream / players)) / (2.0 * cost)


def _learned(seed: int, players: int, stream: float, cost: float, rounds: int = 4000) -> NDArray[np.float64]:
    """Efforts after best-response learning from random efforts: one random player after another answers the others.

    The answer to the others' effort and the stream, S together, is √(μS/c) - S, never below 0.
    """
    random = np.random.default_rng(seed)
    effort = random.uniform(0.0, PRIZE / players, players)
    for player in random.integers(0, players, rounds).tolist():
        others = float(effort.sum() - effort[player]) + stream
        effort[player] = max(0.0, math.sqrt(PRIZE * others / cost) - others)
    return effort


def check_contest(seeds: Sequence[int], *, cost: float = COST) -> list[Comparison]:
    """Formula and learning give the table, from whatever efforts learning starts. cost: of effort to those who learn."""
    table: list[Comparison] = []
    for g, effort, share, profit in TULLOCK:
        stream = float(g)
        total = tullock_total(PRIZE, PLAYERS, COST, stream) - stream
        table.append(exact(f"g = {g}: effort, formula", total, effort))
        ended = np.array([_learned(seed, PLAYERS, stream, cost).sum() for seed in seeds[:_STARTS]])
        worst = float(ended[np.abs(ended - total).argmax()])
        human = worst / (worst + stream)
        table += [
            exact(f"g = {g}: effort, learned", worst, effort),
            exact(f"g = {g}: human share", human, share),
            exact(f"g = {g}: profit of each", (PRIZE * human - cost * worst) / PLAYERS, profit),
        ]
    return table


def check_exit(seeds: Sequence[int], *, cost: float = COST) -> list[Comparison]:
    """Humans leave exactly at g = μ/c, however many they are. cost: of effort to those who learn."""
    threshold = PRIZE / COST
    table: list[Comparison] = []
    for players in (2, 10, 50):
        at, before = (max(_learned(seed, players, g, cost).sum() for seed in seeds[:_STARTS]) for g in (threshold, 0.99 * threshold))
        true = tullock_total(PRIZE, players, COST, 0.99 * threshold) - 0.99 * threshold
        table += [
            Exact(f"n = {players}: effort at g = μ/c", at, 0.0, 1e-6),
            Exact(f"n = {players}: effort 1 % before", before, true, 1e-6),
        ]
    return table


def _created(relevance: NDArray[np.float64], sharpness: float, rounds: int = 300) -> tuple[float, float]:
    """Equilibrium of creators who choose how much to make: total creation, and relevance of what viewers are shown.

    relevance: of each creator to each viewer, shape (viewers, creators). A viewer's attention goes to creators in proportion to
    amount·e^(sharpness·relevance); a creator's pay is her attention less the amount she makes. Damped best response by the first-order
    condition Σ_i s_ij(1 - s_ij) = x_j.
    """
    pull = np.exp(sharpness * (relevance - relevance.max(axis=1, keepdims=True)))
    amount = np.full(relevance.shape[1], relevance.shape[0] / relevance.shape[1])
    for _ in range(rounds):
        share = pull * amount / (pull @ amount)[:, None]
        amount = 0.5 * amount + 0.5 * np.maximum((share * (1.0 - share)).sum(axis=0), 1e-12)
    share = pull * amount / (pull @ amount)[:, None]
    return float(amount.sum()), float((share * relevance).sum(axis=1).mean())


def check_exploration(seeds: Sequence[int], *, spread: float = 1.0) -> list[Comparison]:
    """Sharper ranking by relevance pleases viewers now and lowers total creation, step by step. spread: of relevance over viewers."""
    sharpness = (0.0, 1.0, 2.0, 4.0)
    made = []
    for seed in seeds:
        relevance = spread * np.random.default_rng(seed).normal(size=(200, 12))
        made.append([_created(relevance, one) for one in sharpness])
    found = np.array(made)
    table: list[Comparison] = []
    for k, (one, other) in enumerate(pairwise(sharpness)):
        step = f"sharpness {one:g} → {other:g}"
        table.append(above(f"{step}: fall of creation", found[:, k, 0] - found[:, k + 1, 0]))
        table.append(above(f"{step}: rise of relevance", found[:, k + 1, 1] - found[:, k, 1]))
    return table


def _welfare(seed: int, devotion: float, floor: float, *, keeps_both: bool, rounds: int = 40) -> NDArray[np.float64]:
    """Two creators; the second leaves after a round with fewer viewers than her floor. Welfare of the first round and of the last.

    Each round ten viewers come; nine in ten like both, the first a little more, the tenth likes only the second, by `devotion`.
    keeps_both: give the second creator her floor, the least costly viewers first; else each viewer is shown what she likes best.
    """
    random = np.random.default_rng(seed)
    there, welfare = True, []
    for _ in range(rounds):
        is_fan = random.random(10) < 0.1
        first = np.where(is_fan, 0.0, 1.0)
        second = np.where(is_fan, devotion, random.uniform(0.7, 1.0, 10)) if there else np.full(10, -np.inf)
        takes_second = second > first
        if keeps_both and takes_second.sum() < floor:
            takes_second[np.argsort(first - second)[: math.ceil(floor)]] = True
        welfare.append(np.where(takes_second, second, first).sum())
        there = there and takes_second.sum() >= floor
    return np.array([welfare[0], welfare[-1]])


def check_viability(seeds: Sequence[int], *, floor: float = 1.0) -> list[Comparison]:
    """Best match now loses the creator of the few, and welfare with her; without bound in how much she is worth to them.

    floor: viewers a creator needs in a round; 0 lets everybody stay.
    """
    lives = 20
    gaps = {}
    for devotion in (2.0, 20.0, 200.0):
        lost = [
            _welfare(1000 * seed + k, devotion, floor, keeps_both=True) - _welfare(1000 * seed + k, devotion, floor, keeps_both=False)
            for seed in seeds
            for k in range(lives)
        ]
        gaps[devotion] = np.array(lost).reshape(len(seeds), lives, 2).mean(axis=1)
    table: list[Comparison] = [
        above(f"devotion {devotion:g}: later welfare lost by best match", gap[:, 1]) for devotion, gap in gaps.items()
    ]
    table.append(above("devotion 2: first round's welfare lost by care", -gaps[2.0][:, 0]))
    return [*table, row("loss per unit of devotion", (gaps[200.0] - gaps[20.0])[:, 1] / 180.0, 1.0)]


SECTION = Section(
    "supply",
    "4.7 Supply of creators against generative AI",
    (
        Target("contest", "toy", "a contest with an outside stream, by formula and learning", _CONTEST, check_contest),
        Target("exit", "toy", "humans leave exactly at g = μ/c", "derived", check_exit),
        Target("exploration", "toy", "sharper ranking pleases now and lowers creation", _EXPLORATION, check_exploration),
        Target("viability", "toy", "best match now loses creators and welfare", _VIABILITY, check_viability),
    ),
)
