"""The shorter pages of the reference: the day, the accounts, the metrics, the claims, and the overview."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import sim
from analysis.reference import layout
from analysis.reference.parameters import all_declared
from analysis.wording import breaks_when


def day_page(scenario: sim.Scenario | None, width: int) -> str:
    """The phases of a day in order; for a scenario also what happens to it from outside, and when."""
    intro = (
        f"{layout.counted(len(sim.DAY), 'phase')} in this order (sim/day.py). A phase sees what earlier phases of the day left, and of "
        "other people only yesterday's sums."
    )
    blocks = [_phase(number, phase, width) for number, phase in enumerate(sim.DAY, start=1)]
    if scenario is not None:
        blocks += [layout.heading(f"Interventions of the scenario '{scenario.name}'", width), *_interventions(scenario, width)]
    return layout.page("One day", intro, blocks, width)


def phase_meaning(phase: sim.Phase) -> str:
    """What a phase does, from its docstring, without the number of the rule in front."""
    text = " ".join((inspect.getdoc(phase.run) or "").partition("\n\n")[0].split())
    head, colon, rest = text.partition(": ")
    bare = rest if colon and head.startswith("M") and head[1:2].isdigit() else text
    return bare[:1].upper() + bare[1:]


def _phase(number: int, phase: sim.Phase, width: int) -> str:
    rules = f"  ({phase.rules})" if phase.rules else ""
    fields = ((name, getattr(phase, name)) for name in ("reads", "writes", "draws", "posts"))
    details = (phase_meaning(phase), *(f"{name}: {said}" if said else "" for name, said in fields))
    return layout.item(f"{number:>2}  {phase.run.__name__}{rules}", details, width)


def when_of(scenario: sim.Scenario, one: sim.Intervention) -> str:
    """When an intervention happens: its day and date, or its trigger."""
    if one.day is None:
        return f"once, when {one.when}"
    return f"day {one.day}, {scenario.date_of(one.day)}"


def what_of(one: sim.Intervention) -> str:
    """What an intervention changes."""
    changes = [f"{path} = {sim.value_text(value)}" for path, value in one.changes.items()]
    over = f" over {one.ramp_days} days" if one.ramp_days else ""
    return ", ".join([*changes, *(["the product is closed"] if one.closes else [])]) + over


def _interventions(scenario: sim.Scenario, width: int) -> Iterator[str]:
    for one in scenario.interventions:
        yield layout.item(f"{one.name}: {when_of(scenario, one)}", (what_of(one), one.note), width)
    if not scenario.interventions:
        yield "none"


def accounts_page(scenario: sim.Scenario | None, width: int) -> str:
    """Who can hold money, and the kinds of flow between them."""
    intro = (
        f"Double entry in whole micro-dollars: {layout.counted(len(sim.HOLDERS), 'holder')} of cash and "
        f"{layout.counted(len(sim.ENTRIES), 'kind')} of money flow. Every dollar moves by one of these kinds, and each day closes only "
        "when the books agree with a second source."
    )
    holders = [
        layout.item(holder.name, (f"{holder.meaning}{'; may go below zero' if holder.may_go_below_zero else ''}",), width)
        for holder in sim.HOLDERS
    ]
    entries = [
        layout.item(
            f"{entry.name}: {entry.payer} → {entry.payee}", (entry.meaning, f"{entry.line}; in the daily column {entry.metric}"), width
        )
        for entry in sim.ENTRIES
    ]
    holders_heading = layout.heading("Holders (sim/ledger/accounts.py)", width)
    return layout.page(
        "Accounts", intro, [holders_heading, *holders, layout.heading("Kinds of flow (sim/ledger/entries.py)", width), *entries], width
    )


def metrics_page(scenario: sim.Scenario | None, width: int) -> str:
    """The columns of the daily table, and the figures of a whole run."""
    intro = (
        f"{layout.counted(len(sim.DAILY), 'column')} of the daily table (beside `day`, and `seed` in a run of several), each with how "
        f"days make a month, and {layout.counted(len(sim.FIGURES), 'figure')} of a whole run (summary.json, and the columns of the "
        "table of runs), beside `interventions.<name>`, the day on which each happened. A `when:` in a scenario may name any daily column."
    )
    daily = [layout.item(f"{metric.name} [{metric.unit}] {metric.aggregation}", (metric.meaning,), width) for metric in sim.DAILY]
    figures = [layout.item(f"{figure.key} [{figure.unit}]", (figure.meaning,), width) for figure in sim.FIGURES]
    over = f"over {sim.GATE_DAYS} trailing days"
    gates = [layout.item(f"{test.gate} gate", (f"broken while {breaks_when(test)}, {over}",), width) for test in sim.GATE_TESTS]
    parts = (
        ("Every day (sim/observation/metrics.py)", daily),
        ("Over a run (sim/summary.py)", figures),
        ("What breaks a gate (sim/outcome.py)", gates),
    )
    return layout.page("Metrics", intro, [block for title, items in parts for block in (layout.heading(title, width), *items)], width)


def claims_page(scenario: sim.Scenario | None, width: int) -> str:
    """The claims of the model, and for each the settings that switch it off."""
    intro = (
        f"{layout.counted(len(sim.CLAIMS), 'claim')} the model can express, each with the rules that carry it and the overrides that "
        "switch it off, so that you can see what it does to a world: run it twice, with and without them."
    )
    return layout.page("Claims", intro, [_claim(claim, scenario, width) for claim in sim.CLAIMS], width)


def _claim(claim: sim.Claim, scenario: sim.Scenario | None, width: int) -> str:
    off = " ".join(f"--set {path}={sim.value_text(value)}" for path, value in claim.off.items())
    here = "" if scenario is None else ", ".join(f"{path} {sim.value_text(scenario.values[path])}" for path in claim.off)
    details = (f"carried by {claim.rules.replace(' ', ', ')}", f"off with {off}", here and f"in '{scenario and scenario.name}': {here}")
    return layout.item(layout.filled(f"{claim.name}  {claim.statement}", width), details, width)


def overview_page(width: int) -> str:
    """What can be described, with counts, and how to go on."""
    rows = (
        ("parameters", f"{len(all_declared())} keys of a scenario file ({layout.source_counts(all_declared())})"),
        ("day", f"the {len(sim.DAY)} phases of a simulated day, in order"),
        ("accounts", f"{len(sim.HOLDERS)} holders of money and {len(sim.ENTRIES)} kinds of flow between them"),
        ("metrics", f"{len(sim.DAILY)} columns of the daily table and {len(sim.FIGURES)} figures of a run"),
        ("claims", f"{len(sim.CLAIMS)} claims of the model, and how to switch each off"),
        ("odd", f"the whole model of a scenario, with its {len(sim.RULES)} rules (ODD+D, Markdown)"),
    )
    topics = "\n".join(f"{topic:<12}{said}" for topic, said in rows)
    intro = "What the simulator declares of itself. Nothing on these pages is written by hand twice: they are made from the code that runs."
    onward = "\n".join(
        f"{command:<40}{said}"
        for command, said in (
            ("flywheel describe parameters", "a page, to read or to pipe into less"),
            ("flywheel describe parameters sora", "the same with the values of a scenario"),
            ("flywheel describe parameters adoption", "the keys that begin so, or one key"),
            ("flywheel describe odd sora --out odd.md", "a document"),
            ("flywheel list", "the scenarios that come with this"),
            ("flywheel check sora", "resolved, with what set each value"),
        )
    )
    return layout.page("Flywheel", intro, [topics, onward], width)
