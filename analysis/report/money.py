"""Who pays: the flows of the whole run, money a day, the cost of an attempt and of idle capacity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.curves import money_finding
from analysis.figures.marks import NamedLine, name_lines
from analysis.figures.sankey import Hub, Leg, draw_sankey
from analysis.figures.series import bands, by_seed, lived, open_days
from analysis.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, draw_band, dress, new_figure
from analysis.report.exhibit import TEXT, WIDTH, Column, Exhibit, Story, daily_data, listed_data
from analysis.wording import amount
from sim import Run

_MICRO_PER_USD = 1e6
_HARDLY = 0.005

_HUBS = {"operator": "the operator", "external_platforms": "other platforms"}
_PAYS = {
    "advertising": "advertisers",
    "outside_advertising": "advertisers",
    "credits": "makers, credits",
    "subscriptions": "makers, subscriptions",
    "parent_funding": "parent, for losses",
    "opening_cash": "owners, at the start",
}
_PAID = {
    "compute_used": "cloud, compute used",
    "compute_idle": "cloud, idle capacity",
    "compute_overflow": "cloud, overflow",
    "delivery": "suppliers, delivery",
    "moderation": "suppliers, moderation",
    "fixed": "suppliers, fixed cost",
    "marketing": "suppliers, marketing",
    "store_fee": "app store, fee",
    "creator_share_of_advertising": "creators, ad share",
    "creator_fund": "creators, fund",
    "outside_payout": "creators, for exports",
}
_COLOR = {
    "advertisers": BLUE,
    "creators": GREEN,
    "viewers": GREEN,
    "parent": GREY,
    "equity": GREY,
    "cloud": VERMILLION,
    "suppliers": ORANGE,
    "app_store": PURPLE,
}


def money(story: Story) -> Iterator[Exhibit]:
    """The exhibits on money and compute."""
    yield who_pays_whom(story)
    yield money_by_day(story)
    yield compute(story)


def flows_of(run: Run) -> pd.DataFrame:
    """USD over the run by (kind, payer, payee), a column a seed; of the opening only the operator's own cash."""
    lines = run.ledger[(run.ledger["day"] >= 0) | (run.ledger["kind"].astype(str) == "opening_cash")]
    names = [lines[name].astype(str) for name in ("kind", "payer", "payee")]
    sums = lines.groupby([*names, lines["seed"]], sort=True)["amount_micro_usd"].sum().unstack("seed", fill_value=0)
    return sums.reindex(columns=list(run.seeds), fill_value=0) / _MICRO_PER_USD


