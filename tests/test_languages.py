"""Which language a document is in, and what is known of it."""

import pytest

from duo_lsp import languages

# GitLab's own tables: what its language server turns on, and what its server reads from an extension
EXTENSIONS = {
    "c": "c h",
    "cpp": "cpp cc cxx c++ hpp hxx h++ hh",
    "csharp": "cs csx",
    "clojure": "clj cljs cljc edn",
    "dart": "dart",
    "elixir": "ex exs",
    "erlang": "erl hrl",
    "fortran": "f f90 f95 f03 f08",
    "go": "go",
    "groovy": "groovy gvy gy gsh",
    "haml": "haml",
    "handlebars": "hbs handlebars",
    "haskell": "hs lhs",
    "html": "html htm xhtml",
    "java": "java",
    "javascript": "js mjs cjs",
    "javascriptreact": "jsx",
    "kotlin": "kt kts ktm",
    "lean": "lean hlean",
    "objective-c": "m",
    "objective-cpp": "mm",
    "ocaml": "ml mli",
    "perl": "pl pm t",
    "php": "php phtml php3 php4 php5 php7 phps",
    "python": "py ipynb pyw pyi",
    "ruby": "rb erb rake",
    "rust": "rs",
    "scala": "scala sc sbt",
    "shellscript": "sh bash zsh ksh fish",
    "solidity": "sol",
    "sql": "sql ddl dml",
    "svelte": "svelte",
    "swift": "swift",
    "terraform": "tf tfvars",
    "terragrunt": "hcl",
    "typescript": "ts mts cts",
    "typescriptreact": "tsx",
    "vb": "vb vbs",
    "verilog": "v sv svh",
    "vue": "vue",
}


@pytest.mark.parametrize(
    ("language_id", "extension"), [(id_, each) for id_, some in EXTENSIONS.items() for each in some.split()]
)
def test_an_extension_tells_the_language(language_id, extension):
    assert languages.of(f"src/a.{extension}").id == language_id


@pytest.mark.parametrize(
    ("name", "language_id", "expected"),
    [
        ("a.h", "cpp", "cpp"),
        ("a.py", "ruby", "ruby"),
        ("a.py", "plaintext", "python"),
        ("a.py", "", "python"),
        ("A.PY", "", "python"),
        ("a.R", "", "r"),
        ("a", "sh", "shellscript"),
        ("a", "c++", "cpp"),
        ("a", "cs", "csharp"),
        ("a", "typescript.tsx", "typescriptreact"),
        ("a", "objc", "objective-c"),
        ("a.tf", "opentofu", "terraform"),
        ("build/Dockerfile", "", "dockerfile"),
        ("C:\\w\\Makefile", "", "makefile"),
        (".bashrc", "", "shellscript"),
        ("Gemfile", "", "ruby"),
        ("a.unknown", "", ""),
        ("a", "", ""),
        ("", "", ""),
    ],
)
def test_the_editor_knows_best_then_the_extension_then_the_name(name, language_id, expected):
    assert languages.of(name, language_id).id == expected


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.py", ".py"),
        ("a.tar.gz", ".gz"),
        ("dir.d/a", ""),
        ("dir.d\\a", ""),
        (".bashrc", ""),
        (".eslintrc.json", ".json"),
        ("a.c++", ".c++"),
        ("a.", ""),
        ("a. note", ""),
        ("..", ""),
        ("", ""),
        ("a." + "x" * 17, ""),
    ],
)
def test_the_last_extension(name, extension):
    assert languages.extension_of(name) == extension


def test_the_usual_extension_comes_first():
    assert languages.of("", "python").extension == ".py"
    assert languages.UNKNOWN.extension == ""


def test_every_name_means_one_language():
    names = [name for language in set(languages.BY_ID.values()) for name in (language.id, *language.aliases)]
    extensions = [each for language in set(languages.BY_ID.values()) for each in language.extensions]
    assert len(names) == len(set(names)) == len(languages.BY_ID)
    assert len(extensions) == len(set(extensions))
