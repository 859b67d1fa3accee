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
    from sim.files import encode_table, read_json, read_table, refuse, write_bytes, write_json
    from sim.foundation.compiled import KERNELS_ARE_CACHED
    from sim.foundation.errors import InputError, Problem, did_you_mean
    from sim.foundation.parameters import Parameter, Value
    from sim.foundation.streams import stratified_uniforms
    from sim.ledger.accounts import HOLDERS
    from sim.ledger.entries import ENTRIES
    from sim.ledger.journal import Books
    from sim.ledger.statements import cash_table, flow_matrix, income_statement
    from sim.observation.concentration import gini, top_share
    from sim.observation.metrics import DAILY
    from sim.outcome import GATE_DAYS, GATE_TESTS, OUTCOMES, GateReading, GateTest, read_gates, wilson
    from sim.results import Run, default_folder, finished_summaries, identity_of, model_digest, open_run, runs_table, versions
    from sim.rules.learning import skill_after_session, skill_at_start
    from sim.running import compile_kernels, run, seeds_of, simulate_daily
    from sim.saving import branch, resume, save
    from sim.scenario import Intervention, Scenario, describe_resolved, load_scenario, shipped_folder, shipped_names
    from sim.scenario.branching import branched
    from sim.scenario.description import value_text
    from sim.scenario.keys import GATES, INTERVENTION_FIELDS, name_problem, override_declaration
    from sim.scenario.loading import ScenarioFamily, read_tree
    from sim.scenario.noting import OF_THE_MARKET
    from sim.scenario.scenario import OPERATORS
    from sim.scenario.schema import NAMED_GROUPS, PARAMETERS, SCHEMA
    from sim.scenario.values import IllegalValueError, legal_phrase, legal_value
    from sim.scenario.yaml_tree import Block, Entry, Listing, Node, Place, ProblemList, Scalar, kind_of
    from sim.summary import FIGURES

_HOME = {
    "CLAIMS": "claims",
    "COLUMNS": "declarations",
    "DAILY": "observation.metrics",
    "DAY": "day",
    "ENTRIES": "ledger.entries",
    "FIGURES": "summary",
    "GATES": "scenario.keys",
    "GATE_DAYS": "outcome",
    "GATE_TESTS": "outcome",
    "HOLDERS": "ledger.accounts",
    "INTERVENTION_FIELDS": "scenario.keys",
    "KERNELS_ARE_CACHED": "foundation.compiled",
    "NAMED_GROUPS": "scenario.schema",
    "OF_THE_MARKET": "scenario.noting",
    "OPERATORS": "scenario.scenario",
    "OUTCOMES": "outcome",
    "PARAMETERS": "scenario.schema",
    "RULES": "declarations",
    "SCHEMA": "scenario.schema",
    "Block": "scenario.yaml_tree",
    "Books": "ledger.journal",
    "Claim": "claims",
    "Conflict": "evidence",
    "Ecosystem": "ecosystem",
    "Entry": "scenario.yaml_tree",
    "Evidence": "evidence",
    "GateReading": "outcome",
    "GateTest": "outcome",
    "IllegalValueError": "scenario.values",
    "InputError": "foundation.errors",
    "Intervention": "scenario",
    "Listing": "scenario.yaml_tree",
    "Node": "scenario.yaml_tree",
    "Parameter": "foundation.parameters",
    "Phase": "day",
    "Place": "scenario.yaml_tree",
    "Problem": "foundation.errors",
    "ProblemList": "scenario.yaml_tree",
    "PublicFigure": "evidence",
    "RuleFile": "declarations",
    "Run": "results",
    "Scalar": "scenario.yaml_tree",
    "Scenario": "scenario",
    "ScenarioFamily": "scenario.loading",
    "Value": "foundation.parameters",
    "branch": "saving",
    "branched": "scenario.branching",
    "cash_table": "ledger.statements",
    "compare": "evidence",
    "compile_kernels": "running",
    "default_folder": "results",
    "describe_resolved": "scenario",
    "did_you_mean": "foundation.errors",
    "encode_table": "files",
    "evidence_names": "evidence",
    "finished_summaries": "results",
    "flow_matrix": "ledger.statements",
    "gini": "observation.concentration",
    "identity_of": "results",
    "income_statement": "ledger.statements",
    "kind_of": "scenario.yaml_tree",
    "legal_phrase": "scenario.values",
    "legal_value": "scenario.values",
    "load_evidence": "evidence",
    "load_scenario": "scenario",
    "model_digest": "results",
    "name_problem": "scenario.keys",
    "open_run": "results",
    "override_declaration": "scenario.keys",
    "read_gates": "outcome",
    "read_json": "files",
    "read_table": "files",
    "read_tree": "scenario.loading",
    "refuse": "files",
    "resume": "saving",
    "run": "running",
    "runs_table": "results",
    "save": "saving",
    "seeds_of": "running",
    "shipped_folder": "scenario",
    "shipped_names": "scenario",
    "simulate_daily": "running",
    "skill_after_session": "rules.learning",
    "skill_at_start": "rules.learning",
    "stratified_uniforms": "foundation.streams",
    "top_share": "observation.concentration",
    "value_text": "scenario.description",
    "versions": "results",
    "wilson": "outcome",
    "write_bytes": "files",
    "write_json": "files",
}

__all__ = [
    "CLAIMS",
    "COLUMNS",
    "DAILY",
    "DAY",
    "ENTRIES",
    "FIGURES",
    "GATES",
    "GATE_DAYS",
    "GATE_TESTS",
    "HOLDERS",
    "INTERVENTION_FIELDS",
    "KERNELS_ARE_CACHED",
    "NAMED_GROUPS",
    "OF_THE_MARKET",
    "OPERATORS",
    "OUTCOMES",
    "PARAMETERS",
    "RULES",
    "SCHEMA",
    "Block",
    "Books",
    "Claim",
    "Conflict",
    "Ecosystem",
    "Entry",
    "Evidence",
    "GateReading",
    "GateTest",
    "IllegalValueError",
    "InputError",
    "Intervention",
    "Listing",
    "Node",
    "Parameter",
    "Phase",
    "Place",
    "Problem",
    "ProblemList",
    "PublicFigure",
    "RuleFile",
    "Run",
    "Scalar",
    "Scenario",
    "ScenarioFamily",
    "Value",
    "branch",
    "branched",
    "cash_table",
    "compare",
    "compile_kernels",
    "default_folder",
    "describe_resolved",
    "did_you_mean",
    "encode_table",
    "evidence_names",
    "finished_summaries",
    "flow_matrix",
    "gini",
    "identity_of",
    "income_statement",
    "kind_of",
    "legal_phrase",
    "legal_value",
    "load_evidence",
    "load_scenario",
    "model_digest",
    "name_problem",
    "open_run",
    "override_declaration",
    "read_gates",
    "read_json",
    "read_table",
    "read_tree",
    "refuse",
    "resume",
    "run",
    "runs_table",
    "save",
    "seeds_of",
    "shipped_folder",
    "shipped_names",
    "simulate_daily",
    "skill_after_session",
    "skill_at_start",
    "stratified_uniforms",
    "top_share",
    "value_text",
    "versions",
    "wilson",
    "write_bytes",
    "write_json",
]


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used, so that checking a file does not wait for the compiler."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(f"sim.{_HOME[name]}"), name)
