"""Cohorts and unit economics of a run: who stays, what a user is worth and costs, and who keeps the money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from analysis.unit_economics.answer import Economics
from analysis.unit_economics.keeping import LORENZ_POINTS
from analysis.unit_economics.lifetimes import MODELS, Law
from analysis.unit_economics.relived import relive
from analysis.unit_economics.retention_triangle import WEEK, grid, survival_curve
from analysis.unit_economics.seed_economics import FIGURES, SeedEconomics, laws_of, seed_economics
from analysis.unit_economics.user_cost import RATES
from analysis.unit_economics.value import ALL, SEGMENT_UNITS, Terms

Told = Callable[[int, int], None]
"""Told how many seeds are done, of how many."""

LONGEST_HORIZON_DAYS, LARGEST_DISCOUNT = 36_500, 10.0
OLDEST_AGE_DAYS = 400
"""Beyond it a run counts no activity by cohort."""
HARDLY_LEAVING = 0.5
"""Share of the first week's activity at the end of the curve, above which a lifetime is an extrapolation without an end in sight."""
TOGETHER = -1
"""In the table of fits: the laws of all seeds together."""
_TABLES = ("daily", "cohorts", "ledger")


def economics(
    run: sim.Run | str | Path, *, discount_per_year: float = 0.1, horizon_days: int = 1095, told: Told | None = None
) -> Economics:
    """Read the unit economics off a run, in memory or by its folder.

    discount_per_year: share; horizon_days: how far beyond the run's end one looks ahead. told: called after each seed. Single people are
    followed by living each seed again, which is left out, with a note, for a run of another version of the model. Raises InputError for a
    folder that holds no run, for terms that make no sense, and when nobody adopted.
    """
    terms = _checked(discount_per_year, horizon_days)
    opened = run if isinstance(run, sim.Run) else sim.open_run(run)
    scenario, notes = _to_live_again(opened)
    by_seed = {name: dict(tuple(getattr(opened, name).groupby("seed"))) for name in _TABLES}
    values = opened.scenario["values"]
    found: dict[int, SeedEconomics] = {}
    for number, (seed, summary) in enumerate(zip(opened.seeds, opened.summaries, strict=True), start=1):
        tables = {name: frames.get(seed) for name, frames in by_seed.items()}
        if tables["cohorts"] is not None:
            whole = {name: table.drop(columns="seed").reset_index(drop=True) for name, table in tables.items() if table is not None}
            relived = None if scenario is None else relive(scenario, seed, len(whole["daily"]))
            found[seed] = seed_economics(whole, summary, values, relived, terms)
        if told:
            told(number, len(opened.seeds))
    if not found:
        place = str(opened.folder or opened.name)
        raise sim.InputError(
            [sim.Problem(place, "nobody adopted in any seed: there are no cohorts to value", "raise what brings people in")]
        )
    return _assembled(opened, found, terms, notes)


def _checked(discount_per_year: float, horizon_days: int) -> Terms:
    problems = []
    if not 0.0 <= discount_per_year <= LARGEST_DISCOUNT:
        message = f"{discount_per_year:g} is no share a year from 0 to {LARGEST_DISCOUNT:g}"
        problems.append(sim.Problem("discount", message, "10 % a year is 0.1"))
    if not WEEK <= horizon_days <= LONGEST_HORIZON_DAYS:
        problems.append(
            sim.Problem("horizon", f"{horizon_days} days are not from {WEEK} to {LONGEST_HORIZON_DAYS:,}", "three years are 1095")
        )
    if problems:
        raise sim.InputError(problems)
    return Terms(discount_per_year, horizon_days)


def _to_live_again(run: sim.Run) -> tuple[sim.Scenario | None, list[str]]:
    """The scenario of the run, None with a note where today's model cannot live it again."""
    left_out = "visits of single people (BG/NBD) and Lorenz curves are left out"
    if run.manifest.get("model_digest") != sim.model_digest():
        return None, [f"the run was made by another version of the model and cannot be lived again: {left_out}; run it afresh to have them"]
    scenario = sim.Scenario.from_document(run.scenario)
    if scenario.digest() != run.manifest.get("scenario_digest"):
        return None, [f"the scenario in the manifest is not the one that was run, it was changed by hand: {left_out}"]
    return scenario, []


