"""Paths that only the gateway knows: our client asks for none of them."""

from __future__ import annotations

from typing import Final

DIRECT_ACCESS: Final = "/api/v4/code_suggestions/direct_access"
"""A short-lived token for the AI gateway (GitLab 17.0); here that is this gateway too."""
CONNECTION_DETAILS: Final = "/api/v4/code_suggestions/connection_details"
"""Who one is, for telemetry (GitLab 18.3)."""
OPENAPI: Final = "/openapi.json"
METRICS: Final = "/metrics"
