"""Histories of single people, on request: some uids, all their columns, every evening. Nobody is followed unless asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Histories:
    """The evenings of the people followed. A column of creators is empty (NaN) for somebody who only watches."""

    def __init__(self, people: Any, creators: Any, uids: Iterable[int]) -> None:
        """uids: whom to follow. Raises ValueError for a uid that nobody has."""
        row_of = np.empty(people.uid.size, dtype=np.int64)
        row_of[people.uid] = np.arange(people.uid.size)
        self.uids = np.unique(np.fromiter(uids, dtype=np.int64))
        if self.uids.size and not 0 <= self.uids[0] <= self.uids[-1] < people.uid.size:
            raise ValueError(f"uids are from 0 to {people.uid.size - 1}")
        self.rows: NDArray[np.int64] = row_of[self.uids]
        self.makers = self.rows[self.rows < creators.x_make.size]
        self.evenings: list[tuple[int, dict[str, NDArray[Any]], dict[str, NDArray[Any]]]] = []
        """Day, columns of people, columns of creators."""

    def observe(self, people: Any, creators: Any, day: int) -> None:
        """Copy the columns of those followed."""
        of_people = {name: column[self.rows] for name, column in people._asdict().items()}
        of_creators = {name: column[self.makers] for name, column in creators._asdict().items()}
        self.evenings.append((day, of_people, of_creators))

    def table(self) -> pd.DataFrame:
        """A row a person and evening: day, uid, the columns of people and creators under their names."""
        is_maker = np.isin(self.rows, self.makers)
        frames = []
        for day, of_people, of_creators in self.evenings:
            frame = pd.DataFrame({"day": day, **of_people})
            for name, column in of_creators.items():
                whole = np.full(is_maker.size, np.nan)
                whole[is_maker] = column
                frame[name] = whole
            frames.append(frame)
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"day": [], "uid": []})