def _assembled(run: sim.Run, found: Mapping[int, SeedEconomics], terms: Terms, notes: Sequence[str]) -> Economics:
    triangle = _pooled_triangle(found)
    weight = float(run.summaries[0]["people"]) / float(run.summaries[0]["agents"])
    rows = [(seed, figure.key, one.figures[figure.key]) for seed, one in found.items() for figure in FIGURES]
    seed_figures = _with_units(pd.DataFrame(rows, columns=["seed", "figure", "value"]), {"seed": "1", "figure": "name", "value": "its own"})
    together, _ = laws_of(triangle, weight, MODELS)
    fits = [
        (seed, group, model, law.alpha, law.beta, law.exponent)
        for seed, by_group in [(TOGETHER, together), *((seed, one.laws) for seed, one in found.items())]
        for group, laws in by_group.items()
        for model, law in laws.items()
    ]
    curves = _curves(triangle, together)
    kept = _stacked({seed: one.kept.assign(share=_shares(one.kept["micro_usd"])) for seed, one in found.items()})
    return Economics(
        name=run.name,
        seeds=tuple(found),
        terms=terms,
        notes=(*notes, *_notes(run, found), *_hardly_leaving(curves, terms)),
        figures=_figures(seed_figures),
        seed_figures=seed_figures,
        triangle=triangle,
        curves=curves,
        fits=_with_units(
            pd.DataFrame(fits, columns=["seed", "group", "model", "alpha", "beta", "exponent"]),
            {"seed": "1", "group": "name", "model": "name", "alpha": "1", "beta": "1", "exponent": "1"},
        ),
        segments=_with_units(_stacked({seed: one.segments for seed, one in found.items()}), {"seed": "1"} | SEGMENT_UNITS),
        books=_with_units(
            _stacked({seed: one.books for seed, one in found.items()}), {"seed": "1", "line": "name", "micro_usd": "micro-USD"}
        ),
        costs=_with_units(
            _stacked({seed: one.costs for seed, one in found.items()}),
            {"seed": "1", "month": "28 days", "active_days": "people x days"} | dict.fromkeys(RATES, "USD/day"),
        ),
        kept=_with_units(kept, {"seed": "1", "holder": "name", "micro_usd": "micro-USD", "share": "share"}),
        lorenz=_lorenz(found),
    )


