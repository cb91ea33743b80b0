"""What already stands right of the cursor is not written again."""

from __future__ import annotations

from duo_lsp.suggestions.context import Here

_CLOSERS = ")]}>\"'`;,:"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def cut(text: str, here: Here) -> str:
    """Cut the end of a text that repeats what follows the cursor: whole lines, or closers on this line."""
    return _without_closers(_without_lines(text, here), here.line_below.strip())


def _without_lines(text: str, here: Here) -> str:
    """Without last lines that stand, indentation and all, on the next lines already."""
    lines = text.replace("\r\n", "\n").split("\n")
    stripped = [line.rstrip() for line in lines]
    first, *rest = [line.rstrip() for line in here.below.replace("\r\n", "\n").split("\n")]
    following = _trimmed(rest)
    if first and _begins([first.lstrip(), *rest], [stripped[0].lstrip(), *stripped[1:]]):
        return ""
    if not first and _begins(following, _trimmed([here.line_above + stripped[0], *stripped[1:]])):
        return ""
    for start in range(1, len(lines)):
        if _begins(following, _trimmed(stripped[start:])):
            return "\n".join(lines[:start]).rstrip()
    return text


def _trimmed(lines: list[str]) -> list[str]:
    """Without blank lines at either end."""
    filled = [number for number, line in enumerate(lines) if line]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _begins(lines: list[str], part: list[str]) -> bool:
    return bool(part) and lines[: len(part)] == part


def _without_closers(text: str, ahead: str) -> str:
    """Without closers at its end that stand right of the cursor: `a, b)` before `)` becomes `a, b`."""
    run = ahead[: len(ahead) - len(ahead.lstrip(_CLOSERS))]
    body = text.rstrip()
    for size in range(len(run), 0, -1):
        if body.endswith(run[:size]) and not any(_opened(body[:-size], closer) for closer in run[:size]):
            return body[:-size]
    return text


def _opened(text: str, closer: str) -> bool:
    """Whether the text itself opened what this closer would close."""
    if closer in _PAIRS:
        return text.count(_PAIRS[closer]) > text.count(closer)
    return closer in "\"'`" and text.count(closer) % 2 == 1
