"""Files that are never sent, nor read for context."""

from __future__ import annotations

from fnmatch import fnmatchcase

SEALED = (
    ".env",
    ".env.*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.ppk",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".dockercfg",
    ".git-credentials",
    "credentials",
    "credentials.*",
    "secrets",
    "secrets.*",
    "*.tfstate",
    "*.tfstate.*",
    "*.tfvars",
    "*.tfvars.json",
    "kubeconfig",
    "*.kubeconfig",
)
"""Name patterns, compared without regard to case; nothing in a workspace can shorten this list."""

_SEALED_FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".kube", ".docker"})


def excluded_by(path: str) -> str | None:
    """The pattern that keeps this file at home, or None; takes either kind of slash."""
    *folders, name = path.replace("\\", "/").lower().split("/")
    for folder in folders:
        if folder in _SEALED_FOLDERS:
            return f"{folder}/"
    return next((pattern for pattern in SEALED if fnmatchcase(name, pattern)), None)
