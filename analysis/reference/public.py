"""`flywheel evidence`: the public figures, how sure they are, and where their sources contradict each other."""

from __future__ import annotations

import sim
from analysis.reference import layout
from analysis.wording import amount, band


def evidence_overview(width: int) -> str:
    """The sets of public figures there are."""
    blocks = []
    for name in sim.evidence_names():
        evidence = sim.load_evidence(name)
        figures = layout.counted(len(evidence.figures), "figure")
        disagreements = layout.counted(len(evidence.conflicts), "known disagreement of sources", "known disagreements of sources")
        blocks.append(layout.item(f"{name}: {evidence.product}", (f"{figures}, {disagreements}",), width))
    intro = "Sets of public figures. A scenario names one with `evidence: name`; `flywheel evidence NAME` lists it."
    return layout.page("Public figures", intro, blocks, width)


def evidence_page(evidence: sim.Evidence, width: int) -> str:
    """Every figure with value, range, source, date, confidence and use, and every conflict with what is used."""
    intro = (
        f"{layout.counted(len(evidence.figures), 'public figure')} on the {evidence.product}. Ranges are read as 90 % intervals. A fit "
        "may use the figures marked fitted; the others are shown to see what it did not know. Confidence is that of the source."
    )
    blocks = []
    for fitted, title in ((True, "Fitted"), (False, "Not fitted")):
        blocks.append(layout.heading(title, width))
        blocks += [_figure(figure, width) for figure in evidence.figures if figure.fitted == fitted]
    blocks.append(layout.heading("Where sources disagree", width))
    blocks += [_conflict(conflict, width) for conflict in evidence.conflicts]
    return layout.page(f"Public figures: {evidence.name}", intro, blocks, width)


def _figure(figure: sim.PublicFigure, width: int) -> str:
    value, span = amount(figure.value, figure.unit), band(figure.low, figure.high, figure.unit)
    published = f"{figure.publisher}, {figure.date}; confidence {figure.confidence}"
    head = layout.filled(f"{figure.label}: {value} ({span}) [{figure.unit}]", width)
    return layout.item(head, (_taken(figure), published, figure.note, figure.source), width)


def _taken(figure: sim.PublicFigure) -> str:
    """How the figure is taken from a run."""
    if figure.statistic == "retention":
        return f"{figure.name}: share of adopters active exactly {layout.counted(int(figure.of[0]), 'day')} later"
    taken = f"{figure.name}: {figure.statistic} of {' over '.join(figure.of)}"
    if figure.window is None:
        return taken
    first, last = figure.window
    span = f"{first}" if first == last else f"{first} to {last}"
    return f"{taken}, day {span}" if isinstance(first, int) else f"{taken}, {span}"


def _conflict(conflict: sim.Conflict, width: int) -> str:
    touched = f"figures: {', '.join(conflict.figures)}" if conflict.figures else ""
    details = (*(f"- {said}" for said in conflict.says), f"used: {conflict.used}", touched, *conflict.sources)
    return layout.item(f"{conflict.name}: {conflict.about}", details, width)
