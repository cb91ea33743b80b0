"""What a document asks for, taken from what there is: arguments with their variables filled in, fields picked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from duo_lsp.gateway.graphql.parsing import Field, Variable, Word


def arguments(field: Field, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a field, with what the variables in them stand for."""
    return cast("dict[str, Any]", _filled(dict(field.arguments), variables))


def listed(value: Any) -> list[Any]:
    """One value where a list may be is a list of it (GraphQL specification, 3.11)."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    """A value of the document with what the variables in it stand for."""
    match value:
        case Variable(name=name):
            return variables.get(name)
        case Word(name=name):
            return name
        case dict():
            return {key: _filled(inner, variables) for key, inner in value.items()}
        case list():
            return [_filled(inner, variables) for inner in value]
    return value


def picked(value: Any, field: Field) -> Any:
    """What was asked for of a value."""
    if isinstance(value, list):
        return [picked(item, field) for item in value]
    if isinstance(value, Mapping) and field.selections:
        return {each.alias: picked(value.get(each.name), each) for each in field.selections}
    return value
