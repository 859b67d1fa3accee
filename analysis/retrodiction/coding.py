"""From a sheet to a scenario: what the guide says, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import yaml

import sim
from analysis.retrodiction.guide import Question
from analysis.retrodiction.sheet import Sheet

BASE = "baseline"
_PEOPLE = "people"
OF_ONE_PRODUCT = ("adoption.open_share", "charging.entitled_share")
"""Keys that a fit to one product finds, that are its own, and about which the guide does not ask: they stay as in the base."""

MADE_FROM = "# Made from sheets/"
"""How a scenario that was made from a sheet begins."""


def coded(sheet: Sheet, questions: tuple[Question, ...], shared: Mapping[str, sim.Value]) -> dict[str, sim.Value]:
    """The keys and values that a sheet sets.

    shared: what all cases have in common, every key with its value; what the guide multiplies, and what goes with the market, starts there.
    """
    values: dict[str, sim.Value] = {"launch_date": sheet.launched.isoformat(), "days": sheet.days}
    steps = [question.steps[sheet.coding[question.name].step - 1] for question in questions]
    for step in steps:
        values |= step.sets
        values |= {key: _rounded(factor * _number(shared[key])) for key, factor in step.times.items()}
    people = _number(values[_PEOPLE])
    values[sim.OF_THE_MARKET] = _rounded(_number(shared[sim.OF_THE_MARKET]) * people / _number(shared[_PEOPLE]))
    for step in steps:
        values |= {key: _rounded(number / people) for key, number in step.per_person.items()}
    return values


def _number(value: sim.Value) -> float:
    return float(cast(float, value))


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def shared_values(changes: Mapping[str, sim.Value]) -> dict[str, sim.Value]:
    """What the cases share: the baseline under these changes, such as a set of an ensemble. Raises InputError for an illegal one."""
    return dict(sim.load_scenario(BASE, changes).values)


def shared_changes(fitted: Mapping[str, sim.Value]) -> dict[str, sim.Value]:
    """What a set of parameters that was fitted to one product says of all of them; what the guide sets is laid over it by `coded`."""
    return {path: value for path, value in fitted.items() if path not in OF_ONE_PRODUCT}


def case_scenario(
    sheet: Sheet,
    questions: tuple[Question, ...],
    family: sim.ScenarioFamily,
    changes: Mapping[str, sim.Value],
    *,
    agents: int | None = None,
) -> sim.Scenario:
    """The scenario of a sheet. family: of the base; changes: what the shared values differ in from the base."""
    return family.member({**changes, **coded(sheet, questions, shared_values(changes))}, agents=agents)


def scenario_text(sheet: Sheet, questions: tuple[Question, ...]) -> str:
    """The scenario file of a sheet, on the values of the base."""
    document: dict[str, Any] = {}
    for path, value in coded(sheet, questions, shared_values({})).items():
        *sections, last = path.split(".")
        inner = document
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[last] = value
    head = (
        f"{MADE_FROM}{sheet.name}.yaml by the guide; change the sheet and make it again (`flywheel retrodict FOLDER --code`).\n"
        "# What the model cannot express of it:\n" + "".join(f"# - {sentence}\n" for sentence in sheet.cannot_express)
    )
    heading = {
        "schema": sim.SCHEMA,
        "question": f"What does the model say of {sheet.product}, from what was known before its outcome?",
        "extends": BASE,
    }
    return head + yaml.safe_dump(heading, sort_keys=False, width=200) + "\n" + yaml.safe_dump(document, sort_keys=False)
