"""What we know of each programming language: its names, comments and function headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import attrs


@attrs.frozen
class Language:
    """One language; `id` is the one editors use (LSP's language identifiers)."""

    id: str
    extensions: tuple[str, ...] = ()
    line_comments: tuple[str, ...] = ("//", "#", "--")
    """Marks that start a comment up to the line's end; GitLab tries these three when it knows no better."""
    block_comment: tuple[str, str] | None = None
    header: re.Pattern[str] | None = None
    """A line that opens a function whose body may be empty."""
    openings: tuple[str, ...] = ("{",)
    """How such a line ends."""

    @property
    def extension(self) -> str:
        """The usual extension, with its dot, or nothing."""
        return self.extensions[0] if self.extensions else ""


_SLASHES = ("//",)
_HASH = ("#",)
_STARS = ("/*", "*/")
_PYTHON_HEADER = re.compile(r"^\s*(?:async\s+def|def|class)\s+\w+.*:\s*(?:#.*)?$")
_RUBY_HEADER = re.compile(r"^\s*(?:def\s+[\w.?!=]+.*|(?:class|module)\s+\w+.*|.*\bdo\s*(?:\|[^|]*\|)?)\s*$")
_SHELL_HEADER = re.compile(r"^\s*(?:function\s+[\w-]+\s*(?:\(\s*\))?|[\w-]+\s*\(\s*\))\s*\{\s*$")
_BRACE_HEADER = re.compile(
    r"^(?!\s*(?:if|for|while|switch|catch|else|do|try|match|return)\b).*(?:\)[^(){};]*|=>\s*)\{\s*$"
)


def _braces(id_: str, *extensions: str, header: re.Pattern[str] | None = _BRACE_HEADER) -> Language:
    return Language(id_, extensions, _SLASHES, _STARS, header)


_ALL = (
    Language("python", (".py", ".pyw", ".pyi", ".ipynb"), _HASH, None, _PYTHON_HEADER, (":",)),
    Language("ruby", (".rb", ".erb", ".rake"), _HASH, ("=begin", "=end"), _RUBY_HEADER, ("",)),
    _braces("go", ".go"),
    _braces("javascript", ".js", ".mjs", ".cjs"),
    _braces("javascriptreact", ".jsx"),
    _braces("typescript", ".ts", ".mts", ".cts"),
    _braces("typescriptreact", ".tsx"),
    _braces("vue", ".vue"),
    _braces("svelte", ".svelte"),
    _braces("java", ".java"),
    _braces("kotlin", ".kt", ".kts", ".ktm"),
    _braces("scala", ".scala", ".sc"),
    _braces("c", ".c", ".h"),
    _braces("cpp", ".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++"),
    _braces("csharp", ".cs", ".csx"),
    _braces("rust", ".rs"),
    _braces("swift", ".swift"),
    _braces("dart", ".dart"),
    _braces("groovy", ".groovy", ".gradle"),
    _braces("objective-c", ".m"),
    _braces("objective-cpp", ".mm"),
    _braces("solidity", ".sol"),
    _braces("verilog", ".v", ".sv", ".svh", header=None),
    _braces("css", ".css", header=None),
    _braces("scss", ".scss", header=None),
    Language("php", (".php", ".phtml"), ("//", "#"), _STARS, _BRACE_HEADER),
    Language("shellscript", (".sh", ".bash", ".zsh", ".ksh", ".fish"), _HASH, None, _SHELL_HEADER),
    Language("terraform", (".tf", ".tfvars"), ("#", "//"), _STARS),
    Language("terragrunt", (".hcl",), ("#", "//"), _STARS),
    Language("yaml", (".yml", ".yaml"), _HASH),
    Language("toml", (".toml",), _HASH),
    Language("dockerfile", (".dockerfile",), _HASH),
    Language("makefile", (".mk",), _HASH),
    Language("elixir", (".ex", ".exs"), _HASH),
    Language("perl", (".pl", ".pm", ".t"), _HASH),
    Language("r", (".r", ".R"), _HASH),
    Language("julia", (".jl",), _HASH, ("#=", "=#")),
    Language("erlang", (".erl", ".hrl"), ("%",)),
    Language("latex", (".tex",), ("%",)),
    Language("clojure", (".clj", ".cljs", ".cljc", ".edn"), (";",)),
    Language("lisp", (".lisp", ".el", ".scm", ".rkt"), (";",)),
    Language("sql", (".sql", ".ddl", ".dml"), ("--",), _STARS),
    Language("haskell", (".hs", ".lhs"), ("--",), ("{-", "-}")),
    Language("lean", (".lean", ".hlean"), ("--",), ("/-", "-/")),
    Language("lua", (".lua",), ("--",), ("--[[", "]]")),
    Language("fortran", (".f90", ".f", ".f95", ".f03", ".f08"), ("!",)),
    Language("html", (".html", ".htm", ".xhtml"), (), ("<!--", "-->")),
    Language("xml", (".xml",), (), ("<!--", "-->")),
    Language("handlebars", (".hbs", ".handlebars"), (), ("{{!--", "--}}")),
    Language("haml", (".haml",), ("-#",)),
    Language("vb", (".vb", ".vbs"), ("'", "REM ")),
    Language("ocaml", (".ml", ".mli"), (), ("(*", "*)")),
    Language("markdown", (".md", ".markdown"), (), ("<!--", "-->")),
    Language("json", (".json",), ()),
)

UNKNOWN = Language("")
BY_ID: Mapping[str, Language] = MappingProxyType({language.id: language for language in _ALL})
_BY_EXTENSION = {extension: language for language in _ALL for extension in language.extensions}


def extension_of(file_name: str) -> str:
    """The last extension of a path, with its dot; a leading dot is no extension."""
    base = file_name.replace("\\", "/").rpartition("/")[2]
    stem, dot, extension = base.rpartition(".")
    return dot + extension if stem else ""


def of(file_name: str, language_id: str = "") -> Language:
    """The language of a document: what the editor says, else what the extension says."""
    return BY_ID.get(language_id) or _BY_EXTENSION.get(extension_of(file_name), UNKNOWN)
