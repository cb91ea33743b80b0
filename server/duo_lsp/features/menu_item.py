"""A suggestion as an item of a completion menu."""

from __future__ import annotations

import itertools
import re
import textwrap
from typing import Final

import attrs
from lsprotocol import types as lsp

from duo_lsp.features import accepted, words
from duo_lsp.offer import Offer

_WANTS_SNIPPETS: Final = "neovim"
"""Its menu inserts the first line of plain text at most, Neovim 0.11 only the first word."""
_TAKES_AS_IT_IS: Final = "helix"
"""It inserts plain text byte for byte, so line ends have to be the document's, which Neovim and Emacs see to.

It also reads every preview as Markdown but does not say so: without a fence it would join the lines of code.
"""
_LINE_BREAK: Final = "⏎ "
Options = lsp.ClientCompletionItemOptions


@attrs.frozen
class Menu:
    """The menu of one editor: whose it is, and what it can."""

    client: str
    """Its name in lower case."""
    can: Options

    def item(self, offer: Offer, source: str, rank: int = 0) -> lsp.CompletionItem:
        """One item that replaces the word before the cursor; editors complete by its label, the line it inserts.

        The best has the rank 0.
        """
        here = offer.here
        word = words.before(here.line_above, here.language.id, self.client)
        indentation = here.line_above[: len(here.line_above) - len(here.line_above.lstrip())]
        snippet = self.client == _WANTS_SNIPPETS and bool(self.can.snippet_support)
        text = _kept(word + offer.text, indentation) if snippet else word + offer.text
        label = label_of(text, word)
        inserted = _snippet(text, indentation) if snippet else self._plain(text, here.new_line)
        return lsp.CompletionItem(
            label=label,
            kind=lsp.CompletionItemKind.Text,  # what is of the kind Snippet, Helix inserts as one
            detail=_detail(source, text),
            documentation=self._preview(indentation + text, here.language_id),
            preselect=not rank,
            sort_text=f"{rank:04}",
            filter_text=text.partition("\n")[0].strip() or label,
            insert_text_format=lsp.InsertTextFormat.Snippet if snippet else lsp.InsertTextFormat.PlainText,
            insert_text_mode=self._mode(snippet=snippet),
            text_edit=lsp.TextEdit(offer.range_from(here.character - len(word)), inserted),
            command=accepted.command(offer.suggestion),
        )

    def _plain(self, text: str, new_line: str) -> str:
        return text.replace("\n", new_line) if self.client == _TAKES_AS_IT_IS else text

    def _mode(self, *, snippet: bool) -> lsp.InsertTextMode | None:
        support = self.can.insert_text_mode_support
        mode = lsp.InsertTextMode.AdjustIndentation if snippet else lsp.InsertTextMode.AsIs
        return mode if support is not None and mode in support.value_set else None

    def _preview(self, text: str, language_id: str) -> lsp.MarkupContent | str:
        shown = textwrap.dedent(text).strip("\n")
        markdown = lsp.MarkupKind.Markdown in (self.can.documentation_format or ())
        if not markdown and self.client != _TAKES_AS_IT_IS:
            return shown
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", shown)), default=0))
        return lsp.MarkupContent(lsp.MarkupKind.Markdown, f"{fence}{language_id}\n{shown}\n{fence}")


def label_of(text: str, word: str) -> str:
    """The first line that says something; after a mark when it comes on a later line than the cursor's."""
    first = text.partition("\n")[0].strip()
    if first != word:
        return first
    following = next((line.strip() for line in text.splitlines()[1:] if line.strip()), "")
    return f"{word}{_LINE_BREAK}{following}"


def _detail(source: str, text: str) -> str:
    lines = len(text.strip("\n").split("\n"))
    return source if lines == 1 else f"{source}, {lines} lines"


def _kept(text: str, indentation: str) -> str:
    """What can be said as a snippet: Neovim indents every line of it like the first, so a line further left ends it."""
    first, *more = text.split("\n")
    kept = list(itertools.takewhile(lambda line: not line.strip() or line.startswith(indentation), more))
    return text if len(kept) == len(more) else "\n".join([first, *kept]).rstrip()


def _snippet(text: str, indentation: str) -> str:
    """A snippet that means just this text, the cursor at its end: without the indentation, its own signs escaped."""
    first, *more = text.split("\n")
    lines = [first, *(line.removeprefix(indentation) for line in more)]
    return re.sub(r"([\\$}])", r"\\\1", "\n".join(lines)) + "$0"
