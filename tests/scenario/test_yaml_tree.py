"""The subset of YAML: how scalars are read, where things stand, and that no text ends in anything but a tree or a list of problems."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.foundation.parameters import Value
from sim.scenario.layers import read_layer
from sim.scenario.yaml_tree import Block, Place, ProblemList, Scalar, parse_tree, plain_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("010", 10),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e-3", 0.001),
        ("47e6", 47000000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5e+2", -50.0),
        ("12:30", "12:30"),
        ("2025-11-28", "2025-11-28"),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("e5", "e5"),
        ("nan", "nan"),
        ("inf", "inf"),
        (".inf", math.inf),
        ("-.INF", math.inf),
        ("1e999", math.inf),
        ("9" * 5000, math.inf),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_plain_scalar_is_read_as_yaml_1_2_reads_it(text: str, value: Value) -> None:
    read = plain_value(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_recognised(text: str) -> None:
    read = plain_value(text)
    assert isinstance(read, float)
    assert math.isnan(read)


def test_places_count_lines_and_columns_from_one() -> None:
    problems = ProblemList()
    root = parse_tree('a:\n  "b": {c: 12}\n', "x.yaml", problems)
    assert isinstance(root, Block)
    assert not problems.found
    inner = root.entries[0].node
    assert isinstance(inner, Block)
    assert (inner.entries[0].key, str(inner.entries[0].place)) == ("b", "x.yaml:2:3")
    deepest = inner.entries[0].node
    assert isinstance(deepest, Block)
    assert deepest.entries[0].node == Scalar(Place("x.yaml", 2, 12), 12, "12")


def test_quoted_text_is_never_a_number() -> None:
    root = parse_tree("a: '12'\nb: \"true\"\nc: |\n  3\n", "x.yaml", ProblemList())
    assert isinstance(root, Block)
    assert [entry.node.value for entry in root.entries if isinstance(entry.node, Scalar)] == ["12", "true", "3\n"]


KEYS = ["interventions", "gates", "dials", "steerability", "set", "day", "when", "mended", "external_platforms", "x"]
MARKS = [
    "-",
    ":",
    ": ",
    "\n",
    "\n  ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a",
    "*a",
    "!!int ",
    "'",
    '"',
    "#",
    "---\n",
    "...",
    "%",
    "\t",
    "? ",
    "| ",
    "\ufeff",
    "\x00",
]
YAML_LIKE = st.lists(st.sampled_from([*KEYS, *MARKS, "null", "1", "1e999", ".nan"]), max_size=25).map("".join)


@settings(max_examples=150, deadline=None)
@given(YAML_LIKE | st.text(max_size=40))
@example("[" * 10_000)
@example("{a: " * 10_000)
@example("? " * 1000)
@example("- " * 1000)
def test_any_text_gives_a_tree_or_problems_and_never_another_error(text: str) -> None:
    problems = ProblemList()
    root = parse_tree(text, "x.yaml", problems)
    if isinstance(root, Block):
        read_layer(root, problems)
    assert all(str(problem) for _, problem in problems.found)
