"""The project of a checkout, by the remotes git has written down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gitlab import remotes

BASE = "https://gitlab.example.com"


@pytest.mark.parametrize(
    ("url", "base", "project"),
    [
        ("https://gitlab.example.com/group/project.git", BASE, "group/project"),
        ("https://gitlab.example.com/group/project", BASE, "group/project"),
        ("https://gitlab.example.com/group/project/", BASE, "group/project"),
        ("https://gitlab.example.com//group/sub.group/my_project-2.git", BASE, "group/sub.group/my_project-2"),
        ("https://oauth2:glpat-secret@gitlab.example.com/group/project.git", BASE, "group/project"),
        ("HTTPS://GitLab.Example.com/group/project.git", BASE, "group/project"),
        ("http://gitlab.example.com/group/project.git", BASE, "group/project"),
        ("https://gitlab.example.com:443/group/project.git", BASE, "group/project"),
        ("https://gitlab.example.com:8443/group/project.git", BASE, ""),
        ("https://gitlab.example.com:8443/group/project.git", BASE + ":8443", "group/project"),
        ("https://gitlab.example.com/git/group/project.git", BASE + "/git", "group/project"),
        ("https://gitlab.example.com/other/group/project.git", BASE + "/git", ""),
        ("https://gitlab.example.com/project.git", BASE, ""),
        ("https://gitlab.example.com/group/%2e%2e/project.git", BASE, ""),
        ("https://gitlab.example.com/group/pro ject.git", BASE, ""),
        ("https://gitlab.example.com/group/" + "x" * 500, BASE, ""),
        ("https://example.com/group/project.git", BASE, ""),
        ("https://gitlab.example.com:port/group/project.git", BASE, ""),
        ("httpx://gitlab.example.com/group/project.git", BASE, ""),
        ("git@gitlab.example.com:group/project.git", BASE, "group/project"),
        ("git@gitlab.example.com:/group/project.git", BASE, "group/project"),
        ("gitlab.example.com:group/project.git", BASE + "/git", "group/project"),
        ("git@github.com:group/project.git", BASE, ""),
        ("git@[gitlab.example.com]:group/project.git", BASE, "group/project"),
        ("ssh://git@gitlab.example.com/group/project.git", BASE, "group/project"),
        ("ssh://git@gitlab.example.com:2222/group/project.git", BASE + ":8443", "group/project"),
        ("ssh://git@altssh.gitlab.com:443/group/project.git", "https://gitlab.com", "group/project"),
        ("ssh://git@[bad/group/project.git", BASE, ""),
        ("file:///srv/group/project.git", BASE, ""),
        ("/srv/group/project.git", BASE, ""),
        ("C:\\\\work\\project", BASE, ""),
        ("", BASE, ""),
    ],
)
def test_an_address_of_the_instance_names_a_project(url, base, project):
    assert remotes.path_on(url, base) == project


CONFIG = """
[core]
	repositoryformatversion = 0
	url = https://gitlab.example.com/not/a-remote.git
[remote "fork"]
	url = "https://gitlab.example.com/jane/project.git" # mine
	fetch = +refs/heads/*:refs/remotes/fork/*
[REMOTE "origin"] url = git@gitlab.example.com:group/project.git ; ours
[remote "github"]
	URL = https://github.com/group/project.git
	pushurl = https://gitlab.example.com/never/this.git
[branch "main"]
	remote = origin
"""


def test_origin_comes_before_others():
    assert remotes.project_of(CONFIG, BASE) == "group/project"


def test_then_the_first_that_points_at_the_instance():
    assert remotes.project_of(CONFIG.replace("origin", "upstream"), BASE) == "jane/project"
    assert remotes.project_of(CONFIG, "https://github.com") == "group/project"
    assert remotes.project_of(CONFIG, "https://gitlab.com") == ""


def test_names_may_be_escaped():
    [remote] = remotes.read('[remote "a\\"b\\\\c"]\nurl = "https://x/\\"')
    assert remote.name == 'a"b\\c'


@given(st.text(), st.sampled_from([BASE, BASE + "/git", "https://[::1]:8443"]))
def test_whatever_it_says_a_project_is_a_plain_path_or_nothing(text, base):
    for found in (
        remotes.project_of(text, base),
        remotes.project_of(f'[remote "origin"]\nurl={base}/{text}', base),
        remotes.path_on(text, base),
    ):
        assert found == "" or ("/" in found and found.isprintable() and " " not in found)
