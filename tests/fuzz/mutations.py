"""Scenario files gone wrong: seeded changes to a good one, most of them with the grammar in mind, some of them noise."""

from __future__ import annotations

import random
from collections.abc import Callable

from sim.observation.metrics import DAILY_NAMES
from sim.scenario.keys import GATES, GROUP_FIELDS, INTERVENTION_FIELDS, TOP_LEVEL
from sim.scenario.schema import PARAMETERS

Lines = list[str]
Mutation = Callable[[Lines, random.Random], Lines]

VALUES = (
    *("null", "~", "", "true", "false", "True", "yes", "no", "on", "off", "0", "-0.0", "-1", "1", "0.5", ".5", "5.", "+3", "1e-3", "1e308"),
    *("1e309", "-1e309", ".inf", "-.inf", ".nan", ".NaN", "9007199254740993", "999999999999999999", "9" * 400, "1e" + "9" * 30, "0x1F"),
    *("0o17", "1_000", "12:30", "60:60:60", "50%", "$5", "2025-11-28", "2025-02-30", "0000-00-00", "9999-12-31", "1969-12-31"),
    *("2025-11-28T10:00:00Z", '""', '" "', "''", '"0.5"', "'no'", '"\\u0000"', '"\\x07"', '"\\ud800"', '"\\U0010FFFF"', '"unclosed'),
    *("'it''s'", "[]", "{}", "[1, 2]", "[[[[]]]]", "{a: 1}", "{a: {b: {c: null}}}", "[interaction, cost]", "[interaction, interaction]"),
    *("&a 1", "*a", "!!int 5", "!!python/object/apply:os.system [true]", "!!binary aGVsbG8=", "!!set {a, b}", "! x", "<<", "? a", "- 1"),
    *("|", ">", "|2-", ">-9", "@at", "`tick`", "%percent", "#", "a: b", "a : b: c", "sora", "baseline", "../sora.yaml", "/etc/passwd"),
    *("runway_days < 90", "dau >= 1e6", "day < 5", "dau = 3", "dau < .nan", "dau<5", "dau < 1 2", "nothing > 0", "ß", "🙂", "\u202eevil"),
    *("x" * 5000, "word " * 400, "é" * 300, "\ufeff", "\u2028", "\x85", "a\tb", "\t1", "1\x00", "\x1b[31m"),
)
KEYS = (
    *TOP_LEVEL,
    *PARAMETERS,
    *(key.rpartition(".")[2] for key in PARAMETERS),
    *INTERVENTION_FIELDS,
    *(field for fields in GROUP_FIELDS.values() for field in fields),
    *GATES,
    *("set", "mended", "<<", "on", "yes", "null", "1", "1.5", "[a]", "{a: 1}", "? a", '""', "''", '"dials"', "é", "🙂", "a" * 2000),
    *("external_platforms.short_video.open", "rival_tools.x.price_usd_per_attempt", ".", "..", "a.b.c.d", "dials.", ".dials"),
)
TARGETS = ("sora", "baseline", "nowhere", "drawn.yaml", "./drawn.yaml", "..", "/", "~", "\\\\x", "a" * 5000, "sora.yaml", ".")
MARKS = ("&a ", "*a ", "!!str ", "!x ", "- ", "? ", "| ", "> ", "% ", "@", "`", '"', "'", "[", "{", "]", "}", ", ", "---", "...")


def _some(lines: Lines, rng: random.Random) -> int:
    return rng.randrange(len(lines)) if lines else 0


def _block(lines: Lines, rng: random.Random) -> tuple[int, int]:
    """A few neighbouring lines, from and to."""
    first = _some(lines, rng)
    return first, min(len(lines), first + rng.randint(1, 6))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def delete(lines: Lines, rng: random.Random) -> Lines:
    first, last = _block(lines, rng)
    return lines[:first] + lines[last:]


def duplicate(lines: Lines, rng: random.Random) -> Lines:
    first, last = _block(lines, rng)
    at = rng.choice((last, _some(lines, rng)))
    return lines[:at] + lines[first:last] * rng.choice((1, 1, 1, 2, 40)) + lines[at:]


def move(lines: Lines, rng: random.Random) -> Lines:
    first, last = _block(lines, rng)
    rest = lines[:first] + lines[last:]
    at = _some(rest, rng)
    return rest[:at] + lines[first:last] + rest[at:]


def _at_one(lines: Lines, rng: random.Random, change: Callable[[str], str]) -> Lines:
    if not lines:
        return [change("a: 1")]
    settings = [at for at, line in enumerate(lines) if ":" in line and not line.lstrip().startswith("#")]
    at = rng.choice(settings) if settings and rng.random() < 0.95 else _some(lines, rng)
    return [*lines[:at], change(lines[at]), *lines[at + 1 :]]


