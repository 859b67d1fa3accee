"""The ODD+D document of a scenario (Grimm et al. 2020, JASSS 23(2) 7; Müller et al. 2013, Environmental Modelling & Software 48, 37-48)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sim
from analysis.reference import layout
from analysis.reference.markdown import code, prose, table
from analysis.reference.pages import phase_meaning, what_of, when_of
from analysis.reference.parameters import WORLD, all_declared
from analysis.wording import amount, band

_CONCEPTS = Path(__file__).with_name("concepts.md")
_PARAMETER_HEADS = ("key", "value", "unit", "meaning", "legal", "source of the default", "set by")


def odd_document(scenario: sim.Scenario) -> str:
    """The whole description in Markdown: the seven elements of ODD, with the design concepts of ODD+D, in this scenario's values."""
    parts = (_head, _purpose, _entities, _schedule, _concepts, _initialization, _input, _submodels)
    return "\n\n".join(block for part in parts for block in part(scenario)) + "\n"


def _head(scenario: sim.Scenario) -> Iterator[str]:
    yield f"# The model of the scenario `{scenario.name}`"
    yield scenario.question
    yield (
        f"ODD+D description, made by `flywheel describe odd {scenario.name}` from the declarations in the code. Equation numbers (M0 to "
        f"{sim.RULES[-1].number}) are those of the files in `sim/rules/`. Of {len(all_declared())} parameters the defaults are "
        f"{layout.source_counts(all_declared())}."
    )


