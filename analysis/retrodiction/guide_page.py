"""GUIDE.md and _template.yaml, made from the guide's data: `python -m analysis.retrodiction.guide_page`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import sim
from analysis.retrodiction.guide import FOLDER, Question, Step, load_guide

_WIDTH = 130

_HEAD = """# How to code a product

Made by `python -m analysis.retrodiction.guide_page` from `guide.yaml`: change that file, not this one.

From public facts to a scenario, so that two people who read the same facts choose the same step or the next one.

1. **Stop the clock.** Find the day on which the outcome was public. Nothing that was published after it may be used; write down each fact
   with its date and source. The end itself goes under `known`, where the coding never looks.
2. **Copy `_template.yaml`** to `sheets/<product>.yaml` and answer its questions in order. Choose the step whose meaning fits
   best; between two, the one whose anchors are more like the product; still between two, the nearer to the middle. Say why in a sentence.
3. **Code as of the middle** of the run where a thing changed, and say so in the sentence: half way from the launch to the outcome, or
   two and a half years after the launch where the outcome came later than five.
4. **What the model cannot express** goes under `cannot_express`, before you have run anything.
5. **Let the program code it**: `flywheel retrodict scenarios/cases --code` writes the scenario. No number may be changed by hand, and no
   step after the first run: a step that was wrong is a finding about the guide, and moves it for every case.

What no step sets is shared by all cases: taste, habit, learning, noise and word of mouth are the baseline's, found by fitting the Sora
app, or those of a set of an ensemble. The clips that fill a feed (`watching.attraction_scale`) go with the people of the market. A case is
run for whole years, to the end of the one in which its outcome was known, five at the most; the year says nothing of how it ended.

Outcomes in the simulator's words: a product that grew and paid its costs is `self_sustaining`; one that grew on others' money, or was
bought while it did, `subsidised`; one that shrank, `harvest` if it paid its costs and `fading` if not (both, where that was not published);
one that hardly anybody used any more, `vestigial`; one that was closed, or whose end was announced, `shutdown` on that day.

"""


def guide_page() -> str:
    """The guide in Markdown: a table of steps a question."""
    return _HEAD + "\n".join(_section(number, question) for number, question in enumerate(load_guide(), start=1))


def _section(number: int, question: Question) -> str:
    rows = "".join(f"| {step} | {one.means} | {one.anchors} | {_values(one)} |\n" for step, one in enumerate(question.steps, start=1))
    head = f"## {number}. {question.name}: {question.asks}\n\n{question.choose}\n\n"
    return f"{head}| step | means | anchors | sets |\n| --- | --- | --- | --- |\n{rows}"


def _values(step: Step) -> str:
    said = [f"`{key}: {sim.value_text(value)}`" for key, value in step.sets.items()]
    said += [f"`{key}` × {factor:g}" for key, factor in step.times.items()]
    said += [f"`{key}` = {number:g} people a day / people" for key, number in step.per_person.items()]
    return ", ".join(said)


def template_page() -> str:
    """The sheet to copy: every question of the guide with its steps, and every other part of a sheet."""
    return "\n".join(_template(load_guide())) + "\n"


def _template(questions: Sequence[Question]) -> Iterator[str]:
    yield from (
        "# A product to code: copy this to sheets/<product>.yaml and answer. GUIDE.md says how.",
        "product: Name",
        "launched: 2020-01-01",
        "",
        "# What became of it, which the coding never looks at: the outcomes that fit (one, or two where it is left open), the day on",
        "# which it was public, the days from launch to closing (null if it was not closed), what happened.",
        "known: {outcome: [fading], date: 2021-06-30, closing_day: null, event: what happened}",
        "",
        "# Share of adopters active 30 days later as published before the outcome; null where nobody published it.",
        "published_d30: null",
        "",
        "# Facts from before the outcome. as_of: 2020, 2020-05 or 2020-05-17; confidence: high, medium or low.",
        "facts:",
        "  funding:",
        "    {what: raised, value: 1e6, unit: USD, as_of: 2020-05, source: https://example.org/page, publisher: Name, confidence: high}",
        "",
        "coding:",
    )
    for question in questions:
        yield from textwrap.wrap(f"{question.asks} {question.choose}", _WIDTH, initial_indent="  # ", subsequent_indent="  # ")
        for number, step in enumerate(question.steps, start=1):
            yield f"  #   {number}  {step.means} ({step.anchors})"
        yield f"  {question.name}: {{step: {(len(question.steps) + 1) // 2}, because: say why}}"
    yield from (
        "",
        "# What the model cannot express of this product, each in a sentence; the first is what a miss is explained by.",
        "cannot_express:",
    )
    yield "- say what"


if __name__ == "__main__":
    folder = sim.shipped_folder() / FOLDER
    (folder / "GUIDE.md").write_text(guide_page(), encoding="utf-8")
    (folder / "_template.yaml").write_text(template_page(), encoding="utf-8")
