"""The GitLab CLI's own token, read from its file when a person asks for that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from duo_lsp import urls
from duo_lsp.gitlab.sign_in import store
from duo_lsp.privacy.secrets import Secret

_LINE: Final = re.compile(
    r"""(?P<indent>\ *)(?P<key>"[^"]*"|'[^']*'|[\w.:\[\]-]+?):(?:\ +(?P<value>\S.*?))?\s*""", re.ASCII
)
_VALUE: Final = re.compile(r"""(?:!!\w+\ +)?(?:"([^"\\]*)"|'([^']*)'|([^\s"'#&*|>{\[!]\S*))(?:\s+\#.*)?""", re.ASCII)


def paths(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Where the GitLab CLI keeps its settings, the likeliest first (its documentation, "Configuration")."""
    if folder := environment.get("GLAB_CONFIG_DIR"):
        yield Path(folder) / "config.yml"
        return
    if folder := environment.get("XDG_CONFIG_HOME"):
        yield Path(folder) / "glab-cli" / "config.yml"
    yield home / ".config" / "glab-cli" / "config.yml"
    yield home / "Library" / "Application Support" / "glab-cli" / "config.yml"


def find(base_url: str, environment: Mapping[str, str], home: Path) -> Secret | None:
    """Its token for this very instance. Raises LoginError when the file could be read by others."""
    for path in paths(environment, home):
        try:
            text = store.private_bytes(path).decode("utf-8", "replace")
        except OSError:
            continue
        return token_for(text, urls.host_of(base_url))
    return None


def token_for(text: str, host: str) -> Secret | None:
    """The token under `hosts:` for a host; None where there is none or the file is not plain enough to be sure.

    Only what the GitLab CLI writes itself is understood: two levels of keys, each with a plain value on its line.
    """
    fields = _fields(text, host)
    if fields is None or fields.get("is_oauth2", "false").lower() == "true":
        return None  # renewing an OAuth token here would end the GitLab CLI's own login
    if fields.get("api_host", host) != host or fields.get("api_protocol", "https") not in ("https", _protocol(host)):
        return None
    try:
        return Secret(fields.get("token", "")) or None
    except ValueError:
        return None


def _protocol(host: str) -> str:
    return "http" if urls.is_loopback(host.rsplit(":", 1)[0]) else "https"


def _fields(text: str, host: str) -> dict[str, str] | None:
    """The keys and values of one host; None when it is there twice, or not at all."""
    found: list[dict[str, str]] = []
    levels: list[tuple[int, str]] = []
    for line in text.splitlines():
        read = _LINE.fullmatch(line)
        if read is None:
            continue
        indent, key = len(read["indent"]), read["key"].strip("\"'")
        while levels and levels[-1][0] >= indent:
            levels.pop()
        levels.append((indent, key))
        match [name for _, name in levels]:
            case ["hosts", of] if of == host:
                found.append({})
            case ["hosts", of, field] if of == host and (value := _VALUE.fullmatch(read["value"] or "")):
                found[-1][field] = next(part for part in value.groups() if part is not None)
    return found[0] if len(found) == 1 else None
