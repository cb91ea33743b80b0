"""An answer while it comes: pieces in, safe pieces out."""

from __future__ import annotations

from collections.abc import Callable

from duo_lsp.chat.safe_markdown import SafeMarkdown, safe


class Saying:
    """Hands every safe piece on, and knows the whole in the end."""

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._safe = SafeMarkdown()
        self._raw: list[str] = []
        self._said: list[str] = []
        self._ended = False

    def take(self, piece: str) -> None:
        """A new piece; one that comes after the end is nobody's."""
        if not self._ended:
            self._raw.append(piece)
            self._say(self._safe.feed(piece))

    def whole(self, answer: str) -> str:
        """The answer is complete, and this is it: as it was said, unless it turned out otherwise in the end."""
        raw = "".join(self._raw)
        if not answer.startswith(raw):
            self._ended = True
            return safe(answer)
        self.take(answer[len(raw) :])
        return self.end()

    def partly(self, answer: str) -> str:
        """The answer broke off, and this is what is known of it."""
        raw = "".join(self._raw)
        if answer.startswith(raw):
            self.take(answer[len(raw) :])
        return self.end()

    def end(self) -> str:
        """There is no more; what there was of it."""
        if not self._ended:
            self._say(self._safe.finish())
            self._ended = True
        return "".join(self._said)

    def _say(self, text: str) -> None:
        if text:
            self._said.append(text)
            self._on_text(text)
