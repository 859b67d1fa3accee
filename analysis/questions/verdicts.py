"""What can be said of a figure of B beside that of A."""

from __future__ import annotations

HIGHER, LOWER, SAME, UNCLEAR, FEW, UNDEFINED = "higher", "lower", "the same", "cannot tell apart", "too few runs", "not defined"
