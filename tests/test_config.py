"""Settings: layer by layer, each value with its source; what is wrong is said and the rest applies."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from duo_lsp import config, settings
from duo_lsp.config import Layer
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings

DEFAULTS = Settings()


def resolve(*values, trusted=True):
    return config.resolve([Layer(f"layer {n}", value, trusted) for n, value in enumerate(values)])


def test_without_layers_everything_has_its_default():
    resolved = config.resolve([])
    assert resolved.settings == DEFAULTS
    assert (resolved.sources, resolved.problems, resolved.token_address) == ({}, (), None)


def test_later_layers_win_value_by_value():
    resolved = resolve(
        {"projectPath": "a/b", "logLevel": "debug"}, {"projectPath": "c/d", "codeCompletion": {"enabled": False}}
    )
    assert resolved.settings == Settings(
        project_path="c/d", log_level="debug", code_completion=settings.CodeCompletion(enabled=False)
    )
    assert resolved.sources == {
        "projectPath": "layer 1",
        "logLevel": "layer 0",
        "codeCompletion.enabled": "layer 1",
    }


@pytest.mark.parametrize(
    "nothing", [{}, {"token": None}, {"codeCompletion": {}}, {"codeCompletion": {"enabled": None}}]
)
def test_nothing_resets_nothing(nothing):
    said = {"token": "glpat-x", "codeCompletion": {"enabled": False}}
    assert resolve(said, nothing) == resolve(said)
    assert config.learned(said, nothing) == said


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("baseUrl", "http://gitlab.example.com", "an https address"),
        ("baseUrl", 3, "an https address"),
        ("upstream", "cloud", "`auto` or `gitlab` or `local`"),
        ("upstream", ["local"], "`auto` or `gitlab` or `local`"),
        ("logLevel", "loud", "`error` or `warning` or `info` or `debug`"),
        ("token", "two words", "a token"),
        ("token", "line\nend", "a token"),
        ("token", {"a": 1}, "a token"),
        ("projectPath", 7, "text"),
        ("codeCompletion", {"enabled": "perhaps"}, "`true` or `false`"),
        ("codeCompletion", {"enabled": 1}, "`true` or `false`"),
        ("codeCompletion", True, "a group, such as codeCompletion.enabled"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed_and_the_rest_applies(name, value, allowed):
    resolved = resolve({"projectPath": "a/b"}, {"logLevel": "info"} | {name: value})
    (problem,) = resolved.problems
    assert name in problem.sentence
    assert "layer 1" in problem.sentence
    assert allowed in problem.sentence
    assert "two words" not in str(problem)
    assert resolved.settings.base_url == DEFAULTS.base_url
    assert resolved.settings.project_path == "a/b"
    assert name == "logLevel" or resolved.settings.log_level == "info"


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), (" ON ", True), ("1", True), ("False", False), ("off", False), ("0", False)]
)
def test_a_switch_may_be_a_word_as_in_the_environment(word, value):
    assert resolve({"codeCompletion": {"enabled": word}}).settings.code_completion.enabled is value


def test_a_word_may_have_capitals():
    assert resolve({"upstream": "Local", "logLevel": " INFO "}).settings.upstream == "local"


def test_an_empty_token_signs_out():
    resolved = resolve({"token": "glpat-x"}, {"token": ""})
    assert not resolved.settings.token
    assert resolved.sources["token"] == "layer 1"


def test_a_layer_that_is_not_trusted_does_not_steer_code_and_token():
    hostile = {"token": "x", "baseUrl": "https://evil.example", "upstream": "gitlab", "projectPath": "a/b", "url": 1}
    resolved = resolve(hostile, trusted=False)
    assert resolved.settings == Settings(project_path="a/b")
    assert resolved.sources == {"projectPath": "layer 0"}


@pytest.mark.parametrize("value", [7, "pass show", [""], {}])
def test_what_a_repository_may_not_set_is_not_even_wrong_there(value):
    assert resolve({"tokenCommand": value}, trusted=False).problems == ()


def test_everything_else_is_not_for_a_repository_to_set():
    assert {leaf.name for leaf in settings.LEAVES if not leaf.steers} == {
        "projectPath",
        "localEngine.indexMegabytes",
        "languageServerVersion",
        "logLevel",
        "completionFallback",
        "codeCompletion.enabled",
        "codeCompletion.trigger",
        "codeCompletion.additionalLanguages",
        "codeCompletion.enabledInComments",
        "codeCompletion.disabledSupportedLanguages",
        "suggestions.silence",
        "openTabsContext",
    }


def test_certificate_errors_are_never_ignored():
    (problem,) = resolve({"ignoreCertificateErrors": True}).problems
    assert "ignoreCertificateErrors" in problem.sentence
    assert "httpAgentOptions.ca" in problem.hint
    assert resolve({"ignoreCertificateErrors": False}).problems == ()


@pytest.mark.parametrize(
    ("layers", "address"),
    [
        ([{"token": "x"}], None),
        ([{"token": "x", "baseUrl": "https://a.example/"}], "https://a.example"),
        ([{"token": "x", "baseUrl": "https://a.example"}, {"baseUrl": "https://b.example"}], "https://a.example"),
        ([{"baseUrl": "https://a.example"}, {"token": "x"}], None),
        ([{"token": "x", "baseUrl": "http://a.example"}], ""),
        ([{"token": "x", "baseUrl": "https://a.example"}, {"token": "y"}], None),
    ],
)
def test_a_token_is_bound_to_the_address_that_came_with_it(layers, address):
    assert resolve(*layers).token_address == address


GITLABS_OWN = {
    "token": "glpat-abc",
    "tokenType": "pat",
    "baseUrl": "https://gitlab.com",
    "projectPath": "",
    "codeCompletion": {
        "enabled": True,
        "enableSecretRedaction": True,
        "additionalLanguages": ["x"],
        "disabledSupportedLanguages": [],
    },
    "duoChat": {"enabled": True},
    "duo": {"enabledWithoutGitlabProject": True, "agentPlatform": {"enabled": True, "defaultNamespace": None}},
    "openTabsContext": True,
    "suggestionsCache": {"enabled": True, "maxSize": 1, "ttl": 1, "prefixLines": 1, "suffixLines": 1},
    "telemetry": {"enabled": True, "trackingUrl": "https://x", "actions": [{"action": "suggestion_shown"}]},
    "featureFlags": {"streamCodeGenerations": False, "remoteSecurityScans": False},
    "logLevel": "info",
    "ignoreCertificateErrors": False,
    "httpAgentOptions": {"ca": "", "cert": "", "certKey": ""},
    "workspaceFolders": [{"uri": "file:///w", "name": "w"}],
    "securityScannerOptions": {"enabled": False},
}


@pytest.mark.parametrize(
    "wrap",
    [lambda it: it, lambda it: {"settings": it}, lambda it: {"duoLsp": it}, lambda it: {"settings": {"duoLsp": it}}],
)
def test_what_gitlabs_own_clients_send_is_taken_without_complaint(wrap):
    resolved = resolve(config.of_editor(wrap(GITLABS_OWN)))
    assert resolved.problems == ()
    assert resolved.settings.token == Secret("glpat-abc")
    assert resolved.settings.log_level == "info"


json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GITLABS_OWN, "settings", "duoLsp", "enabled", "x", ""]) | st.text(max_size=3),
            inside,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@effort(max_examples=300, deadline=None)
@given(json, json)
def test_any_json_can_be_survived(first, second):
    values = config.learned(config.learned({}, first), second)
    resolved = resolve(values)
    assert isinstance(resolved.settings, Settings)
    assert all(str(problem) for problem in resolved.problems)


def nested(depth, key):
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {key: value}
    return value


@pytest.mark.parametrize("key", ["settings", "duoLsp", "codeCompletion", "token", "x"])
def test_no_depth_is_too_deep(key):
    values = config.learned(
        {"token": "glpat-x"}, {"codeCompletion": {"x": nested(50_000, key)}, "duo": nested(50_000, key)}
    )
    assert resolve(values).settings.token == Secret("glpat-x")
    config.of_editor(nested(50_000, key))


def test_what_contains_itself_says_nothing():
    itself: dict[str, Any] = {}
    other = {"duoLsp": itself}
    itself["settings"] = other
    assert config.of_editor(itself) == {}


@pytest.mark.parametrize(
    "payload", [None, 3, "x", [], {}, {"settings": None}, {"duoLsp": []}, {"other": {"token": "x"}}]
)
def test_what_is_no_settings_says_nothing(payload):
    assert config.of_editor(payload) == {}


def test_new_values_are_laid_over_old_ones():
    old = {"a": {"b": 1, "c": [1, 2]}, "d": 1, "e": {"f": 1}}
    new = {"a": {"c": [3]}, "d": {"x": 1}, "e": 5, "g": {"h": None}}
    assert config.merged(old, new) == {"a": {"b": 1, "c": [3]}, "d": {"x": 1}, "e": 5, "g": {}}
    assert old == {"a": {"b": 1, "c": [1, 2]}, "d": 1, "e": {"f": 1}}


def test_a_group_in_place_of_a_text_takes_nothing_away_when_it_is_empty():
    assert config.merged({"token": "x"}, {"token": {}}) == {"token": "x"}


@pytest.mark.parametrize(
    ("old", "new", "token"),
    [
        ({"token": "x", "baseUrl": "https://a.example"}, {"baseUrl": "https://b.example"}, None),
        ({"token": "x", "baseUrl": "https://a.example"}, {"baseUrl": "https://b.example", "token": "y"}, "y"),
        ({"token": "x", "baseUrl": "https://a.example"}, {"baseUrl": "https://a.example"}, "x"),
        ({"token": "x", "baseUrl": "https://a.example"}, {"logLevel": "info"}, "x"),
        ({"token": "x"}, {"baseUrl": "https://a.example"}, "x"),
    ],
)
def test_a_token_given_with_an_address_does_not_follow_to_another(old, new, token):
    assert config.learned(old, new).get("token") == token


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["pass", "show", "gitlab"], ("pass", "show", "gitlab")),
        ('["pass", "show"]', ("pass", "show")),
        ([], ()),
        ("[]", ()),
    ],
)
def test_a_command_is_a_list_or_a_variable_with_a_list_in_it(given, read):
    resolved = resolve({"tokenCommand": given})
    assert (resolved.settings.token_command, resolved.problems) == (read, ())


@pytest.mark.parametrize(
    "given", ["pass show", "", 7, {"a": 1}, [1], ["", "a"], ["a\0"], "[" * 5_000, '{"a": 1}', [[]]]
)
def test_what_is_no_command_is_a_problem(given):
    resolved = resolve({"tokenCommand": given})
    assert resolved.settings.token_command == ()
    assert "tokenCommand (layer 0) must be a list" in resolved.problems[0].sentence


def test_a_command_given_with_an_address_does_not_follow_to_another():
    old = {"tokenCommand": ["x"], "token": "t", "baseUrl": "https://a.example"}
    assert set(config.learned(old, {"baseUrl": "https://b.example"})) == {"baseUrl"}
    new = {"baseUrl": "https://b.example", "tokenCommand": ["y"]}
    assert config.learned(old, new) == new


def test_the_address_a_command_came_with_is_remembered():
    layers = [{"tokenCommand": ["x"], "baseUrl": "https://a.example"}, {"baseUrl": "https://b.example", "token": "t"}]
    resolved = resolve(*layers)
    assert (resolved.command_address, resolved.token_address) == ("https://a.example", "https://b.example")


def test_each_setting_has_its_variable():
    environment = {
        "DUO_LSP_TOKEN": "glpat-x",
        "DUO_LSP_BASE_URL": "https://a.example",
        "DUO_LSP_UPSTREAM": "gitlab",
        "DUO_LSP_PROJECT_PATH": "a/b",
        "DUO_LSP_LOG_LEVEL": "debug",
        "DUO_LSP_CODE_COMPLETION__ENABLED": "off",
        "DUO_LSP_TOKEN_COMMAND": '["pass", "show", "gitlab"]',
        "DUO_LSP_OAUTH__CLIENT_ID": "abc",
    }
    assert set(environment) <= {leaf.variable for leaf in settings.LEAVES}
    layer = config.of_environment(environment)
    resolved = config.resolve([layer])
    assert resolved.problems == ()
    assert resolved.settings == Settings(
        token=Secret("glpat-x"),
        base_url="https://a.example",
        upstream="gitlab",
        project_path="a/b",
        log_level="debug",
        code_completion=settings.CodeCompletion(enabled=False),
        token_command=("pass", "show", "gitlab"),
        oauth=settings.OAuth(client_id="abc"),
    )
    assert set(resolved.sources.values()) == {config.ENVIRONMENT}


def test_gitlab_url_names_the_instance_and_our_own_variable_is_stronger():
    assert config.of_environment({"GITLAB_URL": "https://a.example"}).values == {"baseUrl": "https://a.example"}
    both = {"GITLAB_URL": "https://a.example", "DUO_LSP_BASE_URL": "https://b.example"}
    assert config.of_environment(both).values == {"baseUrl": "https://b.example"}


def test_an_empty_variable_is_not_set():
    assert config.of_environment({"DUO_LSP_TOKEN": "", "GITLAB_URL": ""}).values == {}


def test_a_file_is_read(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('\ufeffbaseUrl = "https://a.example"\n[codeCompletion]\nenabled = false\n', "utf-8")
    layer = config.of_file(path, "user file")
    assert layer.values == {"baseUrl": "https://a.example", "codeCompletion": {"enabled": False}}
    assert (layer.source, layer.trusted, layer.problem) == ("user file", True, None)


def test_a_file_that_is_not_there_says_nothing(tmp_path):
    assert config.of_file(tmp_path / "config.toml", "user file") == Layer("user file", {})


@pytest.mark.parametrize("content", [b"token = ", b"\xff\xfe", b"a = " + b"[" * 5_000, b"a = 1\na = 2\n"])
def test_a_file_that_cannot_be_read_is_a_problem_and_says_nothing(tmp_path, content):
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    resolved = config.resolve([config.of_file(path, "user file")])
    (problem,) = resolved.problems
    assert str(path) in problem.sentence
    assert resolved.settings == DEFAULTS


def test_a_folder_is_no_file(tmp_path):
    assert config.of_file(tmp_path, "user file").problem is not None


STEERING = [
    "token",
    "baseUrl",
    "tokenCommand",
    "oauth.clientId",
    "upstream",
    "localEngine.engine",
    "localEngine.url",
    "localEngine.model",
    "localEngine.fimTemplate",
    "localEngine.timeout",
    "proxy",
    "httpAgentOptions.ca",
    "httpAgentOptions.cert",
    "httpAgentOptions.certKey",
    "modelGateway",
    "codeCompletion.enableSecretRedaction",
    "importsContext",
]
"""What a workspace must not set: it decides where code and token go."""


def test_the_table_has_all_settings():
    rows = settings.table()
    assert [row.name for row in rows] == [leaf.name for leaf in settings.LEAVES]
    assert all(row.sentence.endswith(".") and row.allowed for row in rows)
    assert [row.name for row in rows if row.steers] == STEERING
    by_name = {row.name: row for row in rows}
    assert by_name["codeCompletion.enabled"].default == "true"
    assert by_name["token"].default == ""


def test_a_setting_knows_its_value():
    changed = Settings(project_path="a/b", code_completion=settings.CodeCompletion(enabled=False))
    values = {leaf.name: leaf.of(changed) for leaf in settings.LEAVES}
    assert (values["projectPath"], values["codeCompletion.enabled"]) == ("a/b", False)


def test_the_table_is_markdown():
    lines = settings.markdown_table().splitlines()
    assert len(lines) == 2 + len(settings.LEAVES)
    assert {line.count(" | ") for line in lines} == {4}
    assert r"| `token`\* | `DUO_LSP_TOKEN` | none |" in lines[2]


def test_a_token_is_never_shown_with_its_settings():
    assert "glpat" not in repr(resolve({"token": "glpat-x"})).replace("glpat-x'}", "")
    assert "glpat" not in str(attrs.asdict(resolve({"token": "glpat-x"}).settings))


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("proxy", "http://proxy.example.com:3128", True),
        ("proxy", "https://jane:s3cret@proxy.example.com", True),
        ("proxy", "", True),
        ("proxy", "socks5://proxy.example.com", False),
        ("proxy", "proxy.example.com:3128", False),
        ("proxy", "http://proxy.example.com/path", False),
        ("proxy", "http://proxy.example.com:port", False),
        ("proxy", 7, False),
        ("languageServerVersion", "7.17.1", True),
        ("languageServerVersion", "8.0.0-beta.1", True),
        ("languageServerVersion", "", True),
        ("languageServerVersion", "7.17", False),
        ("languageServerVersion", "7.17.1\r\nX: y", False),
        ("modelGateway", "https://gateway.example.com", True),
        ("modelGateway", "", True),
        ("modelGateway", "http://gateway.example.com", False),
    ],
)
def test_the_settings_about_the_way_to_gitlab_are_checked(name, given, taken):
    resolved = config.resolve([Layer("test", {name: given})])
    assert bool(resolved.problems) is not taken
    assert "s3cret" not in repr(resolved)


@pytest.mark.parametrize("given", [["Python", ".rb "], "python, rb"])
def test_languages_are_a_list_or_a_variable_with_commas(given):
    read = resolve({"codeCompletion": {"disabledSupportedLanguages": given}}).settings
    assert read.code_completion.disabled_supported_languages == ("python", "rb")


@pytest.mark.parametrize("given", [7, ["python", 7], {"python": True}])
def test_what_is_no_list_of_names_is_a_problem(given):
    [problem, *_] = resolve({"codeCompletion": {"disabledSupportedLanguages": given}}).problems
    assert "must be a list of names" in problem.sentence


@pytest.mark.parametrize("url", ["https://api.example.com", "http://192.168.0.7:11434", "http://0.0.0.0:1", "x", 7])
def test_what_goes_to_the_engine_here_goes_to_no_other_machine(url):
    resolved = config.resolve([config.Layer("user file", {"localEngine": {"engine": "ollama", "url": url}})])
    assert resolved.settings.local_engine.url == ""
    assert len(resolved.problems) == 1
    assert "localEngine.url (user file) must be an address on this machine" in str(resolved.problems[0])


@pytest.mark.parametrize(("given", "seconds"), [(2, 2.0), ("0.5", 0.5), (60.0, 60.0)])
def test_how_long_a_model_may_take(given, seconds):
    resolved = config.resolve([config.Layer("environment", {"localEngine": {"timeout": given}})])
    assert (resolved.settings.local_engine.timeout, resolved.problems) == (seconds, ())


@pytest.mark.parametrize("given", [0, 61, "soon", True, "nan", [1]])
def test_no_time_at_all_or_for_ever_is_refused(given):
    resolved = config.resolve([config.Layer("environment", {"localEngine": {"timeout": given}})])
    assert resolved.settings.local_engine.timeout == 5.0
    assert "from 0.5 to 60" in str(resolved.problems[0])


@pytest.mark.parametrize(("given", "megabytes"), [(1, 1), ("20", 20), (7, 7)])
def test_how_much_of_a_workspace_is_learnt(given, megabytes):
    resolved = config.resolve([config.Layer("environment", {"localEngine": {"indexMegabytes": given}})])
    assert (resolved.settings.local_engine.index_megabytes, resolved.problems) == (megabytes, ())


@pytest.mark.parametrize("given", [0, 21, 2.5, "much", True, None, [1]])
def test_nothing_or_too_much_of_a_workspace_is_refused(given):
    resolved = config.resolve([config.Layer("environment", {"localEngine": {"indexMegabytes": given}})])
    assert resolved.settings.local_engine.index_megabytes == 5
    assert given is None or "from 1 to 20" in str(resolved.problems[0])
