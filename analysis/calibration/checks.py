"""What an ensemble says: predicted against public, prior against posterior, trade-offs, and what if one source is right."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import rankdata

from analysis.calibration.ensemble import Ensemble, weighted_quantiles
from analysis.calibration.prior_file import Priors
from analysis.calibration.sampler import effective_size
from analysis.calibration.targets import FIT, Floats, Target, scale_of

BAND = (0.05, 0.5, 0.95)
_ERRORS_DRAWN = 20
"""Evenly spread quantiles of a source's error that stand for it."""
IDENTIFIED, PARTLY = 0.5, 0.8
"""A posterior 90 % interval under half as wide as the prior's says that the figures identify a parameter; over .8, that they do not."""
_PRIOR_POINTS = 2000
_OPEN = 1e-9


def predicted(ensemble: Ensemble, targets: Sequence[Target]) -> pd.DataFrame:
    """A row a target: the model's 90 % band, that of the figure with its source's own error, and whether the public one is inside.

    Columns: target, label, unit, world, use, strong, value, low, high (public), model_low, model, model_high, band_low, band_high, inside,
    source, note. A bound is met where a twentieth of the sets or more keep it.
    """
    rows = []
    errors = ndtri((np.arange(_ERRORS_DRAWN) + 0.5) / _ERRORS_DRAWN)
    for target in targets:
        simulated = ensemble.observed[target.name].to_numpy(np.float64)
        low, middle, high = weighted_quantiles(simulated, ensemble.weights, BAND)
        copies = target.error.replicated(np.repeat(simulated, _ERRORS_DRAWN), target.value, np.tile(errors, len(simulated)))
        band_low, _, band_high = weighted_quantiles(copies, np.repeat(ensemble.weights / _ERRORS_DRAWN, _ERRORS_DRAWN), BAND)
        public_low, public_high = target.error.interval(target.value)
        if target.error.kind in ("below", "above", "between"):
            inside = (public_high is None or low <= public_high) and (public_low is None or high >= public_low)
        else:
            inside = band_low <= target.value <= band_high
        rows.append(
            {
                "target": target.name,
                "label": target.label,
                "unit": target.unit,
                "world": target.world or "base",
                "use": target.use,
                "strong": target.is_strong,
                "value": target.value,
                "low": np.nan if public_low is None else public_low,
                "high": np.nan if public_high is None else public_high,
                "model_low": low,
                "model": middle,
                "model_high": high,
                "band_low": band_low,
                "band_high": band_high,
                "inside": bool(inside),
                "source": target.source,
                "note": target.note,
            }
        )
    return pd.DataFrame(rows)


def widths(ensemble: Ensemble, priors: Priors) -> pd.DataFrame:
    """A row a parameter: prior and posterior 90 % intervals, and how wide the posterior's is in shares of the prior's (by prior quantiles).

    Columns: parameter, prior_low, prior, prior_high, low, median, high, width, identified ("yes", "partly", "no"), source. A choice has in
    `width` the distance of its shares from even ones (0 none, 1 one value has all) turned round, and its shares in `shares`.
    """
    rows = []
    uniform = (np.arange(_PRIOR_POINTS) + 0.5) / _PRIOR_POINTS
    for variable in priors.variables:
        assert variable.quantile is not None
        before = [variable.quantile(float(u)) for u in uniform]
        after = ensemble.sets[variable.path]
        levels = sorted(set(map(str, before)))
        if len(levels) <= 3:
            shares = {level: float(ensemble.weights[after.astype(str).to_numpy() == level].sum()) for level in levels}
            width = 1.0 - (max(shares.values()) - 1.0 / len(levels)) / (1.0 - 1.0 / len(levels))
            row: dict[str, Any] = {"shares": ", ".join(f"{level} {share:.0%}" for level, share in shares.items()), "width": width}
        else:
            prior = np.sort(np.asarray(before, dtype=np.float64))
            numbers = after.to_numpy(np.float64)
            low, median, high = weighted_quantiles(numbers, ensemble.weights, BAND)
            at_low, at_high = (np.searchsorted(prior, end) / len(prior) for end in (low, high))
            ends = dict(zip(("prior_low", "prior", "prior_high"), np.quantile(prior, BAND), strict=True))
            width = float(at_high - at_low) / (BAND[2] - BAND[0])
            row = {**ends, "low": low, "median": median, "high": high, "width": width, "shares": ""}
        said = "yes" if row["width"] < IDENTIFIED else "partly" if row["width"] < PARTLY else "no"
        rows.append({"parameter": variable.path, **row, "identified": said, "source": priors.sources[variable.path]})
    return pd.DataFrame(rows).sort_values("width", ignore_index=True)


