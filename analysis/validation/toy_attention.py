"""Toys of attention: Simon's rich get richer, a trial-offer market with a social signal, and a song market as in MusicLab."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

import sim
from analysis.estimators.power_law import fit_tail, fit_yule, yule_against_lognormal
from analysis.validation.comparison import Comparison, above, exact, row
from analysis.validation.target import Target

Numbers = NDArray[np.float64]
VIEWS = 60_000
SIMON = ((0.1, "2.111", "0.5263"), (0.25, "2.333", "0.5714"), (0.5, "3.000", "0.6667"))
"""Share of new items, exponent, share of items with exactly one view."""

QUALITIES = np.array([0.9, 0.6, 0.4, 0.2])
SHARES = {
    0.0: ("0.4286", "0.2857", "0.1905", "0.0952"),
    0.25: ("0.4863", "0.2832", "0.1650", "0.0655"),
    0.5: ("0.5912", "0.2628", "0.1168", "0.0292"),
    0.75: ("0.8071", "0.1594", "0.0315", "0.0020"),
}
"""Strength r of the signal -> equilibrium shares of four items of these qualities."""


def _items(seed: int, innovation: float, copying: float) -> NDArray[np.int64]:
    """Views of each item after VIEWS views. A view is of a new item with the chance `innovation`, else of the item of an earlier view.

    copying: 1 takes any earlier view alike, which is rich get richer; 0 takes any earlier item alike.
    """
    random = np.random.default_rng(seed)
    is_new = random.random(VIEWS) < innovation
    is_new[0] = True
    item = np.where(is_new, is_new.cumsum() - 1, -1)
    earlier = (random.random(VIEWS) * np.arange(VIEWS)).astype(np.int64)
    alike = (random.random(VIEWS) * np.maximum(is_new.cumsum() - is_new, 1)).astype(np.int64)
    item = np.where(~is_new & (random.random(VIEWS) >= copying), alike, item)
    source = np.where(item < 0, earlier, np.arange(VIEWS))
    while (item[source] < 0).any():
        source = source[source]
    return np.bincount(item[source])


def check_simon(seeds: Sequence[int], *, copying: float = 1.0) -> list[Comparison]:
    """Exponent γ = 1 + 1/(1-ρ), the share 1/(2-ρ) seen once, the head start of the first item, and Yule's law rather than a log-normal.

    The exponent by maximum likelihood of Yule's law, which Simon's process tends to, and of a tail (Clauset, Shalizi & Newman), whose
    bias in a sample of this size is taken off with drawn samples of Yule's law.
    """
    table: list[Comparison] = []
    for innovation, exponent, once in SIMON:
        name, gamma = f"ρ = {innovation:g}", 1.0 + 1.0 / (1.0 - innovation)
        counts = [_items(seed, innovation, copying) for seed in seeds]
        tails = [fit_tail(one).exponent - fit_tail(_yule(seed, gamma, one.size)).exponent for seed, one in zip(seeds, counts, strict=True)]
        first = np.exp(gammaln(VIEWS + 1.0 - innovation) - gammaln(2.0 - innovation) - gammaln(VIEWS))
        table += [
            exact(f"{name}: γ, formula", gamma, exponent),
            exact(f"{name}: seen once, formula", 1.0 / (2.0 - innovation), once),
            row(f"{name}: γ, Yule", [fit_yule(one) for one in counts], gamma),
            row(f"{name}: γ, tail, beyond a sample of Yule's", tails, 0.0),
            row(f"{name}: seen once", [(one == 1).mean() for one in counts], 1.0 / (2.0 - innovation)),
            row(f"{name}: views of the first item over expected", [one[0] / first for one in counts], 1.0),
            above(f"{name}: z of Yule over log-normal", [yule_against_lognormal(one) for one in counts]),
        ]
    return table


def _yule(seed: int, exponent: float, n: int) -> NDArray[np.int64]:
    """A sample of Yule's law: geometric counts whose chance is e^-E, E exponential with rate γ - 1."""
    random = np.random.default_rng([seed, 1])
    return random.geometric(np.exp(-random.exponential(1.0 / (exponent - 1.0), n)))


def _markets(seeds: Sequence[int], strengths: Numbers, start: Numbers, trials: int) -> Numbers:
    """Shares of the items after so many trials, shape (seeds, markets, items), in a market of each strength r for each seed.

    An item is tried with a chance ∝ (its share of sales)^r and bought with the chance of its quality. start: sales at the beginning,
    shape (markets, items).
    """
    random = np.random.default_rng(list(seeds))
    sales = np.tile(start, (len(seeds), 1, 1))
    places = np.indices(sales.shape[:2])
    for _ in range(trials):
        bar = (sales ** strengths[None, :, None]).cumsum(axis=2)
        tried = (random.random(sales.shape[:2])[..., None] * bar[..., -1:] > bar[..., :-1]).sum(axis=2)
        sales[places[0], places[1], tried] += random.random(tried.shape) < QUALITIES[tried]
    return np.asarray(sales / sales.sum(axis=2, keepdims=True))


def equilibrium(strength: float) -> Numbers:
    """Shares ∝ quality^(1/(1-r)), r < 1."""
    weight = QUALITIES ** (1.0 / (1.0 - strength))
    return np.asarray(weight / weight.sum())


