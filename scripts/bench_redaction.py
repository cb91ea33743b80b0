"""What a keystroke costs when secrets are starred, beside one without, and a search over the same text."""

from __future__ import annotations

import argparse
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass

from duo_lsp.privacy import redaction
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions import context
from duo_lsp.suggestions.context import Here

LINES = 5_000
PLANTED = 'password = "hunter2-hunter2"\n'
KEY = (
    "-----BEGIN PRIVATE KEY-----\n" + f"{'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC' * 2}\n" * 40 + "-----END PRIVATE KEY-----\n"
)


@dataclass(frozen=True)
class Row:
    """One figure in microseconds of processor time, and what stands beside it."""

    name: str
    ours: float
    without: float
    """The same without redaction."""
    floor: float
    """One search for a word over the text that is sent."""

    @property
    def over_floor(self) -> float:
        """How many times the floor redaction alone takes."""
        return (self.ours - self.without) / self.floor


def rows() -> list[Row]:
    """All figures, measured now."""
    code = (inspect.getsource(argparse).splitlines(keepends=True) * 3)[:LINES]
    secret = [*code[:2_900], PLANTED, KEY, *code[2_902:]]
    minified = ["function a(b){return b+1};var k=fetch('/api/x',{m:1});" * 20_000]
    return [
        keystroke(f"a key in {LINES:,} lines", code, 3_000),
        keystroke("the same near secrets", secret, 3_000),
        keystroke("a key in one line of a million", minified, 0),
        opening("opening that file", code, 3_000),
    ]


def keystroke(name: str, lines: list[str], line: int) -> Row:
    """Type one letter and make what is sent; only that line is new."""
    document, redactor = LineDocument("file:///w/a.py", "".join(lines), 1), Redactor()
    column = len(lines[line]) // 2

    def type_(then: Callable[[Here], object]) -> None:
        document.edit(line, column, line, column, "x")
        then(context.at(document, line, column + 1, ("/w",)))

    here = context.at(document, line, column, ("/w",))
    return Row(
        name,
        least(lambda: type_(lambda now: context.redacted(now, redactor))),
        least(lambda: type_(lambda _: None)),
        least(lambda: f"{here.above}{here.below}".find("\0")),
    )


def opening(name: str, lines: list[str], line: int) -> Row:
    """The first request, when every line is new; comes once for a file."""
    redaction.prepare()
    here = context.at(LineDocument("file:///w/a.py", "".join(lines), 1), line, 0, ("/w",))
    ours = least(lambda: context.redacted(here, Redactor()), 20)
    return Row(name, ours, 0.0, least(lambda: f"{here.above}{here.below}".find("\0")))


def least(work: Callable[[], object], times: int = 200) -> float:
    """Microseconds of processor time one call takes at least: others use the machine too."""
    seen = []
    for _ in range(times):
        start = time.process_time_ns()
        work()
        seen.append(time.process_time_ns() - start)
    return min(seen) / 1000


def main() -> None:
    """Print the table."""
    for row in rows():
        print(f"{row.name:34} {row.ours:10.1f} {row.without:10.1f} {row.over_floor:8.1f}")


if __name__ == "__main__":
    main()
