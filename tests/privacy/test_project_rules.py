"""A project's own rules, as GitLab applies them."""

import pytest

from duo_lsp.privacy import project_rules


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ([], "a.py", None),
        (["*.py"], "a.py", "*.py"),
        (["*.py"], "deep/er/a.py", "*.py"),
        (["*.py"], "a.pyc", None),
        (["secrets/*"], "secrets/a/b", "secrets/*"),
        (["secrets/"], "secrets/a", "secrets/"),
        (["secrets"], "a/secrets/b", "secrets"),
        (["secrets/**"], "secrets/a/b", "secrets/**"),
        (["**/*.key.py"], "a.key.py", "**/*.key.py"),
        (["/a.py"], "a.py", "/a.py"),
        (["A.py"], "a.py", None),
        (["*.py", "!ok.py"], "ok.py", None),
        (["*.py", "!ok.py"], "no.py", "*.py"),
        (["!ok.py", "*.py"], "ok.py", "*.py"),
        (["secrets/", "!secrets/ok.py"], "secrets/ok.py", None),
        (["secrets/", "!docs/"], "docs/a", None),
        (["docs", "!docs/"], "docs/a", "docs"),
        (["", "!", "#"], "a", None),
        (["x"] * 500 + ["a"], "a", None),
    ],
)
def test_the_last_rule_that_fits_decides(rules, path, expected):
    assert project_rules.excluding(path, rules) == expected


def test_what_was_decided_is_kept():
    rules = tuple(f"x{number}/**" for number in range(400))
    assert project_rules.excluding("x7/kept.py", rules) == "x7/**"
    known = project_rules._excluding.cache_info().hits
    assert project_rules.excluding("x7/kept.py", [*rules]) == "x7/**"
    assert project_rules._excluding.cache_info().hits == known + 1