def _with_units(table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    table.attrs["units"] = dict(units)
    return table


def _stacked(tables: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    """Tables of seeds below each other, `seed` first."""
    return pd.concat([table.assign(seed=seed)[["seed", *table.columns]] for seed, table in tables.items()], ignore_index=True)


def _shares(micro: pd.Series[int]) -> pd.Series[float]:
    total = int(micro.sum())
    return micro / total if total > 0 else micro * np.nan


def _pooled_triangle(found: Mapping[int, SeedEconomics]) -> pd.DataFrame:
    keys = ["cohort", "side", "channel", "age_week"]
    table = pd.concat([one.triangle for one in found.values()]).groupby(keys)[["adopters", "active_days"]].sum().reset_index()
    table["share"] = table["active_days"] / (WEEK * table["adopters"])
    units = {"cohort": "week of adoption", "side": "name", "channel": "name", "age_week": "week"}
    return _with_units(table, units | {"adopters": "people", "active_days": "people x days", "share": "share"})


def _curves(triangle: pd.DataFrame, laws: Mapping[str, Mapping[str, Law]]) -> pd.DataFrame:
    """The survival curve of each group, and each fitted model at the same ages."""
    parts = []
    for group, of in laws.items():
        rows = triangle if group == ALL else triangle[(triangle["side"] == group) | (triangle["channel"] == group)]
        observed = survival_curve(grid(rows))
        ages = np.arange(observed.size)
        fitted = {model: law.left(ages.astype(np.float64)) for model, law in of.items()}
        parts.append(pd.DataFrame({"group": group, "age_week": ages, "observed": observed, **fitted}))
    empty = pd.DataFrame({"group": [], "age_week": [], "observed": [], **{model: [] for model in MODELS}})
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return _with_units(table, {"group": "name", "age_week": "week", "observed": "share"} | dict.fromkeys(MODELS, "share"))


def _figures(seed_figures: pd.DataFrame) -> pd.DataFrame:
    wide = seed_figures.pivot(index="seed", columns="figure", values="value")
    rows = []
    for figure in FIGURES:
        values = wide[figure.key].dropna().to_numpy()
        low, median, high = np.percentile(values, (5, 50, 95)).tolist() if values.size else (np.nan,) * 3
        rows.append((figure.key, figure.unit, figure.meaning, values.size, low, median, high))
    table = pd.DataFrame(rows, columns=["figure", "unit", "meaning", "n", "low", "median", "high"])
    units = {"figure": "name", "unit": "name", "meaning": "text", "n": "seeds"} | dict.fromkeys(("low", "median", "high"), "its own")
    return _with_units(table, units)


def _lorenz(found: Mapping[int, SeedEconomics]) -> pd.DataFrame:
    poorest, parts = np.linspace(0.0, 1.0, LORENZ_POINTS), []
    for of in ("income", "views"):
        curves = [one.lorenz[of] for one in found.values() if of in one.lorenz and not np.isnan(one.lorenz[of]).any()]
        if curves:
            low, median, high = np.percentile(np.array(curves), (5, 50, 95), axis=0)
            parts.append(pd.DataFrame({"of": of, "poorest": poorest, "low": low, "median": median, "high": high}))
    empty = pd.DataFrame({"of": [], "poorest": [], "low": [], "median": [], "high": []})
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return _with_units(table, {"of": "name"} | dict.fromkeys(("poorest", "low", "median", "high"), "share"))


def _hardly_leaving(curves: pd.DataFrame, terms: Terms) -> list[str]:
    """A word of caution where what is to be expected is bounded by how far one looks, not by people leaving."""
    observed = curves.loc[curves["group"] == ALL, "observed"]
    if observed.empty or observed.iloc[-1] <= HARDLY_LEAVING:
        return []
    left = f"{100.0 * observed.iloc[-1]:.0f} % of the first week's activity is left in week {len(observed)}"
    return [f"{left}: what is to be expected grows with the horizon ({terms.horizon_days} days), hardly bounded by people leaving"]


def _notes(run: sim.Run, found: Mapping[int, SeedEconomics]) -> list[str]:
    notes = [
        "by side and channel the books say nothing: a cohort's money of making is shared out over its makers, money of viewing over all, "
        "by active days (an allocation key, whole micro-dollars)",
        "retention is activity read as survival: those who are still there come with an unchanging chance, those who come back never left",
        "one more user is one more of the average kind: what she does to others (an audience, word of mouth) is not in it",
    ]
    wanted, read = len(run.manifest["seeds"]), len(found)
    if read < wanted:
        notes.append(f"{read} of {wanted} seeds are read: the run was interrupted, or nobody adopted in the others")
    closed = sum(summary["outcome"] == "shutdown" for summary in run.summaries)
    if closed:
        what = "what is to be expected is what people would have been worth had it gone on at its last margins"
        notes.append(f"the product was closed in {closed} of {len(run.summaries)} seeds: {what}")
    if dated := sorted({name for summary in run.summaries for name, day in summary["interventions"].items() if day is not None}):
        notes.append(f"a law of age knows no dates: what changed during the run ({', '.join(dated)}) is read as people staying or leaving")
    why = {group: reason for one in found.values() for group, reason in one.unfitted.items()}
    notes += [f"no fit for {group}: {reason}" for group, reason in why.items()]
    if not any((one.segments["revenue_micro_usd"] > 0).any() for one in found.values()):
        notes.append("there is no revenue: every contribution is cost")
    if not any((one.segments["marketing_micro_usd"] > 0).any() for one in found.values()):
        notes.append("nothing was spent on marketing: CAC and payback are not defined")
    platforms = sorted({key.split(".")[1] for key in run.scenario["values"] if key.startswith("external_platforms.")})
    if len(platforms) > 1:
        notes.append(f"the books hold outside platforms together ({', '.join(platforms)})")
    if int(run.daily["day"].max()) > OLDEST_AGE_DAYS:
        notes.append(f"activity is counted by cohort up to an age of {OLDEST_AGE_DAYS} days: keys and curves end there")
    return notes
