"""Text to a tree of places and plain values: a strict subset of YAML 1.2, read event by event.

Refused with a place: anchors and aliases (so no alias bomb), tags, merge keys, a second document, duplicate keys, keys that are not text,
nesting deeper than DEEPEST; before it is read, text of more than MOST_CHARACTERS or MOST_MARKS. Scalars: only `true` and `false` are flags;
`null`, `~` and nothing are null; whole numbers and decimals (`1e-3`, `47e6`, `.5`) are numbers; all else (`no`, `on`, `12:30`, `1_000`,
`2025-11-28`) stays text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from sim.foundation.errors import SHOWN, Problem, ScenarioErrors, quoted
from sim.foundation.parameters import Value

DEEPEST: Final = 20
"""Most mappings and lists inside one another."""

MOST_CHARACTERS: Final = 100_000
MOST_MARKS: Final = 10_000
"""Most characters, and most line ends and punctuation marks of YAML, that are read: about a thousand interventions. The time to read a
text grows with its marks (some 50 microseconds each), far less with its length; within both bounds any text is answered in less than two
seconds. In a longer text the lines that begin with `#` are left out, so that comments count for nothing.
"""

_MARKS = re.compile(r"""[\n\r\x85\u2028\u2029:,?\[\]{}&*!|>'"%@`#-]""")

_COMMENT_LINES = re.compile(r"^[ \t]*#[^\n\r\x85\u2028\u2029]*", re.MULTILINE)
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LONGEST_WHOLE = 18


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. `line` and `column` count from 1; line 0: not in a file, and `file` says what was given instead."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def short(self) -> str:
        """The place without its column, as an origin is written."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as read, with its own text and whether it stood in quotation marks."""

    place: Place
    value: Value
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    place: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a mapping."""

    key: str
    place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping; keys are text and differ."""

    place: Place
    entries: tuple[Entry, ...]


Node = Scalar | Listing | Block


@dataclass
class ProblemList:
    """Collects the problems of one load, in order of files, lines and columns."""

    found: list[tuple[Place, Problem]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __copy__(self) -> ProblemList:
        """One that can be added to without changing this one."""
        return ProblemList(list(self.found), list(self.files))

    def add(self, place: Place, message: str, hint: str = "") -> None:
        """Note a problem; the same one a second time is dropped."""
        entry = (place, Problem(str(place), message, hint))
        if place.file not in self.files:
            self.files.append(place.file)
        if len(self.found) > 2 * SHOWN or entry not in self.found:
            self.found.append(entry)

    @property
    def full(self) -> bool:
        """Whether more hints would never be shown."""
        return len(self.found) >= SHOWN

    def raise_if_any(self) -> None:
        """Raise ScenarioErrors with all problems, if there is one."""
        if self.found:
            in_order = sorted(self.found, key=lambda entry: (self.files.index(entry[0].file), entry[0].line, entry[0].column))
            raise ScenarioErrors(problem for _, problem in in_order)


def plain_value(text: str) -> Value:
    """The value of a scalar without quotation marks. Not a finite number: an infinite or NaN float, for the caller to refuse."""
    if text in _NULLS:
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text) and len(text) <= _LONGEST_WHOLE:
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return math.nan if "n" in text.lower().replace("inf", "") else math.inf
    return text


@dataclass
class _Open:
    """A mapping or list that is being read."""

    place: Place
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    first_places: dict[str, Place] = field(default_factory=dict)
    key: Node | None = None
    is_refused: bool = False


class _Reader:
    """Builds the tree from parser events with a stack of its own, so that no nesting can exhaust Python's."""

    def __init__(self, file: str, problems: ProblemList, what: str) -> None:
        self.file = file
        self.what = what
        self.problems = problems
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)

    def take(self, event: yaml.Event) -> bool:
        """Take one event; False: stop reading."""
        place = self.place(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.problems.add(
                    place, f"a second document starts here; a {self.what} file holds one", "remove the line `---` or split the file"
                )
                return False
        elif isinstance(event, yaml.AliasEvent):
            self.problems.add(place, f"aliases (*{event.anchor}) are not used in {self.what} files", "write the value out")
            self.put(Scalar(place, None, ""), is_refused=True)
        elif isinstance(event, yaml.ScalarEvent):
            is_refused = self.refuse_extras(event, place)
            is_plain = event.implicit[0] and not event.style
            self.put(Scalar(place, plain_value(event.value) if is_plain else event.value, event.value, not is_plain), is_refused)
        elif isinstance(event, yaml.CollectionStartEvent):
            is_refused = self.refuse_extras(event, place)
            if len(self.stack) == DEEPEST:
                self.problems.add(place, f"nested more than {DEEPEST} deep", f"a {self.what} needs no more than five")
                return False
            self.stack.append(_Open(place, isinstance(event, yaml.MappingStartEvent), is_refused=is_refused))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.stack.pop()
            self.put(Block(done.place, tuple(done.entries)) if done.is_mapping else Listing(done.place, tuple(done.items)), done.is_refused)
        return True

    def refuse_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> bool:
        """Note an anchor or a tag. True: the node means something else than it says."""
        if event.anchor:
            self.problems.add(place, f"anchors (&{event.anchor}) are not used in {self.what} files", "write the value where it is needed")
        if event.tag:
            self.problems.add(place, f"tags ({quoted(event.tag)}) are not used in {self.what} files", "write the plain value")
        return bool(event.tag)

    def put(self, node: Node, is_refused: bool = False) -> None:
        """Hand a finished node to what holds it; a refused value leaves no entry."""
        if not self.stack:
            self.root = node
            return
        holder = self.stack[-1]
        if not holder.is_mapping:
            holder.items.append(node)
        elif holder.key is None:
            holder.key = node
        else:
            if not is_refused:
                self.put_entry(holder, holder.key, node)
            holder.key = None

    def put_entry(self, holder: _Open, key: Node, node: Node) -> None:
        if not isinstance(key, Scalar):
            self.problems.add(key.place, "a key must be text, not a list or a mapping")
        elif not isinstance(key.value, str):
            self.problems.add(
                key.place, f"a key must be text; this one reads as {kind_of(key)}", "keys are names such as `dials` or `quota_cut`"
            )
        elif key.value in holder.first_places:
            first = holder.first_places[key.value]
            message = f"the key {quoted(key.value)} stands twice; first on line {first.line}, column {first.column}"
            self.problems.add(key.place, message, "keep one of them")
        else:
            holder.first_places[key.value] = key.place
            holder.entries.append(Entry(key.value, key.place, node))


def kind_of(node: Node) -> str:
    """What a node holds, in words: "a list", "the number 3", "the text 'no'"."""
    if isinstance(node, Block):
        return "a mapping"
    if isinstance(node, Listing):
        return "a list"
    if node.value is None:
        return "null"
    if isinstance(node.value, bool):
        return f"the flag {node.text}"
    if isinstance(node.value, str):
        return f"the text {quoted(node.text)}" if node.text.strip() else "an empty text"
    return f"the number {quoted(node.text)[1:-1]}"


def parse_tree(text: str, file: str, problems: ProblemList, what: str = "scenario") -> Node | None:
    """The tree of one document; `file` names it in places. Problems are added to the list; None: nothing could be read.

    what: the file is, for messages.
    """
    if len(text) > MOST_CHARACTERS:
        text = _COMMENT_LINES.sub("", text)
    if _is_too_much(text, Place(file, 1, 1), problems, what):
        return None
    reader = _Reader(file, problems, what)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if not reader.take(event):
                return None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        problems.add(place, f"the character U+{ord(text[error.position]):04X} cannot stand in YAML", "remove it")
        return None
    except yaml.MarkedYAMLError as error:
        _add_syntax_problem(error, reader, problems)
        return None
    return reader.root


def _is_too_much(text: str, start: Place, problems: ProblemList, kind: str) -> bool:
    """Whether no file of this kind is that large, after noting so."""
    marks = sum(1 for _ in _MARKS.finditer(text)) if len(text) <= MOST_CHARACTERS else 0
    if len(text) > MOST_CHARACTERS:
        what = f"{len(text)} characters beside comments; at most {MOST_CHARACTERS} are read"
    elif marks > MOST_MARKS:
        what = f"{marks} line ends and punctuation marks; at most {MOST_MARKS} are read"
    else:
        return False
    problems.add(start, f"too much for a {kind}: {what}", f"a {kind} has a few hundred lines; is it the right file?")
    return True


_SYNTAX_HINTS = (
    ("mapping values are not allowed here", "a `:` too many, or a line indented too far; put text that holds `: ` in quotation marks"),
    ("'\\t'", "indent with spaces, not tabs"),
    ("unexpected end of stream", "close the quotation mark"),
    ("expected ',' or '}'", "close the mapping with `}` and put commas between its entries"),
    ("expected ',' or ']'", "close the list with `]` and put commas between its items"),
    ("could not find expected ':'", "write `key: value`"),
    ("cannot start any token", "put text that begins with such a character in quotation marks"),
    ("expected <block end>", "indent the lines of one mapping alike"),
)


def _add_syntax_problem(error: yaml.MarkedYAMLError, reader: _Reader, problems: ProblemList) -> None:
    said = error.problem or "unreadable"
    mark = error.problem_mark or error.context_mark
    since = error.context_mark
    began = f" ({error.context}, from line {since.line + 1}, column {since.column + 1})" if since and error.context else ""
    hint = next((hint for fragment, hint in _SYNTAX_HINTS if fragment in said), "")
    problems.add(reader.place(mark), f"not readable as YAML: {said}{began}", hint)
