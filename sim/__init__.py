"""The simulator. Everything one asks of it from outside is here; `sim/day.py` is where to start reading.

import sim
run = sim.run("sora", seeds=5)
run.daily, run.cohorts, run.ledger, run.runs      # pandas tables; units in .attrs["units"]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.claims import CLAIMS, Claim
    from sim.day import DAY, Phase
    from sim.declarations import COLUMNS, RULES, RuleFile
    from sim.ecosystem import Ecosystem
    from sim.evidence import Conflict, Evidence, PublicFigure, compare, evidence_names, load_evidence
    from sim.foundation.compiled import KERNELS_ARE_CACHED
    from sim.foundation.errors import InputError, Problem, did_you_mean
    from sim.foundation.parameters import Parameter, Value
    from sim.ledger.accounts import HOLDERS
    from sim.ledger.entries import ENTRIES
    from sim.ledger.journal import Books
    from sim.ledger.statements import cash_table, flow_matrix, income_statement
    from sim.observation.concentration import gini, top_share
    from sim.observation.metrics import DAILY
    from sim.results import Run, default_folder, model_digest, open_run
    from sim.rules.learning import skill_after_session, skill_at_start
    from sim.running import run, seeds_of
    from sim.saving import branch, resume, save
    from sim.scenario import Intervention, Scenario, describe_resolved, load_scenario, shipped_names
    from sim.scenario.description import value_text
    from sim.scenario.keys import GATES, INTERVENTION_FIELDS, name_problem
    from sim.scenario.scenario import OPERATORS
    from sim.scenario.schema import NAMED_GROUPS, PARAMETERS, SCHEMA
    from sim.scenario.values import legal_phrase
    from sim.summary import FIGURES

_HOME = {
    "CLAIMS": "claims",
    "COLUMNS": "declarations",
    "DAILY": "observation.metrics",
    "KERNELS_ARE_CACHED": "foundation.compiled",
    "DAY": "day",
    "ENTRIES": "ledger.entries",
    "FIGURES": "summary",
    "GATES": "scenario.keys",
    "HOLDERS": "ledger.accounts",
    "INTERVENTION_FIELDS": "scenario.keys",
    "NAMED_GROUPS": "scenario.schema",
    "OPERATORS": "scenario.scenario",
    "PARAMETERS": "scenario.schema",
    "RULES": "declarations",
    "SCHEMA": "scenario.schema",
    "Books": "ledger.journal",
    "Claim": "claims",
    "Conflict": "evidence",
    "Ecosystem": "ecosystem",
    "Evidence": "evidence",
    "InputError": "foundation.errors",
    "Intervention": "scenario",
    "Parameter": "foundation.parameters",
    "Phase": "day",
    "Problem": "foundation.errors",
    "PublicFigure": "evidence",
    "RuleFile": "declarations",
    "Run": "results",
    "Scenario": "scenario",
    "Value": "foundation.parameters",
    "branch": "saving",
    "cash_table": "ledger.statements",
    "compare": "evidence",
    "default_folder": "results",
    "describe_resolved": "scenario",
    "did_you_mean": "foundation.errors",
    "evidence_names": "evidence",
    "flow_matrix": "ledger.statements",
    "gini": "observation.concentration",
    "income_statement": "ledger.statements",
    "legal_phrase": "scenario.values",
    "load_evidence": "evidence",
    "load_scenario": "scenario",
    "model_digest": "results",
    "name_problem": "scenario.keys",
    "open_run": "results",
    "resume": "saving",
    "run": "running",
    "save": "saving",
    "seeds_of": "running",
    "shipped_names": "scenario",
    "skill_after_session": "rules.learning",
    "skill_at_start": "rules.learning",
    "top_share": "observation.concentration",
    "value_text": "scenario.description",
}

__all__ = [
    "CLAIMS",
    "COLUMNS",
    "DAILY",
    "DAY",
    "ENTRIES",
    "FIGURES",
    "GATES",
    "HOLDERS",
    "INTERVENTION_FIELDS",
    "KERNELS_ARE_CACHED",
    "NAMED_GROUPS",
    "OPERATORS",
    "PARAMETERS",
    "RULES",
    "SCHEMA",
    "Books",
    "Claim",
    "Conflict",
    "Ecosystem",
    "Evidence",
    "InputError",
    "Intervention",
    "Parameter",
    "Phase",
    "Problem",
    "PublicFigure",
    "RuleFile",
    "Run",
    "Scenario",
    "Value",
    "branch",
    "cash_table",
    "compare",
    "default_folder",
    "describe_resolved",
    "did_you_mean",
    "evidence_names",
    "flow_matrix",
    "gini",
    "income_statement",
    "legal_phrase",
    "load_evidence",
    "load_scenario",
    "model_digest",
    "name_problem",
    "open_run",
    "resume",
    "run",
    "save",
    "seeds_of",
    "shipped_names",
    "skill_after_session",
    "skill_at_start",
    "top_share",
    "value_text",
]


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used, so that checking a file does not wait for the compiler."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(f"sim.{_HOME[name]}"), name)
