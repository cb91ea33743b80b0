"""What an editor asks for in a command, in whatever form it comes: one object, a list with one, or bare values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import attrs

from duo_lsp import urls
from duo_lsp.chat.asked import Item, Resource
from duo_lsp.errors import UsageError

Place = tuple[int, int]
"""Line and column from 0, in the client's units."""
DOCUMENT: Final = "document"
_MOST_ITEMS: Final = 100
_MOST_NOTES: Final = 50
_ONE: Final = 'It takes one object, such as {"question": "what is this?"}.'
_PLACE: Final = re.compile(r"(?P<path>.+):(?P<first>[1-9]\d{0,8})-(?P<last>[1-9]\d{0,8})", re.DOTALL)
_T = TypeVar("_T")


@attrs.frozen
class Wish:
    """A command's arguments."""

    question: str = ""
    uri: str = ""
    start: Place | None = None
    end: Place | None = None
    selection: str | None = None
    items: tuple[Item, ...] = ()
    resource: Resource | None = None
    referer_url: str | None = None
    client_subscription_id: str | None = None
    with_clean_history: bool | None = None
    new_conversation: bool = False
    show: str = ""
    id: str = ""
    """What the client calls this question; empty when it leaves that to us."""
    notes: tuple[str, ...] = ()
    """Problems in the range, as the editor knows them."""

    @property
    def is_to_look(self) -> bool:
        """Whether nothing is asked, and the conversation so far is to be shown."""
        return self.show == DOCUMENT and not self.question.strip()


def read(arguments: Sequence[object]) -> Wish:
    """The wish in a command's arguments: an object, or a question, a URI and a range in this order.

    Raises UsageError for what has another type than it should; what is not known is left unread.
    """
    given = list(arguments)
    while len(given) == 1 and isinstance(given[0], list | tuple):
        given = list(given[0])
    if given and isinstance(given[0], str) and given[0].lstrip().startswith("{"):  # some editors pass what was typed
        given[0] = _parsed(given[0])
    if given and isinstance(given[0], Mapping):
        return _of_object(given[0])
    names = ("question", "uri", "range")
    return _of_object({name: value for name, value in zip(names, given, strict=False) if value is not None})


def _parsed(text: str) -> object:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, dict) else text


def _of_object(given: Mapping[str, Any]) -> Wish:
    place = _get(given, "place", str)
    uri, start, end = (_get(given, "uri", str) or "", *_range(given.get("range"))) if place is None else _lines(place)
    return Wish(
        question=_get(given, "question", str) or "",
        uri=uri,
        start=start,
        end=end,
        selection=_get(given, "selection", str),
        items=tuple(map(_item, _list(given, "context", _MOST_ITEMS))),
        resource=_resource(given.get("resource")),
        referer_url=_get(given, "refererUrl", str),
        client_subscription_id=_get(given, "clientSubscriptionId", str),
        with_clean_history=_get(given, "withCleanHistory", bool),
        new_conversation=_get(given, "newConversation", bool) or False,
        show=_get(given, "show", str) or "",
        id=(_get(given, "id", str) or "")[:100],
        notes=tuple(filter(None, map(_note, _list(given, "diagnostics", _MOST_NOTES)))),
    )


def _get(given: Mapping[str, Any], name: str, kind: type[_T]) -> _T | None:
    """A value under its name, which some write with underscores."""
    plain = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
    value = given.get(name, given.get(plain))
    if value is None or isinstance(value, kind):
        return value
    raise UsageError(f"{name!r} is no {'text' if kind is str else 'true or false'}.", _ONE)


def _list(given: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = given.get(name)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        value = [value]
    if len(value) > most:
        raise UsageError(f"{name!r} has more than {most} entries.", "Leave some out.")
    return list(value)


def _item(given: object) -> Item:
    match given:
        case {"category": str(category), "id": str(id_), "content": str(content), **more}:
            metadata = more.get("metadata")
            return Item(category.lower(), id_, content, metadata if isinstance(metadata, dict) else None)
    raise UsageError("An entry of 'context' is not whole.", "Each has a category, an id and a content.")


def _resource(given: object) -> Resource | None:
    match given:
        case None:
            return None
        case {"type": str(type_), "id": int() | str() as id_, **more}:
            project = more.get("projectId", more.get("project_id"))
            if project is None or (isinstance(project, int) and not isinstance(project, bool)):
                return Resource(type_.lower(), id_, project)
            raise UsageError("'projectId' is no number.", "It is the number of the project, not its name.")
    raise UsageError("'resource' is not whole.", "It has a type and an id.")


def _range(given: object) -> tuple[Place | None, Place | None]:
    match given:
        case None:
            return None, None
        case {"start": start, "end": end}:
            return _place(start), _place(end)
        case {"line": _}:
            return _place(given), _place(given)
    raise UsageError("'range' is no range.", "It has a start and an end, each with a line and a character.")


def _place(given: object) -> Place:
    match given:
        case {"line": int(line), "character": int(character)} if line >= 0 and character >= 0:
            return line, character
    raise UsageError("'range' is no range.", "It has a start and an end, each with a line and a character.")


def _lines(place: str) -> tuple[str, Place, Place]:
    """Lines of a file as people write them, `/home/ann/a.py:4-7` from 1; one line is where the cursor stands."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise UsageError("'place' is no place.", "It is a path and two lines, such as /home/ann/a.py:4-7.")
    first, last = int(found["first"]) - 1, int(found["last"]) - 1
    return urls.of_path(found["path"]), (first, 0), (last + 1 if last > first else first, 0)


def _note(given: object) -> str:
    """A diagnostic as one line: `line 3: undefined name 'x' (ruff F821)`."""
    match given:
        case {"message": str(message), "range": {"start": {"line": int(line)}}, **more}:
            origin = " ".join(str(more[key]) for key in ("source", "code") if isinstance(more.get(key), str | int))
            return f"line {line + 1}: {' '.join(message.split())}" + (f" ({origin})" if origin else "")
        case str(text):
            return " ".join(text.split())
    return ""
