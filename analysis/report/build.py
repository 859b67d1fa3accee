"""The report put together: exhibits drawn, words chosen, one page and the figures' files written."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import matplotlib
from markupsafe import Markup, escape

from analysis.notes import notes_on
from analysis.report.answers import Told, answers
from analysis.report.evidence import public_figures, public_rows
from analysis.report.exhibit import Exhibit, Story
from analysis.report.gates import gate_caption, gate_rows
from analysis.report.making import concentration, making
from analysis.report.money import money
from analysis.report.pictures import pictures
from analysis.report.retention import retention
from analysis.report.settings import changes, class_counts, differing
from analysis.report.users import users
from analysis.report.words import closing, how_sure, key_numbers, outcome_rows, summary_rows
from analysis.wording import verdict
from sim import Run, load_evidence
from sim.files import write_bytes

FILE = "report.html"
FIGURES = "figures"

_HERE = Path(__file__).parent


def write_report(run: Run, folder: Path, command: str | None = None) -> Path:
    """Write report.html, and each figure as PNG and SVG with its data as CSV under figures/, into the folder; the path of the report.

    Questions that were asked about it and are kept in its folder are told too: see answers.py. command: what the reader types to make it
    again; by default `flywheel report FOLDER`. Equal runs give equal bytes but for the command.
    Raises InputError when the public figures the run names are unknown, OSError.
    """
    command = command or shlex.join(("flywheel", "report", str(folder)))
    evidence = None if run.evidence is None else load_evidence(run.evidence)
    story = Story.of(run, evidence)
    with matplotlib.rc_context({"text.parse_math": False, "svg.fonttype": "none", "axes.unicode_minus": True}):
        sections = [
            (anchor, heading, [_shown(story, exhibit, folder, command) for exhibit in exhibits])
            for anchor, heading, exhibits in _sections(story)
        ]
        told = list(answers(run))
    page = _page(story, sections, told, command)
    write_bytes(folder / FILE, page.encode())
    return folder / FILE


def _sections(story: Story) -> Iterator[tuple[str, str, Iterator[Exhibit]]]:
    yield "users", "Who comes, and who stays", (exhibit for part in (users, retention) for exhibit in part(story))
    yield "making", "What they make, and where it is watched", making(story)
    yield "money", "Who pays", money(story)
    yield "creators", "How unequal creators’ income is", iter((concentration(story),))
    yield "evidence", "Beside the public figures", iter((public_figures(story),) if story.evidence else ())


def _shown(story: Story, exhibit: Exhibit, folder: Path, command: str) -> dict[str, Any]:
    """What the page needs of an exhibit; its files are written on the way."""
    place = f"{FIGURES}/{exhibit.key}"
    write_bytes(folder / f"{place}.csv", exhibit.data.csv())
    drawn = None
    if exhibit.figure is not None:
        drawn, png, svg = pictures(exhibit, story.run.name)
        write_bytes(folder / f"{place}.png", png)
        write_bytes(folder / f"{place}.svg", svg)
    return {"key": exhibit.key, "title": exhibit.title, "reading": exhibit.reading, "svg": drawn, "data": exhibit.data, "command": command}


def _page(story: Story, sections: list[tuple[str, str, list[dict[str, Any]]]], told: list[Told], command: str) -> str:
    run = story.run
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_unbroken,
    )
    environment.filters["breakable"] = _breakable
    settings = differing(run)
    return (
        environment.get_template("page.html").render(
            style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),
            name=run.name,
            question=run.scenario["question"],
            verdict=verdict(run),
            closing=closing(story),
            how_sure=how_sure(story),
            notes=list(notes_on(run, run.manifest["notes"])),
            gates=gate_rows(story),
            gate_caption=gate_caption(run),
            outcomes=outcome_rows(run),
            key_numbers=key_numbers(story),
            answers=told,
            sections=sections,
            public=public_rows(story),
            product=story.evidence.product if story.evidence else "",
            conflicts=story.evidence.conflicts if story.evidence else (),
            settings=settings,
            class_counts=class_counts(settings),
            changes=changes(run),
            summary=summary_rows(run),
            many=story.many,
            made=_made(run),
            command=command,
        )
        + "\n"
    )


def _unbroken(value: Any) -> Any:
    """Text in which a number and what follows it (%, M, k, bn) stay on one line."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return re.sub(r"(?<=\d) (?=%|(?:M|k|bn)\b)", "\u00a0", value) if is_text else value


def _breakable(text: str) -> Markup:
    """A key or an address that may be broken over lines after its separators."""
    return Markup(re.sub(r"(?<=[._/?=-])(?=\w)", "<wbr>", str(escape(text))))


def _made(run: Run) -> Mapping[str, str]:
    """What was run, with which versions."""
    manifest, first = run.manifest, run.summaries[0]
    seeds = ", ".join(str(seed) for seed in run.seeds)
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items() if version)
    missing = len(manifest["seeds"]) - len(run.seeds)
    return {
        "scenario": run.name,
        "seeds": seeds + (f" ({missing} more were asked for and are not finished)" if missing else ""),
        "size": f"{first['agents']} rows stand for {float(first['people']):,.0f} people".replace(",", "\u202f"),
        "identity": str(manifest["identity"]),
        "model": str(manifest["model_digest"]),
        "versions": versions,
    }
