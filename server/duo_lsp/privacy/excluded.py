"""Files that are never sent, nor read for context."""

from __future__ import annotations

import fnmatch
import re
from functools import cache

SEALED = (
    ".env*",
    "*.env",
    "*.pem",
    "*.key",
    "*.p8",
    "*.p12",
    "*.pkcs12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.keytab",
    "*.gpg",
    "*.ovpn",
    "*.kdbx",
    "*.ppk",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".netrc",
    "_netrc",
    ".authinfo*",
    ".boto",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".dockercfg",
    ".dockerconfigjson",
    ".terraformrc",
    ".s3cfg",
    ".vault_pass*",
    ".vault-pass*",
    ".vault-token",
    ".git-credentials",
    "credentials",
    "credentials.json",
    "credentials.y*ml*",
    "credentials.xml",
    "credentials.ini",
    "credentials.toml",
    "credentials.csv",
    "credentials.properties",
    "service-account*.json",
    "service_account*.json",
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

_COPY = re.compile(r"(?:~|\.(?:bak|old|orig|save|sw[a-p])|[. ])+\Z")
"""What editors and people add to a copy; Windows drops dots and blanks at a name's end."""
_SEALED_FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".kube", ".docker", ".azure"})


def excluded_by(path: str) -> str | None:
    """The pattern that keeps this file at home, or None.

    Takes the whole path, with either kind of slash: a name alone does not show that it stands in `.ssh`.
    """
    *folders, name = path.replace("\\", "/").lower().split("/")
    for folder in folders:
        if folder in _SEALED_FOLDERS:
            return f"{folder}/"
    names = {name, _COPY.sub("", name), _COPY.sub("", name).removeprefix(".")} if _COPY.search(name) else {name}
    if not any(map(_sealed().match, names)):  # so it is with nearly every file, and there are thousands of them
        return None
    return next(pattern for pattern in SEALED if any(fnmatch.fnmatchcase(each, pattern) for each in names))


@cache
def _sealed() -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, SEALED)))