def misspell(lines: Lines, rng: random.Random) -> Lines:
    def change(line: str) -> str:
        key, colon, rest = line.partition(":")
        bare = key.strip()
        if not bare:
            return line
        at = rng.randrange(len(bare))
        other = rng.choice((bare[:at] + bare[at + 1 :], bare[:at] + bare[at] + bare[at:], bare.upper(), bare[::-1], bare + "x"))
        return _indent(line) + other + colon + rest

    return _at_one(lines, rng, change)


def rename(lines: Lines, rng: random.Random) -> Lines:
    return _at_one(lines, rng, lambda line: _indent(line) + rng.choice(KEYS) + ":" + line.partition(":")[2])


def revalue(lines: Lines, rng: random.Random) -> Lines:
    return _at_one(lines, rng, lambda line: line.partition(":")[0] + ": " + rng.choice(VALUES))


def swap_values(lines: Lines, rng: random.Random) -> Lines:
    if not lines:
        return lines
    one, other = _some(lines, rng), _some(lines, rng)
    result = list(lines)
    result[one] = lines[one].partition(":")[0] + ":" + lines[other].partition(":")[2]
    result[other] = lines[other].partition(":")[0] + ":" + lines[one].partition(":")[2]
    return result


def insert(lines: Lines, rng: random.Random) -> Lines:
    at = _some(lines, rng)
    indent = " " * rng.choice((0, 0, 2, 2, 4, 1, 7))
    return [*lines[:at], f"{indent}{rng.choice(KEYS)}: {rng.choice(VALUES)}", *lines[at:]]


def set_well(lines: Lines, rng: random.Random) -> Lines:
    """A known key where it belongs, with a value that may well be legal."""
    section, dot, name = rng.choice(list(PARAMETERS)).rpartition(".")
    key = f"{section}{dot}{name}"
    default = PARAMETERS[key].default
    likely = rng.choice((0, 1, 0.5, 2, 1000, default * 2 if isinstance(default, (int, float)) else default))
    value = {True: "true", False: "false", None: "null"}.get(likely, str(likely)) if isinstance(likely, (bool, type(None))) else str(likely)
    if not section:
        return [*(line for line in lines if not line.startswith(f"{name}:")), f"{name}: {value}"]
    kept = [line for line in lines if not line.startswith(f"  {name}:")]
    if f"{section}:" in kept:
        at = kept.index(f"{section}:") + 1
        return [*kept[:at], f"  {name}: {value}", *kept[at:]]
    return [*kept, f"{section}:", f"  {name}: {value}"]


def reindent(lines: Lines, rng: random.Random) -> Lines:
    first, last = _block(lines, rng)
    extra = rng.choice((" ", "  ", "\t", "   ", "- ", "? ", "\u00a0"))
    changed = [extra + line if rng.random() < 0.7 else line.lstrip() for line in lines[first:last]]
    return lines[:first] + changed + lines[last:]


def nest(lines: Lines, rng: random.Random) -> Lines:
    depth = rng.choice((3, 19, 20, 21, 100, 3000))
    at = _some(lines, rng)
    kind = rng.randrange(3)
    if kind == 0:
        deep = ["x: " + "[" * depth + "]" * depth]
    elif kind == 1:
        deep = ["x: " + "{a: " * depth + "1" + "}" * depth]
    else:
        deep = [" " * i + "a:" for i in range(min(depth, 400))]
    return lines[:at] + deep + lines[at:]


def make_flow(lines: Lines, rng: random.Random) -> Lines:
    first, last = _block(lines, rng)
    inside = ", ".join(line.strip() for line in lines[first:last])
    return [*lines[:first], rng.choice(("x: {", "x: [", "{", "[")) + inside + rng.choice(("}", "]", "", "}}")), *lines[last:]]


def intervene(lines: Lines, rng: random.Random) -> Lines:
    fields = {
        "day": rng.choice(("0", "5", "364", "365", "99999", "-1", rng.choice(VALUES))),
        "date": rng.choice(("2025-10-30", "2024-01-01", "2030-01-01", rng.choice(VALUES))),
        "when": f"{rng.choice(DAILY_NAMES)} {rng.choice(('<', '>', '==', '=<', ''))} {rng.choice(('5', '1e9', rng.choice(VALUES)))}",
        "ramp_days": rng.choice(("1", "30", "0", rng.choice(VALUES))),
        "close": rng.choice(("true", "false", rng.choice(VALUES))),
        "set": "{" + f"{rng.choice(list(PARAMETERS))}: {rng.choice(('0', '1', '0.5', rng.choice(VALUES)))}" + "}",
        rng.choice(KEYS): rng.choice(VALUES),
    }
    chosen = rng.sample(list(fields), rng.randint(1, 4))
    block = [f"  made_up_{rng.randrange(4)}:", *(f"    {field}: {fields[field]}" for field in chosen)]
    for at, line in enumerate(lines):
        if line.startswith("interventions:"):
            return lines[: at + 1] + block + lines[at + 1 :]
    return [*lines, "interventions:", *block]


