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
    blocks: tuple[tuple[str, str], ...] = ()
    """Marks around a comment that may have many lines."""
    texts: tuple[str, ...] = ()
    """Quotes around a text that may have many lines."""
    quotes: str = "\"'"
    """Quotes around a text of one line; an apostrophe often is none."""
    raw_texts: bool = False
    """Whether a backslash in such a text is nothing but that."""
    docstrings: bool = False
    """Whether such a text, standing alone, is a comment."""
    header: re.Pattern[str] | None = None
    """A statement that opens a function or class whose body may be empty."""
    body_end: str = r"\}"
    """A pattern for what ends a body; empty where indentation does."""
    aliases: tuple[str, ...] = ()
    """What some editors call it."""
    slashes: bool = False
    """Whether a regular expression may stand between slashes."""

    @property
    def extension(self) -> str:
        """The usual extension, with its dot, or nothing."""
        return self.extensions[0] if self.extensions else ""


_SLASHES = ("//",)
_HASH = ("#",)
_STARS = (("/*", "*/"),)
_MARKUP = (("<!--", "-->"),)
_TRIPLE = ('"""', "'''")
_NO_APOSTROPHE = '"'

_PYTHON_HEADER = re.compile(r"\s*(?:async\s+def|def|class)\s+\w.*:\s*\Z", re.DOTALL)
_RUBY_HEADER = re.compile(
    r"(?!\s*(?:while|until|for)\b)(?!.*\bend\s*\Z)(?!\s*def\s+[\w.?!]+\s*(?:\([^)]*\))?\s*=\s)"
    r"(?:\s*def\s+\S.*|\s*(?:class|module)\s+\S.*|.*(?:\bdo|\{)\s*\|[^|]*\||.*\bdo)\s*\Z",
    re.DOTALL,
)
_SHELL_HEADER = re.compile(r"\s*(?:function\s+[\w:.-]+\s*(?:\(\s*\))?|[\w:.-]+\s*\(\s*\))\s*\{\s*\Z")
_NO_BRANCH = (
    r"(?![\s}]*(?:if|for|foreach|while|switch|catch|else|elseif|do|try|match|when|with|using|lock|synchronized|"
    r"guard|select|loop|unsafe)\b)(?!.*[=>(,{;]\s*(?:if|match|switch|when|try)\b[^{}]*\{\s*\Z)"
)
_BRACE_HEADER = (
    _NO_BRANCH + r"(?:.*(?:\)[^(){};]*|=>\s*%s)|"
    r"\s*(?:[\w@]+\s+)*(?:class|interface|struct|enum|trait|impl|object|record|extension|protocol|actor|def|init|deinit)"
    r"\b[^(){};]*)\{\s*\Z"
)
_BRACES = re.compile(_BRACE_HEADER % "", re.DOTALL)
_RUST_HEADER = re.compile(_BRACE_HEADER % r"|\|[^|]*\|\s*", re.DOTALL)
_JAVA_HEADER = re.compile(
    rf"{_BRACE_HEADER % ''}|(?!.*\b(?:case|default)\b){_NO_BRANCH}.*\w\s*->\s*\{{\s*\Z", re.DOTALL
)
_CLOSURE = r"(?:.*\{[\w(), :.<>?]*(?:->|=>|\bin)|.*\w\.\w+\s*\{)\s*\Z"
_CLOSURE_HEADER = re.compile(rf"{_BRACE_HEADER % ''}|{_NO_BRANCH}{_CLOSURE}", re.DOTALL)
_SCALA_HEADER = re.compile(
    rf"{_BRACE_HEADER % ''}|{_NO_BRANCH}{_CLOSURE}|\s*(?:\w+\s+)*def\s+\w[^{{}}]*=\s*\Z", re.DOTALL
)


