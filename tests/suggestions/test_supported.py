"""In which languages suggestions come by themselves, which only by hand, and which never."""

from datetime import UTC, datetime

import pytest

from drawn import here
from duo_lsp import status
from duo_lsp.settings import CodeCompletion
from duo_lsp.suggestions import supported
from duo_lsp.suggestions.supported import comes_by_itself, never, not_by_itself
from duo_lsp.toggles.switches import Toggles
from duo_lsp.toggles.wish import ToggleWish

DEFAULT = CodeCompletion()
GITLABS = [
    *("c", "cpp", "csharp", "go", "haml", "handlebars", "java", "javascript", "javascriptreact", "kotlin", "python"),
    *("php", "ruby", "rust", "scala", "shellscript", "sql", "swift", "typescript", "typescriptreact", "svelte"),
    *("terraform", "terragrunt", "vue"),
]


@pytest.fixture
def toggles():
    return Toggles(lambda: datetime(2026, 1, 1, tzinfo=UTC))


def place(language, name="a"):
    return here("import os\n█", language, f"file:///w/{name}")


@pytest.mark.parametrize("language", GITLABS)
def test_gitlabs_own_list_is_on(language, toggles):
    assert comes_by_itself(language, DEFAULT, local=False)
    assert never(place(language), DEFAULT, toggles, local=False) is None
    assert not_by_itself(place(language), DEFAULT, toggles, local=False) is None


@pytest.mark.parametrize("language", ["lua", "yaml", "html", "css", "dockerfile", "markdown", "latex", "brainfuck"])
def test_any_other_is_asked_for_by_hand_only(language, toggles):
    state = not_by_itself(place(language), DEFAULT, toggles, local=False) or status.READY
    assert state.name == "unlistedLanguage"
    assert f"add {language} to codeCompletion.additionalLanguages" in state.remedy
    assert never(place(language), DEFAULT, toggles, local=False) is None


@pytest.mark.parametrize("language", ["lua", "yaml", "html", "json", "brainfuck", *GITLABS])
def test_the_local_engine_learns_any_language_of_programs(language):
    assert comes_by_itself(language, DEFAULT, local=True)


@pytest.mark.parametrize("language", ["markdown", "latex", "restructuredtext", "gitcommit", "plaintext", ""])
def test_prose_is_off_everywhere(language, toggles):
    for local in (True, False):
        assert not comes_by_itself(language, DEFAULT, local=local)
    assert not_by_itself(place(language), DEFAULT, toggles, local=True) is not None


@pytest.mark.parametrize("word", ["markdown", "md", "lua"])
def test_other_languages_can_be_added_by_their_name_or_the_ending_of_their_files(word):
    added = CodeCompletion(additional_languages=(word,))
    assert comes_by_itself(supported.resolved(word), added, local=False)
    assert not comes_by_itself("yaml", added, local=False)


@pytest.mark.parametrize("word", ["python", "py", "sh"])
def test_what_is_disabled_is_never_asked_for_and_that_wins_over_what_is_added(word, toggles):
    language = supported.resolved(word)
    wanted = CodeCompletion(disabled_supported_languages=(word,), additional_languages=(word,))
    assert not comes_by_itself(language, wanted, local=False)
    for local in (True, False):
        assert never(place(language), wanted, toggles, local=local) == status.DISABLED_LANGUAGE


@pytest.mark.parametrize("language", ["plaintext", "text", ""])
def test_where_gitlab_cannot_know_the_language_it_is_never_asked(language, toggles):
    assert never(place(language, "LICENSE"), DEFAULT, toggles, local=False) == status.UNSUPPORTED_LANGUAGE
    assert never(place(language, "LICENSE"), DEFAULT, toggles, local=True) is None


def test_a_name_of_an_editors_own_or_a_files_ending_says_the_language(toggles):
    assert not_by_itself(place("sh"), DEFAULT, toggles, local=False) is None
    assert not_by_itself(place("", "a.rs"), DEFAULT, toggles, local=False) is None


def test_what_a_person_toggles_wins_over_the_settings(toggles):
    wanted = CodeCompletion(disabled_supported_languages=("go",))
    toggles.toggle(ToggleWish("language", "lua"), "", "lua", on=False)
    assert not_by_itself(place("lua"), wanted, toggles, local=False) is None
    toggles.toggle(ToggleWish("language", "go"), "", "go", on=False)
    assert never(place("go"), wanted, toggles, local=False) is None
    assert not_by_itself(place("go"), wanted, toggles, local=False) is None
    toggles.toggle(ToggleWish("language", "python"), "", "python", on=True)
    [switch] = (switch for switch in toggles if switch.name == "python")
    assert never(place("python"), wanted, toggles, local=False) == status.paused_in(switch)
    assert never(place("python"), wanted, None, local=False) is None
    toggles.toggle(ToggleWish("document"), "file:///w/a", "python", on=True)
    assert never(place("python"), wanted, toggles, local=False) is None
