"""What is wrong with a document and its variables, in the words of graphql-ruby, GitLab's library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from duo_lsp.gateway.graphql import executing, schema
from duo_lsp.gateway.graphql.parsing import Field, Operation, Variable, Word
from duo_lsp.gateway.graphql.schema import Member, Version

Problem = tuple[str, str]
"""Where in a value, and what."""


def complaints(operation: Operation, variables: Mapping[str, Any], version: Version) -> list[str]:
    """Everything that is wrong; the document is looked at first, then the variables, then both put together."""
    root = operation.kind.capitalize()
    wrong = [*_types(operation, version), *_fields(operation.selections, root, operation, version)]
    return wrong or list(_values(operation, variables, version)) or list(_given(operation, variables, version))


def _types(operation: Operation, version: Version) -> Iterator[str]:
    for name, written in operation.variables.items():
        if not schema.is_input(schema.bare(written), version):
            yield f"{schema.bare(written)} isn't a defined input type (on ${name})"


def _fields(fields: tuple[Field, ...], parent: str, operation: Operation, version: Version) -> Iterator[str]:
    known = schema.members(schema.OUTPUTS, parent, version)
    for field in fields:
        member = known.get(field.name)
        if field.name == "__typename":
            continue
        if member is None:
            yield f"Field '{field.name}' doesn't exist on type '{parent}'"
            continue
        yield from _arguments(field, member, operation, version)
        type_ = schema.bare(member.type)
        if type_ not in schema.OUTPUTS:
            if field.selections:
                yield f"Selections can't be made on scalars (field '{field.name}' returns {type_})"
        elif field.selections:
            yield from _fields(field.selections, type_, operation, version)
        else:
            yield f"Field must have selections (field '{field.name}' returns {type_} but has no selections)"


def _arguments(field: Field, member: Member, operation: Operation, version: Version) -> Iterator[str]:
    known = {name: one for name, one in member.arguments.items() if one.since <= version}
    for name, value in field.arguments.items():
        if name not in known:
            yield f"Field '{field.name}' doesn't accept argument '{name}'"
        else:
            yield from _literal(
                known[name].type, value, f"Argument '{name}' on Field '{field.name}'", operation, version
            )
    missing = [name for name, one in known.items() if one.type.endswith("!") and name not in field.arguments]
    if missing:
        yield f"Field '{field.name}' is missing required arguments: {', '.join(missing)}"


def _literal(written: str, value: Any, where: str, operation: Operation, version: Version) -> Iterator[str]:
    """What is wrong with a value in the document; variables in it are known, and that is all that is looked at."""
    type_ = schema.bare(written)
    if isinstance(value, Variable):
        if value.name not in operation.variables:
            yield f"Variable ${value.name} is used by anonymous {operation.kind} but not declared"
    elif isinstance(value, list):
        for item in value:
            yield from _literal(type_, item, where, operation, version)
    elif isinstance(value, dict) and type_ in schema.INPUTS:
        yield from _literal_object(type_, value, operation, version)
    elif next(_wrong(written, value.name if isinstance(value, Word) else value, "", version), None):
        yield f"{where} has an invalid value. Expected type '{written}'."


def _literal_object(type_: str, value: dict[str, Any], operation: Operation, version: Version) -> Iterator[str]:
    known = schema.members(schema.INPUTS, type_, version)
    for name, inner in value.items():
        if name in known:
            where = f"Argument '{name}' on InputObject '{type_}'"
            yield from _literal(known[name].type, inner, where, operation, version)
        else:
            yield f"InputObject '{type_}' doesn't accept argument '{name}'"
    for name, member in known.items():
        if member.type.endswith("!") and name not in value:
            yield f"Argument '{name}' on InputObject '{type_}' is required. Expected type {member.type}"


def _values(operation: Operation, variables: Mapping[str, Any], version: Version) -> Iterator[str]:
    for name, written in operation.variables.items():
        problems = list(_wrong(written, variables.get(name), "", version))
        if problems:
            told = ", ".join(f"{path} ({what})" for path, what in problems if path)
            because = f" for {told}" if told else ""
            yield f"Variable ${name} of type {written} was provided invalid value{because}"


def _given(operation: Operation, variables: Mapping[str, Any], version: Version) -> Iterator[str]:
    """What a variable is where it stands may be something else than it was declared to be."""
    for field in operation.selections:
        known = schema.OUTPUTS[operation.kind.capitalize()].get(field.name)
        for name, value in executing.arguments(field, variables).items():
            if known and any(_wrong(known.arguments[name].type, value, "", version)):
                yield (
                    f"Argument '{name}' on Field '{field.name}' has an invalid value. "
                    f"Expected type '{known.arguments[name].type}'."
                )


def _wrong(written: str, value: Any, path: str, version: Version) -> Iterator[Problem]:
    if value is None:
        if written.endswith("!"):
            yield path, "Expected value to not be null"
        return
    written = written.removesuffix("!")
    if written.startswith("["):
        for position, item in enumerate(value if isinstance(value, list) else [value]):
            yield from _wrong(written[1:-1], item, _below(path, str(position)), version)
    elif written in schema.INPUTS:
        yield from _wrong_object(written, value, path, version)
    elif written in schema.WORDS:
        if value not in schema.WORDS[written]:
            yield path, f'Expected "{value}" to be one of: {", ".join(schema.WORDS[written])}'
    elif written != "JSON" and not isinstance(value, str if written == "String" else str | int):
        yield path, f"Could not coerce value to {written}"
    elif written.endswith("ID") and written != "ID" and not str(value).startswith("gid://"):
        yield path, f'"{value}" is not a valid Global ID'


def _wrong_object(name: str, value: Any, path: str, version: Version) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield path, f"Expected {value!r} to be a key-value object"[:100]
        return
    known = schema.members(schema.INPUTS, name, version)
    for key in value:
        if key not in known:
            yield _below(path, key), f"Field is not defined on {name}"
    for key, member in known.items():
        yield from _wrong(member.type, value.get(key), _below(path, key), version)
        given = value.get(key)
        if member.most and isinstance(given, str) and len(given) > member.most:
            yield _below(path, key), f"{key} is too long (maximum is {member.most})"


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
