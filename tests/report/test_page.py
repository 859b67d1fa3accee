"""The page as a reader and a browser get it: whole, offline, escaped, accessible, small, the same for the same run."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from analysis.report import write_report
from analysis.wording import verdict
from sim.results import Run
from tests.report.conftest import COMMAND, EVIL, Report

SECTIONS = ["sure", "gates", "users", "making", "money", "creators", "evidence", "settings", "numbers", "made"]
FIGURES = [
    "daily_users",
    "installs_by_month",
    "retention",
    "retention_by_month",
    "attempts",
    "views",
    "who_pays_whom",
    "money_by_day",
    "compute",
    "concentration",
]


@pytest.fixture(params=["closed", "bare"])
def report(request: pytest.FixtureRequest) -> Report:
    """Each of the two reports."""
    found: Report = request.getfixturevalue(request.param)
    return found


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_section_and_figure_is_there(report: Report) -> None:
    assert [one.attributes["id"] for one in report.page.all("section")] == SECTIONS
    extra = {"installs_total", "public_figures"} if report.run.evidence else set()
    assert {one.attributes["id"] for one in report.page.all("figure")} == {*FIGURES, *extra}


def test_the_verdict_is_the_heading(report: Report) -> None:
    [heading] = report.page.all("h1")
    assert plain(heading.text) == verdict(report.run)


def test_each_figure_has_a_finding_a_picture_its_data_and_the_command(report: Report) -> None:
    for figure in report.page.all("figure"):
        [finding] = report.page.within(figure, "h3")
        assert len(finding.text) > 10
        [table] = report.page.within(figure, "table")
        assert report.page.within(table, "td"), figure.attributes
        [command] = report.page.within(figure, "code")
        assert command.text == COMMAND
        for svg in report.page.within(figure, "svg"):
            [title] = report.page.within(svg, "title")
            assert title.text == plain(finding.text)
            assert report.page.within(svg, "text"), "text is kept as text"


def test_the_closed_world_has_a_picture_for_each_figure(closed: Report) -> None:
    assert len(closed.page.all("svg")) == len(closed.page.all("figure")) == len(FIGURES) + 2


def test_nothing_is_loaded_from_anywhere(report: Report) -> None:
    assert not {"script", "link", "iframe", "object", "embed", "img", "base", "form"} & {one.tag for one in report.page.elements}
    for one in report.page.elements:
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            assert "http" not in value or name == "http-equiv"
            if name in ("src", "href", "xlink:href"):
                assert value.startswith("#")
    [style] = report.page.all("style")
    assert "@import" not in style.text
    assert all(address.startswith("#") for address in re.findall(r"url\(([^)]*)\)", report.text))


def test_what_a_scenario_says_is_text(bare: Report) -> None:
    [question] = [one for one in bare.page.all("p") if one.attributes.get("class") == "question"]
    assert question.text == EVIL
    assert "<script" not in bare.text


def test_ids_are_unique_and_every_reference_has_a_target(report: Report) -> None:
    ids = [one.attributes["id"] for one in report.page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    targets = {value[1:] for one in report.page.elements for name, value in one.attributes.items() if name == "href"}
    targets |= set(re.findall(r"url\(#([^)]*)\)", report.text))
    targets |= {name for one in report.page.elements for name in one.attributes.get("aria-labelledby", "").split()}
    assert targets <= set(ids)


def test_the_page_can_be_read_without_seeing_it(report: Report) -> None:
    [html] = report.page.all("html")
    assert html.attributes["lang"] == "en"
    assert all("scope" in one.attributes for one in report.page.all("th"))
    assert all(report.page.within(table, "caption") for table in report.page.all("table"))
    assert all(svg.attributes["role"] == "img" for svg in report.page.all("svg"))
    levels = [int(one.tag[1]) for one in report.page.elements if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_files_of_each_figure_are_beside_the_page(report: Report) -> None:
    for figure in report.page.all("figure"):
        kinds = {"csv", "png", "svg"} if report.page.within(figure, "svg") else {"csv"}
        name = figure.attributes["id"]
        assert {path.suffix[1:] for path in (report.folder / "figures").glob(f"{name}.*")} == kinds


def test_the_page_is_small(report: Report) -> None:
    assert len(report.text.encode()) < 600_000


def test_the_same_run_gives_the_same_bytes(bare: Report, bare_run: Run, tmp_path: Path) -> None:
    write_report(bare_run, tmp_path, COMMAND)
    written = {path.relative_to(bare.folder): path.read_bytes() for path in bare.folder.rglob("*") if path.is_file()}
    assert written == {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_closure_is_told_with_day_and_date(closed: Report) -> None:
    days = closed.run.ensemble["closing_day"]
    [told] = [one.text for one in closed.page.all("p") if "last day" in one.text]
    assert f"day {days['q50']:.0f}" in told
    assert "2025" in told
    assert "launched on 30 Sep 2025" in told


def test_one_seed_has_no_band(bare: Report) -> None:
    assert "One seed, so there is no band." in bare.text
    assert ">5–95 %<" not in plain(bare.text)
