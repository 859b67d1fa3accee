"""What the model declares of itself, gathered for the reference: its rule files and the columns of its populations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from sim import rules
from sim.foundation.columns import Column
from sim.foundation.parameters import Parameter
from sim.populations.clips import CLIPS
from sim.populations.people import CREATORS, PEOPLE
from sim.scenario.schema import NAMED_GROUPS

_OPENING = re.compile(r"(M\d+)\. (.+)\.")
_CLAIMS = re.compile(r" \((?:claims? )?C\d[^)]*\)")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of `sim/rules/`.

    number: of the rule in the model (M0). claim: its opening sentence; claims: those of the model it carries. text: all of its docstring.
    parameters: what it declares; groups: named groups whose fields it declares. functions: name -> docstring of each equation.
    """

    name: str
    number: str
    claim: str
    claims: tuple[str, ...]
    text: str
    parameters: tuple[Parameter, ...]
    groups: tuple[str, ...]
    functions: Mapping[str, str]


def _rule_file(name: str) -> RuleFile:
    module = import_module(f"{rules.__name__}.{name}")
    text = inspect.cleandoc(module.__doc__ or "")
    opening = _OPENING.fullmatch(text.partition("\n")[0])
    if opening is None:
        raise ValueError(f"sim/rules/{name}.py must open with its number and its claim, as in 'M2. Hardly any learning (claim C2).'")
    number, sentence = opening.groups()
    claims = tuple(re.findall(r"\bC\d+", sentence))
    declared = [value for value in vars(module).values() if isinstance(value, tuple)]
    groups = tuple(group for group, fields in NAMED_GROUPS.items() if any(value is fields for value in declared))
    return RuleFile(name, number, _CLAIMS.sub("", sentence), claims, text, module.PARAMETERS, groups, _functions(module))


def _functions(module: ModuleType) -> dict[str, str]:
    """The public functions a rule file defines, in their order, each with its docstring on one line."""
    own = {
        name: value
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    }
    return {name: " ".join((value.__doc__ or "").split()) for name, value in own.items()}


RULES: tuple[RuleFile, ...] = tuple(
    sorted((_rule_file(found.name) for found in iter_modules(rules.__path__)), key=lambda rule: int(rule.number[1:]))
)
"""Every rule file, in the order of the model's numbers."""

COLUMNS: dict[str, tuple[Column, ...]] = {"people": PEOPLE, "creators": CREATORS, "clips": CLIPS}
"""The columns of each population."""
