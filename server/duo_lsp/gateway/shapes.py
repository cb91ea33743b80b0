"""The shapes of all that the gateway answers, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Shape = Mapping[str, Any]

TEXT: Final[Shape] = {"type": "string"}
WHOLE: Final[Shape] = {"type": "integer"}
YES: Final[Shape] = {"type": "boolean"}
NOTHING: Final[Shape] = {"type": "null"}


def those(wanted: Mapping[str, Shape], more: Mapping[str, Shape] | None = None) -> Shape:
    """An object with exactly these, and perhaps more of those."""
    properties = {**wanted, **(more or {})}
    return {"type": "object", "properties": properties, "required": list(wanted), "additionalProperties": False}


def many(item: Shape) -> Shape:
    """A list."""
    return {"type": "array", "items": item}


def either(*shapes: Shape) -> Shape:
    """One of these."""
    return {"anyOf": list(shapes)}


_MODEL: Final = those({"engine": TEXT, "name": TEXT, "lang": TEXT})
_CHOICES: Final = many(those({"text": TEXT, "index": WHOLE, "finish_reason": TEXT}))
COMPLETION: Final = those({"id": TEXT, "model": _MODEL, "object": TEXT, "created": WHOLE, "choices": _CHOICES})
GENERATION: Final = those({"choices": _CHOICES, "metadata": those({"model": _MODEL, "timestamp": WHOLE})})
SHORT_TOKEN: Final = those({"access_token": TEXT, "expires_in": WHOLE, "created_at": WHOLE})
VERSION: Final = those({"version": TEXT, "revision": TEXT})
HEALTH: Final = those(
    {
        "status": TEXT,
        "index": {"type": "string", "enum": ["building", "ready", "none"]},
        "learnt": {"type": "integer", "minimum": 0, "maximum": 100},
    }
)
ACCESS_TOKEN: Final = those(
    {
        "id": WHOLE,
        "user_id": WHOLE,
        "name": TEXT,
        "scopes": many(TEXT),
        "active": YES,
        "revoked": YES,
        "expires_at": either(TEXT, NOTHING),
        "last_used_at": either(TEXT, NOTHING),
    }
)
OAUTH_TOKEN: Final = those(
    {
        "resource_owner_id": WHOLE,
        "scope": many(TEXT),
        "created_at": WHOLE,
        "expires_in": either(WHOLE, NOTHING),
        "application": NOTHING,
    }
)
DIRECT_ACCESS: Final = those(
    {"base_url": TEXT, "token": TEXT, "expires_at": WHOLE, "headers": {"type": "object", "additionalProperties": TEXT}}
)
CONNECTION_DETAILS: Final = those(
    {
        "instance_id": TEXT,
        "instance_version": TEXT,
        "realm": TEXT,
        "global_user_id": TEXT,
        "host_name": TEXT,
        "feature_enablement_type": TEXT,
        "saas_duo_pro_namespace_ids": many(WHOLE),
    }
)
_PROBLEMS: Final = many({"type": "object", "properties": {"message": TEXT}, "required": ["message"]})
GRAPHQL: Final = either(those({"data": {"type": "object"}}), those({"errors": _PROBLEMS}))

REFUSED: Final = those({"error": TEXT}, {"error_description": TEXT, "scope": TEXT})
"""In the words of GitLab's validation, and of OAuth."""
TOLD: Final = those({"message": either(TEXT, those({"error": TEXT}))})
"""In the words of the application behind it."""
ERROR: Final = either(REFUSED, TOLD, those({"errors": _PROBLEMS}))
