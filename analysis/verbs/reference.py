"""Verbs that tell what the model is made of and what is known of the world: describe, evidence."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

import sim
from analysis.printing import WIDEST, console
from analysis.verbs.common import TextFile, failures, give, refusal


class Topic(StrEnum):
    """What can be described."""

    PARAMETERS = "parameters"
    DAY = "day"
    ACCOUNTS = "accounts"
    METRICS = "metrics"
    CLAIMS = "claims"
    ODD = "odd"


WITHOUT_SCENARIO = (Topic.ACCOUNTS, Topic.METRICS)
"""Topics that are the same for every scenario."""


def describe(
    topic: Annotated[Topic | None, typer.Argument(help="What to describe; without it, what there is.", show_default=False)] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO] [KEY]",
            help="With the values of this scenario; of `parameters` only this key, or those that begin so.",
            show_default=False,
        ),
    ] = None,
    named: Annotated[str | None, typer.Option("--scenario", help="The same as the argument.", show_default=False)] = None,
    out: TextFile = None,
) -> None:
    """Describe what the model declares: its parameters, day, accounts, metrics, claims; `odd SCENARIO`: all of it, in Markdown."""
    with failures() as err:
        key, scenario = _told_apart(topic, words or [])
        if scenario is not None and named is not None:
            raise refusal("--scenario", f"the scenario is given twice, as '{scenario}' and as '{named}'", "give it once")
        chosen = scenario or named
        if chosen is not None and (topic is None or topic in WITHOUT_SCENARIO):
            raise refusal("--scenario", f"{topic or 'the overview'} is the same for every scenario", "leave the scenario out")
        if topic is Topic.ODD and chosen is None:
            raise refusal("describe odd", "which scenario?", "for example `flywheel describe odd sora --out odd.md`")
        loaded = None if chosen is None else sim.load_scenario(chosen)
        give(_text(topic, key, loaded, WIDEST if out else console().width), out, err)


def _told_apart(topic: Topic | None, words: Sequence[str]) -> tuple[str | None, str | None]:
    """Of the words after the topic, the key (of `parameters` only) and the scenario; None for what is not there."""
    from analysis.reference.parameters import all_paths, named  # noqa: PLC0415

    keys = [word for word in words if topic is Topic.PARAMETERS and word not in sim.shipped_names() and named(word)]
    others = [word for word in words if word not in keys]
    if len(keys) > 1 or len(others) > 1:
        raise refusal("describe", f"there is one word too many: '{words[-1]}'", "one scenario, and of `parameters` one key")
    if topic is Topic.PARAMETERS and others and "/" not in others[0] and not others[0].endswith((".yaml", ".yml")):
        word, last_names = others[0], {path.rpartition(".")[2] for path in all_paths()}
        if word not in sim.shipped_names():
            hint = sim.did_you_mean(word, [*sim.shipped_names(), *all_paths(), *sorted(last_names)])
            raise refusal("describe parameters", f"'{word}' is neither a key nor a shipped scenario", hint)
    return next(iter(keys), None), next(iter(others), None)


def _text(topic: Topic | None, key: str | None, scenario: sim.Scenario | None, width: int) -> str:
    from analysis.reference import odd, pages, parameters  # noqa: PLC0415

    if key is not None:
        return parameters.some_parameters(key, scenario, width)
    if topic is None:
        return pages.overview_page(width)
    if topic is Topic.ODD:
        assert scenario is not None
        return odd.odd_document(scenario)
    page = {
        Topic.PARAMETERS: parameters.parameters_page,
        Topic.DAY: pages.day_page,
        Topic.ACCOUNTS: pages.accounts_page,
        Topic.METRICS: pages.metrics_page,
        Topic.CLAIMS: pages.claims_page,
    }[topic]
    return page(scenario, width)


def evidence(
    name: Annotated[str | None, typer.Argument(help="Name of the public figures; without it, those there are.", show_default=False)] = None,
    out: TextFile = None,
) -> None:
    """List the public figures the model is held against: values, ranges, sources, and where sources disagree."""
    with failures() as err:
        from analysis.reference.public import evidence_overview, evidence_page  # noqa: PLC0415

        width = WIDEST if out else console().width
        give(evidence_overview(width) if name is None else evidence_page(sim.load_evidence(name), width), out, err)
