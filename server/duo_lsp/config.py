"""Where settings come from, and who may change them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from duo_lsp.errors import SettingError
from duo_lsp.settings import LEAVES, Leaf, Settings, camel

ENVIRONMENT = "environment"
"""The source of settings that come from variables of this process."""
_MOST_WRAPPINGS = 8
_GROUPS: Mapping[str, tuple[str, ...]] = {
    leaf.name.partition(".")[0]: tuple(
        other.name.partition(".")[2] for other in LEAVES if other.name.startswith(leaf.name.partition(".")[0] + ".")
    )
    for leaf in LEAVES
    if "." in leaf.name
}
_NOT_OBEYED = "ignoreCertificateErrors"


@attrs.frozen
class Layer:
    """What one source says: a tree of raw values under GitLab's names. Only a trusted one may steer code and token."""

    source: str
    values: Mapping[str, Any]
    trusted: bool = True
    problem: SettingError | None = None
    """Why nothing could be read here."""

    def get(self, leaf: Leaf) -> Any:
        """The raw value of one setting here; None when this source is silent about it."""
        value: Any = self.values
        for part in leaf.name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value


@attrs.frozen
class Resolved:
    """The settings that apply, where each value came from, and what was wrong."""

    settings: Settings
    sources: Mapping[str, str]
    problems: tuple[SettingError, ...] = ()
    token_address: str | None = None
    """The address that came in the same layer as the token: the only one that token may go to.

    None when none came with it, empty when one came that cannot be used: then the token goes nowhere.
    """
    command_address: str | None = None
    """The same for the token that tokenCommand prints."""


def resolve(layers: Sequence[Layer]) -> Resolved:
    """Read the layers, weakest first; a wrong value is reported and skipped, the rest applies."""
    values: dict[str, Any] = {leaf.name: leaf.default for leaf in LEAVES}
    sources: dict[str, str] = {}
    problems: list[SettingError] = []
    addresses: dict[str, str | None] = {}
    for layer in layers:
        taken, wrong = _read(layer)
        values.update(taken)
        sources.update(dict.fromkeys(taken, layer.source))
        problems.extend(wrong)
        named = layer.values.get("baseUrl")
        for name in taken.keys() & {"token", "tokenCommand"}:
            addresses[name] = taken.get("baseUrl", "") if named is not None else None
    problems += [problem for layer in layers if not layer.trusted for problem in _not_taken(layer, values)]
    bound = addresses.get("token"), addresses.get("tokenCommand")
    return Resolved(_build(Settings, values), sources, tuple(problems), *bound)


def _not_taken(layer: Layer, values: Mapping[str, Any]) -> Iterator[SettingError]:
    """What a source asks for that it may not decide, where that is something else than applies."""
    for leaf in LEAVES:
        raw = layer.get(leaf) if leaf.steers else None
        try:
            wanted = leaf.kind.read(raw) if raw else values[leaf.name]
        except ValueError:
            continue
        if wanted not in (values[leaf.name], leaf.default):
            yield SettingError(
                f"The setting {leaf.name} ({layer.source}) is not taken: a repository could have set it.",
                "Put it into config.toml, the environment, or the initialization options of your editor.",
            )


def _read(layer: Layer) -> tuple[dict[str, Any], list[SettingError]]:
    taken: dict[str, Any] = {}
    problems = [layer.problem] if layer.problem is not None else []
    problems += [
        SettingError(f"The setting {group} ({layer.source}) must be a group, such as {group}.{members[0]}.")
        for group, members in _GROUPS.items()
        if layer.values.get(group) is not None and not isinstance(layer.values[group], Mapping)
    ]
    for leaf in LEAVES:
        raw = layer.get(leaf)
        if raw is None:
            continue
        if leaf.steers and not layer.trusted:
            continue
        try:
            taken[leaf.name] = leaf.kind.read(raw)
        except ValueError:
            problems.append(SettingError(f"The setting {leaf.name} ({layer.source}) must be {leaf.kind.name}."))
    if layer.values.get(_NOT_OBEYED) is True:
        problems.append(_NO_BLIND_TRUST)
    return taken, problems


_NO_BLIND_TRUST = SettingError(
    "The setting ignoreCertificateErrors is not obeyed: code would go to anyone in between.",
    "Add your company's certificate to the system's trust store, or name its file in httpAgentOptions.ca.",
)


def _build(cls: type, values: Mapping[str, Any], prefix: str = "") -> Any:
    parts = {}
    for field in attrs.fields(cls):
        name = prefix + camel(field.name)
        parts[field.name] = (
            values[name] if "kind" in field.metadata else _build(field.default.factory, values, name + ".")
        )
    return cls(**parts)


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Lay new raw values over old ones, deep; null and {} take nothing away, an array replaces an array."""
    result = dict(old)
    todo = [(result, new)]
    while todo:  # not by recursion: what an editor sends may be nested deeper than Python calls
        into, values = todo.pop()
        for key, value in values.items():
            if isinstance(value, Mapping) and value:
                before = into.get(key)
                into[key] = dict(before) if isinstance(before, Mapping) else {}
                todo.append((into[key], value))
            elif value is not None and not isinstance(value, Mapping):
                into[key] = value
    return result


def of_editor(payload: object) -> dict[str, Any]:
    """What an editor sent of our settings, flat or under `duoLsp` or `settings`; anything else says nothing."""
    for _ in range(_MOST_WRAPPINGS):
        if not isinstance(payload, Mapping):
            return {}
        inner = next((payload[key] for key in ("settings", "duoLsp") if isinstance(payload.get(key), Mapping)), None)
        if inner is None:
            break
        payload = inner
    else:
        return {}
    known = {*(leaf.name.partition(".")[0] for leaf in LEAVES), _NOT_OBEYED}
    return {key: value for key, value in payload.items() if key in known}


def learned(old: Mapping[str, Any], payload: object) -> dict[str, Any]:
    """What an editor has said so far. A token it gave together with an address does not follow to another address.

    Nor does a command that prints one.
    """
    new = of_editor(payload)
    address = new.get("baseUrl")
    moved = address is not None and old.get("baseUrl") is not None and address != old["baseUrl"]
    if moved:
        left = {name for name in ("token", "tokenCommand") if new.get(name) is None}
        old = {key: value for key, value in old.items() if key not in left}
    return merged(old, new)


def of_environment(environment: Mapping[str, str]) -> Layer:
    """The variables of this process; an empty one counts as not set."""
    values: dict[str, Any] = {}
    if address := environment.get("GITLAB_URL"):
        values["baseUrl"] = address
    for leaf in LEAVES:
        if raw := environment.get(leaf.variable):
            branch: Any = raw
            for part in reversed(leaf.name.split(".")):
                branch = {part: branch}
            values = merged(values, branch)
    return Layer(ENVIRONMENT, values)


def of_file(path: Path, source: str) -> Layer:
    """A config.toml; one that is not there says nothing, one that cannot be read is a problem to tell."""
    try:
        return Layer(source, tomllib.loads(path.read_text("utf-8-sig")))
    except FileNotFoundError:
        return Layer(source, {})
    except (OSError, ValueError, RecursionError) as problem:
        sentence = f"{path} cannot be read ({type(problem).__name__})."
        return Layer(source, {}, problem=SettingError(sentence, "Correct the file; until then it is ignored."))
