"""The GitLab CLI's file: read where it is plain, left alone where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in import gitlab_cli
from duo_lsp.privacy.secrets import Secret

HOST = "gitlab.example"
FILE = """\
# What protocol to use when performing Git operations. Supported values: ssh, https.
git_protocol: ssh
editor:
check_update: true
host: gitlab.com
hosts:
    gitlab.com:
        # What protocol to use to access the API endpoint. Supported values: http, https.
        api_protocol: https
        api_host: gitlab.com
        token: glpat-public
        user: me
    gitlab.example:
        token: glpat-corp
        api_host: gitlab.example
        git_protocol: https
        api_protocol: https
    localhost:3000:
        token: glpat-local
        api_protocol: http
    "quoted.example":
        token: "glpat-quoted" # mine
aliases:
    gitlab.example:
        token: glpat-alias
"""


@pytest.mark.parametrize(
    ("host", "token"),
    [
        ("gitlab.com", "glpat-public"),
        ("gitlab.example", "glpat-corp"),
        ("localhost:3000", "glpat-local"),
        ("quoted.example", "glpat-quoted"),
    ],
)
def test_each_host_has_its_own(host, token):
    assert gitlab_cli.token_for(FILE, host) == Secret(token)


@pytest.mark.parametrize("host", ["evil.example", "gitlab.example:8443", "localhost", "hosts", "", "token"])
def test_no_other_host_gets_any(host):
    assert gitlab_cli.token_for(FILE, host) is None


def of(*fields):
    return "hosts:\n  gitlab.example:\n" + "".join(f"    {field}\n" for field in fields)


@pytest.mark.parametrize(
    ("fields", "token"),
    [
        (["token: glpat-x"], "glpat-x"),
        (["token: 'glpat-x'"], "glpat-x"),
        (["token: !!null glpat-x"], "glpat-x"),
        (["token:   glpat-x   # a remark"], "glpat-x"),
        (['is_oauth2: "false"', "token: glpat-x"], "glpat-x"),
        (["token: glpat-x", "api_host: gitlab.example"], "glpat-x"),
        ([], None),
        (["token:"], None),
        (["token: ''"], None),
        (["token: two words"], None),
        (['token: "a b"'], None),
        (["token: |"], None),
        (["token: &anchor x"], None),
        (["token: *anchor"], None),
        (["token: {a: b}"], None),
        (['token: "a\\tb"'], None),
        (["nested:", "  token: glpat-x"], None),
        (['is_oauth2: "true"', "token: x"], None),
        (["token: glpat-x", "api_host: elsewhere.example"], None),
        (["token: glpat-x", "api_protocol: http"], None),
    ],
)  # fmt: skip
def test_only_a_plain_value_for_this_very_host_counts(fields, token):
    assert gitlab_cli.token_for(of(*fields), HOST) == (Secret(token) if token else None)


def test_a_host_that_is_there_twice_is_not_guessed():
    assert gitlab_cli.token_for(of("token: a") + "  gitlab.example:\n    token: b\n", HOST) is None


@given(st.text("hosts:\n gitlab.example token'\"#!|", max_size=80))
def test_any_text_is_read_without_a_fault(text):
    gitlab_cli.token_for(text, HOST)
    gitlab_cli.token_for(of(text), HOST)


def write(folder, text=FILE, mode=0o600):
    folder.mkdir(parents=True)
    (folder / "config.yml").write_text(text)
    (folder / "config.yml").chmod(mode)


def test_it_is_looked_for_where_the_gitlab_cli_keeps_it(tmp_path):
    address = "https://gitlab.example"
    assert gitlab_cli.find(address, {}, tmp_path) is None
    for folder, environment in [
        (tmp_path / "Library/Application Support/glab-cli", {}),
        (tmp_path / ".config/glab-cli", {}),
        (tmp_path / "xdg/glab-cli", {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}),
        (tmp_path / "own", {"GLAB_CONFIG_DIR": str(tmp_path / "own")}),
    ]:
        write(folder, of(f"token: {folder.parts[-2]}"))
        expected = Secret("Application") if "Library" in folder.parts else Secret(folder.parts[-2])
        if "Library" in folder.parts:
            (folder / "config.yml").write_text(of("token: Application"))
        assert gitlab_cli.find(address, environment, tmp_path) == expected
    assert gitlab_cli.find(address, {"GLAB_CONFIG_DIR": str(tmp_path / "empty")}, tmp_path) is None


def test_one_that_others_can_read_is_refused(tmp_path):
    write(tmp_path / ".config/glab-cli", mode=0o644)
    with pytest.raises(LoginError, match="can be read by others"):
        gitlab_cli.find("https://gitlab.example", {}, tmp_path)
