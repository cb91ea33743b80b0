"""What an editor has said, and what is believed of it."""

import pytest

from duo_lsp.config import Layer
from duo_lsp.editor_settings import OPTIONS, PULLED, PUSHED, WHOLE, EditorSettings

BASE = (Layer("environment", {"token": "from-environment", "projectPath": "base"}),)


@pytest.fixture
def said():
    return EditorSettings(BASE)


def test_later_sources_win(said):
    for n, source in enumerate((PULLED, PUSHED, OPTIONS)):
        said.learn(source, {"projectPath": f"p{n}"})
    assert said.resolved.settings.project_path == "p0"
    assert said.resolved.sources["projectPath"] == PULLED


@pytest.mark.parametrize("source", [PULLED, PUSHED])
def test_what_a_repository_could_have_set_decides_no_token(said, source):
    said.introduce({"projectPath": "x"})
    said.learn(source, {"token": "theirs", "projectPath": "y"})
    assert said.resolved.settings.token.reveal() == "from-environment"
    assert said.resolved.settings.project_path == "y"
    assert not said.is_gitlabs_own


@pytest.mark.parametrize("options", [{"extension": {}}, {"ide": {"name": "x"}}])
def test_gitlabs_own_extensions_push_the_token(said, options):
    said.introduce(options)
    said.learn(PUSHED, {"token": "pushed"})
    said.learn(PULLED, {"token": "theirs"})
    assert said.is_gitlabs_own
    assert said.resolved.settings.token.reveal() == "pushed"


@pytest.mark.parametrize("options", [None, [], "x", {"extension": "x"}])
def test_others_are_not_believed_to_be(said, options):
    said.introduce(options)
    assert not said.is_gitlabs_own


def test_what_says_nothing_new_leaves_the_very_same_settings(said):
    before = said.resolved
    said.learn(PUSHED, {})
    said.learn(PULLED, {"projectPath": None})
    assert said.resolved is before


def test_who_stays_out_has_no_token_whatever_is_said_meanwhile(said):
    said.introduce({"token": "editor"})
    said.stay_out(out=True)
    said.learn(OPTIONS, {"token": "again"})
    assert not said.resolved.settings.token
    assert said.signed_in().settings.token.reveal() == "again"
    said.stay_out(out=False)
    assert said.resolved.settings.token.reveal() == "again"


@pytest.fixture
def whole(said):
    said.introduce({"token": "first", "baseUrl": "https://a.example", "projectPath": "x"}, {WHOLE: True})
    return said


def test_what_an_editor_pushes_that_tells_them_apart_takes_the_place_of_its_options(whole):
    whole.learn(PUSHED, {"settings": {"duoLsp": {"token": "second", "baseUrl": "https://b.example"}}})
    assert whole.resolved.settings.token.reveal() == "second"
    assert whole.resolved.token_address == "https://b.example"
    assert whole.resolved.settings.project_path == "base"
    whole.learn(PUSHED, {"duoLsp": {}})
    assert whole.resolved.settings.token.reveal() == "from-environment"
    assert whole.resolved.token_address is None


@pytest.mark.parametrize("nothing", [None, [], 7])
def test_what_is_no_settings_takes_nothing_away(whole, nothing):
    before = whole.resolved
    whole.learn(PUSHED, nothing)
    assert whole.resolved is before


@pytest.mark.parametrize("experimental", [None, [], {}, {WHOLE: 1}])
def test_an_editor_that_says_no_such_thing_may_push_what_a_repository_said(said, experimental):
    said.introduce({}, experimental)
    said.learn(PUSHED, {"token": "theirs"})
    assert said.resolved.settings.token.reveal() == "from-environment"


def test_what_is_asked_for_decides_no_token_there_either(whole):
    whole.learn(PULLED, {"token": "theirs"})
    assert whole.resolved.settings.token.reveal() == "first"


def test_who_types_a_token_after_signing_out_is_signed_in(whole):
    whole.stay_out(out=True)
    whole.learn(PUSHED, {"token": "first"})
    assert not whole.resolved.settings.token
    whole.learn(PUSHED, {})
    assert not whole.resolved.settings.token
    whole.learn(PUSHED, {"token": "second"})
    assert whole.resolved.settings.token.reveal() == "second"
