"""Many runs: sweep files, designs, executors, and the store that keeps what they find.

from analysis.experiments import Local, execute, load_sweep, open_store
sweep = load_sweep("scenarios/sweeps/three_dials.yaml")
store = execute(sweep.jobs, "runs/three_dials", name=sweep.name, series=sweep.series, executor=Local(workers=2))
store.runs(), store.series(["dau"])               # pandas tables; units in .attrs["units"]
"""

from analysis.experiments.executors import Cluster, Estimate, Local, Progress, Shard, execute
from analysis.experiments.jobs import Job, independent_seed, paired_seed
from analysis.experiments.store import Store, open_store
from analysis.experiments.sweep_file import Sweep, load_sweep
from analysis.experiments.writing import SERIES

__all__ = [
    "SERIES",
    "Cluster",
    "Estimate",
    "Job",
    "Local",
    "Progress",
    "Shard",
    "Store",
    "Sweep",
    "execute",
    "independent_seed",
    "load_sweep",
    "open_store",
    "paired_seed",
]