def _braces(
    id_: str,
    *extensions: str,
    header: re.Pattern[str] | None = _BRACES,
    texts: tuple[str, ...] = (),
    quotes: str = "\"'",
    aliases: tuple[str, ...] = (),
    slashes: bool = False,
    raw_texts: bool = False,
) -> Language:
    return Language(
        id_,
        extensions,
        _SLASHES,
        _STARS,
        texts,
        quotes,
        raw_texts=raw_texts,
        header=header,
        aliases=aliases,
        slashes=slashes,
    )


def _script(id_: str, *extensions: str, aliases: tuple[str, ...] = ()) -> Language:
    return _braces(id_, *extensions, texts=("`",), aliases=aliases, slashes=True)


def _component(id_: str, extension: str) -> Language:
    return Language(
        id_, (extension,), _SLASHES, (*_STARS, *_MARKUP), ("`",), _NO_APOSTROPHE, header=_BRACES, slashes=True
    )


_ALL = (
    Language(
        "python",
        (".py", ".pyw", ".pyi", ".ipynb"),
        _HASH,
        texts=_TRIPLE,
        docstrings=True,
        header=_PYTHON_HEADER,
        body_end="",
    ),
    Language(
        "ruby",
        (".rb", ".erb", ".rake"),
        _HASH,
        (("=begin", "=end"),),
        header=_RUBY_HEADER,
        body_end=r"end\b|\}",
        slashes=True,
    ),
    _braces("go", ".go", texts=("`",), raw_texts=True),
    _script("javascript", ".js", ".mjs", ".cjs", aliases=("js",)),
    _script("javascriptreact", ".jsx", aliases=("jsx",)),
    _script("typescript", ".ts", ".mts", ".cts", aliases=("ts",)),
    _script("typescriptreact", ".tsx", aliases=("tsx", "typescript.tsx")),
    _component("vue", ".vue"),
    _component("svelte", ".svelte"),
    _braces("java", ".java", header=_JAVA_HEADER, texts=_TRIPLE[:1]),
    _braces("kotlin", ".kt", ".kts", ".ktm", header=_CLOSURE_HEADER, texts=_TRIPLE[:1], raw_texts=True),
    _braces(
        "scala", ".scala", ".sc", ".sbt", header=_SCALA_HEADER, texts=_TRIPLE[:1], raw_texts=True, quotes=_NO_APOSTROPHE
    ),
    _braces("c", ".c", ".h"),
    _braces("cpp", ".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", aliases=("c++",)),
    _braces("csharp", ".cs", ".csx", texts=_TRIPLE[:1], raw_texts=True, aliases=("cs", "c-sharp", "c#")),
    _braces("rust", ".rs", header=_RUST_HEADER, quotes=_NO_APOSTROPHE),
    _braces("swift", ".swift", header=_CLOSURE_HEADER, texts=_TRIPLE[:1], quotes=_NO_APOSTROPHE),
    _braces("dart", ".dart", texts=_TRIPLE),
    _braces("groovy", ".groovy", ".gvy", ".gy", ".gsh", ".gradle", texts=_TRIPLE),
    _braces("objective-c", ".m", aliases=("objc",)),
    _braces("objective-cpp", ".mm", aliases=("objcpp",)),
    _braces("solidity", ".sol"),
    _braces("verilog", ".v", ".sv", ".svh", header=None, quotes=_NO_APOSTROPHE, aliases=("systemverilog",)),
    Language("css", (".css",), (), _STARS),
    _braces("scss", ".scss", header=None),
    Language(
        "php", (".php", ".phtml", ".php3", ".php4", ".php5", ".php7", ".phps"), ("//", "#"), _STARS, header=_BRACES
    ),
    Language(
        "shellscript",
        (".sh", ".bash", ".zsh", ".ksh", ".fish"),
        _HASH,
        header=_SHELL_HEADER,
        aliases=("sh", "bash", "zsh", "ksh", "fish", "shell", "shell-script"),
    ),
    Language("terraform", (".tf", ".tfvars"), ("#", "//"), _STARS, aliases=("tf", "terraform-vars", "opentofu")),
    Language("terragrunt", (".hcl",), ("#", "//"), _STARS, aliases=("hcl",)),
    Language("yaml", (".yml", ".yaml"), _HASH),
    Language("toml", (".toml",), _HASH, texts=_TRIPLE),
    Language("dockerfile", (".dockerfile",), _HASH),
    Language("makefile", (".mk",), _HASH, aliases=("make",)),
    Language("elixir", (".ex", ".exs"), _HASH, texts=_TRIPLE[:1]),
    Language("perl", (".pl", ".pm", ".t"), _HASH),
    Language("r", (".r", ".R"), _HASH),
    Language("julia", (".jl",), _HASH, (("#=", "=#"),), _TRIPLE[:1], _NO_APOSTROPHE),
    Language("erlang", (".erl", ".hrl"), ("%",)),
    Language("latex", (".tex",), ("%",), quotes="", aliases=("tex", "plaintex")),
    Language("clojure", (".clj", ".cljs", ".cljc", ".edn"), (";",), quotes=_NO_APOSTROPHE),
    Language("lisp", (".lisp", ".el", ".scm", ".rkt"), (";",), quotes=_NO_APOSTROPHE, aliases=("emacs-lisp", "scheme")),
    Language("sql", (".sql", ".ddl", ".dml"), ("--",), _STARS),
    Language("haskell", (".hs", ".lhs"), ("--",), (("{-", "-}"),), quotes=_NO_APOSTROPHE),
    Language("lean", (".lean", ".hlean"), ("--",), (("/-", "-/"),), quotes=_NO_APOSTROPHE),
    Language("lua", (".lua",), ("--",), (("--[[", "]]"),)),
    Language("fortran", (".f90", ".f", ".f95", ".f03", ".f08"), ("!",)),
    Language("html", (".html", ".htm", ".xhtml"), (), _MARKUP, quotes=""),
    Language("xml", (".xml",), (), _MARKUP, quotes=""),
    Language("handlebars", (".hbs", ".handlebars"), (), (("{{!--", "--}}"), *_MARKUP), quotes=""),
    Language("haml", (".haml",), ("-#",), quotes=""),
    Language("vb", (".vb", ".vbs"), ("'", "REM "), quotes=_NO_APOSTROPHE),
    Language("ocaml", (".ml", ".mli"), (), (("(*", "*)"),), quotes=_NO_APOSTROPHE),
    Language("markdown", (".md", ".markdown"), (), _MARKUP, quotes=""),
    Language("json", (".json",), ()),
)