def gate(lines: Lines, rng: random.Random) -> Lines:
    names = rng.sample((*GATES, "mended", "other"), rng.randint(1, 3))
    changes = [f"  {name}: " + rng.choice(("{" + f"{rng.choice(list(PARAMETERS))}: 0.5" + "}", rng.choice(VALUES))) for name in names]
    return [*lines, "gates:", *changes, f"  mended: [{', '.join(rng.choices(GATES, k=rng.randint(0, 4)))}]"]


def platform(lines: Lines, rng: random.Random) -> Lines:
    group = rng.choice((*GROUP_FIELDS, "platforms"))
    name = rng.choice(("short_video", "a", "On", "on", "ä", "1", "x" * 300, "a.b"))
    return [*lines, f"{group}:", f"  {name}: " + rng.choice(("{}", "null", "{open: false}", "{views_per_clip: .inf}", rng.choice(VALUES)))]


def extend(lines: Lines, rng: random.Random) -> Lines:
    line = f"extends: {rng.choice(TARGETS)}"
    again = [line] if rng.random() < 0.3 else []
    return [line if old.startswith("extends:") else old for old in lines] + again


def decorate(lines: Lines, rng: random.Random) -> Lines:
    mark = rng.choice(MARKS)
    if rng.random() < 0.3:
        return _at_one(lines, rng, lambda line: mark + line)
    return _at_one(lines, rng, lambda line: line.partition(":")[0] + ": " + mark + line.partition(":")[2].lstrip())


def sprinkle(lines: Lines, rng: random.Random) -> Lines:
    """Odd characters anywhere."""
    odd = ("\t", "\r", "\x0b", "\x7f", "\x85", "\u2028", "\ufeff", "\u00a0", "\u200b", "\ud7ff", "\U0001f642", "\\", ":", "#", "\n", "\x01")

    def change(line: str) -> str:
        at = rng.randint(0, len(line))
        return line[:at] + rng.choice(odd) * rng.choice((1, 1, 3)) + line[at:]

    return _at_one(lines, rng, change)


def cut(lines: Lines, rng: random.Random) -> Lines:
    text = "\n".join(lines)
    return text[: rng.randint(0, len(text))].split("\n")


def swell(lines: Lines, rng: random.Random) -> Lines:
    """Far more of something than any scenario has."""
    at, piece = _some(lines, rng), rng.choice(("a: 1", "- a", "# x", "", "[a, b]", "x" * 200, "  k: {}", "'q'", '"\\x41"', "a b c d e"))
    many = rng.choice((50, 500, 3000, 12_000))
    if rng.random() < 0.5:
        return [*lines[:at], "x: [" + ", ".join([piece] * many) + "]", *lines[at:]]
    return lines[:at] + [f"{piece}{i}" if rng.random() < 0.5 else piece for i in range(many)] + lines[at:]


COMMON: tuple[Mutation, ...] = (
    *(delete, duplicate, move, misspell, rename, revalue, revalue, revalue, swap_values, insert, reindent, make_flow),
    *(set_well, set_well, set_well, set_well, set_well, set_well, intervene, intervene, gate, platform, extend, decorate, sprinkle),
)
RARE: tuple[Mutation, ...] = (nest, cut, swell)


def mutated(text: str, rng: random.Random) -> bytes:
    """The text after one to five changes, as the bytes of a file."""
    lines = text.split("\n")
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        lines = rng.choice(RARE if rng.random() < 0.04 else COMMON)(lines, rng)
    data = rng.choice(("\n",) * 20 + ("\r\n", "\r")).join(lines).encode("utf-8", "surrogatepass")
    noise = rng.random()
    if noise < 0.01:
        at = rng.randint(0, len(data))
        return data[:at] + rng.randbytes(rng.choice((1, 2, 50))) + data[at:]
    if noise < 0.02:
        other_encoding = data.decode("utf-8", "replace").encode("utf-16")
        return rng.choice((b"\xef\xbb\xbf" + data, b"\xff\xfe" + data, other_encoding, rng.randbytes(300)))
    return data
