"""The sorts of values that settings have: what each is called, and how it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import attrs

from duo_lsp.privacy.secrets import Secret
from duo_lsp.urls import is_loopback, read_base_url


@attrs.frozen
class Kind:
    """One sort of value: how it is called in tables and messages, and how it is read (raises ValueError)."""

    name: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    raise ValueError


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}
    word = _text(value).lower()
    if word not in known:
        raise ValueError
    return known[word]


def one_of(*allowed: str) -> Kind:
    """One of these words, in whatever case."""

    def read(value: Any) -> str:
        word = _text(value).lower()
        if word not in allowed:
            raise ValueError
        return word

    return Kind(" or ".join(f"`{word}`" for word in allowed), read)


def _proxy(value: Any) -> Secret:
    """An http or https address, maybe with a name and a password, which is why it is kept like a token."""
    text = _text(value)
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query):
        raise ValueError
    return Secret(text if parts.port is None or parts.port else "")


def _version(value: Any) -> str:
    text = _text(value)
    if text and not re.fullmatch(r"\d{1,4}(\.\d{1,6}){2}(-[\w.]{1,40})?", text, re.ASCII):
        raise ValueError
    return text


def _optional_address(value: Any) -> str:
    return read_base_url(value) if value else ""


def _own_address(value: Any) -> str:
    """Where a program on this machine listens: what goes to the local engine goes nowhere else."""
    address = read_base_url(value) if value else ""
    if address and not is_loopback(urlsplit(address).hostname or ""):
        raise ValueError
    return address


def _seconds(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError
    seconds = float(value) if isinstance(value, int | float) else float(_text(value))
    if not 0.5 <= seconds <= 60:
        raise ValueError
    return seconds


def _megabytes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    megabytes = int(value)
    if not 1 <= megabytes <= 20:
        raise ValueError
    return megabytes


def _token(value: Any) -> Secret:
    return Secret(_text(value))


def _command(value: Any) -> tuple[str, ...]:
    """A program and its arguments; a variable of the environment holds them as a JSON list."""
    try:
        words = json.loads(value) if isinstance(value, str) else value
    except RecursionError as problem:
        raise ValueError from problem
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) and "\0" not in word for word in words):
        raise ValueError
    if words and not words[0].strip():
        raise ValueError
    return tuple(words)


def _names(value: Any) -> tuple[str, ...]:
    """Names in lower case, without a dot before them; a variable of the environment has commas between them."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise ValueError
    return tuple(name for word in words if (name := word.strip().lower().removeprefix(".")))


TEXT = Kind("text", _text)
SWITCH = Kind("`true` or `false`", _switch)
ADDRESS = Kind("an https address, or http on this machine", read_base_url)
PROXY = Kind("an http or https address, maybe with a name and a password", _proxy)
VERSION = Kind("a version such as `7.17.1`", _version)
OPTIONAL_ADDRESS = Kind("an https address", _optional_address)
OWN_ADDRESS = Kind("an address on this machine, such as `http://127.0.0.1:11434`", _own_address)
SECONDS = Kind("seconds, from 0.5 to 60", _seconds)
MEGABYTES = Kind("a whole number from 1 to 20", _megabytes)
TOKEN = Kind("a token, or empty to sign out", _token)
COMMAND = Kind("a list: program, arguments", _command)
LANGUAGES = Kind("a list of names", _names)
