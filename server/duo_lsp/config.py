"""All settings: what they are, where they come from, who may change them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from duo_lsp.errors import SettingError
from duo_lsp.privacy.secrets import Secret
from duo_lsp.urls import read_base_url

UPSTREAMS = ("auto", "gitlab", "local")
ENVIRONMENT = "environment"
"""The source of settings that come from variables of this process."""
FALLBACKS = ("auto", "on", "off")
_MOST_WRAPPINGS = 8
LOG_LEVELS = ("error", "warning", "info", "debug")


@attrs.frozen
class Kind:
    """One sort of value: how it is called in tables and messages, and how it is read (raises ValueError)."""

    name: str
    read: Callable[[Any], Any]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    raise ValueError


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}
    word = _text(value).lower()
    if word not in known:
        raise ValueError
    return known[word]


def _one_of(*allowed: str) -> Kind:
    def read(value: Any) -> str:
        word = _text(value).lower()
        if word not in allowed:
            raise ValueError
        return word

    return Kind(" or ".join(f"`{word}`" for word in allowed), read)


def _token(value: Any) -> Secret:
    return Secret(_text(value))


def _setting(kind: Kind, default: Any, doc: str, *, steers: bool = False) -> Any:
    return attrs.field(default=default, metadata={"kind": kind, "doc": doc, "steers": steers})


TEXT = Kind("text", _text)
SWITCH = Kind("`true` or `false`", _switch)
ADDRESS = Kind("an https address, or http on this machine", read_base_url)
TOKEN = Kind("a token, or empty to sign out", _token)


@attrs.frozen
class CodeCompletion:
    """Suggestions while typing."""

    enabled: bool = _setting(SWITCH, default=True, doc="Suggestions while typing.")


@attrs.frozen
class Settings:
    """Every setting with its default. `steers` marks those that decide where code and token go."""

    token: Secret = _setting(TOKEN, Secret(), "Access token for GitLab, scope `api` or `ai_features`.", steers=True)
    base_url: str = _setting(ADDRESS, "https://gitlab.com", "The GitLab instance.", steers=True)
    upstream: str = _setting(
        _one_of(*UPSTREAMS),
        "auto",
        "Who answers: `gitlab`, the `local` engine, or `auto`: GitLab once there is a token for it, else local.",
        steers=True,
    )
    project_path: str = _setting(TEXT, "", "The project on GitLab the code belongs to, as `group/project`.")
    log_level: str = _setting(
        _one_of(*LOG_LEVELS), "warning", "How much is written to stderr; never code, never a token."
    )
    completion_fallback: str = _setting(
        _one_of(*FALLBACKS),
        "auto",
        "Suggestions as an item of the completion menu: `auto` for editors that cannot show ghost text. "
        "Read when the editor starts.",
    )
    code_completion: CodeCompletion = attrs.field(factory=CodeCompletion)


@attrs.frozen
class Leaf:
    """One setting: its dotted name, its attribute names, its kind, its default, its sentence."""

    name: str
    path: tuple[str, ...]
    kind: Kind
    default: Any
    doc: str
    steers: bool

    @property
    def variable(self) -> str:
        """The environment variable: DUO_LSP_ and the name, nested names joined by two underscores."""
        return "DUO_LSP_" + "__".join(part.upper() for part in self.path)

    def of(self, settings: Settings) -> Any:
        """The value it has in these settings."""
        return functools.reduce(getattr, self.path, settings)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _leaves(cls: type, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    for field in attrs.fields(cls):
        here = (*path, field.name)
        if "kind" in field.metadata:
            yield Leaf(".".join(map(_camel, here)), here, default=field.default, **field.metadata)
        else:
            yield from _leaves(field.default.factory, here)


LEAVES: tuple[Leaf, ...] = tuple(_leaves(Settings))
_GROUPS: Mapping[str, tuple[str, ...]] = {
    leaf.name.partition(".")[0]: tuple(
        other.name.partition(".")[2] for other in LEAVES if other.name.startswith(leaf.name.partition(".")[0] + ".")
    )
    for leaf in LEAVES
    if "." in leaf.name
}
_NOT_OBEYED = "ignoreCertificateErrors"


@attrs.frozen
class Row:
    """One setting as a table shows it."""

    name: str
    variable: str
    default: str
    allowed: str
    sentence: str
    steers: bool
    """It decides where code and token go, so that a workspace cannot set it."""


def table() -> list[Row]:
    """All settings, in the order in which they are defined."""
    return [
        Row(leaf.name, leaf.variable, _shown(leaf.default), leaf.kind.name, leaf.doc, leaf.steers) for leaf in LEAVES
    ]


def markdown_table() -> str:
    """The table for README; a setting marked * cannot be set by a workspace."""
    lines = ["| Setting | Environment | Default | Allowed | |", "| --- | --- | --- | --- | --- |"]
    for row in table():
        default = f"`{row.default}`" if row.default else "none"
        mark = r"\*" if row.steers else ""
        lines.append(f"| `{row.name}`{mark} | `{row.variable}` | {default} | {row.allowed} | {row.sentence} |")
    return "\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return "" if isinstance(default, Secret) else str(default)


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


def resolve(layers: Sequence[Layer]) -> Resolved:
    """Read the layers, weakest first; a wrong value is reported and skipped, the rest applies."""
    values: dict[str, Any] = {leaf.name: leaf.default for leaf in LEAVES}
    sources: dict[str, str] = {}
    problems: list[SettingError] = []
    token_address = None
    for layer in layers:
        taken, wrong = _read(layer)
        values.update(taken)
        sources.update(dict.fromkeys(taken, layer.source))
        problems.extend(wrong)
        if "token" in taken:
            named = layer.values.get("baseUrl")
            token_address = taken.get("baseUrl", "") if named is not None else None
    return Resolved(_build(Settings, values), sources, tuple(problems), token_address)


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
    "Add your company's certificate to the system's trust store, or set SSL_CERT_FILE.",
)


def _build(cls: type, values: Mapping[str, Any], prefix: str = "") -> Any:
    parts = {}
    for field in attrs.fields(cls):
        name = prefix + _camel(field.name)
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
    """What an editor has said so far. A token it gave together with an address does not follow to another address."""
    new = of_editor(payload)
    address = new.get("baseUrl")
    moved = address is not None and old.get("baseUrl") is not None and address != old["baseUrl"]
    if moved and new.get("token") is None:
        old = {key: value for key, value in old.items() if key != "token"}
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
