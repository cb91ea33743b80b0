"""Our state in GitLab's words."""

import pytest

from duo_lsp import errors, feature_state, status
from duo_lsp.status import State
from duo_lsp.toggles.switches import Switch


def engaged(state, feature):
    """The ids of the checks that stop a feature."""
    found = {each["featureId"]: each for each in feature_state.features(state)}[feature]
    assert found["engagedChecks"] == [check for check in found["allChecks"] if check["engaged"]]
    return [check["checkId"] for check in found["engagedChecks"]]


@pytest.mark.parametrize("state", [status.READY, status.LOCAL, status.STARTING])
def test_when_all_is_well_no_check_stops_anything(state):
    assert engaged(state, "authentication") == engaged(state, "code_suggestions") == []


@pytest.mark.parametrize(
    ("state", "check"),
    [
        (status.SIGNED_OUT, "authentication-required"),
        (State("signInAgain", "x"), "authentication-required"),
        (State("scopeMissing", "x"), "authentication-required"),
        (status.OFF, "code-suggestions-disabled-by-user"),
        (status.PAUSED, "code-suggestions-disabled-by-user"),
        (State("noSeat", "x"), "code-suggestions-no-license"),
        (State("noCredits", "x"), "code-suggestions-no-credits"),
        (State("noNamespace", "x"), "code-suggestions-no-default-namespace"),
        (State("unsupportedVersion", "x"), "code-suggestions-unsupported-gitlab-version"),
        (State("projectOff", "x"), "duo-disabled-for-project"),
        (status.excluded("x"), "code-suggestions-file-excluded"),
        (status.UNSUPPORTED_LANGUAGE, "code-suggestions-document-unsupported-language"),
        (status.unlisted_language("lua"), "code-suggestions-document-unsupported-language"),
        (status.paused_in(Switch("document", "x", on=False)), "code-suggestions-disabled-by-user"),
        (status.paused_in(Switch("language", "x", on=False)), "code-suggestions-document-disabled-language"),
        (status.DISABLED_LANGUAGE, "code-suggestions-document-disabled-language"),
        (State("offline", "x"), "code-suggestions-api-error"),
        (State("something new", "x"), "code-suggestions-api-error"),
    ],
)
def test_each_state_stops_suggestions_by_exactly_one_check(state, check):
    assert engaged(state, "code_suggestions") == [check]
    assert engaged(state, "authentication") == ([check] if check == "authentication-required" else [])


def test_a_check_that_stops_says_why_and_the_others_nothing():
    state = State("noSeat", "No seat.", "Ask for one.")
    [check] = feature_state.features(state)[1]["engagedChecks"]
    assert check["details"] == "No seat. Ask for one."
    assert all("details" not in each for each in feature_state.features(state)[1]["allChecks"] if not each["engaged"])


@pytest.mark.parametrize(
    ("name", "reason"), [("signInAgain", "not_active"), ("scopeMissing", "invalid_scopes"), ("ready", None)]
)
def test_the_token_check_speaks_only_of_the_token(name, reason):
    said = feature_state.token_check(State(name, "x.", "y."))
    assert said == (None if reason is None else {"reason": reason, "message": "x. y."})


def test_every_error_of_an_instance_is_a_check_that_gitlabs_editors_know():
    known = {check["checkId"] for check in feature_state.features(status.READY)[1]["allChecks"]}
    assert set(feature_state._CHECKS.values()) <= known
    assert engaged(status.of_error(errors.BrokenError(500, "x")), "code_suggestions") == ["code-suggestions-api-error"]
