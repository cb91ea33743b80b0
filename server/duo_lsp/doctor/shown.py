"""Findings as a person or a program reads them."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from duo_lsp.doctor.scene import Finding

_COLOURS: Final = {"ok": "32", "!!": "31;1", "--": "2"}
"""ECMA-48: green, bold red, dim."""
_NAME: Final = 10


def lines(finding: Finding, *, colour: bool) -> str:
    """The finding on a line, its remedy on the next."""
    mark = "--" if finding.skipped else "ok" if finding.fine else "!!"
    painted = f"\x1b[{_COLOURS[mark]}m{mark}\x1b[0m" if colour else mark
    line = f"{painted}  {finding.name:{_NAME}} {finding.text}"
    return f"{line}\n    {'':{_NAME}} -> {finding.remedy}" if finding.remedy else line


def wants_colour(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether to paint: in a terminal that can, unless the person set NO_COLOR (no-color.org)."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def as_json(findings: Sequence[Finding]) -> str:
    """All findings as one JSON object."""
    return json.dumps({"fine": all(one.fine for one in findings), "findings": [attrs.asdict(one) for one in findings]})


def report(findings: Sequence[Finding], packages: Mapping[str, str], log: Sequence[str]) -> str:
    """What to attach to a report of a bug, not masked yet."""
    found = "\n".join(lines(finding, colour=False) for finding in findings)
    versions = "\n".join(f"{name} {version}" for name, version in sorted(packages.items()))
    end = "\n".join(log) if log else "none was given"
    parts = {"What doctor found": found, "Packages": versions, "The end of the log": end}
    return "".join(f"{title}\n{textwrap.indent(text, '  ')}\n\n" for title, text in parts.items())
