"""Addresses: which instance may be spoken to, and where a document lies."""

from __future__ import annotations

import functools
import ipaddress
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.ASCII)
_PATH = re.compile(r"(?:/[\w.~!$&'()*+,;=:@%-]*)*", re.ASCII)
_PRIVATE_NAMES = (".local", ".lan", ".internal", ".home.arpa")
_DRIVE = re.compile(r"/?([A-Za-z]):(?=[/\\]|\Z)")


def read_base_url(value: Any) -> str:
    """An instance's address without a slash at its end; a path prefix stays.

    Raises ValueError unless it is https, or http to this machine, with no user name, query or fragment.
    """
    return _plain(value, is_loopback)


def read_model_url(value: Any) -> str:
    """The same for the server of a model, which may speak http inside of a private network as well."""
    return _plain(value, is_near)


def _plain(value: Any, may_be_open: Callable[[str], bool]) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    text = value.strip()
    parts = urlsplit(text)
    host = parts.hostname
    if not host or "@" in parts.netloc or not text.isprintable() or any(mark in text for mark in "?#\\ "):
        raise ValueError("no plain address")
    if ("[" in parts.netloc) != (":" in host) or "%" in host:
        raise ValueError("no plain host")
    if parts.scheme != "https" and not (parts.scheme == "http" and may_be_open(host)):
        raise ValueError("not https")
    path = re.sub(r"/+", "/", parts.path).rstrip("/")
    if not _PATH.fullmatch(path) or any(step in (".", "..") for step in unquote(path).split("/")) or parts.port == 0:
        raise ValueError("no plain address")
    return f"{_origin(parts)}{path}"


def origin(address: str) -> str:
    """Scheme, host and port: what a token is bound to."""
    return _origin(urlsplit(address))


def _origin(parts: SplitResult) -> str:
    """Raises ValueError when the port is no number below 65536 or the host is none."""
    default = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{_host(parts.hostname or '')}{port}"


def _host(name: str) -> str:
    """The one way to write a host: letters of other scripts as punycode, an IPv6 address in brackets."""
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name)}]"
    ascii_ = (name if name.isascii() else name.encode("idna").decode()).lower()
    if not _HOST_NAME.fullmatch(ascii_):
        raise ValueError("no host name")
    return ascii_


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_near(host: str) -> bool:
    """Whether a host is this machine or, by its address or name, in the same private network."""
    if is_loopback(host):
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return "." not in host.rstrip(".") or host.lower().rstrip(".").endswith(_PRIVATE_NAMES)
    return address.is_private and not address.is_unspecified


def host_of(address: str) -> str:
    """The host a person knows, with its port where it is unusual."""
    return origin(address).partition("://")[2]


def of_path(path: str) -> str:
    """The URI of an absolute path; editors write some signs otherwise, so compare what `document_path` says."""
    path = path.replace("\\", "/") if _DRIVE.match(path) else path
    return f"file://{'' if path.startswith('/') else '/'}{quote(path, safe='/:')}"


def file_path(uri: str) -> str:
    """The path in a file's URI; empty for what is on no disk."""
    return document_path(uri) if uri.startswith("file:") else ""


@functools.lru_cache(maxsize=64)  # a request asks a dozen times
def document_path(uri: str) -> str:
    """The path in a document's URI, decoded, with nothing relative left in it.

    On Windows with forward slashes, the drive as a capital with no slash before it: editors do not agree on either.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    path = unquote(parts.path)
    if len(parts.scheme) == 1:  # a bare Windows path
        path = f"{parts.scheme}:{path}"
    elif parts.scheme == "file" and _DRIVE.fullmatch(parts.netloc):
        path = parts.netloc + path
    elif parts.scheme == "file" and parts.netloc not in ("", "localhost"):
        path = f"//{parts.netloc}{path}".replace("\\", "/")
    if drive := _DRIVE.match(path):
        path = f"{drive[1].upper()}:{path[drive.end() :]}".replace("\\", "/")
    return posixpath.normpath(path) if path else ""


def relative_to(path: str, folders: tuple[str, ...]) -> str | None:
    """The path inside the innermost of these folders; None when it is in none of them.

    The root of a disk is no folder: what is inside of it is the whole path.
    """
    steps = _steps(path)
    best = 0
    for folder in folders:
        outer = _steps(folder)
        if best < len(outer) < len(steps) and steps[: len(outer)] == outer and not _is_root(folder):
            best = len(outer)
    return "/".join(path.split("/")[best:]) if best else None


def _steps(path: str) -> list[str]:
    """The names on the way; letters of either case are the same on Windows."""
    path = path.rstrip("/")
    return (path.lower() if _DRIVE.match(path) else path).split("/")


def _is_root(folder: str) -> bool:
    """Whether this is the whole of a disk or of a share."""
    bare = folder.rstrip("/")
    return not bare or bool(_DRIVE.fullmatch(bare)) or (bare.startswith("//") and bare.count("/") <= 2)
