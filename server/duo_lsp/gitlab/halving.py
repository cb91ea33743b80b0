"""A request that was too large, once more with half of the text at most."""

from __future__ import annotations

import attrs

from duo_lsp.wire import SuggestionRequest


def halved(request: SuggestionRequest) -> SuggestionRequest:
    """The same question with at most half of the text.

    What goes along is left out first. Where that is not half of it, the nearer half of the text on each side of the
    cursor stays, in whole lines where it can be.
    """
    file = request.current_file
    around = len(file.content_above_cursor) + len(file.content_below_cursor)
    if sum(len(item.content) for item in request.context) < around:
        file = attrs.evolve(
            file,
            content_above_cursor=_last_half(file.content_above_cursor),
            content_below_cursor=_first_half(file.content_below_cursor),
        )
    return attrs.evolve(request, current_file=file, context=())


def _last_half(text: str) -> str:
    start = len(text) - len(text) // 2
    line = text.find("\n", start - 1) + 1
    return text[line if 0 < line < len(text) else start :]


def _first_half(text: str) -> str:
    end = len(text) // 2
    return text[: text.rfind("\n", 0, end) + 1 or end]
