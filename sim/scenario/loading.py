"""Scenario files found, read with bounds, followed along `extends`, merged with overrides and resolved."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.foundation.errors import did_you_mean, quoted
from sim.scenario.layers import Layer, check_heading, read_layer
from sim.scenario.merging import Merged
from sim.scenario.noting import file_note, idle_keys, market_note, standing
from sim.scenario.overrides import Overrides, read_overrides, single_override
from sim.scenario.resolving import Settled, resolve, settle
from sim.scenario.scenario import Scenario
from sim.scenario.yaml_tree import Block, Place, ProblemList, Scalar, kind_of, parse_tree

LARGEST_FILE_BYTES: Final = 2**20
"""Scenario files are a few kilobytes; beyond this something else was given."""

_ENDINGS = (".yaml", ".yml")


def shipped_folder() -> Path:
    """The folder of the scenarios that come with the package: inside it when installed, beside it in a working copy."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "shipped" / "scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def shipped_names() -> tuple[str, ...]:
    """The names by which shipped scenarios are found, in alphabetical order."""
    return tuple(sorted(path.stem for path in shipped_folder().glob("*.yaml")))


def load_scenario(source: str | Path, overrides: Overrides = (), *, days: int | None = None, agents: int | None = None) -> Scenario:
    """Load, merge, check and resolve a scenario.

    source: a path, or the bare name of a shipped scenario ("sora"). overrides: "path=value" texts (origin "--set") or a mapping of paths to
    values (origin "override"); a path is dotted, or the last name of a key where that is unique. days (of the run) and agents (rows): as
    overrides of those keys with the origins "--days" and "--agents". Raises ScenarioErrors with every problem found.
    """
    return ScenarioFamily(source).member(overrides, days=days, agents=agents)


class ScenarioFamily:
    """The scenarios that overrides make of one file. The files are read once, which is most of the work of loading one."""

    def __init__(self, source: str | Path) -> None:
        """source: a path, or the bare name of a shipped scenario. Raises ScenarioErrors where nothing can be read at all."""
        self._problems = ProblemList()
        files = _read_chain(source, self._problems)
        self._path, self._shown = files[0].path, files[0].shown
        self._merged = Merged()
        self._notes: list[str] = []
        self._own = _lay_files(files, self._merged, self._problems, self._notes).values

    def member(self, overrides: Overrides = (), *, days: int | None = None, agents: int | None = None) -> Scenario:
        """The scenario under these overrides, checked and resolved as `load_scenario` does. Raises ScenarioErrors with every problem."""
        merged, problems = copy(self._merged), copy(self._problems)
        notes, own_days = self._notes.copy(), self._own["days"]
        assert isinstance(own_days, int)
        _lay_overrides(overrides, merged, problems, notes)
        notes += market_note(self._own, settle(merged, ProblemList()).values)
        for key, value in (("days", days), ("agents", agents)):
            if value is not None:
                merged.lay(single_override(key, value, f"--{key}", problems), problems, overriding=True)
        return resolve(self._path.stem, merged, own_days, Place(self._shown, 1, 1), problems, notes)


def _lay_files(files: Sequence[_File], merged: Merged, problems: ProblemList, notes: list[str]) -> Settled:
    """Lay the files over one another, the first of them last, and note what it says for nothing; what they come to."""
    for file in reversed(files[1:]):
        merged.lay(file.layer, problems)
    before = settle(merged, ProblemList())
    inherited = standing(merged, before.values, before.derived)
    first = files[0]
    merged.lay(first.layer, problems)
    own = settle(merged, ProblemList())
    if len(files) > 1:
        idle = idle_keys(first.layer, inherited, standing(merged, own.values, own.derived))
        notes += [file_note(first.shown, idle, len(first.layer.settings) - 1)] if idle else []
        notes += market_note(before.values, own.values)
    return own


def _lay_overrides(overrides: Overrides, merged: Merged, problems: ProblemList, notes: list[str]) -> None:
    """Lay each override on top, and note those that change nothing."""
    for path, layer in read_overrides(overrides, merged, problems):
        before = settle(merged, ProblemList())
        old = merged.settings.get(path)
        value, origin = (before.values[path], before.origins[path]) if path in before.values else (old and old.value, old and old.origin)
        merged.lay(layer, problems, overriding=True)
        new = layer.settings.get(path)
        if new is not None and new.value == value and origin is not None and path not in before.derived and not merged.is_broken(path):
            notes.append(f"{new.place} changes nothing: '{path}' has that value already ({origin})")


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    shown: str
    layer: Layer


def _read_chain(source: str | Path, problems: ProblemList) -> list[_File]:
    """The file asked for and, after it, those it extends. Raises ScenarioErrors at once where nothing can be read at all."""
    path: Path | None
    path, shown = _find(source, problems)
    files: list[_File] = []
    asked_at = Place(shown)
    while path is not None:
        if path in [file.path for file in files]:
            chain = " -> ".join([*(file.shown for file in files), shown])
            problems.add(asked_at, f"'extends' goes in a circle: {chain}", "let one of them extend another file, or none")
            break
        root = read_tree(path, shown, asked_at, problems)
        if root is None:
            break
        layer = read_layer(root, problems)
        check_heading(root, layer, problems)
        files.append(_File(path, shown, layer))
        extends = layer.settings.pop("extends", None)
        if extends is None:
            break
        asked_at = extends.place
        path, shown = _find_extended(str(extends.value), files[-1], extends.place, problems)
    if not files:
        problems.raise_if_any()
    return files


