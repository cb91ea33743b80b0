"""Where one line is right, no more is offered than the statement that it begins."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.suggestions import around, extent, lines
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.extent import Surroundings
from duo_lsp.suggestions.postprocess.scope import GOES_ON, first_indent, is_comment

_UNFINISHED: Final = re.compile(r"(?:[=\\|&]|(?<!\+)\+|(?<!-)-|\b(?:and|or))\s*\Z|\A\s*(?:@|#\[)")
"""A line that an operator ends, or one that only says something about the next."""
_CARRIES_ON: Final = re.compile(r"\s*(?:\.(?!\.)|\?[.:\s]|&&|\|\||\|>|[+*/%:=-]\s|\{\s*\Z|(?:and|or)\b)")
"""A line that the statement above it goes on with."""
_CLOSERS: Final = ")]}"
"""What begins with one goes on with the statement that the block belongs to."""
_END: Final = re.compile(r"\s*(?:end|fi|done|esac)\b|\s*</")
_NEXT: Final = re.compile(r"\s*\n([ \t]*\S[^\n]*)")


def cut(text: str, here: Here) -> str:
    """After the first statement: one line, and more where its brackets, its block or its operators need them."""
    if "\n" not in text or here.language.id in around.PROSE or text.lstrip()[:1] in _CLOSERS:
        return text
    seen = extent.read(here)
    if extent.several(here, seen):
        return text
    most = len(seen.is_open) - max(0, seen.opened_here - seen.closed_behind)
    whole = _Statement(here, seen, text, in_call=most > 0 and seen.is_open[most - 1] in "([")
    start = 0
    for each in extent.breaks(text, here, seen):
        line, start = text[start : each.at], each.at + 1
        finished = line.strip() and each.depth <= most and not is_comment(line, here.language)
        if finished and not _UNFINISHED.search(line) and not whole.goes_on(each.at):
            return text[: each.at]
    return text


class _Statement:
    """The first statement of an answer, read line by line."""

    def __init__(self, here: Here, seen: Surroundings, text: str, *, in_call: bool) -> None:
        self._here, self._text, self._in_call = here, text, in_call
        fresh = seen.fresh or not text.partition("\n")[0].strip()
        self._indent = first_indent(text, here) if fresh else seen.indent
        self._may_have_body = lines.indent(seen.below) <= self._indent
        self._has_body = False

    def goes_on(self, at: int) -> bool:
        """Whether the next filled line after this line end belongs to it."""
        found = _NEXT.match(self._text, max(at - 1, 0) if self._text[at - 1 : at] == "\r" else at)
        if found is None:
            return False
        if around.in_comment(self._here):
            return is_comment(found[1], self._here.language)
        if self._in_call or _CARRIES_ON.match(found[1]):
            return not self._in_call
        indent = lines.indent(found[1])
        if indent > self._indent:
            self._has_body = self._may_have_body
            return self._may_have_body
        return self._has_body and indent == self._indent and bool(_END.match(found[1]) or GOES_ON.match(found[1]))
