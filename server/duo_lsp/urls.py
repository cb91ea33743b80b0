"""Addresses: which instance may be spoken to, and where a document lies."""

from __future__ import annotations

import ipaddress
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit


def read_base_url(value: Any) -> str:
    """An instance's address without a slash at its end; a path prefix stays.

    Raises ValueError unless it is https, or http to this machine, with no user name, query or fragment.
    """
    if not isinstance(value, str):
        raise ValueError("not a text")
    parts = urlsplit(value.strip())
    host = parts.hostname
    if not host or parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError("no plain address")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("not https")
    return f"{_origin(parts)}{parts.path.rstrip('/')}"


def origin(address: str) -> str:
    """Scheme, host and port: what a token is bound to."""
    return _origin(urlsplit(address))


def _origin(parts: SplitResult) -> str:
    """Raises ValueError when the port is no number below 65536."""
    default = {"https": 443, "http": 80}.get(parts.scheme)
    host = (parts.hostname or "").encode("idna").decode() if not (parts.hostname or "").isascii() else parts.hostname
    bracketed = f"[{host}]" if host and ":" in host else host
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{bracketed}{port}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host a person knows, with its port where it is unusual."""
    return origin(address).partition("://")[2]


def document_path(uri: str) -> str:
    """The path in a document's URI, decoded, with forward slashes; a Windows drive has no slash before it."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    share = f"//{parts.netloc}" if parts.scheme == "file" and parts.netloc not in ("", "localhost") else ""
    path = share + unquote(parts.path).replace("\\", "/")
    return path[1:] if len(path) > 2 and path[0] == "/" and path[2] == ":" and path[1].isalpha() else path


def relative_to(path: str, folders: tuple[str, ...]) -> str | None:
    """The path inside the innermost of these folders; None when it is in none of them."""
    inside = [folder for folder in folders if path == folder or path.startswith(folder.rstrip("/") + "/")]
    if not inside:
        return None
    return str(PurePosixPath(path).relative_to(PurePosixPath(max(inside, key=len))))
