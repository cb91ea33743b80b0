"""A token goes to the instance it was given for, and nowhere else."""

import pytest

from duo_lsp import config
from duo_lsp.config import Layer
from duo_lsp.gitlab import credentials

CORP = "https://gitlab.corp.example"
EVIL = "https://evil.example"
PUBLIC = "https://gitlab.com"


def find(environment=None, *layers):
    environment = environment or {}
    editor = [Layer(f"editor {n}", values, trusted=trusted) for n, (values, trusted) in enumerate(layers)]
    return credentials.find(config.resolve([config.of_environment(environment), *editor]), environment)


def trusted(**values):
    return values, True


def workspace(**values):
    return values, False


def goes_to(search):
    found = search.credentials
    return None if found is None else (found.token.reveal(), found.base_url)


@pytest.mark.parametrize(
    ("environment", "layers", "expected"),
    [
        # settings
        ({}, [trusted(token="t")], ("t", PUBLIC)),
        ({}, [trusted(token="t", baseUrl=CORP)], ("t", CORP)),
        ({}, [trusted(token="t", baseUrl=CORP + "/gitlab/")], ("t", CORP + "/gitlab")),
        ({}, [trusted(token="t"), trusted(baseUrl=CORP)], ("t", CORP)),
        ({}, [trusted(baseUrl=CORP), trusted(token="t")], ("t", CORP)),
        ({}, [trusted(token="t", baseUrl=CORP), trusted(baseUrl=CORP + ":443/")], ("t", CORP)),
        # a token that came with an address goes only there
        ({}, [trusted(token="t", baseUrl=CORP), trusted(baseUrl=EVIL)], None),
        ({}, [trusted(token="t", baseUrl=CORP), trusted(baseUrl=CORP + ":8443")], None),
        ({}, [trusted(token="t", baseUrl="http://gitlab.corp.example")], None),
        ({}, [trusted(token="t", baseUrl=3)], None),
        ({}, [trusted(token="t", baseUrl="http://corp"), trusted(baseUrl=CORP)], None),
        ({}, [trusted(token="t", baseUrl=CORP), trusted(token="u", baseUrl=EVIL)], ("u", EVIL)),
        # a workspace moves nothing
        ({}, [trusted(token="t", baseUrl=CORP), workspace(baseUrl=EVIL)], ("t", CORP)),
        ({}, [trusted(token="t"), workspace(baseUrl=EVIL, token="x", upstream="gitlab")], ("t", PUBLIC)),
        ({}, [workspace(baseUrl=EVIL, token="x")], None),
        # signed out
        ({}, [], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_URL": CORP}, [trusted(token="")], None),
        ({"DUO_LSP_TOKEN": "e", "GITLAB_URL": CORP}, [trusted(token="")], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_URL": CORP}, [workspace(token="")], ("e", CORP)),
        # DUO_LSP_TOKEN
        ({"DUO_LSP_TOKEN": "e", "GITLAB_URL": CORP}, [], ("e", CORP)),
        ({"DUO_LSP_TOKEN": "e", "DUO_LSP_BASE_URL": CORP}, [], ("e", CORP)),
        ({"DUO_LSP_TOKEN": "e", "DUO_LSP_BASE_URL": CORP, "GITLAB_URL": PUBLIC}, [], ("e", CORP)),
        ({"DUO_LSP_TOKEN": "e", "GITLAB_HOST": "gitlab.com"}, [], ("e", PUBLIC)),
        ({"DUO_LSP_TOKEN": "e"}, [trusted(baseUrl=CORP)], ("e", CORP)),
        ({"DUO_LSP_TOKEN": "e"}, [], None),
        ({"DUO_LSP_TOKEN": "e"}, [workspace(baseUrl=EVIL)], None),
        ({"DUO_LSP_TOKEN": "e", "GITLAB_URL": CORP}, [trusted(baseUrl=EVIL)], None),
        ({"DUO_LSP_TOKEN": "e", "GITLAB_HOST": "corp.example"}, [trusted(baseUrl=EVIL)], None),
        ({"DUO_LSP_TOKEN": "e", "GITLAB_URL": "http://corp.example"}, [], None),
        # a stronger token of the editor's
        ({"DUO_LSP_TOKEN": "e", "GITLAB_URL": CORP}, [trusted(token="t")], ("t", CORP)),
        # GITLAB_TOKEN
        ({"GITLAB_TOKEN": "e"}, [], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_URL": CORP}, [], ("e", CORP)),
        ({"GITLAB_TOKEN": "e", "GITLAB_URL": CORP + "/"}, [], ("e", CORP)),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": "gitlab.com"}, [], ("e", PUBLIC)),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": PUBLIC}, [], ("e", PUBLIC)),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": "gitlab.corp.example"}, [trusted(baseUrl=CORP)], ("e", CORP)),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": "gitlab.corp.example"}, [], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": "gitlab.corp.example:8443"}, [trusted(baseUrl=CORP)], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": ""}, [], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": ""}, [trusted(baseUrl=CORP)], ("e", CORP)),
        ({"GITLAB_TOKEN": "e", "GITLAB_HOST": "a:b:c"}, [trusted(baseUrl=CORP)], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_URL": "http://localhost:1"}, [trusted(baseUrl="https://localhost:1")], None),
        ({"GITLAB_TOKEN": "e", "GITLAB_URL": CORP}, [trusted(baseUrl=EVIL)], None),
        ({"GITLAB_TOKEN": "e"}, [trusted(baseUrl=CORP)], ("e", CORP)),
        ({"GITLAB_TOKEN": "e"}, [workspace(baseUrl=EVIL)], None),
        ({"GITLAB_TOKEN": "two words", "GITLAB_URL": CORP}, [], None),
    ],
)
def test_where_a_token_goes(environment, layers, expected):
    search = find(environment, *layers)
    assert goes_to(search) == expected
    assert bool(search.note) is (expected is None)


@pytest.mark.parametrize(
    ("environment", "layers", "word"),
    [
        ({}, [], "no token"),
        ({}, [trusted(token="")], "Signed out"),
        ({"GITLAB_TOKEN": "secret-token"}, [], "set GITLAB_URL"),
        ({"DUO_LSP_TOKEN": "secret-token"}, [], "DUO_LSP_TOKEN"),
        ({"GITLAB_TOKEN": "secret token"}, [], "GITLAB_TOKEN is no token"),
        ({}, [trusted(token="secret-token", baseUrl=CORP), trusted(baseUrl=EVIL)], "belongs to gitlab.corp.example"),
        ({}, [trusted(token="secret-token", baseUrl="http://x")], "cannot be used"),
    ],
)
def test_why_there_is_none_is_said_without_the_token(environment, layers, word):
    note = find(environment, *layers).note
    assert word in note
    assert "secret" not in note


def test_the_source_is_known():
    found = find({"GITLAB_TOKEN": "e", "GITLAB_URL": CORP}).credentials
    assert found is not None
    assert found.source == "GITLAB_TOKEN"
