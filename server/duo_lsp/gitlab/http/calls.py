"""What is asked of an instance, before it is on its way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import attrs
import orjson

from duo_lsp.gitlab.refusals import SUGGESTIONS

MAX_ANSWER: Final = 2 << 20
"""Bytes of an answer that are read, counted after unpacking; more is refused."""
MAX_CHAT_ANSWER: Final = 8 << 20
_JSON: Final = {"Content-Type": "application/json"}
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


@attrs.frozen
class Call:
    """One request."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    most: int = MAX_ANSWER
    """Bytes of its answer."""
    slow: bool = False
    """Its answer may take long to begin, so that silence does not mean that the connection is dead."""
    feature: str = SUGGESTIONS
    """What it is for, as a person knows it."""
    form: Mapping[str, str] | None = None
    """Sent instead of a body in JSON, as OAuth wants it (RFC 6749, appendix B)."""

    @property
    def content(self) -> tuple[bytes | None, Mapping[str, str]]:
        """What is sent, and the header that says of which type it is."""
        if self.form is not None:
            return urlencode(self.form).encode(), _FORM
        return (None, {}) if self.body is None else (_encoded(self.body), _JSON)


def _encoded(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8; half a character, which has no UTF-8 form, becomes a question mark."""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
