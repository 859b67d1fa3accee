"""From a scenario file to a frozen Scenario: strict reading, `extends`, interventions, gates, overrides, and the origin of every value."""

from sim.scenario.description import describe_resolved
from sim.scenario.loading import load_scenario, shipped_folder, shipped_names
from sim.scenario.overrides import Overrides
from sim.scenario.scenario import Intervention, Scenario, Trigger, rederive

__all__ = [
    "Intervention",
    "Overrides",
    "Scenario",
    "Trigger",
    "describe_resolved",
    "load_scenario",
    "rederive",
    "shipped_folder",
    "shipped_names",
]
