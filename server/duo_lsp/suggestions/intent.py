"""Whether to finish what is being typed or to write something new.

The rules are those of GitLab's language server, from what the lines look like: a comment right above,
a file that has hardly begun, a function without a body. Neighbouring comment lines are one instruction.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.languages import Language
from duo_lsp.suggestions.context import Here

SMALL_FILE: Final = 5
"""A file with fewer lines of code than this has hardly begun."""
_TRIPLE_QUOTES = ('"""', "'''")


@attrs.frozen
class Intent:
    """What GitLab is asked to do, in its words."""

    intent: wire.Intent
    generation_type: wire.GenerationType | None = None
    user_instruction: str | None = None

    def applied_to(self, request: wire.SuggestionRequest) -> wire.SuggestionRequest:
        """The request with this intent."""
        return attrs.evolve(
            request,
            intent=self.intent,
            generation_type=self.generation_type,
            user_instruction=self.user_instruction,
        )


COMPLETION: Final = Intent("completion")


def detect(here: Here) -> Intent:
    """The intent at a cursor, never left open."""
    if in_comment(here):
        return COMPLETION
    comment = comment_above(here)
    if comment:
        if sum(map(str.isalnum, comment)) <= 2:
            return COMPLETION
        return Intent("generation", "comment", comment)
    if code_lines(here) < SMALL_FILE:
        return Intent("generation", "small_file")
    if in_empty_function(here):
        return Intent("generation", "empty_function")
    return COMPLETION


def in_comment(here: Here) -> bool:
    """Whether the cursor stands in a comment or, in Python, in a text of three quotes."""
    if _comment_start(here.line_above, here.language) is not None:
        return True
    return any(_is_open(here.above, start, end) for start, end in _blocks(here.language))


def comment_above(here: Here) -> str:
    """The comment that ends above the cursor with only blank lines between, marks included; or nothing."""
    if here.line_above.strip():
        return ""
    lines = here.above.splitlines()[: -1 if here.line_above else None]
    while lines and not lines[-1].strip():
        lines.pop()
    block = _line_comments(lines, here.language) or _block_comment(lines, here.language)
    return "\n".join(line.strip() for line in block)


def code_lines(here: Here) -> int:
    """How many lines around the cursor are neither blank nor a comment."""
    lines = (here.above + here.below).splitlines()
    return sum(1 for line in lines if line.strip() and not _is_comment(line, here.language))


def in_empty_function(here: Here) -> bool:
    """Whether the cursor stands in a function or class that has no body yet."""
    header = here.language.header
    above = here.above.rstrip().splitlines()
    placeholder = here.language.id == "python" and here.line_above.strip() in ("", "pass", "...")
    if placeholder and here.line_above.strip() and above:
        above = "\n".join(above[:-1]).rstrip().splitlines()
    if header is None or not above or not header.match(above[-1]):
        return False
    if here.line_above.strip() and not placeholder and here.line_above != above[-1]:
        return False
    below = next((line for line in here.below.splitlines() if line.strip()), "")
    if here.language.openings == ("{",):
        return below.strip().startswith("}")
    return _indent(below) <= _indent(above[-1]) or not below


def _indent(line: str) -> int:
    return len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip())


def _blocks(language: Language) -> list[tuple[str, str]]:
    quotes = [(quote, quote) for quote in _TRIPLE_QUOTES] if language.id == "python" else []
    return quotes + ([language.block_comment] if language.block_comment else [])


def _is_comment(line: str, language: Language) -> bool:
    text = line.strip()
    return text.startswith(language.line_comments) if language.line_comments else False


def _comment_start(line: str, language: Language) -> int | None:
    """Where a line comment begins on this line, outside of quotes; None when there is none."""
    if not language.line_comments:
        return None
    marks = "|".join(map(re.escape, language.line_comments))
    for found in re.finditer(rf"\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?|(?P<mark>{marks})", line):
        if found["mark"]:
            return found.start()
    return None


def _is_open(text: str, start: str, end: str) -> bool:
    if start == end:
        return text.count(start) % 2 == 1
    return text.rfind(start) > text.rfind(end)


def _line_comments(lines: list[str], language: Language) -> list[str]:
    first = len(lines)
    while first and _is_comment(lines[first - 1], language):
        first -= 1
    return lines[first:]


def _block_comment(lines: list[str], language: Language) -> list[str]:
    for start, end in _blocks(language):
        if not lines or not lines[-1].rstrip().endswith(end):
            continue
        for first in range(len(lines) - 1, -1, -1):
            text = lines[first].strip()
            if text.startswith(start) and (first < len(lines) - 1 or len(text) >= len(start) + len(end)):
                return lines[first:]
    return []
