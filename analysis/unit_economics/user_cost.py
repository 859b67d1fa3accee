"""What a user costs on average, what one more would cost, and how many views must follow a generation.

Per active day (somebody made or watched), all from the run's own numbers:

    average, variable    compute used and overflow, delivery, moderation, store fee, creator pay
    average, all in      the same with idle compute, fixed cost and marketing
    one more today       capacity stays as it is: her attempts cost u less what idle capacity costs anyway where some lies idle, and u with
                         the surcharge where it overflows; all else as the average
    one more for good    capacity follows her with the lag it has, so that idle and overflow grow with her: the average without fixed cost
                         and marketing

From both of the last two goes what her attempts save later (Wright's law, M7): attempt n lowers every later unit cost by
b(u - u_f)/(n_0 + n), which is worth that much times what is then billed; b, u_f and n_0 as the scenario has them. Only days of the run
count, so it is a lower bound, and smallest at the end. "For good" is the exact derivative of the bill to the size of the product, people
alike; that people attract people is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.unit_economics.contribution import MICRO, PART_OF

Numbers = NDArray[np.float64]

MONTH_DAYS = 28
RATES = ("revenue_usd", "variable_usd", "all_in_usd", "one_more_today_usd", "one_more_for_good_usd", "wright_saving_usd")


def user_cost(daily: pd.DataFrame, ledger: pd.DataFrame, values: Mapping[str, Any]) -> pd.DataFrame:
    """A row a stretch of 28 days and one for the whole run (month -1): active_days (people x days) and USD per active day (RATES).

    daily, ledger: of one seed. values: of the scenario. Stretches in which nobody was active are left out.
    """
    by_day = by_kind(ledger, len(daily))
    marginal_today, saving = one_more_attempt(daily, by_day, values)
    attempts = daily["attempts"].to_numpy()
    used = by_day["compute_used"] + by_day["compute_overflow"]
    usd = {part: sum((by_day[kind] for kind, of in PART_OF.items() if of == part), np.zeros(len(daily))) for part in set(PART_OF.values())}
    variable = usd["variable"] + usd["creator_pay"]
    totals = {
        "revenue_usd": usd["revenue"],
        "variable_usd": variable,
        "all_in_usd": variable + usd["idle"] + usd["fixed"] + usd["marketing"],
        "one_more_today_usd": variable - used + attempts * (marginal_today - saving),
        "one_more_for_good_usd": variable + usd["idle"] - attempts * saving,
        "wright_saving_usd": attempts * saving,
    }
    dau = daily["dau"].to_numpy()
    stretches = [(-1, slice(None)), *((month, slice(MONTH_DAYS * month, MONTH_DAYS * (month + 1))) for month in _months(len(daily)))]
    rows = [
        {
            "month": month,
            "active_days": float(dau[days].sum()),
            **{name: float(x[days].sum() / dau[days].sum()) for name, x in totals.items()},
        }
        for month, days in stretches
        if dau[days].sum() > 0.0
    ]
    return pd.DataFrame(rows, columns=["month", "active_days", *RATES])


def _months(days: int) -> range:
    return range(-(-days // MONTH_DAYS))


def by_kind(ledger: pd.DataFrame, days: int) -> dict[str, Numbers]:
    """USD of each kind by day."""
    lines = ledger[ledger["day"] >= 0]
    sums = lines.groupby([lines["kind"].astype(str), "day"])["amount_micro_usd"].sum()
    nothing = pd.Series(0, index=range(days))
    kinds = set(sums.index.get_level_values(0))
    return {kind: (sums[kind].reindex(range(days), fill_value=0) if kind in kinds else nothing).to_numpy() / MICRO for kind in PART_OF}


def one_more_attempt(daily: pd.DataFrame, by_day: Mapping[str, Numbers], values: Mapping[str, Any]) -> tuple[Numbers, Numbers]:
    """USD that one more attempt costs each day as capacity stands, and what it saves on later days; shape (days,) each.

    What idle and overflow cost is read off the books: their amounts over what lay idle or overflowed.
    """
    unit = daily["unit_cost_usd"].to_numpy()
    idle, overflow = daily["compute_idle"].to_numpy(), daily["compute_overflow"].to_numpy()
    price_idle, price_over = (_ratio(by_day[kind], n) for kind, n in (("compute_idle", idle), ("compute_overflow", overflow)))
    today = np.where(idle > 0.0, unit - price_idle, unit + price_over)
    billed = _ratio(by_day["compute_used"] + by_day["compute_overflow"] + by_day["compute_idle"], unit)
    before = np.cumsum(daily["attempts"].to_numpy()) - daily["attempts"].to_numpy()
    exponent, floor, reference = (
        float(values[f"compute.{key}"]) for key in ("wright_exponent", "floor_unit_cost_usd", "wright_reference_attempts")
    )
    slope = exponent * (unit - floor) / (reference + before) * billed
    later = np.concatenate([np.cumsum(slope[::-1])[::-1][1:], [0.0]])
    return today, later


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)


def break_even(daily: pd.DataFrame) -> dict[str, float]:
    """Views here per generation: what there were, and what advertising needs to pay compute (all of it) and what follows each view.

    needed_views_per_attempt: NaN where a view earns no more than its delivery, so that no number is enough.
    """
    totals = daily[["attempts", "views_here", "cost_compute_usd", "revenue_advertising_usd", "cost_delivery_usd"]].sum()
    attempts, views = float(totals["attempts"]), float(totals["views_here"])
    earned = float(totals["revenue_advertising_usd"] - totals["cost_delivery_usd"])
    per_attempt = float(totals["cost_compute_usd"]) / attempts if attempts > 0.0 else np.nan
    return {
        "views_per_attempt": views / attempts if attempts > 0.0 else np.nan,
        "needed_views_per_attempt": per_attempt / (earned / views) if views > 0.0 and earned > 0.0 else np.nan,
        "compute_per_attempt_usd": per_attempt,
        "earned_per_1000_views_usd": 1000.0 * earned / views if views > 0.0 else np.nan,
    }
