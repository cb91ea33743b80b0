"""Writes editors/helix/languages.toml: the servers Helix itself has for each language, and ours after them.

Helix replaces the list of a language's servers by the user's, so the user's has to name them all.
Its own list is part of its program: `python -m scripts.helix_languages` reads it from the one that
`./scripts/editors` installed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from duo_lsp import languages

PROGRAM: Final = (
    Path(os.environ.get("DUO_LSP_EDITORS") or Path.home() / ".cache/duo-lsp/editors") / "root/usr/lib/hx/hx"
)
FILE: Final = Path(__file__).parents[1] / "editors/helix/languages.toml"
BY_EXTENSION: Final = ("erb", "ocaml-interface", "haskell-literate", "racket", "common-lisp", "elisp")
"""Languages of Helix that LSP has no identifier of its own for; we know them by the names of their files."""
UNKNOWN_TO_HELIX: Final = ("objective-c", "objective-cpp", "handlebars", "haml", "vb")
"""Languages of ours that Helix does not have: a person who wants them defines them."""
_BEGINS: Final = b"# Language support configuration."
_ENDS: Final = re.compile(rb"[\x00-\x08\x0b-\x1f]")
_HEAD: Final = """\
# GitLab Duo in Helix: goes into ~/.config/helix/languages.toml; `duo-lsp setup helix-keys` prints keys for the chat.
[language-server.duo-lsp]
command = "{command}"

# Helix replaces its own list of a language's servers by this one: so each names those too, as Helix 25.07 has them.
# One that is not installed does no harm. Leave out the languages you do not want suggestions in.
"""

Language = dict[str, Any]


def main() -> None:
    """Write the file anew."""
    FILE.write_text(text(shipped(PROGRAM)), "utf-8")
    print(f"{FILE.name}: {FILE.read_text('utf-8').count('[[language]]')} languages")


def shipped(program: Path) -> list[Language]:
    """Helix's own languages. Raises SystemExit for a program that has none inside."""
    binary = program.read_bytes()
    begin = binary.find(_BEGINS)
    end = _ENDS.search(binary, begin) if begin >= 0 else None
    if end is None:
        sys.exit(f"{program} holds no languages.toml")
    lines = binary[begin : end.start()].decode("utf-8", "ignore").splitlines()
    return list(tomllib.loads("\n".join(lines[:-1]))["language"])  # the next text of the program follows in the last


def text(helix: list[Language]) -> str:
    """The file for these languages of Helix."""
    blocks = [_block(one) for one in sorted(helix, key=lambda one: str(one["name"])) if is_ours(one)]
    return _HEAD + "".join(blocks)


def is_ours(one: Language) -> bool:
    """Whether we make suggestions in it."""
    return _id(one) in languages.BY_ID or one["name"] in BY_EXTENSION


def _id(one: Language) -> str:
    """What Helix tells a server that the language is."""
    return str(one.get("language-id", one["name"]))


def _block(one: Language) -> str:
    servers = ", ".join(map(_inline, [*one.get("language-servers", []), "duo-lsp"]))
    return f"\n[[language]]\nname = {_inline(one['name'])}\nlanguage-servers = [{servers}]\n"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value)


if __name__ == "__main__":
    main()
