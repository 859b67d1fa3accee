"""The scenario that `flywheel new` writes: what a founder knows, asked section by section, each key with what is legal."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterator
from typing import cast

import sim

_COLUMN = 40
_WIDTH = 110

PEOPLE = "people"

Question = tuple[str, tuple[str, ...]]

QUESTIONS: tuple[Question, ...] = (
    ("How many people could use it at all, and what share of them would make something with it?", (PEOPLE, "creators_share")),
    ("When does it start, and for how many days do you look? (A verdict needs 180.)", ("launch_date", "days")),
    (
        "How do people hear of it: a launch with buzz that fades, those who use it, advertising? Is everyone let in from the start? "
        "These are shares of the market a day, fitted to one launch: if you know how many come on the first day, buzz_per_day is about "
        "that number / people / open_share.",
        (
            "adoption.buzz_per_day",
            "adoption.buzz_days",
            "adoption.word_of_mouth_per_day",
            "adoption.advertising_per_day",
            "adoption.open_share",
        ),
    ),
    (
        "Does a clip seen elsewhere, with your mark on it, bring people here? Nobody has published how much.",
        ("adoption.referral_per_outside_view",),
    ),
    ("Can a maker steer it: after a miss, is the next attempt nearer to what she wants (1), or a new draw (0)?", ("dials.steerability",)),
    ("What does a clip earn its maker here, relative to what it would earn outside? 0: nothing, 1: the same.", ("dials.monetization",)),
    ("Can clips leave? 0: a walled garden, 1: one tap.", ("dials.export_leakage",)),
    (
        "How often is a first attempt usable? For small numbers the chance is about acceptable_miss: .085 is 8 of 100.",
        ("making.acceptable_miss", "making.patience_attempts"),
    ),
    ("What does an attempt cost the maker, in effort, and how many a day are free?", ("making.effort_usd", "making.free_quota_per_day")),
    (
        "What is a usable clip worth to her, money apart, and what else could she do with the time of a session?",
        ("creators.value_usd", "creators.making_outside_usd"),
    ),
    (
        "How strong is the pull of everything else on those who watch? A well filled feed gets half of their attention at 0, "
        "a seventh at 1.8. What fills a feed goes with the market: scale attraction_scale with people.",
        ("watching.outside_logit", "watching.slots_per_visit", sim.OF_THE_MARKET),
    ),
    (
        "What does an attempt cost you at launch and at best, and how fast does the price of compute fall?",
        ("compute.first_unit_cost_usd", "compute.floor_unit_cost_usd", "compute.decline_factor_per_year"),
    ),
    (
        "Who pays you: advertisers, makers by the attempt, subscribers? How many pay at all, and what does the store keep?",
        (
            "charging.advertising_usd_per_1000_views",
            "charging.credit_usd_per_attempt",
            "charging.subscription_usd_per_month",
            "charging.subscription_quota_per_day",
            "charging.willing_to_pay_share",
            "charging.store_fee_share",
        ),
    ),
    (
        "What do you pay every day whatever happens, and what is in the bank at launch?",
        ("operator.fixed_usd_per_day", "operator.opening_cash_usd"),
    ),
    (
        "Who covers the losses, and what do they bear before they stop? (Without a parent: budget 0, and the money above.)",
        ("parent.budget_usd", "parent.stop_loss_usd", "parent.patience_usd_per_new_active"),
    ),
)
"""What to ask, with the keys that hold the answer; those of one section follow one another."""

_PLATFORM_QUESTION = "Where could clips go, how often would one be seen there, and what does that pay? Write `open: false` for nowhere."


def template(name: str, like: sim.Scenario, people: float | None = None) -> str:
    """The text of a scenario that extends a shipped one and holds its own values for each question: valid, and the same world.

    people: another size of the market; what is fitted to the size is scaled with it.
    """
    values = dict(like.values)
    if people is not None:
        values |= {PEOPLE: people, sim.OF_THE_MARKET: _rounded(cast(float, values[sim.OF_THE_MARKET]) * people / like.people)}
    return "\n".join(_lines(name, dataclasses.replace(like, values=values))) + "\n"


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _lines(name: str, like: sim.Scenario) -> Iterator[str]:
    yield f"# {name}: a scenario of your own, as `{like.name}` until you change it. After `#`: what the number means, what is legal,"
    yield "# and the general default where it differs. Delete the lines you know nothing about: they then follow what is extended."
    yield "# `flywheel describe parameters` explains every key there is; in most editors `flywheel schema` completes them."
    yield f"schema: {sim.SCHEMA}"
    yield f"question: Will {name.replace('_', ' ')} feed itself?  # what you want to know, in one sentence"
    yield f"extends: {like.name}"
    if like.evidence is not None:
        yield "evidence: null  # the public figures are those of another product"
    section = ""
    for question, keys in QUESTIONS:
        head = keys[0].rpartition(".")[0]
        indent = "  " if head else ""
        if head != section:
            section = head
            yield f"\n{head}:"
        elif not head:
            yield ""
        yield from _comment(question, indent)
        for key in keys:
            yield from _setting(sim.PARAMETERS[key], key.rpartition(".")[2], like.values[key], indent)
    yield from _platforms(like)
    yield from _dated(like)


def _comment(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(text, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _setting(parameter: sim.Parameter, name: str, value: sim.Value, indent: str) -> Iterator[str]:
    """A key with its value, and beside it meaning, legal range, and default where it differs."""
    default = "" if value == parameter.default else f"; default {sim.value_text(parameter.default)}"
    said = textwrap.wrap(f"{parameter.meaning}: {sim.legal_phrase(parameter)}{default}", _WIDTH - _COLUMN - 2)
    yield f"{f'{indent}{name}: {sim.value_text(value)}':<{_COLUMN}}  # {said[0]}"
    yield from (f"{'':<{_COLUMN}}  # {line}" for line in said[1:])


def _platforms(like: sim.Scenario) -> Iterator[str]:
    names = like.names_in("external_platforms")
    yield "\nexternal_platforms:" if names else "\n# external_platforms:"
    off = "" if names else "# "
    yield from _comment(_PLATFORM_QUESTION, "  ")
    for name in names or ("short_video",):
        yield f"{off}  {name}:"
        for field in sim.NAMED_GROUPS["external_platforms"]:
            value = like.values[f"external_platforms.{name}.{field.key}"] if names else field.default
            yield from (f"{off}{line}" for line in _setting(field, field.key, value, "    "))


def _dated(like: sim.Scenario) -> Iterator[str]:
    yield "\n# What will change, on a day, on a date, or when the books say so? Remove the signs `# ` and adapt:"
    yield "# interventions:"
    yield "#   price_rise:"
    yield "#     day: 60"
    yield "#     set: {charging.subscription_usd_per_month: 20}"
    yield "#   austerity:"
    yield "#     when: runway_days < 90"
    yield "#     set: {making.free_quota_per_day: 3}"
    if like.interventions:
        yield f"# From `{like.name}` come {', '.join(one.name for one in like.interventions)}; to remove one write under `interventions:`"
        yield f"#   {like.interventions[0].name}: null"
