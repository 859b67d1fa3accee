"""The reference holds everything that is declared, each thing once, and reads well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import sim
from analysis.reference.odd import odd_document
from analysis.reference.pages import accounts_page, claims_page, day_page, metrics_page, overview_page
from analysis.reference.parameters import all_declared, parameters_page
from analysis.reference.public import evidence_page

Page = Callable[[sim.Scenario | None, int], str]
PAGES: tuple[Page, ...] = (parameters_page, day_page, accounts_page, metrics_page, claims_page)
RULES_FOLDER = Path(sim.__file__).parent / "rules"


@pytest.fixture(scope="module")
def odd() -> str:
    return odd_document(sim.load_scenario("sora"))


def heads(page: str) -> list[str]:
    """The first words of the lines at the left margin, where declarations stand."""
    return [line.split()[0].rstrip(":") for line in page.splitlines() if line and not line.startswith(" ")]


def each_once(names: Iterable[str], found: Iterable[str]) -> None:
    counts = Counter(found)
    assert {name: counts[name] for name in names if counts[name] != 1} == {}


def full_keys() -> list[str]:
    return [*sim.PARAMETERS, *(f"{group}.<name>.{field.key}" for group, fields in sim.NAMED_GROUPS.items() for field in fields)]


def test_every_parameter_is_described_once() -> None:
    each_once(full_keys(), heads(parameters_page(None, 100)))
    each_once(full_keys(), heads(parameters_page(sim.load_scenario("sora"), 80)))


def test_every_rule_file_is_named_once_and_none_is_forgotten() -> None:
    files = [path.stem for path in RULES_FOLDER.glob("*.py") if path.stem != "__init__"]
    assert sorted(rule.name for rule in sim.RULES) == sorted(files)
    named = re.findall(r"sim/rules/(\w+)\.py", parameters_page(None, 200))
    assert sorted(named) == sorted(files)


def test_every_way_a_gate_breaks_is_described_with_its_bound() -> None:
    page = " ".join(metrics_page(None, 100).replace("\u00a0", " ").split())
    assert "interaction gate broken while attempts per usable clip over 5, over 28 trailing days" in page
    assert [page.count(f"broken while {test.figure}") for test in sim.GATE_TESTS] == [1] * len(sim.GATE_TESTS)


def test_every_phase_is_described_once_and_in_order() -> None:
    names = [line.split()[1] for line in day_page(None, 100).splitlines() if re.match(r" ?\d+  \w", line)]
    assert names == [phase.run.__name__ for phase in sim.DAY]


def test_every_holder_and_kind_of_flow_is_described_once() -> None:
    each_once([*(holder.name for holder in sim.HOLDERS), *(entry.name for entry in sim.ENTRIES)], heads(accounts_page(None, 100)))


def test_every_metric_and_figure_is_described_once() -> None:
    daily, _, run = metrics_page(None, 100).partition("Over a run")
    each_once((metric.name for metric in sim.DAILY), heads(daily))
    each_once((figure.key for figure in sim.FIGURES), heads(run))


def test_every_claim_is_described_once() -> None:
    each_once((claim.name for claim in sim.CLAIMS), heads(claims_page(None, 100)))


def test_the_document_holds_every_declaration_once(odd: str) -> None:
    rows = Counter(re.findall(r"^\| `?([^`|]+?)`? \|", odd, re.MULTILINE))
    assert {name: rows[name] for name in (*full_keys(), *(claim.name for claim in sim.CLAIMS)) if rows[name] != 1} == {}
    books = odd[odd.index("### Books") :]
    each_once([*(holder.name for holder in sim.HOLDERS), *(entry.name for entry in sim.ENTRIES)], table_heads(books))
    for rule in sim.RULES:
        assert odd.count(f"`sim/rules/{rule.name}.py`") == 1
        assert odd.count(f"### {rule.number} ") == 1
        assert all(odd.count(f"- `{name}`: ") == 1 for name in rule.functions), rule.name
    for phase in sim.DAY:
        assert len(re.findall(rf"^\| \d+ `{phase.run.__name__}` \|", odd, re.MULTILINE)) == 1
    observed = odd[odd.index("### 4.11") : odd.index("### 4.12")]
    daily, _, of_a_run = observed.partition("And of a whole run")
    each_once((metric.name for metric in sim.DAILY), table_heads(daily))
    each_once((figure.key for figure in sim.FIGURES), table_heads(of_a_run))
    for name, columns in sim.COLUMNS.items():
        section = odd[odd.index(f"### State of {name}") :].split("\n### ", maxsplit=1)[0]
        each_once((column.name for column in columns), table_heads(section))


def table_heads(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def test_nothing_is_declared_twice() -> None:
    in_rules = [parameter.key for rule in sim.RULES for parameter in rule.parameters]
    assert len(in_rules) == len(set(in_rules))
    assert set(in_rules) <= set(sim.PARAMETERS)
    for fields in sim.NAMED_GROUPS.values():
        assert len({field.key for field in fields}) == len(fields)
    for declared in (sim.CLAIMS, sim.HOLDERS, sim.ENTRIES, sim.DAILY, *sim.COLUMNS.values()):
        assert len({one.name for one in declared}) == len(declared)
    assert len({figure.key for figure in sim.FIGURES}) == len(sim.FIGURES)
    assert len({phase.run for phase in sim.DAY}) == len(sim.DAY)
    assert len({rule.number for rule in sim.RULES}) == len(sim.RULES)


def test_no_two_things_of_a_kind_are_said_to_be_the_same() -> None:
    for kind in (all_declared(), sim.DAILY, sim.FIGURES, sim.HOLDERS, sim.ENTRIES):
        twice = [meaning for meaning, count in Counter(one.meaning for one in kind).items() if count > 1]
        assert twice == []


def test_claims_rules_and_settings_name_each_other_rightly() -> None:
    rules = {rule.number: rule for rule in sim.RULES}
    for claim in sim.CLAIMS:
        assert set(claim.rules.split()) <= set(rules)
        assert set(claim.off) <= set(sim.PARAMETERS)
    names = {claim.name for claim in sim.CLAIMS}
    for rule in sim.RULES:
        assert set(rule.claims) <= names
    assert {name for rule in sim.RULES for name in rule.claims} == names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
@pytest.mark.parametrize("width", [80, 100])
def test_pages_keep_to_their_width(page: Page, width: int) -> None:
    longest = max((line for line in page(sim.load_scenario("sora"), width).splitlines()), key=len)
    assert len(longest) <= width, longest


def test_the_overview_counts_what_there_is() -> None:
    text = overview_page(80)
    assert f"{len(all_declared())} keys" in text
    assert f"{len(sim.DAILY)} columns" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_scenario_shows_its_values_and_who_set_them() -> None:
    page = parameters_page(sim.load_scenario("sora", ["dials.monetization=0.25"]), 100)
    assert "dials.monetization = 0.25\n" in page
    assert "default 0.5; set by --set" in page
    assert "learning.carry_over = 0.05\n" in page
    assert "derived from dials.steerability" in page


def test_the_document_has_the_seven_elements_and_this_scenarios_equations_and_dates(odd: str) -> None:
    elements = re.findall(r"^## (\d) (.+)$", odd, re.MULTILINE)
    assert [name for _, name in elements] == [
        "Purpose and patterns",
        "Entities, state variables, and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialization",
        "Input data",
        "Submodels",
    ]
    assert "u(n, t) = u_f + (u_0 - u_f)·(1 + n/n_0)^(-b)·F^(-t/365)" in odd
    assert "| `quota_cut` | day 59, 2025-11-28 | making.free_quota_per_day = 6 |" in odd
    assert "| `dials.steerability` | 0.05 |" in odd


def test_tables_of_the_document_have_as_many_cells_in_every_row(odd: str) -> None:
    width = 0
    for line in odd.splitlines():
        if line.startswith("| "):
            cells = len(re.findall(r"(?<!\\)\|", line))
            assert cells == (width or cells), line
            width = cells
        else:
            width = 0


@pytest.mark.parametrize("name", ["baseline", "paid_tool", "sora_three_gates"])
def test_any_scenario_can_be_described(name: str) -> None:
    assert f"`{name}`" in odd_document(sim.load_scenario(name))


def test_public_figures_and_their_conflicts_are_all_listed() -> None:
    evidence = sim.load_evidence("sora")
    page = evidence_page(evidence, 80)
    assert [f"    {figure.name}:" in page for figure in evidence.figures] == [True] * 18
    assert len(evidence.conflicts) == 7
    known = {figure.name for figure in evidence.figures}
    for conflict in evidence.conflicts:
        assert len(conflict.says) > 1
        assert conflict.used
        assert set(conflict.figures) <= known
        assert conflict.sources
        assert all(source.startswith("https://") for source in conflict.sources)
        assert page.count(f"\n{conflict.name}: ") == 1
    too_long = [line for line in page.splitlines() if len(line) > 80 and "https://" not in line]
    assert too_long == []
