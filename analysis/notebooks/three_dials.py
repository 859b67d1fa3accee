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
# # Three dials
#
# An operator of an AI product can turn three things. *Steerability*: the chance that the next attempt is a step nearer to what one wants.
# *Monetization*: what a clip published here earns its maker, relative to what it would earn outside. *Export leakage*: the chance that a
# clip can leave. Which settings make a product that feeds itself?

# %%
# %matplotlib inline
# %config InlineBackend.print_figure_kwargs = {"dpi": 64}
import os
import textwrap
import warnings
from pathlib import Path

from analysis import frontier, plot, sweep

warnings.filterwarnings("ignore", message="IProgress not found")  # of a progress bar that is not used
FAST = bool(os.environ.get("FAST"))
AGENTS, REPLICATES, STEPS = (300, 1, 3) if FAST else (2000, 5, 5)

# %% [markdown]
# ## As it was, no setting pays
#
# A sweep is a file: a base, what varies, a design, and how many seeds each point gets. All points share their seeds, so they are compared
# under the same people and the same luck. The parent's patience and purse are without end, so that each world is judged by what it
# is. (`scenarios/sweeps/three_dials.yaml` is the large one, 2,450 runs: `flywheel sweep three_dials`.)


# %%
def sweep_of(base: str, changes: str) -> str:
    """A sweep over the three dials of a world."""
    return textwrap.dedent(f"""\
    schema: 1
    base: {base}
    set: {{agents: {AGENTS}, days: 240{changes}}}
    vary:
      dials:
        steerability: {{from: 0.05, to: 0.95, steps: {STEPS}}}
        monetization: {{from: 0, to: 1, steps: {STEPS}}}
        export_leakage: [0, 0.4, 0.8]
    design: grid
    replicates: {REPLICATES}
    series: [dau, cost_usd, revenue_usd]
    """)


Path("as_it_was.yaml").write_text(sweep_of("sora", ", parent.stop_loss_usd: null, parent.budget_usd: 1.0e+11"))
as_it_was = sweep("as_it_was.yaml").runs()
as_it_was["outcome"].value_counts()

# %%
plot.outcomes(as_it_was, "dials.steerability", "dials.monetization", facet="dials.export_leakage", outcome="subsidised")

# %% [markdown]
# **Turning the dials decides whether people stay, not whether they pay.** With enough steerability the product stops shrinking; but
# somebody else pays for it at every one of these settings. That is what "subsidised" means.

# %%
assert (as_it_was["outcome"] != "self_sustaining").all()
by_steerability = (as_it_was["outcome"] == "subsidised").groupby(as_it_was["dials.steerability"]).mean()
assert by_steerability.iloc[-1] > by_steerability.iloc[0] + 0.5

# %% [markdown]
# ## With the cost mended, there is a line
#
# Now attempts cost a tenth, and advertising is sold as on short-video platforms. The same sweep again.

# %%
Path("cost_mended.yaml").write_text(sweep_of("sora_three_gates", ""))
store = sweep("cost_mended.yaml")
runs = store.runs()
plot.outcomes(runs, "dials.steerability", "dials.monetization", facet="dials.export_leakage")

# %% [markdown]
# **Steerability decides, leakage moves the line, and paying creators hardly helps.** Of these settings none feeds itself below the middle
# of the first dial, and at the middle only where fewer clips can leave.

# %%
alive = (runs["outcome"] == "self_sustaining").groupby(runs["dials.steerability"]).mean()
print(alive.round(2).to_dict())
assert alive.iloc[0] == 0
assert alive.iloc[-1] > 0.6

# %% [markdown]
# How they get there: each column is a steerability, over all settings of the other two dials.

# %%
plot.curves(store.series(["dau"]), by="dials.steerability", runs=runs)

# %% [markdown]
# ## Where exactly is the line?
#
# A grid spends most of its runs where the answer is plain. `frontier` asks where it is not: it starts with a few runs that fill the space,
# fits a smooth probability to them, and puts the next runs where it cannot yet tell on which side of one half they are.

# %%
line = frontier(
    "sora_three_gates",
    "dials.steerability",
    "dials.monetization",
    facet="dials.export_leakage=0,0.4,0.8",
    days=240,
    agents=AGENTS,
    budget=16 if FAST else 96,
)
plot.frontier(line)

# %% [markdown]
# The dashed lines are the 95 % band: the data do not tell on which side of one half these settings are. The more clips can leave, the
# more steerability it takes: .46 where none can, .58 where four of five can. The two dials reinforce each other; the third, here, does
# little.

# %%
print(line.panels[["panel", "runs", "finding"]].to_string(index=False))
areas = [trace.above for trace in line.traces.values()]
assert all(0.1 < area < 0.7 for area in areas)
assert areas[0] > areas[-1] or FAST