def who_pays_whom(story: Story) -> Exhibit:
    """The flows of the whole run between all holders."""
    run = story.run
    flows = flows_of(run)
    spent = [float(summary["cost_usd"]["total"]) for summary in run.summaries]
    seed = run.seeds[int(np.argsort(spent, kind="stable")[(len(spent) - 1) // 2])]
    hubs = [hub for key, name in _HUBS.items() if (hub := _hub(key, name, flows[seed])).usd > 0.0]
    figure: Figure | None = draw_sankey(hubs, text=TEXT) if hubs else None
    order = flows.median(axis=1).sort_values(ascending=False, kind="stable").index
    index = [(_words(payer), _words(payee), _words(kind)) for kind, payer, payee in order]
    band = bands(flows.loc[order].to_numpy(dtype=np.float64).T)
    which = f"The books of seed {seed}, the run in the middle by money spent; the table has median and 5–95 % of all seeds."
    reading = (which if story.many else "One seed.") + " Widths are dollars over the whole run, from left to right, all on one scale."
    data = listed_data(story, ("from", "to", "for what"), index, Column("over the run", "USD", band))
    return Exhibit("who_pays_whom", _flow_finding(flows[seed]), reading, figure, data)


def _hub(key: str, name: str, usd: pd.Series[float]) -> Hub:
    """A holder with its flows, largest first; what it keeps or takes from elsewhere closes the sum."""
    received = [Leg(_PAYS.get(kind, _words(payer)), float(x), _color(payer)) for (kind, payer, payee), x in _items(usd) if payee == key]
    paid = [Leg(_PAID.get(kind, _words(payee)), float(x), _color(payee)) for (kind, payer, payee), x in _items(usd) if payer == key]
    kept = sum(leg.usd for leg in received) - sum(leg.usd for leg in paid)
    smallest = 0.5e-6
    if kept > smallest:
        paid.append(Leg("kept", kept, SKY))
    elif kept < -smallest:
        received.append(Leg("not modelled", -kept, BLACK))
    return Hub(name, *(sorted(legs, key=lambda leg: -leg.usd) for legs in (received, paid)))


def _items(usd: pd.Series[float]) -> list[tuple[tuple[str, str, str], float]]:
    """Kind, payer and payee with USD, of the flows that are there."""
    return [(cast(tuple[str, str, str], key), x) for key, x in usd.items() if x > 0.0]


def _color(holder: str) -> str:
    return _COLOR.get(holder, BLACK)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _flow_finding(usd: pd.Series[float]) -> str:
    """Who carries the product, in the run that is drawn."""

    def total(index: int, name: str) -> float:
        return float(sum(x for key, x in _items(usd) if key[index] == name))

    funding, leaked = total(0, "parent_funding"), total(0, "outside_advertising")
    cost = total(1, "operator")
    revenue = total(2, "operator") - funding - total(0, "opening_cash")
    if cost + revenue <= 0.0:
        return "No money moves"
    if revenue >= cost:
        title = f"Customers pay {amount(revenue, 'USD')} for what costs {amount(cost, 'USD')}"
    elif funding > 0.0:
        whole, part = amount(cost, "USD"), amount(funding, "USD")
        title = f"The parent pays {part} of the {whole} that the product costs"
        if part == whole:
            title = f"The parent pays nearly all of the {whole} that the product costs"
    else:
        title = f"Customers pay {amount(revenue, 'USD')} of the {amount(cost, 'USD')} that the product costs"
    return title + (f"; other platforms earn {amount(leaked, 'USD')} on clips made here" if leaked > 0.0 else "")


def money_by_day(story: Story) -> Exhibit:
    """Revenue and cost a day."""
    run, days = story.run, story.days
    columns = {
        "revenue": "revenue_usd",
        "cost": "cost_usd",
        "operating profit": "operating_profit_usd",
        "of the cost, compute": "cost_compute_usd",
        "of the cost, pay of creators": "cost_creator_pay_usd",
    }
    band = {name: bands(by_seed(run, column, days, weekly=True)) for name, column in columns.items()}
    figure = new_figure(WIDTH, 3.3)
    axes = figure.subplots()
    lines = (NamedLine("cost", band["cost"], VERMILLION), NamedLine("revenue", band["revenue"], BLUE))
    for line in lines:
        draw_band(axes, story.dates, line.band, line.color, linestyle="-" if line.name == "cost" else (0, (5, 1)))
    name_lines(axes, story.dates, lines, open_days(run), size=TEXT)
    dress(axes, "", "USD", size=TEXT)
    axes.set_ylabel("USD a day, 7-day mean", fontsize=TEXT)
    axes.set_ylim(bottom=0)
    story.mark_closing(axes)
    reading = story.reading("Orange: cost; blue, broken: revenue, without outside funding.", story.closing_words)
    return Exhibit(
        "money_by_day", money_finding(run), reading, figure, daily_data(story, {name: ("USD/day", one) for name, one in band.items()})
    )


def compute(story: Story) -> Exhibit:
    """Cost of an attempt; capacity used and idle."""
    run, days = story.run, story.days
    price = bands(np.where(lived(run, days), by_seed(run, "unit_cost_usd", days), np.nan))
    used, idle, over = (bands(by_seed(run, f"compute_{name}", days, weekly=True)) for name in ("used", "idle", "overflow"))
    figure = new_figure(WIDTH, 4.8)
    above, below = figure.subplots(2, 1, sharex=True)
    draw_band(above, story.dates, price, VERMILLION)
    dress(above, "", "USD/attempt", size=TEXT)
    above.set_title("cost of one attempt", loc="left", fontsize=TEXT, color=BLACK)
    above.set_ylabel("USD an attempt", fontsize=TEXT)
    draw_band(below, story.dates, used, BLUE)
    draw_band(below, story.dates, idle, ORANGE, linestyle=(0, (5, 1)))
    dress(below, "", "attempts", size=TEXT)
    below.set_title("capacity: used (blue) and idle (orange, broken)", loc="left", fontsize=TEXT, color=BLACK)
    below.set_ylabel("attempts a day, 7-day mean", fontsize=TEXT)
    for axes in (above, below):
        axes.set_ylim(bottom=0)
        axes.set_xlim(story.dates[0], story.dates[-1])
        story.mark_closing(axes, is_named=False)
    figure.align_ylabels()
    columns = {
        "cost of an attempt": ("USD/attempt", price),
        "used": ("attempts/day", used),
        "idle": ("attempts/day", idle),
        "beyond what was reserved": ("attempts/day", over),
    }
    reading = story.reading("Idle: reserved and not used.", story.closing_words)
    return Exhibit("compute", _compute_finding(story, price[1]), reading, figure, daily_data(story, columns))


def _compute_finding(story: Story, price: np.typing.NDArray[np.float64]) -> str:
    told = price[~np.isnan(price)]
    start, end = (amount(one, "USD/attempt") for one in (told[0], told[-1]))
    used, idle = (story.run.daily.groupby("seed")[f"compute_{name}"].sum() for name in ("used", "idle"))
    share = float(np.median((idle / (used + idle).where(used + idle > 0.0)).fillna(0.0)))
    idle_words = f"{amount(share, 'share')} of the capacity bought is never used" if share > _HARDLY else "hardly any capacity stands idle"
    return f"An attempt costs {start} at the launch and {end} at the end; {idle_words}"
