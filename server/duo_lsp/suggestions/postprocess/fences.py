"""Code that a model wrapped in Markdown is taken out of it."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.suggestions import around, comments, lines
from duo_lsp.suggestions.context import Here

_FENCE: Final = re.compile(r"[ \t]*(?P<mark>```+|~~~+)[ \t]*[\w+#.-]*[ \t]*\Z")
_CLOSES: Final = re.compile(r"[ \t]*(?:```+|~~~+)[ \t]*\Z")


def unwrap(text: str, here: Here) -> str:
    """The code of an answer in a fence (CommonMark, 4.5), without what is said around it.

    In prose, in comments and in texts a fence is what the person writes.
    """
    if ("```" not in text and "~~~" not in text) or here.language.id in around.PROSE or around.in_text(here):
        return text
    written = lines.of(text)
    first = next((at for at, line in enumerate(written) if _FENCE.match(line)), None)
    if first is None or _in_text(text, written, first, here):
        return text
    if _is_end(written, first):
        return here.new_line.join(written[:first])
    end = next((at for at in range(first + 1, len(written)) if _CLOSES.match(written[at])), len(written))
    return here.new_line.join(_placed(written[first + 1 : end], here))


def _is_end(written: list[str], first: int) -> bool:
    """Whether the only fence ends an answer whose fence began in the question."""
    bare = _CLOSES.match(written[first]) is not None
    return bare and any(map(str.strip, written[:first])) and not any(map(str.strip, written[first + 1 :]))


def _in_text(text: str, written: list[str], number: int, here: Here) -> bool:
    """Whether the line stands in a comment or text of the answer itself, as in a docstring with an example."""
    at = sum(len(line) + len(here.new_line) for line in written[:number])
    return any(span.start < at < span.end for span in comments.find(text, here.language))


def _placed(code: list[str], here: Here) -> list[str]:
    """The lines as deep as the cursor stands, where a fresh line begins; in a fence they begin at the margin."""
    if not around.on_fresh_line(here) or not code:
        return code
    margin = min((lines.indent(line) for line in code if line.strip()), default=0)
    if lines.indent(code[0]) != margin or any("\t" in line[:margin] for line in code):
        return code
    first, *others = (line[margin:] for line in code)
    return [first, *(here.line_above + line if line.strip() else "" for line in others)]