UNKNOWN = Language("")
BY_ID: Mapping[str, Language] = MappingProxyType(
    {id_: language for language in _ALL for id_ in (language.id, *language.aliases)}
)
_BY_EXTENSION = {extension: language for language in _ALL for extension in language.extensions}
_BY_NAME = {
    "Dockerfile": "dockerfile",
    "Containerfile": "dockerfile",
    "Makefile": "makefile",
    "GNUmakefile": "makefile",
    "Rakefile": "ruby",
    "Gemfile": "ruby",
    "Jenkinsfile": "groovy",
    ".bashrc": "shellscript",
    ".bash_profile": "shellscript",
    ".profile": "shellscript",
    ".zshrc": "shellscript",
}
_EXTENSION = re.compile(r"(?s:.+)(\.[\w+-]{1,16})\Z")


def extension_of(file_name: str) -> str:
    """The last extension of a path, with its dot; neither a leading dot nor a sentence's full stop makes one."""
    found = _EXTENSION.match(file_name.replace("\\", "/").rpartition("/")[2])
    return found[1] if found else ""


def of(file_name: str, language_id: str = "") -> Language:
    """The language of a document: what the editor says, else what the extension or the well-known name says."""
    known = BY_ID.get(language_id)
    if known is not None:
        return known
    extension = extension_of(file_name)
    known = _BY_EXTENSION.get(extension) or _BY_EXTENSION.get(extension.lower())
    return known or BY_ID.get(_BY_NAME.get(file_name.replace("\\", "/").rpartition("/")[2], ""), UNKNOWN)
