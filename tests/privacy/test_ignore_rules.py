"""Ignore files mean what git says they mean."""

import subprocess

import pytest

from duo_lsp.privacy import ignore_rules
from duo_lsp.privacy.ignore_files import IgnoreFiles
from duo_lsp.privacy.ignore_rules import Patterns
from waiting import best

NESTED = {"": "*.log\n!keep.log\nout/\n", "a": "!*.log\n/only-here\n", "a/b": "*.log\n", "out": "!*\n"}
PAIRS = [
    *(({"": rules}, path) for rules, path in [
        ("foo", "foo"), ("foo", "a/foo"), ("foo", "foo/a"), ("foo", "food"),
        ("foo/", "foo"), ("foo/", "foo/a"), ("foo/", "a/foo/b"),
        ("/foo", "foo"), ("/foo", "a/foo"), ("a/foo", "a/foo"), ("a/foo", "b/a/foo"),
        ("*.py", "a.py"), ("*.py", "a/b.py"), ("*.py", "a.pyc"), ("*.py", "a.py/b"),
        ("foo/*", "foo/a"), ("foo/*", "foo/a/b"), ("foo/*\n!foo/a", "foo/a"), ("foo/*\n!foo/a", "foo/b"),
        ("foo/\n!foo/a", "foo/a"), ("foo/**\n!foo/a", "foo/a"), ("foo/**", "foo/a/b"), ("foo/**", "foo"),
        ("**/foo", "a/b/foo"), ("**/foo/bar", "a/foo/bar"), ("a/**/b", "a/b"), ("a/**/b", "a/x/y/b"),
        ("*\n!*/\n!*.py", "a/b.py"), ("*\n!*/\n!*.py", "a/b.c"), ("*.x\n!foo", "foo/a.x"), ("/*\n!/foo", "foo/a"),
        ("a?c", "abc"), ("a?c", "a/c"), ("a[bc]d", "abd"), ("a[!b]d", "abd"), ("a[!b]d", "acd"),
        ("\\#a", "#a"), ("#a", "#a"), ("\\!a", "!a"), ("a\\ ", "a "), ("a ", "a"), ("a\n\n \n", "b"), ("a\\", "a"),
        ("!", "!"), ("*.log\r\nb\r\n", "a.log"),
        ("é*", "été"), ("*a*b*", "xaybz"), ("A", "a"), ("a/b/", "a/b/c"), ("b/", "a/b/c/d"),
        ("*~\n.*\n!.keep", ".keep"), ("*~\n.*\n!.keep", "a/.hidden"), ("doc/*.txt", "doc/a/b.txt"),
        ("doc/*.txt", "doc/b.txt"), ("c\rd", "c"), ("*/", "a/b"), ("*/", "a"), ("a/**", "a/b"), ("/**/", "a/b"),
    ]),
    *((NESTED, path) for path in [
        "x.log", "keep.log", "c/keep.log", "a/x.log", "a/only-here", "a/b/only-here", "a/b/x.log", "out/x",
        "a/out/x.log",
    ]),
]  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """An empty one."""
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


@pytest.mark.parametrize(("files", "path"), PAIRS)
def test_says_what_git_says(repository, files, path, environment):
    for old in repository.rglob(".gitignore"):
        old.unlink()
    for folder, rules in files.items():
        (repository / folder).mkdir(parents=True, exist_ok=True)
        (repository / folder / ".gitignore").write_text(rules, "utf-8", newline="")
    asked = ["git", "-C", repository, "check-ignore", "-q", "--no-index", "--", path]
    git = subprocess.run(asked, check=False, env=environment | {"GIT_CONFIG_GLOBAL": "/dev/null"}).returncode == 0
    root = repository.as_posix()
    assert bool(IgnoreFiles().rule(f"{root}/{path}", (root,), (".gitignore",))) == git


def test_there_are_more_than_forty_pairs_and_of_both_kinds():
    assert len(PAIRS) > 40


def test_names_the_line_that_decides():
    pattern = ignore_rules.excluding(["a", "b.py"], lambda _: Patterns.read("x\na/\n*.c"))
    assert pattern is not None
    assert pattern.line == "a/"


def test_a_file_that_cannot_be_read_excludes_everything():
    assert ignore_rules.excluding(["a", "b"], lambda above: ignore_rules.EVERYTHING if above else ignore_rules.NOTHING)
    assert not ignore_rules.excluding(["a", "b"], lambda _: ignore_rules.NOTHING)


@pytest.mark.parametrize(
    "line",
    [
        *("*a" * 40 + "b", "**/a/" * 40 + "b", "!" + "**/a/" * 40 + "b", "**/a*a*a*/**/b*b*b/**/c", "a*a*a*b"),
        *("**/a/**/b*c", "[!b]*[!b]*[!b]*[!b]*b", "**/*a*/**/*a*/**/*a*/b", "?*" * 100 + "b"),
    ],
)
def test_no_pattern_takes_for_ever(line):
    patterns = Patterns.read(line)
    paths = ("a" * 250 + "c", "a/" * 200 + "c", "/".join(["a" * 50] * 40 + ["b" * 60] * 20 + ["x.py"]))
    for path in paths:
        assert patterns.deciding(path) is None
    steps = max(len(line), 100) * sum(map(len, paths))
    taken = best(lambda: [patterns.deciding(path) for path in paths], times=1)
    assert taken < 5 * best(lambda: sum(1 for _ in range(steps)), times=1)  # each character beside each of the line


def test_a_pattern_with_many_stars_takes_nothing_back_that_it_does_not_mean():
    patterns = Patterns.read("*\n!*a*b*c*d*")
    decided = [patterns.deciding(path) for path in ("secret", "aXbXcXdX")]
    assert [one is not None and one.excludes for one in decided] == [True, False]
