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


_FILLED_IN: Final = re.compile(r"%\(\w{1,40}\)[sdr]|%[sdr]")
_SWITCHES: Final = frozenset({"true", "false", "null", "none"})
_LEAST_LITERAL: Final = 4
_NUMBER: Final = re.compile(r"[-+]?(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?\d+)?)[a-zA-Z%]{0,2}")
_SHORTEST_NUMBER: Final = 6
"""Digits from which a number alone may be a password."""
_KIND: Final = re.compile(
    r"text|strings?|str|bytes|int|integer|number|bool|boolean|object|array|any|char|varchar|hidden|required|optional"
    r"|e?mail|user_?name|name|true|false|yes|null|none|nil|undefined|enabled|disabled|changeme|example|login",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_][^\W\dA-Z_]*")


def is_literal(value: str) -> bool:
    """Whether a quoted text stands for itself, and not for something that is filled in."""
    if _TEMPLATE.fullmatch(value) or value in _SWITCHES:
        return False
    fixed = _FILLED_IN.sub("", value) if "%" in value else value
    return fixed == value or len(fixed) >= _LEAST_LITERAL


def is_token(value: str) -> bool:
    """Whether a quoted text behind `token` is one and no word of a language."""
    return len(value) > 5 and any(map(str.isdigit, value)) and " " not in value and is_literal(value)


def is_bare(value: str) -> bool:
    """Whether an unquoted text is a secret and not a name, a type or a path of code."""
    if _DOTTED.fullmatch(value) or value.startswith(_PATHS) or _NAME.match(value):
        return False
    if _NUMBER.fullmatch(value):
        return value.isdigit() and len(value) >= _SHORTEST_NUMBER
    return bool(re.search(r"\d\D|[!@#^+=~?]", value))


def is_written(value: str) -> bool:
    """Whether an unquoted text is a secret, in a language where texts need no quotes; words in capitals are labels."""
    if value.startswith(_PATHS) or _NAME.fullmatch(value) or _KIND.fullmatch(value) or _DOTTED.fullmatch(value):
        return False
    is_label = value[0].isupper() and _WORD.fullmatch(value)
    return not is_label and (len(value) >= _SHORTEST_NUMBER or not _NUMBER.fullmatch(value))


def is_given(value: str) -> bool:
    """Whether a quoted text of one word, which is given to something that takes a password, is one."""
    if not is_literal(value) or value.startswith(_PATHS) or _NAME.fullmatch(value) or _KIND.fullmatch(value):
        return False
    return "{" not in value and "://" not in value and not value.endswith((":", "="))


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
