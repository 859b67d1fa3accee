"""Reports to look at: of a world that closes and has public figures, of five days without anything, and of made-up runs."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sim
from analysis.report import write_report
from sim.results import Run
from tests.made_up import made_up_runs, small  # noqa: F401
from tests.worlds import scenario_from

VOID = {"meta", "br", "wbr"}
EVIL = "Who pays for <script>alert(1)</script> & \"quotes\" in 'a' world?"
COMMAND = "flywheel report here"


@dataclass
class Element:
    """One element of the page, with the place of its parent."""

    tag: str
    attributes: dict[str, str]
    parent: int
    text: str = ""


class Page(HTMLParser):
    """The elements of a page in order; complains about a tag that is closed by another."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = [Element("", {}, -1)]
        self._open = [0]
        self.feed(text)
        assert self._open == [0], "a tag stays open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self._open[-1]))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, self._open[-1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()].tag == tag

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.elements[place].text += data

    def all(self, tag: str) -> list[Element]:
        """The elements with this tag."""
        return [one for one in self.elements if one.tag == tag]

    def within(self, outer: Element, tag: str) -> list[Element]:
        """The elements with this tag inside another one."""
        top = self.elements.index(outer)

        def inside(place: int) -> bool:
            return place == top or (place > 0 and inside(self.elements[place].parent))

        return [one for one in self.elements[top + 1 :] if one.tag == tag and inside(one.parent)]


@dataclass
class Report:
    """A run, the folder of its report, its text and its elements."""

    run: Run
    folder: Path
    text: str
    page: Page


def report_of(run: Run, folder: Path) -> Report:
    """Write the report and read it back."""
    text = write_report(run, folder, COMMAND).read_text(encoding="utf-8")
    return Report(run, folder, text, Page(text))


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Two small Sora worlds whose parent loses patience early."""
    scenario = sim.load_scenario("sora", {"parent.stop_loss_usd": 8e7}, agents=500, days=120)
    return report_of(sim.run(scenario, seeds=2), tmp_path_factory.mktemp("closed"))


@pytest.fixture(scope="session")
def bare_run() -> Run:
    """One seed of five days with no revenue and no place outside, and a question that would do harm if it were not escaped."""
    nothing = {"advertising_usd_per_1000_views": 0, "credit_usd_per_attempt": None, "subscription_usd_per_month": 0}
    document = {"schema": 1, "question": EVIL, "extends": "baseline", "agents": 300, "days": 5}
    return sim.run(scenario_from(document | {"external_platforms": {"short_video": None}, "charging": nothing}), seeds=1)


@pytest.fixture(scope="session")
def bare(bare_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of the bare run."""
    return report_of(bare_run, tmp_path_factory.mktemp("bare"))
