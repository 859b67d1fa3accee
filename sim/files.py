"""Files of a run folder: JSON documents and parquet parts, written whole or not at all, read with clear errors."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.foundation.errors import InputError, Problem


def refuse(path: Path, message: str, hint: str = "") -> InputError:
    """The error to raise about a file or folder the user named."""
    return InputError([Problem(str(path), message, hint)])


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all: a temporary file beside it, fsync, rename. Makes the folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document, keys in the order given. Raises ValueError for NaN and infinity, which JSON lacks; OSError."""
    write_bytes(path, (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON document. Raises InputError when it is not there or is none."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise refuse(path, "is missing") from error
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise refuse(path, f"is not valid JSON: {error}", "it was cut off or changed by hand") from error
    if not isinstance(document, dict):
        raise refuse(path, "is not a JSON object")
    return document


def as_table(frame: pd.DataFrame, units: Mapping[str, str]) -> pa.Table:
    """A frame as an arrow table whose columns carry their units; text plain, no index, nothing about the libraries."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = []
    for column in table.schema:
        is_number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        kind = column.type if is_number else pa.string()
        fields.append(pa.field(column.name, kind, metadata={"unit": units[column.name]}))
    return table.cast(pa.schema(fields))


def encode_table(table: pa.Table) -> bytes:
    """The bytes of a parquet part: equal tables give equal bytes. Columns of float32 are split into byte streams, which packs them best."""
    split = [column.name for column in table.schema if column.type == pa.float32()]
    sink = io.BytesIO()
    dictionary = [column.name for column in table.schema if column.name not in split]
    pq.write_table(table, sink, compression="zstd", use_dictionary=dictionary, use_byte_stream_split=split)
    return sink.getvalue()


def write_table(path: Path, table: pa.Table) -> None:
    """Write a parquet part. Raises OSError."""
    write_bytes(path, encode_table(table))


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a parquet part, or some columns of it. Raises InputError when it is missing or damaged."""
    try:
        with pq.ParquetFile(path) as file:
            return file.read(None if columns is None else list(columns))
    except FileNotFoundError as error:
        raise refuse(path, "is missing", "the folder is not whole: copy it again, or remove it and run again") from error
    except (OSError, pa.ArrowException) as error:
        raise refuse(path, f"cannot be read: {error}", "the part is damaged: copy the folder again, or remove it and run again") from error


def as_frame(parts: Mapping[int, pa.Table]) -> pd.DataFrame:
    """Parts of one table by seed as one frame, `seed` first, seeds in the order given; attrs["units"]: column -> unit."""
    seed_field = pa.field("seed", pa.int64())
    tables = [part.add_column(0, seed_field, pa.repeat(pa.scalar(seed, pa.int64()), len(part))) for seed, part in parts.items()]
    frame: pd.DataFrame = pa.concat_tables(tables, promote_options="permissive").to_pandas(ignore_metadata=True)
    units = {field.name: field.metadata[b"unit"].decode() for field in tables[0].schema if field.metadata and b"unit" in field.metadata}
    frame.attrs["units"] = {"seed": "1"} | units
    return frame
