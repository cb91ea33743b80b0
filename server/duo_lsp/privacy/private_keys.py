"""Private keys, which stand on many lines between two marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.privacy.rules import Span

LONGEST: Final = 16_000
"""Characters from one mark to the other; the longest key in use, RSA with 16,384 bits, has some 13,000."""

_WORD: Final = "PRIVATE KEY"
_BEGIN: Final = re.compile(r"-----? ?BEGIN[A-Z0-9 ]{0,40} PRIVATE KEY[A-Z ]{0,10}-----?")
_END: Final = re.compile(r"-----? ?END[A-Z0-9 ]{0,40} PRIVATE KEY[A-Z ]{0,10}-----?")
_LETTERS: Final = re.compile(r"[A-Za-z0-9+/=]{40}")
_SOME_LETTERS: Final = re.compile(r"[A-Za-z0-9+/=]{4}")
_LINE: Final = (
    r"[ \t]*+(?:[#*>|/%;]{1,3}[ \t]++)?"
    r"(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): [^\r\n]*+"
    r"|[\"'`]?(?:[A-Za-z0-9+/=]|\\{1,4}[nr])*[\"'`]?[ \t]*+[+,;.)\\]{0,3}[ \t]*+)(?=[\r\n]|\Z)"
)
"""Letters of base64 and nothing else, perhaps quoted or commented out; or a header."""
_UNFINISHED: Final = re.compile(rf"{_LINE}(?:(?:\r\n|\r|\n){_LINE})*")


def spans(text: str) -> Iterator[Span]:
    """Where private keys stand in a text, without their marks.

    A key whose end is missing, because it is still being typed, goes as far as lines look like one.
    """
    if _WORD not in text:
        return
    at = 0
    while begin := _BEGIN.search(text, at):
        start = begin.end()
        at = max(_end(text, start), start)
        if at > start:
            yield start, at


def opened(above: str) -> str:
    """From the mark on, what stands above of a key that may go on below; nothing when there is none."""
    if _WORD not in above:
        return ""
    *_, last = (None, *_BEGIN.finditer(above))
    return above[last.start() :] if last and not _END.search(above, last.end()) else ""


def _end(text: str, start: int) -> int:
    """Where the key ends that begins here; the same place when it is none, as in a program that reads keys."""
    again = _BEGIN.search(text, start, start + LONGEST)
    end = _END.search(text, start, again.start() if again else start + LONGEST)
    if end and _LETTERS.search(text, start, end.start()):
        return end.start()
    rest = _UNFINISHED.match(text, start, end.start() if end else start + LONGEST)
    return rest.end() if rest and _SOME_LETTERS.search(rest[0]) else start
