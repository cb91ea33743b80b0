"""What goes along with a request: gathered beside the loop's other work, and never waited for long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from typing import Final

import attrs

from duo_lsp import languages, urls, wire
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.settings import Settings
from duo_lsp.suggestions import supported
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.gate import Gate
from duo_lsp.suggestions.neighbours import recent, trimming
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.neighbours.imported import Imported
from duo_lsp.suggestions.neighbours.opened import Opened
from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.shelf import Disk, Found, Importer, Shelf
from duo_lsp.toggles.switches import Toggles

log = logging.getLogger(__name__)

MOST: Final = 10
"""Files of either kind that are looked at for one request."""
ENOUGH: Final = 2 * trimming.MAX_BYTES
"""Bytes to choose from."""
HEAD: Final = 8_000
"""Bytes at the beginning of a document where its imports are looked for."""


@attrs.frozen
class _Wish:
    """For whom something is gathered."""

    here: Here
    settings: Settings
    upstream: Upstream
    folder: str
    opened: list[Piece] = attrs.field(factory=list)
    imported: list[Piece] = attrs.field(factory=list)

    @property
    def redacts(self) -> bool:
        return self.settings.code_completion.enable_secret_redaction

    def is_wanted(self, language: str) -> bool:
        """Whether a file in this language may help: one that suggestions come in, or the current file's own."""
        wanted = self.settings.code_completion
        if language in supported.NO_LANGUAGE or supported.is_disabled(language, wanted):
            return False
        return language == supported.name_of(self.here) or supported.comes_by_itself(language, wanted, local=False)


class Neighbours:
    """Gathers for one request at a time."""

    def __init__(
        self,
        desk: Desk,
        gate: Gate,
        redactor: Redactor,
        toggles: Toggles,
        clock: Callable[[], float],
        shelf: Shelf | None = None,
    ) -> None:
        """`clock` gives seconds, monotonic; `shelf` is asked in a thread."""
        self._desk = desk
        self._gate = gate
        self._toggles = toggles
        self._opened = Opened(desk, redactor)
        self._imported = Imported(clock, shelf or Disk())
        self._gathering: asyncio.Task[None] | None = None

    async def items(
        self, here: Here, sent: Here, settings: Settings, upstream: Upstream
    ) -> tuple[wire.ContextItem, ...]:
        """What goes along with a request for this place, of which `sent` is what will be sent.

        Whatever goes wrong costs the request nothing but this. Nobody gathers while an earlier gathering is late.
        """
        folder = recent.folder_of(here.path, here.folders)
        beside = self._desk.recent.beside(here.uri, here.folders)
        wanted = (settings.open_tabs_context and beside) or settings.imports_context
        if not wanted or not folder or upstream.local or (self._gathering and not self._gathering.done()):
            return ()
        wish = _Wish(here, settings, upstream, folder)
        self._gathering = asyncio.ensure_future(self._gather(wish, beside))
        await asyncio.wait({self._gathering}, timeout=self._desk.patience)
        return trimming.fitted(list(_others(wish, sent.above + sent.below)))

    def forget(self, uri: str) -> None:
        """A document was changed or closed."""
        self._opened.forget(uri)

    async def close(self) -> None:
        """End what runs."""
        if self._gathering is not None:
            self._gathering.cancel()
            await asyncio.wait({self._gathering})

    async def _gather(self, wish: _Wish, beside: list[str]) -> None:
        try:
            if wish.settings.open_tabs_context:
                await self._take_opened(wish, beside)
            if wish.settings.imports_context:
                await self._take_imported(wish, beside)
        except Exception:
            log.exception("what goes along with a request could not be gathered")

    async def _take_opened(self, wish: _Wish, beside: list[str]) -> None:
        for uri in beside:
            if _is_enough(wish.opened):
                return
            await self._take(wish, wish.opened, uri)

    async def _take(self, wish: _Wish, pieces: list[Piece], uri: str) -> None:
        document, path = self._desk.document(uri), urls.document_path(uri)
        if document is None:
            return
        language = languages.of(path, document.language_id).id or document.language_id.lower()
        said = self._toggles.of(uri, language)
        if not wish.is_wanted(language) or (said is not None and not said.on):
            return
        if await self._gate.may_be_context(path, (wish.folder,), wish.settings, wish.upstream):
            piece = self._opened.piece(uri, wish.folder, redacts=wish.redacts)
            if piece is not None:
                pieces.append(piece)
        await asyncio.sleep(0)  # rules and secrets may have taken milliseconds

    async def _take_imported(self, wish: _Wish, beside: list[str]) -> None:
        document = self._desk.document(wish.here.uri)
        head = wish.here.above if document is None else document.after(0, 0, HEAD)
        name = wish.here.path.removeprefix(f"{wish.folder}/")
        open_ = {recent.identity(uri): uri for uri in beside}
        for found in await self._imported.found(Importer(wish.folder, name, wish.here.language.id, head)):
            names = {f"{wish.folder}/{found.name}", f"{wish.folder}/{found.inside}"}
            if _is_enough(wish.imported):
                return
            if wish.here.path in names or not wish.is_wanted(languages.of(found.name).id):
                continue
            uri = next((open_[name] for name in names if name in open_), None)
            if uri is None:
                await self._take_closed(wish, found, names)
            elif not wish.settings.open_tabs_context:
                await self._take(wish, wish.imported, uri)

    async def _take_closed(self, wish: _Wish, found: Found, names: set[str]) -> None:
        for path in names:
            if not await self._gate.may_be_context(path, (wish.folder,), wish.settings, wish.upstream):
                return
            await asyncio.sleep(0)
        piece = await self._imported.piece(found, redacts=wish.redacts)
        if piece is not None:
            wish.imported.append(piece)


def _is_enough(pieces: list[Piece]) -> bool:
    return len(pieces) >= MOST or sum(piece.size for piece in pieces) >= ENOUGH


def _others(wish: _Wish, text: str) -> Iterator[Piece]:
    """Each piece that says something new, open and imported ones by turns: many of the one leave room for the other."""
    said = [text]
    for piece in filter(None, chain.from_iterable(zip_longest(wish.opened, wish.imported))):
        new = piece.text.strip()
        if not any(new in other for other in said):
            said.append(piece.text)
            yield piece
