"""Redaction that remembers: after a keystroke only the lines that changed are looked at again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final

import attrs
from cachetools import LRUCache

from duo_lsp.privacy import redaction
from duo_lsp.privacy.next_line import Opening

MAX_BYTES: Final = 2 << 20
_LONGEST_TYPED: Final = 2_000
"""Characters left of the cursor that may be a secret being typed."""
_PER_LINE: Final = 160
"""Bytes of an entry beside its text, of which a character takes up to four."""


@attrs.frozen
class _Known:
    """The lines that were looked at for one document."""

    plain: Set[str]
    secret: Mapping[str, str]
    """Those with secrets, and what of them may be sent."""
    openings: Mapping[str, Opening]
    """Those that announce a secret below them."""
    bare: bool
    size: int


_NOTHING: Final = {bare: _Known(frozenset(), {}, {}, bare, 0) for bare in (False, True)}


class Redactor:
    """Remembers for each document the lines that were looked at last; bounded in bytes."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._by_uri: LRUCache[str, _Known] = LRUCache(max_bytes, getsizeof=lambda known: known.size)

    @property
    def bytes(self) -> int:
        """What it takes now, at most."""
        return int(self._by_uri.currsize)

    def window(self, uri: str, parts: Sequence[str], text: str, cursor: int, *, bare: bool = False) -> str:
        """A piece of a document, made of these lines, with stars for its secrets.

        What stands left of the cursor on its line is looked at once more by itself: it may be a secret being typed,
        which the text right of the cursor, such as a quote that the editor put there, would hide.
        `bare` says that the language needs no quotes; see `redaction.BARE`.
        """
        seen, known = set(parts), self._by_uri.get(uri, _NOTHING[bare])
        if known.bare != bare:
            known = _NOTHING[bare]
        secret = {line: stars for line, stars in known.secret.items() if line in seen}
        openings = {line: opening for line, opening in known.openings.items() if line in seen}
        new = seen - known.plain - secret.keys()
        looked = redaction.look(new, bare=bare)
        secret |= looked.stars
        openings |= looked.openings
        size = _PER_LINE * len(seen) + 2 * 4 * len(text)
        if size <= self._by_uri.maxsize:
            self._by_uri[uri] = _Known(seen - secret.keys(), secret, openings, bare, size)
        sent = redaction.below(parts, secret, openings, bare=bare) if secret or openings else text
        return redaction.without_keys(_typed(sent, text, cursor, bare=bare), text)

    def forget(self, uri: str) -> None:
        """The document was closed."""
        self._by_uri.pop(uri, None)


def _typed(redacted: str, text: str, cursor: int, *, bare: bool) -> str:
    start = max(text.rfind("\n", 0, cursor), text.rfind("\r", 0, cursor), cursor - _LONGEST_TYPED - 1) + 1
    places = redaction.spans(text[start:cursor], bare=bare)
    return redaction.starred(redacted, ((start + left, start + right) for left, right in places))
