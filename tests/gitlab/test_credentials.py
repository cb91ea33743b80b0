"""A token goes to the instance it was given for, and nowhere else."""

import pytest

from duo_lsp import config
from duo_lsp.config import Layer
from duo_lsp.errors import LoginError
from duo_lsp.gitlab import credentials
from duo_lsp.gitlab.credentials import Found
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret

CORP = "https://gitlab.corp.example"
EVIL = "https://evil.example"
PUBLIC = "https://gitlab.com"


class Kept:
    """Logins by address, and a command that prints one token; remembers what was run."""

    def __init__(self, logins=None):
        self.logins = logins or {}
        self.ran = []

    def stored(self, settings):
        token = self.logins.get(settings.base_url)
        if isinstance(token, LoginError):
            raise token
        return token and Found(Secret(token), FixedToken(Secret(token)), Secret("id"), "It expires soon.")

    def printed(self, command):
        self.ran.append(command)
        if command == ("fails",):
            raise LoginError("tokenCommand failed.", "Look.")
        return Found(Secret("printed"), FixedToken(Secret("printed")), Secret("printed"))


def find(environment=None, *layers, keeper=None):
    environment = environment or {}
    editor = [Layer(f"editor {n}", values, trusted=trusted) for n, (values, trusted) in enumerate(layers)]
    return credentials.find(config.resolve([config.of_environment(environment), *editor]), environment, keeper)


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


COMMAND = ["get", "it"]
ALL = {"DUO_LSP_TOKEN": "variable", "GITLAB_TOKEN": "ambient", "GITLAB_URL": CORP}


@pytest.mark.parametrize(
    ("environment", "layers", "stored", "source", "token"),
    [
        (ALL, [trusted(token="editor", tokenCommand=COMMAND)], True, "editor 0", "editor"),
        (ALL, [trusted(tokenCommand=COMMAND)], True, "environment", "variable"),
        (ALL | {"DUO_LSP_TOKEN": ""}, [trusted(tokenCommand=COMMAND)], True, "duo-lsp login", "stored"),
        (ALL | {"DUO_LSP_TOKEN": ""}, [trusted(tokenCommand=COMMAND)], False, "tokenCommand", "printed"),
        (ALL | {"DUO_LSP_TOKEN": ""}, [], False, "GITLAB_TOKEN", "ambient"),
    ],
)
def test_the_order_of_sources(environment, layers, stored, source, token):
    found = find(environment, *layers, keeper=Kept({CORP: "stored"} if stored else {})).credentials
    assert found is not None
    assert (found.source, found.token.reveal(), found.base_url) == (source, token, CORP)


@pytest.mark.parametrize(
    ("environment", "layers", "expected"),
    [
        # a stored login goes to its own address only
        ({"GITLAB_URL": EVIL}, [], None),
        ({}, [workspace(baseUrl=EVIL)], None),
        ({}, [trusted(baseUrl=CORP)], ("stored", CORP)),
        ({"GITLAB_URL": CORP}, [workspace(baseUrl=EVIL)], ("stored", CORP)),
        # a token for another address does not stand in its way; an empty one does
        ({}, [trusted(token="t", baseUrl=EVIL), trusted(baseUrl=CORP)], ("stored", CORP)),
        ({}, [trusted(token="", baseUrl=CORP)], None),
        # neither does a command of a workspace, which is not run
        ({}, [trusted(baseUrl=EVIL), workspace(tokenCommand=COMMAND)], None),
        # a command's token is bound as a token is
        ({}, [trusted(tokenCommand=COMMAND)], ("printed", PUBLIC)),
        ({}, [trusted(tokenCommand=COMMAND, baseUrl=CORP + "/x")], ("printed", CORP + "/x")),
        ({}, [trusted(tokenCommand=COMMAND, baseUrl=CORP), trusted(baseUrl=EVIL)], None),
        ({}, [trusted(tokenCommand=COMMAND, baseUrl="http://x"), trusted(baseUrl=EVIL)], None),
        ({}, [trusted(tokenCommand=COMMAND, baseUrl=CORP), workspace(baseUrl=EVIL)], ("stored", CORP)),
        ({"DUO_LSP_TOKEN_COMMAND": '["get"]'}, [], None),
        ({"DUO_LSP_TOKEN_COMMAND": '["get"]', "GITLAB_URL": EVIL}, [], ("printed", EVIL)),
        ({"DUO_LSP_TOKEN_COMMAND": '["get"]', "GITLAB_URL": CORP}, [trusted(baseUrl=EVIL)], None),
    ],
)
def test_where_stored_and_printed_tokens_go(environment, layers, expected):
    keeper = Kept({CORP: "stored"})
    search = find(environment, *layers, keeper=keeper)
    assert goes_to(search) == expected
    assert bool(keeper.ran) is (expected is not None and expected[0] == "printed")


def test_what_is_wrong_with_a_login_is_told_and_the_next_source_is_tried():
    keeper = Kept({CORP: LoginError("The file is damaged.", "Mend it.")})
    search = find({"GITLAB_URL": CORP, "GITLAB_TOKEN": "e"}, trusted(tokenCommand=["fails"]), keeper=keeper)
    assert goes_to(search) == ("e", CORP)
    assert search.warnings == ("The file is damaged. Mend it.", "tokenCommand failed. Look.")
    search = find({"GITLAB_URL": CORP}, keeper=keeper)
    assert (search.credentials, search.note) == (None, "The file is damaged.")


def test_a_warning_comes_with_the_login_it_is_about():
    assert find({}, trusted(baseUrl=CORP), keeper=Kept({CORP: "stored"})).warnings == ("It expires soon.",)
    assert find({}, keeper=Kept({CORP: "stored"})).warnings == ()


def test_without_a_keeper_no_command_is_run():
    assert find({}, trusted(tokenCommand=COMMAND)).note == "Commands are not run here."


async def test_a_renewed_login_is_the_same_and_another_token_is_not():
    def of(token, identity):
        return credentials.Credentials(Secret(token), CORP, "duo-lsp login", FixedToken(Secret(token)), identity)

    assert of("a", Secret("1")) == of("b", Secret("1")) != of("b", Secret("2"))
    fixed = credentials.Credentials(Secret("a"), CORP, "x")
    assert fixed == credentials.Credentials(Secret("a"), CORP, "x") != credentials.Credentials(Secret("b"), CORP, "x")
    assert await fixed.tokens.current() == Secret("a")
    assert "Secret" not in repr(fixed)
