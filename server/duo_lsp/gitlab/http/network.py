"""What the person has set about the way to GitLab."""

from __future__ import annotations

import attrs

from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings


@attrs.frozen
class Network:
    """Proxy, certificates, and how we introduce ourselves; nothing in here turns the check of certificates off."""

    proxy: Secret = Secret()
    """An http or https address, maybe with a name and a password; empty for what the environment says."""
    ca: str = ""
    """A file with certificate authorities to trust besides the system's."""
    cert: str = ""
    """A file with the certificate to show."""
    cert_key: str = ""
    """A file with its key; empty when it is in the same file."""
    language_server_version: str = ""
    """Sent only when set: an instance may then refuse versions it finds too old."""
    model_gateway: str = ""
    """Where GitLab 16.1 leaves suggestions to; never guessed."""


def of_settings(settings: Settings) -> Network:
    """The part of the settings that is about the way."""
    agent = settings.http_agent_options
    return Network(
        settings.proxy, agent.ca, agent.cert, agent.cert_key, settings.language_server_version, settings.model_gateway
    )
