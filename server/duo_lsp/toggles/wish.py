"""What an editor asks of duo.toggle, in whatever form it comes: one object, or words."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import attrs

from duo_lsp.errors import UsageError

LONGEST: Final = 7 * 24 * 60
"""Minutes; a week, after which nobody remembers."""
_FORMS: Final = (
    'Leave it out, or give "once", "here", "this language", "for 30 minutes", '
    'or an object such as {"language": "python", "for": 30}.'
)
_WORDS: Final = re.compile(
    r"(?P<what>once|here|this language)?(?:(?:^| )for (?P<minutes>\d{1,9})(?: ?min(?:utes?)?)?)?"
)
_KEYS: Final = ("for", "language", "uri", "once")


@attrs.frozen
class ToggleWish:
    """What to toggle, and for how many minutes; None for until further notice."""

    what: Literal["everything", "document", "language", "once"] = "everything"
    name: str = ""
    """The URI of a document, or a language; empty for the one the person is in."""
    minutes: float | None = None


def read(arguments: Sequence[object]) -> ToggleWish:
    """The wish in a command's arguments. Raises UsageError for one that cannot be meant."""
    given = [one for one in arguments if one is not None]
    while len(given) == 1 and isinstance(given[0], list | tuple):
        given = list(given[0])
    if not given:
        return ToggleWish()
    if all(isinstance(one, str) for one in given):  # some editors split what was typed at its blanks
        return _of_words(" ".join(map(str, given)).strip())
    if len(given) == 1 and isinstance(given[0], Mapping):
        return _of_object(given[0])
    raise UsageError("duo.toggle takes one argument, an object or words.", _FORMS)


def _of_words(text: str) -> ToggleWish:
    if text.startswith("{"):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as problem:
            raise UsageError("What duo.toggle was given is no JSON object.", _FORMS) from problem
        return _of_object(value)
    found = _WORDS.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise UsageError(f"duo.toggle does not know {text[:40]!r}.", _FORMS)
    minutes = found["minutes"]
    given: dict[str, Any] = {"for": int(minutes)} if minutes else {}
    match found["what"]:
        case "once":
            return _of_object(given | {"once": True})
        case "here":
            return attrs.evolve(_of_object(given), what="document")
        case "this language":
            return attrs.evolve(_of_object(given), what="language")
    return _of_object(given)


def _of_object(given: Mapping[str, Any]) -> ToggleWish:
    unknown = [key for key in given if key not in _KEYS]
    if unknown:
        raise UsageError(f"duo.toggle does not know {str(unknown[0])[:40]!r}.", _FORMS)
    said = {key: value for key, value in given.items() if value is not None}
    if "once" in said:
        if said != {"once": True}:
            raise UsageError("once must be true, and stands alone.", _FORMS)
        return ToggleWish("once")
    if "language" in said and "uri" in said:
        raise UsageError("language and uri cannot be toggled in one go.", _FORMS)
    minutes = _minutes(said.get("for"))
    if "uri" in said:
        return ToggleWish("document", _text(said, "uri"), minutes)
    if "language" in said:
        return ToggleWish("language", _text(said, "language").lower().removeprefix("."), minutes)
    return ToggleWish("everything", "", minutes)


def _minutes(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST or math.isnan(value):
        raise UsageError(f"for must be a number of minutes, at most {LONGEST}.", _FORMS)
    return float(value)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said[name]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{name} must be a text that is not empty.", _FORMS)
    return value.strip()
