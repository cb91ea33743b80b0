"""A request that was too large, once more with half of the text."""

from __future__ import annotations

import attrs

from duo_lsp.wire import ContextItem, SuggestionRequest


def halved(request: SuggestionRequest) -> SuggestionRequest:
    """The same question with the nearer half of the text on each side of the cursor, in whole lines where it can be."""
    file = request.current_file
    near = attrs.evolve(
        file,
        content_above_cursor=_last_half(file.content_above_cursor),
        content_below_cursor=_first_half(file.content_below_cursor),
    )
    return attrs.evolve(request, current_file=near, context=_first_items(request.context))


def _last_half(text: str) -> str:
    start = len(text) - len(text) // 2
    line = text.find("\n", start - 1) + 1
    return text[line if 0 < line < len(text) else start :]


def _first_half(text: str) -> str:
    end = len(text) // 2
    return text[: text.rfind("\n", 0, end) + 1 or end]


def _first_items(items: tuple[ContextItem, ...]) -> tuple[ContextItem, ...]:
    """What comes first matters most."""
    room = sum(len(item.content) for item in items) // 2
    kept: list[ContextItem] = []
    for item in items:
        room -= len(item.content)
        if room < 0:
            break
        kept.append(item)
    return tuple(kept)
