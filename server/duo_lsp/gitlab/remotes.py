"""Which project of an instance a checkout belongs to, by what git has written down (git-config(1), git-clone(1))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import attrs

_SECTION = re.compile(r'\[\s*(?P<name>[\w.-]+)(?:\s+"(?P<of>(?:[^"\\]|\\.)*)")?\s*\]\s*(?P<rest>.*)')
_URL = re.compile(r"url\s*=\s*(?P<value>.*)", re.IGNORECASE)
_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>\[[^\]/]+\]|[^:/\s]+):(?P<path>[^\s]+)")
_PROJECT = re.compile(r"[\w.+-]+(?:/[\w.+-]+)+")
_LONGEST = 500


@attrs.frozen
class Remote:
    """Another copy of the repository: its name here, and where it is."""

    name: str
    url: str


def read(config: str) -> Iterator[Remote]:
    """The remotes in a git configuration, in its order; whatever cannot be read is skipped."""
    remote = None
    for line in config.splitlines():
        text = line.strip()
        if section := _SECTION.match(text):
            remote = _unescaped(section["of"] or "") if section["name"].lower() == "remote" else None
            text = section["rest"]
        if remote is not None and (url := _URL.match(text)):
            yield Remote(remote, _value(url["value"]))


def project_of(config: str, base_url: str) -> str:
    """The path `group/project` of the first remote that points at this instance, origin before others; or nothing."""
    found = [(remote.name != "origin", path) for remote in read(config) if (path := path_on(remote.url, base_url))]
    return min(found, key=lambda pair: pair[0])[1] if found else ""


def path_on(url: str, base_url: str) -> str:
    """The project's path if this address is one of the instance; nothing otherwise.

    Over ssh the port is another one, and the instance's path prefix is not part of the address.
    """
    try:
        return _over_web(url, base_url) if url.lower().startswith("http") else _over_ssh(url, base_url)
    except ValueError:
        return ""


def _over_web(url: str, base_url: str) -> str:
    there, base = urlsplit(url), urlsplit(base_url)
    if there.scheme not in ("http", "https") or there.hostname != base.hostname:
        return ""
    if there.scheme == base.scheme and _port(url) != _port(base_url):
        return ""
    prefix = base.path.rstrip("/") + "/"
    path = re.sub(r"/+", "/", there.path)
    return _project(path.removeprefix(prefix)) if path.startswith(prefix) else ""


def _over_ssh(url: str, base_url: str) -> str:
    if "://" in url:
        parts = urlsplit(url)
        host, path = (parts.hostname, parts.path) if parts.scheme in ("ssh", "git", "git+ssh", "ssh+git") else ("", "")
    elif short := _SCP.fullmatch(url):
        host, path = short["host"].strip("[]").partition("]")[0], short["path"]
    else:
        return ""
    ours = urlsplit(base_url).hostname
    return _project(path) if host and host.lower() in (ours, f"altssh.{ours}", f"ssh.{ours}") else ""


def _project(path: str) -> str:
    project = unquote(path).strip("/").removesuffix(".git")
    is_one = len(project) <= _LONGEST and _PROJECT.fullmatch(project) and ".." not in project
    return project if is_one else ""


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or {"https": 443}.get(parts.scheme, 80)


def _value(text: str) -> str:
    """A value without quotes and without the comment behind it."""
    if text.startswith('"'):
        return _unescaped(text[1:].partition('"')[0])
    return re.split(r"\s+[#;]|[#;]\s", text)[0].strip()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
