"""Whom we trust: what the system trusts, and what the person adds; the check is never turned off."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import truststore

from duo_lsp.errors import SettingError
from duo_lsp.gitlab.http.network import Network

_HAVE_STORES: Final = ("win32", "darwin")
_BUNDLES: Final = (
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/ca-bundle.pem",
)
"""Where systems keep what they trust when OpenSSL was built somewhere else."""


def context(network: Network, platform: str = sys.platform) -> ssl.SSLContext:
    """A context to share; takes tens of milliseconds, so not on the event loop. Raises SettingError."""
    made = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if platform in _HAVE_STORES else _of_files()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if network.ca:
        _load("ca", network.ca, lambda: made.load_verify_locations(cafile=network.ca))
    if network.cert:
        key = network.cert_key or None
        _load("cert", network.cert, lambda: made.load_cert_chain(network.cert, key, password=_nobody_is_asked))
    return made


def empty() -> ssl.SSLContext:
    """A context that trusts nobody, for addresses without TLS."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _of_files() -> ssl.SSLContext:
    """The system's bundle, read once: truststore would read it on the event loop, 30 ms for every connection."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.set_default_verify_paths()
    if not made.get_ca_certs() and (bundle := next(filter(_is_file, _BUNDLES), None)):
        made.load_verify_locations(cafile=bundle)
    return made


def _is_file(path: str) -> bool:
    return Path(path).is_file()


def _load(name: str, path: str, load: Callable[[], None]) -> None:
    try:
        load()
    except (OSError, ValueError) as problem:  # ssl.SSLError is an OSError
        raise SettingError(
            f"The setting httpAgentOptions.{name} names a file that cannot be used: {path}.",
            "Name a file in PEM form that this account can read; a key must have no passphrase.",
        ) from problem


def _nobody_is_asked() -> str:
    """Without this OpenSSL would ask for a passphrase on the terminal that the editor's messages come through."""
    return ""
