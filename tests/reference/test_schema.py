"""The JSON Schema of scenario files: it takes what the loader takes and refuses what one file alone can show to be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

import sim
from analysis.reference.schema import scenario_schema
from analysis.verbs.template import template
from sim.scenario import shipped_folder
from sim.scenario.yaml_tree import Block, Listing, Node, ProblemList, parse_tree

GALLERY = Path(__file__).parents[1] / "errors"
SCHEMA = scenario_schema()
REFUSED = (
    *("unknown_key", "unknown_section", "unknown_key_of_another_section", "out_of_range", "out_of_open_range", "not_a_number", "not_whole"),
    *(
        "negative_days",
        "null_value",
        "percent",
        "quoted_number",
        "underscores",
        "unknown_choice",
        "flag_in_words",
        "bad_date",
        "clock_time",
    ),
    *("list_for_a_value", "list_for_a_section", "mapping_for_a_value", "empty_section", "list_at_the_top", "dotted_key", "evidence_path"),
    *("question_missing", "question_empty", "question_of_two_lines", "schema_missing", "schema_unknown", "platform_unknown_field"),
    *("platform_illegal_value", "group_null", "intervention_unknown_field", "intervention_unknown_path", "intervention_illegal_value"),
    *("intervention_with_two_times", "intervention_unknown_metric", "intervention_bad_name", "intervention_fixed_path"),
    *(
        "intervention_scalar",
        "intervention_list",
        "intervention_empty_set",
        "intervention_negative_day",
        "gate_unknown",
        "gate_unknown_path",
    ),
    *("gate_mended_text", "gate_mended_unknown"),
)


def document(text: str) -> Any:
    """A scenario file as JSON values, read as YAML 1.2 reads it."""
    problems = ProblemList()
    node = parse_tree(text, "file", problems)
    assert node is not None
    assert problems.found == []
    return _plain(node)


def _plain(node: Node) -> Any:
    if isinstance(node, Block):
        return {entry.key: _plain(entry.node) for entry in node.entries}
    return [_plain(item) for item in node.items] if isinstance(node, Listing) else node.value


def errors_of(text: str) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document(text))]


def test_it_is_a_schema_of_the_draft_it_names() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", sim.shipped_names())
def test_shipped_scenarios_are_valid(name: str) -> None:
    assert errors_of((shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ["baseline", "sora"])
def test_new_and_resolved_scenarios_are_valid(name: str) -> None:
    scenario = sim.load_scenario(name)
    assert errors_of(template("mine", scenario)) == []
    assert errors_of(sim.describe_resolved(scenario)) == []


@pytest.mark.parametrize("name", REFUSED)
def test_files_of_the_gallery_are_refused(name: str) -> None:
    assert errors_of((GALLERY / f"{name}.yaml").read_text(encoding="utf-8")) != []


def test_every_key_says_what_it_means() -> None:
    for key, parameter in sim.PARAMETERS.items():
        here: Any = SCHEMA
        for part in key.split("."):
            here = here["properties"][part]
        assert here["description"].startswith(parameter.meaning)
        assert here["default"] == parameter.default