def _purpose(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 1 Purpose and patterns"
    yield (
        "To find out which settings of steerability, monetization and export leakage make an AI product ecosystem grow by itself, and "
        f"which end in shutdown. This scenario asks: {scenario.question} Written for founders and product people, analysts, and "
        "researchers in computational social science."
    )
    yield "The model must be able to show these patterns, each of which can be switched off:"
    rows = ((claim.name, claim.statement, claim.rules, _changes(claim.off)) for claim in sim.CLAIMS)
    yield table(("claim", "pattern", "rules", "switched off by"), rows)
    if scenario.evidence is not None:
        yield from _public_figures(scenario.evidence)


def _public_figures(name: str) -> Iterator[str]:
    evidence = sim.load_evidence(name)
    yield f"Runs of this scenario are held against the public figures on the {evidence.product}:"
    rows = []
    for one in evidence.figures:
        value, span = amount(one.value, one.unit), band(one.low, one.high, one.unit)
        rows.append((one.label, value, span, one.unit, "fitted" if one.fitted else "not fitted", one.publisher))
    yield table(("figure", "value", "range", "unit", "use", "published by"), rows)


def _changes(changes: Mapping[str, sim.Value]) -> str:
    return ", ".join(f"`{path}: {sim.value_text(value)}`" for path, value in changes.items())


def _entities(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 2 Entities, state variables, and scales"
    rows_stand_for = scenario.people / scenario.agents
    yield (
        f"One step is one day; day 0 is {scenario.launch_date}, the run lasts {layout.counted(scenario.days, 'day')}. "
        f"{scenario.people:,.0f} people are held as {scenario.agents:,} rows of about {rows_stand_for:,.0f} people each. Space is not "
        "modelled. Money is counted in whole micro-dollars."
    )
    for name, columns in sim.COLUMNS.items():
        yield f"### State of {name}"
        yield table(("column", "unit", "meaning"), ((code(column.name), column.unit, column.meaning) for column in columns))
    yield "### Institutions"
    yield (
        "The operator (capacity reserved, share of sessions admitted), its parent (days over its limit, days with a better use for the "
        f"compute), {_named(scenario, 'external_platforms', 'external platform')} and {_named(scenario, 'rival_tools', 'rival tool')}."
    )


def _named(scenario: sim.Scenario, group: str, noun: str) -> str:
    names = scenario.names_in(group)
    return f"{layout.counted(len(names), noun)} ({', '.join(names)})" if names else f"no {noun}"


def _schedule(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 3 Process overview and scheduling"
    yield "Every day these phases, in this order; a phase is finished for everyone before the next begins."
    rows = (
        (f"{number} {code(phase.run.__name__)}", phase.rules, phase_meaning(phase), phase.reads, phase.writes, phase.draws, phase.posts)
        for number, phase in enumerate(sim.DAY, start=1)
    )
    yield table(("phase", "rules", "what happens", "reads", "writes", "draws", "posts"), rows)


def _concepts(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 4 Design concepts"
    yield _CONCEPTS.read_text(encoding="utf-8").strip()
    yield "### 4.11 Observation"
    yield "At the close of each day, over all people (rows times the people behind them):"
    daily = ((code(metric.name), metric.unit, metric.aggregation, metric.meaning) for metric in sim.DAILY)
    yield table(("daily metric", "unit", "over days", "meaning"), daily)
    yield "And of a whole run:"
    yield table(("figure", "unit", "meaning"), ((code(figure.key), figure.unit, figure.meaning) for figure in sim.FIGURES))
    yield "### 4.12 Implementation"
    yield (
        "Python; rules are pure functions compiled with Numba, which also run interpreted; the world is a Mesa model "
        "(`sim.Ecosystem`). The same scenario and seed give the same bits on every machine."
    )


def _initialization(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 5 Initialization"
    yield (
        "On day 0 nobody is in, no clip is there and nothing was learnt; the books open with the parent's budget and the operator's "
        "cash. Traits are drawn from the distributions declared with the rules below. The size of the world:"
    )
    yield _parameter_table(WORLD, scenario)


def _input(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 6 Input data"
    yield "No time series drive the model. From outside comes only what the scenario dates:"
    if scenario.interventions:
        rows = ((code(one.name), when_of(scenario, one), what_of(one), one.note) for one in scenario.interventions)
        yield table(("intervention", "when", "what changes", "why"), rows)
    else:
        yield "(nothing)"
    if scenario.gates:
        yield "For counterfactual runs the scenario says what would mend each gate:"
        mended = {gate: "mended here" if gate in scenario.mended else "" for gate in scenario.gates}
        yield table(("gate", "set to", ""), ((gate, _changes(changes), mended[gate]) for gate, changes in scenario.gates.items()))


def _submodels(scenario: sim.Scenario) -> Iterator[str]:
    yield "## 7 Submodels"
    for rule in sim.RULES:
        carried = f" Claims {', '.join(rule.claims)}." if rule.claims else ""
        yield f"### {rule.number} {rule.claim}"
        yield f"File `sim/rules/{rule.name}.py`.{carried}"
        if text := prose(rule.text):
            yield text
        yield "\n".join(f"- `{name}`: {said}" for name, said in rule.functions.items())
        yield _parameter_table(rule.parameters, scenario)
        for group in rule.groups:
            yield from _group(group, scenario)
    yield from _books()


def _group(group: str, scenario: sim.Scenario) -> Iterator[str]:
    names = scenario.names_in(group)
    yield f"Each of `{group}` has these fields:"
    rows = []
    for field in sim.NAMED_GROUPS[group]:
        values = [f"{name}: {sim.value_text(scenario.values[f'{group}.{name}.{field.key}'])}" for name in names]
        row = (code(f"{group}.<name>.{field.key}"), "; ".join(values) or "none here", field.unit, field.meaning, sim.legal_phrase(field))
        rows.append((*row, layout.source_of(field), f"default {sim.value_text(field.default)}"))
    yield table(_PARAMETER_HEADS, rows)


def _parameter_table(parameters: Sequence[sim.Parameter], scenario: sim.Scenario) -> str:
    """A row a parameter with this scenario's value and who set it."""
    rows = []
    for one in parameters:
        legal = "; ".join(part for part in (sim.legal_phrase(one), layout.when_it_moves(one)) if part)
        row = (code(one.key), sim.value_text(scenario.values[one.key]), one.unit, one.meaning, legal, layout.source_of(one))
        rows.append((*row, scenario.origins[one.key]))
    return table(_PARAMETER_HEADS, rows)


def _books() -> Iterator[str]:
    yield "### Books"
    yield (
        "Double entry; a day closes only when every holder's change of cash agrees with a second list of what it received and paid, "
        "and the sums agree with the populations' own columns; a breach stops the run."
    )
    holders = ((code(one.name), one.meaning, "yes" if one.may_go_below_zero else "no") for one in sim.HOLDERS)
    yield table(("holder", "who", "may go below zero"), holders)
    entries = ((code(one.name), one.payer, one.payee, one.meaning, one.line, code(one.metric)) for one in sim.ENTRIES)
    yield table(("kind of flow", "from", "to", "meaning", "line", "daily column"), entries)
