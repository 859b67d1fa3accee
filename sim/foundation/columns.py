"""Tables: a population is a tuple of equally long arrays, one per declared column; a row is a person, a clip, never an object."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: name, numpy dtype, value of a new row, unit, meaning."""

    name: str
    dtype: str
    default: float
    unit: str
    meaning: str


def table_type(name: str, columns: tuple[Column, ...], module: str) -> Any:
    """The named tuple of arrays that holds these columns; kernels read a column as an attribute."""
    return namedtuple(name, [column.name for column in columns], module=module)


def new_table(kind: Any, columns: tuple[Column, ...], rows: int) -> Any:
    """A table of new rows, every column at its default."""
    return kind(*(np.full(rows, column.default, dtype=column.dtype) for column in columns))


def bytes_per_row(columns: tuple[Column, ...]) -> int:
    """Memory of one row, in bytes."""
    return sum(np.dtype(column.dtype).itemsize for column in columns)


def rows_of(table: Any, rows: slice) -> Any:
    """A stretch of a table, as a table of views."""
    return type(table)(*(column[rows] for column in table))


def grown(table: Any, rows: int) -> Any:
    """The same table with room for more rows; the new ones hold zeros."""

    def longer(column: NDArray[Any]) -> NDArray[Any]:
        room = np.zeros(rows, dtype=column.dtype)
        room[: column.size] = column
        return room

    return type(table)(*(longer(column) for column in table))
