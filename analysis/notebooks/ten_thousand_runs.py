# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Ten thousand runs
#
# Much in this model is assumed, because nobody has published it: what an attempt costs its maker in effort, how much a failed session
# hurts, how much of a clip's worth is lost when it is also outside, what being seen is worth, how often a clip seen elsewhere brings
# somebody here. Do these unknowns decide whether a product feeds itself, or do the dials that its operator can turn?
#
# One answers that with many small worlds: each with its own draw of everything unknown. Here are 10,240 of them, on a laptop.

# %%
# %matplotlib inline
# %config InlineBackend.print_figure_kwargs = {"dpi": 64}
import os
import textwrap
import warnings
from pathlib import Path

import pandas as pd

from analysis import plot, sweep

warnings.filterwarnings("ignore", message="IProgress not found")  # of a progress bar that is not used
FAST = bool(os.environ.get("FAST"))
POINTS, REPLICATES, AGENTS = (64, 1, 200) if FAST else (2048, 5, 300)

# %% [markdown]
# ## The sweep is a file
#
# It says what varies, and in which of three roles: *dials* of the product, *policies* of its operator, and what is *uncertain*. The last
# have distributions. Sobol' points fill seven dimensions evenly; there must be a power of two of them. The base is the Sora world with its
# costs mended (cheap attempts and advertising), because as it was no dial could make it pay.

# %%
Path("ten_thousand_runs.yaml").write_text(
    textwrap.dedent(f"""\
    schema: 1
    base: sora_three_gates
    set: {{agents: {AGENTS}, days: 180}}
    vary:
      dials:
        steerability: {{uniform: [0, 1]}}
        monetization: {{uniform: [0, 1]}}
      uncertain:
        making.effort_usd: {{log_uniform: [0.02, 0.3]}}
        making.disappointment_usd: {{uniform: [0, 1]}}
        publishing.overlap: {{uniform: [0, 0.9]}}
        creators.status_usd: {{log_uniform: [0.03, 0.8]}}
        adoption.referral_per_outside_view: {{log_uniform: [1.0e-7, 1.0e-4]}}
    design: {{name: sobol, points: {POINTS}}}
    replicates: {REPLICATES}
    series: [dau, revenue_usd, cost_usd]
    """)
)
store = sweep("ten_thousand_runs.yaml")
runs = store.runs()
assert len(runs) == POINTS * REPLICATES
runs["outcome"].value_counts()

# %% [markdown]
# Interrupt it at any moment, and the same line goes on: a run is kept under the name of what decides its numbers (scenario, model, seed),
# and what is in the store is not made again. `flywheel sweep ten_thousand_runs.yaml` does the same from a terminal, with `--dask` on a
# cluster.
#
# ## Ask it in SQL
#
# The store is a folder of parquet files. DuckDB reads them where they lie: here the share of runs that feed themselves, by fifths of each
# thing that varies.

# %%
VARIED = [name for name in runs.columns[runs.columns.get_loc("seed") + 1 :] if name in store.sweep().jobs.column_names]
database = store.duckdb()
fifths = pd.concat(
    [
        database.sql(
            f"""select '{name}' as varied, fifth, avg((outcome = 'self_sustaining')::int) as share
            from (select outcome, ntile(5) over (order by "{name}") as fifth from runs) group by fifth"""
        ).df()
        for name in VARIED
    ]
)
table = fifths.pivot(index="varied", columns="fifth", values="share")
table["reach"] = table.max(axis=1) - table.min(axis=1)
table = table.sort_values("reach", ascending=False)
table.round(2)

# %% [markdown]
# **One dial outweighs all that is unknown.** From its lowest to its highest fifth, steerability takes the share of products that feed
# themselves from none to nearly nine of ten; paying creators fully costs a fifth of them. Nothing uncertain moves it by more than a few
# points. That says nothing about *how large* such a product gets, and it holds for these ranges in this world; but the conclusion "first
# make it steerable" does not hang on numbers that nobody knows.

# %%
assert table.index[0] == "dials.steerability"
assert table.loc["dials.steerability", 1] < 0.05
unknown = table["reach"].drop(["dials.steerability", "dials.monetization"])
assert unknown.max() < (0.5 if FAST else 0.1) * table["reach"].iloc[0]
runs["steerability"] = pd.cut(runs["dials.steerability"], 8, labels=[f"{(fifth + 0.5) / 8:.2f}" for fifth in range(8)])
plot.outcomes(runs, "steerability")

# %% [markdown]
# ## Ask it as a cube
#
# `store.xarray()` gives the same runs as arrays over points, replicates and days, with units: made for arithmetic along an axis. How much
# of the spread of daily users after half a year is luck (between replicates of one point), and how much the setting (between points)?

# %%
cube = store.xarray(["dau"])
last = cube["dau"].isel(day=-1)
within = float(last.var("replicate", ddof=1).mean()) if REPLICATES > 1 else 0.0
between = float(last.mean("replicate").var("point", ddof=1)) - within / REPLICATES
print(f"daily users after {cube.sizes['day']} days: {100 * within / (within + between):.0f} % of the variance is luck")
assert within < between

# %% [markdown]
# So one replicate a point would have nearly done: with many points, spread the runs over settings and not over seeds.
#
# ## And as curves

# %%
runs["steerable"] = pd.cut(runs["dials.steerability"], [0, 0.25, 0.5, 0.75, 1], labels=["0–¼", "¼–½", "½–¾", "¾–1"])
plot.curves(store.series(["dau"]), by="steerable", runs=runs)

# %% [markdown]
# The bands hold nine of ten worlds, whatever was drawn for what nobody knows. They overlap: a steerable product that meets bad luck and
# bad assumptions can be smaller than an unsteerable one that meets good ones. The verdict differs all the same, because a product that
# sinks slowly from a height is not one that feeds itself.
