"""For which languages suggestions come by themselves, by the settings and by what the person has toggled."""

from __future__ import annotations

from typing import Final

from duo_lsp import languages, status
from duo_lsp.settings import CodeCompletion
from duo_lsp.status import State
from duo_lsp.suggestions.context import Here
from duo_lsp.toggles.switches import Toggles

BY_DEFAULT: Final = frozenset(
    (
        *("c", "cpp", "csharp", "go", "haml", "handlebars", "java", "javascript", "javascriptreact", "kotlin"),
        *("php", "python", "ruby", "rust", "scala", "shellscript", "sql", "svelte", "swift", "terraform"),
        *("terragrunt", "typescript", "typescriptreact", "vue"),
    )
)
"""Those of GitLab's own language server (its version 7.9), by the names editors use."""
NO_LANGUAGE: Final = ("", "plaintext", "text")
"""What editors call a file of which they do not know the language."""
PROSE: Final = frozenset(
    (
        *NO_LANGUAGE,
        *("markdown", "mdx", "latex", "tex", "plaintex", "bibtex", "rst", "restructuredtext", "asciidoc", "org"),
        *("typst", "gitcommit", "git-commit", "help", "mail", "log"),
    )
)
"""Text for people. The local engine learns any other language from the files it sees, and costs nobody a request."""


def name_of(here: Here) -> str:
    """The language of a document, as settings name it."""
    return here.language.id or here.language_id.lower()


def resolved(name: str) -> str:
    """The language that a person means by a name, an alias or a file's ending, in lower case and without a dot."""
    known = languages.BY_ID.get(name) or languages.of(f"file.{name}")
    return known.id or name


def comes_by_itself(language: str, wanted: CodeCompletion, *, local: bool) -> bool:
    """Whether the settings want suggestions in this language while somebody types."""
    if is_disabled(language, wanted):
        return False
    by_default = language not in PROSE if local else language in BY_DEFAULT
    return by_default or language in map(resolved, wanted.additional_languages)


def is_disabled(language: str, wanted: CodeCompletion) -> bool:
    """Whether the settings want none in this language, not even by hand."""
    return language in map(resolved, wanted.disabled_supported_languages)


def never(here: Here, wanted: CodeCompletion, toggles: Toggles | None, *, local: bool) -> State | None:
    """Why nobody is ever asked in this document; None when somebody is, if only by hand.

    Without `toggles` the settings alone decide.
    """
    language = name_of(here)
    said = toggles.of(here.uri, language) if toggles is not None else None
    if said is not None and not said.on:
        return status.paused_in(said)
    if not local and language in NO_LANGUAGE:
        return status.UNSUPPORTED_LANGUAGE  # it has nothing to say there
    return status.DISABLED_LANGUAGE if said is None and is_disabled(language, wanted) else None


def not_by_itself(here: Here, wanted: CodeCompletion, toggles: Toggles, *, local: bool) -> State | None:
    """Why nobody is asked because of a key typed in this document; None when somebody is."""
    language = name_of(here)
    said = toggles.of(here.uri, language)
    if said.on if said is not None else comes_by_itself(language, wanted, local=local):
        return None
    return status.unlisted_language("" if language in NO_LANGUAGE else language)
