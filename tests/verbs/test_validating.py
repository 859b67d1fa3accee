"""`flywheel validate`: what it prints and how it exits. That its targets hold is tested in tests/validation."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from analysis.validation import price_structure, sections
from analysis.validation.target import Section


@pytest.fixture(autouse=True)
def _one_section(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sections, "SECTIONS", (price_structure.SECTION,))


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def with_fault() -> Section:
    """The section with elasticities of sides that are priced alone."""
    sweep, elasticities = price_structure.SECTION.targets
    return replace(price_structure.SECTION, targets=(sweep, replace(elasticities, check=partial(elasticities.check, cross_side=0.0))))


def test_targets_that_are_met_exit_with_zero_and_a_table_of_their_kind() -> None:
    result = flywheel("validate", "price_structure")
    assert result.exit_code == 0
    assert "2 of 2 targets met" in result.stdout
    assert "Toys: " in result.stdout
    assert "Rules of the model" not in result.stdout


def test_a_target_that_is_not_met_exits_with_one_and_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "SECTIONS", (with_fault(),))
    result = flywheel("validate", "price_structure")
    assert result.exit_code == 1
    assert "1 of 2 targets met" in result.stdout
    assert " no" in result.stdout


def test_json_holds_every_comparison_with_what_was_expected_and_got() -> None:
    document = json.loads(flywheel("validate", "price_structure", "--json").stdout)
    assert document["met"] is True
    assert [one["name"] for one in document["targets"]] == ["price_sweep", "elasticities"]
    (first, *_) = document["targets"][0]["comparisons"]
    assert (first["name"], first["form"], first["met"]) == ("a=2 b=1 c=0.3: p_B", "exact", True)
    assert (first["expected"], first["got"]) == (1.1, 1.1)


def test_an_unknown_section_and_too_few_seeds_are_said_at_once() -> None:
    result = flywheel("validate", "price", "--seeds", "3")
    assert result.exit_code == 2
    assert "no section is called 'price'" in result.stderr
    assert "3 seeds tell too little" in result.stderr
    assert result.stdout == ""
