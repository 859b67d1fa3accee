"""The page of unit economics: who stays, what each cohort brought, how unequal makers are, who keeps the money."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILLION, dress_numbers, dress_plain, head, new_figure
from analysis.unit_economics.answer import Economics
from analysis.unit_economics.contribution import MICRO
from analysis.unit_economics.lifetimes import BDW, NAIVE, SBG
from analysis.unit_economics.retention_triangle import WEEK
from analysis.unit_economics.value import ALL
from analysis.wording import amount

_LINES = {NAIVE: ("one churn for all", VERMILLION), SBG: ("sBG", BLUE), BDW: ("BdW", PURPLE)}
_OUTLAYS = {"variable": ("variable cost", VERMILLION), "creator_pay": ("creator pay", ORANGE), "marketing": ("acquisition (CAC)", GREY)}
_KEEPERS = {
    "operator": "the operator",
    "app_store": "the app store",
    "cloud": "cloud (compute)",
    "suppliers": "suppliers, fixed cost",
    "creators, paid here": "creators, paid here",
    "creators, paid outside": "creators, paid outside",
    "external_platforms": "outside platforms",
}

_OUTSIDE = ("external_platforms", "creators, paid outside")


def economics_figure(answer: Economics) -> Figure:
    """Retention triangle and curves; contribution and lifetime value by cohort; Lorenz curves; who keeps what was paid."""
    figure = new_figure(13.5, 8.6)
    panels = (_triangle, _curve, _cohorts, _lorenz, _kept, _one_more)
    for part, draw in zip(figure.subfigures(2, 3, squeeze=False).flat, panels, strict=True):
        draw(part.subplots(), answer)
    many = "Lines and bars: medians of seeds; triangle and curves: all together." if len(answer.seeds) > 1 else "One seed."
    terms = f"To be expected: sBG, {answer.terms.horizon_days} days ahead, {100 * answer.terms.discount_per_year:g} % a year."
    head(figure, answer.finding, f"{many} Active: made or watched on a day; week 1 begins the day after adoption. {terms}")
    return figure


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=9.5, color=BLACK, parse_math=False)


def _nothing(axes: Axes, why: str) -> None:
    """An empty panel that says why."""
    axes.set_axis_off()
    axes.text(0.0, 0.5, why, transform=axes.transAxes, fontsize=9, color=GREY, va="center", wrap=True)


def _triangle(axes: Axes, answer: Economics) -> None:
    table = answer.triangle
    if table.empty:
        _title(axes, "Who stays, by week of adoption")
        _nothing(axes, "too short a run: no cohort has lived a whole week")
        return
    sums = table.groupby(["cohort", "age_week"])[["active_days", "adopters"]].sum()
    share = (sums["active_days"] / (WEEK * sums["adopters"])).unstack()
    first = float(share.iloc[:, 0].median())
    image = axes.imshow(
        share.to_numpy(), aspect="auto", cmap="viridis", vmin=0.0, extent=(0.5, share.shape[1] + 0.5, len(share) - 0.5, -0.5)
    )
    bar = axes.figure.colorbar(image, ax=axes, pad=0.02, aspect=25)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share")))
    bar.ax.tick_params(labelsize=8)
    axes.set_xlabel("weeks since adoption", fontsize=8)
    axes.set_ylabel("week of adoption", fontsize=8)
    axes.tick_params(labelsize=8)
    _title(axes, f"Active on a day: {amount(first, 'share')} in the first week")


def _curve(axes: Axes, answer: Economics) -> None:
    curve = answer.curves[answer.curves["group"] == ALL]
    if curve.empty:
        _title(axes, "Which law they leave by")
        _nothing(axes, "no fit: too few people, too short a run,\nor activity that does not fall")
        return
    x = curve["age_week"].to_numpy() + 1
    axes.plot(x, curve["observed"], "o", color=BLACK, markersize=3.5, label="of the run")
    for model, (name, color) in _LINES.items():
        error = answer.figure(f"error_{model.lower()}")["median"]
        foretold = "" if np.isnan(error) else f", foretold {100.0 * error:+.0f} %"
        axes.plot(x, curve[model], color=color, linewidth=1.6, label=f"{name}{foretold}")
    axes.set_ylim(0.0, 1.02)
    axes.set_xlabel("weeks since adoption", fontsize=8)
    axes.legend(fontsize=8, frameon=False, loc="best")
    last = float(curve["observed"].iloc[-1])
    dress_numbers(axes, f"{amount(last, 'share')} of the first week's activity is left in week {x[-1]}", "share")
    axes.title.set_fontsize(9.5)


def _cohorts(axes: Axes, answer: Economics) -> None:
    """Per head, four weeks of adopters together; the lines end where fewer than one in a hundred adopters came."""
    middle = _by_month(answer)
    x, below = middle.index.to_numpy() + 1, np.zeros(len(middle))
    axes.bar(x, middle["revenue"], 0.8, color=GREEN, label="revenue")
    for part, (name, color) in _OUTLAYS.items():
        if middle[part].any():
            axes.bar(x, -middle[part], 0.8, bottom=below, color=color, label=name)
            below = below - middle[part].to_numpy()
    axes.plot(x, middle["cm2"], "o-", color=BLACK, markersize=3, linewidth=1.6, label="lifetime value so far")
    if middle["ltv_sbg"].notna().any():
        axes.plot(x, middle["ltv_sbg"], "o:", color=BLACK, markersize=3, linewidth=1.2, label="with what is to be expected")
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.38 * (high - low))
    axes.set_xlabel("month of adoption (28 days)", fontsize=8)
    axes.set_xticks(x)
    axes.legend(fontsize=8, frameon=False, loc="upper left", ncols=2)
    first, last = (amount(float(middle["cm2"].iloc[place]), "USD") for place in (0, -1))
    dress_numbers(axes, f"A head of month {x[0]} left {first}, of month {x[-1]} {last}", "USD")
    axes.title.set_fontsize(9.5)


def _by_month(answer: Economics) -> pd.DataFrame:
    """USD a head by 28 days of adoption, medians over seeds, of months in which at least a hundredth of all came."""
    rows = answer.segments[answer.segments["by"] == "cohort"]
    rows = rows.assign(month=rows["name"].astype(int) // 4, expected=rows["ltv_sbg_usd"] * rows["adopters"])
    money = [f"{name}_micro_usd" for name in ("revenue", *_OUTLAYS, "cm2")]
    sums = rows.groupby(["seed", "month"])[["adopters", "expected", *money]].sum(min_count=1)
    heads = sums["adopters"]
    a_head = sums[money].div(heads * MICRO, axis=0).rename(columns=lambda name: name.removesuffix("_micro_usd"))
    a_head = a_head.assign(ltv_sbg=sums["expected"] / heads)
    is_many = heads >= 0.01 * heads.groupby("seed").transform("sum")
    return a_head[is_many].groupby("month").median()


def _lorenz(axes: Axes, answer: Economics) -> None:
    if answer.lorenz.empty:
        _title(axes, "How creators share")
        _nothing(axes, "the run cannot be lived again,\nor nobody earned or was seen")
        return
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8)
    for of, color, name in (("income", GREEN, "income"), ("views", BLUE, "views here")):
        rows = answer.lorenz[answer.lorenz["of"] == of]
        if len(rows):
            axes.fill_between(rows["poorest"], rows["low"], rows["high"], color=color, alpha=0.25, linewidth=0)
            gini = answer.figure(f"{of}_gini")["median"]
            axes.plot(rows["poorest"], rows["median"], color=color, linewidth=1.8, label=f"{name}, Gini {gini:.2f}")
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    axes.set_xlabel("creators who made anything, the poorest first", fontsize=8)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share")))
    of = "income" if (answer.lorenz["of"] == "income").any() else "views"
    top = answer.figure(f"{of}_top1_share")["median"]
    dress_numbers(axes, f"The top 1 % of creators have {amount(top, 'share')} of {of}", "share")
    axes.title.set_fontsize(9.5)


def _kept(axes: Axes, answer: Economics) -> None:
    share = answer.kept.groupby("holder", sort=False)["share"].median().reindex(list(_KEEPERS)).dropna()
    share = share[share.abs() > 0.0005]
    if share.empty:
        _title(axes, "Who keeps a dollar")
        _nothing(axes, "no customer paid anything, here or outside")
        return
    places = np.arange(len(share))
    colors = [VERMILLION if value < 0.0 else ORANGE if name in _OUTSIDE else BLUE for name, value in share.items()]
    axes.barh(places, share, color=colors, height=0.65)
    axes.set_yticks(places, [_KEEPERS[str(name)] for name in share.index])
    axes.invert_yaxis()
    low, high = min(0.0, float(share.min())), max(0.0, float(share.max()))
    axes.set_xlim(low - 0.22 * (high - low), high + 0.22 * (high - low))
    for place, value in enumerate(share):
        text = f" {'-' if value < 0 else ''}${abs(value):.2f} "
        axes.text(value, place, text, va="center", ha="left" if value >= 0.0 else "right", fontsize=8)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.set_xticks([])
    dress_plain(axes, size=8, grid="x")
    here = answer.figure("paid_here")["median"]
    _title(axes, f"A dollar its clips earn: ${here:.2f} here, ${1.0 - here:.2f} outside.\nWho keeps it in the end")


def _one_more(axes: Axes, answer: Economics) -> None:
    months = answer.costs[answer.costs["month"] >= 0]
    if months.empty:
        _title(axes, "Does one more user help?")
        _nothing(axes, "nobody was active")
        return
    middle = months.groupby("month").median(numeric_only=True)
    x = middle.index.to_numpy() + 1
    for column, color, name in (
        ("revenue_usd", GREEN, "it brings"),
        ("all_in_usd", GREY, "average cost, all in"),
        ("variable_usd", VERMILLION, "average cost, variable"),
        ("one_more_for_good_usd", BLUE, "one more costs"),
    ):
        axes.plot(x, middle[column], color=color, marker="o", markersize=3, linewidth=1.6, label=name)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.25 * (high - low))
    axes.set_xlabel("month (28 days)", fontsize=8)
    axes.set_xticks(x)
    axes.legend(fontsize=8, frameon=False, loc="upper left", ncols=2)
    dress_numbers(axes, f"A day of use: one more user {answer.verdict}", "USD")
    axes.title.set_fontsize(9.5)
