"""What GitLab takes, as tables: read in one way they check a body in GitLab's words, in another they describe it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

WHOLE: Final = 10**18 - 1
"""The largest number that is taken."""
Complaints = list[str]
Schema = dict[str, Any]


class Kind(Protocol):
    """A kind of parameter."""

    @property
    def required(self) -> bool:
        """Whether it has to be there."""

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> Any:
        """The value of `given[key]`, which GitLab calls `name` in a complaint."""

    def schema(self) -> Schema:
        """The same as JSON Schema: what a client should send, not all that is forgiven."""


Fields = Mapping[str, Kind]
"""By name, in the order in which GitLab complains."""


class _Optional:
    """Something that may be left out unless it is said to be required.

    These are plain classes: ten made by attrs would take a tenth of the time in which the gateway starts.
    """

    def __init__(self, *, required: bool = False) -> None:
        self.required = required


class Text(_Optional):
    """A string; numbers are taken for their digits, null for nothing."""

    def __init__(self, most: int = 0, *, required: bool = False, blank: bool = True) -> None:
        """`most` is in characters, 0 is no limit; `blank` says whether nothing but white space will do."""
        super().__init__(required=required)
        self.most = most
        self.blank = blank

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> str:
        """The text, empty when there is none."""
        value = given.get(key)
        if self.required and key not in given:
            wrong.append(f"{name} is missing")
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            wrong.append(f"{name} is invalid")
            return ""
        text = "" if value is None else clean(str(value))
        if not self.blank and not text.strip():
            wrong.append(f"{name} is empty")
        if self.most and len(text) > self.most:
            wrong.append(f"{name} must be less than {self.most} characters")
        return text

    def schema(self) -> Schema:
        """A string of so many characters."""
        limits = {"maxLength": self.most} if self.most else {}
        return {"type": "string", **limits, **({} if self.blank else {"pattern": r"[!-~]"})}


class Choice(_Optional):
    """One of a few words; null counts as absent where it may be left out."""

    def __init__(self, allowed: Sequence[str], *, required: bool = False) -> None:
        super().__init__(required=required)
        self.allowed = allowed

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> Any:
        """The word, or None."""
        value = given.get(key)
        if self.required and key not in given:
            wrong.append(f"{name} is missing")
            return None
        if (value is not None or self.required) and value not in self.allowed:
            wrong.append(f"{name} does not have a valid value")
            return None
        return value

    def schema(self) -> Schema:
        """These words."""
        return {"type": "string", "enum": list(self.allowed)}


class Number(_Optional):
    """A whole number, or a string that is one."""

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> int | None:
        """The number, if there is one."""
        value = given.get(key)
        if value is None or value == "":
            return None
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(whole), re.ASCII):
            wrong.append(f"{name} is invalid")
            return None
        return int(whole)

    def schema(self) -> Schema:
        """A number of at most 18 digits."""
        return {"type": "integer", "minimum": -WHOLE, "maximum": WHOLE}


class NumberOrText(_Optional):
    """A whole number, or any string."""

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> int | str | None:
        """As it came, if it came."""
        value = given.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return Text().read(given, key, name, wrong) or None

    def schema(self) -> Schema:
        """Either."""
        return {"type": ["integer", "string"]}


class Flag(_Optional):
    """A boolean, off when absent."""

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> bool:
        """Whether it is on."""
        value = given.get(key)
        if value in (None, True, False, "true", "false"):
            return value in (True, "true")
        wrong.append(f"{name} is invalid")
        return False

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


class Anything(_Optional):
    """An object that nobody looks into."""

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> dict[str, Any] | None:
        """The object, if there is one."""
        value = given.get(key)
        if isinstance(value, dict | None):
            return value
        wrong.append(f"{name} is invalid")
        return None

    def schema(self) -> Schema:
        """Any object."""
        return {"type": "object"}


class Hash(_Optional):
    """An object with fields; others are left alone."""

    def __init__(self, fields: Fields, *, required: bool = False) -> None:
        super().__init__(required=required)
        self.fields = fields

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> dict[str, Any] | None:
        """The values of its fields; None when there is no such object."""
        value = given.get(key)
        if value is None:
            if not self.required:
                return None
            wrong.append(f"{name} is missing")
            value = {}
        if not isinstance(value, dict):
            wrong.append(f"{name} is invalid")
            return None
        return _each(self.fields, value, f"{name}[{{}}]", wrong)

    def schema(self) -> Schema:
        """Its fields, and which of them have to be there."""
        return schema(self.fields)


class Listed(_Optional):
    """A list of objects."""

    def __init__(self, item: Fields, *, empty: bool = True) -> None:
        """`empty` says whether there may be none in a list that is there."""
        super().__init__()
        self.item = item
        self.empty = empty

    def read(self, given: Mapping[str, Any], key: str, name: str, wrong: Complaints) -> list[dict[str, Any]]:
        """The values of each one's fields."""
        value = given.get(key)
        if not value and isinstance(value, list | None):
            if key in given and not self.empty:
                wrong.append(f"{name} is empty")
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            wrong.append(f"{name} is invalid")
            return []
        labels = (f"{name}[{position}][{{}}]" for position in range(len(value)))
        return [_each(self.item, item, label, wrong) for item, label in zip(value, labels, strict=True)]

    def schema(self) -> Schema:
        """A list, of one or more where none will not do."""
        return {"type": "array", "items": schema(self.item), **({} if self.empty else {"minItems": 1})}


def read(fields: Fields, body: Mapping[str, Any]) -> tuple[dict[str, Any], Complaints]:
    """The values of all fields in a body, and what is wrong with them in GitLab's words."""
    wrong: Complaints = []
    return _each(fields, body, "{}", wrong), wrong


def schema(fields: Fields) -> Schema:
    """An object with these fields as JSON Schema."""
    wanted = [name for name, kind in fields.items() if kind.required]
    shape: Schema = {"type": "object", "properties": {name: kind.schema() for name, kind in fields.items()}}
    return {**shape, "required": wanted} if wanted else shape


def clean(text: str) -> str:
    """Without lone surrogates, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _each(fields: Fields, given: Mapping[str, Any], label: str, wrong: Complaints) -> dict[str, Any]:
    return {name: kind.read(given, name, label.format(name), wrong) for name, kind in fields.items()}
