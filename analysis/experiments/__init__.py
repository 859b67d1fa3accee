"""Many runs: sweep files, designs, executors, and the store that keeps what they find.

from analysis.experiments import Local, execute, load_sweep, open_store
sweep = load_sweep("scenarios/sweeps/three_dials.yaml")
store = execute(sweep.jobs, "runs/three_dials", executor=Local(workers=2))
store.runs(), store.series(["dau"])               # pandas tables; units in .attrs["units"]
"""

from analysis.experiments.executors import Cluster, Local, Shard, execute
from analysis.experiments.jobs import Job, independent_seed
from analysis.experiments.store import Store, open_store
from analysis.experiments.sweep_file import Sweep, load_sweep

__all__ = ["Cluster", "Job", "Local", "Shard", "Store", "Sweep", "execute", "independent_seed", "load_sweep", "open_store"]