def check_trial_offer(seeds: Sequence[int], *, strength_factor: float = 1.0) -> list[Comparison]:
    """For r < 1 the shares ∝ quality^(1/(1-r)) hold and are reached; for r > 1 one item takes all, and luck chooses which.

    Held: begun there, with a hundred sales. Reached: begun in the opposite order, most of the way is covered. strength_factor: on r of
    the markets.
    """
    table: list[Comparison] = []
    for r, texts in SHARES.items():
        table += [exact(f"r = {r:g}: share {i + 1}, formula", equilibrium(r)[i], text) for i, text in enumerate(texts)]
    weak, ten = np.array([0.0, 0.25, 0.5]), 10
    held = np.array([100.0 * equilibrium(r) for r in weak])
    start = np.concatenate((held, 0.2 * held[:, ::-1], np.ones((ten, 4))))
    ended = _markets(seeds, strength_factor * np.concatenate((weak, weak, np.full(ten, 2.0))), start, 20_000)
    for k, r in enumerate(weak):
        for i in range(3):
            table.append(row(f"r = {r:g}: share {i + 1} held", ended[:, k, i], equilibrium(r)[i]))
        way = np.abs(ended[:, 3 + k] - equilibrium(r)).sum(axis=1) / np.abs(equilibrium(r)[::-1] - equilibrium(r)).sum()
        table.append(above(f"r = {r:g}: way from the opposite start covered", 1.0 - way, 0.8))
    monopolies = ended[:, -ten:]
    table.append(above("r = 2: share of the largest", monopolies.max(axis=2).mean(axis=1), 0.9))
    return [*table, above("r = 2: the best is not the largest", (monopolies.argmax(axis=2) != 0).mean(axis=1))]


SONGS, WORLDS, LISTENERS = 48, 8, 700
"""Of MusicLab: 8 worlds with influence, about 700 people in each; the songs are 48."""
WEAK, STRONG = 900.0, 100.0
"""α of the two experiments (Krumme et al. 2012): a listener takes a song ∝ α·appeal + downloads so far."""


def _downloads(seeds: Sequence[int], alpha: float, influence: float) -> Numbers:
    """Downloads, shape (seeds, worlds, songs); appeal is shared by the worlds of a seed. influence: weight of others' downloads."""
    appeal = np.array([np.random.default_rng(seed).lognormal(0.0, 0.5, SONGS) for seed in seeds])
    appeal = np.sort(appeal / appeal.sum(axis=1, keepdims=True), axis=1)[:, None, ::-1]
    random = np.random.default_rng([*seeds, round(alpha)])
    taken = np.zeros((len(seeds), WORLDS, SONGS))
    places = np.indices(taken.shape[:2])
    for _ in range(LISTENERS):
        bar = (alpha * appeal + influence * taken).cumsum(axis=2)
        song = (random.random(taken.shape[:2])[..., None] * bar[..., -1:] > bar[..., :-1]).sum(axis=2)
        taken[places[0], places[1], song] += 1.0
    return taken


def check_song_market(seeds: Sequence[int], *, influence: float = 1.0) -> list[Comparison]:
    """Inequality and unpredictability rise from independent choice to a weak and to a strong signal; the best rarely do badly, the worst
    rarely well. Inequality: Gini of downloads; unpredictability: mean difference of market shares between worlds.
    """
    settings = (("independent", WEAK, 0.0), ("weak", WEAK, influence), ("strong", STRONG, influence))
    taken = {name: _downloads(seeds, alpha, weight) for name, alpha, weight in settings}
    gini = {name: _gini(made) for name, made in taken.items()}
    apart = {name: _unpredictability(made / LISTENERS) for name, made in taken.items()}
    table: list[Comparison] = []
    for weaker, stronger in (("independent", "weak"), ("weak", "strong")):
        table.append(above(f"Gini: {stronger} over {weaker}", gini[stronger] - gini[weaker]))
        table.append(above(f"unpredictability: {stronger} over {weaker}", apart[stronger] - apart[weaker]))
    rank = (-taken["strong"]).argsort(axis=2).argsort(axis=2)
    table.append(above("best song in the upper half of strong worlds", (rank[..., 0] < SONGS // 2).mean(axis=1), 0.5))
    return [*table, above("worst song in the lower half of strong worlds", (rank[..., -1] >= SONGS // 2).mean(axis=1), 0.5)]


def _gini(taken: Numbers) -> Numbers:
    """Gini of the songs' downloads, mean over worlds, shape (seeds,)."""
    return np.asarray(np.array([[sim.gini(world.astype(np.int64)) for world in worlds] for worlds in taken]).mean(axis=1))


def _unpredictability(shares: Numbers) -> Numbers:
    """Mean over songs and pairs of worlds of the difference of shares, shape (seeds,)."""
    one, other = np.triu_indices(shares.shape[1], 1)
    return np.asarray(np.abs(shares[:, one] - shares[:, other]).mean(axis=(1, 2)))


TARGETS = (
    Target("simon", "toy", "rich get richer: exponent, singletons, first mover", "Simon 1955; Dodds et al. 2017", check_simon),
    Target("trial_offer", "toy", "trial-offer market with a social signal", "arXiv 1512.07251", check_trial_offer),
    Target(
        "song_market",
        "toy",
        "influence: larger hits, less predictable",
        "Salganik et al. 2006; Krumme et al. 2012",
        check_song_market,
    ),
)
