"""The simulator. Everything one asks of it from outside is here; `sim/day.py` is where to start reading.

import sim
run = sim.run("sora", seeds=5)
run.daily, run.cohorts, run.ledger, run.runs      # pandas tables; units in .attrs["units"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.claims import CLAIMS
    from sim.ecosystem import Ecosystem
    from sim.evidence import compare, load_evidence
    from sim.foundation.errors import InputError
    from sim.ledger.statements import cash_table, flow_matrix, income_statement
    from sim.observation.metrics import DAILY
    from sim.results import Run, open_run
    from sim.running import run
    from sim.scenario import Scenario, describe_resolved, load_scenario, shipped_names
    from sim.scenario.schema import NAMED_GROUPS, PARAMETERS

_HOME = {
    "CLAIMS": "claims",
    "DAILY": "observation.metrics",
    "Ecosystem": "ecosystem",
    "InputError": "foundation.errors",
    "NAMED_GROUPS": "scenario.schema",
    "PARAMETERS": "scenario.schema",
    "Run": "results",
    "Scenario": "scenario",
    "cash_table": "ledger.statements",
    "compare": "evidence",
    "describe_resolved": "scenario",
    "flow_matrix": "ledger.statements",
    "income_statement": "ledger.statements",
    "load_evidence": "evidence",
    "load_scenario": "scenario",
    "open_run": "results",
    "run": "running",
    "shipped_names": "scenario",
}

__all__ = [
    "CLAIMS",
    "DAILY",
    "NAMED_GROUPS",
    "PARAMETERS",
    "Ecosystem",
    "InputError",
    "Run",
    "Scenario",
    "cash_table",
    "compare",
    "describe_resolved",
    "flow_matrix",
    "income_statement",
    "load_evidence",
    "load_scenario",
    "open_run",
    "run",
    "shipped_names",
]


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used, so that checking a file does not wait for the compiler."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(f"sim.{_HOME[name]}"), name)
