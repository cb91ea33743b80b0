"""Passwords in addresses."""

from __future__ import annotations

from typing import Final

from duo_lsp.privacy.rules import Rule, shape
from duo_lsp.privacy.values import is_literal, is_random

ADDRESSES: Final[tuple[Rule, ...]] = (
    shape("a token in an address", "://", r"://(?P<secret>[\w-]{16,200})@", is_random),
    shape("a password in an address", "://", r"://[^\s:/@\"'`<>]{0,80}:(?P<secret>[^\s/\"'`<>]{1,200})@", is_literal),
    shape(
        "a password being typed into an address",
        "://",
        r"://[^\s:/@\"'`<>]{0,80}:(?P<secret>(?=[^\s/]{0,7}[^\d\s/\"'`])[^\s/\"'`<>(){}\[\]$%*][^\s/\"'`<>{}]{3,})[\"'`]?\s*\Z",
    ),
)