def trade_offs(ensemble: Ensemble, priors: Priors, most: int = 10) -> pd.DataFrame:
    """The strongest rank correlations between parameters under the posterior: one, other, correlation."""
    numeric = {}
    for path in priors.paths:
        column = pd.to_numeric(ensemble.sets[path], errors="coerce")
        if column.notna().all() and column.nunique() > 3:
            numeric[path] = rankdata(column.to_numpy(np.float64))
    rows = [
        {"one": one, "other": other, "correlation": weighted_correlation(numeric[one], numeric[other], ensemble.weights)}
        for one, other in itertools.combinations(numeric, 2)
    ]
    table = pd.DataFrame(rows, columns=["one", "other", "correlation"])
    return table.reindex(table["correlation"].abs().sort_values(ascending=False).index[:most]).reset_index(drop=True)


def weighted_correlation(one: Floats, other: Floats, weights: Floats) -> float:
    """Pearson's correlation of weighted pairs."""
    a, b = one - weights @ one, other - weights @ other
    spread = float(np.sqrt((weights @ a**2) * (weights @ b**2)))
    return float(weights @ (a * b)) / spread if spread > _OPEN else 0.0


def believing(ensemble: Ensemble, targets: Sequence[Target], said: Sequence[Target]) -> Floats:
    """The weights of the sets if a source is right: what it says takes the place of what was fitted for the same figures."""
    old = [target for target in targets if target.use == FIT and target.name in {one.name for one in said}]
    gained = _missed(old, ensemble) - _missed(said, ensemble)
    weights = ensemble.weights * np.exp(0.5 * (gained - gained.max()))
    return np.asarray(weights / weights.sum())


def _missed(targets: Sequence[Target], ensemble: Ensemble) -> Floats:
    """The misfit of each set over these targets."""
    if not targets:
        return np.zeros(len(ensemble))
    scale = scale_of(targets)
    return scale.misfits(scale.coordinates(ensemble.observed))


def if_believed(
    ensemble: Ensemble,
    targets: Sequence[Target],
    conflicts: Mapping[str, Mapping[str, Sequence[Target]]],
    priors: Priors,
    shown: Sequence[str],
) -> pd.DataFrame:
    """A row a source of a conflict: conflict, source, effective (sets that are left), the medians of some figures, what moves most.

    moves: the parameters whose medians move most, in prior quantiles. The first row is the ensemble as it is.
    """
    rows = [
        {
            "conflict": "",
            "source": "as fitted",
            "effective": effective_size(ensemble.weights),
            **_medians(ensemble, ensemble.weights, shown),
        }
    ]
    for about, sources in conflicts.items():
        for source, said in sources.items():
            weights = believing(ensemble, targets, said)
            row = {"conflict": about, "source": source, "effective": effective_size(weights), **_medians(ensemble, weights, shown)}
            rows.append(row | {"moves": _moves(ensemble, weights, priors)})
    return pd.DataFrame(rows)


def _medians(ensemble: Ensemble, weights: Floats, shown: Sequence[str]) -> dict[str, float]:
    return {name: float(weighted_quantiles(ensemble.observed[name].to_numpy(), weights, (0.5,))[0]) for name in shown}


def _moves(ensemble: Ensemble, weights: Floats, priors: Priors, most: int = 3) -> str:
    uniform = (np.arange(_PRIOR_POINTS) + 0.5) / _PRIOR_POINTS
    moved = {}
    for variable in priors.variables:
        assert variable.quantile is not None
        before = [variable.quantile(float(u)) for u in uniform]
        if not isinstance(before[0], int | float) or len(set(before)) <= 3:
            continue
        numbers = ensemble.sets[variable.path].to_numpy(np.float64)
        medians = [float(weighted_quantiles(numbers, w, (0.5,))[0]) for w in (ensemble.weights, weights)]
        one, other = np.searchsorted(np.sort(np.asarray(before, dtype=np.float64)), medians) / _PRIOR_POINTS
        moved[variable.path] = float(other - one)
    largest = sorted(moved, key=lambda path: -abs(moved[path]))[:most]
    return ", ".join(f"{path} {moved[path]:+.2f}" for path in largest)
