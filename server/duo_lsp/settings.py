"""All settings: their names, defaults, and what each may be."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

import attrs

from duo_lsp import kinds
from duo_lsp.privacy.secrets import Secret

UPSTREAMS = ("auto", "gitlab", "local")
FALLBACKS = ("auto", "on", "off")
TRIGGERS = ("automatic", "invoked")
ENGINES = ("builtin", "ollama", "llama.cpp", "openai")
TEMPLATES = ("auto", "qwen", "starcoder", "codellama", "deepseek")
SILENCES = ("quiet", "normal", "eager")
LOG_LEVELS = ("error", "warning", "info", "debug")


def _setting(kind: kinds.Kind, default: Any, doc: str, *, steers: bool = False) -> Any:
    return attrs.field(default=default, metadata={"kind": kind, "doc": doc, "steers": steers})


@attrs.frozen
class CodeCompletion:
    """Suggestions while typing."""

    enabled: bool = _setting(kinds.SWITCH, default=True, doc="Suggestions while typing.")
    trigger: str = _setting(
        kinds.one_of(*TRIGGERS),
        "automatic",
        "When suggestions come: `automatic`ally while typing, or only when `invoked`.",
    )
    additional_languages: tuple[str, ...] = _setting(
        kinds.LANGUAGES,
        (),
        "Languages beside GitLab's own list in which suggestions come while typing, by the names editors use, "
        "such as `lua` or `markdown`.",
    )
    disabled_supported_languages: tuple[str, ...] = _setting(
        kinds.LANGUAGES, (), "Languages without suggestions, by the names editors use, such as `python`."
    )
    enabled_in_comments: bool = _setting(
        kinds.SWITCH, default=False, doc="Suggestions also while typing a comment or a docstring."
    )
    enable_secret_redaction: bool = _setting(
        kinds.SWITCH, default=True, doc="Passwords, tokens and keys are sent as stars.", steers=True
    )


@attrs.frozen
class LocalEngine:
    """Who answers on this machine."""

    engine: str = _setting(
        kinds.one_of(*ENGINES),
        "builtin",
        "Who answers on this machine: `builtin`, or a model that runs here.",
        steers=True,
    )
    url: str = _setting(
        kinds.OWN_ADDRESS, "", "Where the model's server listens; without it at its usual place.", steers=True
    )
    model: str = _setting(
        kinds.TEXT,
        "",
        "The model's name; for `llama.cpp` without a server, the path of a file ending in .gguf.",
        steers=True,
    )
    fim_template: str = _setting(
        kinds.one_of(*TEMPLATES), "auto", "How the model was trained to fill gaps; `auto` finds out.", steers=True
    )
    timeout: float = _setting(
        kinds.SECONDS, 5.0, "How long a completion of the model may take; after that `builtin` answers.", steers=True
    )
    index_megabytes: int = _setting(
        kinds.MEGABYTES, 5, "Megabytes of the workspace that `builtin` learns at most; what is nearest comes first."
    )


@attrs.frozen
class Suggestions:
    """When what is known is worth showing."""

    silence: str = _setting(
        kinds.one_of(*SILENCES),
        "normal",
        "How sure the engine without a model is before it says something: `quiet` 0.9, `normal` 0.8, `eager` 0.5. "
        "Who asks by hand gets `eager`.",
    )


@attrs.frozen
class OAuth:
    """Signing in with OAuth instead of a token of one's own."""

    client_id: str = _setting(
        kinds.TEXT, "", "The application, registered at your instance, that `duo-lsp login` signs in as.", steers=True
    )


@attrs.frozen
class HttpAgentOptions:
    """Files in PEM form."""

    ca: str = _setting(kinds.TEXT, "", "File with certificate authorities to trust besides the system's.", steers=True)
    cert: str = _setting(kinds.TEXT, "", "File with the certificate to show to the instance.", steers=True)
    cert_key: str = _setting(kinds.TEXT, "", "File with its key, if that is another one.", steers=True)


@attrs.frozen
class Settings:
    """Every setting with its default. `steers` marks those that decide where code and token go."""

    token: Secret = _setting(
        kinds.TOKEN, Secret(), "Access token for GitLab, scope `api` or `ai_features`.", steers=True
    )
    base_url: str = _setting(kinds.ADDRESS, "https://gitlab.com", "The GitLab instance.", steers=True)
    token_command: tuple[str, ...] = _setting(
        kinds.COMMAND,
        (),
        'A command that prints the token, such as `["pass", "show", "gitlab"]`; run without a shell, for 10 s at most.',
        steers=True,
    )
    oauth: OAuth = attrs.field(factory=OAuth)
    upstream: str = _setting(
        kinds.one_of(*UPSTREAMS),
        "auto",
        "Who answers: `gitlab`, the `local` engine, or `auto`: GitLab once there is a token for it, "
        "and the local engine without one or while GitLab refuses.",
        steers=True,
    )
    local_engine: LocalEngine = attrs.field(factory=LocalEngine)
    project_path: str = _setting(kinds.TEXT, "", "The project on GitLab the code belongs to, as `group/project`.")
    proxy: Secret = _setting(
        kinds.PROXY, Secret(), "The proxy to GitLab; without it `HTTPS_PROXY` and `NO_PROXY` apply.", steers=True
    )
    http_agent_options: HttpAgentOptions = attrs.field(factory=HttpAgentOptions)
    language_server_version: str = _setting(
        kinds.VERSION, "", "Sent as `X-Gitlab-Language-Server-Version`, for instances that ask for one."
    )
    model_gateway: str = _setting(
        kinds.OPTIONAL_ADDRESS, "", "Where GitLab 16.1 leaves suggestions to; later versions need none.", steers=True
    )
    log_level: str = _setting(
        kinds.one_of(*LOG_LEVELS), "warning", "How much is written to stderr; never code, never a token."
    )
    completion_fallback: str = _setting(
        kinds.one_of(*FALLBACKS),
        "auto",
        "Suggestions as an item of the completion menu: `auto` for editors that cannot show ghost text. "
        "`on` counts for such as can only from the environment or the editor's initialization options.",
    )
    code_completion: CodeCompletion = attrs.field(factory=CodeCompletion)
    suggestions: Suggestions = attrs.field(factory=Suggestions)
    open_tabs_context: bool = _setting(
        kinds.SWITCH,
        default=True,
        doc="Other open documents of the same workspace folder go along with a request, the latest first.",
    )
    imports_context: bool = _setting(
        kinds.SWITCH,
        default=False,
        doc="Files of its workspace folder that the current one imports go along, too, open or not.",
        steers=True,
    )


@attrs.frozen
class Leaf:
    """One setting: its dotted name, its attribute names, its kind, its default, its sentence."""

    name: str
    path: tuple[str, ...]
    kind: kinds.Kind
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


def camel(name: str) -> str:
    """The name GitLab and editors use for an attribute."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _leaves(cls: type, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    for field in attrs.fields(cls):
        here = (*path, field.name)
        if "kind" in field.metadata:
            yield Leaf(".".join(map(camel, here)), here, default=field.default, **field.metadata)
        else:
            yield from _leaves(field.default.factory, here)


LEAVES: tuple[Leaf, ...] = tuple(_leaves(Settings))


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
    return "" if isinstance(default, Secret) or default == () else str(default)
