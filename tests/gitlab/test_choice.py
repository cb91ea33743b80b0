"""Who is asked, decided from the settings alone."""

import pytest

from duo_lsp import config
from duo_lsp.config import Layer
from duo_lsp.gitlab import choice, local
from duo_lsp.gitlab.falling import FallingUpstream
from duo_lsp.gitlab.limits.admission import Admission
from duo_lsp.gitlab.local_upstream import LocalUpstream
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.gitlab.upstream import GitLabUpstream
from duo_lsp.wire import CurrentFile, SuggestionRequest


def unlimited(_):
    return Admission("gitlab.example.com", lambda: 0.0, None)


def chosen(values, environment=None):
    return choice.choose(config.resolve([Layer("editor", values)]), environment or {})


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "local"),
        ({"token": "glpat-a"}, "ready"),
        ({"token": ""}, "local"),
        ({"token": "glpat-a", "upstream": "local"}, "local"),
        ({"token": "glpat-a", "upstream": "gitlab"}, "ready"),
        ({"upstream": "gitlab"}, "signedOut"),
        ({"upstream": "gitlab", "token": ""}, "signedOut"),
    ],
)
def test_gitlab_only_after_a_token_was_given_for_it(values, state):
    assert chosen(values).state.name == state


def test_where_code_goes_is_announced_and_so_is_why_it_goes_nowhere():
    assert (
        "goes to gitlab.example.com for"
        in chosen({"token": "a", "baseUrl": "https://gitlab.example.com/x"}).announcement
    )
    assert chosen({}).announcement == ""
    assert "Set a token" in chosen({"upstream": "gitlab"}).announcement


def test_a_token_that_is_set_and_not_used_is_no_secret_but_one_that_lies_around_is_nobodys_business():
    given = choice.choose(config.resolve([config.of_environment({"DUO_LSP_TOKEN": "a"})]), {"DUO_LSP_TOKEN": "a"})
    assert given.announcement == "DUO_LSP_TOKEN is set, but not for gitlab.com: set GITLAB_URL to its instance."
    assert (given.shown.name, given.shown.remedy) == ("local", given.announcement)
    assert chosen({}, {"GITLAB_TOKEN": "a"}).announcement == ""
    for values in ({}, {"token": ""}, {"token": "a", "upstream": "local"}):
        assert (chosen(values).announcement, chosen(values).shown) == ("", chosen(values).state)


def test_each_choice_opens_its_upstream():
    def engine():
        return local.LocalEngine({}, lambda: 0.0)

    def opened(values):
        return choice.open_upstream(chosen(values), choice.Parts(engine, unlimited), "duo-lsp/0")

    assert isinstance(opened({"token": "a"}), FallingUpstream)
    assert isinstance(opened({"token": "a", "upstream": "gitlab"}), GitLabUpstream)
    assert isinstance(opened({}), LocalUpstream)
    assert isinstance(opened({"upstream": "gitlab"}), SignedOut)


async def test_signed_out_sends_nothing():
    nobody = SignedOut()
    nobody.use_workspaces(["/a"])
    nobody.files_changed(["/a/b.py"])
    await nobody.warm_up()
    assert not nobody.ready()
    assert (await nobody.complete(SuggestionRequest(CurrentFile("a.py", "")))).texts == ()
    await nobody.close()


def test_the_way_to_gitlab_is_the_one_in_the_settings():
    way = chosen({"token": "glpat-a", "httpAgentOptions": {"ca": "/etc/company.pem"}}).network
    assert way.ca == "/etc/company.pem"


def test_without_a_model_the_engine_here_is_as_it_always_was():
    assert chosen({}).engine == local.LocalModel()


def test_a_model_of_ones_own_is_asked_for_by_arguments_and_gets_its_time():
    wanted = {"engine": "ollama", "model": "--evil", "url": "http://127.0.0.1:9", "timeout": 7.5}
    for values in ({}, {"token": "a"}, {"upstream": "local"}, {"upstream": "gitlab"}):
        engine = chosen({**values, "localEngine": wanted}).engine
        assert engine.arguments == (
            "--engine=ollama",
            "--model-timeout=7.5",
            "--url=http://127.0.0.1:9",
            "--model=--evil",
        )
        assert engine.patience > 25
    templated = chosen({"localEngine": {"engine": "openai", "fimTemplate": "qwen"}}).engine
    assert "--fim-template=qwen" in templated.arguments


def test_a_larger_index_is_asked_for_whoever_answers():
    for engine in ("builtin", "ollama"):
        wanted = {"engine": engine, "indexMegabytes": 20}
        assert chosen({"localEngine": wanted}).engine.arguments[-1] == "--index-megabytes=20"


def test_another_model_is_another_choice():
    one, other = ({"localEngine": {"engine": "ollama", "model": name}} for name in ("a", "b"))
    assert chosen(one) != chosen(other)


def test_whoever_is_signed_out_is_told_so_once():
    announcement = chosen({"upstream": "gitlab"}).announcement
    assert announcement.count("no token") == 1
