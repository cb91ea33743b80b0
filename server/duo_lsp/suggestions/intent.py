"""Whether to finish what is being typed or to write something new.

The rules are those of GitLab's language server, from what the lines look like: a comment right above,
a file that has hardly begun, a function without a body. Neighbouring comment lines are one instruction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.languages import Language
from duo_lsp.protocol.text_units import split_lines
from duo_lsp.suggestions import around, comments
from duo_lsp.suggestions.comments import Span
from duo_lsp.suggestions.context import Here, wellformed

SMALL_FILE: Final = 5
"""A file with fewer lines of code than this has hardly begun."""
_SMALL_SIZE: Final = 2_000
"""Unless its lines are so long that it is a large file in a few lines."""
_LONGEST_HEADER: Final = 1_000

_FILLED_LINE = re.compile(r"\S[^\r\n]*")
_BOUNDS = re.compile(r"\s*(?:where\b|.*\S,\s*\Z)")
"""What a header says of its types in lines of their own, between its arguments and its brace."""
_CLOSERS = re.compile(r"[\s)\]}>\"'`;,:]*")
_PLACEHOLDER = re.compile(r"(?P<head>[ \t]*|.*:[ \t]*)(?:pass|\.\.\.)[ \t]*")
_LICENCE = re.compile(
    r"SPDX-License-Identifier|Copyright\s+(?:\(c\)|©|\d{4})|Licensed under|All rights reserved|\(c\) \d{4}",
    re.IGNORECASE,
)
_FOR_TOOLS = re.compile(
    r"\W*(?:-\*-|(?:vim?|ex):|coding[:=]|noqa|type:\s*ignore|mypy:|pylint:|pyright:|ruff:|fmt:|isort:|pragma:|"
    r"frozen_string_literal:|rubocop:|typed:|eslint|jshint|prettier-|@ts-|@jsx|@flow|go:\w|\+build|nolint|"
    r"shellcheck |clang-format|NOLINT|swiftlint:|ktlint-|phpcs:|@phpstan|region\b|endregion\b)",
    re.IGNORECASE,
)


@attrs.frozen
class Intent:
    """What GitLab is asked to do, in its words."""

    intent: wire.Intent
    generation_type: wire.GenerationType | None = None
    user_instruction: str | None = None

    def applied_to(self, request: wire.SuggestionRequest) -> wire.SuggestionRequest:
        """The request with this intent; what is long in the making may come in pieces."""
        return attrs.evolve(
            request,
            intent=self.intent,
            generation_type=self.generation_type,
            user_instruction=self.user_instruction,
            stream=self.intent == "generation",
        )


COMPLETION: Final = Intent("completion")


def detect(here: Here, sent: str | None = None) -> Intent:
    """The intent at a cursor, never left open; `sent` is the text above as it may be sent, for the instruction."""
    near = around.near(here)
    above = here.above if sent is None else sent
    return _detect(attrs.evolve(here, above=near), around.spans(here), above[len(above) - len(near) :])


def _detect(here: Here, spans: Sequence[Span], sent: str) -> Intent:
    if at_comment(here, spans):
        return COMPLETION
    comment = comment_above(here, spans, sent)
    if comment:
        return Intent("generation", "comment", comment) if _says_something(comment) else COMPLETION
    code = comments.without(here.above, spans)
    if hardly_begun(here, code):
        return Intent("generation", "small_file")
    if in_empty_function(here, code):
        return Intent("generation", "empty_function")
    return COMPLETION


def at_comment(here: Here, spans: Sequence[Span]) -> bool:
    """Whether a comment stands on the cursor's line, or the cursor in a text of many lines."""
    line_start = len(here.above) - len(here.line_above)
    if spans and (spans[-1].is_open or (spans[-1].kind != "text" and spans[-1].end >= line_start)):
        return True
    return bool(comments.find(here.line_below, here.language))


def comment_above(here: Here, spans: Sequence[Span], sent: str) -> str:
    """What the comment above the cursor says, marks included; nothing when code stands between or right of the cursor.

    Licences and lines for tools instruct nobody.
    """
    if not spans or not _CLOSERS.fullmatch(here.line_below):
        return ""
    last = spans[-1]
    if last.kind == "text" or here.above[last.end :].strip():
        return ""
    text = sent[last.start : last.end]
    if not comments.is_first(here.above, last):  # it began behind code; what is below that line may still be one
        text = text.partition("\n")[2] if last.kind == "line" else ""
    if _LICENCE.search(text):
        return ""
    lines = (line.strip() for line in split_lines(text))
    return wellformed("\n".join(line for line in lines if not _is_for_tools(line, last.start))).strip()


def hardly_begun(here: Here, code_above: str) -> bool:
    """Whether there are only a few lines of code in the whole file."""
    if here.is_cut or _filled_lines(code_above) > SMALL_FILE:
        return False
    code = code_above + comments.without(here.below, comments.find(here.below, here.language))
    return _filled_lines(code) < SMALL_FILE and len(code) < _SMALL_SIZE


def in_empty_function(here: Here, code_above: str) -> bool:
    """Whether the cursor stands in a function or class that has no body yet."""
    above, below = _around_body(here, code_above)
    header = _statement(above)
    if here.language.header is None or not here.language.header.match(header):
        return False
    return _nothing_follows(below, header, here.language)


def _around_body(here: Here, code_above: str) -> tuple[str, str]:
    """The text before and after the place of the body; Python's `pass` and `...` are no body."""
    placeholder = _PLACEHOLDER.fullmatch(here.line_above + here.line_below) if here.language.docstrings else None
    if placeholder is None or len(placeholder["head"].rstrip()) > len(here.line_above):
        return code_above, here.below
    rows_above = code_above[: len(code_above) - len(here.line_above)]
    return rows_above + placeholder["head"], here.below[len(here.line_below) :]


def _nothing_follows(below: str, header: str, language: Language) -> bool:
    """Whether the next code is the end of the body or beyond it."""
    rest_of_line, *lines = split_lines(comments.without(below, comments.find(below, language)))
    following = rest_of_line.strip() or next((line for line in lines if line.strip()), "")
    if not following:
        return True
    if language.body_end and re.match(rf"\s*(?:{language.body_end})", following):
        return True
    if rest_of_line.strip() or _indent(following) > _indent(header):
        return False
    return not language.body_end or bool(language.header and language.header.match(following))


def _statement(text: str) -> str:
    """The last statement of a text: its last line, and those before as long as brackets stay open or a `{` is alone."""
    taken = ""
    for line in reversed(text.rstrip()[-_LONGEST_HEADER:].splitlines()):
        taken = f"{line}\n{taken}"
        if taken.strip() not in ("", "{") and _closed(taken) <= 0 and ("(" in taken or not _BOUNDS.match(line)):
            break
    return taken.rstrip()


def _closed(text: str) -> int:
    return text.count(")") + text.count("]") - text.count("(") - text.count("[")


def _indent(line: str) -> int:
    return len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip())


def _filled_lines(text: str) -> int:
    return sum(1 for _ in islice(_FILLED_LINE.finditer(text), SMALL_FILE + 1))


def _says_something(comment: str) -> bool:
    return len(list(islice(filter(str.isalnum, comment), 3))) > 2


def _is_for_tools(line: str, comment_start: int) -> bool:
    return bool(_FOR_TOOLS.match(line)) or (comment_start == 0 and line.startswith("#!"))
