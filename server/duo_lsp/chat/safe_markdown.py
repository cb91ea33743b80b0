"""What a model wrote, as it comes: nothing in it is fetched, run or hidden when it is shown."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.chat import fences
from duo_lsp.chat.fences import Fence
from duo_lsp.chat.inline import Inline
from duo_lsp.chat.plain import Plain

_WORDS: Final = r"[\w ,.;'\"()/?=+#%@-]"
_CERTAIN: Final = re.compile(rf"(?:{_WORDS}|:(?=\s))*\s")
"""The beginning of a line that cannot become anything but what it is, whatever follows."""
_ALL_WORDS: Final = re.compile(rf"{_WORDS}*:?")
_MAYBE_WEB: Final = re.compile(r"\bwww\.", re.IGNORECASE)
_FRONT_MATTER: Final = ("---", "+++", ";;;")
"""What a renderer may take for data in front of a document."""


class SafeMarkdown:
    """Takes pieces of Markdown and gives safe ones; what comes out does not depend on how it is cut.

    A line is given when it is complete, or before as far as it is plain words.
    """

    def __init__(self) -> None:
        self._plain = Plain()
        self._line: list[str] = []
        self._begun = False
        """Whether a part of the line has been given already."""
        self._sealed = False
        """Whether no more of the line may be given before it is complete."""
        self._inline = Inline()
        self._fence: Fence | None = None
        self._above: str | None = None
        """The last line, None at the beginning."""

    def feed(self, piece: str) -> str:
        """What is new and certain."""
        return self._take(self._plain.feed(piece))

    def finish(self) -> str:
        """The rest; an open fence is closed."""
        text = self._take(self._plain.finish())
        unfinished = any(self._line)
        text += self._end_line("")
        if self._fence is not None:
            text += ("\n" if unfinished else "") + self._fence.closer
            self._fence = None
        return text

    def _take(self, text: str) -> str:
        *ends, rest = text.split("\n")
        parts = []
        for end in ends:
            self._line.append(end)
            parts.append(self._end_line("\n"))
        self._line.append(rest)
        if rest:
            parts.append(self._certain())
        return "".join(parts)

    def _certain(self) -> str:
        """As much of an unfinished line as may be given already."""
        if self._sealed or self._fence is not None or not any(char.isspace() for char in self._line[-1]):
            return ""
        text = "".join(self._line)
        found = _CERTAIN.match(text)
        words = found[0] if found is not None else ""
        if not words.strip() or _MAYBE_WEB.search(words) or (not self._begun and words.lstrip()[:3] in _FRONT_MATTER):
            words = ""
        self._begun = self._begun or bool(words)
        self._line = [text[len(words) :]]
        self._sealed = _ALL_WORDS.fullmatch(self._line[0]) is None
        return words

    def _end_line(self, end: str) -> str:
        line, begun = "".join(self._line), self._begun
        self._line, self._begun, self._sealed = [], False, False
        if begun:
            self._above = "words"
            return self._inline.line(line) + end
        return self._whole(line, end)

    def _whole(self, line: str, end: str) -> str:
        if self._fence is not None:
            return self._in_fence(self._fence, line) + end
        above, self._above = self._above, line.strip(" \t")
        fence = fences.opened(line)
        if fence is not None:
            self._fence = fence
            self._inline.paragraph()
            apart = "\n" if fence.is_deep and above else ""
            return apart + fence.opener + end
        if not self._above:
            self._inline.paragraph()
        apart = "\n" if above is None and self._above in _FRONT_MATTER else ""
        return apart + self._inline.line(line) + end

    def _in_fence(self, fence: Fence, line: str) -> str:
        if not fence.is_closed_by(line):
            return fence.code(line)
        self._fence, self._above = None, fence.marks
        return fence.closer


def safe(text: str) -> str:
    """The same for a text that is complete."""
    whole = SafeMarkdown()
    return whole.feed(text) + whole.finish()
