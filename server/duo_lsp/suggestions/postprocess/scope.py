"""A suggestion ends where the block ends that the cursor stands in."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.languages import Language
from duo_lsp.suggestions import around, extent, lines
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.extent import Surroundings

CLOSES: Final = re.compile(r"\s*(?:[)\]}]|</|(?:end|fi|done|esac)\b)")
GOES_ON: Final = re.compile(r"[\s}]*(?:else|elif|elsif|elseif|except|finally|rescue|ensure|catch|case|when|default)\b")
"""What closes a block and goes on with the same statement."""
_STANDS_ANYWHERE: Final = re.compile(r"\s*(?:#|\w+\s*:(?!:)|case\b)")
"""A label, or a line for C's preprocessor."""
_HERE_DOCUMENT: Final = re.compile(r"<<[-~]?\s*[\"'\\]?\w")


def cut(text: str, here: Here) -> str:
    """Before the first line that does not stand deep enough, unless it closes the block or goes on with it.

    Brackets and texts that the answer itself has opened are no ends of anything.
    """
    if "\n" not in text or here.language.id in around.PROSE or around.in_text(here) or _HERE_DOCUMENT.search(text):
        return text
    seen = extent.read(here)
    floor, header = _floor(text, here, seen)
    aside = -1  # where comments begin that may belong to what is beyond the block
    for each in extent.breaks(text, here, seen):
        indent = lines.indent(each.line)
        if not each.line.strip() or not text[: each.at].strip():
            continue
        if is_comment(each.line, here.language):
            aside = each.at if aside < 0 and indent < floor else aside
        elif indent >= floor or each.depth > len(seen.is_open) or _stands_anywhere(each.line, here.language):
            aside = -1
        elif GOES_ON.match(each.line) and indent == header:
            floor, aside = indent + 1, -1
        elif CLOSES.match(each.line):
            aside = -1
        else:
            return text[: each.at if aside < 0 else aside]
    return text if aside < 0 else text[:aside]


def _floor(text: str, here: Here, seen: Surroundings) -> tuple[int, int]:
    """How deep the block's lines stand at least, and how deep the line that opened it."""
    if not seen.fresh:
        return seen.indent + extent.opens(seen.line, here.language), seen.indent
    indent = first_indent(text, here)
    header = next((lines.indent(line) for line in seen.above if lines.indent(line) < indent), 0)
    is_first = indent > header and extent.opened_above(seen, here.language, indent)
    return header + 1 if is_first else indent, header


def first_indent(text: str, here: Here) -> int:
    """How deep the first filled line of an answer stands, when that begins a line."""
    first, *others = lines.of(text)
    whole = here.line_above + first if first.strip() else ""
    return next((lines.indent(line) for line in (whole, *others) if line.strip()), 0)


def is_comment(line: str, language: Language) -> bool:
    """Whether a line begins with a comment."""
    return line.lstrip().startswith((*language.line_comments, *(start for start, _ in language.blocks)))


def _stands_anywhere(line: str, language: Language) -> bool:
    return "}" in language.body_end and bool(_STANDS_ANYWHERE.match(line))
