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
FORESEEN = {
    "naive": "one churn for all",
    "sbg": "sBG",
    "bdw": "BdW",
    "constant_rate": "single people by their rate so far",
    "bgnbd": "single people by BG/NBD",
}
"""What foretold the second half of a run, and how it is called."""
TABLES = ("figures", "seed_figures", "triangle", "curves", "fits", "segments", "books", "costs", "kept", "lorenz")


@dataclass(frozen=True)
class Economics:
    """Cohorts and unit economics of a run. Units of every table in attrs["units"]; money that is summed is in whole micro-dollars.

    name: the scenario. seeds: that were read. terms: how the future is valued. notes: what the reader should know.
    figures: a row a figure: figure, unit, meaning, n (seeds in which it is defined), low, median, high (5, 50, 95 % of seeds).
    seed_figures: seed, figure, value. triangle: of all seeds together: cohort, side, channel, age_week, adopters, active_days, share.
    curves: of all seeds together: group, age_week, observed and each model. fits: seed (-1: all together), group, model, alpha, beta,
    exponent.
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
        """What an adopter brought and left, and whether one more helps."""
        value = f"{self.name}: each adopter has brought {self.told('revenue_per_adopter_usd')} and left {self.told('cm2_per_adopter_usd')}"
        value += " after variable cost and creator pay"
        if self._is_known("ltv_sbg_usd"):
            value += f", {self.told('ltv_sbg_usd')} with what is to be expected"
        if not self._is_known("one_more_gain_usd"):
            return f"{value}. Nobody was active."
        brings, costs = (self.told(key) for key in ("revenue_per_active_day_usd", "one_more_for_good_usd"))
        return f"{value}. One more day of use brings {brings} and costs {costs}: one more user {self.verdict}."

    @property
    def verdict(self) -> str:
        """What one more user does: helps or hurts in 95 % of the seeds, or may do either."""
        gain = self.figure("one_more_gain_usd")
        return "helps" if gain["low"] > 0.0 else "hurts" if gain["high"] < 0.0 else "may help or hurt"

    @property
    def findings(self) -> tuple[str, ...]:
        """More of it in words, a sentence or two each: the future, acquisition, cost, break-even, creators, who keeps the money."""
        candidates = (self._future(), self._acquisition(), self._cost(), self._break_even(), self._creators(), self._keepers())
        return tuple(sentence for sentence in candidates if sentence)

    def _is_known(self, key: str) -> bool:
        return not np.isnan(self.figure(key)["median"])

    def _future(self) -> str:
        if not self._is_known("error_sbg"):
            return ""
        errors = {name: self.figure(f"error_{key}")["median"] for key, name in FORESEEN.items() if self._is_known(f"error_{key}")}
        told = ", ".join(f"{name} {100.0 * error:+.0f} %" for name, error in errors.items())
        best = min(errors, key=lambda name: abs(errors[name]))
        return f"Fitted to the first half of the run, the active days of the second were missed by: {told}. The nearest is {best}."

    def _acquisition(self) -> str:
        if not self._is_known("cac_blended_usd"):
            return "Nothing was spent on marketing, so acquisition cost nothing and there is nothing to pay back."
        said = f"An adopter was acquired for {self.told('cac_blended_usd')}"
        if self._is_known("cac_advertising_usd"):
            said += f", {self.told('cac_advertising_usd')} for each whom advertising brought"
        share = self.told("cohorts_paid_back")
        after = f"; the median cohort after {self.told('payback_day')} days" if self._is_known("payback_day") else ""
        return f"{said}; {share} of the weekly cohorts have paid that back{after}."

    def _cost(self) -> str:
        if not self._is_known("one_more_gain_usd"):
            return ""
        today, variable, all_in = (
            self.told(key) for key in ("one_more_today_usd", "variable_per_active_day_usd", "all_in_per_active_day_usd")
        )
        return f"A day of use costs {variable} on average, {all_in} all in; one more costs {today} while capacity stays as it is."

    def _break_even(self) -> str:
        if not self._is_known("views_per_attempt"):
            return "Nothing was generated."
        views = f"{self.told('views_per_attempt')} views here followed a generation"
        if not self._is_known("needed_views_per_attempt"):
            return f"{views}; no number would pay for it by advertising, because a view earns no more than its delivery."
        return f"{views}; for advertising to pay its compute it takes {self.told('needed_views_per_attempt')}."

    def _creators(self) -> str:
        known = [of for of in ("income", "views") if self._is_known(f"{of}_gini")]
        told = " and ".join(f"{self.told(f'{of}_top1_share')} of {of} (Gini {self.figure(f'{of}_gini')['median']:.2f})" for of in known)
        return f"The top 1 % of creators have {told}." if told else ""

    def _keepers(self) -> str:
        if not self._is_known("kept_outside"):
            return "No customer paid anything, here or outside."
        outside = 1.0 - self.figure("paid_here")["median"]
        here = self.figure("kept_by_operator")["median"]
        kept = f"keeps ${here:.2f}" if here >= 0.0 else f"is short of ${-here:.2f}, which others pay"
        return (
            f"Of each dollar that its clips and tools earn, ${outside:.2f} is earned outside, where platforms keep "
            f"${self.figure('kept_outside')['median']:.2f}; the operator {kept}."
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
            "findings": list(self.findings),
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
