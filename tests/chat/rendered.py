"""What a renderer makes of Markdown: an independent one, with tables and raw HTML turned on."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_RENDERER.validateLink = lambda _: True  # type: ignore[assignment, method-assign] # others make links of every scheme
HARMFUL = ("html_block", "html_inline", "image", "link_open")


def tokens(text: str) -> Iterator[Token]:
    """Everything in it, in order."""
    for token in _RENDERER.parse(text):
        yield token
        yield from token.children or ()


def harm(text: str) -> list[str]:
    """What in it would be fetched, run or followed."""
    return [f"{token.type}: {token.content or token.attrs}" for token in tokens(text) if token.type in HARMFUL]


def code(text: str) -> list[str]:
    """The code blocks in it."""
    return [token.content for token in tokens(text) if token.type in ("fence", "code_block")]
