"""What `economics` gives back, and the way to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.unit_economics.value import Terms
from analysis.wording import amount, band

SCHEMA = 1
HOLDS = "flywheel economics"
TABLES = ("figures", "seed_figures", "triangle", "curves", "fits", "segments", "books", "costs", "kept", "lorenz")


@dataclass(frozen=True)
class Economics:
    """Cohorts and unit economics of a run. Units of every table in attrs["units"]; money that is summed is in whole micro-dollars.

    name: the scenario. seeds: that were read. terms: how the future is valued. notes: what the reader should know.
    figures: a row a figure: figure, unit, meaning, n (seeds in which it is defined), low, median, high (5, 50, 95 % of seeds).
    seed_figures: seed, figure, value. triangle: of all seeds together: cohort, side, channel, age_week, adopters, active_days, share.
    curves: of all seeds together: group, age_week, observed and each model. fits: seed, group, model, alpha, beta, exponent.
    segments: a row a seed, and all, a cohort, a side or a channel. books: seed, line, micro_usd. costs: USD per active day by 28 days.
    kept: seed, holder, micro_usd, share. lorenz: of (income, views), poorest (share of creators), low, median, high (share of the sum).
    """

    name: str
    seeds: tuple[int, ...]
    terms: Terms
    notes: tuple[str, ...]
    figures: pd.DataFrame
    seed_figures: pd.DataFrame
    triangle: pd.DataFrame
    curves: pd.DataFrame
    fits: pd.DataFrame
    segments: pd.DataFrame
    books: pd.DataFrame
    costs: pd.DataFrame
    kept: pd.DataFrame
    lorenz: pd.DataFrame

    def figure(self, key: str) -> Mapping[str, Any]:
        """One row of the figures, by its key. Raises KeyError."""
        return {str(name): value for name, value in self.figures.set_index("figure").loc[key].items()}

    def told(self, key: str) -> str:
        """A figure with its band, in words: -$6.5 (-$7 to -$6)."""
        row = self.figure(key)
        middle = amount(row["median"], row["unit"].split("/")[0])
        if len(self.seeds) == 1 or np.isnan(row["median"]):
            return middle
        return f"{middle} ({band(row['low'], row['high'], row['unit'].split('/')[0])})"

    @property
    def finding(self) -> str:
        """What a user brought and costs, whether one more helps, and who keeps the money."""
        value = f"{self.name}: each adopter has brought {self.told('revenue_per_adopter_usd')} and left {self.told('cm2_per_adopter_usd')}"
        value += " after variable cost and creator pay"
        if not np.isnan(self.figure("ltv_sbg_usd")["median"]):
            value += f", {self.told('ltv_sbg_usd')} with what is to be expected"
        bought = self.figure("cac_blended_usd")["median"]
        value += "" if np.isnan(bought) else f"; acquired for {self.told('cac_blended_usd')}"
        return f"{value}. {self._one_more()}"

    def _one_more(self) -> str:
        gain, brings, costs = (self.figure(key) for key in ("one_more_gain_usd", "revenue_per_active_day_usd", "one_more_for_good_usd"))
        if np.isnan(gain["median"]):
            return "Nobody was active."
        verdict = "helps" if gain["low"] > 0.0 else "hurts" if gain["high"] < 0.0 else "may help or hurt"
        return (
            f"One more day of use brings {amount(brings['median'], 'USD')} and costs {amount(costs['median'], 'USD')}: "
            f"one more user {verdict}."
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: getattr(self, name) for name in TABLES}

    def document(self) -> dict[str, Any]:
        """It as plain JSON, tables by columns; None where a number is not defined."""
        return {
            "holds": HOLDS,
            "schema": SCHEMA,
            "scenario": self.name,
            "seeds": list(self.seeds),
            "discount_per_year": self.terms.discount_per_year,
            "horizon_days": self.terms.horizon_days,
            "finding": self.finding,
            "notes": list(self.notes),
            "tables": {
                name: {
                    "units": dict(table.attrs["units"]),
                    "columns": {str(column): _plain(table[column]) for column in table.columns},
                }
                for name, table in self.tables().items()
            },
        }


def economics_of(document: Mapping[str, Any]) -> Economics:
    """The answer that `Economics.document` wrote."""
    tables = {name: _table(held["columns"], held["units"]) for name, held in document["tables"].items()}
    terms = Terms(document["discount_per_year"], document["horizon_days"])
    return Economics(document["scenario"], tuple(document["seeds"]), terms, tuple(document["notes"]), **tables)


def _plain(column: pd.Series[Any]) -> list[Any]:
    return [None if isinstance(value, float) and not np.isfinite(value) else value for value in column.tolist()]


def _table(columns: Mapping[str, list[Any]], units: Mapping[str, str]) -> pd.DataFrame:
    texts = ("name", "text")
    data = {
        name: values if units[name] in texts or all(isinstance(value, int) for value in values) else np.array(values, dtype=np.float64)
        for name, values in columns.items()
    }
    table = pd.DataFrame(data)
    table.attrs["units"] = dict(units)
    return table
