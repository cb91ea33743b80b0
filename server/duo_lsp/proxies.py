"""Which proxy stands on the way to an address, as the environment says it (curl's manual, "NO_PROXY")."""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from duo_lsp import urls


def of_environment() -> Mapping[str, str]:
    """Those that this process's environment names, as `choose` takes them; on Windows and macOS the system's own, too.

    What reads them is loaded only where there may be some: it has the whole of the library's HTTP and mail with it.
    """
    if sys.platform not in ("win32", "darwin") and not any(name.lower().endswith("_proxy") for name in os.environ):
        return {}
    from urllib.request import getproxies

    return getproxies()


def choose(address: str, proxies: Mapping[str, str]) -> str:
    """The proxy's address, or nothing. `proxies` has the keys `http`, `https`, `all` and `no`.

    There is none to this machine, whatever the environment says: code for it must not take a way through a company.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    if urls.is_loopback(host) or _is_excepted(host, _port(address), proxies.get("no", "")):
        return ""
    proxy = (proxies.get(parts.scheme) or proxies.get("all") or "").strip()
    return proxy if "://" in proxy or not proxy else f"http://{proxy}"


def _port(address: str) -> int:
    parts = urlsplit(address)
    return parts.port or {"https": 443}.get(parts.scheme, 80)


def _is_excepted(host: str, port: int, exceptions: str) -> bool:
    return any(_matches(entry.lower(), host, port) for entry in re.split(r"[,\s]+", exceptions) if entry)


def _matches(entry: str, host: str, port: int) -> bool:
    """Whether an exception names this host: itself, the domain it is in, or the network, all maybe with a port."""
    if entry == "*":
        return True
    if network := _network(entry):
        return _address(host) in network if _address(host) else False
    name, _, wanted = entry.rpartition(":") if re.search(r"[^:]:\d+\Z|\]:\d+\Z", entry) else (entry, "", "")
    if wanted and int(wanted[:6]) != port:
        return False
    name = name.strip("[]").removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith("." + name))


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
