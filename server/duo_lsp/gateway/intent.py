"""What GitLab takes a request for, completion or generation, where the client leaves it open (GitLab 19.3)."""

from __future__ import annotations

import re

from duo_lsp import languages, wire
from duo_lsp.languages import Language

SMALL = 5
"""A file with fewer lines of code than this is begun, not continued."""
_WITH_HEADERS = frozenset(
    {"python", "ruby", "go", "javascript", "javascriptreact", "typescript", "typescriptreact", "java", "php", "csharp"}
)


def of(request: wire.SuggestionRequest) -> wire.Intent:
    """The intent: the client's own, or the one that what it sends speaks for."""
    if request.intent:
        return request.intent
    asks = (request.user_instruction or "").strip() or request.generation_type
    return "generation" if asks or _begs(request.current_file) else "completion"


def _begs(file: wire.CurrentFile) -> bool:
    """Whether the file itself asks for code: by a comment, by being nearly empty, by a function without a body."""
    language = languages.of(file.file_name)
    above = file.content_above_cursor.splitlines()
    below = file.content_below_cursor.splitlines()
    return (
        _ends_in_comment(above, language) or _is_small([*above, *below], language) or _is_open(above, below, language)
    )


def _ends_in_comment(above: list[str], language: Language) -> bool:
    """Whether the block of comments at the cursor begins with one of ten characters or more."""
    mark = _mark(language)
    if mark is None:
        return False
    if above and not above[-1].strip():
        above = above[:-1]
    top = ""
    for line in reversed(above):
        if not re.match(rf"\s*{mark}", line):
            break
        top = line
    return bool(re.search(rf"{mark}[ \t]*\S.{{9,}}", top))


def _is_small(lines: list[str], language: Language) -> bool:
    mark = _mark(language)
    count = 0
    for line in lines:
        count += bool(line.strip()) and not (mark and re.match(rf"\s*{mark}", line))
        if count >= SMALL:
            return False
    return True


def _is_open(above: list[str], below: list[str], language: Language) -> bool:
    """Whether the last line of code opens a function that has nothing in it yet."""
    if language.id not in _WITH_HEADERS or language.header is None:
        return False
    header = next((line for line in reversed(above) if line.strip()), "")
    if not language.header.match(_without_comment(header, language)):
        return False
    following = next((line for line in below if line.strip()), None)
    if following is None or language.header.match(following):
        return True
    return bool(language.body_end) and re.match(rf"\s*(?:{language.body_end})", following) is not None


def _mark(language: Language) -> str | None:
    """A pattern for what begins a comment; None in languages without such comments."""
    marks = "|".join(map(re.escape, language.line_comments))
    return f"(?:{marks})" if marks else None


def _without_comment(line: str, language: Language) -> str:
    mark = _mark(language)
    return re.sub(rf"\s+{mark}.*", "", line) if mark else line
