"""What is printed of the unit economics of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.unit_economics.contribution import MICRO
from analysis.wording import amount, band

if TYPE_CHECKING:
    from analysis.unit_economics.answer import Economics

_SHOWN = {
    "revenue_per_adopter_usd": "revenue an adopter",
    "cm1_per_adopter_usd": "CM1, less variable cost",
    "cm2_per_adopter_usd": "CM2, less creator pay",
    "cm3_per_adopter_usd": "CM3, less marketing",
    "ltv_sbg_usd": "lifetime value, expected (sBG)",
    "ltv_naive_usd": "the same, one churn for all",
    "cac_blended_usd": "acquisition, an adopter",
    "cac_advertising_usd": "acquisition, one by advertising",
    "ltv_to_cac": "lifetime value over acquisition",
    "payback_day": "paid back after (days)",
    "cohorts_paid_back": "weekly cohorts paid back",
    "revenue_per_active_day_usd": "a day of use brings",
    "variable_per_active_day_usd": "it costs on average, variable",
    "all_in_per_active_day_usd": "it costs on average, all in",
    "one_more_today_usd": "one more costs, capacity as it is",
    "one_more_for_good_usd": "one more costs, capacity follows",
    "views_per_attempt": "views a generation",
    "needed_views_per_attempt": "views it needs to pay for itself",
    "income_gini": "Gini of creators' income",
    "kept_outside": "of all that was paid: kept outside",
    "kept_by_operator": "of all that was paid: kept here",
}


def print_economics(out: Console, answer: Economics) -> None:
    """The finding, the key figures, who is worth what, more findings in words, and that the books agree."""
    out.print(Text(answer.finding, style="bold"))
    for part in (_figures(answer), _groups(answer), *answer.findings, _books(answer)):
        out.print()
        out.print(part)


def _figures(answer: Economics) -> Table:
    many = len(answer.seeds) > 1
    title = f"Median of {len(answer.seeds)} seeds" if many else "One seed"
    table = Table("figure", title=title, box=None, title_justify="left", padding=(0, 2, 0, 0))
    table.add_column("median" if many else "value", justify="right", no_wrap=True)
    if many:
        table.add_column("5–95 % of seeds", justify="right", no_wrap=True)
    for key, label in _SHOWN.items():
        row = answer.figure(key)
        unit = str(row["unit"]).partition("/")[0]
        cells = [amount(row["median"], unit), *([band(row["low"], row["high"], unit)] if many else [])]
        table.add_row(label, *cells)
    return table


def _groups(answer: Economics) -> Table:
    """Sides and channels, medians over seeds."""
    table = Table("who", title="By side and channel (shared out by a key)", box=None, title_justify="left", padding=(0, 2, 0, 0))
    for heading in ("adopters", "CM1 a head", "CM2 a head", "acquisition", "lifetime value"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = answer.segments[answer.segments["by"].isin(("side", "channel"))]
    for level in ("cm1", "cm2"):
        rows = rows.assign(**{level: rows[f"{level}_micro_usd"] / MICRO / rows["adopters"]})
    middle = rows.groupby(["by", "name"], sort=False)[["adopters", "cm1", "cm2", "cac_usd", "ltv_sbg_usd"]].median()
    for (_, name), row in zip(middle.index, middle.itertuples(index=False), strict=True):
        words = {"creator": "makers", "viewer": "watchers"}.get(str(name), str(name).replace("_", " "))
        table.add_row(words, amount(row[0], "people"), *(amount(value, "USD") for value in row[1:]))
    return table


def _books(answer: Economics) -> str:
    """That cohorts and what belongs to none add up to the ledger, for the first seed in numbers."""
    off = int(answer.books.loc[answer.books["line"] == "difference", "micro_usd"].abs().max())
    first = answer.books[answer.books["seed"] == answer.seeds[0]].set_index("line")["micro_usd"]
    parts = {name: first[name] / MICRO for name in ("CM3", "idle compute", "fixed cost", "operating profit of the ledger")}
    rest = parts["operating profit of the ledger"] - parts["CM3"] - parts["idle compute"] - parts["fixed cost"]
    told = [f"cohorts {amount(parts['CM3'], 'USD')}", f"idle compute {amount(parts['idle compute'], 'USD')}"]
    told += [f"fixed cost {amount(parts['fixed cost'], 'USD')}"] + ([f"rest {amount(rest, 'USD')}"] if abs(rest) >= 0.5 / MICRO else [])
    profit = amount(parts["operating profit of the ledger"], "USD")
    return f"Books, seed {answer.seeds[0]}: {', '.join(told)} = operating profit {profit}; difference in any seed: {off} micro-dollars."
