"""Answers as plain JSON and back: fields of a dataclass, tables among them with their units."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    AnswerT = TypeVar("AnswerT", bound=DataclassInstance)

SCHEMA = 1


def document_of(answer: DataclassInstance, holds: str, **more: Any) -> dict[str, Any]:
    """The fields as JSON after `holds` and `schema`; None where a number is not defined. more: what is worked out from them."""
    fields = {field.name: _plain(getattr(answer, field.name)) for field in dataclasses.fields(answer)}
    return {"holds": holds, "schema": SCHEMA, **more, **fields}


def answer_of(kind: type[AnswerT], document: Mapping[str, Any], holds: str) -> AnswerT:
    """The answer that a document was made of. Raises ValueError for a document of another kind."""
    if document.get("holds") != holds or document.get("schema") != SCHEMA:
        raise ValueError(f"this is no document of `{holds}` in schema {SCHEMA}")
    return kind(**{field.name: _back(document[field.name]) for field in dataclasses.fields(kind)})


def table(rows: list[dict[str, Any]], units: Mapping[str, str]) -> pd.DataFrame:
    """A table with a column a unit, in that order."""
    frame = pd.DataFrame(rows, columns=list(units))
    frame.attrs["units"] = dict(units)
    return frame


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        rows = [[None if pd.isna(cell) else _plain(cell) for cell in row] for row in value.itertuples(index=False)]
        kinds = [str(kind) for kind in value.dtypes]
        return {"columns": list(value.columns), "kinds": kinds, "units": value.attrs["units"], "rows": rows}
    if isinstance(value, np.generic):
        return value.item()
    return list(value) if isinstance(value, tuple) else value


def _back(value: Any) -> Any:
    if isinstance(value, dict):
        columns = {name: [row[place] for row in value["rows"]] for place, name in enumerate(value["columns"])}
        series = {name: pd.Series(columns[name], dtype=kind) for name, kind in zip(value["columns"], value["kinds"], strict=True)}
        frame = pd.DataFrame(series)
        frame.attrs["units"] = value["units"]
        return frame
    return tuple(value) if isinstance(value, list) else value
