"""Verbs about scenario files: check, diff, new, list, schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

import sim
from analysis.printing import console
from analysis.verbs.common import Agents, Days, Overrides, ScenarioName, TextFile, failures, give, print_notes, refusal, write_text


def check(scenario: ScenarioName, days: Days = None, agents: Agents = None, overrides: Overrides = None) -> None:
    """Check a scenario and print it resolved, with the origin of each value."""
    with failures() as err:
        loaded = sim.load_scenario(scenario, overrides or (), days=days, agents=agents)
        print(sim.describe_resolved(loaded), end="")
        print_notes(loaded.notes, err)


def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A shipped scenario's name or a YAML file.", show_default=False)],
    other: Annotated[str, typer.Argument(metavar="B", help="Another.", show_default=False)],
) -> None:
    """Say in what two scenarios differ once resolved, and where each value comes from."""
    with failures():
        from analysis.verbs.differences import Side, differences  # noqa: PLC0415

        left, right = sim.load_scenario(one), sim.load_scenario(other)
        rows = differences(left, right)
        out = console()
        if not rows:
            out.print(f"no difference: {one} and {other} are the same scenario once resolved", markup=False, soft_wrap=True)
            return

        def cell(side: Side) -> Text:
            return Text.assemble(side.text, (f"\n{side.origin}" if side.origin else "", "dim"))

        table = Table(box=None, padding=(0, 2, 1, 0), pad_edge=False)
        for head, ratio in (("", 4), (_name(left, one), 3), (_name(right, other), 3)):
            table.add_column(head, overflow="fold", ratio=ratio)
        for row in rows:
            table.add_row(Text(row.path), cell(row.one), cell(row.other))
        out.print(table)
        _count(len(rows), out)


def _name(scenario: sim.Scenario, written: str) -> Text:
    return Text(written if "/" not in written else scenario.name)


def _count(rows: int, out: Console) -> None:
    out.print(f"{rows} difference{'' if rows == 1 else 's'}")


def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario: small letters, digits and underscores.", show_default=False)],
    like: Annotated[str, typer.Option("--like", help="The shipped scenario to start from: `flywheel list`.")] = "baseline",
    people: Annotated[float | None, typer.Option("--people", help="Size of your market, people.", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write it in; default: this one.", show_default=False)] = None,
) -> None:
    """Write NAME.yaml: a scenario that asks what you know about your product, ready to run and to change."""
    with failures() as err:
        from analysis.verbs.template import template  # noqa: PLC0415

        if wrong := next(sim.name_problem(name), ""):
            raise refusal("NAME", wrong, "for example `my_product`")
        if name in sim.shipped_names():
            raise refusal(
                "NAME",
                f"'{name}' is a shipped scenario",
                f"choose another name; to start from it write `flywheel new my_{name} --like {name}`",
            )
        if like not in sim.shipped_names():
            hint = sim.did_you_mean(like, sim.shipped_names()) or f"shipped: {', '.join(sim.shipped_names())}"
            raise refusal("--like", f"there is no shipped scenario named '{like}'", hint)
        path = (out or Path()) / f"{name}.yaml"
        start = sim.load_scenario(like)
        if people is not None:
            _check_people(like, people)
        write_text(path, template(name, start, people), is_new=True)
        console().print(f"{path} is written. Answer its questions, then:", markup=False, soft_wrap=True)
        for verb in ("check", "run"):
            print(f"  flywheel {verb} {path}")
        err.print(f"It starts as a copy of '{like}'; each line you leave alone keeps that value.", markup=False, soft_wrap=True)
        if people is None:
            size = f"{start.people / 1e6:.4g} million people"
            err.print(f"Its market has {size}; for another size write --people, which scales what is fitted to it.", markup=False)


def _check_people(like: str, people: float) -> None:
    """Raises InputError where a market of this size cannot be."""
    try:
        sim.load_scenario(like, {"people": people})
    except sim.InputError as error:
        raise sim.InputError(sim.Problem("--people", one.message, one.hint) for one in error.problems) from error


def list_() -> None:
    """List the scenarios that come with the package, each with its question."""
    with failures():
        out = console()
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        for name in sim.shipped_names():
            scenario = sim.load_scenario(name)
            held = "" if scenario.evidence is None else f" (held against the public figures '{scenario.evidence}')"
            table.add_row(Text(name, style="bold"), Text(scenario.question + held))
        out.print(table)
        out.print(f"\npublic figures: {', '.join(sim.evidence_names())} (flywheel evidence NAME)", markup=False)


def schema(out: TextFile = None) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    with failures() as err:
        from analysis.reference.schema import scenario_schema  # noqa: PLC0415

        give(json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n", out, err)
