"""What a keystroke costs in our documents, beside pygls's own and a bare list in the same run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from lsprotocol import types as lsp
from pygls.workspace import PositionCodec, TextDocument

from duo_lsp.protocol.documents import LineDocument

LINE = "    x = compute(a, b, c)  # y\n"
SIZES = (1_000, 10_000, 100_000)
LONG = 100_000
LONG_LINES = {"ascii": "x" * LONG, "漢": "漢" * LONG, "one 😀": "é" * (LONG - 1) + "😀"}


@dataclass(frozen=True)
class Row:
    """One figure in microseconds, and what the same work costs without us."""

    name: str
    ours: float
    """Median, microseconds."""
    floor: float
    """A bare list of lines (or string) doing the same without positions; median, microseconds."""
    pygls: float
    """pygls's own document doing the same; median, microseconds."""

    @property
    def over_floor(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor

    @property
    def under_pygls(self) -> float:
        """How many times cheaper than pygls."""
        return self.pygls / self.ours


def rows() -> list[Row]:
    """All figures, measured now; takes a few seconds."""
    by_size = [edit_row(f"edit, {size:,} lines", LINE * size, int(size * 0.7), 4) for size in SIZES]
    by_line = [
        edit_row(f"edit, line of {LONG:,} ({name})", line + "\n", 0, LONG - 5) for name, line in LONG_LINES.items()
    ]
    lines = {"80 (ascii)": "x" * 80, "80 (é)": "é" * 80} | {
        f"{LONG:,} ({name})": line for name, line in LONG_LINES.items()
    }
    return [*by_size, *by_line, *(column_row(f"utf-16 column, line of {name}", line) for name, line in lines.items())]


def edit_row(name: str, text: str, line: int, column: int) -> Row:
    """Insert one character, in the client's utf-16."""
    mirror, lines, theirs = (
        LineDocument("file:///a", text),
        text.splitlines(keepends=True),
        TextDocument("file:///a", text),
    )

    def bare() -> None:
        lines[line] = lines[line][:column] + "x" + lines[line][column:]

    def pygls() -> None:
        at = lsp.Position(line, column)
        theirs.apply_change(lsp.TextDocumentContentChangePartial(lsp.Range(at, at), "x"))

    return Row(name, median(lambda: mirror.edit(line, column, line, column, "x")), median(bare), median(pygls, 10))


def column_row(name: str, line: str) -> Row:
    """A client's utf-16 column near the end of a line, in characters."""
    mirror, codec, column = LineDocument("file:///a", line), PositionCodec(), len(line) - 5

    def pygls() -> None:
        codec.position_from_client_units((line,), lsp.Position(0, column))

    return Row(
        name,
        median(lambda: mirror.column_from_client(0, column)),
        median(lambda: len(line[:column])),
        median(pygls, 10),
    )


def median(work: Callable[[], object], times: int = 300) -> float:
    """Microseconds one call takes, the median of several; the first calls do not count."""
    gc.collect()
    seen = []
    for _ in range(times + 3):
        start = time.perf_counter_ns()
        work()
        seen.append(time.perf_counter_ns() - start)
    return statistics.median(seen[3:]) / 1000


def main() -> None:
    """Print the table."""
    print(f"{'microseconds, median':40} {'ours':>8} {'floor':>8} {'x floor':>8} {'pygls':>10} {'pygls/ours':>10}")
    for row in rows():
        figures = f"{row.ours:8.2f} {row.floor:8.2f} {row.over_floor:8.1f} {row.pygls:10.1f} {row.under_pygls:10.0f}"
        print(f"{row.name:40} {figures}")


if __name__ == "__main__":
    main()
