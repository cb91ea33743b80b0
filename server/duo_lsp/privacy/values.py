"""Whether a text behind the name of a secret is one."""

from __future__ import annotations

import re
from typing import Final

_TEMPLATE: Final = re.compile(
    r"\s*(?:\$?\{[^}]*\}|\{\{.*\}\}|\$\([^)]*\)|\$\w+|%\(?\w*\)?[sdr]|<[^>]*>|%\w+%|\*+|\.{3}|[xX]+|[,)\]]\s.*|\W{1,3})?[\s,;]*"
)
_DOTTED: Final = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
_NAME: Final = re.compile(
    r"(?:\w*_)?(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credential|key|none|null)s?", re.IGNORECASE
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LEAST_DIFFERENT: Final = 10
_PATHS: Final = ("/", "~", ".")


def is_literal(value: str) -> bool:
    """Whether a quoted text stands for itself, and not for something that is filled in."""
    return not _TEMPLATE.fullmatch(value)


def is_token(value: str) -> bool:
    """Whether a quoted text behind `token` is one and no word of a language."""
    return len(value) > 5 and any(map(str.isdigit, value)) and " " not in value and is_literal(value)


def is_bare(value: str) -> bool:
    """Whether an unquoted text is a secret and not a name, a type or a path of code."""
    if _DOTTED.fullmatch(value) or value.startswith(_PATHS) or _NAME.match(value):
        return False
    return bool(re.search(r"\d\D|[!@#^+=~?]", value)) or value.isdigit()


def is_set(value: str) -> bool:
    """Whether an unquoted text behind a variable of the environment is one."""
    return not value.startswith(_PATHS) and not _NAME.fullmatch(value)


def is_near(value: str) -> bool:
    """Whether a quoted text a little behind a name may be a secret: like no word, no address, no path."""
    has_both = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(has_both) and not re.search(r"[{}<>%$]|://|^[/.~]", value)


def is_random(value: str) -> bool:
    """Whether a text looks drawn by chance, and is neither a UUID nor a name with a number."""
    digits = sum(map(str.isdigit, value))
    return 1 < digits < len(value) and len(set(value)) >= _LEAST_DIFFERENT and not _UUID.fullmatch(value)