def _find(source: str | Path, problems: ProblemList) -> tuple[Path, str]:
    """The file that `source` names, and how places in it are written. Raises ScenarioErrors for an unknown name."""
    text = str(source)
    is_bare = isinstance(source, str) and not any(mark in text for mark in ("/", "\\")) and not text.endswith(_ENDINGS)
    if is_bare and text in shipped_names():
        return (shipped_folder() / f"{text}.yaml").resolve(), f"scenarios/{text}.yaml"
    path = Path(text)
    if is_bare and not _exists(path):
        shipped = shipped_names()
        problems.add(
            Place(quoted(text)),
            "there is no shipped scenario of that name",
            did_you_mean(text, shipped) or f"shipped: {', '.join(shipped)}",
        )
        problems.raise_if_any()
    try:
        return path.resolve(), _shown(path)
    except (OSError, ValueError, RuntimeError) as error:
        problems.add(Place(quoted(text)), f"this is no path: {error}")
        problems.raise_if_any()
        raise


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _shown(path: Path) -> str:
    """The path as given, or if that is absolute, the part below the working or the shipped folder, or the file name alone."""
    if not path.is_absolute():
        return path.as_posix()
    for folder in (Path.cwd(), shipped_folder().parent):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name


def _find_extended(name: str, by: _File, place: Place, problems: ProblemList) -> tuple[Path | None, str]:
    """The file that `extends: name` means, None after noting why there is none."""
    if not any(mark in name for mark in ("/", "\\")) and not name.endswith(_ENDINGS):
        if name in shipped_names():
            return (shipped_folder() / f"{name}.yaml").resolve(), f"scenarios/{name}.yaml"
        beside = f"write `extends: {name}.yaml` for the file beside this one" if _exists(by.path.parent / f"{name}.yaml") else ""
        hint = beside or did_you_mean(name, shipped_names()) or f"shipped: {', '.join(shipped_names())}"
        problems.add(place, f"'extends' names no shipped scenario: {quoted(name)}", hint)
        return None, ""
    folder = by.path.parent
    try:
        path = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        problems.add(place, f"'extends' is no path: {error}")
        return None, ""
    if Path(name).is_absolute() or not path.is_relative_to(folder):
        hint = "extend a shipped scenario by its name, or a file in or below the folder of this one"
        problems.add(place, f"'extends' leads out of the folder of this file: {quoted(name)}", hint)
        return None, ""
    return path, (Path(by.shown).parent / name).as_posix()


def read_tree(
    path: Path,
    shown: str,
    asked_at: Place,
    problems: ProblemList,
    what: str = "scenario",
    smallest: str = "`schema: 1`, `question: …`",
) -> Block | None:
    """The mapping of keys in a file, None after noting why there is none. A file that cannot be opened is noted where it was asked for.

    what: the file is, and `smallest`: what it must at least say, for messages.
    """
    data = _read_bytes(path, shown, asked_at, problems, what)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(shown, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        problems.add(place, f"the byte 0x{data[error.start]:02X} is not UTF-8", "save the file in the encoding UTF-8")
        return None
    known = len(problems.found)
    root = parse_tree(text, shown, problems, what)
    start = Place(shown, 1, 1)
    if isinstance(root, Block):
        return root
    if len(problems.found) > known:
        return None
    if root is None or (isinstance(root, Scalar) and root.value is None):
        problems.add(start, "the file is empty", f"the smallest {what} is {' and'.join(smallest.rsplit(',', 1))}")
    else:
        problems.add(root.place, f"a {what} must be a mapping of keys, not {kind_of(root)}", f"write {smallest} and what differs")
    return None


def _read_bytes(path: Path, shown: str, asked_at: Place, problems: ProblemList, what: str) -> bytes | None:
    """The content of a regular file of bounded size, None after noting why there is none."""
    named = "" if asked_at.file == shown else f": {shown}"
    try:
        if path.is_dir():
            problems.add(asked_at, f"this is a folder, not a {what} file{named}", "name a file in it")
        elif not path.exists():
            near = did_you_mean(path.name, [one.name for one in path.parent.glob("*.y*ml")] if path.parent.is_dir() else [])
            shipped = f"to use the shipped scenario write `{path.stem}`" if path.stem in shipped_names() else ""
            problems.add(asked_at, f"there is no such file{named}", near or shipped or f"shipped scenarios: {', '.join(shipped_names())}")
        elif not path.is_file():
            problems.add(asked_at, f"this is not a regular file{named}")
        elif path.stat().st_size > LARGEST_FILE_BYTES:
            problems.add(asked_at, f"the file is larger than 1 MiB{named}", f"{what} files are a few kilobytes; is it the right file?")
        else:
            with path.open("rb") as file:
                return file.read(LARGEST_FILE_BYTES)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        problems.add(asked_at, f"the file cannot be read{named}: {reason}")
    return None
